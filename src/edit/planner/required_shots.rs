//! What has to be shown, as subclips and as segments of a montage.

use crate::choice::{Decision, Reason, Setting};
use crate::edit::Segment;
use crate::edit::cut_choice::{Slot, cut_reason};
use crate::edit::moments::Pick;
use crate::edit::plan::summary::clock;
use crate::edit::planner::context::{PlanContext, source_id};
use crate::edit::planner::segment::{SegmentRequest, segment};
use crate::edit::planner::stretch_segments::{Stretch, stretch_segments};
use crate::edit::required_parts::RequiredPart;
use crate::edit::subclips::Subclip;
use crate::effects::Effect;
use crate::time::Rational;

/// A subclip for each required part, in their order. They say what is shown before and after other moments.
pub(super) fn required_subclips(context: &PlanContext<'_>) -> Vec<Subclip> {
    let parts = context.required.iter();
    parts.map(|part| required_subclip(context, part)).collect()
}

fn required_subclip(context: &PlanContext<'_>, part: &RequiredPart) -> Subclip {
    let end = part.start + Rational::whole(part.frames) * context.frame();
    let file = context.request.sources.get(part.source);
    let video = file.and_then(|file| file.analysis.video.as_ref());
    let shots = video.map_or(&[][..], |video| video.shots.as_slice());
    let number = shots
        .iter()
        .rposition(|shot| shot.start_exact <= part.start)
        .unwrap_or(0);
    let shot = shots.get(number).filter(|_| !part.still);
    Subclip {
        still: part.still,
        base: shot.map_or(0.0, |shot| shot.quality),
        energy: shot.map_or(0.0, |shot| shot.motion.energy).clamp(0.0, 1.0),
        required: true,
        ..Subclip::within_shot(part.source, number, part.start, end)
    }
}

/// The segments of a slot that has to show something: one for each shot in it.
pub(super) fn required_segments(
    context: &PlanContext<'_>,
    subclip: &Subclip,
    slot: &Slot,
    effects: Vec<Effect>,
) -> Vec<Segment> {
    if let Some(segment) = locked_segment(context, slot) {
        return vec![segment];
    }
    let start = slot.required.map_or(subclip.start, |shot| shot.start);
    let mut reasons = vec![Reason::new("required", 0.0, "It was asked for.")];
    reasons.extend(cut_reason(&slot.start, context.request.style));
    let beat = slot.start.heard.then_some(slot.start);
    if subclip.still {
        let end = start + slot.length(context.rate);
        return vec![segment(
            context,
            SegmentRequest {
                subclip,
                start,
                end,
                beat,
                effects,
                reasons,
            },
        )];
    }
    let mut segments = stretch_segments(
        context,
        &Stretch {
            source: subclip.source,
            start,
            frames: slot.frames,
            punch: 0.0,
            reasons,
        },
    );
    if let (Some(first), Some(beat)) = (segments.first_mut(), beat) {
        first.beat = Some(beat.mark());
    }
    segments
}

/// The segment that an earlier plan locks in a slot.
fn locked_segment(context: &PlanContext<'_>, slot: &Slot) -> Option<Segment> {
    let place = context.required.get(slot.required?.part)?.locked?;
    let locked = context.request.locked?.segments.get(place.number)?;
    let mut segment = locked.segment.clone();
    segment.source = source_id(locked.source);
    if let Some((second, place)) = segment.second_source.as_mut().zip(locked.second) {
        second.source = source_id(place);
    }
    Some(segment)
}

/// Records where in the film each required part is shown.
pub(super) fn explain_required(
    context: &mut PlanContext<'_>,
    slots: &[Slot],
    subclips: &[Subclip],
    picks: &[Pick],
) {
    let shown: Vec<String> = slots
        .iter()
        .zip(picks)
        .filter_map(|(slot, pick)| {
            let part = context.required.get(slot.required?.part)?;
            let name = context.file_name(subclips.get(pick.subclip)?);
            let at = clock(slot.start.frame as f64 / context.rate.seconds());
            if part.locked.is_some() {
                return Some(format!("{name} at {at} is locked and stays"));
            }
            let from = clock(part.start.seconds());
            Some(format!("{name} from {from} is shown at {at}, as asked"))
        })
        .collect();
    for text in shown {
        context.decide(Decision::remark(Setting::Files, text));
    }
}
