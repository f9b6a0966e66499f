//! musicnn, two networks: music tags, and the penultimate layers that mood and embedding are computed from.

use std::sync::LazyLock;

use crate::error::Result;
use crate::models::Models;
use crate::models::music_heads::{LAST_LAYER, PENULTIMATE};
use crate::models::session::NetworkInput;
use crate::models::sound_rates::VOICE_RATE;
use crate::models::spectrum::{FilterBank, Spectrum, copy_frame, hann};

/// Trained on the Million Song Dataset and on MagnaTagATune.
const NETWORKS: [&str; 2] = ["musicnn-msd", "musicnn-mtt"];
/// Their label lists.
const LABELS: [&str; 2] = ["musicnn-msd.json", "musicnn-mtt.json"];
/// Samples a second.
const RATE: f64 = VOICE_RATE as f64;
/// Samples of a frame: 32 ms.
const FRAME: usize = 512;
/// Samples from one frame to the next: 16 ms.
const HOP: usize = 256;
const BINS: usize = FRAME / 2 + 1;
/// Filters of the mel bank.
const MELS: usize = 96;
/// Frames of one patch, 3 seconds.
const PATCH: usize = 187;
/// Samples of one patch: 2.992 seconds.
pub const MUSIC_PATCH: usize = PATCH * HOP;
/// Labels of each network.
const TAGS: usize = 50;

/// Output of the networks for a patch of three seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct MusicPatch {
    /// One probability for each of the 50 labels of each network, in the order of [`Models::music_tag_labels`].
    pub tags: [Vec<f32>; 2],
    /// 400 numbers, 200 of each network.
    pub penultimate: Vec<f32>,
}

/// Slaney's mel bank from 0 to 8000 Hz, each triangle of area 1.
static BANK: LazyLock<FilterBank> = LazyLock::new(|| {
    // Linear below 1000 Hz, logarithmic above.
    let step = 6.4_f64.ln() / 27.0;
    let top = 15.0 + (RATE / 2.0 / 1000.0).ln() / step;
    let hertz = |mel: f64| {
        if mel < 15.0 {
            mel * 200.0 / 3.0
        } else {
            1000.0 * ((mel - 15.0) * step).exp()
        }
    };
    let edges: Vec<f64> = (0..MELS + 2)
        .map(|edge| hertz(top * edge as f64 / (MELS + 1) as f64))
        .collect();
    FilterBank::dense(MELS, BINS, |filter, bin| {
        let frequency = bin as f64 * RATE / FRAME as f64;
        let (low, middle, high) = (edges[filter], edges[filter + 1], edges[filter + 2]);
        let rise = (frequency - low) / (middle - low);
        let fall = (high - frequency) / (high - middle);
        rise.min(fall).max(0.0) * 2.0 / (high - low)
    })
});

impl Models {
    /// Runs both networks on `samples` (mono, 16 kHz), patch by patch without overlap. A remainder of less than 3
    /// seconds is left out; shorter sound is padded with silence.
    pub fn music_patches(&self, samples: &[f32]) -> Result<Vec<MusicPatch>> {
        let patches = ((samples.len() / HOP + 1) / PATCH).max(1);
        let mut spectrum = Spectrum::new(hann(FRAME), FRAME);
        let mut heard = Vec::with_capacity(patches);
        for patch in 0..patches {
            // One patch a call: several at once are no faster, and would need more memory.
            let numbers = log_mels(&mut spectrum, samples, patch * PATCH);
            let mut tags = [const { Vec::new() }; NETWORKS.len()];
            let mut penultimate = Vec::with_capacity(PENULTIMATE);
            for (network, tags) in NETWORKS.into_iter().zip(&mut tags) {
                let [said, embedding] = self.run(
                    network,
                    &[NetworkInput::floats("mel", &[1, PATCH, MELS], &numbers)],
                    [("tags", TAGS), ("penultimate", LAST_LAYER)],
                )?;
                *tags = said;
                penultimate.extend(embedding);
            }
            heard.push(MusicPatch { tags, penultimate });
        }
        Ok(heard)
    }

    /// The 50 label texts of each network.
    pub fn music_tag_labels(&self) -> Result<[&[String]; 2]> {
        let [million, tagged] = LABELS;
        Ok([self.labels(million, TAGS)?, self.labels(tagged, TAGS)?])
    }
}

/// One patch of log10(10000 × mel power + 1). Frame `i` is centered on sample `256 × i`; samples past the end are 0.
fn log_mels(spectrum: &mut Spectrum, samples: &[f32], first: usize) -> Vec<f32> {
    let mut numbers = Vec::with_capacity(PATCH * MELS);
    let mut frame = [0.0; FRAME];
    for index in first..first + PATCH {
        if index > samples.len() / HOP {
            break;
        }
        let start = (index * HOP) as i64 - (FRAME / 2) as i64;
        copy_frame(samples, start, &mut frame);
        let power: Vec<f64> = spectrum.power(&frame).collect();
        let mels = BANK.through(&power);
        numbers.extend(mels.map(|mel| (10_000.0 * mel + 1.0).log10() as f32));
    }
    numbers.resize(PATCH * MELS, 0.0);
    numbers
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn preprocessing_matches_the_reference() {
        let samples = reference_cases::sound("pop120_16k.flac");
        let case = reference_cases::case("musicnn-msd.pop120");
        let mut spectrum = Spectrum::new(hann(FRAME), FRAME);
        let mut numbers = log_mels(&mut spectrum, &samples, 0);
        numbers.extend(log_mels(&mut spectrum, &samples, PATCH));
        reference_cases::compare(&case, "mel", &numbers, 0.001, 0.001);
    }

    #[test]
    fn short_sounds_make_one_patch_and_rests_are_left_out() {
        let models = reference_cases::models();
        for (length, patches) in [(0, 1), (100, 1), (PATCH * HOP, 1), (2 * PATCH * HOP, 2)] {
            let heard = models.music_patches(&vec![0.1; length]).unwrap();
            assert_eq!(heard.len(), patches, "{length} samples");
            for tag in heard.iter().flat_map(|patch| patch.tags.iter().flatten()) {
                assert!((0.0..=1.0).contains(tag));
            }
        }
    }
}
