//! Spectra of frames of sound, and filter banks, in double precision like the reference implementations of the
//! networks.

use std::sync::Arc;

use realfft::{RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

/// Computes spectra of one length with one window.
pub(super) struct Spectrum {
    transform: Arc<dyn RealToComplex<f64>>,
    window: Vec<f64>,
    frame: Vec<f64>,
    scratch: Vec<Complex<f64>>,
    bins: Vec<Complex<f64>>,
}

impl Spectrum {
    /// `window` is as long as a frame; frames are zero-padded to `length`.
    pub(super) fn new(window: Vec<f64>, length: usize) -> Self {
        let transform = RealFftPlanner::new().plan_fft_forward(length.max(window.len()));
        Self {
            frame: transform.make_input_vec(),
            scratch: transform.make_scratch_vec(),
            bins: transform.make_output_vec(),
            transform,
            window,
        }
    }

    /// Power (squared magnitude) of each bin. A short frame is zero-padded.
    pub(super) fn power(&mut self, frame: &[f64]) -> impl ExactSizeIterator<Item = f64> + '_ {
        self.frame.fill(0.0);
        for ((place, &sample), &weight) in self.frame.iter_mut().zip(frame).zip(&self.window) {
            *place = sample * weight;
        }
        let done =
            self.transform
                .process_with_scratch(&mut self.frame, &mut self.bins, &mut self.scratch);
        // This only fails for buffers of the wrong length, and the transform made these.
        debug_assert!(done.is_ok(), "{done:?}");
        self.bins.iter().map(|bin| bin.norm_sqr())
    }
}

/// Computes spectra of two frames with one complex transform; for odd lengths, a real one costs as much for one frame.
pub(super) struct PairSpectrum {
    transform: Arc<dyn Fft<f64>>,
    window: Vec<f64>,
    numbers: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
}

impl PairSpectrum {
    /// `window` is as long as a frame and as the transform.
    pub(super) fn new(window: Vec<f64>) -> Self {
        let transform = FftPlanner::new().plan_fft_forward(window.len());
        Self {
            numbers: vec![Complex::default(); window.len()],
            scratch: vec![Complex::default(); transform.get_inplace_scratch_len()],
            transform,
            window,
        }
    }

    /// Power (squared magnitude) of each bin of two frames. Short frames are zero-padded.
    pub(super) fn powers(&mut self, first: &[f64], second: &[f64]) -> [Vec<f64>; 2] {
        self.numbers.fill(Complex::default());
        let frames = first.iter().zip(second).zip(&self.window);
        for (place, ((&first, &second), &weight)) in self.numbers.iter_mut().zip(frames) {
            *place = Complex::new(first * weight, second * weight);
        }
        self.transform
            .process_with_scratch(&mut self.numbers, &mut self.scratch);
        // The spectrum of the first frame is the symmetric part of the sum, that of the second the antisymmetric part.
        let bins = self.numbers.len() / 2 + 1;
        let mirrored = self.numbers.iter().take(1);
        let mirrored = mirrored.chain(self.numbers.iter().skip(1).rev());
        let pairs = self.numbers.iter().zip(mirrored).take(bins);
        let mut powers = [Vec::with_capacity(bins), Vec::with_capacity(bins)];
        for (bin, mirror) in pairs {
            powers[0].push((bin + mirror.conj()).norm_sqr() / 4.0);
            powers[1].push((bin - mirror.conj()).norm_sqr() / 4.0);
        }
        powers
    }
}

/// The periodic Hann window.
pub(super) fn hann(length: usize) -> Vec<f64> {
    (0..length)
        .map(|at| {
            let turn = std::f64::consts::TAU * at as f64 / length as f64;
            0.5 - 0.5 * turn.cos()
        })
        .collect()
}

/// Copies samples into `frame`, which begins at sample `start` (may be negative). Samples outside, NaN and absurdly
/// large ones become 0.
pub(super) fn copy_frame(samples: &[f32], start: i64, frame: &mut [f64]) {
    for (at, place) in (start..).zip(frame.iter_mut()) {
        let sample = usize::try_from(at).ok().and_then(|at| samples.get(at));
        *place = match sample {
            Some(&sample) if sample.abs() <= 1e6 => f64::from(sample),
            _ => 0.0,
        };
    }
}

/// Filters over the bins of a spectrum, each with its weights from its first bin on.
pub(super) struct FilterBank {
    filters: Vec<(usize, Vec<f64>)>,
}

impl FilterBank {
    /// Takes `filters` as (first bin, weights).
    pub(super) fn new(filters: Vec<(usize, Vec<f64>)>) -> Self {
        Self { filters }
    }

    /// Makes a bank from the weight of each filter at each bin; leading and trailing zeros are dropped.
    pub(super) fn dense(filters: usize, bins: usize, weight: impl Fn(usize, usize) -> f64) -> Self {
        let filter = |filter: usize| {
            let weights: Vec<f64> = (0..bins).map(|bin| weight(filter, bin)).collect();
            let first = weights.iter().position(|&weight| weight > 0.0).unwrap_or(0);
            let last = weights
                .iter()
                .rposition(|&weight| weight > 0.0)
                .map_or(first, |last| last + 1);
            (first, weights[first..last].to_vec())
        };
        Self::new((0..filters).map(filter).collect())
    }

    /// The output of each filter for `bins`.
    pub(super) fn through<'a>(&'a self, bins: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.filters.iter().map(|(first, weights)| {
            let covered = bins.iter().skip(*first);
            covered
                .zip(weights)
                .map(|(bin, weight)| bin * weight)
                .sum::<f64>()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_of_waves_fills_one_bin() {
        let mut spectrum = Spectrum::new(vec![1.0; 64], 64);
        let wave: Vec<f64> = (0..64)
            .map(|at| (std::f64::consts::TAU * 5.0 * f64::from(at) / 64.0).cos())
            .collect();
        let power: Vec<f64> = spectrum.power(&wave).collect();
        assert_eq!(power.len(), 33);
        for (bin, power) in power.into_iter().enumerate() {
            let wanted = if bin == 5 { 32.0 * 32.0 } else { 0.0 };
            assert!((power - wanted).abs() < 1e-9, "bin {bin}: {power}");
        }
    }

    #[test]
    fn two_frames_at_once_are_like_one_after_the_other() {
        let window: Vec<f64> = hann(83);
        let wave = |turns: f64| -> Vec<f64> {
            (0..83)
                .map(|at| (std::f64::consts::TAU * turns * f64::from(at) / 83.0).sin() + 0.1)
                .collect()
        };
        let (first, second) = (wave(3.2), wave(17.0));
        let powers = PairSpectrum::new(window.clone()).powers(&first, &second);
        for (frame, powers) in [first, second].iter().zip(powers) {
            let mut spectrum = Spectrum::new(window.clone(), 83);
            let alone: Vec<f64> = spectrum.power(frame).collect();
            assert_eq!(alone.len(), powers.len());
            for (alone, power) in alone.iter().zip(powers) {
                assert!((alone - power).abs() < 1e-9, "{alone} {power}");
            }
        }
    }

    #[test]
    fn frames_are_zero_outside_and_where_there_is_no_number() {
        let samples = [1.0, f32::NAN, f32::INFINITY, 4.0];
        let mut frame = [9.0; 7];
        copy_frame(&samples, -2, &mut frame);
        assert_eq!(frame, [0.0, 0.0, 1.0, 0.0, 0.0, 4.0, 0.0]);
    }

    #[test]
    fn a_bank_weighs_its_bins() {
        let bank = FilterBank::dense(
            2,
            4,
            |filter, bin| {
                if bin == filter + 1 { 2.0 } else { 0.0 }
            },
        );
        let through: Vec<f64> = bank.through(&[1.0, 10.0, 100.0, 1000.0]).collect();
        assert_eq!(through, [20.0, 200.0]);
    }
}
