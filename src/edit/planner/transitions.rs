//! Transitions between the segments of a montage, where the style has them: only where both sources have a handle,
//! within the shot that is shown. Elsewhere there is a cut.

use crate::analysis::FileKind;
use crate::edit::Segment;
use crate::edit::planner::context::{PlanContext, source_id};
use crate::edit::subclips::{ExactRange, clear_part};
use crate::effects::{EffectPreset, SegmentTransition, TimedTransition};
use crate::error::Result;
use crate::time::{Rational, rounded};

/// Makes the style's transition of every so many cuts that have room for one.
pub(super) fn add_transitions(context: &PlanContext<'_>, segments: &mut [Segment]) -> Result<()> {
    let Some(wish) = &context.request.style.transition else {
        return Ok(());
    };
    let Some(wanted) = EffectPreset::find(&wish.effect)?.transition else {
        return Ok(());
    };
    // An even number of frames, so that half of them lie on either side.
    let half_frames = (wanted.seconds * context.rate.seconds() / 2.0).round() as i64;
    let half = Rational::whole(half_frames.max(1)) * context.frame();
    let mut cuts = 0;
    for number in 1..segments.len() {
        let (Some(before), Some(after)) = (segments.get(number - 1), segments.get(number)) else {
            continue;
        };
        if before.source == after.source && before.end_exact == after.start_exact {
            continue;
        }
        cuts += 1;
        let has_rest = cuts >= wish.every;
        if !has_rest || after.locked || !fits(context, before, after, half) {
            continue;
        }
        cuts = 0;
        let whole = half + half;
        if let Some(segment) = segments.get_mut(number) {
            segment.transition = SegmentTransition::Timed(TimedTransition {
                kind: wanted.kind,
                duration: rounded(whole.seconds()),
                duration_exact: whole,
            });
        }
    }
    Ok(())
}

/// A transition that a locked segment brings along becomes a cut where it has no room in this film.
pub(super) fn check_locked_transitions(context: &PlanContext<'_>, segments: &mut [Segment]) {
    for number in 0..segments.len() {
        let before = number.checked_sub(1).and_then(|it| segments.get(it));
        let has_room = segments.get(number).is_none_or(|after| {
            let SegmentTransition::Timed(timed) = &after.transition else {
                return true;
            };
            let half = timed.duration_exact * Rational::new(1, 2).unwrap_or(Rational::ZERO);
            before.is_some_and(|before| fits(context, before, after, half))
        });
        if let Some(segment) = segments.get_mut(number).filter(|_| !has_room) {
            segment.transition = SegmentTransition::Cut;
        }
    }
}

/// Whether a transition of twice `half` has room between two segments: time in each beside another transition, and
/// handles in both sources.
fn fits(context: &PlanContext<'_>, before: &Segment, after: &Segment, half: Rational) -> bool {
    let whole = half + half;
    before.length() >= whole
        && after.length() >= whole
        && has_room(context, before, before.end_exact, before.end_exact + half)
        && has_room(context, after, after.start_exact - half, after.start_exact)
}

/// Whether the source of a segment can be shown from `start` to `end` beside it. A photo always can.
pub(super) fn has_room(
    context: &PlanContext<'_>,
    segment: &Segment,
    start: Rational,
    end: Rational,
) -> bool {
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
