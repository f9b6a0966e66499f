//! Effects of a segment: a slow push on a still, closer or wider, and a punch-in on the peak of a clip's motion.
//!
//! A push moves towards the middle of the crop, which [`crate::edit::framing`] has placed.

use crate::edit::cut_choice::Slot;
use crate::edit::framing::{photo_crop, photo_shown_wider, push_within};
use crate::edit::moments::Pick;
use crate::edit::planner::context::PlanContext;
use crate::edit::subclips::Subclip;
use crate::effects::{Effect, PunchIn, SlowPush};
use crate::time::rounded;

/// The effects of a segment; `stills` counts the photos of the film up to this one.
pub(super) fn effects(
    context: &PlanContext<'_>,
    subclip: &Subclip,
    pick: &Pick,
    slot: &Slot,
    stills: usize,
) -> Vec<Effect> {
    let effect = if subclip.still {
        still_push(context, subclip, stills)
    } else {
        punch_in(context, pick, slot)
    };
    effect.into_iter().collect()
}

/// Moves closer to people. Photos without faces alternate between closer and wider, so that they do not all move alike.
/// A subject that fills the crop holds the push back; a photo that is shown whole holds still.
fn still_push(context: &PlanContext<'_>, subclip: &Subclip, stills: usize) -> Option<Effect> {
    let picture = context
        .source(subclip)
        .and_then(|source| source.analysis.picture.as_ref());
    let faces = picture.is_some_and(|picture| !picture.faces.is_empty());
    let sign = if faces || stills % 2 == 1 { 1.0 } else { -1.0 };
    let wanted = context.request.style.push;
    let push = picture
        .and_then(|picture| Some((picture, picture.subject_map.as_ref()?)))
        .map_or(wanted, |(picture, map)| {
            match photo_shown_wider(picture, context.output) {
                None => push_within(map, photo_crop(picture, context.output), wanted),
                Some(_) => 0.0,
            }
        });
    let amount = rounded(push * sign);
    (amount != 0.0).then_some(SlowPush { amount }.into())
}

/// A jump closer, if the peak of the motion falls on a beat and the style wants it.
fn punch_in(context: &PlanContext<'_>, pick: &Pick, slot: &Slot) -> Option<Effect> {
    let punch = context.request.style.punch;
    let beat = slot.inner.get(pick.peak_on?)?;
    let at = pick.start.seconds() + beat.time - slot.start.time;
    (punch > 0.0).then(|| {
        let punch = PunchIn {
            at: rounded(at.min(pick.end.seconds())),
            amount: rounded(punch),
        };
        punch.into()
    })
}
