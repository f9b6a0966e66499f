//! How far a profile has come for one kind of choice.

use serde::Serialize;

/// Choices of a kind that it takes before taste has a say.
pub const ENOUGH: usize = 5;
/// Choices of a kind from which a profile is well founded.
pub const MANY: usize = 30;

/// How far a profile has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Readiness {
    /// Too few choices: nothing but what is known of everybody.
    Prior,
    /// Taste has a say.
    Building,
    /// Taste is well founded.
    Active,
}

impl Readiness {
    /// By the number of choices of a kind.
    pub fn of(choices: usize) -> Self {
        match choices {
            MANY.. => Self::Active,
            ENOUGH.. => Self::Building,
            _ => Self::Prior,
        }
    }

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prior => "prior",
            Self::Building => "building",
            Self::Active => "active",
        }
    }

    /// How many more choices it takes to the next step; `None` where there is none.
    pub fn missing(choices: usize) -> Option<usize> {
        match Self::of(choices) {
            Self::Prior => Some(ENOUGH - choices),
            Self::Building => Some(MANY - choices),
            Self::Active => None,
        }
    }
}
