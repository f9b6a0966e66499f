//! Refines the camera's move to a fraction of a pixel, and measures the difference that remains.
//!
//! Shifts of blocks by sums of absolute differences are biased to whole pixels, so that slow pans, zooms and rolls come
//! out too small. The similarity transform is therefore refined on the pixels themselves, by a Gauss–Newton step on the
//! difference of the two pictures that leaves out pixels with large differences (the subject): Lucas & Kanade 1981;
//! robustly, Odobez & Bouthemy 1995. Every other pixel in each direction is enough for four parameters.

use crate::analysis::video::camera_transform::Similarity;
use crate::analysis::video::luma_thumbnail::LumaPlane;

/// Difference (of 255) from which a pixel is an outlier.
const OUTSIDE: f32 = 24.0;
/// Regularization: added to the squared gradients for the shift, and for zoom and roll (times pixels²).
const HOLD: f32 = 400.0;
const HOLD_TURN: f32 = 400.0;
/// Largest step, in pixels and in shares (zoom) or radians (roll).
const FARTHEST: f32 = 0.75;
const FARTHEST_TURN: f32 = 0.03;

/// The refined move, and the mean absolute difference of luma that remains; infinite where nothing overlaps. A step
/// that increases it is discarded.
pub(crate) fn refine(
    before: &LumaPlane,
    after: &LumaPlane,
    found: Similarity,
) -> (Similarity, f32) {
    let sums = Sums::of(before, after, &found);
    let left = sums.rest();
    let Some([x, y, zoom, roll]) = sums.step() else {
        return (found, left);
    };
    let refined = Similarity {
        x: found.x + x,
        y: found.y + y,
        zoom: found.zoom + zoom,
        roll: found.roll + roll,
    };
    let rest = Sums::of(before, after, &refined).rest();
    if rest < left {
        (refined, rest)
    } else {
        (found, left)
    }
}

/// The difference without refining.
pub(crate) fn left_over(before: &LumaPlane, after: &LumaPlane, camera: &Similarity) -> f32 {
    Sums::of(before, after, camera).rest()
}

/// Sums over the pixels that both pictures show.
#[derive(Default)]
struct Sums {
    /// The normal equations of shift, zoom and roll, with the right-hand side last.
    rows: [[f32; 5]; 4],
    difference: f32,
    count: u32,
}

impl Sums {
    fn of(before: &LumaPlane, after: &LumaPlane, camera: &Similarity) -> Self {
        let mut sums = Self::default();
        let (width, height) = (before.width, before.height);
        if width < 4 || height < 4 || (width, height) != (after.width, after.height) {
            return sums;
        }
        let (wide, high) = (width as f32 / 2.0, height as f32 / 2.0);
        let (right, bottom) = ((width - 1) as f32, (height - 1) as f32);
        for y in (1..height - 1).step_by(2) {
            let rows = &before.luma[(y - 1) * width..(y + 2) * width];
            let from_y = y as f32 + 0.5 - high;
            for x in (1..width - 1).step_by(2) {
                let from_x = x as f32 + 0.5 - wide;
                let (dx, dy) = camera.shift_at(from_x, from_y);
                let (to_x, to_y) = (x as f32 + dx, y as f32 + dy);
                if !(to_x >= 0.0 && to_y >= 0.0 && to_x < right && to_y < bottom) {
                    continue;
                }
                let place = to_y as usize * width + to_x as usize;
                let (u, v) = (to_x.fract(), to_y.fract());
                let at = |place: usize| f32::from(after.luma[place]);
                let upper = at(place) + u * (at(place + 1) - at(place));
                let below = place + width;
                let lower = at(below) + u * (at(below + 1) - at(below));
                let here = |at: usize| f32::from(rows[at]);
                let rest = upper + v * (lower - upper) - here(width + x);
                sums.difference += rest.abs();
                sums.count += 1;
                if rest.abs() > OUTSIDE {
                    continue;
                }
                let across = (here(width + x + 1) - here(width + x - 1)) / 2.0;
                let down = (here(2 * width + x) - here(x)) / 2.0;
                let turns = [
                    across,
                    down,
                    across * from_x + down * from_y,
                    down * from_x - across * from_y,
                ];
                for (row, turn) in sums.rows.iter_mut().zip(turns) {
                    for (slot, other) in row.iter_mut().zip(turns) {
                        *slot += turn * other;
                    }
                    row[4] -= turn * rest;
                }
            }
        }
        sums
    }

    fn rest(&self) -> f32 {
        if self.count == 0 {
            return f32::INFINITY;
        }
        self.difference / self.count as f32
    }

    /// The step that minimizes the difference, by Gaussian elimination; `None` where it would be too large.
    fn step(&self) -> Option<[f32; 4]> {
        let mut rows = self.rows;
        for (at, row) in rows.iter_mut().enumerate() {
            row[at] += if at < 2 { HOLD } else { HOLD * HOLD_TURN };
        }
        for at in 0..4 {
            let pivot = rows[at];
            if pivot[at] <= 0.0 {
                return None;
            }
            for (other, row) in rows.iter_mut().enumerate() {
                if other != at {
                    let share = row[at] / pivot[at];
                    for (value, of) in row.iter_mut().zip(pivot) {
                        *value -= share * of;
                    }
                }
            }
        }
        let step: [f32; 4] = std::array::from_fn(|at| rows[at][4] / rows[at][at]);
        let near = step[..2].iter().all(|part| part.abs() <= FARTHEST)
            && step[2..].iter().all(|part| part.abs() <= FARTHEST_TURN);
        near.then_some(step)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::video::synthetic_views::{View, view};

    #[test]
    fn a_shift_of_a_third_of_a_pixel_is_found_from_none() {
        // Pixels of the middle level are twice as large.
        let (before, after) = (view(View::default()), view(View::at(-0.7, 0.4)));
        let (found, left) = refine(&before.half, &after.half, Similarity::default());
        assert!(
            (found.x - 0.35).abs() < 0.08 && (found.y + 0.2).abs() < 0.08,
            "{found:?}"
        );
        assert!(left < left_over(&before.half, &after.half, &Similarity::default()) / 2.0);
    }

    #[test]
    fn a_small_subject_does_not_pull_it() {
        let moved = |x: f64, right: f64| {
            view(View {
                patch: Some(right),
                ..View::at(x, 0.0)
            })
        };
        let (before, after) = (moved(0.0, 0.0), moved(-0.7, 6.0));
        let (found, left) = refine(&before.half, &after.half, Similarity::default());
        assert!((found.x - 0.35).abs() < 0.15, "{found:?}");
        assert!(left > 1.0, "the subject remains: {left}");
    }

    #[test]
    fn flat_pictures_and_other_sizes_stay_where_they_are() {
        let plane = |width: usize, luma: u8| LumaPlane {
            width,
            height: 20,
            luma: vec![luma; width * 20],
        };
        let (found, _) = refine(&plane(30, 90), &plane(30, 120), Similarity::default());
        assert_eq!(found, Similarity::default());
        let (found, left) = refine(&plane(30, 90), &plane(20, 90), Similarity::default());
        assert_eq!((found, left), (Similarity::default(), f32::INFINITY));
    }
}
