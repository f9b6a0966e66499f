//! A piece of evidence: what a creator did once, and what it says about their taste.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::choice::Candidate;
use crate::profile::TasteKind;
use crate::profile::color_pairs::ColorPairs;
use crate::profile::post_grade::PostGrade;
use crate::profile::ranking::is_about_taste;
use crate::profile::shot_lengths::ShotLengths;
use crate::profile::taste_kind::Verdict;
use crate::time::rounded;

/// Most choices of one piece of evidence: a post shows one of each kind.
const MOST_CHOICES: usize = 16;
/// Most things that are passed over in one choice.
const MOST_PASSED: usize = 64;
/// Most features of a thing.
pub(super) const MOST_FEATURES: usize = 64;
/// Features are about −1..1; a value beyond this is an error.
pub(super) const MOST_VALUE: f64 = 100.0;
/// The id of leaving everything as it is: that of the look that does nothing.
const NOTHING: &str = "none";
/// How many times a piece of evidence may count.
const WEIGHTS: std::ops::RangeInclusive<f64> = 0.05..=20.0;
/// Longest name, in bytes.
const LONGEST_NAME: usize = 128;
/// Hex digits of an id: no two of a million are alike.
const ID_DIGITS: usize = 16;

/// What a creator did once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Made from what it says, so that it does not depend on what else is known. Unique in a profile.
    pub id: String,
    /// When it was noted; absent in what comes from version 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Where it comes from.
    pub source: EvidenceSource,
    /// How many times it counts; absent: once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// What was done to the colors of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colors: Option<ColorPairs>,
    /// The finished colors of a post; absent in what earlier versions learned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<PostGrade>,
    /// How long the shots of a film are; absent in what earlier versions learned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shots: Option<ShotLengths>,
    /// What it says, at most one choice a kind.
    pub choices: Vec<EvidenceChoice>,
}

/// Where evidence comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EvidenceSource {
    /// Something was accepted, rejected or swapped.
    Feedback,
    /// A finished picture or film.
    Post,
}

/// Something was taken, something was passed over, or both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvidenceChoice {
    /// What kind of thing.
    pub kind: TasteKind,
    /// What was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<ChoiceThing>,
    /// What was passed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<ChoiceThing>,
    /// The kind of scene that it was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scene: Option<String>,
    /// Where the film was to be posted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
}

/// A look, a track, the pace of a film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChoiceThing {
    /// Its stable id; absent for what was measured in a post and has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<String>,
    /// Its features.
    pub features: BTreeMap<String, f64>,
    /// What was thought of it without a profile, 0..1; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
}

impl Evidence {
    /// A verdict on one candidate.
    pub fn verdict(
        at: Timestamp,
        kind: TasteKind,
        candidate: &Candidate,
        verdict: Verdict,
    ) -> Self {
        let thing = ChoiceThing::of(candidate);
        let choice = match verdict {
            Verdict::Accept => EvidenceChoice::new(kind, Some(thing), vec![]),
            Verdict::Reject => EvidenceChoice::new(kind, None, vec![thing]),
        };
        Self::feedback(at, vec![choice])
    }

    /// One candidate was taken in place of another.
    pub fn swap(at: Timestamp, kind: TasteKind, taken: &Candidate, passed: &Candidate) -> Self {
        let (taken, passed) = (ChoiceThing::of(taken), ChoiceThing::of(passed));
        Self::feedback(
            at,
            vec![EvidenceChoice::new(kind, Some(taken), vec![passed])],
        )
    }

    /// What was chosen in place of something else.
    pub fn feedback(at: Timestamp, choices: Vec<EvidenceChoice>) -> Self {
        Self::new(Some(at), EvidenceSource::Feedback, choices)
    }

    /// Counts `weight` times. False, and nothing is changed, where that is next to nothing.
    pub fn set_weight(&mut self, weight: f64) -> bool {
        let (least, most) = (*WEIGHTS.start(), *WEIGHTS.end());
        if !weight.is_finite() || weight < least {
            return false;
        }
        let weight = rounded(weight.min(most));
        self.weight = (weight != 1.0).then_some(weight);
        true
    }

    /// The same of a film whose shots are so long.
    pub fn with_shots(self, shots: Option<ShotLengths>) -> Self {
        Self { shots, ..self }
    }

    /// The same of a post of these colors.
    pub fn with_grade(self, grade: Option<PostGrade>) -> Self {
        Self { grade, ..self }
    }

    /// What a post shows; `content` is a hash of the file, from which the id is made.
    pub fn post(at: Timestamp, content: &str, choices: Vec<EvidenceChoice>) -> Self {
        Self {
            id: short_hash(&format!("post {content}")),
            at: Some(at),
            source: EvidenceSource::Post,
            weight: None,
            colors: None,
            grade: None,
            shots: None,
            choices,
        }
    }

    /// What was done to the colors of a picture; `content` is a hash of it before and after.
    pub fn edit(at: Timestamp, content: &str, colors: ColorPairs) -> Self {
        let taken = ChoiceThing::new(None, colors.features());
        let choice =
            EvidenceChoice::new(TasteKind::Look, Some(taken), vec![ChoiceThing::nothing()]);
        Self {
            colors: Some(colors),
            ..Self::post(at, content, vec![choice])
        }
    }

    /// Evidence whose id is made from all that it says.
    pub(super) fn new(
        at: Option<Timestamp>,
        source: EvidenceSource,
        choices: Vec<EvidenceChoice>,
    ) -> Self {
        let mut evidence = Self {
            id: String::new(),
            at,
            source,
            weight: None,
            colors: None,
            grade: None,
            shots: None,
            choices,
        };
        evidence.id = short_hash(&serde_json::to_string(&evidence).unwrap_or_default());
        evidence
    }

    /// What is wrong with it, in words.
    pub(super) fn fault(&self) -> Option<String> {
        let is_id = |id: &str| {
            (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if !is_id(&self.id) {
            return Some("id: letters and digits, at most 64".into());
        }
        if self.weight.is_some_and(|weight| !WEIGHTS.contains(&weight)) {
            return Some(format!("evidence {}: weight is out of range", self.id));
        }
        let colors = self.colors.as_ref().and_then(ColorPairs::fault);
        let grade = || self.grade.as_ref().and_then(PostGrade::fault);
        let shots = || self.shots.as_ref().and_then(ShotLengths::fault);
        let choices = || {
            let is_over = self.choices.len() > MOST_CHOICES;
            let over = is_over.then(|| format!("more than {MOST_CHOICES} choices"));
            over.or_else(|| self.choices.iter().find_map(EvidenceChoice::fault))
        };
        let fault = colors.or_else(grade).or_else(shots).or_else(choices);
        fault.map(|fault| format!("evidence {}: {fault}", self.id))
    }

    /// Values as this version writes them, so that a file that was read is written alike.
    pub(super) fn round(&mut self) {
        self.weight = self.weight.map(rounded);
        self.grade.iter_mut().for_each(PostGrade::round);
        let choices = self.choices.iter_mut();
        for thing in choices.flat_map(|choice| choice.taken.iter_mut().chain(&mut choice.passed)) {
            thing.score = thing.score.map(rounded);
            thing
                .features
                .values_mut()
                .for_each(|value| *value = rounded(*value));
        }
    }
}

impl EvidenceChoice {
    /// A choice for any scene and platform.
    pub fn new(kind: TasteKind, taken: Option<ChoiceThing>, passed: Vec<ChoiceThing>) -> Self {
        Self {
            kind,
            taken,
            passed,
            scene: None,
            platform: None,
        }
    }

    fn fault(&self) -> Option<String> {
        if self.passed.len() > MOST_PASSED {
            return Some(format!("more than {MOST_PASSED} passed over"));
        }
        let mut context = self.scene.iter().chain(&self.platform);
        let mut things = self.taken.iter().chain(&self.passed);
        let fault = context.find_map(|name| name_fault(name));
        fault.or_else(|| things.find_map(ChoiceThing::fault))
    }
}

impl ChoiceThing {
    /// What is kept of a candidate: its id, and what it is like.
    fn of(candidate: &Candidate) -> Self {
        let mut thing = Self::new(Some(candidate.id.clone()), candidate.features.clone());
        thing.score = candidate.score_without_taste();
        thing
    }

    /// Leaving everything as it is.
    pub fn nothing() -> Self {
        Self::new(Some(NOTHING.to_owned()), BTreeMap::new())
    }

    /// A thing with those of `features` that are about taste.
    pub fn new(choice: Option<String>, features: BTreeMap<String, f64>) -> Self {
        Self {
            choice,
            features: features
                .into_iter()
                .filter(|(name, _)| is_about_taste(name))
                .take(MOST_FEATURES)
                .map(|(name, value)| (name, rounded(value)))
                .collect(),
            score: None,
        }
    }

    fn fault(&self) -> Option<String> {
        if self.features.len() > MOST_FEATURES {
            return Some(format!("more than {MOST_FEATURES} features"));
        }
        let strange = |value: &f64| !value.is_finite() || value.abs() > MOST_VALUE;
        if self
            .score
            .is_some_and(|score| !(0.0..=1.0).contains(&score))
        {
            return Some("score: it is out of range".into());
        }
        if self.features.values().any(strange) {
            return Some("features: a value is out of range".into());
        }
        let mut names = self.choice.iter().chain(self.features.keys());
        names.find_map(|name| name_fault(name))
    }
}

/// What is wrong with a name; names are shown on terminals.
fn name_fault(name: &str) -> Option<String> {
    if name.len() > LONGEST_NAME {
        return Some(format!("a name is longer than {LONGEST_NAME} bytes"));
    }
    name.chars()
        .any(char::is_control)
        .then(|| format!("{name:?} is no name"))
}

fn short_hash(text: &str) -> String {
    let mut digits = blake3::hash(text.as_bytes()).to_hex().to_string();
    digits.truncate(ID_DIGITS);
    digits
}
