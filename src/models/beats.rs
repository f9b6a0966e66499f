//! BeatNet, three networks averaged: beat and downbeat activations, 50 a second.

use std::sync::LazyLock;

use crate::error::Result;
use crate::models::Models;
use crate::models::session::Input;
use crate::models::spectrum::{FilterBank, Spectrum, copy_frame};

const NETWORKS: [&str; 3] = ["beatnet-1", "beatnet-2", "beatnet-3"];
/// Samples a second that it takes.
pub const BEAT_RATE: u32 = 22_050;
const HOP: usize = 441;
const FRAME: usize = 1411;
const BINS: usize = FRAME / 2;
const FILTERS: usize = 136;
/// Filtered magnitudes and their rise.
const FEATURES: usize = 2 * FILTERS;
/// Filters whose middle lies below 120 Hz, and the first above 1500 Hz.
const LOW: usize = 5;
const HIGH: usize = 67;
/// Numbers of the hidden and of the cell state of a network's two LSTM layers.
const STATE: usize = 2 * 150;
/// Beat, downbeat, neither.
const CLASSES: usize = 3;
/// Frames of one call; the state goes on from call to call, so the length of a block does not matter.
const BLOCK: usize = 3000;

/// One frame of 20 ms, centered on sample `441 × index`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BeatActivation {
    /// A beat that is no downbeat.
    pub beat: f32,
    /// A downbeat.
    pub downbeat: f32,
    /// How much rises below 120 Hz, where bass and bass drum begin: mean over the filters, as the networks hear it.
    pub low: f32,
    /// How much rises above 1500 Hz, likewise.
    pub high: f32,
}

/// Triangles tuned to 440 Hz, 24 an octave, from 30 to 17000 Hz, each summing to 1; those whose centers fall on the
/// same bin are merged.
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
            // The nearest bin; halfway goes up.
            let lower = frequency - hertz(above - 1) < hertz(above) - frequency;
            if lower { above - 1 } else { above }
        })
        .collect();
    centers.dedup();
    let filter = |corners: &[usize]| {
        let (start, end) = (corners[0], corners[2]);
        // Too narrow for a triangle: one bin.
        let (middle, end) = if end - start < 2 {
            (start, start + 1)
        } else {
            (corners[1], end)
        };
        let rise = (start..middle).map(|bin| (bin - start) as f64 / (middle - start) as f64);
        let fall = (middle..end).map(|bin| 1.0 - (bin - middle) as f64 / (end - middle) as f64);
        let weights: Vec<f64> = rise.chain(fall).collect();
        let sum: f64 = weights.iter().sum();
        (start, weights.iter().map(|weight| weight / sum).collect())
    };
    FilterBank::new(centers.windows(3).map(filter).collect())
});

impl Models {
    /// Activations of a whole sound (mono, [`BEAT_RATE`]), one for every 441 samples begun.
    pub fn beat_activations(&self, samples: &[f32]) -> Result<Vec<BeatActivation>> {
        let (mut listener, mut activations) = (self.beat_listener(), Vec::new());
        listener.push(samples, &mut activations)?;
        listener.finish(&mut activations)?;
        Ok(activations)
    }

    /// Begins to hear a stream.
    pub fn beat_listener(&self) -> BeatListener<'_> {
        BeatListener::in_blocks(self, BLOCK)
    }
}

/// Hears a stream of sound in bounded memory and answers as if it had heard it whole: the networks look back only, and what
/// they remember goes on from block to block.
pub struct BeatListener<'a> {
    models: &'a Models,
    features: Features,
    /// Of each network the hidden and the cell state.
    states: [[Vec<f32>; 2]; NETWORKS.len()],
    /// What frames to come reach back to.
    samples: Vec<f32>,
    /// Place of `samples[0]` in the stream.
    first: usize,
    /// The next frame.
    next: usize,
    /// Frames that are heard at once.
    block: usize,
}

impl<'a> BeatListener<'a> {
    fn in_blocks(models: &'a Models, block: usize) -> Self {
        Self {
            models,
            features: Features::new(),
            states: std::array::from_fn(|_| [vec![0.0; STATE], vec![0.0; STATE]]),
            samples: Vec::new(),
            first: 0,
            next: 0,
            block,
        }
    }

    /// Takes the next samples (mono, [`BEAT_RATE`]) and appends the activations that are known by now.
    pub fn push(&mut self, samples: &[f32], activations: &mut Vec<BeatActivation>) -> Result<()> {
        self.samples.extend_from_slice(samples);
        let heard = self.first + self.samples.len();
        // The last frame of a block must not reach beyond what was heard.
        while (self.next + self.block - 1) * HOP + FRAME.div_ceil(2) <= heard {
            self.hear(self.block, activations)?;
        }
        Ok(())
    }

    /// Takes the end of the stream; in all there is an activation for every 441 samples begun.
    pub fn finish(&mut self, activations: &mut Vec<BeatActivation>) -> Result<()> {
        let frames = (self.first + self.samples.len()).div_ceil(HOP);
        while self.next < frames {
            self.hear(self.block.min(frames - self.next), activations)?;
        }
        Ok(())
    }

    fn hear(&mut self, count: usize, activations: &mut Vec<BeatActivation>) -> Result<()> {
        let frames = self.next..self.next + count;
        let numbers = self.features.of(&self.samples, self.first, frames);
        let mut sums = vec![BeatActivation::default(); count];
        for (network, state) in NETWORKS.into_iter().zip(&mut self.states) {
            let shape = [2, 1, STATE / 2];
            let [probabilities, hidden, cell] = self.models.run(
                network,
                &[
                    Input::floats("feats", &[1, count, FEATURES], &numbers),
                    Input::floats("h0", &shape, &state[0]),
                    Input::floats("c0", &shape, &state[1]),
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
        let reach = (self.next * HOP).saturating_sub(FRAME / 2);
        let done = reach.saturating_sub(self.first).min(self.samples.len());
        self.samples.drain(..done);
        self.first += done;
        Ok(())
    }
}

/// Makes the networks' input block by block; remembers the frame before, for the rise.
struct Features {
    spectrum: Spectrum,
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
            spectrum: Spectrum::new(window, FRAME),
            before: None,
        }
    }

    /// For each of the next frames log10(filtered magnitude + 1), then by how much each rose. `samples` begin at place
    /// `first` of the stream.
    fn of(&mut self, samples: &[f32], first: usize, frames: std::ops::Range<usize>) -> Vec<f32> {
        let mut numbers = Vec::with_capacity(frames.len() * FEATURES);
        let mut frame = [0.0; FRAME];
        for index in frames {
            let start = (index * HOP) as i64 - (FRAME / 2) as i64 - first as i64;
            copy_frame(samples, start, &mut frame);
            let power = self.spectrum.power(&frame);
            let magnitudes: Vec<f64> = power.take(BINS).map(f64::sqrt).collect();
            let filtered: Vec<f32> = BANK
                .through(&magnitudes)
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
        numbers
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::golden;

    #[test]
    fn preprocessing_matches_the_reference() {
        assert_eq!(BANK.through(&[1.0; BINS]).count(), FILTERS);
        for name in ["pop120", "waltz150"] {
            let samples = golden::sound(&format!("{name}_22k.flac"));
            let case = golden::case(&format!("beatnet.{name}"));
            let frames = samples.len().div_ceil(HOP);
            let numbers = Features::new().of(&samples, 0, 0..frames);
            golden::compare(&case, "feats", &numbers, 0.002, 0.001);
        }
    }

    fn heard(samples: &[f32], block: usize, piece: usize) -> Vec<BeatActivation> {
        let models = golden::models();
        let mut listener = BeatListener::in_blocks(models, block);
        let mut activations = Vec::new();
        for part in samples.chunks(piece) {
            listener.push(part, &mut activations).unwrap();
            assert!(listener.samples.len() <= block * HOP + FRAME + piece);
        }
        listener.finish(&mut activations).unwrap();
        activations
    }

    #[test]
    fn blocks_answer_like_the_whole() {
        let samples = golden::sound("waltz150_22k.flac");
        let whole = heard(&samples, samples.len(), samples.len());
        assert_eq!(whole.len(), samples.len().div_ceil(HOP));
        for (block, piece) in [(37, 1000), (100, 50_000), (1, 44_100)] {
            let blocks = heard(&samples, block, piece);
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
}
