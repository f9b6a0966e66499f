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
    /// From so many faces in one picture on, a person looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub faces: Option<usize>,
    /// What is done with what was uploaded before, nearly the same.
    #[serde(default, skip_serializing_if = "Verdict::is_pass")]
    pub near_duplicates: Verdict,
}

/// What is to be done with a file, the mildest first.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It may be shown.
    #[default]
    Pass,
    /// A person has to look first.
    Review,
    /// It may not be shown.
    Block,
}

impl Verdict {
    fn is_pass(&self) -> bool {
        *self == Self::Pass
    }

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
    /// It is on a list of the platform's, or a copy of something that is.
    Listed,
    /// It is, or is nearly, what was uploaded before.
    NearDuplicate,
    /// It shows many faces.
    Faces,
    /// It could not be compared with lists and earlier uploads.
    ListsUnchecked,
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
            Self::Listed => "it is on a list",
            Self::NearDuplicate => "it was uploaded before, or nearly",
            Self::Faces => "shows many faces",
            Self::ListsUnchecked => "it could not be compared with lists",
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
    /// Seconds: where a sound that was recognized ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<f64>,
    /// 0..1, where it is measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The word, or the note of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What it was recognized as: the id of an entry of a list, or of an earlier job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// By what it was recognized: `blake3`, `pdq`, `dct` or `sound`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Bits of the hash that differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance: Option<u32>,
    /// How many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<usize>,
}

impl Evidence {
    /// Evidence of a kind, with nothing more known of it.
    pub fn new(kind: EvidenceKind, verdict: Verdict) -> Self {
        Self {
            kind,
            verdict,
            at: None,
            end: None,
            score: None,
            text: None,
            of: None,
            by: None,
            distance: None,
            count: None,
        }
    }
}

/// The verdict on a file, and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Screening {
    /// The strictest of the evidence; `pass` where there is none.
    pub verdict: Verdict,
    /// The highest score of each kind: `nudity`, and `faces`, the most in one picture, where they were looked for.
    pub scores: BTreeMap<String, f64>,
    /// What speaks against it.
    pub evidence: Vec<Evidence>,
    /// What was applied.
    pub policy: ScreeningPolicy,
}

impl Screening {
    /// Screens what `analysis` found by `policy`; `known` is what lists and earlier uploads say, `None` where they
    /// could not be asked.
    pub fn of(analysis: &Analysis, policy: &ScreeningPolicy, known: Option<&[Evidence]>) -> Self {
        let mut evidence = match known {
            Some(known) => known.to_vec(),
            None => vec![unseen(EvidenceKind::ListsUnchecked)],
        };
        for evidence in &mut evidence {
            if evidence.kind == EvidenceKind::NearDuplicate {
                evidence.verdict = policy.near_duplicates;
            }
        }
        let nudity = pictures(analysis, policy, &mut evidence);
        let faces = faces(analysis, policy, &mut evidence);
        words(analysis, policy, &mut evidence);
        if analysis.file.partial.is_some() {
            evidence.push(unseen(EvidenceKind::BreaksOff));
        }
        let verdicts = evidence.iter().map(|evidence| evidence.verdict);
        Self {
            verdict: verdicts.max().unwrap_or(Verdict::Pass),
            scores: [("nudity", nudity), ("faces", faces)]
                .into_iter()
                .filter_map(|(name, score)| Some((name.to_owned(), score?)))
                .collect(),
            evidence,
            policy: policy.clone(),
        }
    }

    /// Why the verdict is not `pass`: the kinds of evidence that led to it, each once.
    pub fn reasons(&self) -> Vec<EvidenceKind> {
        let mut reasons = Vec::new();
        let decisive = |it: &&Evidence| it.verdict == self.verdict && !it.verdict.is_pass();
        for evidence in self.evidence.iter().filter(decisive) {
            if !reasons.contains(&evidence.kind) {
                reasons.push(evidence.kind);
            }
        }
        reasons
    }
}

/// What a policy on trial says of a file, beside the one that counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShadowScreening {
    /// Whether its verdict is another one than that which counts.
    pub differs: bool,
    /// What it says.
    #[serde(flatten)]
    pub screening: Screening,
}

impl ShadowScreening {
    /// What `policy` says, beside the verdict that counts.
    pub fn of(
        analysis: &Analysis,
        policy: &ScreeningPolicy,
        known: Option<&[Evidence]>,
        counts: Verdict,
    ) -> Self {
        let screening = Screening::of(analysis, policy, known);
        Self {
            differs: screening.verdict != counts,
            screening,
        }
    }
}

/// The highest nudity score of the still or the key frames. Each that is not safe is evidence, and so is none.
fn pictures(
    analysis: &Analysis,
    policy: &ScreeningPolicy,
    evidence: &mut Vec<Evidence>,
) -> Option<f64> {
    let seen = looked_at(analysis);
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
            at,
            score: Some(score),
            ..Evidence::new(EvidenceKind::Nudity, verdict)
        });
    }
    highest
}

/// The still, or the key frame of each shot with its time.
pub(super) fn looked_at(analysis: &Analysis) -> Vec<(Option<f64>, &PictureFacts)> {
    let still = analysis.picture.iter().map(|picture| (None, picture));
    let shots = analysis.video.iter().flat_map(|video| &video.shots);
    still
        .chain(shots.map(|shot| (Some(shot.key_time), &shot.picture)))
        .collect()
}

/// The most faces in one picture, where there are any. Too many are evidence.
fn faces(
    analysis: &Analysis,
    policy: &ScreeningPolicy,
    evidence: &mut Vec<Evidence>,
) -> Option<f64> {
    let seen = looked_at(analysis);
    let (at, most) = seen
        .iter()
        .map(|(at, picture)| (*at, picture.faces.len()))
        .max_by_key(|(_, count)| *count)?;
    if policy.faces.is_some_and(|allowed| most >= allowed) {
        evidence.push(Evidence {
            at,
            count: Some(most),
            ..Evidence::new(EvidenceKind::Faces, Verdict::Review)
        });
    }
    (most > 0).then_some(most as f64)
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
            at: Some(word.start),
            score: Some(word.confidence),
            text: Some(word.text.clone()),
            ..Evidence::new(EvidenceKind::Word, Verdict::Review)
        });
    }
}

/// A word in small letters, without punctuation.
pub(super) fn bare(word: &str) -> String {
    let letters = word.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn unseen(kind: EvidenceKind) -> Evidence {
    Evidence::new(kind, Verdict::Review)
}
