//! How loud the sound of a file is, every 10 ms, without what lies below any voice; and, where that was listened for, how
//! its voice sounds.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};
use std::path::Path;

use crate::edit::talk::held_sounds::{VoiceMoment, voice_moments};
use crate::error::{Error, Result};
use crate::media::{Channels, Limits, SoundReader, SoundRequest};
use crate::task::Task;

/// Levels a second.
const LEVELS_A_SECOND: u64 = 100;
/// Frequency below which nothing counts, in Hz: hum and rumble are below the lowest voice.
const LOWEST: f64 = 80.0;
/// Level of digital silence, dBFS.
const NOTHING: f32 = -120.0;

/// The level of a file's sound over time, in dBFS.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VoiceLevels {
    levels: Vec<f32>,
    /// Empty where nobody listened.
    moments: Vec<VoiceMoment>,
}

impl VoiceLevels {
    /// Measures a file. One that breaks off has the levels up to there.
    ///
    /// Fails like [`SoundReader::open`], and when the task is cancelled.
    pub fn read(path: &Path, limits: &Limits, task: &Task) -> Result<Self> {
        let request = SoundRequest {
            rate: None,
            channels: Channels::Mono,
        };
        let mut reader = SoundReader::open(path, limits, request)?;
        let mut meter = Meter::new(reader.format().rate);
        loop {
            task.check()?;
            match reader.next_block() {
                Ok(Some(block)) => meter.push(&block.samples),
                Ok(None) | Err(Error::BreaksOff { .. }) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(Self {
            levels: meter.levels,
            moments: Vec::new(),
        })
    }

    /// Levels that were measured elsewhere, one every 10 ms.
    pub fn new(levels: Vec<f32>) -> Self {
        Self {
            levels,
            moments: Vec::new(),
        }
    }

    /// Listens to the voice as well, which finds held sounds.
    ///
    /// Fails like [`Self::read`].
    pub fn listen(self, path: &Path, limits: &Limits, task: &Task) -> Result<Self> {
        Ok(self.with_moments(voice_moments(path, limits, task)?))
    }

    /// With moments that were heard elsewhere, one every 10 ms.
    pub fn with_moments(self, moments: Vec<VoiceMoment>) -> Self {
        Self { moments, ..self }
    }

    /// All levels, one every 10 ms.
    pub(in crate::edit) fn all(&self) -> &[f32] {
        &self.levels
    }

    /// The levels between two seconds.
    pub(super) fn between(&self, start: f64, end: f64) -> &[f32] {
        let (start, end) = (Self::place(start), Self::place(end));
        self.levels
            .get(start.min(self.levels.len())..end.clamp(start, self.levels.len().max(start)))
            .unwrap_or_default()
    }

    /// How the voice sounds between two seconds; empty where nobody listened.
    pub(super) fn moments_between(&self, start: f64, end: f64) -> &[VoiceMoment] {
        let (start, end) = (Self::place(start), Self::place(end));
        self.moments.get(start..end).unwrap_or_default()
    }

    /// The second at which level `place` begins.
    pub(in crate::edit) fn time(place: usize) -> f64 {
        place as f64 / LEVELS_A_SECOND as f64
    }

    /// The level that begins nearest to a second.
    pub(super) fn place(seconds: f64) -> usize {
        (seconds.max(0.0) * LEVELS_A_SECOND as f64).round() as usize
    }
}

/// The level below which the share `rank` (0..1) of `levels` lies; `None` of none.
pub(super) fn percentile(levels: &[f32], rank: f64) -> Option<f32> {
    let mut sorted = levels.to_vec();
    sorted.sort_by(f32::total_cmp);
    let place = (sorted.len() as f64 * rank) as usize;
    sorted.get(place.min(sorted.len().checked_sub(1)?)).copied()
}

/// Measures samples as they come.
struct Meter {
    rate: u64,
    filter: HighPass,
    samples: u64,
    sum: f64,
    count: u64,
    levels: Vec<f32>,
}

impl Meter {
    fn new(rate: u32) -> Self {
        Self {
            rate: u64::from(rate.max(1)),
            filter: HighPass::new(f64::from(rate.max(1))),
            samples: 0,
            sum: 0.0,
            count: 0,
            levels: Vec::new(),
        }
    }

    fn push(&mut self, samples: &[f32]) {
        for sample in samples {
            let sample = f64::from(*sample);
            let heard = self
                .filter
                .next(if sample.is_finite() { sample } else { 0.0 });
            self.sum += heard * heard;
            self.count += 1;
            self.samples += 1;
            // Counting from the start keeps levels from drifting where 100 does not divide the rate.
            if self.samples * LEVELS_A_SECOND / self.rate > self.levels.len() as u64 {
                let power = self.sum / self.count as f64;
                let level = 10.0 * (power + 1e-12).log10();
                self.levels.push((level as f32).max(NOTHING));
                (self.sum, self.count) = (0.0, 0);
            }
        }
    }
}

/// A Butterworth high pass of second order (the bilinear transform of its analog prototype).
struct HighPass {
    gain: f64,
    feedback: [f64; 2],
    inputs: [f64; 2],
    outputs: [f64; 2],
}

impl HighPass {
    fn new(rate: f64) -> Self {
        // Below Nyquist, also at rates that no speech is recorded at.
        let angle = TAU * LOWEST.min(rate / 4.0) / rate;
        let alpha = angle.sin() * FRAC_1_SQRT_2;
        let scale = 1.0 + alpha;
        Self {
            gain: (1.0 + angle.cos()) / 2.0 / scale,
            feedback: [-2.0 * angle.cos() / scale, (1.0 - alpha) / scale],
            inputs: [0.0; 2],
            outputs: [0.0; 2],
        }
    }

    fn next(&mut self, input: f64) -> f64 {
        let [x1, x2] = self.inputs;
        let [y1, y2] = self.outputs;
        let [a1, a2] = self.feedback;
        let output = self.gain * (input - 2.0 * x1 + x2) - a1 * y1 - a2 * y2;
        self.inputs = [input, x1];
        self.outputs = [output, y1];
        output
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_counts_and_hum_does_not() {
        let mut meter = Meter::new(44_100);
        let tone = |hertz: f64, amplitude: f64| {
            (0..44_100)
                .map(move |at| ((at as f64 * TAU * hertz / 44_100.0).sin() * amplitude) as f32)
        };
        let samples: Vec<f32> = tone(440.0, 0.1).chain(tone(20.0, 0.1)).collect();
        for piece in samples.chunks(1000) {
            meter.push(piece);
        }
        assert_eq!(meter.levels.len(), 200);
        assert!(
            (meter.levels[50] + 23.0).abs() < 0.5,
            "{}",
            meter.levels[50]
        );
        assert!(meter.levels[150] < -44.0, "{}", meter.levels[150]);
    }

    #[test]
    fn levels_outside_of_the_file_are_none() {
        let levels = VoiceLevels::new(vec![-20.0; 10]);
        assert_eq!(levels.between(0.05, 9.0).len(), 5);
        assert!(levels.between(5.0, 9.0).is_empty());
        assert!(levels.between(0.08, 0.02).is_empty());
        assert_eq!(percentile(&[], 0.5), None);
        assert_eq!(percentile(&[1.0, 3.0, 2.0], 1.0), Some(3.0));
    }
}
