//! Where captions stand: inside what the platform's app leaves free, and off faces and text in the picture.

use crate::analysis::Analysis;
use crate::captions::{
    Caption, CaptionAlign, CaptionPlace, CaptionPosition, CaptionStyle, text_width,
};
use crate::edit::captions::kept_clear::KeptClear;
use crate::edit::{Plan, Platform, SafeArea};
use crate::geometry::{Rect, Size};
use crate::time::rounded;

/// Share of the safe width that a caption may take.
const WIDTH: f64 = 0.9;
/// Height of a line in heights of the type.
const LINE: f64 = 1.3;
/// Height of the type that is free around the lines.
const PADDING: f64 = 0.35;
/// The middle of captions in the lower third, as a share of the height.
const LOWER_THIRD: f64 = 0.72;
/// The middle of captions in the upper third: of a title behind a person, the head hides a part there.
const UPPER_THIRD: f64 = 1.0 - LOWER_THIRD;
/// Share of a caption that a face may touch: boxes of faces are larger than faces.
const TOUCHES: f64 = 0.01;

/// The margins under the app's own text and buttons.
pub(super) fn safe_area(plan: &Plan) -> SafeArea {
    let size = Size::new(plan.output.width, plan.output.height);
    Platform::find(&plan.output.platform).map_or(SafeArea::TITLE, |platform| platform.safe_of(size))
}

/// Gives each caption its box: where its style has it, or else at the first height at which it covers no face and no
/// text in the picture. Where it would cover some everywhere, it covers as little as can be.
///
/// Captions hold still within a shot: the captions of a shot share a height as long as one suits all of them. A face
/// that moves makes them move only where it leaves no height free for the whole shot.
pub(super) fn place_captions(
    plan: &Plan,
    captions: &mut [Caption],
    style: &CaptionStyle,
    sources: &[Analysis],
) {
    let clear = KeptClear::new(plan, sources);
    let stage = Stage::new(plan, style);
    let cuts = plan.visible_cuts();
    let mut runs: Vec<StillRun> = Vec::new();
    for caption in captions.iter() {
        let middle = (caption.start + caption.end) / 2.0;
        let shot = cuts.partition_point(|cut| *cut <= middle);
        // What stands behind people covers nobody.
        let kept_clear = match style.behind_people {
            true => Vec::new(),
            false => clear.boxes(caption.start, caption.end),
        };
        let suits = stage.suitable(caption, &kept_clear);
        match runs.last_mut() {
            Some(run) if run.shot == shot && run.shares(suits) => run.join(suits),
            _ => runs.push(StillRun {
                shot,
                suits,
                captions: 1,
            }),
        }
    }
    let mut left = captions.iter_mut();
    for run in runs {
        for caption in left.by_ref().take(run.captions) {
            caption.place = Some(stage.place(caption, run.height()));
        }
    }
}

/// The heights that a caption may stand at, the one of its style first.
const HEIGHTS: usize = 5;

/// Captions after each other that stand at one height.
struct StillRun {
    shot: usize,
    /// The heights that suit all of them; at least one.
    suits: [bool; HEIGHTS],
    captions: usize,
}

impl StillRun {
    /// Whether a height that suits all of them suits one more.
    fn shares(&self, suits: [bool; HEIGHTS]) -> bool {
        self.suits
            .iter()
            .zip(suits)
            .any(|(own, other)| *own && other)
    }

    fn join(&mut self, suits: [bool; HEIGHTS]) {
        for (own, other) in self.suits.iter_mut().zip(suits) {
            *own &= other;
        }
        self.captions += 1;
    }

    /// The number of their height.
    fn height(&self) -> usize {
        self.suits.iter().position(|suits| *suits).unwrap_or(0)
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

    /// The height of a caption as a share of the picture's.
    fn tall(&self, caption: &Caption) -> f64 {
        let lines = caption.text.lines().count().max(1) as f64;
        let free = 1.0 - self.safe.top - self.safe.bottom;
        (self.type_height * (lines * LINE + 2.0 * PADDING)).min(free)
    }

    /// The heights that a caption may stand at: its upper edges. Captions with fewer lines end, or begin, at the same
    /// place as those with more.
    fn heights(&self, tall: f64) -> [f64; HEIGHTS] {
        let lowest = 1.0 - self.safe.bottom - tall;
        let inside = |y: f64| y.min(lowest).max(self.safe.top);
        let third = LOWER_THIRD - tall / 2.0;
        let middle = 0.5 - tall / 2.0;
        let own = match self.style.position {
            CaptionPosition::Bottom => lowest,
            CaptionPosition::LowerThird => third,
            CaptionPosition::Middle => middle,
            CaptionPosition::UpperThird => UPPER_THIRD - tall / 2.0,
        };
        [own, third, lowest, self.safe.top, middle].map(inside)
    }

    /// The heights at which a caption covers no more of anything than it has to.
    fn suitable(&self, caption: &Caption, kept_clear: &[Rect]) -> [bool; HEIGHTS] {
        let tall = self.tall(caption);
        let covered = self
            .heights(tall)
            .map(|y| self.covered(caption, y, tall, kept_clear));
        let least = covered.into_iter().fold(f64::INFINITY, f64::min);
        covered.map(|covered| covered <= least + TOUCHES)
    }

    fn place(&self, caption: &Caption, height: usize) -> CaptionPlace {
        let tall = self.tall(caption);
        let y = self.heights(tall).get(height).copied();
        let across = 1.0 - self.safe.left - self.safe.right;
        CaptionPlace {
            x: rounded(self.safe.left + across * (1.0 - WIDTH) / 2.0),
            y: rounded(y.unwrap_or(self.safe.top)),
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

#[cfg(test)]
#[path = "caption_place_tests.rs"]
mod tests;
