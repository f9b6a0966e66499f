//! A track of a catalog for machines.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analysis::Analysis;
use crate::music::catalog::CatalogEntry;
use crate::time::rounded;

/// The schema of [`TrackDocument`].
pub const TRACK_SCHEMA: &str = "tastemaker.track/1";

/// A track of a catalog.
#[derive(Serialize, JsonSchema)]
pub struct TrackDocument<'a> {
    schema: &'static str,
    #[serde(flatten)]
    entry: &'a CatalogEntry,
    /// How well it fits what was asked for, 0..1; of similar tracks the cosine, -1..1.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
    /// What `music add` or `music remove` did: `added`, `changed`, `moved`, `copy`, `heard_again`, `touched`,
    /// `unchanged`, `removed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    /// All that was heard; only from `music show` and `music export`.
    #[serde(skip_serializing_if = "Option::is_none")]
    analysis: Option<&'a Analysis>,
}

impl<'a> TrackDocument<'a> {
    /// What a catalog lists of it.
    pub fn of(entry: &'a CatalogEntry) -> Self {
        Self {
            schema: TRACK_SCHEMA,
            entry,
            score: None,
            state: None,
            analysis: None,
        }
    }

    /// The same with how well it fits.
    pub fn scored(self, score: Option<f64>) -> Self {
        Self {
            score: score.map(rounded),
            ..self
        }
    }

    /// The same with what was done with it.
    pub fn in_state(self, state: &'a str) -> Self {
        Self {
            state: Some(state),
            ..self
        }
    }

    /// The same with all that was heard.
    pub fn with(self, analysis: &'a Analysis) -> Self {
        Self {
            analysis: Some(analysis),
            ..self
        }
    }
}
