//! How a voice sounds every 10 ms, for telling held sounds ("um") from words: its pitch, how periodic it is, and how much
//! its spectrum changes.

use std::path::Path;
use std::sync::Arc;

use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex;

use crate::error::{Error, Result};
use crate::media::{Channels, Limits, SoundReader, SoundRequest};
use crate::task::Task;

/// Samples a second: voices tell nothing above 8 kHz here.
const RATE: u32 = 16_000;
/// Samples from one moment to the next: 10 ms.
const HOP: usize = 160;
/// Samples that a moment is heard in: 40 ms hold two periods of the lowest voice.
const WINDOW: usize = 640;
/// Length of the transform.
const LENGTH: usize = 2_048;
/// Highest and lowest pitch of voices, in samples of a period: 400 and 65 Hz.
const PERIODS: (usize, usize) = (40, 246);
/// Hz above which harmonics say little about the pitch.
const HARMONICS: f64 = 1_200.0;
/// Hz below which nothing counts: hum and rumble.
const LOWEST: f64 = 70.0;
/// Periodicity of a shorter period, in shares of the best, that is taken for the pitch: else octaves are missed.
const NEARLY_BEST: f64 = 0.9;
/// Bands whose shares of the power tell a vowel, and the Hz that they lie between.
const BANDS: usize = 14;
const BANDED: (f64, f64) = (150.0, 5_000.0);
/// Share of the power, in dB, below which a band counts as empty.
const EMPTY: f64 = -40.0;

/// 10 ms of a voice.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct VoiceMoment {
    /// Semitones over 1 Hz.
    pub pitch: f32,
    /// How periodic it is, 0..1: voiced sounds have 0.5 and more.
    pub periodicity: f32,
    /// Mean change of its bands since the moment before, in dB.
    pub change: f32,
}

/// Listens to a file. One that breaks off has the moments up to there.
///
/// Fails like [`SoundReader::open`], and when the task is cancelled.
pub(super) fn voice_moments(path: &Path, limits: &Limits, task: &Task) -> Result<Vec<VoiceMoment>> {
    let request = SoundRequest {
        rate: Some(RATE),
        channels: Channels::Mono,
    };
    let mut reader = SoundReader::open(path, limits, request)?;
    let mut listener = Listener::new();
    loop {
        task.check()?;
        match reader.next_block() {
            Ok(Some(block)) => listener.push(&block.samples),
            Ok(None) | Err(Error::BreaksOff { .. }) => return Ok(listener.moments),
            Err(error) => return Err(error),
        }
    }
}

/// Takes samples as they come.
struct Listener {
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
    window: Vec<f64>,
    /// The autocorrelation of the window, which that of a windowed sound is divided by.
    fading: Vec<f64>,
    /// First bin of each band, and the end of the last.
    edges: Vec<usize>,
    /// From the first sample that the next moment needs on.
    samples: Vec<f32>,
    before: Option<[f64; BANDS]>,
    moments: Vec<VoiceMoment>,
}

impl Listener {
    fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let forward = planner.plan_fft_forward(LENGTH);
        let inverse = planner.plan_fft_inverse(LENGTH);
        let window: Vec<f64> = (0..WINDOW)
            .map(|at| {
                let turn = std::f64::consts::TAU * (at as f64 + 0.5) / WINDOW as f64;
                0.5 - 0.5 * turn.cos()
            })
            .collect();
        let (low, high) = BANDED;
        let edges = (0..=BANDS).map(|band| {
            let hertz = low * (high / low).powf(band as f64 / BANDS as f64);
            bin_of(hertz)
        });
        let mut listener = Self {
            edges: edges.collect(),
            fading: Vec::new(),
            // The first moment is centered on the middle of the first 10 ms.
            samples: vec![0.0; (WINDOW - HOP) / 2],
            before: None,
            moments: Vec::new(),
            forward,
            inverse,
            window,
        };
        let ones = vec![1.0; WINDOW];
        let powers = listener.powers(&ones);
        listener.fading = listener.autocorrelation(powers);
        listener
    }

    fn push(&mut self, samples: &[f32]) {
        let finite = samples.iter().map(|sample| match sample.is_finite() {
            true => *sample,
            false => 0.0,
        });
        self.samples.extend(finite);
        let mut used = 0;
        while let Some(frame) = self.samples.get(used..used + WINDOW) {
            let powers = self.powers(frame);
            let moment = self.moment(powers);
            self.moments.push(moment);
            used += HOP;
        }
        self.samples.drain(..used);
    }

    /// The power of each bin of a windowed frame.
    fn powers(&self, frame: &[f32]) -> Vec<f64> {
        let mut padded = self.forward.make_input_vec();
        let weighted = frame.iter().zip(&self.window);
        for (place, (sample, weight)) in padded.iter_mut().zip(weighted) {
            *place = f64::from(*sample) * weight;
        }
        let mut bins = self.forward.make_output_vec();
        // Fails only for buffers of another length than the transform's own.
        let _ = self.forward.process(&mut padded, &mut bins);
        bins.iter().map(Complex::norm_sqr).collect()
    }

    fn autocorrelation(&self, powers: Vec<f64>) -> Vec<f64> {
        let mut bins: Vec<Complex<f64>> = powers
            .into_iter()
            .map(|power| Complex::new(power, 0.0))
            .collect();
        let mut out = self.inverse.make_output_vec();
        let _ = self.inverse.process(&mut bins, &mut out);
        out
    }

    fn moment(&mut self, mut powers: Vec<f64>) -> VoiceMoment {
        let bands = self.bands(&powers);
        let change = self.before.map_or(0.0, |before| {
            let changes = bands
                .iter()
                .zip(before)
                .map(|(now, then)| (now - then).abs());
            changes.sum::<f64>() / BANDS as f64
        });
        self.before = Some(bands);
        let (lowest, highest) = (bin_of(LOWEST), bin_of(HARMONICS));
        for (bin, power) in powers.iter_mut().enumerate() {
            if !(lowest..=highest).contains(&bin) {
                *power = 0.0;
            }
        }
        let (period, periodicity) = self.period(powers);
        VoiceMoment {
            pitch: (12.0 * (f64::from(RATE) / period as f64).log2()) as f32,
            periodicity: periodicity as f32,
            change: change as f32,
        }
    }

    /// The period in samples, and how periodic the sound is.
    fn period(&self, powers: Vec<f64>) -> (usize, f64) {
        let correlation = self.autocorrelation(powers);
        let part = |values: &[f64], lag: usize| {
            let whole = values.first().copied().unwrap_or(0.0) + 1e-12;
            values.get(lag).copied().unwrap_or(0.0) / whole
        };
        let at = |lag: usize| part(&correlation, lag) / (part(&self.fading, lag) + 1e-9);
        let (shortest, longest) = PERIODS;
        let best = (shortest..longest).map(at).fold(0.0, f64::max);
        let mut period = (shortest..longest)
            .find(|lag| at(*lag) > best * NEARLY_BEST)
            .unwrap_or(shortest);
        while period + 1 < longest && at(period + 1) > at(period) {
            period += 1;
        }
        (period, best.min(1.0))
    }

    /// The share of each band in the power, in dB.
    fn bands(&self, powers: &[f64]) -> [f64; BANDS] {
        let mut bands = [0.0; BANDS];
        for (band, edges) in bands.iter_mut().zip(self.edges.windows(2)) {
            *band = powers
                .get(edges[0]..edges[1])
                .unwrap_or_default()
                .iter()
                .sum();
        }
        let whole = bands.iter().sum::<f64>() + 1e-12;
        bands.map(|power| 10.0 * (power / whole + 10_f64.powf(EMPTY / 10.0)).log10())
    }
}

fn bin_of(hertz: f64) -> usize {
    (hertz * LENGTH as f64 / f64::from(RATE)).ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    /// Harmonics of a pitch, those near `formant` strongest.
    fn vowel(pitch: f64, formant: f64, at: usize) -> f32 {
        let time = at as f64 / f64::from(RATE);
        let harmonics = (1..30).map(|number| {
            let hertz = pitch * f64::from(number);
            let strength = 1.0 / (1.0 + ((hertz - formant) / 200.0).powi(2));
            strength * (TAU * hertz * time).sin()
        });
        (0.1 * harmonics.sum::<f64>()) as f32
    }

    #[test]
    fn a_held_vowel_has_its_pitch_and_does_not_change() {
        for pitch in [90.0, 140.0, 230.0] {
            let mut listener = Listener::new();
            let samples: Vec<f32> = (0..16_000).map(|at| vowel(pitch, 500.0, at)).collect();
            samples.chunks(700).for_each(|piece| listener.push(piece));
            for moment in &listener.moments[5..90] {
                let wanted = 12.0 * pitch.log2();
                assert!(
                    (f64::from(moment.pitch) - wanted).abs() < 0.5,
                    "{pitch}: {moment:?}"
                );
                assert!(
                    moment.periodicity > 0.8 && moment.change < 1.0,
                    "{pitch}: {moment:?}"
                );
            }
        }
    }

    #[test]
    fn another_vowel_is_a_change_and_hiss_has_no_pitch() {
        let mut listener = Listener::new();
        let samples: Vec<f32> = (0..16_000)
            .map(|at| {
                vowel(
                    120.0,
                    if (at / 1_600_usize).is_multiple_of(2) {
                        400.0
                    } else {
                        1_800.0
                    },
                    at,
                )
            })
            .collect();
        listener.push(&samples);
        let most = listener.moments[5..90].iter().map(|moment| moment.change);
        assert!(most.fold(0.0, f32::max) > 4.0);

        let mut listener = Listener::new();
        let mut seed = 1_u32;
        let hiss = (0..16_000).map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / 1e8 - 0.08
        });
        listener.push(&hiss.collect::<Vec<_>>());
        let voiced = listener
            .moments
            .iter()
            .filter(|moment| moment.periodicity > 0.7);
        assert!(voiced.count() < listener.moments.len() / 10);
    }
}
