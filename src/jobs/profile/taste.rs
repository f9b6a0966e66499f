//! The taste that a named profile has learned.

use crate::error::Result;
use crate::jobs::Workshop;
use crate::notice::Notice;
use crate::profile::{ENOUGH, Taste, TasteKind};
use crate::task::Task;

/// The taste of `profile`; nobody's where none is named. Gives notice of kinds of choice that it has judged too few of.
pub fn learned_taste(
    profile: Option<&str>,
    workshop: &Workshop,
    task: &Task,
) -> Result<Option<Taste>> {
    let Some(name) = profile else {
        return Ok(None);
    };
    let taste = Taste::learn(&workshop.profiles().find(name)?);
    for liking in taste.likings() {
        // Nothing is suggested of other kinds.
        let suggested = matches!(liking.kind, TasteKind::Look | TasteKind::Music);
        if suggested && liking.judgments < ENOUGH {
            task.notice(Notice::TasteUnsure {
                profile: name.into(),
                kind: liking.kind.name().into(),
                judgements: liking.judgments,
                enough: ENOUGH,
            });
        }
    }
    Ok(Some(taste))
}
