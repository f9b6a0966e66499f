//! GTCRN: masks the spectrum of speech frame by frame.
//!
//! The network knows spectra of 16 kHz. A frame of three times as many samples at 48 kHz has the same bins up to 8 kHz,
//! so the sound needs no resampling and keeps its highs: above 8 kHz, each frame is lowered by as much as the network
//! lowers it from 6 to 8 kHz.

use std::sync::Arc;

use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::num_complex::Complex;

use crate::error::Result;
use crate::models::Models;
use crate::models::session::NetworkInput;
use crate::models::spectrum::hann;

/// Samples of a frame at 16 kHz: 32 ms, of which half are new.
const FRAME: usize = 512;
/// Bins of a spectrum that the network sees.
const BINS: usize = FRAME / 2 + 1;
/// The bin of 6 kHz.
const HIGH: usize = 192;
/// Numbers of each state that is carried from frame to frame, with its shape.
const CONVOLUTIONS: ([usize; 5], usize) = ([2, 1, 16, 16, 33], 16_896);
const ATTENTIONS: ([usize; 5], usize) = ([2, 3, 1, 1, 16], 96);
const RECURRENCES: ([usize; 4], usize) = ([2, 1, 33, 16], 1056);

/// One channel at a multiple of 16 kHz, cleaned as it comes.
#[derive(Clone)]
pub(super) struct GtcrnStream {
    /// The sample rate in multiples of 16 kHz.
    factor: usize,
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
    /// For analysis and synthesis: their product sums to 1 where frames overlap.
    window: Vec<f64>,
    /// The second half of the frame before, and what came since.
    samples: Vec<f32>,
    /// The second half of the frame before as it came out.
    tail: Vec<f64>,
    states: [Vec<f32>; 3],
    /// The first half frame that comes out lies before the first sample.
    begun: bool,
}

impl GtcrnStream {
    /// For `factor` times 16 kHz.
    pub(super) fn new(factor: usize) -> Self {
        let length = FRAME * factor.max(1);
        let mut planner = RealFftPlanner::new();
        Self {
            factor: factor.max(1),
            forward: planner.plan_fft_forward(length),
            inverse: planner.plan_fft_inverse(length),
            window: hann(length).into_iter().map(f64::sqrt).collect(),
            samples: vec![0.0; length / 2],
            tail: vec![0.0; length / 2],
            states: [CONVOLUTIONS.1, ATTENTIONS.1, RECURRENCES.1].map(|count| vec![0.0; count]),
            begun: false,
        }
    }

    /// Takes finite samples and appends what is cleaned of them.
    pub(super) fn push(
        &mut self,
        models: &Models,
        samples: &[f32],
        cleaned: &mut Vec<f32>,
    ) -> Result<()> {
        self.samples.extend_from_slice(samples);
        let length = self.window.len();
        let mut used = 0;
        while let Some(frame) = self.samples.get(used..used + length) {
            let mut bins = self.spectrum(frame);
            self.mask(models, &mut bins)?;
            let frame = self.frame_of(bins);
            let (first, second) = frame.split_at(length / 2);
            if self.begun {
                let sums = self.tail.iter().zip(first);
                cleaned.extend(sums.map(|(tail, sample)| (tail + sample) as f32));
            }
            self.begun = true;
            self.tail = second.to_vec();
            used += length / 2;
        }
        self.samples.drain(..used);
        Ok(())
    }

    /// The spectrum of a windowed frame, at the scale of 16 kHz.
    fn spectrum(&self, frame: &[f32]) -> Vec<Complex<f64>> {
        let weighted = frame.iter().zip(&self.window);
        let mut frame: Vec<f64> = weighted
            .map(|(sample, weight)| f64::from(*sample) * weight)
            .collect();
        let mut bins = self.forward.make_output_vec();
        // Fails only for buffers of another length than the transform's own.
        let _ = self.forward.process(&mut frame, &mut bins);
        for bin in &mut bins {
            *bin /= self.factor as f64;
        }
        bins
    }

    /// Masks a spectrum by the network.
    fn mask(&mut self, models: &Models, bins: &mut [Complex<f64>]) -> Result<()> {
        let (seen, above) = bins.split_at_mut(BINS.min(bins.len()));
        let numbers = |bin: &Complex<f64>| [bin.re as f32, bin.im as f32];
        let mix: Vec<f32> = seen.iter().flat_map(numbers).collect();
        let [convolutions, attentions, recurrences] = &self.states;
        let [masked, convolutions, attentions, recurrences] = models.run(
            "gtcrn",
            &[
                NetworkInput::floats("mix", &[1, BINS, 1, 2], &mix),
                NetworkInput::floats("conv_cache", &CONVOLUTIONS.0, convolutions),
                NetworkInput::floats("tra_cache", &ATTENTIONS.0, attentions),
                NetworkInput::floats("inter_cache", &RECURRENCES.0, recurrences),
            ],
            [
                ("enh", 2 * BINS),
                ("conv_cache_out", CONVOLUTIONS.1),
                ("tra_cache_out", ATTENTIONS.1),
                ("inter_cache_out", RECURRENCES.1),
            ],
        )?;
        self.states = [convolutions, attentions, recurrences];
        let power =
            |bins: &[Complex<f64>]| bins.iter().skip(HIGH).map(Complex::norm_sqr).sum::<f64>();
        let before = power(seen);
        for (bin, masked) in seen.iter_mut().zip(masked.chunks_exact(2)) {
            *bin = Complex::new(f64::from(masked[0]), f64::from(masked[1]));
        }
        let gain = if before > 0.0 {
            (power(seen) / before).sqrt().min(1.0)
        } else {
            0.0
        };
        for bin in above {
            *bin *= gain;
        }
        Ok(())
    }

    /// The windowed frame of a spectrum.
    fn frame_of(&self, mut bins: Vec<Complex<f64>>) -> Vec<f64> {
        // The inverse refuses spectra of no real signal.
        if let [first, .., last] = bins.as_mut_slice() {
            (first.im, last.im) = (0.0, 0.0);
        }
        let mut frame = self.inverse.make_output_vec();
        let _ = self.inverse.process(&mut bins, &mut frame);
        let scale = self.factor as f64 / frame.len().max(1) as f64;
        for (sample, weight) in frame.iter_mut().zip(&self.window) {
            *sample *= weight * scale;
        }
        frame
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn speech_is_cleaned_like_by_the_reference() {
        let case = reference_cases::case("gtcrn.noisy-speech");
        let noisy = reference_cases::sound("noisy-speech_16k.flac");
        let models = reference_cases::models();
        let mut stream = GtcrnStream::new(1);
        let mut cleaned = Vec::new();
        // Pieces of any length.
        for piece in noisy.chunks(777).chain([&[0.0; FRAME][..]]) {
            stream.push(models, piece, &mut cleaned).unwrap();
        }
        let expected = &case["expected"]["enhanced"];
        let numbers = |key: &str| expected[key].as_array().unwrap().iter();
        for (place, value) in numbers("index").zip(numbers("value")) {
            let (place, value) = (place.as_u64().unwrap() as usize, value.as_f64().unwrap());
            let found = f64::from(cleaned[place]);
            assert!((found - value).abs() < 0.002, "{place}: {found}, {value}");
        }
    }
}
