//! Where captions stand: inside what the platform's app leaves free, and off faces and text in the picture.

use crate::analysis::Analysis;
use crate::captions::{
    Caption, CaptionAlign, CaptionPlace, CaptionPosition, CaptionStyle, text_width,
};
use crate::edit::captions::kept_clear::KeptClear;
use crate::edit::{Plan, Platform, SafeArea};
use crate::geometry::Rect;
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
/// Height of the type that is free around the lines.
const PADDING: f64 = 0.35;
/// The middle of captions in the lower third, as a share of the height.
const LOWER_THIRD: f64 = 0.72;
/// Share of a caption that a face may touch: boxes of faces are larger than faces.
const TOUCHES: f64 = 0.01;

/// The margins under the app's own text and buttons.
pub(super) fn safe_area(plan: &Plan) -> SafeArea {
    Platform::find(&plan.output.platform).map_or(USUAL_SAFE, |platform| platform.safe)
}

/// Gives each caption its box: where its style has it, or else at the first height at which it covers no face and no
/// text in the picture. Where it would cover some everywhere, it covers as little as can be.
pub(super) fn place_captions(
    plan: &Plan,
    captions: &mut [Caption],
    style: &CaptionStyle,
    sources: &[Analysis],
) {
    let clear = KeptClear::new(plan, sources);
    let stage = Stage::new(plan, style);
    for caption in captions {
        let kept_clear = clear.boxes(caption.start, caption.end);
        caption.place = Some(stage.place(caption, &kept_clear));
    }
}

/// The picture that captions of a style are placed in.
struct Stage<'a> {
    style: &'a CaptionStyle,
    safe: SafeArea,
    /// Height of the type as a share of the picture's width and height.
    type_width: f64,
    type_height: f64,
}

impl<'a> Stage<'a> {
    fn new(plan: &Plan, style: &'a CaptionStyle) -> Self {
        let (width, height) = (f64::from(plan.output.width), f64::from(plan.output.height));
        let pixels = style.size * width.min(height);
        Self {
            style,
            safe: safe_area(plan),
            type_width: pixels / width.max(1.0),
            type_height: pixels / height.max(1.0),
        }
    }

    fn place(&self, caption: &Caption, kept_clear: &[Rect]) -> CaptionPlace {
        let safe = self.safe;
        let lines = caption.text.lines().count().max(1) as f64;
        let free = 1.0 - safe.top - safe.bottom;
        let tall = (self.type_height * (lines * LINE + 2.0 * PADDING)).min(free);
        let lowest = 1.0 - safe.bottom - tall;
        let inside = |y: f64| y.min(lowest).max(safe.top);
        let own = match self.style.position {
            CaptionPosition::Bottom => lowest,
            CaptionPosition::LowerThird => inside(LOWER_THIRD - tall / 2.0),
            CaptionPosition::Middle => inside(0.5 - tall / 2.0),
        };
        let others = [LOWER_THIRD - tall / 2.0, lowest, safe.top, 0.5 - tall / 2.0];
        let mut best = (f64::INFINITY, own);
        for y in [own].into_iter().chain(others.map(inside)) {
            let covered = self.covered(caption, y, tall, kept_clear);
            if covered < best.0 - TOUCHES {
                best = (covered, y);
            }
        }
        let across = 1.0 - safe.left - safe.right;
        CaptionPlace {
            x: rounded(safe.left + across * (1.0 - WIDTH) / 2.0),
            y: rounded(best.1),
            width: rounded(across * WIDTH),
            height: rounded(tall),
        }
    }

    /// The share of the caption's own box that would lie over something, at most, if it stood at `y`.
    fn covered(&self, caption: &Caption, y: f64, tall: f64, kept_clear: &[Rect]) -> f64 {
        let across = 1.0 - self.safe.left - self.safe.right;
        let room = across * WIDTH;
        let left = self.safe.left + across * (1.0 - WIDTH) / 2.0;
        let wide = caption
            .text
            .lines()
            .map(|line| text_width(line) + 2.0 * PADDING)
            .fold(0.0, f64::max);
        let wide = (wide * self.type_width).min(room);
        let x = match self.style.align {
            CaptionAlign::Left => left,
            CaptionAlign::Center => left + (room - wide) / 2.0,
            CaptionAlign::Right => left + room - wide,
        };
        let own = Rect::new(x, y, wide, tall);
        let shares = kept_clear
            .iter()
            .map(|other| own.intersection(*other).area() / own.area().max(1e-9));
        shares.fold(0.0, f64::max)
    }
}
