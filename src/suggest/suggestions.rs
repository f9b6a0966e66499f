//! The documents `tastemaker.suggestions/1` and `tastemaker.look-suggestions/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::choice::{Candidate, Reason};
use crate::music::{Arrangement, License, RefusalCode};

/// The schema this version writes.
pub const SUGGESTIONS_SCHEMA: &str = "tastemaker.suggestions/1";

/// Suggestions for the whole set of files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Suggestions {
    pub schema: String,
    pub files: Vec<String>,
    pub music: Vec<MusicSuggestion>,
    pub looks: Vec<Candidate>,
    pub effects: Vec<EffectSuggestion>,
    pub abstained: Vec<Abstention>,
    /// Tracks that were not ranked, because they may not be used as requested, counted by the first reason found; most
    /// first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

/// Tracks that may not be used as requested, and the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct LeftOut {
    pub code: RefusalCode,
    /// How many.
    pub tracks: usize,
    /// One sentence for people.
    pub text: String,
}

/// A track, the part of it, and its gain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct MusicSuggestion {
    #[serde(flatten)]
    pub choice: Candidate,
    pub path: String,
    pub title: String,
    /// SPDX id or a plain name, or `unknown`.
    pub license: String,
    /// The credit that the license requires.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub attribution: String,
    /// What the license allows.
    #[serde(default)]
    pub rights: License,
    /// Seconds in the track, at which the first part begins and the last one ends.
    pub start: f64,
    pub end: f64,
    /// `[start, end]` of each part that plays, in order, if there is more than one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<[f64; 2]>,
    /// Seconds of the track per second of the film; 1 is the original speed.
    #[serde(default = "own_speed", skip_serializing_if = "is_own_speed")]
    pub speed: f64,
    /// The gain to the platform's loudness.
    pub gain_db: f64,
    /// The exact parts of the track that were judged; not printed.
    #[serde(skip)]
    pub arrangement: Option<Arrangement>,
}

fn own_speed() -> f64 {
    1.0
}

fn is_own_speed(value: &f64) -> bool {
    *value == 1.0
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

/// What was not suggested, and the reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Abstention {
    pub what: String,
    pub why: String,
    /// The nearest candidates, if some were compared and none fits; best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nearest: Vec<NearMiss>,
}

/// A track that does not fit, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct NearMiss {
    pub id: String,
    pub path: String,
    pub title: String,
    pub score: f64,
    /// One or two sentences.
    pub wrong: String,
}

/// The schema of [`LookSuggestions`].
pub const LOOK_SUGGESTIONS_SCHEMA: &str = "tastemaker.look-suggestions/1";

/// Suggestions for one photo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct LookSuggestions {
    pub schema: String,
    pub file: String,
    /// Absent if nothing needs correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<CorrectionSuggestion>,
    /// Best first.
    pub looks: Vec<Candidate>,
    pub abstained: Vec<Abstention>,
}

/// The correction of exposure and white balance that the photo needs before any look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct CorrectionSuggestion {
    /// The weight of the strongest reason, 0..1.
    pub score: f64,
    /// Added light, in stops.
    pub stops: f64,
    /// In the unit of a `white_balance` step; positive is warmer.
    pub temperature: f64,
    /// In the unit of a `white_balance` step; positive is more magenta.
    pub tint: f64,
    /// The value that becomes black; 0 unless the picture is flat.
    pub black_point: f64,
    /// The value that becomes white; 1 unless the picture is flat.
    pub white_point: f64,
    pub reasons: Vec<Reason>,
}

/// Records that `what` was not suggested, and the reason.
pub(super) fn abstain(
    abstained: &mut Vec<Abstention>,
    what: impl Into<String>,
    why: impl Into<String>,
) {
    abstained.push(Abstention {
        what: what.into(),
        why: why.into(),
        nearest: Vec::new(),
    });
}
