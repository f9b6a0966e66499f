//! Magnitude spectra of a stream, frame by frame, in bounded memory.

use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// Short-time Fourier transform: frame `i` is centered on sample `hop × i`, with zeros beyond both ends.
pub(super) struct Spectrogram {
    /// In double precision like all transforms of the crate, so that only one kind is compiled; the cost is negligible.
    transform: Arc<dyn RealToComplex<f64>>,
    window: Vec<f32>,
    hop: usize,
    /// Samples from the beginning of the next frame on.
    pending: Vec<f32>,
    input: Vec<f64>,
    output: Vec<Complex<f64>>,
    scratch: Vec<Complex<f64>>,
    magnitudes: Vec<f32>,
}

impl Spectrogram {
    /// Frames of `size` samples under a Hann window, `hop` apart.
    pub fn new(size: usize, hop: usize) -> Self {
        let transform = RealFftPlanner::<f64>::new().plan_fft_forward(size);
        let window = (0..size)
            .map(|index| {
                let turn = std::f64::consts::TAU * index as f64 / size as f64;
                (0.5 - 0.5 * turn.cos()) as f32
            })
            .collect();
        Self {
            window,
            hop,
            pending: vec![0.0; size / 2],
            input: transform.make_input_vec(),
            output: transform.make_output_vec(),
            scratch: transform.make_scratch_vec(),
            magnitudes: vec![0.0; size / 2 + 1],
            transform,
        }
    }

    /// Takes samples and calls `each` with the magnitudes (bins 0 ..= size / 2) of each complete frame.
    pub fn push(&mut self, samples: &[f32], mut each: impl FnMut(&[f32])) {
        self.pending.extend_from_slice(samples);
        let mut start = 0;
        while let Some(frame) = self.pending.get(start..start + self.window.len()) {
            for ((input, sample), weight) in self.input.iter_mut().zip(frame).zip(&self.window) {
                *input = f64::from(sample * weight);
            }
            // Fails only for buffers of the wrong length, and the transform made these.
            let _ = self.transform.process_with_scratch(
                &mut self.input,
                &mut self.output,
                &mut self.scratch,
            );
            for (magnitude, value) in self.magnitudes.iter_mut().zip(&self.output) {
                *magnitude = value.norm_sqr().sqrt() as f32;
            }
            each(&self.magnitudes);
            start += self.hop;
        }
        self.pending.drain(..start.min(self.pending.len()));
    }

    /// Emits the frames that are centered before the end but reach beyond it.
    pub fn finish(&mut self, each: impl FnMut(&[f32])) {
        let zeros = vec![0.0; self.window.len() / 2];
        self.push(&zeros, each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_do_not_depend_on_the_pieces_and_find_the_tone() {
        let tone: Vec<f32> = (0..10_000)
            .map(|index| (std::f32::consts::TAU * 40.0 / 1024.0 * index as f32).sin())
            .collect();
        let analyzed = |piece: usize| {
            let mut frames = Spectrogram::new(1024, 256);
            let mut all: Vec<Vec<f32>> = Vec::new();
            for part in tone.chunks(piece) {
                frames.push(part, |magnitudes| all.push(magnitudes.to_vec()));
            }
            frames.finish(|magnitudes| all.push(magnitudes.to_vec()));
            all
        };
        let whole = analyzed(10_000);
        assert_eq!(whole.len(), 10_000 / 256 + 1);
        assert_eq!(whole, analyzed(77));
        let middle = &whole[20];
        let loudest = (0..middle.len()).max_by(|&a, &b| middle[a].total_cmp(&middle[b]));
        assert_eq!(loudest, Some(40));
        assert!((middle[40] - 256.0).abs() < 1.0);
    }
}
