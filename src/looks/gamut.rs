//! Changes of color that stay inside the gamut without clipping: strong colors change less near its surface. So
//! saturated areas do not become flat patches, and the functions stay smooth enough for a table.

use crate::looks::color::Triple;

/// The distance of `color` from gray as a share of the gamut's extent at its luma, 0..1.
pub(super) fn saturation(color: Triple, luma: f64) -> f64 {
    let share = |value: f64| {
        let away = value - luma;
        if away > 0.0 {
            away / (1.0 - luma).max(1e-9)
        } else {
            -away / luma.max(1e-9)
        }
    };
    share(color[0]).max(share(color[1])).max(share(color[2]))
}

/// Multiplies chroma by 1 + `amount`, but less the nearer the color is to the gamut's surface, which it never leaves.
pub(super) fn rescale(color: Triple, luma: f64, amount: f64) -> Triple {
    let scale = if amount <= 0.0 {
        1.0 + amount
    } else {
        let saturation = saturation(color, luma).min(1.0);
        // The latest brake that keeps the order of colors by strength: quadratic up to an amount of 1/2, then
        // increasingly linear.
        let linear = (2.0 - 1.0 / amount).clamp(0.0, 1.0);
        let brake = saturation * (saturation + linear * (1.0 - saturation));
        1.0 + amount * (1.0 - brake)
    };
    color.map(|value| luma + (value - luma) * scale)
}

/// A channel moved by `offset`; by less if that would use up more than half of its distance to the end of the scale.
pub(super) fn shifted(value: f64, offset: f64) -> f64 {
    let (room, size) = if offset < 0.0 {
        (value, -offset)
    } else {
        (1.0 - value, offset)
    };
    if room >= 2.0 * size {
        value + offset
    } else {
        let left = room * room / (4.0 * size);
        if offset < 0.0 { left } else { 1.0 - left }
    }
}
