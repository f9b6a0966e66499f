//! The captions of a plan that is being made.

use crate::analysis::Analysis;
use crate::captions::CaptionStyle;
use crate::edit::{Plan, plan_captions, restyled_captions};
use crate::error::Result;
use crate::jobs::edit_job::CaptionWish;
use crate::notice::Notice;
use crate::task::Task;

/// The style of captions where nobody names one.
pub(super) const USUAL_CAPTIONS: &str = "plain";

/// Gives `plan` the captions that were asked for.
///
/// Where it takes the place of an `earlier` one, words that a person corrected there stay corrected.
pub(super) fn caption(
    plan: &mut Plan,
    wish: &CaptionWish,
    sources: &[Analysis],
    earlier: Option<&Plan>,
    task: &Task,
) -> Result<()> {
    let style = match wish {
        CaptionWish::Unsaid => return Ok(()),
        CaptionWish::None => {
            plan.captions.clear();
            return Ok(());
        }
        CaptionWish::Style(name) => CaptionStyle::find(name)?,
    };
    plan.captions = if plan.captions.is_empty() {
        plan_captions(plan, sources, style, earlier)
    } else {
        restyled_captions(plan, sources, style)
    };
    if plan.captions.is_empty() {
        task.notice(Notice::NothingToCaption);
    }
    Ok(())
}
