//! Segments that show a stretch of one clip from end to end: one for each shot in it, since each shot has a crop path
//! of its own. They continue one another, so no cut of ours is seen between them.

use crate::choice::Reason;
use crate::edit::Segment;
use crate::edit::plan::LATEST;
use crate::edit::planner::context::PlanContext;
use crate::edit::planner::segment::{SegmentRequest, segment};
use crate::edit::subclips::Subclip;
use crate::effects::PunchIn;
use crate::time::{Rational, rounded};

/// The clock of times that are known in seconds only: MPEG's.
const CLOCK: u32 = 90_000;

/// A stretch of a clip.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    /// The index of its source in the request.
    pub source: usize,
    /// Seconds in the source.
    pub start: Rational,
    /// Output frames, at least 1.
    pub frames: i64,
    /// Enlargement of the picture, 0 for none.
    pub punch: f64,
    /// The reasons of its first segment.
    pub reasons: Vec<Reason>,
}

/// The segments of a stretch.
pub(super) fn stretch_segments(context: &PlanContext<'_>, stretch: &Stretch) -> Vec<Segment> {
    let shots = shots_in(context, stretch);
    let mut segments = Vec::with_capacity(shots.len());
    for (place, (number, first)) in shots.iter().enumerate() {
        let last = shots.get(place + 1).map_or(stretch.frames, |next| next.1);
        let at = |frame: i64| stretch.start + Rational::whole(frame) * context.frame();
        let (start, end) = (at(*first), at(last));
        let punch = PunchIn {
            at: rounded(start.seconds()),
            amount: rounded(stretch.punch),
        };
        segments.push(segment(
            context,
            SegmentRequest {
                subclip: &Subclip::within_shot(stretch.source, *number, start, end),
                start,
                end,
                beat: None,
                effects: (stretch.punch > 0.0)
                    .then(|| punch.into())
                    .into_iter()
                    .collect(),
                reasons: if place == 0 {
                    stretch.reasons.clone()
                } else {
                    vec![Reason::new(
                        "kept",
                        1.0,
                        "What was before goes on in the next shot.",
                    )]
                },
            },
        ));
    }
    segments
}

/// The shots in a stretch, each with the stretch's frame that it begins at: the one nearest to its first picture.
fn shots_in(context: &PlanContext<'_>, stretch: &Stretch) -> Vec<(usize, i64)> {
    let shots = context
        .request
        .sources
        .get(stretch.source)
        .and_then(|source| source.analysis.video.as_ref())
        .map_or(&[][..], |video| video.shots.as_slice());
    let mut found: Vec<(usize, i64)> = vec![(0, 0)];
    for (number, shot) in shots.iter().enumerate() {
        let first = ((shot.start_exact - stretch.start) * context.rate).round();
        if first <= 0 {
            // The latest shot that began before the stretch is the one it begins in.
            found = vec![(number, 0)];
        } else if first < stretch.frames && found.last().is_some_and(|last| last.1 < first) {
            found.push((number, first));
        }
    }
    found
}

/// Seconds of a clip, as exactly as they are known.
pub(super) fn clip_length(context: &PlanContext<'_>, source: usize) -> Option<Rational> {
    let video = context
        .request
        .sources
        .get(source)?
        .analysis
        .video
        .as_ref()?;
    let stated = Rational::nearest(video.duration.clamp(0.0, LATEST), CLOCK);
    let shown = video.shots.last().map(|shot| shot.end_exact);
    Some(shown.filter(|end| end.seconds() < LATEST).unwrap_or(stated))
        .filter(|end| *end > Rational::ZERO)
}
