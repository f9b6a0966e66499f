//! Whether eyes are open, and where they look.
//!
//! Two signs of an open eye must come together: the mesh's eye aspect ratio (Soukupová & Čech, "Real-time eye blink
//! detection using facial landmarks", 2016), which by itself misses some closed eyes, and an iris: a disk that is
//! darker than what lies left and right of it, where lids do not cover its edge (after the circular operator of
//! Daugman, "How iris recognition works", 2004). Of 47 faces at least 64 pixels wide in corpus photos, the disk's
//! contrast, as a share of the eye's own range of luma, was at most 0.20 in the better eye of those with closed or
//! lowered eyes (5) and above 0.20 in 41 of the 42 others. No labeled set of closed eyes was at hand: read it as a
//! hint.
//!
//! The gaze is the head's direction and the turn of the eyeballs: an iris that is off the middle between the corners by
//! `u` half widths of the eye is turned by asin(1.25 u), an eye being open over 30 mm and an eyeball 24 mm thick.

use crate::analysis::ramp::ramp;
use crate::analysis::{Gaze, HeadPose};
use crate::geometry::{Rect, Size};
use crate::models::FaceMesh;
use crate::picture::{Filter, Rgb8, crop_resize};
use crate::time::rounded;

use super::oklab::luma8;

/// Width of a face, pixels, from which eyes are large enough.
const EYES_PIXELS: f64 = 72.0;
/// Corners (from the viewer's left), then upper and lower points of the lids, pair by pair.
const EYES: [([usize; 2], [[usize; 2]; 2]); 2] = [
    ([33, 133], [[160, 144], [158, 153]]),
    ([362, 263], [[385, 380], [387, 373]]),
];
/// Eye aspect ratio of a closed and of an open eye.
const ASPECT: (f64, f64) = (0.10, 0.18);
/// Contrast of the iris in a closed and in an open eye.
const IRIS: (f64, f64) = (0.14, 0.28);
/// An eye whose iris stands out less does not count for the gaze.
const CLEAR_IRIS: f64 = 0.2;
/// A gaze needs eyes as open as this.
const OPEN: f64 = 0.5;
/// Eyes that look in ways so different (half widths) were not seen well.
const DISAGREE: f64 = 0.45;
/// Half the width of an open eye over the radius of the ball.
const BALL: f64 = 1.25;
/// The iris of an eye that looks straight is this far below the line between the corners, half widths.
const STRAIGHT: f64 = -0.05;
/// Heads turned further than this (degrees) hide an eye.
const MOST_YAW: f64 = 50.0;

/// Side of the square that holds one eye, and its half over the half width of the eye.
const PATCH: usize = 64;
const MARGIN: f64 = 1.3;
/// Places along and across the eye.
const COLUMNS: i32 = 24;
const ROWS: i32 = 19;
/// Luma between the darkest and the brightest part of an eye (0..255) below which nothing is seen.
const LEAST_RANGE: f64 = 12.0;

/// What both eyes show.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct EyeReading {
    pub open: Option<f64>,
    pub gaze: Option<Gaze>,
}

/// Looks at the eyes of a face `width` pixels wide.
pub(crate) fn look(picture: &Rgb8, mesh: &FaceMesh, width: f64, pose: HeadPose) -> EyeReading {
    if width < EYES_PIXELS || pose.yaw.abs() > MOST_YAW {
        return EyeReading::default();
    }
    let mut irises = Vec::new();
    let mut aspect = 0.0;
    for (corners, lids) in EYES {
        let Some(ratio) = aspect_ratio(mesh, corners, lids) else {
            return EyeReading::default();
        };
        aspect += ratio / EYES.len() as f64;
        irises.extend(iris(picture, mesh, corners));
    }
    let best = irises
        .iter()
        .map(|iris| iris.contrast)
        .fold(f64::NEG_INFINITY, f64::max);
    if !best.is_finite() {
        return EyeReading::default();
    }
    let open = ramp(best, IRIS.0, IRIS.1) * ramp(aspect, ASPECT.0, ASPECT.1);
    EyeReading {
        open: Some(open),
        gaze: if open >= OPEN {
            gaze(&irises, pose)
        } else {
            None
        },
    }
}

fn gaze(irises: &[Iris], pose: HeadPose) -> Option<Gaze> {
    let clear = || irises.iter().filter(|iris| iris.contrast >= CLEAR_IRIS);
    let weight: f64 = clear().map(|iris| iris.contrast).sum();
    let mean = |of: fn(&Iris) -> f64| {
        clear().map(|iris| of(iris) * iris.contrast).sum::<f64>() / weight.max(1e-9)
    };
    let (across, down) = (mean(|iris| iris.across), mean(|iris| iris.down));
    let apart = clear()
        .map(|iris| (iris.across - across).abs())
        .fold(0.0, f64::max);
    if weight <= 0.0 || 2.0 * apart > DISAGREE {
        return None;
    }
    let turn = |off: f64| libm::asin((BALL * off).clamp(-1.0, 1.0));
    let x = libm::sin(pose.yaw.to_radians() + turn(across));
    let y = libm::sin(turn(down - STRAIGHT) - pose.pitch.to_radians());
    Some(Gaze {
        x: rounded(x),
        y: rounded(y),
    })
}

/// Mean height of the eye over its width.
fn aspect_ratio(mesh: &FaceMesh, [left, right]: [usize; 2], lids: [[usize; 2]; 2]) -> Option<f64> {
    let far = |a: usize, b: usize| {
        let (a, b) = (mesh.points.get(a)?, mesh.points.get(b)?);
        let squares = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b));
        Some(squares.sum::<f64>().sqrt())
    };
    let [[a, b], [c, d]] = lids;
    let width = far(left, right)?;
    let ratio = (far(a, b)? + far(c, d)?) / 2.0 / width;
    (width > 0.0 && ratio.is_finite()).then_some(ratio)
}

/// Where an iris is, in half widths of the eye from the middle between its corners, and how clear.
#[derive(Debug, Clone, Copy)]
struct Iris {
    across: f64,
    down: f64,
    contrast: f64,
}

fn iris(picture: &Rgb8, mesh: &FaceMesh, [left, right]: [usize; 2]) -> Option<Iris> {
    let patch = patch(picture, mesh.points.get(left)?, mesh.points.get(right)?)?;
    let mut sorted = patch.clone();
    sorted.sort_by(f64::total_cmp);
    let low = sorted.get(sorted.len() / 20)?;
    let high = sorted.get(sorted.len() * 9 / 10)?;
    let range = high - low;
    if range < LEAST_RANGE {
        return None;
    }
    let mut best: Option<Iris> = None;
    for row in -4..=4 {
        for column in -6..=6 {
            let (across, down) = (0.075 * f64::from(column), 0.075 * f64::from(row));
            let contrast = disk_contrast(&patch, across, down) / range;
            // Of equals the one nearest to the middle, so that a mirrored eye has the mirrored answer.
            let nearer = |other: &Iris| {
                let far = |x: f64, y: f64| x.abs() + y.abs();
                contrast > other.contrast + 1e-9
                    || (contrast > other.contrast - 1e-9
                        && far(across, down) < far(other.across, other.down) - 1e-9)
            };
            if best.as_ref().is_none_or(nearer) {
                best = Some(Iris {
                    across,
                    down,
                    contrast,
                });
            }
        }
    }
    best
}

/// Place of a column or row, half widths of the eye.
fn along(step: i32, steps: i32, half: f64) -> f64 {
    half * f64::from(step) / f64::from(steps)
}

/// Luma around an eye: rows of `2 × COLUMNS + 1` places from corner to corner, `2 × ROWS + 1` rows 0.8 half widths up
/// and down.
fn patch(picture: &Rgb8, left: &[f64; 3], right: &[f64; 3]) -> Option<Vec<f64>> {
    let (half_x, half_y) = ((right[0] - left[0]) / 2.0, (right[1] - left[1]) / 2.0);
    let half = (half_x * half_x + half_y * half_y).sqrt();
    let (middle_x, middle_y) = (left[0] + half_x, left[1] + half_y);
    let (width, height) = (picture.width() as f64, picture.height() as f64);
    let reach = MARGIN * half;
    let inside = |at: f64, side: f64| at - reach >= 0.0 && at + reach <= side;
    if !(half > 2.0 && inside(middle_x, width) && inside(middle_y, height)) {
        return None;
    }
    let square = Rect::new(
        (middle_x - reach) / width,
        (middle_y - reach) / height,
        2.0 * reach / width,
        2.0 * reach / height,
    );
    let size = Size::new(PATCH as u32, PATCH as u32);
    let eye = crop_resize(picture, square, size, Filter::Bilinear);
    let scale = PATCH as f64 / 2.0 / MARGIN;
    let (cosine, sine) = (half_x / half, half_y / half);
    let mut values = Vec::new();
    for row in -ROWS..=ROWS {
        for column in -COLUMNS..=COLUMNS {
            let (u, v) = (along(column, COLUMNS, 1.0), along(row, ROWS, 0.8));
            let x = PATCH as f64 / 2.0 + scale * (cosine * u - sine * v);
            let y = PATCH as f64 / 2.0 + scale * (sine * u + cosine * v);
            values.push(luma_between(&eye, x, y));
        }
    }
    Some(values)
}

fn luma_between(eye: &Rgb8, x: f64, y: f64) -> f64 {
    let place = |at: f64, side: usize| {
        let at = (at - 0.5).clamp(0.0, side.saturating_sub(1) as f64);
        let first = at.floor() as usize;
        (
            first,
            (first + 1).min(side.saturating_sub(1)),
            at - at.floor(),
        )
    };
    let (left, right, across) = place(x, eye.width());
    let (top, bottom, down) = place(y, eye.height());
    let luma = |x: usize, y: usize| f64::from(luma8(eye.pixel(x, y)));
    let above = luma(left, top) + (luma(right, top) - luma(left, top)) * across;
    let below = luma(left, bottom) + (luma(right, bottom) - luma(left, bottom)) * across;
    above + (below - above) * down
}

/// Mean luma left or right of a disk, whichever is darker, less the mean inside.
fn disk_contrast(patch: &[f64], across: f64, down: f64) -> f64 {
    let (mut inside, mut left, mut right) = ([0.0, 0.0], [0.0, 0.0], [0.0, 0.0]);
    let mut values = patch.iter();
    for row in -ROWS..=ROWS {
        let v = along(row, ROWS, 0.8) - down;
        for column in -COLUMNS..=COLUMNS {
            let Some(value) = values.next() else {
                return 0.0;
            };
            let u = along(column, COLUMNS, 1.0) - across;
            let squared = u * u + v * v;
            let side = if squared < 0.26 * 0.26 {
                &mut inside
            } else if v.abs() < 0.22 && squared > 0.42 * 0.42 && squared < 0.62 * 0.62 {
                if u < 0.0 { &mut left } else { &mut right }
            } else {
                continue;
            };
            side[0] += value;
            side[1] += 1.0;
        }
    }
    let mean = |[sum, count]: [f64; 2]| sum / f64::max(count, 1.0);
    mean(left).min(mean(right)) - mean(inside)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::head_pose::tests::turned;
    use super::*;

    /// A face straight ahead with two drawn eyes, whose irises are off the middle by `off` half widths; no iris for
    /// `None`.
    fn face(off: Option<f64>) -> (Rgb8, FaceMesh) {
        let mut mesh = turned(0.0, 0.0, 0.0);
        let size = Size::new(200, 160);
        let mut samples = vec![190_u8; 200 * 160 * 3];
        for (([left, right], lids), from) in EYES.into_iter().zip([52.0, 112.0]) {
            let (half, y) = (18.0, 60.0);
            mesh.points[left] = [from, y, 0.0];
            mesh.points[right] = [from + 2.0 * half, y, 0.0];
            for ([above, below], x) in lids.into_iter().zip([from + 10.0, from + 26.0]) {
                mesh.points[above] = [x, y - 5.0, 0.0];
                mesh.points[below] = [x, y + 5.0, 0.0];
            }
            for row in 0..160_usize {
                for column in 0..200_usize {
                    let u = (column as f64 + 0.5 - from - half) / half;
                    let v = (row as f64 + 0.5 - y) / half;
                    if u * u + 4.0 * v * v > 1.0 {
                        continue;
                    }
                    let dark = off.is_some_and(|off| (u - off) * (u - off) + v * v < 0.35 * 0.35);
                    let value = match (off, dark) {
                        (Some(_), true) => 40,
                        (Some(_), false) => 225,
                        // A lid with a line of lashes.
                        (None, _) if v.abs() < 0.08 => 60,
                        (None, _) => 180,
                    };
                    samples[(row * 200 + column) * 3..][..3].fill(value);
                }
            }
        }
        (Rgb8::new(size, samples).unwrap(), mesh)
    }

    #[test]
    fn open_eyes_look_where_their_irises_are() {
        let of = |off: Option<f64>| {
            let (picture, mesh) = face(off);
            look(&picture, &mesh, 120.0, HeadPose::default())
        };
        let (ahead, right, left) = (of(Some(0.0)), of(Some(0.3)), of(Some(-0.3)));
        assert!(ahead.open.unwrap() > 0.9);
        assert!(ahead.gaze.unwrap().x.abs() < 0.1, "{ahead:?}");
        let (right, left) = (right.gaze.unwrap().x, left.gaze.unwrap().x);
        assert!((right - 0.375).abs() < 0.1 && (left + right).abs() < 0.05);
        let closed = of(None);
        assert!(closed.open.unwrap() < 0.3, "{closed:?}");
        assert_eq!(closed.gaze, None);
    }

    #[test]
    fn a_turned_head_can_look_into_the_camera() {
        let (picture, mesh) = face(Some(-0.3));
        let pose = HeadPose {
            yaw: 22.0,
            ..HeadPose::default()
        };
        let gaze = look(&picture, &mesh, 120.0, pose).gaze.unwrap();
        assert!(gaze.x.abs() < 0.1, "{gaze:?}");
        let small = look(&picture, &mesh, 60.0, pose);
        assert!(small.open.is_none() && small.gaze.is_none());
    }
}
