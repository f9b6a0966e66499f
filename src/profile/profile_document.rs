//! A profile: a journal of evidence, as `tastemaker.profile/2`. What was learned is not in it: it is made anew from the
//! evidence, so that evidence which is taken out leaves no trace.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::choice::Candidate;
use crate::error::{Error, Result};
use crate::profile::evidence::{ChoiceThing, Evidence, EvidenceChoice, EvidenceSource};
use crate::profile::taste_kind::{TasteKind, Verdict};

/// The schema this version writes.
pub const PROFILE_SCHEMA: &str = "tastemaker.profile/2";
/// The schema of before, which is read too.
const FIRST_SCHEMA: &str = "tastemaker.profile/1";

/// Most pieces of evidence in a profile. The oldest are dropped first, since taste changes.
const MOST_EVIDENCE: usize = 20_000;

/// What is known of one creator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// [`PROFILE_SCHEMA`].
    pub schema: String,
    /// Oldest first.
    pub evidence: Vec<Evidence>,
}

#[derive(Deserialize)]
struct DocumentHead {
    schema: String,
}

/// `tastemaker.profile/1`.
#[derive(Deserialize)]
struct FirstProfile {
    judgements: Vec<FirstJudgment>,
}

/// A verdict of `tastemaker.profile/1`.
#[derive(Deserialize)]
struct FirstJudgment {
    kind: TasteKind,
    id: String,
    verdict: Verdict,
    features: BTreeMap<String, f64>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            schema: PROFILE_SCHEMA.into(),
            evidence: Vec::new(),
        }
    }
}

impl Profile {
    /// Parses the text of the file `path`, of this version or the first.
    ///
    /// Errors: [`Error::Document`] unless it is a whole profile within the limits.
    pub fn parse(path: &Path, text: &str) -> Result<Self> {
        let wrong = |problem: serde_json::Error| {
            complaint(path, problem.line(), problem.column(), problem.to_string())
        };
        let head: DocumentHead = serde_json::from_str(text).map_err(wrong)?;
        let mut profile = match head.schema.as_str() {
            PROFILE_SCHEMA => serde_json::from_str(text).map_err(wrong)?,
            FIRST_SCHEMA => Self::migrated(serde_json::from_str(text).map_err(wrong)?),
            other => {
                let start: String = other.chars().take(60).collect();
                let what = format!(
                    "schema is {start:?}, but this version reads {PROFILE_SCHEMA:?} and {FIRST_SCHEMA:?}"
                );
                return Err(complaint(path, 1, 1, what));
            }
        };
        match profile.fault() {
            Some(fault) => Err(complaint(path, 1, 1, fault)),
            None => {
                profile.evidence.iter_mut().for_each(Evidence::round);
                Ok(profile)
            }
        }
    }

    fn migrated(first: FirstProfile) -> Self {
        let mut profile = Self::default();
        for judgment in first.judgements {
            let thing = ChoiceThing {
                choice: Some(judgment.id),
                features: judgment.features,
                score: None,
            };
            let choice = match judgment.verdict {
                Verdict::Accept => EvidenceChoice::new(judgment.kind, Some(thing), vec![]),
                Verdict::Reject => EvidenceChoice::new(judgment.kind, None, vec![thing]),
            };
            profile.add(Evidence::new(None, EvidenceSource::Feedback, vec![choice]));
        }
        profile
    }

    fn fault(&self) -> Option<String> {
        if self.evidence.len() > MOST_EVIDENCE {
            return Some(format!("more than {MOST_EVIDENCE} pieces of evidence"));
        }
        let mut ids = BTreeSet::new();
        self.evidence.iter().find_map(|evidence| {
            let twice = !ids.insert(&evidence.id);
            evidence
                .fault()
                .or_else(|| twice.then(|| format!("evidence {} is there twice", evidence.id)))
        })
    }

    /// The content of its file: one line for each piece of evidence.
    pub fn to_json(&self) -> String {
        let lines: Vec<String> = self
            .evidence
            .iter()
            .map(|evidence| serde_json::to_string(evidence).unwrap_or_default())
            .collect();
        let evidence = if lines.is_empty() {
            "[]".to_owned()
        } else {
            format!("[\n{}\n]", lines.join(",\n"))
        };
        format!("{{\"schema\": \"{PROFILE_SCHEMA}\", \"evidence\": {evidence}}}\n")
    }

    /// Adds a piece of evidence. Feedback that says the same as before at the same time becomes the newest; a post that
    /// is known stays where it is. Returns whether anything changed.
    pub fn add(&mut self, evidence: Evidence) -> bool {
        if let Some(at) = self.position(&evidence.id) {
            if evidence.source == EvidenceSource::Post {
                // What became of a post may be known later than the post.
                let known = &mut self.evidence[at].weight;
                let is_news = evidence.weight.is_some() && *known != evidence.weight;
                if is_news {
                    *known = evidence.weight;
                }
                return is_news;
            }
            self.evidence.remove(at);
        }
        self.evidence.push(evidence);
        let over = self.evidence.len().saturating_sub(MOST_EVIDENCE);
        self.evidence.drain(..over);
        true
    }

    /// Adds a verdict on one candidate.
    pub fn note(
        &mut self,
        at: Timestamp,
        kind: TasteKind,
        candidate: &Candidate,
        verdict: Verdict,
    ) {
        self.add(Evidence::verdict(at, kind, candidate, verdict));
    }

    /// Takes out all evidence that was noted at `since` or later; returns how many pieces.
    pub fn forget_since(&mut self, since: Timestamp) -> usize {
        let before = self.evidence.len();
        self.evidence
            .retain(|evidence| evidence.at.is_none_or(|at| at < since));
        before - self.evidence.len()
    }

    /// Takes out one piece of evidence; false where there is none of that id.
    pub fn forget(&mut self, id: &str) -> bool {
        let found = self.position(id);
        found.map(|at| self.evidence.remove(at)).is_some()
    }

    fn position(&self, id: &str) -> Option<usize> {
        self.evidence.iter().position(|evidence| evidence.id == id)
    }
}

fn complaint(path: &Path, line: usize, column: usize, what: String) -> Error {
    Error::Document {
        path: path.into(),
        line: line.max(1),
        column: column.max(1),
        what,
    }
}
