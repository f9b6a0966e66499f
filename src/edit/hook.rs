//! The hook: what in the first three seconds of a film or a clip holds people, and what would hold them better.
//!
//! ```text
//! score = 0.35·face + 0.30·motion + 0.20·contrast + 0.10·change + 0.05·text
//! ```
//!
//! Each part, 0..1, is the mean over the first three seconds, but for *change*, which counts their cuts. The weights
//! were set by hand: people look at faces first, then at what moves.
//!
//! The planner measures the segments of a film that it makes; [`hook_of_clip`] measures the shots of a clip as it is.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analysis::{Analysis, PictureFacts, Shot};
use crate::choice::Reason;

/// Seconds in which people decide whether to stay.
const OPENING: f64 = 3.0;
const FACE_WEIGHT: f64 = 0.35;
const MOTION_WEIGHT: f64 = 0.30;
const CONTRAST_WEIGHT: f64 = 0.20;
const CHANGE_WEIGHT: f64 = 0.10;
const TEXT_WEIGHT: f64 = 0.05;
/// Width of a face, as a share of the film's, from which it is near.
const NEAR_FACE: f64 = 0.30;
/// Energy of the motion (0..1) from which a picture is lively.
const LIVELY: f64 = 0.35;
/// Contrast and saturation (0..1) that stand out among other films.
const STRONG_CONTRAST: f64 = 0.28;
const STRONG_COLOR: f64 = 0.55;
/// How much of contrast is light; the rest is color.
const LIGHT_SHARE: f64 = 0.6;
/// Cuts in the first seconds from which more hold nobody longer.
const CUTS: f64 = 2.0;
/// Value of a part from which it is a reason, and below which something stronger is named.
const CLEAR: f64 = 0.5;
const WEAK: f64 = 0.3;

/// What holds people in the first three seconds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Hook {
    /// 0..1.
    pub score: f64,
    /// What holds people, by what it adds to the score; then, with negative weights, what would add to it.
    pub reasons: Vec<Reason>,
}

/// The hook of a clip as it is; `None` for stills and sounds. It tells too little where faces, text or shots were not
/// looked for.
pub fn hook_of_clip(analysis: &Analysis) -> Option<Hook> {
    let shots = &analysis.video.as_ref()?.shots;
    let start = shots.first()?.start;
    let mut opening = Opening::default();
    for shot in shots {
        if opening.is_full() {
            break;
        }
        let span = (shot.start, shot.end.min(start + OPENING));
        let parts = HookParts::of(Some(&shot.picture), Some(shot), span, 1.0);
        opening.add(shot.end - shot.start, Some(parts));
    }
    let at = |shot: &Shot| format!("the shot at {:.1} s", shot.start);
    let faces = shots.iter().map(|shot| {
        let value = face_value(&shot.picture, 1.0);
        (value, at(shot))
    });
    let motions = shots.iter().map(|shot| (motion_value(shot), at(shot)));
    Some(opening.hook(strongest(faces), strongest(motions)))
}

/// The highest of values, and where it is; the last one of equals.
pub(super) fn strongest<T>(values: impl Iterator<Item = (f64, T)>) -> Option<(f64, T)> {
    values.max_by(|a, b| a.0.total_cmp(&b.0))
}

/// The parts of the score that a stretch of film gives, each 0..1.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct HookParts {
    face: f64,
    motion: f64,
    /// Motion without its peaks.
    lively: f64,
    /// Contrast of light, and strength of color.
    light: f64,
    color: f64,
    text: f64,
}

impl HookParts {
    /// Those of a picture, or of the `span` of a shot, of whose width `shown` is shown.
    pub fn of(
        picture: Option<&PictureFacts>,
        shot: Option<&Shot>,
        span: (f64, f64),
        shown: f64,
    ) -> Self {
        let mut parts = picture.map_or_else(Self::default, |picture| Self {
            face: face_value(picture, shown),
            motion: 0.0,
            lively: 0.0,
            light: (picture.contrast / STRONG_CONTRAST).clamp(0.0, 1.0),
            color: (picture.saturation / STRONG_COLOR).clamp(0.0, 1.0),
            text: f64::from(u8::from(!picture.text.is_empty())),
        });
        if let Some(shot) = shot {
            let mut peaks = shot.motion.peaks.iter();
            let onset = peaks.any(|peak| (span.0..span.1).contains(peak));
            parts.lively = motion_value(shot);
            parts.motion = parts.lively.max(if onset { 0.8 } else { 0.0 });
        }
        parts
    }
}

/// The first three seconds, stretch by stretch.
#[derive(Debug, Default)]
pub(super) struct Opening {
    parts: HookParts,
    /// Seconds so far, of which `seen` count.
    time: f64,
    seen: f64,
    stretches: usize,
}

impl Opening {
    /// Whether what comes next is later than the first seconds.
    pub fn is_full(&self) -> bool {
        self.time >= OPENING
    }

    /// Adds the next stretch, `length` seconds long; `None` where nothing is known of it.
    pub fn add(&mut self, length: f64, parts: Option<HookParts>) {
        let share = length.min(OPENING - self.time);
        if let Some(here) = parts {
            self.parts.face += share * here.face;
            self.parts.motion += share * here.motion;
            self.parts.lively += share * here.lively;
            self.parts.light += share * here.light;
            self.parts.color += share * here.color;
            self.parts.text += share * here.text;
        }
        self.stretches += 1;
        self.seen += share;
        self.time += length;
    }

    /// The hook; `face` and `motion` are the strongest that there are anywhere, and where.
    pub fn hook(&self, face: Option<(f64, String)>, motion: Option<(f64, String)>) -> Hook {
        let mean = |sum: f64| (sum / f64::max(self.seen, 1e-9)).clamp(0.0, 1.0);
        let cuts = self.stretches.saturating_sub(1) as f64;
        let (faces, moves) = (mean(self.parts.face), mean(self.parts.motion));
        let (light, color) = (mean(self.parts.light), mean(self.parts.color));
        let contrast = LIGHT_SHARE * light + (1.0 - LIGHT_SHARE) * color;
        let moving = match mean(self.parts.lively) >= CLEAR {
            true => "Much moves.",
            false => "A movement stands out.",
        };
        let strong = match (light >= CLEAR, color >= CLEAR) {
            (true, false) => "Light and dark stand apart.",
            (false, true) => "Colors are strong.",
            _ => "Light and colors are strong.",
        };
        let text = mean(self.parts.text);
        let change = (cuts / CUTS).min(1.0);
        let rows = [
            ("hook_face", FACE_WEIGHT, faces, "A face is near."),
            ("hook_motion", MOTION_WEIGHT, moves, moving),
            ("hook_contrast", CONTRAST_WEIGHT, contrast, strong),
            (
                "hook_change",
                CHANGE_WEIGHT,
                change,
                "The picture changes soon.",
            ),
            (
                "hook_text",
                TEXT_WEIGHT,
                text,
                "There is something to read.",
            ),
        ];
        let score: f64 = rows
            .iter()
            .map(|(_, weight, value, _)| weight * value)
            .sum();
        let mut reasons: Vec<Reason> = rows
            .iter()
            .filter(|(_, _, value, _)| *value >= CLEAR)
            .map(|(code, weight, value, text)| Reason::new(code, weight * value, *text))
            .collect();
        reasons.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let better = |value: f64, best: &f64| value < WEAK && *best > CLEAR;
        if let Some((best, place)) = face.filter(|(best, _)| better(faces, best)) {
            let text = format!("A near face would hold people: {place} has one.");
            reasons.push(Reason::new(
                "stronger_face",
                FACE_WEIGHT * (faces - best),
                text,
            ));
        }
        if let Some((best, place)) = motion.filter(|(best, _)| better(moves, best)) {
            let text = format!("Motion would hold people: {place} moves more.");
            let weight = MOTION_WEIGHT * (moves - best);
            reasons.push(Reason::new("stronger_motion", weight, text));
        }
        Hook {
            score: crate::time::rounded(score.clamp(0.0, 1.0)),
            reasons,
        }
    }
}

/// How near the largest face is in a crop that shows `shown` of the picture's width.
pub(super) fn face_value(picture: &PictureFacts, shown: f64) -> f64 {
    let faces = picture.faces.iter();
    let near = faces.map(|face| face.score * (face.bounds.width / shown / NEAR_FACE).min(1.0));
    near.fold(0.0, f64::max)
}

/// How much moves in a shot.
pub(super) fn motion_value(shot: &Shot) -> f64 {
    // A shaken camera moves everything and shows nothing.
    (shot.motion.energy / LIVELY).clamp(0.0, 1.0) * (1.0 - shot.motion.shake.clamp(0.0, 1.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn contrast_of(contrast: f64, saturation: f64) -> String {
        let picture = PictureFacts {
            contrast,
            saturation,
            ..PictureFacts::default()
        };
        only_reason(HookParts::of(Some(&picture), None, (0.0, 5.0), 1.0))
    }

    fn only_reason(parts: HookParts) -> String {
        let mut opening = Opening::default();
        opening.add(5.0, Some(parts));
        let reasons = opening.hook(None, None).reasons;
        assert_eq!(reasons.len(), 1);
        reasons.first().unwrap().text.clone()
    }

    #[test]
    fn a_film_in_black_and_white_has_no_strong_colors() {
        assert_eq!(contrast_of(0.3, 0.0), "Light and dark stand apart.");
        assert_eq!(contrast_of(0.1, 0.9), "Colors are strong.");
        assert_eq!(contrast_of(0.3, 0.5), "Light and colors are strong.");
    }

    #[test]
    fn one_movement_is_not_much() {
        let motion = |motion, lively| {
            only_reason(HookParts {
                motion,
                lively,
                ..HookParts::default()
            })
        };
        assert_eq!(motion(0.8, 0.1), "A movement stands out.");
        assert_eq!(motion(0.8, 0.8), "Much moves.");
    }
}
