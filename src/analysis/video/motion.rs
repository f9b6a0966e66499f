//! Motion of the camera and of the subject from one frame to the next, on luma thumbnails.
//!
//! The shift of the camera is where two thumbnails differ least (sum of absolute differences, coarse to fine over three
//! sizes). Twelve blocks are matched around it, and the full move of the camera is the similarity transform that most
//! of them agree on ([`camera_transform`]). The difference that remains is the motion of the subject.
//!
//! [`camera_transform`]: super::camera_transform

use crate::analysis::video::camera_transform::{BlockShift, Similarity, fit};
use crate::analysis::video::luma_thumbnail::{Area, LumaPlane, ThumbPyramid};
use crate::analysis::video::registration::{left_over, refine};

/// Largest shift that is tried, in pixels of the coarsest level.
const SEARCH: i32 = 7;
/// A shift of at most [`NEAR`] with a mean difference (of 255) up to this ends the search.
const GOOD_ENOUGH: f32 = 1.5;
/// Shifts up to this, in pixels of the coarsest level, are tried first.
const NEAR: i32 = 2;
/// A larger shift must leave less than this share of the difference of the near one, since repeated patterns match at
/// many shifts.
const CLEAR_GAIN: f32 = 0.8;
/// Blocks are searched within this many pixels around the shift of the camera.
const BLOCK_REACH: i32 = 2;
/// Blocks across and down.
const BLOCKS_ACROSS: usize = 4;
const BLOCKS_DOWN: usize = 3;
/// Differences up to this (of 255) are noise.
const NOISE: f32 = 1.0;
/// Frame rate that differences between frames are scaled to, per second.
const REFERENCE_RATE: f32 = 25.0;
/// Mean difference (of 255, at the reference rate) at which the energy of the subject is 1.
const WILD: f32 = 14.0;
/// Speed, in widths a second, at which the energy of the camera is 1.
const FAST_CAMERA: f32 = 1.2;

/// The motion between two frames.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct FrameMotion {
    /// Shift of the picture to the right, in widths.
    pub x: f32,
    /// Shift of the picture down, in widths.
    pub y: f32,
    /// Growth of the picture: 0.01 is one percent.
    pub zoom: f32,
    /// Rotation of the picture, radians, clockwise.
    pub roll: f32,
    /// Mean absolute difference of luma (of 255) that remains after the shift, above noise.
    pub rest: f32,
    /// The difference that remains after the full move (shift in fractions of pixels, zoom, roll): the subject's
    /// motion.
    pub subject: f32,
}

/// The motion from `before` to `after`; none if their sizes differ.
pub(crate) fn compare(before: &ThumbPyramid, after: &ThumbPyramid) -> FrameMotion {
    if (before.full.width, before.full.height) != (after.full.width, after.full.height)
        || before.quarter.width < 12
        || before.quarter.height < 12
    {
        return FrameMotion::default();
    }
    let (shift, rest) = global_shift(before, after);
    let (camera, left) = match fit(&blocks(&before.half, &after.half, shift)) {
        Some(found) => refine(&before.half, &after.half, found),
        None => {
            let still = Similarity {
                x: shift.0 as f32,
                y: shift.1 as f32,
                ..Similarity::default()
            };
            (still, left_over(&before.half, &after.half, &still))
        }
    };
    let width = before.half.width as f32;
    FrameMotion {
        x: camera.x / width,
        y: camera.y / width,
        zoom: camera.zoom,
        roll: camera.roll,
        rest: (rest - NOISE).max(0.0),
        subject: (left.min(rest) - NOISE).max(0.0),
    }
}

/// The shift in pixels of the middle level, and the difference it leaves.
fn global_shift(before: &ThumbPyramid, after: &ThumbPyramid) -> ((i32, i32), f32) {
    let (coarse, whole) = (before.quarter.whole(), before.half.whole());
    let refined = |shift: (i32, i32)| {
        let start = (shift.0 * 2, shift.1 * 2);
        best_shift(&before.half, &after.half, start, 2, &whole)
    };
    let close = best_shift(&before.quarter, &after.quarter, (0, 0), NEAR, &coarse);
    let (near_shift, near) = refined(close.0);
    if near <= GOOD_ENOUGH {
        return (near_shift, near);
    }
    let wide = best_shift(&before.quarter, &after.quarter, (0, 0), SEARCH, &coarse);
    if wide.0 != close.0 {
        let (far_shift, far) = refined(wide.0);
        if far < CLEAR_GAIN * near {
            return (far_shift, far);
        }
    }
    (near_shift, near)
}

/// The shift within `radius` of `start` with the least mismatch, and that mismatch; among equals the one nearest to
/// `start`.
fn best_shift(
    before: &LumaPlane,
    after: &LumaPlane,
    start: (i32, i32),
    radius: i32,
    area: &Area,
) -> ((i32, i32), f32) {
    let mut best = (start, before.mismatch(after, start, area, f32::INFINITY));
    for ring in 1..=radius {
        for dy in -ring..=ring {
            // All of the first and last row of a ring, and the ends of the others.
            let stride = if dy.abs() == ring { 1 } else { 2 * ring };
            for dx in (-ring..=ring).step_by(stride as usize) {
                let shift = (start.0 + dx, start.1 + dy);
                let found = before.mismatch(after, shift, area, best.1);
                if found < best.1 {
                    best = (shift, found);
                }
            }
        }
    }
    best
}

/// The shift, in pixels, of each block that has texture; searched around `global`.
fn blocks(before: &LumaPlane, after: &LumaPlane, global: (i32, i32)) -> Vec<BlockShift> {
    let mut found: Vec<BlockShift> = Vec::with_capacity(BLOCKS_ACROSS * BLOCKS_DOWN);
    for row in 0..BLOCKS_DOWN {
        for column in 0..BLOCKS_ACROSS {
            let area = Area {
                left: before.width * column / BLOCKS_ACROSS,
                right: before.width * (column + 1) / BLOCKS_ACROSS,
                top: before.height * row / BLOCKS_DOWN,
                bottom: before.height * (row + 1) / BLOCKS_DOWN,
            };
            if !before.has_texture(&area) {
                continue;
            }
            let (shift, middle) = best_shift(before, after, global, BLOCK_REACH, &area);
            let at = |dx: i32, dy: i32| {
                let shift = (shift.0 + dx, shift.1 + dy);
                before.mismatch(after, shift, &area, f32::INFINITY)
            };
            found.push(BlockShift {
                x: (area.left + area.right) as f32 / 2.0 - before.width as f32 / 2.0,
                y: (area.top + area.bottom) as f32 / 2.0 - before.height as f32 / 2.0,
                dx: shift.0 as f32 + vertex(at(-1, 0), middle, at(1, 0)),
                dy: shift.1 as f32 + vertex(at(0, -1), middle, at(0, 1)),
            });
        }
    }
    found
}

/// Sub-pixel position of a minimum, -0.5..0.5: the intersection of two lines of opposite slope through three values,
/// the shape of sums of absolute differences there (Shimizu & Okutomi, *Precise sub-pixel estimation on area-based
/// matching*, 2001).
fn vertex(left: f32, middle: f32, right: f32) -> f32 {
    let slope = left.max(right) - middle;
    if slope.is_finite() && slope > 1e-6 {
        ((left - right) / (2.0 * slope)).clamp(-0.5, 0.5)
    } else {
        0.0
    }
}

/// Energy of one step, 0 still .. 1 wild: `1 − (1 − s)(1 − c/2)`, where `s` is the remaining difference at the
/// reference rate over [`WILD`] and `c` the speed of the camera over [`FAST_CAMERA`].
pub(crate) fn energy(step: &FrameMotion, seconds: f32) -> f32 {
    let seconds = seconds.clamp(1.0 / 120.0, 0.2);
    let subject = at_reference_rate(step.rest, seconds);
    let speed = (step.x * step.x + step.y * step.y).sqrt() / seconds;
    let camera = (speed / FAST_CAMERA).min(1.0);
    1.0 - (1.0 - subject) * (1.0 - 0.5 * camera)
}

/// Energy of the subject alone, 0..1.
pub(crate) fn subject_energy(step: &FrameMotion, seconds: f32) -> f32 {
    at_reference_rate(step.subject, seconds.clamp(1.0 / 120.0, 0.2))
}

fn at_reference_rate(difference: f32, seconds: f32) -> f32 {
    (difference / (REFERENCE_RATE * seconds) / WILD).min(1.0)
}

/// One step and its length in seconds.
pub(crate) type TimedMotion = (FrameMotion, f32);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::video::synthetic_views::{View, view};

    #[test]
    fn a_shift_of_the_camera_is_measured() {
        for (x, y) in [(6.0, 0.0), (-13.0, 4.0), (1.5, -3.0), (0.0, 0.0)] {
            let step = compare(&view(View::default()), &view(View::at(-x, -y)));
            assert!((step.x * 160.0 - x as f32).abs() < 0.8, "{x}: {step:?}");
            assert!((step.y * 160.0 - y as f32).abs() < 0.8, "{y}: {step:?}");
            assert!(step.rest < 8.0 && step.zoom.abs() < 0.01, "{step:?}");
        }
    }

    #[test]
    fn zoom_and_roll_are_measured_apart_and_leave_little() {
        for (zoom, roll) in [(0.02, 0.0), (-0.015, 0.0), (0.0, 0.02), (0.01, -0.015)] {
            let after = View {
                scale: 1.0 + zoom,
                roll,
                ..View::at(-2.0, 1.0)
            };
            let step = compare(&view(View::default()), &view(after));
            assert!((step.zoom - zoom as f32).abs() < 0.003, "{zoom}: {step:?}");
            assert!((step.roll - roll as f32).abs() < 0.003, "{roll}: {step:?}");
            assert!(step.subject < 0.6 * step.rest, "{step:?}");
        }
    }

    #[test]
    fn a_subject_that_moves_alone_is_no_camera() {
        let before = view(View::default());
        let after = view(View {
            patch: Some(9.0),
            ..View::default()
        });
        let step = compare(
            &view(View {
                patch: Some(0.0),
                ..View::default()
            }),
            &after,
        );
        assert!(
            step.x.abs() * 160.0 < 0.5 && step.zoom.abs() < 0.003,
            "{step:?}"
        );
        assert!(step.subject > 1.0, "{step:?}");
        assert!(compare(&before, &before).subject < 0.01);
    }
}
