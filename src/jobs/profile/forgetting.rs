//! Takes evidence out of a profile, or removes it. What was learned is made anew from what is left, so that nothing of
//! the rest remains.

use jiff::Timestamp;

use crate::error::{Error, Result};
use crate::jobs::Workshop;

/// What is to be forgotten.
#[derive(Debug, Clone, PartialEq)]
pub enum Forgetting {
    /// The whole profile.
    Everything,
    /// What was noted at this time or later.
    Since(Timestamp),
    /// One piece of evidence, by its id.
    Piece(String),
}

/// Forgets; returns how many pieces of evidence went.
///
/// Errors: `UnknownName` where there is no such profile or no such piece.
pub fn forget(name: &str, what: &Forgetting, workshop: &Workshop) -> Result<usize> {
    let library = workshop.profiles();
    if *what == Forgetting::Everything {
        // A damaged profile can be forgotten too.
        let count = library
            .find(name)
            .map_or(0, |profile| profile.evidence.len());
        library.remove(name)?;
        return Ok(count);
    }
    library.find(name)?;
    let mut count = 0;
    library.change(name, |profile| {
        count = match what {
            Forgetting::Since(since) => profile.forget_since(*since),
            Forgetting::Piece(id) if profile.forget(id) => 1,
            Forgetting::Piece(id) => {
                return Err(Error::UnknownName {
                    kind: "piece of evidence",
                    name: id.clone(),
                    known: profile
                        .evidence
                        .iter()
                        .map(|piece| piece.id.clone())
                        .collect(),
                });
            }
            Forgetting::Everything => 0,
        };
        Ok(())
    })?;
    Ok(count)
}
