//! The taste that a named profile has learned.

use crate::error::Result;
use crate::jobs::Workshop;
use crate::notice::Notice;
use crate::profile::{ENOUGH, Taste, TasteKind};
use crate::task::Task;

/// The taste of `profile`; nobody's where none is named. Gives notice of those of `kinds`, the kinds of choice that are to
/// be made, of which it has judged too few.
pub fn learned_taste(
    profile: Option<&str>,
    kinds: &[TasteKind],
    workshop: &Workshop,
    task: &Task,
) -> Result<Option<Taste>> {
    let Some(name) = profile else {
        return Ok(None);
    };
    let taste = Taste::learn(&workshop.profiles().find(name)?);
    for liking in taste.likings() {
        if kinds.contains(&liking.kind) && liking.judgments < ENOUGH {
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
