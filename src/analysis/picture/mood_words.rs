//! Words for the mood of a picture, best fit first, five at most.
//!
//! They are of two kinds. Feelings ([`FEELINGS`]) are points in the valence-arousal plane (Russell, "A circumplex model
//! of affect", 1980), in standard deviations from the mean of ordinary photos, so that different photos get different
//! words: the nearest is always given, the second where it fits well too. Words such as `golden`, `moody` or `cozy`
//! come from tone and scene ([`light_and_color_words`]).

use super::light_and_color_words::light_and_color_words;
use super::tone::Tone;
use crate::analysis::LabelScore;

/// Most words of a picture.
pub(super) const WORDS: usize = 5;

/// Mean and standard deviation of valence and of arousal over the 151 photos of the corpus.
const VALENCE: (f64, f64) = (0.58, 0.14);
const AROUSAL: (f64, f64) = (0.44, 0.17);
/// A feeling fits fully (1) where the picture lies, and not at all (0) this many standard deviations away.
const REACH: f64 = 1.5;
/// Words that fit less are left out.
const FITS: f64 = 0.35;
/// The fit of the second feeling is multiplied by the first and must then reach the second.
const SECOND: f64 = 0.8;
const SECOND_FITS: f64 = 0.55;
/// Feelings and where they lie: valence and arousal, in standard deviations from the mean.
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

/// Input of [`mood_words`].
pub(super) struct MoodEvidence<'a> {
    pub valence: f64,
    pub arousal: f64,
    /// Share of the faces that are happy.
    pub happy: f64,
    pub tone: &'a Tone,
    pub scene: &'a [LabelScore],
}

/// Words that fit, best first; always at least the nearest feeling.
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
    let tonal = light_and_color_words(tone, scene).into_iter();
    fitting.extend(tonal.filter(|&(_, fit)| fit >= FITS));
    fitting.sort_by(|a, b| b.1.total_cmp(&a.1));
    fitting
        .into_iter()
        .take(WORDS)
        .map(|(word, _)| word.to_owned())
        .collect()
}
