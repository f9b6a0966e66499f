//! How a picture feels: valence and arousal from brightness, color, faces and scene, and words for where that lies.
//!
//! ```text
//! valence = 0.50 + 0.22·(luma−0.45)/0.45 + 0.14·(saturation−0.30)/0.30 + 0.08·warmth + scene + 0.30·happy − 0.12·unhappy
//! arousal = 0.38 + 0.22·(contrast−0.20)/0.20 + 0.22·(saturation−0.30)/0.30 + 0.06·warmth + scene
//! ```
//!
//! Each fraction is held to -1..1 and the sums to 0..1; `scene` adds up what the words of the picture bring (below),
//! each by its score. That brightness and saturation carry pleasure and arousal is from Valdez & Mehrabian, "Effects of
//! color on emotions", 1994; the weights are ours.
//!
//! Words are of two kinds. Feelings are places in the valence-arousal plane (Russell, "A circumplex model of affect", 1980), laid around the
//! middle of ordinary photos (0.58, 0.44) in units of their spread (0.14, 0.17, over the 151 corpus photos), so that unlike photos get unlike
//! words: the nearest is always given, the second where it fits as well. Looks are told by tone and scene. Best fits first, five at most.

use crate::analysis::picture::color::Tone;
use crate::analysis::picture::ramp;
use crate::analysis::{Face, LabelScore, Mood};
use crate::time::rounded;

/// Most words that are given.
const WORDS: usize = 5;

/// What scene words bring: word, valence, arousal.
const SCENES: [(&str, f64, f64); 25] = [
    ("night", -0.06, 0.06),
    ("dark", -0.10, -0.02),
    ("monochrome", -0.08, -0.04),
    ("sunset", 0.12, -0.08),
    ("beach", 0.14, -0.04),
    ("sea", 0.06, -0.08),
    ("lake", 0.06, -0.10),
    ("snow", 0.02, -0.06),
    ("sky", 0.04, -0.04),
    ("mountain", 0.06, -0.02),
    ("greenery", 0.08, -0.08),
    ("flower", 0.12, -0.04),
    ("food", 0.08, 0.02),
    ("drink", 0.04, 0.04),
    ("dog", 0.12, 0.06),
    ("cat", 0.10, -0.04),
    ("group", 0.08, 0.10),
    ("crowd", 0.04, 0.16),
    ("sport", 0.06, 0.26),
    ("concert", 0.08, 0.28),
    ("music", 0.06, 0.12),
    ("city", 0.0, 0.08),
    ("vehicle", 0.0, 0.10),
    ("bedroom", 0.02, -0.12),
    ("graphic", 0.0, 0.02),
];

pub(crate) fn feel(tone: &Tone, faces: &[Face], scene: &[LabelScore]) -> Mood {
    let unit = |value: f64| value.clamp(-1.0, 1.0);
    let light = unit((tone.luma - 0.45) / 0.45);
    let color = unit((tone.saturation - 0.30) / 0.30);
    let contrast = unit((tone.contrast - 0.20) / 0.20);
    let mut valence = 0.50 + 0.22 * light + 0.14 * color + 0.08 * tone.warmth;
    let mut arousal = 0.38 + 0.22 * contrast + 0.22 * color + 0.06 * tone.warmth;
    for label in scene {
        if let Some((_, brings_valence, brings_arousal)) =
            SCENES.iter().find(|(word, ..)| *word == label.label)
        {
            valence += brings_valence * label.score;
            arousal += brings_arousal * label.score;
        }
    }
    let told = faces.iter().filter_map(|face| face.expression.as_deref());
    let (mut happy, mut unhappy, mut surprised, mut count) = (0.0, 0.0, 0.0, 0.0_f64);
    for expression in told {
        count += 1.0;
        match expression {
            "happy" => happy += 1.0,
            "sad" | "angry" | "fear" | "disgust" => unhappy += 1.0,
            "surprise" => surprised += 1.0,
            _ => {}
        }
    }
    let count = count.max(1.0);
    // Only happy against the rest is dependable (see models/README.md), so the others weigh less.
    valence += 0.30 * happy / count - 0.12 * unhappy / count;
    arousal += 0.10 * happy / count + 0.06 * surprised / count;
    let (valence, arousal) = (valence.clamp(0.0, 1.0), arousal.clamp(0.0, 1.0));
    Mood {
        valence: rounded(valence),
        arousal: rounded(arousal),
        words: words(valence, arousal, tone, scene, happy / count),
    }
}

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

/// Words that fit, best first; at least the nearest feeling.
fn words(valence: f64, arousal: f64, tone: &Tone, scene: &[LabelScore], happy: f64) -> Vec<String> {
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
    for (place, (word, fit)) in feelings.into_iter().take(2).enumerate() {
        if place == 0 {
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn tone(luma: f64, contrast: f64, saturation: f64, warmth: f64) -> Tone {
        Tone {
            luma,
            contrast,
            saturation,
            warmth,
            ..Tone::default()
        }
    }

    #[test]
    fn bright_and_colorful_feels_better_than_dark_and_grey() {
        let day = feel(&tone(0.62, 0.22, 0.55, 0.3), &[], &[]);
        let dusk = feel(&tone(0.12, 0.12, 0.08, -0.2), &[], &[]);
        assert!(day.valence > dusk.valence + 0.3 && day.arousal > dusk.arousal + 0.1);
        assert!(dusk.words.contains(&"dark".to_owned()), "{:?}", dusk.words);
    }

    #[test]
    fn a_happy_face_lifts_the_mood() {
        let face = |expression: &str| Face {
            bounds: crate::geometry::Rect::FULL,
            score: 0.9,
            expression: Some(expression.into()),
            ..Face::default()
        };
        let even = tone(0.45, 0.2, 0.3, 0.0);
        let happy = feel(&even, &[face("happy")], &[]);
        let neutral = feel(&even, &[face("neutral")], &[]);
        assert!(happy.valence > neutral.valence + 0.25);
        assert!(
            happy.words.contains(&"joyful".to_owned()),
            "{:?}",
            happy.words
        );
    }

    #[test]
    fn unlike_pictures_get_unlike_words() {
        let pictures = [
            tone(0.62, 0.22, 0.55, 0.3),
            tone(0.12, 0.12, 0.08, -0.2),
            tone(0.45, 0.20, 0.30, 0.0),
            tone(0.70, 0.10, 0.15, -0.1),
            tone(0.30, 0.30, 0.40, 0.5),
            tone(0.40, 0.28, 0.75, -0.5),
        ];
        let all: Vec<Vec<String>> = pictures
            .iter()
            .map(|tone| feel(tone, &[], &[]).words)
            .collect();
        for (at, words) in all.iter().enumerate() {
            assert!((1..=WORDS).contains(&words.len()), "{words:?}");
            for other in &all[at + 1..] {
                let shared = words.iter().filter(|word| other.contains(word)).count();
                assert!(shared <= 1, "{words:?} {other:?}");
            }
        }
    }
}
