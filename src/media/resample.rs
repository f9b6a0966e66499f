//! Band-limited resampling of streamed sound (rubato).
//!
//! A synchronous FFT resampler: blocks of sound are transformed, cut off below the lower Nyquist frequency by a
//! windowed sinc (Blackman-Harris squared) as long as a block, and transformed back at the other rate. Its delay is a
//! whole number of samples on both sides, because blocks have an even number of samples, so it can be taken out
//! exactly.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

use crate::error::{Error, Result};
use crate::hint::Hint;

/// Highest rate and most channels that are supported.
const MOST_RATE: u32 = 768_000;
const MOST_CHANNELS: u16 = 64;
/// A block at the lower rate: the longer, the closer the cutoff to its Nyquist frequency (98.7 % here).
const LEAST_BLOCK: u32 = 1024;
/// A block at the higher rate is not made longer than this for the sake of the lower.
const MOST_BLOCK: u32 = 1 << 20;
/// What the transforms of all channels may hold together; met only by two high rates that share no divisor.
const MOST_SAMPLES: u64 = 1 << 26;

/// Turns blocks at one rate into blocks at another; its delay is taken out, so sample times stay true.
pub struct Resampler {
    from: u32,
    to: u32,
    channels: usize,
    /// `None` where the rates are equal.
    /// In double precision, like every transform of this program.
    engine: Option<Fft<f64>>,
    /// Interleaved samples that do not fill a block yet.
    waiting: Vec<f64>,
    block_out: Vec<f64>,
    taken: u64,
    given: u64,
    /// Samples a channel that come out before the first one that counts.
    delay: u64,
}

impl Resampler {
    /// From `from` to `to` samples a second, `channels` interleaved. Fails with `Usage` for rates outside 1..768000
    /// and channels outside 1..64.
    pub fn new(from: u32, to: u32, channels: u16) -> Result<Self> {
        let rates = 1..=MOST_RATE;
        if !rates.contains(&from)
            || !rates.contains(&to)
            || !(1..=MOST_CHANNELS).contains(&channels)
        {
            return Err(refused(from, to, channels, "out of range"));
        }
        let (block_in, block_out) = block(from, to);
        let channels_wide = u64::from(channels);
        if from != to && (u64::from(block_in) + u64::from(block_out)) * channels_wide > MOST_SAMPLES
        {
            return Err(refused(from, to, channels, "too much for one block"));
        }
        let channels = usize::from(channels);
        let engine = if from == to {
            None
        } else {
            let engine = Fft::new(
                from as usize,
                to as usize,
                block_in as usize,
                channels,
                FixedSync::Both,
            )
            .map_err(|error| refused(from, to, channels as u16, &error.to_string()))?;
            Some(engine)
        };
        let frames_out = engine
            .as_ref()
            .map_or(0, |engine| engine.output_frames_max());
        let delay = engine.as_ref().map_or(0, |engine| engine.output_delay());
        Ok(Self {
            from,
            to,
            channels,
            engine,
            waiting: Vec::new(),
            block_out: vec![0.0; frames_out * channels],
            taken: 0,
            given: 0,
            delay: delay as u64,
        })
    }

    /// Takes interleaved samples and appends what is ready to `out`.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<()> {
        self.taken += (samples.len() / self.channels) as u64;
        if self.engine.is_none() {
            self.given = self.taken;
            out.extend_from_slice(samples);
            return Ok(());
        }
        self.waiting
            .extend(samples.iter().map(|&sample| f64::from(sample)));
        self.run(out, None)
    }

    /// Appends the rest; all in all `round(input × to / from)` samples a channel come out. What is pushed afterwards
    /// is a new stream.
    pub fn finish(&mut self, out: &mut Vec<f32>) -> Result<()> {
        let due = (u128::from(self.taken) * u128::from(self.to) * 2 + u128::from(self.from))
            / (u128::from(self.from) * 2);
        let due = u64::try_from(due).unwrap_or(u64::MAX);
        self.run(out, Some(due))?;
        self.reset();
        Ok(())
    }

    /// Discards everything that was pushed.
    pub(super) fn reset(&mut self) {
        self.waiting.clear();
        self.taken = 0;
        self.given = 0;
        if let Some(engine) = &mut self.engine {
            engine.reset();
            self.delay = engine.output_delay() as u64;
        }
    }

    /// How many samples a channel go into one transform, and how many come out. A stream that starts a whole number
    /// of blocks later gives the same samples to the bit from its second block on.
    pub(super) fn block(&self) -> (u32, u32) {
        if self.engine.is_some() {
            block(self.from, self.to)
        } else {
            (1, 1)
        }
    }

    /// Transforms whole blocks; with `due`, goes on with silence until that many samples a channel are out.
    fn run(&mut self, out: &mut Vec<f32>, due: Option<u64>) -> Result<()> {
        let Some(engine) = &mut self.engine else {
            return Ok(());
        };
        let failed = |error: String| refused(self.from, self.to, self.channels as u16, &error);
        let block_in = engine.input_frames_next();
        let block_samples = block_in * self.channels;
        let mut used = 0;
        loop {
            if let Some(due) = due {
                if self.given >= due {
                    break;
                }
                let missing = (used + block_samples).saturating_sub(self.waiting.len());
                self.waiting.extend(std::iter::repeat_n(0.0, missing));
            }
            let Some(block) = self.waiting.get(used..used + block_samples) else {
                break;
            };
            used += block_samples;
            let frames_out = self.block_out.len() / self.channels;
            let input = InterleavedSlice::new(block, self.channels, block_in)
                .map_err(|error| failed(error.to_string()))?;
            let mut output =
                InterleavedSlice::new_mut(&mut self.block_out, self.channels, frames_out)
                    .map_err(|error| failed(error.to_string()))?;
            let (_, made) = engine
                .process_into_buffer(&input, &mut output, None)
                .map_err(|error| failed(error.to_string()))?;
            let late = self.delay.min(made as u64);
            self.delay -= late;
            let mut count = made as u64 - late;
            if let Some(due) = due {
                count = count.min(due - self.given);
            }
            self.given += count;
            let first = late as usize * self.channels;
            let end = first + count as usize * self.channels;
            let ready = self.block_out.get(first..end).unwrap_or_default();
            out.extend(ready.iter().map(|&sample| sample as f32));
        }
        self.waiting.drain(..used);
        Ok(())
    }
}

/// The smallest even block of both rates that is long enough at the lower one, but not endless at the higher.
fn block(from: u32, to: u32) -> (u32, u32) {
    let divisor = greatest_common_divisor(from, to).max(1);
    let (unit_in, unit_out) = (from / divisor, to / divisor);
    let wanted = LEAST_BLOCK.div_ceil(unit_in.min(unit_out).max(1));
    let affordable = MOST_BLOCK / unit_in.max(unit_out).max(1);
    let units = wanted.min(affordable).max(1);
    let units = units + units % 2;
    (unit_in * units, unit_out * units)
}

fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn refused(from: u32, to: u32, channels: u16, why: &str) -> Error {
    Error::Usage {
        what: format!(
            "sound with {channels} channels cannot be resampled from {from} to {to} Hz: {why}"
        ),
        hint: Hint::LimitSound,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::f64::consts::TAU;

    fn sine(rate: u32, frequency: f64, frames: usize) -> Vec<f32> {
        (0..frames)
            .map(|n| (TAU * frequency * n as f64 / f64::from(rate)).sin() as f32 * 0.5)
            .collect()
    }

    fn resampled(from: u32, to: u32, samples: &[f32], chunk: usize) -> Vec<f32> {
        let mut resampler = Resampler::new(from, to, 1).unwrap();
        let mut out = Vec::new();
        for part in samples.chunks(chunk) {
            resampler.push(part, &mut out).unwrap();
        }
        resampler.finish(&mut out).unwrap();
        out
    }

    /// The same sine at the other rate, sample for sample: no delay, and noise 80 dB below.
    #[test]
    fn a_sine_stays_where_it_is() {
        for (from, to) in [
            (44_100, 16_000),
            (44_100, 22_050),
            (48_000, 44_100),
            (22_050, 48_000),
            (8_000, 44_100),
            (44_101, 48_000),
            (96_000, 16_000),
        ] {
            let frames = from as usize * 2;
            for share in [0.01, 0.2, 0.8] {
                let frequency = f64::from(from.min(to)) / 2.0 * share;
                let out = resampled(from, to, &sine(from, frequency, frames), 1000);
                let wanted = sine(to, frequency, to as usize * 2);
                assert_eq!(out.len(), wanted.len());
                // The ends ring, as the sound begins and breaks off at once there.
                let edge = to as usize / 4;
                let middle = edge..out.len() - edge;
                let power: f64 = wanted[middle.clone()]
                    .iter()
                    .map(|s| f64::from(*s).powi(2))
                    .sum();
                let noise: f64 = middle
                    .map(|at| (f64::from(out[at]) - f64::from(wanted[at])).powi(2))
                    .sum();
                let ratio = 10.0 * (power / noise).log10();
                assert!(ratio > 80.0, "{from} to {to} at {frequency} Hz: {ratio} dB");
            }
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_gone() {
        let out = resampled(44_100, 16_000, &sine(44_100, 9_000.0, 88_200), 4096);
        let loudest = out[4000..28_000]
            .iter()
            .fold(0.0f32, |most, sample| most.max(sample.abs()));
        assert!(loudest < 0.5e-4, "{loudest}");
    }

    #[test]
    fn the_count_is_exact_and_chunks_make_no_difference() {
        for frames in [0, 1, 7, 440, 441, 1023, 44_100, 50_001] {
            let samples = sine(44_100, 440.0, frames);
            let whole = resampled(44_100, 16_000, &samples, frames.max(1));
            let wanted = (frames as f64 * 16_000.0 / 44_100.0).round() as usize;
            assert_eq!(whole.len(), wanted, "{frames}");
            for chunk in [1, 100, 1152] {
                assert!(resampled(44_100, 16_000, &samples, chunk) == whole);
            }
        }
    }

    #[test]
    fn equal_rates_change_nothing_and_absurd_ones_are_refused() {
        let samples = sine(48_000, 440.0, 5000);
        assert!(resampled(48_000, 48_000, &samples, 77) == samples);
        for (from, to, channels) in [(0, 1, 1), (1, 0, 1), (768_001, 1, 1), (1, 1, 0), (1, 1, 65)] {
            assert!(Resampler::new(from, to, channels).is_err());
        }
        assert!(Resampler::new(767_999, 768_000, 64).is_err());
        assert!(Resampler::new(1, 768_000, 1).is_ok());
    }
}
