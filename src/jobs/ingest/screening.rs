//! Whether a file may be shown: pass, review by a person, or block.
//!
//! It fails closed. What could not be looked at (no key frame, speech without a transcript, a file that breaks off) is
//! for a person to see; it never passes. Nothing is claimed about harm that no network here can see.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::{Analysis, PictureFacts};

/// The thresholds and words of a preset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreeningPolicy {
    /// From this nudity score on, 0..1, a person looks.
    pub review: f64,
    /// From this nudity score on, 0..1, the file is blocked.
    pub block: f64,
    /// Spoken words for which a person looks, in any letter case.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub words: BTreeSet<String>,
}

/// What is to be done with a file, the mildest first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It may be shown.
    Pass,
    /// A person has to look first.
    Review,
    /// It may not be shown.
    Block,
}

impl Verdict {
    /// Its word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Block => "block",
        }
    }
}

/// What speaks against passing a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// The picture may show nudity.
    Nudity,
    /// A listed word is spoken.
    Word,
    /// Its pictures could not be looked at.
    PicturesUnchecked,
    /// What is spoken in it is not known.
    WordsUnchecked,
    /// It breaks off: the rest was not seen.
    BreaksOff,
}

impl EvidenceKind {
    /// For people.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Nudity => "may show nudity",
            Self::Word => "a listed word is spoken",
            Self::PicturesUnchecked => "its pictures could not be checked",
            Self::WordsUnchecked => "its words could not be checked",
            Self::BreaksOff => "it breaks off, and the rest was not seen",
        }
    }
}

/// One thing that speaks against passing a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// What it alone would lead to.
    pub verdict: Verdict,
    /// Seconds; absent for stills and for what concerns the whole file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<f64>,
    /// 0..1, where it is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The verdict on a file, and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Screening {
    /// The strictest of the evidence; `pass` where there is none.
    pub verdict: Verdict,
    /// The highest score of each kind, `nudity`.
    pub scores: BTreeMap<String, f64>,
    /// What speaks against it.
    pub evidence: Vec<Evidence>,
    /// What was applied.
    pub policy: ScreeningPolicy,
}

impl Screening {
    /// Screens what `analysis` found by `policy`.
    pub fn of(analysis: &Analysis, policy: &ScreeningPolicy) -> Self {
        let mut evidence = Vec::new();
        let nudity = pictures(analysis, policy, &mut evidence);
        words(analysis, policy, &mut evidence);
        if analysis.file.partial.is_some() {
            evidence.push(unseen(EvidenceKind::BreaksOff));
        }
        let verdicts = evidence.iter().map(|evidence| evidence.verdict);
        Self {
            verdict: verdicts.max().unwrap_or(Verdict::Pass),
            scores: nudity
                .map(|score| ("nudity".to_owned(), score))
                .into_iter()
                .collect(),
            evidence,
            policy: policy.clone(),
        }
    }
}

/// The highest nudity score of the still or the key frames. Each that is not safe is evidence, and so is none.
fn pictures(
    analysis: &Analysis,
    policy: &ScreeningPolicy,
    evidence: &mut Vec<Evidence>,
) -> Option<f64> {
    let mut seen: Vec<(Option<f64>, &PictureFacts)> = Vec::new();
    seen.extend(analysis.picture.iter().map(|picture| (None, picture)));
    if let Some(video) = &analysis.video {
        let shots = video.shots.iter();
        seen.extend(shots.map(|shot| (Some(shot.key_time), &shot.picture)));
    }
    let has_pictures = analysis.picture.is_some() || analysis.video.is_some();
    let unchecked = seen.is_empty() || seen.iter().any(|(_, picture)| picture.safety.is_none());
    if has_pictures && unchecked {
        evidence.push(unseen(EvidenceKind::PicturesUnchecked));
    }
    let mut highest: Option<f64> = None;
    for (at, picture) in seen {
        let Some(score) = picture.safety.map(|safety| safety.score) else {
            continue;
        };
        highest = Some(highest.map_or(score, |highest| highest.max(score)));
        // In this order, a score that is no number does not pass.
        let verdict = if score >= policy.block {
            Verdict::Block
        } else if score < policy.review {
            continue;
        } else {
            Verdict::Review
        };
        evidence.push(Evidence {
            kind: EvidenceKind::Nudity,
            verdict,
            at,
            score: Some(score),
            text: None,
        });
    }
    highest
}

/// Listed words that are spoken. Speech that nobody understood is evidence too, where words are listed.
fn words(analysis: &Analysis, policy: &ScreeningPolicy, evidence: &mut Vec<Evidence>) {
    let Some(audio) = analysis.audio.as_ref().filter(|_| !policy.words.is_empty()) else {
        return;
    };
    if audio.no_transcript.is_some() {
        evidence.push(unseen(EvidenceKind::WordsUnchecked));
    }
    let listed: BTreeSet<String> = policy.words.iter().map(|word| bare(word)).collect();
    let spoken = audio.transcript.iter().flat_map(|words| &words.words);
    for word in spoken.filter(|word| listed.contains(&bare(&word.text))) {
        evidence.push(Evidence {
            kind: EvidenceKind::Word,
            verdict: Verdict::Review,
            at: Some(word.start),
            score: Some(word.confidence),
            text: Some(word.text.clone()),
        });
    }
}

/// A word in small letters, without punctuation.
fn bare(word: &str) -> String {
    let letters = word.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn unseen(kind: EvidenceKind) -> Evidence {
    Evidence {
        kind,
        verdict: Verdict::Review,
        at: None,
        score: None,
        text: None,
    }
}
