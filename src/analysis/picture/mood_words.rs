//! Words for the mood of a picture.
//!
//! Words are of two kinds. Feelings are points in the valence-arousal plane (Russell, "A circumplex model of affect",
//! 1980), laid around the middle of ordinary photos (0.58, 0.44) in units of their spread (0.14, 0.17, over the 151
//! corpus photos), so that unlike photos get unlike words: the nearest is always given, the second where it fits as
//! well. Words such as `golden`, `moody` or `cozy` come from tone and scene ([`looks`]). Best fits first, five at most.

use super::tone::Tone;
use crate::analysis::LabelScore;
use crate::analysis::ramp::ramp;

/// Most words that are given.
pub(super) const WORDS: usize = 5;

/// Middle and spread of valence and of arousal in photos.
const VALENCE: (f64, f64) = (0.58, 0.14);
const AROUSAL: (f64, f64) = (0.44, 0.17);
/// A feeling fits less by 1 over this distance, in spreads.
const REACH: f64 = 1.5;
/// Words fit from here on.
const FITS: f64 = 0.35;
/// The second feeling counts for this much and must then still fit like this.
const SECOND: f64 = 0.8;
const SECOND_FITS: f64 = 0.55;
/// Feelings and where they are: valence, arousal, in spreads from the middle.
const FEELINGS: [(&str, f64, f64); 14] = [
    ("cheerful", 1.0, 0.1),
    ("joyful", 0.9, 0.9),
    ("lively", 0.2, 1.0),
    ("energetic", 0.1, 1.9),
    ("restless", -0.7, 0.8),
    ("tense", -1.3, 1.0),
    ("somber", -1.1, -0.1),
    ("melancholic", -1.2, -1.2),
    ("wistful", -0.5, -0.7),
    ("quiet", 0.0, -0.9),
    ("calm", 0.3, -1.7),
    ("serene", 1.0, -1.0),
    ("gentle", 0.6, -0.5),
    ("easygoing", 0.0, 0.0),
];

/// What the words are chosen by.
pub(super) struct MoodEvidence<'a> {
    pub valence: f64,
    pub arousal: f64,
    /// Share of the faces that are happy.
    pub happy: f64,
    pub tone: &'a Tone,
    pub scene: &'a [LabelScore],
}

/// Words that fit, best first; at least the nearest feeling.
pub(super) fn mood_words(evidence: &MoodEvidence<'_>) -> Vec<String> {
    let &MoodEvidence {
        valence,
        arousal,
        happy,
        tone,
        scene,
    } = evidence;
    let across = (valence - VALENCE.0) / VALENCE.1;
    let up = (arousal - AROUSAL.0) / AROUSAL.1;
    let mut feelings: Vec<(&str, f64)> = FEELINGS
        .iter()
        .map(|&(word, v, a)| {
            let far = ((across - v) * (across - v) + (up - a) * (up - a)).sqrt();
            let smile = match word {
                "joyful" | "cheerful" => 0.4 * happy,
                _ => 0.0,
            };
            (word, 1.0 - far / REACH + smile)
        })
        .collect();
    feelings.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut fitting: Vec<(&str, f64)> = Vec::new();
    for (rank, (word, fit)) in feelings.into_iter().take(2).enumerate() {
        if rank == 0 {
            fitting.push((word, fit.max(FITS)));
        } else if SECOND * fit >= SECOND_FITS {
            fitting.push((word, SECOND * fit));
        }
    }
    let looks = looks(tone, scene).into_iter();
    fitting.extend(looks.filter(|&(_, fit)| fit >= FITS));
    fitting.sort_by(|a, b| b.1.total_cmp(&a.1));
    fitting
        .into_iter()
        .take(WORDS)
        .map(|(word, _)| word.to_owned())
        .collect()
}

/// Words for light, color and scene, with how well they fit, 0..1.
fn looks(tone: &Tone, scene: &[LabelScore]) -> [(&'static str, f64); 20] {
    let has = |word: &str| {
        scene
            .iter()
            .find(|label| label.label == word)
            .map_or(0.0, |label| label.score)
    };
    let light = |from: f64, to: f64| ramp(tone.luma, from, to);
    let contrast = |from: f64, to: f64| ramp(tone.contrast, from, to);
    let color = |from: f64, to: f64| ramp(tone.saturation, from, to);
    let warmth = |from: f64, to: f64| ramp(tone.warmth, from, to);
    [
        ("dark", light(0.24, 0.10)),
        ("moody", 0.8 * light(0.42, 0.28) * contrast(0.12, 0.20)),
        ("bright", light(0.56, 0.72)),
        ("airy", light(0.50, 0.64) * contrast(0.22, 0.12)),
        ("vivid", color(0.42, 0.65) * light(0.15, 0.30)),
        ("muted", 0.9 * color(0.26, 0.12)),
        (
            "pastel",
            0.8 * light(0.50, 0.62) * color(0.10, 0.18) * color(0.45, 0.30),
        ),
        ("warm", warmth(0.20, 0.65)),
        (
            "golden",
            0.9 * warmth(0.35, 0.70) * light(0.30, 0.45) * light(0.75, 0.60),
        ),
        (
            "earthy",
            0.9 * warmth(0.12, 0.30) * color(0.60, 0.45) * light(0.50, 0.38) * light(0.15, 0.25),
        ),
        ("cool", warmth(-0.08, -0.40)),
        ("dramatic", contrast(0.22, 0.31) * light(0.62, 0.42)),
        ("crisp", 0.8 * contrast(0.20, 0.28) * light(0.40, 0.52)),
        ("soft", contrast(0.17, 0.09) * light(0.30, 0.50)),
        ("nostalgic", 0.7 * has("monochrome")),
        ("romantic", 0.8 * has("sunset")),
        ("fresh", 0.8 * has("greenery") * light(0.25, 0.45)),
        (
            "cozy",
            has("indoor") * warmth(0.15, 0.50) * light(0.60, 0.40),
        ),
        ("mysterious", 0.8 * has("night")),
        ("urban", 0.7 * has("city")),
    ]
}
