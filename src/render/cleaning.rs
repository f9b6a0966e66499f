//! Takes noise off the sound of a source as it is played.
//!
//! What is cleaned lines up with the picture to the sample: the source is read ahead by as much as a network lags. A part
//! of the untouched sound stays under what is cleaned, so that the room does not fall silent between words and soft
//! consonants survive where the network takes them for noise.

use std::collections::VecDeque;

use crate::edit::Denoiser;
use crate::error::Result;
use crate::models::{DenoiserNetwork, Models, SpeechDenoiser};
use crate::sound::CHANNELS;

/// Share of RNNoise's sound in what comes out, 0..1. On the half for tuning of `scripts/measure-speech-cleaning` no more
/// words are wrong than untouched with 0.6, and some are with 0.8.
const RNNOISE_SHARE: f32 = 0.6;
/// Share of GTCRN's sound, for the same reason.
const GTCRN_SHARE: f32 = 0.6;
/// Samples (a channel) for which a network listens before a segment begins: within a second it knows the noise.
pub(super) const RUN_IN: i64 = 48_000;

/// Cleans interleaved stereo at 48 kHz.
pub(super) struct SoundCleaner<'a> {
    models: Option<&'a Models>,
    /// Share of what is cleaned in what comes out, 0..1.
    share: f32,
    left: Channel,
    /// Absent while both channels have been the same, as they are of one microphone.
    right: Option<Channel>,
    /// Interleaved samples of which not everything is cleaned yet.
    untouched: VecDeque<f32>,
}

/// One channel, and what of it is cleaned and not used yet.
#[derive(Clone)]
struct Channel {
    denoiser: SpeechDenoiser,
    cleaned: VecDeque<f32>,
}

impl<'a> SoundCleaner<'a> {
    /// `None` where nothing is taken off.
    pub fn new(denoiser: Denoiser, models: Option<&'a Models>) -> Option<Self> {
        let (network, share) = match denoiser {
            Denoiser::None => return None,
            Denoiser::Rnnoise => (DenoiserNetwork::Rnnoise, RNNOISE_SHARE),
            Denoiser::Gtcrn => (DenoiserNetwork::Gtcrn, GTCRN_SHARE),
        };
        Some(Self {
            models,
            share,
            left: Channel {
                denoiser: SpeechDenoiser::new(network),
                cleaned: VecDeque::new(),
            },
            right: None,
            untouched: VecDeque::new(),
        })
    }

    /// Takes the next interleaved samples.
    pub fn push(&mut self, samples: &[f32]) -> Result<()> {
        let (left, right): (Vec<f32>, Vec<f32>) = samples
            .chunks_exact(CHANNELS)
            .map(|pair| (pair[0], pair[1]))
            .unzip();
        if self.right.is_none() && left != right {
            self.right = Some(self.left.clone());
        }
        self.left.push(&left, self.models)?;
        if let Some(channel) = &mut self.right {
            channel.push(&right, self.models)?;
        }
        self.untouched.extend(samples);
        Ok(())
    }

    /// Moves cleaned samples to the end of `out`, until it holds `wanted` or there are no more yet.
    pub fn take(&mut self, wanted: usize, out: &mut Vec<f32>) {
        while out.len() < wanted {
            let Some(left) = self.left.cleaned.pop_front() else {
                return;
            };
            let right = match &mut self.right {
                Some(channel) => channel.cleaned.pop_front().unwrap_or(left),
                None => left,
            };
            for cleaned in [left, right] {
                let untouched = self.untouched.pop_front().unwrap_or(0.0);
                out.push(untouched + (cleaned - untouched) * self.share);
            }
        }
    }
}

impl Channel {
    fn push(&mut self, samples: &[f32], models: Option<&Models>) -> Result<()> {
        let mut cleaned = Vec::with_capacity(samples.len());
        self.denoiser.push(models, samples, &mut cleaned)?;
        self.cleaned.extend(cleaned);
        Ok(())
    }
}
