//! The shape of `tastemaker.suggestions/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::choice::Candidate;

/// The schema this version writes.
pub const SUGGESTIONS_SCHEMA: &str = "tastemaker.suggestions/1";

/// For the whole set of files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Suggestions {
    pub schema: String,
    pub files: Vec<String>,
    pub music: Vec<MusicSuggestion>,
    pub looks: Vec<Candidate>,
    pub effects: Vec<EffectSuggestion>,
    pub abstained: Vec<Abstention>,
}

/// A track, from which second, how loud.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct MusicSuggestion {
    #[serde(flatten)]
    pub choice: Candidate,
    pub path: String,
    pub title: String,
    pub license: String,
    /// Seconds in the track.
    pub start: f64,
    pub end: f64,
    /// To bring it to the platform's loudness.
    pub gain_db: f64,
}

/// An effect and the file it is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct EffectSuggestion {
    #[serde(flatten)]
    pub choice: Candidate,
    pub path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
}

/// What was not suggested, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Abstention {
    pub what: String,
    pub why: String,
}
