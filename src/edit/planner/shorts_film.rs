//! Shorts as films: each keeps every frame of its piece; framing, look and loudness change.

use crate::choice::Reason;
use crate::edit::planner::context::{PlanContext, RoughCut};
use crate::edit::planner::finish;
use crate::edit::planner::stretch_segments::{Stretch, stretch_segments};
use crate::edit::request::{EditOutcome, EditRequest};
use crate::edit::shorts::{Short, ShortsRequest, ShortsWish, shorts};
use crate::error::{Error, Result};
use crate::hint::Hint;

/// A short and its plan.
#[derive(Debug, Clone)]
pub struct PlannedShort {
    /// The piece.
    pub short: Short,
    /// Its plan, and the decisions that the request left open.
    pub outcome: EditOutcome,
}

/// The best pieces of the request's first source, the best first; fewer than are wished for where there are not so many.
///
/// Errors: [`Error::Nothing`] where there is none.
pub fn plan_shorts(request: &EditRequest<'_>, wish: ShortsWish<'_>) -> Result<Vec<PlannedShort>> {
    let none = || Error::Nothing {
        what: "there is no stretch of that length in which somebody speaks between two pauses"
            .into(),
        hint: Hint::GiveLongerClips,
    };
    let source = request.sources.first().ok_or_else(none)?;
    let found = shorts(&ShortsRequest {
        source,
        wish,
        rate: PlanContext::new(request)?.rate,
    });
    if found.is_empty() {
        return Err(none());
    }
    let plan = |short: Short| {
        let context = PlanContext::new(request)?;
        let frames = ((short.end - short.start) * context.rate).round().max(1);
        let stretch = Stretch {
            source: 0,
            start: short.start,
            frames,
            punch: 0.0,
            reasons: reasons(&short),
        };
        let cut = RoughCut {
            segments: stretch_segments(&context, &stretch),
            heard: None,
            music: None,
        };
        Ok(PlannedShort {
            outcome: finish(context, cut)?,
            short,
        })
    };
    found.into_iter().map(plan).collect()
}

/// The reasons of a short's first segment.
fn reasons(short: &Short) -> Vec<Reason> {
    short.reasons.clone()
}
