//! Timbre over time: onsets, brightness and level of every 20 ms.

use super::spectrogram::Spectrogram;
use crate::analysis::Span;
use crate::models::BEAT_RATE;

/// Samples of a spectrum: 93 ms.
const SIZE: usize = 2048;
/// 50 frames a second, as the beat activations have.
const HOP: usize = 441;
/// Frames a second.
const RATE: f64 = BEAT_RATE as f64 / HOP as f64;
/// Bands of about a third of an octave, from 60 Hz to 10 kHz.
const BANDS: usize = 24;
const LOWEST: f64 = 60.0;
const HIGHEST: f64 = 10_000.0;
/// A frame this far below the loudest so far is silent, dB.
const DEPTH: f32 = 60.0;
/// The loudest level so far decays by this much a frame, dB: 60 dB in two minutes.
const FORGETTING: f32 = 0.01;
/// Least rise of an onset over its surroundings, averaged over the bands, dB.
const ONSET: f32 = 2.0;

/// One frame of 20 ms.
#[derive(Debug, Clone, Copy, Default)]
struct TimbreFrame {
    /// Mean rise of the bands over two frames, dB.
    rise: f32,
    /// Spectral centroid, log2 Hz.
    center: f32,
    /// Level relative to the loudest so far, dB.
    level: f32,
    /// Level of all bands together, dB.
    power: f32,
}

/// Measures a mono stream at [`BEAT_RATE`].
pub(super) struct Timbre {
    stft: Spectrogram,
    measure: Measure,
}

/// What was measured over some spans.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct TimbreSummary {
    /// Onsets a second.
    pub onsets: f64,
    /// Mean spectral centroid, Hz (geometric mean, weighted by level).
    pub center: f64,
}

/// One second of sound.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct TimbreSecond {
    /// Level between 60 Hz and 10 kHz, dB.
    pub level: f64,
    /// Onsets a second, over the five seconds around it.
    pub onsets: f64,
    /// Spectral centroid, Hz.
    pub center: f64,
}

struct Measure {
    bands: Vec<(usize, usize)>,
    loudest: f32,
    /// The bands of the last two frames, older first; there is no rise before there are two.
    before: [Option<[f32; BANDS]>; 2],
    frames: Vec<TimbreFrame>,
}

impl Timbre {
    pub fn new() -> Self {
        let edge = |index: usize| {
            let hertz = LOWEST * (HIGHEST / LOWEST).powf(index as f64 / BANDS as f64);
            (hertz * SIZE as f64 / f64::from(BEAT_RATE)).round() as usize
        };
        let bands = (0..BANDS)
            .map(|band| (edge(band), edge(band + 1).max(edge(band) + 1)))
            .collect();
        Self {
            stft: Spectrogram::new(SIZE, HOP),
            measure: Measure {
                bands,
                loudest: f32::NEG_INFINITY,
                before: [None; 2],
                frames: Vec::new(),
            },
        }
    }

    pub fn push(&mut self, samples: &[f32]) {
        self.stft
            .push(samples, |magnitudes| self.measure.add(magnitudes));
    }

    pub fn finish(&mut self) {
        self.stft.finish(|magnitudes| self.measure.add(magnitudes));
    }

    /// Summary of the frames within `spans`.
    pub fn summary(&self, spans: &[Span]) -> TimbreSummary {
        let frames = &self.measure.frames;
        let mut sum = Sum::default();
        for span in spans {
            let start = ((span.start * RATE) as usize).min(frames.len());
            let end = ((span.end * RATE).ceil() as usize).clamp(start, frames.len());
            for (index, frame) in frames.iter().enumerate().take(end).skip(start) {
                sum.add(frame, self.measure.is_onset(index));
            }
        }
        sum.mean()
    }

    /// Summary of each second from the beginning.
    pub fn seconds(&self) -> Vec<TimbreSecond> {
        const AROUND: usize = 2;
        let second = RATE as usize;
        let sums: Vec<Sum> = self
            .measure
            .frames
            .chunks(second)
            .enumerate()
            .map(|(number, frames)| {
                let mut sum = Sum::default();
                for (index, frame) in frames.iter().enumerate() {
                    sum.add(frame, self.measure.is_onset(number * second + index));
                }
                sum
            })
            .collect();
        (0..sums.len())
            .map(|number| {
                let end = (number + AROUND + 1).min(sums.len());
                let around = &sums[number.saturating_sub(AROUND)..end];
                let onsets: f64 = around.iter().map(|sum| sum.onsets).sum();
                let count: f64 = around.iter().map(|sum| sum.count).sum();
                let sum = &sums[number];
                TimbreSecond {
                    level: 10.0 * (sum.power / sum.count.max(1.0)).max(1e-12).log10(),
                    onsets: onsets / count.max(1.0) * RATE,
                    center: sum.mean().center,
                }
            })
            .collect()
    }
}

/// Sums over frames.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    count: f64,
    weights: f64,
    onsets: f64,
    center: f64,
    power: f64,
}

impl Sum {
    fn add(&mut self, frame: &TimbreFrame, is_onset: bool) {
        // Quiet frames say little about the timbre.
        let weight = 10f64.powf(f64::from(frame.level.max(-DEPTH)) / 20.0);
        self.count += 1.0;
        self.weights += weight;
        self.onsets += f64::from(u8::from(is_onset));
        self.center += weight * f64::from(frame.center);
        self.power += 10f64.powf(f64::from(frame.power) / 10.0);
    }

    fn mean(&self) -> TimbreSummary {
        if self.count == 0.0 || self.weights == 0.0 {
            return TimbreSummary::default();
        }
        TimbreSummary {
            onsets: self.onsets / self.count * RATE,
            center: (self.center / self.weights).exp2(),
        }
    }
}

impl Measure {
    fn add(&mut self, magnitudes: &[f32]) {
        let decibels = |power: f32| 10.0 * power.max(1e-12).log10();
        let mut levels = [0f32; BANDS];
        let mut sum = 0f32;
        for (level, &(start, end)) in levels.iter_mut().zip(&self.bands) {
            let power: f32 = magnitudes[start..end]
                .iter()
                .map(|value| value * value)
                .sum();
            sum += power;
            *level = decibels(power);
        }
        let total = decibels(sum);
        self.loudest = total.max(self.loudest - FORGETTING);
        let floor = self.loudest - DEPTH;
        for level in &mut levels {
            *level = level.max(floor);
        }
        let rise = self.before[0].map_or(0.0, |before| {
            let rises = levels
                .iter()
                .zip(&before)
                .map(|(level, old)| level - old.max(floor));
            rises.map(|rise| rise.max(0.0)).sum::<f32>() / BANDS as f32
        });
        let (mut weighted, mut weight) = (0f32, 0f32);
        for (bin, magnitude) in magnitudes.iter().enumerate().skip(1) {
            weighted += bin as f32 * magnitude;
            weight += magnitude;
        }
        let bin_hertz = BEAT_RATE as f32 / SIZE as f32;
        let center = if weight > 0.0 {
            weighted / weight * bin_hertz
        } else {
            bin_hertz
        };
        self.frames.push(TimbreFrame {
            rise,
            center: center.max(bin_hertz).log2(),
            level: total - self.loudest,
            power: total,
        });
        self.before = [self.before[1], Some(levels)];
    }

    /// True for a peak of the rise that stands out from the half second around it.
    fn is_onset(&self, index: usize) -> bool {
        let frames = &self.frames;
        let near = &frames[index.saturating_sub(3)..(index + 4).min(frames.len())];
        let rise = frames[index].rise;
        if near.iter().any(|other| other.rise > rise) {
            return false;
        }
        // Of equal neighbors the first counts.
        if index > 0 && frames[index - 1].rise == rise {
            return false;
        }
        let around = &frames[index.saturating_sub(12)..(index + 13).min(frames.len())];
        let mean = around.iter().map(|frame| frame.rise).sum::<f32>() / around.len() as f32;
        rise > mean + ONSET
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(samples: &[f32]) -> TimbreSummary {
        let mut timbre = Timbre::new();
        for part in samples.chunks(5_000) {
            timbre.push(part);
        }
        timbre.finish();
        timbre.summary(&[Span {
            start: 0.0,
            end: samples.len() as f64 / f64::from(BEAT_RATE),
        }])
    }

    /// Four decaying tones a second for ten seconds.
    fn plucks(hertz: f32, level: f32) -> Vec<f32> {
        (0..BEAT_RATE as usize * 10)
            .map(|index| {
                let time = index as f32 / BEAT_RATE as f32;
                let since = time % 0.25;
                level * (-since * 30.0).exp() * (std::f32::consts::TAU * hertz * time).sin()
            })
            .collect()
    }

    #[test]
    fn onsets_are_counted_and_level_does_not_matter() {
        let loud = summary(&plucks(440.0, 0.5));
        let quiet = summary(&plucks(440.0, 0.005));
        assert!((loud.onsets - 4.0).abs() <= 0.3, "{loud:?}");
        assert!((loud.onsets - quiet.onsets).abs() < 0.01);
        assert!((loud.center / quiet.center - 1.0).abs() < 0.01);
    }

    #[test]
    fn seconds_tell_level_and_onsets_as_they_change() {
        let mut timbre = Timbre::new();
        timbre.push(&plucks(440.0, 0.05));
        timbre.push(&plucks(440.0, 0.5));
        timbre.push(&vec![0.0; BEAT_RATE as usize * 10]);
        timbre.finish();
        let seconds = timbre.seconds();
        // A frame is centered on the end.
        assert_eq!(seconds.len(), 31);
        assert!((seconds[15].level - seconds[5].level - 20.0).abs() < 0.2);
        assert!((seconds[5].onsets - 4.0).abs() < 0.5 && seconds[25].onsets == 0.0);
    }

    #[test]
    fn higher_tones_are_brighter() {
        assert!(summary(&plucks(2000.0, 0.5)).center > 1.5 * summary(&plucks(300.0, 0.5)).center);
    }

    #[test]
    fn silence_and_nothing_have_no_onsets() {
        assert_eq!(summary(&vec![0.0; 40_000]).onsets, 0.0);
        assert_eq!(summary(&[]), TimbreSummary::default());
    }
}
