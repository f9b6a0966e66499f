//! The kinds of choice that taste is learned for, and verdicts.

use serde::{Deserialize, Serialize};

/// The kinds of choice that taste is learned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum TasteKind {
    Look,
    Music,
    Pace,
    Effect,
    Transition,
    Framing,
    Captions,
}

impl TasteKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Look,
        Self::Music,
        Self::Pace,
        Self::Effect,
        Self::Transition,
        Self::Framing,
        Self::Captions,
    ];

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Music => "music",
            Self::Pace => "pace",
            Self::Effect => "effect",
            Self::Transition => "transition",
            Self::Framing => "framing",
            Self::Captions => "captions",
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
