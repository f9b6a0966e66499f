//! Takes noise off speech, one channel as it comes.

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::models::Models;
use crate::models::gtcrn::GtcrnStream;
use crate::models::rnnoise::RnnoiseStream;

/// Loudest sample that networks see; files of floats may hold anything.
const LOUDEST: f32 = 8.0;
/// The sample rate in multiples of 16 kHz: that of films.
const FACTOR: usize = 3;

/// A network that takes noise off speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DenoiserNetwork {
    Rnnoise,
    Gtcrn,
}

/// One channel at 48 kHz being cleaned.
///
/// What comes out lines up with what went in: the first sample is the first one cleaned. It comes up to two frames
/// (48 ms) later.
#[derive(Clone)]
pub struct SpeechDenoiser(NetworkStream);

#[derive(Clone)]
enum NetworkStream {
    Rnnoise(RnnoiseStream),
    Gtcrn(Box<GtcrnStream>),
}

impl SpeechDenoiser {
    /// Begins with no noise known.
    pub fn new(network: DenoiserNetwork) -> Self {
        Self(match network {
            DenoiserNetwork::Rnnoise => NetworkStream::Rnnoise(RnnoiseStream::new()),
            DenoiserNetwork::Gtcrn => NetworkStream::Gtcrn(Box::new(GtcrnStream::new(FACTOR))),
        })
    }

    /// Takes the next samples and appends what is cleaned by now.
    ///
    /// Fails for GTCRN without `models`, and like its network.
    pub fn push(
        &mut self,
        models: Option<&Models>,
        samples: &[f32],
        cleaned: &mut Vec<f32>,
    ) -> Result<()> {
        let heard: Vec<f32> = samples
            .iter()
            .map(|sample| match sample.is_finite() {
                true => sample.clamp(-LOUDEST, LOUDEST),
                false => 0.0,
            })
            .collect();
        match &mut self.0 {
            NetworkStream::Rnnoise(stream) => {
                stream.push(&heard, cleaned);
                Ok(())
            }
            NetworkStream::Gtcrn(stream) => {
                let models = models.ok_or_else(|| Error::Usage {
                    what: "GTCRN is a network, and there are none".into(),
                    hint: Hint::NameModels,
                })?;
                stream.push(models, &heard, cleaned)
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    /// A voice-like sound that swells and fades: harmonics of 120 Hz and more with a quiet hiss.
    fn voice(seconds: usize) -> Vec<f32> {
        let mut seed = 1_u32;
        (0..seconds * 48_000)
            .map(|at| {
                let time = at as f64 / 48_000.0;
                let swell = 0.5 - 0.5 * (time * std::f64::consts::TAU * 2.0).cos();
                // The pitch rises, so that no period is like another.
                let turns = time * (120.0 + 20.0 * time) * std::f64::consts::TAU;
                let harmonics = (1..20).map(|number| {
                    let number = f64::from(number);
                    (turns * number).sin() / number
                });
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let hiss = f64::from(seed >> 8) / f64::from(1 << 24) - 0.5;
                (0.15 * swell * harmonics.sum::<f64>() + 0.01 * hiss) as f32
            })
            .collect()
    }

    fn cleaned(network: DenoiserNetwork, samples: &[f32], piece: usize) -> Vec<f32> {
        let models = reference_cases::models();
        let mut denoiser = SpeechDenoiser::new(network);
        let mut cleaned = Vec::new();
        let rest = vec![0.0; 4_800];
        for piece in samples.chunks(piece).chain([&rest[..]]) {
            denoiser.push(Some(models), piece, &mut cleaned).unwrap();
        }
        cleaned.truncate(samples.len());
        cleaned
    }

    /// The shift of `b` against `a` at which both correlate best, in samples.
    fn shift(a: &[f32], b: &[f32]) -> i64 {
        let correlation = |shift: i64| -> f64 {
            (10_000..a.len() - 10_000)
                .map(|at| f64::from(a[at]) * f64::from(b[(at as i64 + shift) as usize]))
                .sum()
        };
        (-600..=600)
            .max_by(|x, y| correlation(*x).total_cmp(&correlation(*y)))
            .unwrap()
    }

    #[test]
    fn what_comes_out_lines_up_to_the_sample_however_it_comes_in() {
        let voice = voice(2);
        for network in [DenoiserNetwork::Rnnoise, DenoiserNetwork::Gtcrn] {
            let whole = cleaned(network, &voice, voice.len());
            assert_eq!(whole.len(), voice.len(), "{network:?}");
            assert_eq!(whole, cleaned(network, &voice, 1234), "{network:?}");
            let late = shift(&voice, &whole);
            assert!(late.abs() <= 1, "{network:?}: {late} samples late");
        }
    }

    #[test]
    fn absurd_samples_give_numbers() {
        let mut samples = voice(1);
        for (at, sample) in samples.iter_mut().enumerate() {
            match at % 50 {
                7 => *sample = f32::NAN,
                8 => *sample = f32::INFINITY,
                9 => *sample = -1e30,
                _ => {}
            }
        }
        for network in [DenoiserNetwork::Rnnoise, DenoiserNetwork::Gtcrn] {
            let out = cleaned(network, &samples, 4_800);
            assert!(out.iter().all(|sample| sample.is_finite()), "{network:?}");
        }
        let mut denoiser = SpeechDenoiser::new(DenoiserNetwork::Gtcrn);
        assert!(denoiser.push(None, &[0.0; 2_000], &mut Vec::new()).is_err());
    }
}
