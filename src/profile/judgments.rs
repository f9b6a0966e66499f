//! Verdicts on single things: the last word on each, as taste is learned from them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One verdict of the creator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgment {
    /// What was judged.
    pub kind: TasteKind,
    /// Its stable id.
    pub id: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Its features: name and value, about −1..1.
    pub features: BTreeMap<String, f64>,
}

/// The kinds of candidates that taste is learned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum TasteKind {
    Look,
    Music,
    Pace,
}

impl TasteKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Look, Self::Music, Self::Pace];

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Music => "music",
            Self::Pace => "pace",
        }
    }
}

/// Accepted or rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Verdict {
    Accept,
    Reject,
}
