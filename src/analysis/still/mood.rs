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

use crate::analysis::still::color::Tone;
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

/// Words with how well they fit; those above the threshold, best first.
fn words(valence: f64, arousal: f64, tone: &Tone, scene: &[LabelScore], happy: f64) -> Vec<String> {
    let has = |word: &str| {
        scene
            .iter()
            .find(|label| label.label == word)
            .map_or(0.0, |label| label.score)
    };
    // Places in the valence-arousal square (Russell, "A circumplex model of affect", 1980); the nearest names the feeling.
    let near = |v: f64, a: f64| {
        1.0 - ((valence - v) * (valence - v) + (arousal - a) * (arousal - a)).sqrt() / 0.5
    };
    let fits = |value: f64, from: f64, to: f64| super::ramp(value, from, to);
    let nature = has("landscape")
        .max(has("greenery"))
        .max(has("sea"))
        .max(has("sky"));
    let feelings = [
        ("joyful", near(0.80, 0.60) + 0.4 * happy),
        ("energetic", near(0.60, 0.85)),
        ("calm", near(0.55, 0.20)),
        ("serene", near(0.75, 0.25) + 0.2 * nature - 0.1),
        ("melancholic", near(0.25, 0.25)),
        ("tense", near(0.25, 0.75)),
        ("easygoing", near(0.52, 0.45)),
    ];
    let feeling = feelings.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let looks = [
        ("dark", fits(tone.luma, 0.24, 0.10)),
        ("bright", fits(tone.luma, 0.58, 0.75)),
        (
            "vivid",
            fits(tone.saturation, 0.45, 0.70) * fits(tone.luma, 0.15, 0.30),
        ),
        ("muted", fits(tone.saturation, 0.22, 0.10) * 0.8),
        ("warm", fits(tone.warmth, 0.25, 0.80)),
        ("cool", fits(tone.warmth, -0.20, -0.70)),
        (
            "dramatic",
            fits(tone.contrast, 0.26, 0.36) * fits(tone.luma, 0.60, 0.40),
        ),
        (
            "soft",
            fits(tone.contrast, 0.16, 0.08) * fits(tone.luma, 0.35, 0.55),
        ),
        ("nostalgic", 0.7 * has("monochrome")),
        ("romantic", 0.8 * has("sunset")),
        ("fresh", 0.8 * has("greenery") * fits(tone.luma, 0.25, 0.45)),
        (
            "cozy",
            has("indoor") * fits(tone.warmth, 0.20, 0.60) * fits(tone.luma, 0.55, 0.35),
        ),
        ("mysterious", 0.8 * has("night")),
        ("urban", 0.7 * has("city")),
    ];
    let mut fitting: Vec<(&str, f64)> = feeling
        .into_iter()
        .chain(looks)
        .filter(|&(_, fit)| fit >= 0.35)
        .collect();
    fitting.sort_by(|a, b| b.1.total_cmp(&a.1));
    fitting
        .into_iter()
        .take(WORDS)
        .map(|(word, _)| word.to_owned())
        .collect()
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
}
