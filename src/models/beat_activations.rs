//! BeatNet, three networks averaged: beat and downbeat activations, 50 a second.

use std::sync::LazyLock;

use crate::error::Result;
use crate::models::Models;
use crate::models::session::NetworkInput;
use crate::models::sound_rates::BEAT_RATE;
use crate::models::spectrum::{FilterBank, PairSpectrum, copy_frame};

/// The networks whose activations are averaged.
const NETWORKS: [&str; 3] = ["beatnet-1", "beatnet-2", "beatnet-3"];
/// Samples from one frame to the next: 20 ms.
const HOP: usize = 441;
/// Samples of a frame: 64 ms.
const FRAME: usize = 1411;
/// Bins of a spectrum that are used.
const BINS: usize = FRAME / 2;
/// Filters of the filter bank, 24 an octave.
const FILTERS: usize = 136;
/// Filtered magnitudes and their rise.
const FEATURES: usize = 2 * FILTERS;
/// Number of filters centered below 120 Hz, and index of the first one above 1500 Hz.
const LOW: usize = 5;
const HIGH: usize = 67;
/// Size of the hidden and of the cell state of a network's two LSTM layers.
const STATE: usize = 2 * 150;
/// Beat, downbeat, neither.
const CLASSES: usize = 3;
/// Frames of one call, 20 s. The state is carried from call to call, so the result does not depend on this.
const BLOCK: usize = 1000;

/// One frame of 20 ms, centered on sample `441 × index`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BeatActivation {
    /// Probability of a beat that is not a downbeat.
    pub beat: f32,
    /// Probability of a downbeat.
    pub downbeat: f32,
    /// Mean rise of the features below 120 Hz, where bass and bass drum begin.
    pub low: f32,
    /// Mean rise of the features above 1500 Hz.
    pub high: f32,
}

/// Triangular filters tuned to 440 Hz, 24 an octave, from 30 to 17000 Hz, each summing to 1 but for [`roll_off`]. Filters
/// whose centers fall on the same bin are merged.
static BANK: LazyLock<FilterBank> = LazyLock::new(|| {
    let hertz = |bin: usize| bin as f64 * f64::from(BEAT_RATE) / (2 * BINS) as f64;
    let first = ((30.0_f64 / 440.0).log2() * 24.0).floor() as i32;
    let last = ((17_000.0_f64 / 440.0).log2() * 24.0).ceil() as i32;
    let mut centers: Vec<usize> = (first..last)
        .map(|step| 440.0 * (f64::from(step) / 24.0).exp2())
        .filter(|frequency| (30.0..=17_000.0).contains(frequency))
        .map(|frequency| {
            let above = (0..BINS)
                .position(|bin| hertz(bin) >= frequency)
                .unwrap_or(BINS);
            let above = above.clamp(1, BINS - 1);
            // The nearest bin; halves round up.
            let lower = frequency - hertz(above - 1) < hertz(above) - frequency;
            if lower { above - 1 } else { above }
        })
        .collect();
    centers.dedup();
    let filter = |corners: &[usize]| {
        let (start, end) = (corners[0], corners[2]);
        // A filter too narrow for a triangle gets one bin.
        let (middle, end) = if end - start < 2 {
            (start, start + 1)
        } else {
            (corners[1], end)
        };
        let rise = (start..middle).map(|bin| (bin - start) as f64 / (middle - start) as f64);
        let fall = (middle..end).map(|bin| 1.0 - (bin - middle) as f64 / (end - middle) as f64);
        let weights: Vec<f64> = rise.chain(fall).collect();
        let sum: f64 = weights.iter().sum();
        let seen = |(bin, weight): (usize, &f64)| weight / sum * roll_off(hertz(bin));
        (start, (start..).zip(&weights).map(seen).collect())
    };
    FilterBank::new(centers.windows(3).map(filter).collect())
});

/// The share of a magnitude at `hertz` that the networks see: the roll-off of a soft resampler, such as their training
/// heard, from 88 % to 106 % of half the rate. Ours keeps everything up to 98.7 %, and what the networks never heard
/// misleads them: two of nineteen tracks were read at half their tempo.
fn roll_off(hertz: f64) -> f64 {
    let nyquist = f64::from(BEAT_RATE) / 2.0;
    let way = ((hertz / nyquist - 0.88) / 0.18).clamp(0.0, 1.0);
    0.5 + 0.5 * (std::f64::consts::PI * way).cos()
}

/// Processes a stream piece by piece. The networks are recurrent, so each sees the whole stream up to now.
pub struct BeatStream {
    features: Features,
    /// Hidden and cell state of each network.
    states: [[Vec<f32>; 2]; NETWORKS.len()],
    /// Samples that later frames need, from sample `first` of the stream on.
    samples: Vec<f32>,
    first: usize,
    /// Index of the next frame.
    next: usize,
    block: usize,
}

impl Default for BeatStream {
    fn default() -> Self {
        Self::in_blocks(BLOCK)
    }
}

impl BeatStream {
    fn in_blocks(block: usize) -> Self {
        Self {
            features: Features::new(),
            states: std::array::from_fn(|_| [vec![0.0; STATE], vec![0.0; STATE]]),
            samples: Vec::new(),
            first: 0,
            next: 0,
            block,
        }
    }

    /// Takes the next samples (mono, [`BEAT_RATE`]) and appends the activations of complete blocks.
    pub fn push(
        &mut self,
        models: &Models,
        samples: &[f32],
        activations: &mut Vec<BeatActivation>,
    ) -> Result<()> {
        self.samples.extend_from_slice(samples);
        while (self.next + self.block - 1) * HOP + FRAME - FRAME / 2 <= self.end() {
            self.hear(models, self.block, activations)?;
        }
        Ok(())
    }

    /// Ends the stream and appends the remaining activations: one for every 441 samples begun.
    pub fn finish(&mut self, models: &Models, activations: &mut Vec<BeatActivation>) -> Result<()> {
        loop {
            let left = self.end().div_ceil(HOP).saturating_sub(self.next);
            if left == 0 {
                return Ok(());
            }
            self.hear(models, left.min(self.block), activations)?;
        }
    }

    fn end(&self) -> usize {
        self.first + self.samples.len()
    }

    fn hear(
        &mut self,
        models: &Models,
        count: usize,
        activations: &mut Vec<BeatActivation>,
    ) -> Result<()> {
        let start = (self.next * HOP) as i64 - (FRAME / 2 + self.first) as i64;
        let numbers = self.features.of(&self.samples, start, count);
        let mut sums = vec![BeatActivation::default(); count];
        for (network, state) in NETWORKS.into_iter().zip(&mut self.states) {
            let shape = [2, 1, STATE / 2];
            let [probabilities, hidden, cell] = models.run(
                network,
                &[
                    NetworkInput::floats("feats", &[1, count, FEATURES], &numbers),
                    NetworkInput::floats("h0", &shape, &state[0]),
                    NetworkInput::floats("c0", &shape, &state[1]),
                ],
                [("probs", count * CLASSES), ("hn", STATE), ("cn", STATE)],
            )?;
            *state = [hidden, cell];
            for (sum, frame) in sums.iter_mut().zip(probabilities.chunks_exact(CLASSES)) {
                sum.beat += frame[0];
                sum.downbeat += frame[1];
            }
        }
        let share = 1.0 / NETWORKS.len() as f32;
        let frames = sums.into_iter().zip(numbers.chunks_exact(FEATURES));
        activations.extend(frames.map(|(sum, numbers)| {
            let rise = &numbers[FILTERS..];
            BeatActivation {
                beat: sum.beat * share,
                downbeat: sum.downbeat * share,
                low: rise[..LOW].iter().sum::<f32>() / LOW as f32,
                high: rise[HIGH..].iter().sum::<f32>() / (FILTERS - HIGH) as f32,
            }
        }));
        self.next += count;
        let needed = (self.next * HOP).saturating_sub(FRAME / 2);
        let gone = needed.saturating_sub(self.first).min(self.samples.len());
        self.samples.drain(..gone);
        self.first += gone;
        Ok(())
    }
}

/// Computes the input of the networks block by block; keeps the last frame, for the rise.
struct Features {
    spectrum: PairSpectrum,
    before: Option<Vec<f32>>,
}

impl Features {
    fn new() -> Self {
        let window = (0..FRAME)
            .map(|at| {
                let turn = std::f64::consts::TAU * at as f64 / (FRAME - 1) as f64;
                0.5 - 0.5 * turn.cos()
            })
            .collect();
        Self {
            spectrum: PairSpectrum::new(window),
            before: None,
        }
    }

    /// For each of the next `count` frames, the first of which begins at sample `start`: log10(filtered magnitude + 1),
    /// followed by the rise of each since the frame before.
    fn of(&mut self, samples: &[f32], start: i64, count: usize) -> Vec<f32> {
        let mut numbers = Vec::with_capacity(count * FEATURES);
        let mut frames = [[0.0; FRAME], [0.0; FRAME]];
        for index in (0..count).step_by(2) {
            for (place, frame) in frames.iter_mut().enumerate() {
                copy_frame(samples, start + ((index + place) * HOP) as i64, frame);
            }
            let [first, second] = &frames;
            let powers = self.spectrum.powers(first, second);
            for power in powers.into_iter().take(count - index) {
                let magnitudes: Vec<f64> = power.into_iter().take(BINS).map(f64::sqrt).collect();
                self.add(&magnitudes, &mut numbers);
            }
        }
        numbers
    }

    fn add(&mut self, magnitudes: &[f64], numbers: &mut Vec<f32>) {
        let filtered: Vec<f32> = BANK
            .through(magnitudes)
            .map(|magnitude| (magnitude + 1.0).log10() as f32)
            .collect();
        numbers.extend_from_slice(&filtered);
        match &self.before {
            Some(before) => {
                let pairs = filtered.iter().zip(before);
                numbers.extend(pairs.map(|(now, before)| (now - before).max(0.0)));
            }
            None => numbers.extend([0.0; FILTERS]),
        }
        self.before = Some(filtered);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn preprocessing_matches_the_reference() {
        assert_eq!(BANK.through(&[1.0; BINS]).count(), FILTERS);
        for name in ["pop120", "waltz150"] {
            let samples = reference_cases::sound(&format!("{name}_22k.flac"));
            let case = reference_cases::case(&format!("beatnet.{name}"));
            let frames = samples.len().div_ceil(HOP);
            let numbers = Features::new().of(&samples, -((FRAME / 2) as i64), frames);
            reference_cases::compare(&case, "feats", &numbers, 0.002, 0.001);
        }
    }

    #[test]
    fn blocks_answer_like_the_whole() {
        let samples = reference_cases::sound("waltz150_22k.flac");
        let (mut stream, mut whole) = (BeatStream::default(), Vec::new());
        stream
            .push(reference_cases::models(), &samples, &mut whole)
            .unwrap();
        stream
            .finish(reference_cases::models(), &mut whole)
            .unwrap();
        let (mut stream, mut blocks) = (BeatStream::in_blocks(37), Vec::new());
        for piece in samples.chunks(5_003) {
            stream
                .push(reference_cases::models(), piece, &mut blocks)
                .unwrap();
        }
        stream
            .finish(reference_cases::models(), &mut blocks)
            .unwrap();
        assert_eq!(whole.len(), blocks.len());
        for (whole, block) in whole.iter().zip(&blocks) {
            assert!(
                (whole.beat - block.beat).abs() < 1e-5,
                "{whole:?} {block:?}"
            );
            assert!(
                (whole.downbeat - block.downbeat).abs() < 1e-5,
                "{whole:?} {block:?}"
            );
        }
    }
}
