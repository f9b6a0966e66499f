//! The colors of skin: steps protect them, and how far a look may turn their hue.
//!
//! [`crate::looks::LookChange`] measures the turn; `batch/adjustment.rs` weakens a look that turns skin
//! farther than [`MOST_SKIN_TURN`].

use crate::looks::color::{Triple, chroma, hue, smooth_step, turn};

/// The middle of the hues of skin, in degrees on the color wheel.
const HUE: f64 = 22.0;
/// Degrees from there up to which a hue is fully that of skin, and from which it is not.
const REACH: [f64; 2] = [8.0, 40.0];

/// Degrees by which a look may turn the hue of skin; more looks ill or sunburnt.
pub const MOST_SKIN_TURN: f64 = 12.0;

/// How close a hue (degrees on the color wheel) is to skin, 0..1. Complexions differ in lightness and saturation far
/// more than in hue.
pub(super) fn skin_hue(degrees: f64) -> f64 {
    1.0 - smooth_step(REACH[0], REACH[1], turn(HUE, degrees).abs())
}

/// Whether skin of some complexion has the color (in Oklab). Sand and wood may have it, too.
pub(super) fn is_skin(lab: Triple) -> bool {
    (20.0..=80.0).contains(&hue(lab))
        && (0.025..=0.16).contains(&chroma(lab))
        && (0.2..=0.95).contains(&lab[0])
}
