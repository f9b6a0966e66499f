//! Types that pictures, films and sound share, in `tastemaker.analysis/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A span of time, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Span {
    pub start: f64,
    pub end: f64,
}

/// A word and its score, 0..1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct LabelScore {
    pub label: String,
    pub score: f64,
}

/// Mood; both axes 0..1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Mood {
    /// 0 sad, dark .. 1 happy, bright.
    pub valence: f64,
    /// 0 calm .. 1 excited.
    pub arousal: f64,
    /// Up to 5 words, best first.
    pub words: Vec<String>,
}
