//! Candidates for a choice (with a stable id, named features, a score and reasons), and decisions that were made by
//! default.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why something was chosen, for programs and for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// A stable word such as `tempo_fits`.
    pub code: String,
    /// Its contribution to the score; negative if it counts against.
    pub weight: f64,
    /// One plain sentence.
    pub text: String,
}

impl Reason {
    /// Makes a reason; the weight is rounded as in JSON.
    pub fn new(code: &str, weight: f64, text: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            weight: crate::time::rounded(weight),
            text: text.into(),
        }
    }
}

/// Something that can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
    /// Stable across runs: the name of a look or effect, the content hash of a track.
    pub id: String,
    /// The named features that taste is learned over.
    pub features: BTreeMap<String, f64>,
    /// 0..1, higher is better.
    pub score: f64,
    /// Confidence in the score, 0..1.
    pub confidence: f64,
    /// Strongest first.
    pub reasons: Vec<Reason>,
}

/// The code of the reason that taste gives; its weight is by how much taste moved the score.
pub const TASTE_REASON: &str = "taste";

impl Candidate {
    /// The score as it is for everybody; `None` where it was never judged.
    pub fn score_without_taste(&self) -> Option<f64> {
        let mut reasons = self.reasons.iter();
        let taste = reasons.find(|reason| reason.code == TASTE_REASON);
        let moved = taste.map_or(0.0, |reason| reason.weight);
        (!self.reasons.is_empty()).then(|| (self.score - moved).clamp(0.0, 1.0))
    }
}

/// A decision that was made by default.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The setting that would change it.
    pub setting: Setting,
    /// The value it was set to; absent if the reason says it all.
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

/// A setting of an edit. The terminal spells it as a flag, a server as a field.
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
    GuideTrack,
    Transition,
    Captions,
    Framing,
    Denoise,
}
