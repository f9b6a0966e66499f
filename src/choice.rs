//! Choices: what each ranked one carries (a stable id, named features, a score, reasons), and those that were made
//! without being asked.

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

/// What was decided without being asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The setting that would change it.
    pub setting: Setting,
    /// What it was set to; absent where the reason says all.
    pub value: Option<String>,
    /// Why, as a sentence for people.
    pub reason: String,
}

impl Decision {
    /// Makes a decision for `value`.
    pub fn new(setting: Setting, value: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            setting,
            value: Some(value.into()),
            reason: reason.into(),
        }
    }

    /// Makes a decision that has no value of its own.
    pub fn remark(setting: Setting, reason: impl Into<String>) -> Self {
        Self {
            setting,
            value: None,
            reason: reason.into(),
        }
    }
}

/// A setting of an edit. The outside spells it: the terminal as a flag, a server as a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Setting {
    Files,
    Length,
    Look,
    Music,
    Platform,
    Style,
    Aspect,
    Seed,
}
