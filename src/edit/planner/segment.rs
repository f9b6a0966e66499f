//! Makes a segment: a part of a source with its framing.

use crate::choice::Reason;
use crate::edit::Segment;
use crate::edit::cut_points::CutPoint;
use crate::edit::framing::{photo_crop_path, shot_crop_path};
use crate::edit::planner::context::{PlanContext, source_id};
use crate::edit::subclips::Subclip;
use crate::effects::{Effect, SegmentTransition};
use crate::geometry::Size;
use crate::time::{Rational, rounded};

/// The input of a segment.
pub(super) struct SegmentRequest<'a> {
    pub subclip: &'a Subclip,
    /// Exact seconds in the source.
    pub start: Rational,
    /// Exclusive.
    pub end: Rational,
    /// The beat on which it begins.
    pub beat: Option<CutPoint>,
    pub effects: Vec<Effect>,
    pub reasons: Vec<Reason>,
}

/// A stretch of a recording, which has no picture.
pub(super) fn sound_stretch(
    source: String,
    start: Rational,
    end: Rational,
    reasons: Vec<Reason>,
) -> Segment {
    Segment {
        source,
        start: rounded(start.seconds()),
        start_exact: start,
        end: rounded(end.seconds()),
        end_exact: end,
        crop: Vec::new(),
        speed: 1.0,
        look: None,
        look_strength: 1.0,
        effects: Vec::new(),
        transition: SegmentTransition::Cut,
        beat: None,
        locked: false,
        reasons,
        carried: None,
    }
}

/// A segment without a look.
pub(super) fn segment(context: &PlanContext<'_>, request: SegmentRequest<'_>) -> Segment {
    let (start, end) = (request.start, request.end);
    Segment {
        source: source_id(request.subclip.source),
        start: rounded(start.seconds()),
        start_exact: start,
        end: rounded(end.seconds()),
        end_exact: end,
        crop: crop(context, request.subclip, start, end),
        speed: 1.0,
        look: None,
        look_strength: 1.0,
        effects: request.effects,
        transition: SegmentTransition::Cut,
        beat: request.beat.map(|beat| beat.mark()),
        locked: false,
        reasons: request.reasons,
        carried: None,
    }
}

fn crop(
    context: &PlanContext<'_>,
    subclip: &Subclip,
    start: Rational,
    end: Rational,
) -> Vec<[f64; 5]> {
    let source = context.source(subclip);
    let picture = source.and_then(|source| source.analysis.picture.as_ref());
    match (context.shot(subclip), context.video(subclip), picture) {
        (Some(shot), Some(video), _) if !subclip.still => {
            let size = Size::new(video.width, video.height);
            shot_crop_path(shot, size, context.output, start.seconds(), end.seconds())
        }
        (_, _, Some(picture)) => photo_crop_path(picture, context.output),
        _ => vec![[0.0, 0.0, 0.0, 1.0, 1.0]],
    }
}
