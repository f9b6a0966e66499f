//! Chromaprint: the fingerprint by which sound is recognized after it was encoded again.
//!
//! After Lukáš Lalinský, "How does Chromaprint work?" (2011), with the constants of the second algorithm of
//! Chromaprint 1.5 (MIT license), which `fpcalc` uses: mono sound at 11 025 Hz; spectra of 4096 samples, 1365 apart;
//! the power of each of twelve notes, all octaves together; smoothed over five spectra and brought to the same length.
//! Sixteen filters compare areas of sixteen such rows (by notes and in time), and each gives two bits. So there is an
//! item of 32 bits for each 0.12 s, made of 2.7 s of sound. Filters of this kind are from Ke, Hoiem and Sukthankar,
//! "Computer vision for music identification" (2005). `tests/cli/analysis/fingerprints.rs` compares the items with
//! those of `fpcalc`.
//!
//! The crate `rusty-chromaprint` does the same; it brings a second resampler, and with it takes 38 s to compile.

use std::collections::VecDeque;
use std::f64::consts::TAU;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use crate::analysis::Chromaprint;
use crate::error::Result;
use crate::media::Resampler;

/// Samples of a spectrum.
const SIZE: usize = 4096;
/// Frequencies that count, Hz.
const LOWEST: f64 = 28.0;
const HIGHEST: f64 = 3520.0;
/// The A from which notes are counted, Hz.
const LOWEST_A: f64 = 27.5;
const NOTES: usize = 12;
/// Weights of spectra one after the other.
const SMOOTHING: [f64; 5] = [0.25, 0.75, 1.0, 0.75, 0.25];
/// Rows that an item is made of.
const ROWS: usize = 16;
/// Rows of less power than this are silent.
const SILENT: f64 = 0.01;

/// The power of each note, from A on.
type Notes = [f64; NOTES];

/// Which areas of the rows are compared.
#[derive(Clone, Copy)]
enum Areas {
    /// The whole with nothing.
    Whole,
    /// The upper half of the notes with the lower one.
    Notes,
    /// The later half with the earlier one.
    Times,
    /// Two quarters with the two others.
    Quarters,
    /// The middle third of the notes with the two others.
    MiddleNotes,
    /// The middle third of the time with the two others.
    MiddleTimes,
}

/// Compares areas of `notes` notes from `first` on and of `rows` rows; gives 0 to 3, by three thresholds.
struct Filter {
    areas: Areas,
    first: usize,
    notes: usize,
    rows: usize,
    thresholds: [f64; 3],
}

const fn filter(areas: Areas, [first, notes, rows]: [usize; 3], thresholds: [f64; 3]) -> Filter {
    Filter {
        areas,
        first,
        notes,
        rows,
        thresholds,
    }
}

/// Those of the second algorithm, the one that gives the highest bits first.
const FILTERS: [Filter; 16] = [
    filter(Areas::Whole, [4, 3, 15], [1.98215, 2.35817, 2.63523]),
    filter(
        Areas::MiddleNotes,
        [4, 6, 15],
        [-1.03809, -0.651211, -0.282167],
    ),
    filter(Areas::Notes, [0, 4, 16], [-0.298702, 0.119262, 0.558497]),
    filter(
        Areas::Quarters,
        [8, 2, 12],
        [-0.105439, 0.0153946, 0.135898],
    ),
    filter(Areas::Quarters, [4, 4, 8], [-0.142891, 0.0258736, 0.200632]),
    filter(
        Areas::MiddleNotes,
        [0, 3, 5],
        [-0.826319, -0.590612, -0.368214],
    ),
    filter(Areas::Notes, [2, 2, 9], [-0.557409, -0.233035, 0.0534525]),
    filter(Areas::Times, [7, 3, 4], [-0.0646826, 0.00620476, 0.0784847]),
    filter(Areas::Times, [6, 2, 16], [-0.192387, -0.029699, 0.215855]),
    filter(
        Areas::Times,
        [1, 3, 2],
        [-0.0397818, -0.00568076, 0.0292026],
    ),
    filter(
        Areas::MiddleTimes,
        [10, 1, 15],
        [-0.53823, -0.369934, -0.190235],
    ),
    filter(
        Areas::Quarters,
        [6, 2, 10],
        [-0.124877, 0.0296483, 0.139239],
    ),
    filter(Areas::Times, [1, 1, 14], [-0.101475, 0.0225617, 0.231971]),
    filter(
        Areas::Quarters,
        [5, 6, 4],
        [-0.0799915, -0.00729616, 0.063262],
    ),
    filter(Areas::Notes, [9, 2, 12], [-0.272556, 0.019424, 0.302559]),
    filter(
        Areas::Quarters,
        [4, 2, 14],
        [-0.164292, -0.0321188, 0.0846339],
    ),
];

/// Makes the fingerprint of a mono stream.
pub(super) struct ChromaprintStream {
    resampler: Resampler,
    /// Samples from the beginning of the next spectrum on.
    pending: Vec<f32>,
    window: Vec<f64>,
    transform: Arc<dyn RealToComplex<f64>>,
    input: Vec<f64>,
    output: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    /// The note of each frequency that counts, and the first of these.
    notes: Vec<usize>,
    first: usize,
    /// The last spectra.
    spectra: VecDeque<Notes>,
    /// The last rows.
    rows: VecDeque<Notes>,
    items: Vec<u32>,
}

impl ChromaprintStream {
    pub fn new(rate: u32) -> Result<Self> {
        let transform = RealFftPlanner::<f64>::new().plan_fft_forward(SIZE);
        let bin = |frequency: f64| {
            (SIZE as f64 * frequency / f64::from(Chromaprint::RATE)).round() as usize
        };
        let (first, end) = (bin(LOWEST).max(1), bin(HIGHEST).min(SIZE / 2));
        let window =
            (0..SIZE).map(|at| 0.54 - 0.46 * libm::cos(TAU * at as f64 / (SIZE - 1) as f64));
        Ok(Self {
            resampler: Resampler::new(rate, Chromaprint::RATE, 1)?,
            pending: Vec::new(),
            window: window.collect(),
            input: transform.make_input_vec(),
            output: transform.make_output_vec(),
            scratch: transform.make_scratch_vec(),
            transform,
            notes: (first..end).map(note).collect(),
            first,
            spectra: VecDeque::new(),
            rows: VecDeque::new(),
            items: Vec::new(),
        })
    }

    /// Takes mono samples at the file's rate. After [`Chromaprint::MOST_ITEMS`] they are passed over.
    pub fn push(&mut self, mono: &[f32]) -> Result<()> {
        if self.items.len() >= Chromaprint::MOST_ITEMS {
            return Ok(());
        }
        self.resampler.push(mono, &mut self.pending)?;
        self.take();
        Ok(())
    }

    /// Ends the stream; `None` where it is too short for a single item.
    pub fn finish(mut self) -> Result<Option<Chromaprint>> {
        if self.items.len() < Chromaprint::MOST_ITEMS {
            self.resampler.finish(&mut self.pending)?;
            self.take();
        }
        self.items.truncate(Chromaprint::MOST_ITEMS);
        Ok(Chromaprint::new(self.items))
    }

    fn take(&mut self) {
        let mut start = 0;
        while let Some(samples) = self.pending.get(start..start + SIZE) {
            for ((input, sample), weight) in self.input.iter_mut().zip(samples).zip(&self.window) {
                *input = f64::from(sample.clamp(-1.0, 1.0)) * weight;
            }
            // Fails only for buffers of the wrong length, and the transform made these.
            let _ = self.transform.process_with_scratch(
                &mut self.input,
                &mut self.output,
                &mut self.scratch,
            );
            let mut powers = [0.0; NOTES];
            for (note, value) in self.notes.iter().zip(self.output.iter().skip(self.first)) {
                powers[*note % NOTES] += value.norm_sqr();
            }
            start += Chromaprint::HOP;
            self.spectrum(powers);
        }
        self.pending.drain(..start.min(self.pending.len()));
    }

    fn spectrum(&mut self, powers: Notes) {
        self.spectra.push_back(powers);
        if self.spectra.len() < SMOOTHING.len() {
            return;
        }
        let mut row = [0.0; NOTES];
        for (spectrum, weight) in self.spectra.iter().zip(SMOOTHING) {
            for (sum, power) in row.iter_mut().zip(spectrum) {
                *sum += power * weight;
            }
        }
        self.spectra.pop_front();
        let length = row.iter().map(|power| power * power).sum::<f64>().sqrt();
        let scale = if length < SILENT { 0.0 } else { length.recip() };
        self.rows.push_back(row.map(|power| power * scale));
        if self.rows.len() < ROWS {
            return;
        }
        let item = FILTERS
            .iter()
            .fold(0, |item, filter| item << 2 | filter.of(&self.rows));
        self.items.push(item);
        self.rows.pop_front();
    }
}

/// The note of a frequency of the spectrum: 0 is A.
fn note(bin: usize) -> usize {
    let frequency = bin as f64 * f64::from(Chromaprint::RATE) / SIZE as f64;
    let octave = libm::log2(frequency / LOWEST_A);
    (NOTES as f64 * (octave - octave.floor())) as usize
}

impl Filter {
    /// Two bits, of which neighboring values differ in one.
    fn of(&self, rows: &VecDeque<Notes>) -> u32 {
        let (ends, notes) = ([0, self.rows], [self.first, self.first + self.notes]);
        let sum = |[from, to]: [usize; 2], [first, end]: [usize; 2]| -> f64 {
            let rows = rows.iter().take(to).skip(from);
            rows.flat_map(|row| row.iter().take(end).skip(first)).sum()
        };
        let (halves, thirds) = (self.notes / 2, self.notes / 3);
        let (middle, third) = (self.rows / 2, self.rows / 3);
        let [first, end] = notes;
        let (above, below) = ([first + halves, end], [first, first + halves]);
        let (before, after) = ([0, middle], [middle, self.rows]);
        let (these, others) = match self.areas {
            Areas::Whole => (sum(ends, notes), 0.0),
            Areas::Notes => (sum(ends, above), sum(ends, below)),
            Areas::Times => (sum(after, notes), sum(before, notes)),
            Areas::Quarters => (
                sum(before, above) + sum(after, below),
                sum(before, below) + sum(after, above),
            ),
            Areas::MiddleNotes => (
                sum(ends, [first + thirds, first + 2 * thirds]),
                sum(ends, [first, first + thirds]) + sum(ends, [first + 2 * thirds, end]),
            ),
            Areas::MiddleTimes => (
                sum([third, 2 * third], notes),
                sum([0, third], notes) + sum([2 * third, self.rows], notes),
            ),
        };
        let value = libm::log((1.0 + these) / (1.0 + others));
        match self.thresholds.iter().filter(|it| value >= **it).count() {
            0 => 0b00,
            1 => 0b01,
            2 => 0b11,
            _ => 0b10,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn items(samples: &[f32], rate: u32, piece: usize) -> Vec<u32> {
        let mut stream = ChromaprintStream::new(rate).unwrap();
        for piece in samples.chunks(piece) {
            stream.push(piece).unwrap();
        }
        let print = stream.finish().unwrap();
        print.map_or_else(Vec::new, |print| print.items().to_vec())
    }

    /// Chords that change each half second.
    fn chords(rate: u32, seconds: usize, level: f64) -> Vec<f32> {
        let sample = |at: usize| {
            let time = at as f64 / f64::from(rate);
            let step = (time * 2.0) as usize;
            let note = |degree: usize| 220.0 * libm::exp2(((step * degree * 7) % 24) as f64 / 12.0);
            let sum: f64 = [1, 3, 5]
                .map(|degree| libm::sin(TAU * note(degree) * time))
                .iter()
                .sum();
            (sum * level) as f32
        };
        (0..seconds * rate as usize).map(sample).collect()
    }

    #[test]
    fn items_depend_neither_on_the_pieces_nor_on_the_level() {
        let whole = items(&chords(44_100, 10, 0.2), 44_100, 1 << 20);
        // 78 spectra, of which the first 4 and then 15 have no item of their own.
        assert_eq!(whole.len(), 59);
        assert_eq!(items(&chords(44_100, 10, 0.2), 44_100, 777), whole);
        let quiet = items(&chords(44_100, 10, 0.02), 44_100, 1 << 20);
        let differ: u32 = quiet
            .iter()
            .zip(&whole)
            .map(|(a, b)| (a ^ b).count_ones())
            .sum();
        assert!(differ < 10, "{differ}");
    }

    #[test]
    fn short_sound_has_no_fingerprint_and_silence_says_nothing() {
        assert!(items(&chords(44_100, 2, 0.2), 44_100, 4096).is_empty());
        let silence = items(&vec![0.0; 110_250], 11_025, 4096);
        assert!(silence.len() > 50 && silence.iter().all(|item| *item == silence[0]));
    }
}
