//! One choice: what was offered, and what of it was taken.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::profile::ranking::prior::Group;

/// Most candidates of a choice.
const MOST_CANDIDATES: usize = 256;
/// Most features of a candidate.
const MOST_FEATURES: usize = 128;
/// Features are about −1..1 and scores 0..1; a value beyond this is an error.
const MOST_VALUE: f64 = 1000.0;
/// Longest id or name, in bytes.
const LONGEST_NAME: usize = 256;

/// What was offered, and what was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChoiceOffer {
    /// What kind of thing is chosen: `look`, `music`, `pace` …
    pub kind: String,
    /// What there is to choose from.
    pub candidates: Vec<OfferedCandidate>,
    /// The id of the candidate that was taken.
    pub chosen: String,
    /// Where it was chosen for.
    #[serde(default, skip_serializing_if = "ChoiceContext::is_empty")]
    pub context: ChoiceContext,
    /// When, RFC 3339. Not used: choices are in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Something that is offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfferedCandidate {
    /// Its stable id; empty for what is compared by its features alone.
    pub id: String,
    /// Its features; what is absent is 0.
    #[serde(default)]
    pub features: BTreeMap<String, f64>,
    /// What is thought of it without a profile, 0..1; absent where that is not known.
    #[serde(default)]
    pub score: Option<f64>,
}

/// What a choice was made for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ChoiceContext {
    /// The kind of scene, such as `night`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<String>,
    /// Where it will be posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
}

impl ChoiceContext {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What is known of it, with the group of columns in which weights may differ for it.
    pub(super) fn known(&self) -> impl Iterator<Item = (Group, &str)> {
        let scene = self.scene.as_deref().map(|scene| (Group::Scene, scene));
        let platform = self.platform.as_deref();
        scene
            .into_iter()
            .chain(platform.map(|platform| (Group::Platform, platform)))
    }
}

impl ChoiceOffer {
    /// The place of the candidate that was taken.
    pub fn taken(&self) -> Option<usize> {
        let chosen = |candidate: &OfferedCandidate| candidate.id == self.chosen;
        self.candidates.iter().position(chosen)
    }

    /// What is wrong with it, in words; `None` if it can be ranked and learned.
    pub fn fault(&self) -> Option<String> {
        let count = self.candidates.len();
        if !(1..=MOST_CANDIDATES).contains(&count) {
            return Some(format!(
                "candidates: {count} of them, but 1 to {MOST_CANDIDATES} are possible"
            ));
        }
        let context = self.context.known().map(|(_, name)| name);
        let ids = self.candidates.iter();
        let mut names = std::iter::once(self.kind.as_str())
            .chain(context)
            .chain(ids.map(|candidate| candidate.id.as_str()));
        if let Some(name) = names.find(|name| name.len() > LONGEST_NAME) {
            let start: String = name.chars().take(20).collect();
            return Some(format!("{start:?}… is longer than {LONGEST_NAME} bytes"));
        }
        if self.kind.is_empty() {
            return Some("kind: it is empty".into());
        }
        let mut ids = BTreeSet::new();
        for candidate in &self.candidates {
            if !ids.insert(&candidate.id) {
                return Some(format!("candidates: {:?} is there twice", candidate.id));
            }
            if let Some(fault) = candidate.fault() {
                return Some(format!("candidate {:?}: {fault}", candidate.id));
            }
        }
        self.taken()
            .is_none()
            .then(|| format!("chosen: {:?} is not among the candidates", self.chosen))
    }
}

impl OfferedCandidate {
    /// The average candidate, which single verdicts compare with: who takes a thing likes it better than that.
    pub fn average() -> Self {
        Self {
            id: String::new(),
            features: BTreeMap::new(),
            score: None,
        }
    }

    /// Whether it is the average candidate.
    pub(super) fn is_average(&self) -> bool {
        self.id.is_empty() && self.features.is_empty()
    }

    /// The features that taste is learned over. What a thing is like (`does_warmth`, `is_fast`) is a matter of taste;
    /// how well it fits these pictures is not, and stands in the score.
    pub fn tastes(&self) -> impl Iterator<Item = (&String, &f64)> {
        self.features
            .iter()
            .filter(|(name, _)| is_about_taste(name))
    }

    fn fault(&self) -> Option<String> {
        let possible = |value: f64| value.is_finite() && value.abs() <= MOST_VALUE;
        if self.features.len() > MOST_FEATURES {
            return Some(format!("more than {MOST_FEATURES} features"));
        }
        if self.score.is_some_and(|score| !possible(score)) {
            return Some("score: it is out of range".into());
        }
        let strange =
            |(name, value): &(&String, &f64)| name.len() > LONGEST_NAME || !possible(**value);
        let (name, _) = self.features.iter().find(strange)?;
        let start: String = name.chars().take(20).collect();
        Some(format!("features: {start:?} is out of range"))
    }
}

/// Whether a feature says what a thing is like, and not how well it fits.
pub(in crate::profile) fn is_about_taste(feature: &str) -> bool {
    feature.starts_with("does_") || feature.starts_with("is_")
}
