//! What holds people in the first three seconds of a film.

use serde::Serialize;

use crate::choice::Reason;

/// What holds people in the first three seconds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hook {
    /// 0..1.
    pub score: f64,
    /// What holds people, by what it adds to the score; then, with negative weights, what would add to it.
    pub reasons: Vec<Reason>,
}
