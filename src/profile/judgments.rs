//! The shape of `tastemaker.profile/1`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::choice::Candidate;
use crate::error::{Error, Result};

/// The schema this version reads and writes.
pub const PROFILE_SCHEMA: &str = "tastemaker.profile/1";

/// Most judgements that are kept; the oldest go first, for taste changes. Learning takes their number to the third.
const MOST: usize = 500;
/// Most features of one judgement.
const MOST_FEATURES: usize = 64;

/// What one creator took and turned down, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// [`PROFILE_SCHEMA`].
    pub schema: String,
    /// Oldest first.
    pub judgements: Vec<Judgment>,
}

/// One choice that somebody made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgment {
    /// What was judged.
    pub kind: TasteKind,
    /// Its stable id.
    pub id: String,
    /// How it was judged.
    pub verdict: Verdict,
    /// What it is like: name and value, about −1..1.
    pub features: BTreeMap<String, f64>,
}

/// Kinds of things that taste is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum TasteKind {
    Look,
    Music,
}

impl TasteKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Look, Self::Music];

    /// As JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Music => "music",
        }
    }
}

/// Taken, or turned down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Verdict {
    Accept,
    Reject,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            schema: PROFILE_SCHEMA.into(),
            judgements: Vec::new(),
        }
    }
}

impl Profile {
    /// Reads the text of the file `path`.
    ///
    /// Fails with [`Error::Document`] on what is no whole `tastemaker.profile/1`.
    pub fn parse(path: &Path, text: &str) -> Result<Self> {
        let complaint = |line: usize, column: usize, what: String| Error::Document {
            path: path.into(),
            line: line.max(1),
            column: column.max(1),
            what,
        };
        let profile: Self = serde_json::from_str(text)
            .map_err(|error| complaint(error.line(), error.column(), error.to_string()))?;
        if profile.schema != PROFILE_SCHEMA {
            let what = format!(
                "schema is {:?}, but this version reads {PROFILE_SCHEMA:?}",
                profile.schema
            );
            return Err(complaint(1, 1, what));
        }
        if profile.judgements.len() > MOST {
            let what = format!("more than {MOST} judgements");
            return Err(complaint(1, 1, what));
        }
        let strange = profile.judgements.iter().find(|judgement| {
            judgement.features.len() > MOST_FEATURES
                || judgement
                    .features
                    .values()
                    .any(|value| !value.is_finite() || value.abs() > 100.0)
        });
        match strange {
            Some(judgement) => Err(complaint(
                1,
                1,
                format!(
                    "the features of {} are beyond what is possible",
                    judgement.id
                ),
            )),
            None => Ok(profile),
        }
    }

    /// As it is written to a file.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Notes a judgement; a second one of the same thing takes the place of the first.
    pub fn note(&mut self, kind: TasteKind, candidate: &Candidate, verdict: Verdict) {
        self.judgements
            .retain(|judgement| judgement.kind != kind || judgement.id != candidate.id);
        let features = candidate
            .features
            .iter()
            .filter(|(name, _)| is_about_taste(name))
            .take(MOST_FEATURES)
            .map(|(name, value)| (name.clone(), *value))
            .collect();
        self.judgements.push(Judgment {
            kind,
            id: candidate.id.clone(),
            verdict,
            features,
        });
        let over = self.judgements.len().saturating_sub(MOST);
        self.judgements.drain(..over);
    }
}

/// What a thing is like is a matter of taste (`does_warmth`, `is_fast`); how well it fits these pictures is not.
pub(super) fn is_about_taste(feature: &str) -> bool {
    feature.starts_with("does_") || feature.starts_with("is_")
}
