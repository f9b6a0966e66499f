//! How the camera and what it sees move from one frame to the next, on luma thumbnails.
//!
//! The camera's move is the shift at which two thumbnails differ least (sum of absolute differences, coarse to fine on a
//! pyramid of three), made finer and told apart from zoom by the shifts of twelve blocks around it. What still differs
//! after the shift is what moves in the picture.

use crate::analysis::Motion;
use crate::analysis::still::{luma8, ramp};
use crate::picture::Rgb8;
use crate::time::rounded;

/// Longer side of the thumbnails.
pub(crate) const THUMB_SIDE: u32 = 160;
/// Farthest shift that is looked for, in pixels of the coarsest level (an eighth of the side of the finest each).
const SEARCH: i32 = 7;
/// Blocks each way.
const BLOCKS_ACROSS: usize = 4;
const BLOCKS_DOWN: usize = 3;
/// Differences up to this (of 255) are noise.
const NOISE: f32 = 1.0;
/// The rate that differences between frames are brought to.
const REFERENCE_RATE: f32 = 25.0;
/// Mean difference (of 255, at the reference rate) that counts as wild.
const WILD: f32 = 14.0;
/// Widths a second that the camera moves at when it is fully busy.
const FAST_CAMERA: f32 = 1.2;

/// Luma, row by row.
#[derive(Debug, Clone)]
pub(crate) struct Plane {
    pub width: usize,
    pub height: usize,
    pub luma: Vec<u8>,
}

impl Plane {
    pub fn of(picture: &Rgb8) -> Self {
        Self {
            width: picture.width(),
            height: picture.height(),
            luma: picture.pixels().map(luma8).collect(),
        }
    }

    /// Half as large: the mean of four.
    fn halved(&self) -> Self {
        let (width, height) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mut luma = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let at = |dx: usize, dy: usize| {
                    let (x, y) = (
                        (2 * x + dx).min(self.width - 1),
                        (2 * y + dy).min(self.height - 1),
                    );
                    u32::from(self.luma[y * self.width + x])
                };
                luma.push(((at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1) + 2) / 4) as u8);
            }
        }
        Self {
            width,
            height,
            luma,
        }
    }

    /// Mean absolute difference where both overlap when `other` is shifted, over columns and rows `area`.
    fn mismatch(&self, other: &Self, shift: (i32, i32), area: &Area) -> f32 {
        let (dx, dy) = shift;
        let range = |from: usize, to: usize, side: usize, shift: i32| {
            let low = (from as i32).max(-shift).max(0);
            let high = (to as i32).min(side as i32 - shift).min(side as i32);
            (low as usize)..(high.max(low) as usize)
        };
        let rows = range(area.top, area.bottom, self.height.min(other.height), dy);
        let columns = range(area.left, area.right, self.width.min(other.width), dx);
        let count = rows.len() * columns.len();
        if count * 4 < (area.bottom - area.top) * (area.right - area.left) {
            return f32::INFINITY;
        }
        let mut sum = 0_u32;
        for y in rows {
            let here = y * self.width;
            let there = (y as i32 + dy) as usize * other.width;
            let mine = &self.luma[here + columns.start..here + columns.end];
            let start = (there as i64 + columns.start as i64 + i64::from(dx)) as usize;
            let theirs = &other.luma[start..start + columns.len()];
            sum += mine
                .iter()
                .zip(theirs)
                .map(|(&a, &b)| u32::from(a.abs_diff(b)))
                .sum::<u32>();
        }
        sum as f32 / count.max(1) as f32
    }

    fn whole(&self) -> Area {
        Area {
            left: 0,
            top: 0,
            right: self.width,
            bottom: self.height,
        }
    }
}

/// Columns and rows, ends exclusive.
struct Area {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

/// A thumbnail at three sizes.
#[derive(Debug, Clone)]
pub(crate) struct Thumb {
    pub full: Plane,
    half: Plane,
    quarter: Plane,
}

impl Thumb {
    pub fn new(picture: &Rgb8) -> Self {
        let full = Plane::of(picture);
        let half = full.halved();
        let quarter = half.halved();
        Self {
            full,
            half,
            quarter,
        }
    }

    /// True where nothing moved at all since `before`.
    pub fn is_same_as(&self, before: &Self) -> bool {
        let pixels = self.full.luma.len().max(1);
        let differing = self
            .full
            .luma
            .iter()
            .zip(&before.full.luma)
            .filter(|(a, b)| a.abs_diff(**b) > 5)
            .count();
        differing * 2000 <= pixels
    }
}

/// What happened between two frames.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Step {
    /// Shift of the picture to the right, in widths.
    pub x: f32,
    /// Shift of the picture down, in widths.
    pub y: f32,
    /// Growth of the picture: 0.01 is one percent.
    pub zoom: f32,
    /// Mean absolute difference of luma (of 255) that the shift leaves, above noise.
    pub rest: f32,
}

/// From `before` to `after`, which must be of one size (else nothing is said to move).
pub(crate) fn compare(before: &Thumb, after: &Thumb) -> Step {
    if (before.full.width, before.full.height) != (after.full.width, after.full.height)
        || before.quarter.width < 12
        || before.quarter.height < 12
    {
        return Step::default();
    }
    let whole = before.quarter.whole();
    let refined = |radius: i32| {
        let coarse = best_shift(&before.quarter, &after.quarter, (0, 0), radius, &whole);
        let start = (coarse.0 * 2, coarse.1 * 2);
        let shift = best_shift(&before.half, &after.half, start, 2, &before.half.whole());
        (
            before
                .half
                .mismatch(&after.half, shift, &before.half.whole()),
            shift,
        )
    };
    // A pattern that repeats fits at many places: without a clear gain the small shift is meant.
    let (near, far) = (refined(2), refined(SEARCH));
    let half = if far.0 < 0.8 * near.0 { far.1 } else { near.1 };
    let rest = before
        .half
        .mismatch(&after.half, half, &before.half.whole());
    let (x, y, zoom) = blocks(&before.half, &after.half, half);
    let width = before.half.width as f32;
    Step {
        x: x / width,
        y: y / width,
        zoom,
        rest: (rest - NOISE).max(0.0),
    }
}

/// The shift within `radius` of `start` with the least mismatch; of equals the one nearest to `start`.
fn best_shift(
    before: &Plane,
    after: &Plane,
    start: (i32, i32),
    radius: i32,
    area: &Area,
) -> (i32, i32) {
    let mut best = (before.mismatch(after, start, area), start);
    for ring in 1..=radius {
        for dy in -ring..=ring {
            for dx in -ring..=ring {
                if dx.abs().max(dy.abs()) != ring {
                    continue;
                }
                let shift = (start.0 + dx, start.1 + dy);
                let found = before.mismatch(after, shift, area);
                if found < best.0 {
                    best = (found, shift);
                }
            }
        }
    }
    best.1
}

/// Shift (pixels, with fractions) and zoom from the shifts of blocks around `global`.
fn blocks(before: &Plane, after: &Plane, global: (i32, i32)) -> (f32, f32, f32) {
    let mut found: Vec<[f32; 4]> = Vec::new();
    for row in 0..BLOCKS_DOWN {
        for column in 0..BLOCKS_ACROSS {
            let area = Area {
                left: before.width * column / BLOCKS_ACROSS,
                right: before.width * (column + 1) / BLOCKS_ACROSS,
                top: before.height * row / BLOCKS_DOWN,
                bottom: before.height * (row + 1) / BLOCKS_DOWN,
            };
            if !has_texture(before, &area) {
                continue;
            }
            let shift = best_shift(before, after, global, 2, &area);
            let at = |dx: i32, dy: i32| before.mismatch(after, (shift.0 + dx, shift.1 + dy), &area);
            let middle = at(0, 0);
            let fine_x = shift.0 as f32 + vertex(at(-1, 0), middle, at(1, 0));
            let fine_y = shift.1 as f32 + vertex(at(0, -1), middle, at(0, 1));
            let x = (area.left + area.right) as f32 / 2.0 - before.width as f32 / 2.0;
            let y = (area.top + area.bottom) as f32 / 2.0 - before.height as f32 / 2.0;
            found.push([x, y, fine_x, fine_y]);
        }
    }
    if found.len() < 3 {
        return (global.0 as f32, global.1 as f32, 0.0);
    }
    let x = median(found.iter().map(|block| block[2]).collect());
    let y = median(found.iter().map(|block| block[3]).collect());
    // Growth along the line from the middle, of the blocks that move about with the camera.
    let (mut along, mut square) = (0.0, 0.0);
    for [bx, by, sx, sy] in found {
        if (sx - x).abs() <= 1.5 && (sy - y).abs() <= 1.5 {
            along += (sx - x) * bx + (sy - y) * by;
            square += bx * bx + by * by;
        }
    }
    let zoom = if square > 0.0 { along / square } else { 0.0 };
    (x, y, zoom)
}

fn has_texture(plane: &Plane, area: &Area) -> bool {
    let mut steps = 0_u32;
    for y in area.top..area.bottom {
        let row = &plane.luma[y * plane.width + area.left..y * plane.width + area.right];
        steps += row
            .windows(2)
            .map(|pair| u32::from(pair[0].abs_diff(pair[1])))
            .sum::<u32>();
    }
    let pixels = (area.bottom - area.top) * (area.right - area.left);
    steps as usize > 2 * pixels
}

/// Where the parabola through three values is least, -0.5..0.5.
fn vertex(left: f32, middle: f32, right: f32) -> f32 {
    let bend = left - 2.0 * middle + right;
    if bend.is_finite() && bend > 1e-6 {
        ((left - right) / (2.0 * bend)).clamp(-0.5, 0.5)
    } else {
        0.0
    }
}

fn median(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// How busy one step is, 0 still .. 1 wild: `1 − (1 − s)(1 − c/2)`, `s` the rest at the reference rate over
/// [`WILD`], `c` the camera's speed over [`FAST_CAMERA`].
pub(crate) fn energy(step: &Step, seconds: f32) -> f32 {
    let seconds = seconds.clamp(1.0 / 120.0, 0.2);
    let subject = subject_energy(step, seconds);
    let speed = (step.x * step.x + step.y * step.y).sqrt() / seconds;
    let camera = (speed / FAST_CAMERA).min(1.0);
    1.0 - (1.0 - subject) * (1.0 - 0.5 * camera)
}

/// The part of [`energy`] that the camera does not make.
pub(crate) fn subject_energy(step: &Step, seconds: f32) -> f32 {
    let seconds = seconds.clamp(1.0 / 120.0, 0.2);
    (step.rest / (REFERENCE_RATE * seconds) / WILD).min(1.0)
}

/// One step with its length in seconds.
pub(crate) type TimedStep = (Step, f32);

/// How a shot moves. The camera is told by its mean speed and by how straight it goes (the length of the sum of its steps
/// over the sum of their lengths): `zoom`, `pan` and `tilt` go somewhere, `handheld` shakes, `static` does neither.
pub(crate) fn summarize(steps: &[TimedStep]) -> Motion {
    if steps.is_empty() {
        return Motion {
            energy: 0.0,
            camera: "static".into(),
            shake: 0.0,
        };
    }
    let count = steps.len() as f64;
    let mean_energy = steps
        .iter()
        .map(|(step, seconds)| f64::from(energy(step, *seconds)))
        .sum::<f64>()
        / count;
    let total: f64 = steps
        .iter()
        .map(|(_, seconds)| f64::from(*seconds))
        .sum::<f64>()
        .max(1e-3);
    let sum = |value: fn(&Step) -> f32| {
        steps
            .iter()
            .map(|(step, _)| f64::from(value(step)))
            .sum::<f64>()
    };
    let (x, y, zoom) = (sum(|s| s.x), sum(|s| s.y), sum(|s| s.zoom));
    let (far_x, far_y, far_zoom) = (
        sum(|s| s.x.abs()),
        sum(|s| s.y.abs()),
        sum(|s| s.zoom.abs()),
    );
    let straight = |net: f64, gross: f64| if gross > 1e-6 { net.abs() / gross } else { 0.0 };
    let wobble = shake(steps);
    let camera = if zoom.abs() / total > 0.03
        && straight(zoom, far_zoom) > 0.55
        && zoom.abs() > 0.7 * x.abs().max(y.abs())
    {
        "zoom"
    } else if x.abs() / total > 0.03 && straight(x, far_x) > 0.5 && x.abs() >= y.abs() {
        "pan"
    } else if y.abs() / total > 0.03 && straight(y, far_y) > 0.5 {
        "tilt"
    } else if wobble > 0.03 || (far_x + far_y) / total > 0.06 {
        "handheld"
    } else {
        "static"
    };
    Motion {
        energy: rounded(mean_energy),
        camera: camera.into(),
        shake: rounded(ramp(wobble, 0.01, 0.35)),
    }
}

/// Root mean square of the camera's speed (widths a second) around its mean over 5 frames on either side.
fn shake(steps: &[TimedStep]) -> f64 {
    let speeds: Vec<(f64, f64)> = steps
        .iter()
        .map(|(step, seconds)| {
            let seconds = f64::from(seconds.clamp(1.0 / 120.0, 0.2));
            (f64::from(step.x) / seconds, f64::from(step.y) / seconds)
        })
        .collect();
    let mut total = 0.0;
    for (at, speed) in speeds.iter().enumerate() {
        let near = &speeds[at.saturating_sub(5)..(at + 6).min(speeds.len())];
        let n = near.len() as f64;
        let mean_x = near.iter().map(|s| s.0).sum::<f64>() / n;
        let mean_y = near.iter().map(|s| s.1).sum::<f64>() / n;
        total += (speed.0 - mean_x).powi(2) + (speed.1 - mean_y).powi(2);
    }
    (total / speeds.len() as f64).sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    /// A smooth repeatable texture, seen from `x`, `y` at `scale`.
    fn view(x: f64, y: f64, scale: f64) -> Thumb {
        let samples = (0..90)
            .flat_map(|row| (0..160).map(move |column| (column, row)))
            .flat_map(|(column, row)| {
                let u = (f64::from(column) - 80.0) / scale + x;
                let v = (f64::from(row) - 45.0) / scale + y;
                let wave = (u * 0.21).sin()
                    + (v * 0.27).sin()
                    + (u * 0.067 + v * 0.09).sin() * 1.5
                    + ((u * 0.5).sin() * (v * 0.43).cos());
                [(128.0 + 24.0 * wave).clamp(0.0, 255.0) as u8; 3]
            })
            .collect();
        Thumb::new(&Rgb8::new(Size::new(160, 90), samples).unwrap())
    }

    #[test]
    fn a_shift_of_the_camera_is_measured() {
        for (x, y) in [(6.0, 0.0), (-13.0, 4.0), (1.5, -3.0), (0.0, 0.0)] {
            let step = compare(&view(0.0, 0.0, 1.0), &view(-x, -y, 1.0));
            assert!((step.x * 160.0 - x as f32).abs() < 0.8, "{x}: {step:?}");
            assert!((step.y * 160.0 - y as f32).abs() < 0.8, "{y}: {step:?}");
            assert!(step.rest < 8.0 && step.zoom.abs() < 0.01, "{step:?}");
        }
    }

    #[test]
    fn a_zoom_is_told_from_a_pan() {
        let steps: Vec<TimedStep> = (0..20)
            .map(|n| {
                let scale = |n: i32| 1.0 + 0.02 * f64::from(n);
                (
                    compare(&view(0.0, 0.0, scale(n)), &view(0.0, 0.0, scale(n + 1))),
                    0.04,
                )
            })
            .collect();
        assert_eq!(summarize(&steps).camera, "zoom");
        let steps: Vec<TimedStep> = (0..20)
            .map(|n| {
                let place = |n: i32| 3.0 * f64::from(n);
                (
                    compare(&view(place(n), 0.0, 1.0), &view(place(n + 1), 0.0, 1.0)),
                    0.04,
                )
            })
            .collect();
        assert_eq!(summarize(&steps).camera, "pan");
    }

    #[test]
    fn shaking_is_handheld_and_nothing_is_static() {
        let place = |n: usize| [0.0, 5.0, -4.0, 6.0, -6.0, 3.0, -2.0, 4.0][n % 8];
        let steps: Vec<TimedStep> = (0..24)
            .map(|n| {
                (
                    compare(
                        &view(place(n), 0.0, 1.0),
                        &view(place(n + 1), place(n), 1.0),
                    ),
                    0.04,
                )
            })
            .collect();
        let shaken = summarize(&steps);
        assert_eq!(shaken.camera, "handheld");
        assert!(shaken.shake > 0.5, "{shaken:?}");
        let still = compare(&view(0.0, 0.0, 1.0), &view(0.0, 0.0, 1.0));
        let rest = summarize(&[(still, 0.04); 10]);
        assert_eq!(rest.camera, "static");
        assert!(rest.energy < 0.005 && rest.shake == 0.0, "{rest:?}");
    }
}
