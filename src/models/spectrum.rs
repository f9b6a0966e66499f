//! Spectra of frames of sound, and filter banks over them. In double precision, like the references of the networks.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Makes spectra of one length under one window.
pub(super) struct Spectrum {
    transform: Arc<dyn RealToComplex<f64>>,
    window: Vec<f64>,
    frame: Vec<f64>,
    scratch: Vec<Complex<f64>>,
    bins: Vec<Complex<f64>>,
}

impl Spectrum {
    /// `window` is as long as a frame; frames are filled with zeros to `length`.
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

    /// Power (squared magnitude) of each bin. What a frame lacks counts as zero.
    pub(super) fn power(&mut self, frame: &[f64]) -> impl ExactSizeIterator<Item = f64> + '_ {
        self.frame.fill(0.0);
        for ((place, &sample), &weight) in self.frame.iter_mut().zip(frame).zip(&self.window) {
            *place = sample * weight;
        }
        let done =
            self.transform
                .process_with_scratch(&mut self.frame, &mut self.bins, &mut self.scratch);
        // It can only fail for lengths that do not belong together, and these were made by the transform itself.
        debug_assert!(done.is_ok(), "{done:?}");
        self.bins.iter().map(|bin| bin.norm_sqr())
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

/// Copies samples into `frame`, which begins at sample `start` (may be negative); zeros outside, and for what is no
/// number or beyond any sound.
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

    /// From the weight of each filter at each bin; leading and trailing zeros are dropped.
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

    /// What each filter lets through of `bins`.
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
