//! A look-ahead limiter for the true peak, the highest point of the wave between the samples.
//!
//! Detection follows ITU-R BS.1770-4, annex 2: oversampling by four. The gain that each interval between two samples
//! allows passes a running minimum over the look-ahead, is released slowly, and is then averaged over the same length.
//! Each averaged value is at most what the loudest interval allows, so the gain is reduced in time and changes
//! smoothly. Both channels get the same gain, which keeps the stereo image still.

use std::collections::VecDeque;
use std::f64::consts::PI;

use crate::sound::{CHANNELS, RATE};

/// Samples (a channel) of look-ahead: 5 ms at 48 kHz, long enough to avoid audible clicks.
const LOOK_AHEAD: usize = 240;
/// Release time constant in seconds: 63 % of the reduction is gone after it. Much shorter ones distort bass.
const RELEASE: f64 = 0.1;
/// Samples from which a point between two samples is interpolated.
const TAPS: usize = 24;
/// Interpolated points between two samples: at 1/4, 1/2 and 3/4.
const POINTS: usize = 3;
/// Shape of the Kaiser window; 7 attenuates the stop band by 70 dB.
const KAISER_BETA: f64 = 7.0;
/// Delay in samples between input and output.
const DELAY: usize = LOOK_AHEAD + TAPS / 2 - 1;

/// Limits interleaved stereo. The output is aligned with the input: the delay is dropped at the start and flushed by
/// [`Limiter::finish`].
pub(crate) struct Limiter {
    ceiling: f64,
    kernel: [[f32; TAPS]; POINTS],
    /// The last `TAPS` samples of each channel, oldest first.
    history: [[f32; TAPS]; CHANNELS],
    /// Input that is not yet output.
    delayed: VecDeque<[f32; CHANNELS]>,
    /// The running minimum: intervals and their allowed gain, rising; the first is the least in the look-ahead.
    least: VecDeque<(u64, f64)>,
    intervals: u64,
    envelope: f64,
    release: f64,
    averaged: VecDeque<f64>,
    sum: f64,
    /// Samples still to drop, since they lie before the first one.
    early: usize,
    lowest: f64,
}

impl Limiter {
    /// Keeps true peaks at or below `ceiling_dbtp`.
    pub fn new(ceiling_dbtp: f64) -> Self {
        Self {
            ceiling: 10_f64.powf(ceiling_dbtp / 20.0),
            kernel: kernel(),
            history: [[0.0; TAPS]; CHANNELS],
            delayed: VecDeque::with_capacity(DELAY + 1),
            least: VecDeque::new(),
            intervals: 0,
            envelope: 1.0,
            release: 1.0 - (-1.0 / (RELEASE * f64::from(RATE))).exp(),
            averaged: VecDeque::from(vec![1.0; LOOK_AHEAD]),
            sum: LOOK_AHEAD as f64,
            early: DELAY,
            lowest: 1.0,
        }
    }

    /// Takes samples and appends what is ready to `out`.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        for frame in samples.chunks_exact(CHANNELS) {
            self.step([frame[0], frame[1]], out);
        }
    }

    /// Appends the rest, so that the output is as long as the input.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        for _ in 0..DELAY {
            self.step([0.0; CHANNELS], out);
        }
    }

    /// The strongest reduction so far, in dB, 0 or below.
    pub fn reduction_db(&self) -> f64 {
        20.0 * self.lowest.log10()
    }

    fn step(&mut self, frame: [f32; CHANNELS], out: &mut Vec<f32>) {
        self.delayed.push_back(frame);
        let mut peak = 0.0_f32;
        for (history, sample) in self.history.iter_mut().zip(frame) {
            history.copy_within(1.., 0);
            history[TAPS - 1] = sample;
            peak = peak
                .max(history[TAPS / 2 - 1].abs())
                .max(history[TAPS / 2].abs());
            for weights in &self.kernel {
                let point: f32 = weights.iter().zip(&*history).map(|(a, b)| a * b).sum();
                peak = peak.max(point.abs());
            }
        }
        let peak = f64::from(peak);
        let allowed = if peak > self.ceiling {
            self.ceiling / peak
        } else {
            1.0
        };
        let gain = self.gain(allowed);
        if self.early > 0 {
            self.early -= 1;
            return;
        }
        if let Some(delayed) = self.delayed.pop_front() {
            self.lowest = self.lowest.min(gain);
            out.extend(delayed.map(|sample| (f64::from(sample) * gain) as f32));
        }
    }

    /// The gain of the sample that leaves when an interval that allows `allowed` enters.
    fn gain(&mut self, allowed: f64) -> f64 {
        while self
            .least
            .back()
            .is_some_and(|(_, other)| *other >= allowed)
        {
            self.least.pop_back();
        }
        self.least.push_back((self.intervals, allowed));
        // One more than the average's length: a sample lies between two intervals.
        while self
            .least
            .front()
            .is_some_and(|(number, _)| number + (LOOK_AHEAD as u64) < self.intervals)
        {
            self.least.pop_front();
        }
        self.intervals += 1;
        let least = self.least.front().map_or(1.0, |(_, allowed)| *allowed);
        self.envelope += (1.0 - self.envelope) * self.release;
        self.envelope = self.envelope.min(least);
        self.sum += self.envelope - self.averaged.pop_front().unwrap_or(1.0);
        self.averaged.push_back(self.envelope);
        self.sum / LOOK_AHEAD as f64
    }
}

/// Interpolation weights for the points between the two middle samples: a Kaiser-windowed sinc, each set summing to 1.
fn kernel() -> [[f32; TAPS]; POINTS] {
    std::array::from_fn(|point| {
        let place = (point + 1) as f64 / (POINTS + 1) as f64;
        let weights: [f64; TAPS] = std::array::from_fn(|tap| {
            let distance = tap as f64 - (TAPS / 2 - 1) as f64 - place;
            let angle = PI * distance;
            let across = distance / (TAPS / 2) as f64;
            angle.sin() / angle * bessel_i0(KAISER_BETA * (1.0 - across * across).max(0.0).sqrt())
                / bessel_i0(KAISER_BETA)
        });
        let sum: f64 = weights.iter().sum();
        weights.map(|weight| (weight / sum) as f32)
    })
}

/// Modified Bessel function of the first kind, order 0, by its power series.
fn bessel_i0(x: f64) -> f64 {
    let quarter = x * x / 4.0;
    let (mut term, mut sum) = (1.0, 1.0);
    for number in 1..40 {
        term *= quarter / f64::from(number * number);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::mastering::Meter;

    fn limited(samples: &[f32], ceiling: f64) -> (Vec<f32>, f64) {
        let mut limiter = Limiter::new(ceiling);
        let mut out = Vec::new();
        // An odd block length: state must carry over.
        for block in samples.chunks(2 * 777) {
            limiter.push(block, &mut out);
        }
        limiter.finish(&mut out);
        (out, limiter.reduction_db())
    }

    fn stereo(seconds: f64, wave: impl Fn(f64) -> f64) -> Vec<f32> {
        (0..(seconds * f64::from(RATE)) as usize)
            .flat_map(|at| {
                let sample = wave(at as f64 / f64::from(RATE)) as f32;
                [sample, sample * 0.5]
            })
            .collect()
    }

    fn true_peak(samples: &[f32]) -> f64 {
        let mut meter = Meter::new();
        meter.push(samples);
        meter.measured().true_peak_dbtp
    }

    #[test]
    fn what_is_below_the_ceiling_passes_unchanged() {
        let samples = stereo(0.5, |time| 0.4 * (2.0 * PI * 440.0 * time).sin());
        let (out, reduction) = limited(&samples, -1.0);
        assert_eq!(out, samples);
        assert_eq!(reduction, 0.0);
    }

    #[test]
    fn peaks_between_samples_are_held() {
        // A quarter of the sample rate, sampled at 45 degrees: every sample is 3 dB below the peak.
        let samples = stereo(0.5, |time| {
            0.98 * (2.0 * PI * 12_000.0 * time + PI / 4.0).sin()
        });
        assert!(true_peak(&samples) > -0.4);
        assert!(samples.iter().all(|sample| sample.abs() < 0.7));
        let (out, reduction) = limited(&samples, -3.0);
        let peak = true_peak(&out);
        assert!((-3.6..=-2.9).contains(&peak), "{peak}");
        assert!(reduction < -2.0);
    }

    #[test]
    fn bursts_far_above_are_held_without_a_late_start() {
        let samples = stereo(2.0, |time| {
            let burst = if (time * 4.0).fract() < 0.1 { 4.0 } else { 0.2 };
            burst * (2.0 * PI * 997.0 * time).sin()
        });
        let (out, reduction) = limited(&samples, -1.0);
        assert_eq!(out.len(), samples.len());
        let peak = true_peak(&out);
        assert!((-1.5..=-0.9).contains(&peak), "{peak}");
        // 13 dB, and up to 1.5 dB more: a burst starts with a step, which rings.
        assert!((-14.5..-12.9).contains(&reduction), "{reduction}");
        // No delay: the burst's zero crossings stay where they were.
        let moved = samples
            .iter()
            .zip(&out)
            .filter(|(before, after)| before.signum() != after.signum())
            .count();
        assert_eq!(moved, 0);
    }

    #[test]
    fn noise_and_clicks_are_held() {
        let mut state = 1_u64;
        let mut noise = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        };
        let mut samples: Vec<f32> = (0..96_000).map(|_| noise() * 1.5).collect();
        samples[5_000] = 9.0;
        samples[95_999] = -7.0;
        let (out, _) = limited(&samples, -1.0);
        let peak = true_peak(&out);
        assert!(peak <= -0.7, "{peak}");
    }
}
