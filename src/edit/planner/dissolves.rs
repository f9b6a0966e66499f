//! Dissolves between the segments of a montage, where the style has them: only where both sources have a handle, within
//! the shot that is shown.

use crate::analysis::FileKind;
use crate::edit::Segment;
use crate::edit::planner::context::{PlanContext, source_id};
use crate::edit::subclips::{ExactRange, clear_part};
use crate::effects::{SegmentTransition, TimedTransition, TransitionEffect};
use crate::time::{Rational, rounded};

/// Makes dissolves of the cuts that have room for one.
pub(super) fn add_dissolves(context: &PlanContext<'_>, segments: &mut [Segment]) {
    // An even number of frames, so that half of them lie on either side.
    let wanted = context.request.style.dissolve * context.rate.seconds() / 2.0;
    let half_frames = wanted.round() as i64;
    if half_frames < 1 {
        return;
    }
    let half = Rational::whole(half_frames) * context.frame();
    for number in 1..segments.len() {
        let (Some(before), Some(after)) = (segments.get(number - 1), segments.get(number)) else {
            continue;
        };
        let whole = half + half;
        let goes_on = before.source == after.source && before.end_exact == after.start_exact;
        let fits = before.length() >= whole && after.length() >= whole;
        let handles = has_room(context, before, before.end_exact, before.end_exact + half)
            && has_room(context, after, after.start_exact - half, after.start_exact);
        if goes_on || !fits || !handles {
            continue;
        }
        if let Some(segment) = segments.get_mut(number) {
            segment.transition = SegmentTransition::Timed(TimedTransition {
                kind: TransitionEffect::Dissolve,
                duration: rounded(whole.seconds()),
                duration_exact: whole,
            });
        }
    }
}

/// Whether the source of a segment can be shown from `start` to `end` beside it. A photo always can.
fn has_room(context: &PlanContext<'_>, segment: &Segment, start: Rational, end: Rational) -> bool {
    let mut sources = context.request.sources.iter().enumerate();
    let found = sources.find(|(number, _)| source_id(*number) == segment.source);
    let Some((_, source)) = found else {
        return false;
    };
    let Some(video) = &source.analysis.video else {
        return source.analysis.file.kind == FileKind::Image;
    };
    let within = |range: ExactRange| {
        let shown = range.0 <= segment.start_exact && segment.end_exact <= range.1;
        shown && range.0 <= start && end <= range.1
    };
    let mut shots = 0..video.shots.len();
    shots.any(|number| clear_part(video, number).is_some_and(|(range, _)| within(range)))
}
