//! The tube in which a crop's middle must stay: around the subject, and around the faces at the key frame.

use crate::analysis::Shot;
use crate::edit::framing::axis::{CropAxis, plausible};
use crate::edit::framing::crop_path::Ring;
use crate::edit::framing::subject_path::{PathSample, at, smoothed, without_outliers};
use crate::geometry::Rect;

/// Greatest half width of the tube, in crop sizes: how far the subject may stray from the middle …
const LOOSE: f64 = 0.2;
/// … and the least, so that a subject as large as the crop does not make it jitter.
const TIGHT: f64 = 0.1;
/// Most seconds between two rings of the tube.
const STEP: f64 = 0.2;
/// Most rings of a tube, a guard against absurd lengths.
const MOST_RINGS: f64 = 100_000.0;
/// Seconds around the segment in which the subject also counts, so that the path does not jerk at its ends.
const AROUND: f64 = 1.0;

/// The tube from `start` to `end`; empty if the subject is unknown.
pub(super) fn tube(axis: CropAxis, shot: &Shot, start: f64, end: f64) -> Vec<Ring> {
    let mut samples: Vec<PathSample> = shot
        .subject_path
        .iter()
        .filter(|point| {
            point[0].is_finite() && plausible(Rect::new(point[1], point[2], point[3], point[4]))
        })
        .map(|&[time, x, y, width, height]| {
            let (from, to) = axis.stretch(Rect::new(x, y, width, height).clipped());
            PathSample {
                time,
                middle: (from + to) / 2.0,
                extent: to - from,
            }
        })
        .collect();
    if samples.is_empty() || end - start <= 0.0 {
        return Vec::new();
    }
    samples.sort_by(|a, b| a.time.total_cmp(&b.time));
    let first = samples
        .partition_point(|sample| sample.time < start - AROUND)
        .saturating_sub(1);
    let last = samples.partition_point(|sample| sample.time <= end + AROUND) + 1;
    let samples = samples
        .get(first..last.min(samples.len()))
        .unwrap_or(&samples);
    let samples = smoothed(&without_outliers(samples));
    let steps = ((end - start) / STEP).ceil().clamp(1.0, MOST_RINGS) as usize;
    let faces = axis.around_faces(&shot.picture.faces);
    let size = axis.size();
    (0..=steps)
        .map(|step| {
            let time = start + (end - start) * step as f64 / steps as f64;
            let (middle, extent) = at(&samples, time);
            let free = ((size - extent) / 2.0).clamp(TIGHT * size, LOOSE * size);
            let (mut low, mut high) = (axis.clamp(middle - free), axis.clamp(middle + free));
            // Faces are known at the key frame only.
            if let Some((from, to)) = faces
                && from <= to
                && (time - shot.key_time).abs() <= STEP
            {
                (low, high) = if low.max(from) <= high.min(to) {
                    (low.max(from), high.min(to))
                } else {
                    let near = middle.clamp(from, to);
                    (near, near)
                };
                (low, high) = (axis.clamp(low), axis.clamp(high));
            }
            Ring { time, low, high }
        })
        .collect()
}
