//! FireRedVAD AED: probabilities of speech, singing and music, 100 times a second.

use std::sync::LazyLock;

use crate::error::Result;
use crate::models::Models;
use crate::models::session::NetworkInput;
use crate::models::sound_rates::{EVENT_RATE, VOICE_RATE};
use crate::models::spectrum::{FilterBank, Spectrum, copy_frame};

const NETWORK: &str = "fireredvad-aed";
/// Samples a second.
const RATE: f64 = VOICE_RATE as f64;
/// Samples of a frame: 25 ms.
const FRAME: usize = 400;
/// Samples from one frame to the next: 10 ms.
const HOP: usize = (VOICE_RATE / EVENT_RATE) as usize;
/// Samples of the transform: the next power of two.
const TRANSFORM: usize = 512;
const BINS: usize = TRANSFORM / 2 + 1;
/// Filters of the mel bank.
const MELS: usize = 80;
/// Kinds of sound: speech, singing, music.
const EVENTS: usize = 3;
/// Frames of one call, one minute, so that memory does not grow with the length of the sound.
const BLOCK: usize = 6000;
/// Frames of context before and after a block. The network sees 160 to each side (with that much context, results were
/// measured to be equal to the bit), so blocks give exactly the same results as the whole sound.
const MARGIN: usize = 200;

/// Probabilities of one 10 ms frame.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[allow(missing_docs)]
pub struct SoundEventFrame {
    pub speech: f32,
    pub singing: f32,
    pub music: f32,
}

/// 80 triangular filters in `1127 ln(1 + f / 700)` from 20 to 8000 Hz, linear in mel; the last bin is not used.
static BANK: LazyLock<FilterBank> = LazyLock::new(|| {
    let mel = |hertz: f64| 1127.0 * (1.0 + hertz / 700.0).ln();
    let (low, high) = (mel(20.0), mel(8000.0));
    let step = (high - low) / (MELS + 1) as f64;
    FilterBank::dense(MELS, BINS - 1, |filter, bin| {
        let place = (mel(bin as f64 * RATE / TRANSFORM as f64) - low) / step - filter as f64;
        place.min(2.0 - place).max(0.0)
    })
});

impl Models {
    /// Probabilities for `samples` (mono, 16 kHz, -1..1); none for less than 25 ms. Frame `i` covers 25 ms from
    /// `i × 10` ms.
    pub fn sound_events(&self, samples: &[f32]) -> Result<Vec<SoundEventFrame>> {
        self.sound_events_in_blocks(samples, BLOCK)
    }

    fn sound_events_in_blocks(
        &self,
        samples: &[f32],
        block: usize,
    ) -> Result<Vec<SoundEventFrame>> {
        let frames = frames(samples);
        let mut events = Vec::with_capacity(frames);
        for start in (0..frames).step_by(block) {
            let end = (start + block).min(frames);
            let first = start.saturating_sub(MARGIN);
            let last = (end + MARGIN).min(frames);
            let numbers = log_mels(samples, first..last);
            let [answer] = self.run(
                NETWORK,
                &[NetworkInput::floats(
                    "fbank",
                    &[last - first, MELS],
                    &numbers,
                )],
                [("out0", (last - first) * EVENTS)],
            )?;
            let wanted = answer.chunks_exact(EVENTS).skip(start - first);
            events.extend(wanted.take(end - start).map(|frame| SoundEventFrame {
                speech: frame[0],
                singing: frame[1],
                music: frame[2],
            }));
        }
        Ok(events)
    }
}

/// Number of complete frames in `samples`.
fn frames(samples: &[f32]) -> usize {
    (samples.len() + HOP).saturating_sub(FRAME) / HOP
}

/// Kaldi's filter bank features: per frame the mean removed, pre-emphasis, Povey window, log of the mel powers.
fn log_mels(samples: &[f32], frames: std::ops::Range<usize>) -> Vec<f32> {
    let window = (0..FRAME)
        .map(|at| {
            let turn = std::f64::consts::TAU * at as f64 / (FRAME - 1) as f64;
            (0.5 - 0.5 * turn.cos()).powf(0.85)
        })
        .collect();
    let mut spectrum = Spectrum::new(window, TRANSFORM);
    let mut numbers = Vec::with_capacity(frames.len() * MELS);
    let mut frame = [0.0; FRAME];
    let mut emphasized = [0.0; FRAME];
    for index in frames {
        copy_frame(samples, (index * HOP) as i64, &mut frame);
        // The network was trained on 16-bit integers.
        let mean = frame.iter().sum::<f64>() / FRAME as f64;
        let mut before = frame[0];
        for (place, &sample) in emphasized.iter_mut().zip(&frame) {
            *place = 32_768.0 * ((sample - mean) - 0.97 * (before - mean));
            before = sample;
        }
        let power: Vec<f64> = spectrum.power(&emphasized).collect();
        let mels = BANK.through(&power);
        numbers.extend(mels.map(|mel| mel.max(1.192_092_9e-7).ln() as f32));
    }
    numbers
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn preprocessing_matches_the_reference() {
        let samples = reference_cases::sound("speech-music-both_16k.flac");
        let case = reference_cases::case("fireredvad-aed.speech-music-both");
        let numbers = log_mels(&samples, 0..frames(&samples));
        reference_cases::compare(&case, "fbank", &numbers, 0.01, 0.005);
    }

    #[test]
    fn only_whole_frames_count() {
        assert_eq!(frames(&[0.0; 399]), 0);
        assert_eq!(frames(&[0.0; 400]), 1);
        assert_eq!(frames(&[0.0; 559]), 1);
        assert_eq!(frames(&[0.0; 560]), 2);
        assert_eq!(frames(&[]), 0);
    }

    #[test]
    fn blocks_answer_exactly_like_the_whole() {
        let once = reference_cases::sound("speech-music-both_16k.flac");
        let samples = [&once[..], &once[..], &once[..]].concat();
        let whole = reference_cases::models().sound_events(&samples).unwrap();
        let blocks = reference_cases::models()
            .sound_events_in_blocks(&samples, 500)
            .unwrap();
        assert_eq!(whole.len(), frames(&samples));
        assert_eq!(whole, blocks);
    }
}
