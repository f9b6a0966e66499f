//! `dehaze`: removes haze.
//!
//! `mask/haze.rs` measures the haze over each part of the picture and its color A. This step refines the measurement at
//! the picture's edges by the guided filter of the masks, and solves the model of haze for the clear picture: J = A +
//! (I − A) / t. Three rules prevent harm: t is at least [`LEAST_THROUGH`]; no channel falls below black; and colors
//! close to A, which are sky, snow and clouds more often than objects behind haze, are changed less.
//!
//! It runs before all color steps, since haze is part of the original picture. In clips the mask and A come from the
//! [`crate::looks::MaskTracker`], which measures twice a second and smooths both over time, so that they do not
//! flicker.

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::looks::check::Problem;
use crate::looks::depth::Depth;
use crate::looks::mask::{Air, Guide, GuidedMask, GuidedRows, MaskSource, Masks};
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{MeasuredPass, StepStage, Step, StepInfo};
use crate::looks::texture::{BAND, share};
use crate::picture::{Rgb, Rgb8, Rgb16};

/// Removes the haze that was measured on the picture; clear pictures do not change. Runs before all color steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dehaze {
    /// The share of the haze to remove, 0..100; 50 keeps some air in the distance.
    pub amount: f64,
}

static FIELDS: &[NumberField<Dehaze>] = &[NumberField::new("amount", [0.0, 100.0], "%", |step: &Dehaze| {
    step.amount
})
.note("how much of the haze")];

/// Share of the haze that the full amount removes, as in the paper of He et al.: without any haze the distance looks
/// near.
const MOST: f32 = 0.95;
/// Least transmission that is assumed: behind thicker haze there is mostly noise.
const LEAST_THROUGH: f32 = 0.25;
/// Distance from the air (of the range) below which a color is changed less; close to the air it does not change at
/// all.
const NEAR_AIR: f32 = 0.14;
/// Neighborhoods of the filter reach one part in this many of the longer side: about four times those of the
/// measurement, so that its squares do not show.
const REACH: u32 = 20;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "dehaze",
    stage: StepStage::Measured,
    takes_masks: false,
    feature: Some("dehaze"),
    parameters: || described(FIELDS),
    summary: "Measured on each picture; clear pictures stay as they are",
    formula: "A + (v − A) / t, t = 1 − 0.95 a H, H the least v / A of a neighborhood (15 of 600 pixels) at the edges \
              of a guided filter (reach a 20th, ridge 0.0001), A the mean of the 0.1 % with the most haze. t is at \
              least 0.25 and 1 − min v / A; where all |v − A| are below 0.14 it grows toward 1. H is 70 % less on \
              skin, and fades out where its median falls from 0.42 to 0.20",
    source: "He, Sun and Tang 2009, 2011, 2013",
};

impl Step for Dehaze {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn measured_pass(&self, strength: f64) -> Option<Arc<dyn MeasuredPass>> {
        let amount = (MOST * share(self.amount, strength)).min(1.0);
        (amount > 0.0).then(|| -> Arc<dyn MeasuredPass> { Arc::new(HazeRemoval { amount }) })
    }

    fn amount(&self) -> f64 {
        self.amount
    }
}

#[derive(Debug)]
struct HazeRemoval {
    /// Share of the haze to remove, 0..1.
    amount: f32,
}

impl MeasuredPass for HazeRemoval {
    fn source(&self) -> MaskSource {
        MaskSource::Haze
    }

    fn eight(&self, picture: &mut Rgb8, masks: &Masks) {
        self.run(picture, masks);
    }

    fn sixteen(&self, picture: &mut Rgb16, masks: &Masks) {
        self.run(picture, masks);
    }
}

impl HazeRemoval {
    fn run<T: Depth>(&self, picture: &mut Rgb<T>, masks: &Masks) {
        let Some(plane) = masks.get(MaskSource::Haze) else {
            return;
        };
        let air = masks.air().unwrap_or(Air::WHITE);
        let amount = self.amount * air.hazy;
        if amount <= 0.0 {
            return;
        }
        let guide = Guide::with_reach(picture, REACH);
        let haze = GuidedMask::soft(&guide, &plane.at_size(guide.size));
        let haze = GuidedRows::new(Arc::new(haze), picture.size());
        let width = picture.width();
        picture
            .samples_mut()
            .par_chunks_mut(3 * width * BAND)
            .enumerate()
            .for_each(|(band, samples)| {
                let mut weights = vec![0.0; width];
                let mut narrow = vec![];
                for (number, row) in samples.chunks_exact_mut(3 * width).enumerate() {
                    haze.row(band * BAND + number, row, &mut narrow, &mut weights);
                    clear(row, &weights, amount, air.color);
                }
            });
    }
}

/// Removes `amount` (0..1) of the haze from a row.
fn clear<T: Depth>(row: &mut [T], haze: &[f32], amount: f32, air: [f32; 3]) {
    for (pixel, haze) in row.chunks_exact_mut(3).zip(haze) {
        let color = [0, 1, 2].map(|channel: usize| {
            let sample: T = pixel[channel];
            f32::from(sample.widen()) * (1.0 / 65535.0)
        });
        let through = through(color, amount * haze, air);
        if through < 1.0 {
            for ((sample, value), air) in pixel.iter_mut().zip(color).zip(air) {
                *sample = T::from_fraction(air + (value - air) / through);
            }
        }
    }
}

/// The transmission assumed for a pixel under `haze`.
fn through(color: [f32; 3], haze: f32, air: [f32; 3]) -> f32 {
    let share = |channel: usize| color[channel] / air[channel];
    let darkest = share(0).min(share(1)).min(share(2));
    let through = (1.0 - haze).max(LEAST_THROUGH).max(1.0 - darkest);
    let away = |channel: usize| (color[channel] - air[channel]).abs();
    let away = away(0).max(away(1)).max(away(2));
    (through * (NEAR_AIR / away.max(1e-6)).max(1.0)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_of_haze_is_solved_but_never_below_black() {
        let (air, t) = ([0.8, 0.82, 0.85], 0.5);
        let hazy = [0.1, 0.3, 0.2].map(|clear: f32| clear * t);
        let hazy = [0, 1, 2].map(|channel: usize| hazy[channel] + air[channel] * (1.0 - t));
        assert!((through(hazy, 0.5, air) - 0.5).abs() < 1e-6);
        // At most half of its darkest channel can be haze.
        let dark = [0.4, 0.41, 0.425];
        assert!((through(dark, 0.9, air) - 0.5).abs() < 1e-5);
        // The air itself does not change.
        assert_eq!(through([0.81, 0.83, 0.86], 0.9, air), 1.0);
    }
}
