//! Boxes over time: distance, interpolation and smoothing.

use crate::geometry::{Point, Rect};

/// From one sample to the next, a box grows or shrinks by at most this factor (of its side).
const GROWTH: f64 = 2.6;

/// `bounds` moved by `by`.
pub(super) fn moved(bounds: Rect, by: Point) -> Rect {
    Rect {
        x: bounds.x + by.x,
        y: bounds.y + by.y,
        ..bounds
    }
}

/// Distance of the centers over the mean diagonal; `None` when the sizes are too different for one object.
pub(super) fn apart(a: Rect, b: Rect) -> Option<f64> {
    let ratio = (a.area() / b.area().max(1e-9)).sqrt();
    if !(1.0 / GROWTH..=GROWTH).contains(&ratio) {
        return None;
    }
    let diagonal = |r: Rect| (r.width * r.width + r.height * r.height).sqrt();
    let (p, q) = (a.center(), b.center());
    let far = ((p.x - q.x).powi(2) + (p.y - q.y).powi(2)).sqrt();
    Some(far / ((diagonal(a) + diagonal(b)) / 2.0).max(1e-6))
}

/// Interpolates between `a` (at 0) and `b` (at 1).
pub(super) fn mixed(a: Rect, b: Rect, share: f64) -> Rect {
    let mix = |x: f64, y: f64| x + (y - x) * share;
    Rect::new(
        mix(a.x, b.x),
        mix(a.y, b.y),
        mix(a.width, b.width),
        mix(a.height, b.height),
    )
}

/// Smooths a path by the median of three boxes, which removes single outliers, and then by weights of ¼ ½ ¼.
pub(super) fn smoothed(path: &[Rect]) -> Vec<Rect> {
    let steady = filtered(path, |a, b, c| {
        let middle = |x: f64, y: f64, z: f64| x.max(y).min(x.min(y).max(z));
        // By center, so that a change of size does not shift the box.
        let (p, q, r) = (a.center(), b.center(), c.center());
        let (x, y) = (middle(p.x, q.x, r.x), middle(p.y, q.y, r.y));
        let width = middle(a.width, b.width, c.width);
        let height = middle(a.height, b.height, c.height);
        Rect::new(x - width / 2.0, y - height / 2.0, width, height)
    });
    filtered(&steady, |a, b, c| mixed(mixed(a, c, 0.5), b, 0.5))
}

/// Replaces each box by a function of itself and its neighbors; the ends stay as they are.
fn filtered(path: &[Rect], of: impl Fn(Rect, Rect, Rect) -> Rect) -> Vec<Rect> {
    let mut out = path.to_vec();
    for (slot, window) in out.iter_mut().skip(1).zip(path.windows(3)) {
        *slot = of(window[0], window[1], window[2]);
    }
    out
}
