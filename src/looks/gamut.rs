//! Moves that keep a color inside the gamut by what they are rather than by clipping: strong colors slow down before
//! its surface, so that nothing saturated turns into a flat patch, and the functions stay smooth enough for a table.

use crate::looks::color::Triple;

/// How far `color` is from gray, of the way to the gamut's surface at its luma: 0..1.
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

/// Multiplies chroma by 1 + `amount`, at most up to the gamut's surface and slower the nearer it is.
pub(super) fn rescale(color: Triple, luma: f64, amount: f64) -> Triple {
    let scale = if amount <= 0.0 {
        1.0 + amount
    } else {
        let saturation = saturation(color, luma).min(1.0);
        // The latest brake under which stronger colors stay the stronger ones: quadratic up to an amount of 1/2, then
        // ever more linear.
        let linear = (2.0 - 1.0 / amount).clamp(0.0, 1.0);
        let brake = saturation * (saturation + linear * (1.0 - saturation));
        1.0 + amount * (1.0 - brake)
    };
    color.map(|value| luma + (value - luma) * scale)
}

/// A channel moved by `offset`, less where it would come closer to the end of the scale than half its distance.
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
