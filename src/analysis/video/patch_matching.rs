//! Finds a part of one thumbnail in the next.

use super::box_motion::moved;
use super::luma_thumbnail::LumaPlane;
use crate::geometry::{Point, Rect};

/// Least normalized correlation of a match.
const BELIEVED: f32 = 0.55;

/// The position in `after` of the part `bounds` of `before`: the best normalized correlation within one box length in
/// each direction.
pub(super) fn match_patch(before: &LumaPlane, after: &LumaPlane, bounds: Rect) -> Option<Rect> {
    if (before.width, before.height) != (after.width, after.height) {
        return None;
    }
    let bounds = bounds.clipped();
    let (wide, high) = (before.width as f64, before.height as f64);
    let left = (bounds.x * wide).round() as i32;
    let top = (bounds.y * high).round() as i32;
    let width = ((bounds.width * wide).round() as i32).min(before.width as i32 - left);
    let height = ((bounds.height * high).round() as i32).min(before.height as i32 - top);
    if width < 5 || height < 5 {
        return None;
    }
    let reach_x = (width / 2).clamp(6, 24);
    let reach_y = (height / 2).clamp(4, 12);
    let mut best: Option<(f32, i32, i32)> = None;
    for dy in (-reach_y..=reach_y).step_by(2) {
        for dx in (-reach_x..=reach_x).step_by(2) {
            let (x, y) = (left + dx, top + dy);
            if x < 0 || y < 0 || x + width > after.width as i32 || y + height > after.height as i32
            {
                continue;
            }
            let likeness = correlation(before, (left, top), after, (x, y), (width, height));
            if best.is_none_or(|(top, ..)| likeness > top) {
                best = Some((likeness, dx, dy));
            }
        }
    }
    let (likeness, dx, dy) = best?;
    (likeness >= BELIEVED).then(|| {
        moved(
            bounds,
            Point {
                x: f64::from(dx) / wide,
                y: f64::from(dy) / high,
            },
        )
    })
}

/// Normalized correlation of two patches, every other pixel.
fn correlation(
    a: &LumaPlane,
    from: (i32, i32),
    b: &LumaPlane,
    to: (i32, i32),
    size: (i32, i32),
) -> f32 {
    let (mut n, mut sa, mut sb, mut saa, mut sbb, mut sab) = (0.0_f32, 0.0, 0.0, 0.0, 0.0, 0.0);
    for row in (0..size.1).step_by(2) {
        for column in (0..size.0).step_by(2) {
            let at = |plane: &LumaPlane, place: (i32, i32)| {
                let index = (place.1 + row) as usize * plane.width + (place.0 + column) as usize;
                f32::from(plane.luma.get(index).copied().unwrap_or(0))
            };
            let (u, v) = (at(a, from), at(b, to));
            n += 1.0;
            sa += u;
            sb += v;
            saa += u * u;
            sbb += v * v;
            sab += u * v;
        }
    }
    let n = n.max(1.0);
    let (va, vb) = (saa - sa * sa / n, sbb - sb * sb / n);
    (sab - sa * sb / n) / ((va + 16.0 * n) * (vb + 16.0 * n)).sqrt()
}
