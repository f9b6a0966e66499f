//! Makes a segment: a part of a source with its framing.

use crate::analysis::PictureFacts;
use crate::choice::Reason;
use crate::edit::cut_points::CutPoint;
use crate::edit::framing::{photo_crop_path, photo_shown_wider, shot_crop_path};
use crate::edit::planner::context::{PlanContext, source_id};
use crate::edit::subclips::Subclip;
use crate::edit::{Fit, Segment};
use crate::effects::{Effect, SegmentTransition};
use crate::geometry::{Rect, Size};
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
        fit: Fit::Crop,
        second_crop: Vec::new(),
        second_source: None,
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
    let framing = framing(context, request.subclip, start, end);
    Segment {
        source: source_id(request.subclip.source),
        start: rounded(start.seconds()),
        start_exact: start,
        end: rounded(end.seconds()),
        end_exact: end,
        crop: framing.crop,
        fit: framing.fit,
        second_crop: framing.second_crop,
        second_source: None,
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

/// What a segment shows of its source, and how that fills the frame.
struct SegmentFraming {
    crop: Vec<[f64; 5]>,
    second_crop: Vec<[f64; 5]>,
    fit: Fit,
}

impl SegmentFraming {
    fn cropped(crop: Vec<[f64; 5]>) -> Self {
        Self {
            crop,
            second_crop: Vec::new(),
            fit: Fit::Crop,
        }
    }

    /// A photo in the film's shape, in two panels, or wider.
    fn of_photo(context: &PlanContext<'_>, picture: &PictureFacts) -> Self {
        let output = context.output;
        let still = |crop: Rect| vec![[0.0, crop.x, crop.y, crop.width, crop.height]];
        let Some(wider) = photo_shown_wider(picture, output) else {
            return Self::cropped(photo_crop_path(picture, output));
        };
        match context.panels_of_photo(picture) {
            Some([first, second]) => Self {
                second_crop: still(second),
                ..Self::cropped(still(first))
            },
            None => Self {
                fit: Fit::Blurred,
                ..Self::cropped(still(wider))
            },
        }
    }
}

fn framing(
    context: &PlanContext<'_>,
    subclip: &Subclip,
    start: Rational,
    end: Rational,
) -> SegmentFraming {
    let source = context.source(subclip);
    let picture = source.and_then(|source| source.analysis.picture.as_ref());
    match (context.shot(subclip), context.video(subclip), picture) {
        (Some(shot), Some(video), _) if !subclip.still => {
            let size = Size::new(video.width, video.height);
            let crop = shot_crop_path(shot, size, context.output, start.seconds(), end.seconds());
            SegmentFraming::cropped(crop)
        }
        (_, _, Some(picture)) => SegmentFraming::of_photo(context, picture),
        _ => SegmentFraming::cropped(vec![[0.0, 0.0, 0.0, 1.0, 1.0]]),
    }
}
