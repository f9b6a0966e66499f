//! Technical quality: one score of sharpness, noise and exposure.
//!
//! Score = 0.45 × sharpness + 0.20 × (1 − noise) + 0.35 × exposure.

use super::noise::noise;
use super::sharpness::SharpnessMap;
use super::tone::{Tone, measure_tone};
use super::working_size::{COLOR_SIDE, reduced};
use crate::analysis::Quality;
use crate::analysis::ramp::ramp;
use crate::picture::Rgb8;
use crate::time::rounded;

/// Weights of the score.
const SHARPNESS_WEIGHT: f64 = 0.45;
const NOISE_WEIGHT: f64 = 0.20;
const EXPOSURE_WEIGHT: f64 = 0.35;

/// Measures the noise of `picture` at its own size, since reducing hides it, and combines it with what was measured
/// before.
pub(crate) fn measure(
    picture: &Rgb8,
    detail: &SharpnessMap,
    tone: &Tone,
    compression: Option<f64>,
) -> Quality {
    let sharpness = detail.sharpness();
    let noise = noise(picture);
    let exposure = exposure(tone);
    let score =
        SHARPNESS_WEIGHT * sharpness + NOISE_WEIGHT * (1.0 - noise) + EXPOSURE_WEIGHT * exposure;
    Quality {
        sharpness: rounded(sharpness),
        noise: rounded(noise),
        exposure: rounded(exposure),
        score: rounded(score),
        compression: compression.map(rounded),
        subject_sharpness: None,
        background_sharpness: None,
    }
}

/// Sharpness and exposure of a frame, each 0..1, as in [`measure`].
pub(crate) fn sharpness_and_exposure(picture: &Rgb8) -> (f64, f64) {
    let small = reduced(picture, COLOR_SIDE);
    let tone = measure_tone(&small, &small);
    (SharpnessMap::of(picture).sharpness(), exposure(&tone))
}

/// Exposure, 1 good .. 0 bad. Falls with the distance of the mean from mid grey, with clipped highlights (from 1 % on)
/// and shadows (from 8 % on, since black is often intended), and with a small range of luma.
fn exposure(tone: &Tone) -> f64 {
    let middle = ramp(tone.luma, 0.06, 0.30) * ramp(tone.luma, 0.96, 0.70);
    let highlights = 1.0 - ramp(tone.clipping.high, 0.01, 0.25);
    let shadows = 1.0 - 0.6 * ramp(tone.clipping.low, 0.08, 0.50);
    let range = 0.6 + 0.4 * ramp(tone.highlights - tone.shadows, 0.15, 0.50);
    middle * highlights * shadows * range
}
