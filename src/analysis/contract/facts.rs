//! What pictures, films and sound have in common, in `tastemaker.analysis/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// From, to, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Span {
    pub start: f64,
    pub end: f64,
}

/// A word and how sure it is, 0..1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct LabelScore {
    pub label: String,
    pub score: f64,
}

/// How something feels: both axes 0..1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Mood {
    /// 0 sad, dark .. 1 happy, bright.
    pub valence: f64,
    /// 0 calm .. 1 excited.
    pub arousal: f64,
    /// Up to 5 words, best first.
    pub words: Vec<String>,
}
