//! The hook: what in the first three seconds of a film holds people, and what would hold them better.
//!
//! ```text
//! score = 0.35·face + 0.30·motion + 0.20·contrast + 0.10·change + 0.05·text
//! ```
//!
//! Each part, 0..1, is the mean over the first three seconds, but for *change*, which counts their cuts. The weights
//! were set by hand: people look at faces first, then at what moves.

use crate::analysis::{Analysis, PictureFacts, Shot};
use crate::choice::Reason;
use crate::edit::planner::context::source_id;
use crate::edit::{Hook, Segment, SourceFile};

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
/// Cuts in the first seconds from which more hold nobody longer.
const CUTS: f64 = 2.0;
/// Value of a part from which it is a reason, and below which something stronger is named.
const CLEAR: f64 = 0.5;
const WEAK: f64 = 0.3;

/// The parts of the score, each 0..1.
#[derive(Debug, Clone, Copy, Default)]
struct HookParts {
    face: f64,
    motion: f64,
    contrast: f64,
    text: f64,
}

/// The hook of a film of these segments.
pub(super) fn hook(sources: &[SourceFile], segments: &[Segment]) -> Hook {
    let mut parts = HookParts::default();
    let (mut time, mut cuts, mut seen) = (0.0, 0.0, 0.0);
    for (number, segment) in segments.iter().enumerate() {
        if time >= OPENING {
            break;
        }
        cuts += f64::from(u8::from(number > 0));
        let length = segment.length().seconds();
        let share = length.min(OPENING - time);
        if let Some(file) = source_of(sources, segment) {
            let here = segment_parts(&file.analysis, segment);
            parts.face += share * here.face;
            parts.motion += share * here.motion;
            parts.contrast += share * here.contrast;
            parts.text += share * here.text;
        }
        seen += share;
        time += length;
    }
    let mean = |sum: f64| (sum / f64::max(seen, 1e-9)).clamp(0.0, 1.0);
    let change = (cuts / CUTS).min(1.0);
    let rows = [
        (
            "hook_face",
            FACE_WEIGHT,
            mean(parts.face),
            "A face is near.",
        ),
        (
            "hook_motion",
            MOTION_WEIGHT,
            mean(parts.motion),
            "Much moves.",
        ),
        (
            "hook_contrast",
            CONTRAST_WEIGHT,
            mean(parts.contrast),
            "Light and colors are strong.",
        ),
        (
            "hook_change",
            CHANGE_WEIGHT,
            change,
            "The picture changes soon.",
        ),
        (
            "hook_text",
            TEXT_WEIGHT,
            mean(parts.text),
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
    reasons.extend(stronger(sources, mean(parts.face), mean(parts.motion)));
    Hook {
        score: crate::time::rounded(score.clamp(0.0, 1.0)),
        reasons,
    }
}

fn source_of<'a>(sources: &'a [SourceFile], segment: &Segment) -> Option<&'a SourceFile> {
    let mut numbered = sources.iter().enumerate();
    let found = numbered.find(|(number, _)| source_id(*number) == segment.source);
    found.map(|(_, file)| file)
}

fn segment_parts(analysis: &Analysis, segment: &Segment) -> HookParts {
    let shown = segment.crop.first().map_or(1.0, |point| point[3]).max(1e-3);
    let middle = (segment.start + segment.end) / 2.0;
    let shot = analysis.video.as_ref().and_then(|video| {
        let mut shots = video.shots.iter();
        shots.find(|shot| (shot.start..shot.end).contains(&middle))
    });
    let picture = shot.map(|shot| &shot.picture).or(analysis.picture.as_ref());
    let mut parts = picture.map_or_else(HookParts::default, |picture| HookParts {
        face: face_value(picture, shown),
        motion: 0.0,
        contrast: contrast_value(picture),
        text: f64::from(u8::from(!picture.text.is_empty())),
    });
    if let Some(shot) = shot {
        let peaks = shot.motion.peaks.iter();
        let onset = peaks
            .clone()
            .any(|peak| (segment.start..segment.end).contains(peak));
        parts.motion = motion_value(shot).max(if onset { 0.8 } else { 0.0 });
    }
    parts
}

/// How near the largest face is in a crop that shows `shown` of the picture's width.
fn face_value(picture: &PictureFacts, shown: f64) -> f64 {
    let faces = picture.faces.iter();
    let near = faces.map(|face| face.score * (face.bounds.width / shown / NEAR_FACE).min(1.0));
    near.fold(0.0, f64::max)
}

fn contrast_value(picture: &PictureFacts) -> f64 {
    let share = |value: f64, full: f64| (value / full).clamp(0.0, 1.0);
    0.6 * share(picture.contrast, STRONG_CONTRAST) + 0.4 * share(picture.saturation, STRONG_COLOR)
}

fn motion_value(shot: &Shot) -> f64 {
    // A shaken camera moves everything and shows nothing.
    (shot.motion.energy / LIVELY).clamp(0.0, 1.0) * (1.0 - shot.motion.shake.clamp(0.0, 1.0))
}

fn shots_of(file: &SourceFile) -> &[Shot] {
    let video = file.analysis.video.as_ref();
    video.map_or(&[], |video| video.shots.as_slice())
}

/// What in the sources would hold people better than what the film opens with.
fn stronger(sources: &[SourceFile], face: f64, motion: f64) -> Vec<Reason> {
    let name = |file: &SourceFile| {
        let name = file.path.file_name();
        name.map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let best = |value: &dyn Fn(&SourceFile) -> f64| {
        let rated = sources.iter().map(|file| (value(file), file));
        rated.max_by(|a, b| a.0.total_cmp(&b.0))
    };
    let faces = |file: &SourceFile| {
        let still = file
            .analysis
            .picture
            .as_ref()
            .map_or(0.0, |picture| face_value(picture, 1.0));
        let moving = shots_of(file)
            .iter()
            .map(|shot| face_value(&shot.picture, 1.0));
        moving.fold(still, f64::max)
    };
    let motions = |file: &SourceFile| {
        let shots = shots_of(file).iter();
        shots.map(motion_value).fold(0.0, f64::max)
    };
    let mut reasons = Vec::new();
    if let Some((value, file)) = best(&faces).filter(|(value, _)| face < WEAK && *value > CLEAR) {
        let text = format!("A near face would hold people: {} has one.", name(file));
        reasons.push(Reason::new(
            "stronger_face",
            FACE_WEIGHT * (face - value),
            text,
        ));
    }
    if let Some((value, file)) = best(&motions).filter(|(value, _)| motion < WEAK && *value > CLEAR)
    {
        let text = format!("Motion would hold people: {} moves more.", name(file));
        reasons.push(Reason::new(
            "stronger_motion",
            MOTION_WEIGHT * (motion - value),
            text,
        ));
    }
    reasons
}
