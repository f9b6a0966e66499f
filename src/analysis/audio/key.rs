//! The musical key: the strength of each note (chroma), and the key whose profile correlates best with it.
//!
//! Chroma mostly follows Gómez, "Tonal Description of Music Audio Signals" (2006): spectral peaks, with frequencies
//! refined by interpolation, folded into one octave. The tuning is the mean deviation of the peaks from the nearest
//! semitone. The profiles are those of Temperley, "What's Key for Key?" (Music Perception 17, 1999).

use super::spectrogram::Spectrogram;
use crate::analysis::{Key, Span};
use crate::models::BEAT_RATE;

/// Samples of a spectrum: 0.37 s, bins of 2.7 Hz, which separates neighboring notes from about 65 Hz up.
const SIZE: usize = 8192;
/// Samples from one frame to the next: 10 frames a second.
const HOP: usize = BEAT_RATE as usize / 10;
/// Frames a second.
const RATE: f64 = 10.0;
/// Chroma bins an octave, five a semitone; bin 0 is A.
const BINS: usize = 60;
/// Lowest peak that counts, Hz: below, the bins are wider than a semitone.
const LOWEST: f64 = 65.0;
/// Highest peak that counts, Hz: above, there are only overtones.
const HIGHEST: f64 = 2100.0;
/// Peaks weaker than this share of the frame's strongest are noise.
const WEAKEST: f32 = 0.02;

/// Temperley's profiles: the weight of each semitone, from the tonic up, in major and in minor keys.
const MAJOR: [f64; 12] = [5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0];
const MINOR: [f64; 12] = [5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0];
const NOTES: [&str; 12] = [
    "A", "A#", "B", "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#",
];

/// Shares of the third and fifth harmonic (a fifth and a major third above the note) that count for the note itself, so
/// that overtones do not pull towards the dominant. Gómez weights harmonics in the same way.
const FIFTH: f64 = 0.5;
const THIRD: f64 = 0.25;

/// Correlation with the best profile up to which the confidence is 0.
const UNLIKE: f64 = 0.5;
/// Correlation, and its lead over the next key, at which the confidence is 1.
const LIKE: f64 = 0.9;
const LEAD: f64 = 0.15;

/// Collects chroma of a mono stream at [`BEAT_RATE`].
pub(super) struct Chroma {
    stft: Spectrogram,
    folded: PitchClassBins,
}

#[derive(Default)]
struct PitchClassBins {
    frames: Vec<[f32; BINS]>,
    /// Circular sum (cosine, sine) of the peaks' deviations from the semitones of A4 = 440 Hz.
    tuning: (f64, f64),
}

impl Chroma {
    pub fn new() -> Self {
        Self {
            stft: Spectrogram::new(SIZE, HOP),
            folded: PitchClassBins::default(),
        }
    }

    pub fn push(&mut self, samples: &[f32]) {
        self.stft
            .push(samples, |magnitudes| self.folded.add(magnitudes));
    }

    pub fn finish(&mut self) {
        self.stft.finish(|magnitudes| self.folded.add(magnitudes));
    }

    /// Strength of the 12 notes, from A, between two times in seconds, corrected for tuning; all 0 without tones.
    pub fn notes(&self, start: f64, end: f64) -> [f64; 12] {
        let frames = &self.folded.frames;
        let first = ((start * RATE).round().max(0.0) as usize).min(frames.len());
        let last = ((end * RATE).round().max(0.0) as usize).clamp(first, frames.len());
        let mut bins = [0f64; BINS];
        for frame in &frames[first..last] {
            for (sum, value) in bins.iter_mut().zip(frame) {
                *sum += f64::from(*value);
            }
        }
        self.folded.tuned(&bins)
    }

    /// The key of the sound within `spans`; `None` where it is not tonal.
    pub fn key(&self, spans: &[Span]) -> Option<Key> {
        let mut notes = [0f64; 12];
        for span in spans {
            for (sum, value) in notes.iter_mut().zip(self.notes(span.start, span.end)) {
                *sum += value;
            }
        }
        best_key(&notes).map(|key| Key {
            tuning_cents: self.folded.tuning() * 100.0,
            ..key
        })
    }
}

impl PitchClassBins {
    /// How far the notes lie from those of A4 = 440 Hz, in semitones, -0.5..0.5.
    fn tuning(&self) -> f64 {
        self.tuning.1.atan2(self.tuning.0) / std::f64::consts::TAU
    }

    fn add(&mut self, magnitudes: &[f32]) {
        let mut bins = [0f32; BINS];
        let hertz = f64::from(BEAT_RATE) / SIZE as f64;
        let from = (LOWEST / hertz) as usize;
        let until = ((HIGHEST / hertz) as usize).min(magnitudes.len().saturating_sub(1));
        let range = &magnitudes[from..until];
        let strongest = range.iter().copied().fold(0f32, f32::max);
        if strongest <= 1e-4 {
            self.frames.push(bins);
            return;
        }
        for bin in from.max(1)..until {
            let (before, top, after) = (magnitudes[bin - 1], magnitudes[bin], magnitudes[bin + 1]);
            if top <= before || top < after || top < strongest * WEAKEST {
                continue;
            }
            let log = |value: f32| f64::from(value.max(1e-9)).ln();
            let (left, middle, right) = (log(before), log(top), log(after));
            let curve = left - 2.0 * middle + right;
            let shift = if curve < 0.0 {
                0.5 * (left - right) / curve
            } else {
                0.0
            };
            let frequency = (bin as f64 + shift.clamp(-0.5, 0.5)) * hertz;
            let semitones = 12.0 * (frequency / 440.0).log2();
            // The square root keeps one loud partial from deciding alone.
            let weight = (top / strongest).sqrt();
            let turn = std::f64::consts::TAU * semitones;
            self.tuning.0 += f64::from(weight) * turn.cos();
            self.tuning.1 += f64::from(weight) * turn.sin();
            let place = (semitones / 12.0).rem_euclid(1.0) * BINS as f64;
            bins[place.round() as usize % BINS] += weight;
        }
        self.frames.push(bins);
    }

    /// Folds the fine bins into twelve notes, shifted by the tuning.
    fn tuned(&self, bins: &[f64; BINS]) -> [f64; 12] {
        let fine = BINS / 12;
        let deviation = self.tuning() * fine as f64;
        let mut notes = [0f64; 12];
        for (bin, value) in bins.iter().enumerate() {
            let place = (bin as f64 - deviation) / fine as f64;
            // Triangular weight: 1 at the note, 0 half a semitone away.
            let note = place.round();
            let weight = 1.0 - 2.0 * (place - note).abs();
            notes[note.rem_euclid(12.0) as usize % 12] += value * weight.max(0.0);
        }
        notes
    }
}

/// The key whose profile correlates best with `notes` (from A).
fn best_key(notes: &[f64; 12]) -> Option<Key> {
    let notes: [f64; 12] = std::array::from_fn(|note| {
        notes[note] + FIFTH * notes[(note + 7) % 12] + THIRD * notes[(note + 4) % 12]
    });
    let mut candidates: Vec<(f64, usize, &str)> = Vec::new();
    for (mode, profile) in [("major", &MAJOR), ("minor", &MINOR)] {
        for tonic in 0..12 {
            let turned: [f64; 12] = std::array::from_fn(|note| notes[(note + tonic) % 12]);
            candidates.push((correlation(&turned, profile)?, tonic, mode));
        }
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (best, tonic, mode) = *candidates.first()?;
    let (next, _, _) = *candidates.get(1)?;
    if best < UNLIKE {
        return None;
    }
    let likeness = ((best - UNLIKE) / (LIKE - UNLIKE)).clamp(0.0, 1.0);
    let lead = ((best - next) / LEAD).clamp(0.0, 1.0);
    Some(Key {
        tonic: NOTES[tonic].to_owned(),
        mode: mode.to_owned(),
        confidence: (likeness * (0.5 + 0.5 * lead)).clamp(0.0, 1.0),
        tuning_cents: 0.0,
    })
}

/// Pearson's correlation; `None` when one side is constant.
fn correlation(a: &[f64; 12], b: &[f64; 12]) -> Option<f64> {
    let mean = |values: &[f64; 12]| values.iter().sum::<f64>() / 12.0;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut cross, mut square_a, mut square_b) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (x - mean_a, y - mean_b);
        cross += x * y;
        square_a += x * x;
        square_b += y * y;
    }
    let scale = (square_a * square_b).sqrt();
    (scale > 1e-9).then(|| cross / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chords given as semitones from A4, one second each, with four overtones, on a tuning other than 440 Hz.
    fn chords(chords: &[[i32; 3]], a4: f64) -> Chroma {
        let mut chroma = Chroma::new();
        for chord in chords {
            let samples: Vec<f32> = (0..BEAT_RATE)
                .map(|index| {
                    let time = f64::from(index) / f64::from(BEAT_RATE);
                    let mut sum = 0.0;
                    for note in chord {
                        for overtone in 1..=4 {
                            let hertz = a4 * (f64::from(*note) / 12.0).exp2() * f64::from(overtone);
                            sum += (std::f64::consts::TAU * hertz * time).sin()
                                / f64::from(overtone * overtone);
                        }
                    }
                    (sum * 0.1) as f32
                })
                .collect();
            chroma.push(&samples);
        }
        chroma.finish();
        chroma
    }

    fn named(chroma: &Chroma) -> Option<(String, String)> {
        let key = chroma.key(&[Span {
            start: 0.0,
            end: 60.0,
        }])?;
        Some((key.tonic, key.mode))
    }

    #[test]
    fn cadences_tell_their_key() {
        // C F G C, in three tunings.
        let cadence = [[3, 7, 10], [8, 12, 15], [10, 14, 17], [3, 7, 10]];
        for a4 in [428.0, 440.0, 452.0] {
            let heard = chords(&cadence, a4);
            assert_eq!(named(&heard), Some(("C".into(), "major".into())), "{a4}");
            let all = Span {
                start: 0.0,
                end: 60.0,
            };
            let tuning = heard.key(&[all]).unwrap().tuning_cents;
            let wanted = 1200.0 * (a4 / 440.0f64).log2();
            assert!((tuning - wanted).abs() < 5.0, "{tuning} for {wanted}");
        }
        // A minor, D minor, E major, A minor.
        let minor = [[0, 3, 7], [5, 8, 12], [7, 11, 14], [0, 3, 7]];
        assert_eq!(
            named(&chords(&minor, 440.0)),
            Some(("A".into(), "minor".into()))
        );
    }

    #[test]
    fn silence_and_noise_have_no_key() {
        let mut silent = Chroma::new();
        silent.push(&vec![0.0; 44_100]);
        silent.finish();
        assert_eq!(named(&silent), None);

        let mut noisy = Chroma::new();
        let mut state = 1u32;
        let noise: Vec<f32> = (0..BEAT_RATE * 20)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / (1 << 24) as f32 - 0.5
            })
            .collect();
        noisy.push(&noise);
        noisy.finish();
        let key = noisy.key(&[Span {
            start: 0.0,
            end: 20.0,
        }]);
        assert!(key.is_none_or(|key| key.confidence < 0.35));
    }
}
