//! Where captions stand: inside what the platform's app leaves free.

use crate::captions::{Caption, CaptionPlace, CaptionPosition, CaptionStyle};
use crate::edit::{Plan, Platform, SafeArea};
use crate::time::rounded;

/// The margins of a film for no platform that is known: the title-safe area of television.
const USUAL_SAFE: SafeArea = SafeArea {
    top: 0.05,
    bottom: 0.05,
    left: 0.05,
    right: 0.05,
};
/// Share of the safe width that a caption may take.
const WIDTH: f64 = 0.9;
/// Height of a line in heights of the type.
const LINE: f64 = 1.3;
/// Height of the type that is free above and below the lines.
const PADDING: f64 = 0.35;
/// The middle of captions in the lower third, as a share of the height.
const LOWER_THIRD: f64 = 0.72;

/// The margins under the app's own text and buttons.
pub(super) fn safe_area(plan: &Plan) -> SafeArea {
    Platform::find(&plan.output.platform).map_or(USUAL_SAFE, |platform| platform.safe)
}

/// Gives each caption its box.
pub fn place_captions(plan: &Plan, captions: &mut [Caption], style: &CaptionStyle) {
    let safe = safe_area(plan);
    let (width, height) = (f64::from(plan.output.width), f64::from(plan.output.height));
    let type_height = style.size * width.min(height) / height.max(1.0);
    let free = 1.0 - safe.left - safe.right;
    for caption in captions {
        let lines = caption.text.lines().count().max(1) as f64;
        let tall = (type_height * (lines * LINE + 2.0 * PADDING)).min(1.0 - safe.top - safe.bottom);
        let lowest = 1.0 - safe.bottom - tall;
        let y = match style.position {
            CaptionPosition::Bottom => lowest,
            CaptionPosition::LowerThird => LOWER_THIRD - tall / 2.0,
            CaptionPosition::Middle => 0.5 - tall / 2.0,
        };
        caption.place = Some(CaptionPlace {
            x: rounded(safe.left + free * (1.0 - WIDTH) / 2.0),
            y: rounded(y.min(lowest).max(safe.top)),
            width: rounded(free * WIDTH),
            height: rounded(tall),
        });
    }
}
