//! What every ranked choice carries: a stable id, named features, a score and its reasons.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why something was chosen, in words for machines and for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// A stable word such as `tempo_fits`.
    pub code: String,
    /// How much it added to the score; negative when it spoke against.
    pub weight: f64,
    /// One plain sentence.
    pub text: String,
}

impl Reason {
    /// Makes a reason; the weight is rounded as JSON carries it.
    pub fn new(code: &str, weight: f64, text: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            weight: crate::time::rounded(weight),
            text: text.into(),
        }
    }
}

/// One thing that could be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// Stable across runs: the name of a look or effect, the content hash of a track.
    pub id: String,
    /// What taste is learned over, each by name.
    pub features: BTreeMap<String, f64>,
    /// 0..1, higher is better.
    pub score: f64,
    /// 0..1: how sure the score is.
    pub confidence: f64,
    /// Strongest first.
    pub reasons: Vec<Reason>,
}
