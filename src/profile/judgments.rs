//! A profile: the choices that one creator made, as `tastemaker.profile/1`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::choice::Candidate;
use crate::error::{Error, Result};
use crate::profile::ranking::is_about_taste;

/// The schema this version reads and writes.
pub const PROFILE_SCHEMA: &str = "tastemaker.profile/1";

/// Most judgments in a profile. The oldest are dropped first, since taste changes; learning costs their number cubed.
const MOST: usize = 500;
/// Most features of a judgment: a guard against files that this program did not write.
const MOST_FEATURES: usize = 64;
/// Features are about −1..1; a value beyond this is an error.
const MOST_VALUE: f64 = 100.0;

/// What one creator accepted and rejected.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// [`PROFILE_SCHEMA`].
    pub schema: String,
    /// Oldest first.
    #[serde(rename = "judgements")]
    pub judgments: Vec<Judgment>,
}

/// One choice of the creator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgment {
    /// What was judged.
    pub kind: TasteKind,
    /// Its stable id.
    pub id: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Its features: name and value, about −1..1.
    pub features: BTreeMap<String, f64>,
}

/// The kinds of candidates that taste is learned for.
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

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Music => "music",
        }
    }
}

/// Accepted or rejected.
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
            judgments: Vec::new(),
        }
    }
}

impl Profile {
    /// Parses the text of the file `path`.
    ///
    /// Errors: [`Error::Document`] unless it is a complete `tastemaker.profile/1`.
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
        if profile.judgments.len() > MOST {
            let what = format!("more than {MOST} judgments");
            return Err(complaint(1, 1, what));
        }
        let strange = profile.judgments.iter().find(|judgment| {
            judgment.features.len() > MOST_FEATURES
                || judgment
                    .features
                    .values()
                    .any(|value| !value.is_finite() || value.abs() > MOST_VALUE)
        });
        match strange {
            Some(judgment) => Err(complaint(
                1,
                1,
                format!("the features of {} are out of range", judgment.id),
            )),
            None => Ok(profile),
        }
    }

    /// The content of its file.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Adds a judgment, which replaces an earlier one of the same candidate.
    pub fn note(&mut self, kind: TasteKind, candidate: &Candidate, verdict: Verdict) {
        self.judgments
            .retain(|judgment| judgment.kind != kind || judgment.id != candidate.id);
        let features = candidate
            .features
            .iter()
            .filter(|(name, _)| is_about_taste(name))
            .take(MOST_FEATURES)
            .map(|(name, value)| (name.clone(), *value))
            .collect();
        self.judgments.push(Judgment {
            kind,
            id: candidate.id.clone(),
            verdict,
            features,
        });
        let over = self.judgments.len().saturating_sub(MOST);
        self.judgments.drain(..over);
    }
}
