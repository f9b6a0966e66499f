//! Chooses the key frame of a shot: the sampled frame that represents it.

use std::ops::Range;

use crate::analysis::video::moments::UsableSpan;
use crate::analysis::video::samples::Sample;

/// Weights of sharpness, exposure and the best face, each 0..1, and the penalty at the ends of the shot.
const SHARPNESS: f64 = 0.55;
const EXPOSURE: f64 = 0.25;
const FACE: f64 = 0.15;
const OFF_MIDDLE: f64 = 0.20;

/// The best of `samples` that still has its picture, preferably among frames in `pure` (outside of transitions). `None`
/// for a shot too short for a sample.
pub(super) fn best_key_frame<'s>(
    samples: &[&'s Sample],
    pure: &Range<u64>,
    usable: UsableSpan,
) -> Option<&'s Sample> {
    let middle = (usable.start + usable.end) / 2.0;
    let half = ((usable.end - usable.start) / 2.0).max(1e-3);
    let worth = |sample: &Sample| {
        let measures = &sample.measures;
        let off = ((measures.time - middle).abs() / half).min(1.0);
        SHARPNESS * measures.sharpness + EXPOSURE * measures.exposure + FACE * measures.face
            - OFF_MIDDLE * off
    };
    let with_picture = || samples.iter().filter(|sample| sample.picture.is_some());
    let inside = with_picture().filter(|sample| pure.contains(&sample.frame));
    best_by(inside.copied(), worth).or_else(|| best_by(with_picture().copied(), worth))
}

/// The sample with the highest score; among equals the first.
fn best_by<'s>(
    samples: impl Iterator<Item = &'s Sample>,
    worth: impl Fn(&Sample) -> f64,
) -> Option<&'s Sample> {
    let mut best: Option<(f64, &Sample)> = None;
    for sample in samples {
        let value = worth(sample);
        if best.is_none_or(|(top, _)| value > top) {
            best = Some((value, sample));
        }
    }
    best.map(|(_, sample)| sample)
}
