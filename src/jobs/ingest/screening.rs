//! Whether a file may be shown: pass, review by a person, or block.
//!
//! It fails closed. What could not be looked at (no key frame, speech without a transcript, a file that breaks off) is
//! for a person to see; it never passes. Nothing is claimed about harm that no network here can see.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::{Analysis, PictureFacts};
use crate::geometry::Rect;
use crate::media::Subtitles;
use crate::time::rounded;

/// The thresholds and words of a preset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreeningPolicy {
    /// From this nudity score on, 0..1, a person looks.
    pub review: f64,
    /// From this nudity score on, 0..1, the file is blocked.
    pub block: f64,
    /// Words, spoken or in subtitles, for which a person looks, in any letter case.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub words: BTreeSet<String>,
    /// What is done with pictures in which something may be written: nobody reads it.
    #[serde(default, skip_serializing_if = "Verdict::is_pass")]
    pub written: Verdict,
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
    /// A listed word stands in the subtitles.
    SubtitleWord,
    /// Something may be written in the picture, and nobody has read it.
    Written,
    /// Its pictures could not be looked at.
    PicturesUnchecked,
    /// What is spoken in it, or stands in its subtitles, is not known.
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
            Self::SubtitleWord => "a listed word is in its subtitles",
            Self::Written => "something may be written in it",
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
    /// Where they are in the picture.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<Rect>,
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
            boxes: Vec::new(),
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

/// What is known of a file beside its analysis. `None` where that could not be told.
#[derive(Debug, Clone, Copy)]
pub struct BesideAnalysis<'a> {
    /// What lists and earlier uploads say.
    pub known: Option<&'a [Evidence]>,
    /// Its subtitles, where words are listed.
    pub subtitles: Option<&'a Subtitles>,
}

impl Screening {
    /// Screens what `analysis` found, and what else is known, by `policy`.
    pub fn of(analysis: &Analysis, policy: &ScreeningPolicy, beside: BesideAnalysis<'_>) -> Self {
        let mut evidence = match beside.known {
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
        written(analysis, policy, &mut evidence);
        words(analysis, policy, beside.subtitles, &mut evidence);
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
        beside: BesideAnalysis<'_>,
        counts: Verdict,
    ) -> Self {
        let screening = Screening::of(analysis, policy, beside);
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
    let (at, picture) = seen.iter().max_by_key(|(_, picture)| picture.faces.len())?;
    let most = picture.faces.len();
    if policy.faces.is_some_and(|allowed| most >= allowed) {
        evidence.push(Evidence {
            at: *at,
            count: Some(most),
            boxes: picture.faces.iter().map(|face| face.bounds).collect(),
            ..Evidence::new(EvidenceKind::Faces, Verdict::Review)
        });
    }
    (most > 0).then_some(most as f64)
}

/// Pictures in which something may be written, where the policy minds, and those where that was not looked for.
fn written(analysis: &Analysis, policy: &ScreeningPolicy, evidence: &mut Vec<Evidence>) {
    if policy.written.is_pass() {
        return;
    }
    for (at, picture) in looked_at(analysis) {
        let kind = match picture.possible_text {
            Some(false) => continue,
            Some(true) => EvidenceKind::Written,
            None => EvidenceKind::PicturesUnchecked,
        };
        evidence.push(Evidence {
            at,
            boxes: picture.text.iter().map(|text| text.bounds).collect(),
            ..Evidence::new(kind, policy.written)
        });
    }
}

/// Listed words that are spoken or stand in subtitles. Speech that nobody understood and subtitles that nobody could
/// read are evidence too, where words are listed.
fn words(
    analysis: &Analysis,
    policy: &ScreeningPolicy,
    subtitles: Option<&Subtitles>,
    evidence: &mut Vec<Evidence>,
) {
    if policy.words.is_empty() {
        return;
    }
    let listed: BTreeSet<String> = policy.words.iter().map(|word| bare(word)).collect();
    let audio = analysis.audio.as_ref();
    let not_understood = audio.is_some_and(|audio| audio.no_transcript.is_some());
    let unread = subtitles.is_none_or(|subtitles| subtitles.unread > 0);
    if not_understood || unread {
        evidence.push(unseen(EvidenceKind::WordsUnchecked));
    }
    let transcripts = audio.and_then(|audio| audio.transcript.as_ref());
    let spoken = transcripts.into_iter().flat_map(|words| &words.words);
    for word in spoken.filter(|word| listed.contains(&bare(&word.text))) {
        evidence.push(Evidence {
            at: Some(word.start),
            score: Some(word.confidence),
            text: Some(word.text.clone()),
            ..Evidence::new(EvidenceKind::Word, Verdict::Review)
        });
    }
    for line in subtitles.iter().flat_map(|subtitles| &subtitles.lines) {
        let words = line.text.split_whitespace();
        for word in words.filter(|word| listed.contains(&bare(word))) {
            evidence.push(Evidence {
                at: Some(rounded(line.at)),
                text: Some(word.to_owned()),
                ..Evidence::new(EvidenceKind::SubtitleWord, Verdict::Review)
            });
        }
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
