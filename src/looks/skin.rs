//! Which colors are those of skin: steps spare them, and a look that turns them is refused by those who measure it
//! ([`crate::looks::LookChange`]).

use crate::looks::color::{Triple, chroma, hue, smooth_step, turn};

/// Degrees on the color wheel in the middle of the hues of skin.
const HUE: f64 = 22.0;
/// Degrees from there up to which a hue is wholly that of skin, and from which it is no longer.
const REACH: [f64; 2] = [8.0, 40.0];

/// How much a hue (degrees on the color wheel) is that of skin, 0..1. Complexions differ in lightness and saturation
/// far more than in hue.
pub(super) fn skin_hue(degrees: f64) -> f64 {
    1.0 - smooth_step(REACH[0], REACH[1], turn(HUE, degrees).abs())
}

/// True for colors (in Oklab) that skin of some complexion has. Sand and wood have them too.
pub(super) fn is_skin(lab: Triple) -> bool {
    (20.0..=80.0).contains(&hue(lab))
        && (0.025..=0.16).contains(&chroma(lab))
        && (0.2..=0.95).contains(&lab[0])
}
