//! The mood of a picture: valence and arousal from brightness, color, faces and scene.
//!
//! ```text
//! valence = 0.50 + 0.22·(luma−0.45)/0.45 + 0.14·(saturation−0.30)/0.30 + 0.08·warmth + scene
//!                + 0.30·happy − 0.12·unhappy
//! arousal = 0.38 + 0.22·(contrast−0.20)/0.20 + 0.22·(saturation−0.30)/0.30 + 0.06·warmth + scene
//! ```
//!
//! Each fraction is clamped to -1..1 and the sums to 0..1; `scene` is the sum over the scene words of their
//! contribution ([`SCENES`]) times their score. The effect of brightness and saturation on pleasure and arousal is from
//! Valdez & Mehrabian, "Effects of color on emotions", 1994; the weights are ours. [`mood_words`](super::mood_words)
//! turns the result into words.

use super::mood_words::{MoodEvidence, mood_words};
use super::tone::Tone;
use crate::analysis::{Face, LabelScore, Mood};
use crate::time::rounded;

/// What each scene word adds to valence and to arousal.
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

/// The mood of a picture.
pub(super) fn estimate_mood(tone: &Tone, faces: &[Face], scene: &[LabelScore]) -> Mood {
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
    let expressions = faces.iter().filter_map(|face| face.expression.as_deref());
    let (mut happy, mut unhappy, mut surprised, mut count) = (0.0, 0.0, 0.0, 0.0_f64);
    for expression in expressions {
        count += 1.0;
        match expression {
            "happy" => happy += 1.0,
            "sad" | "angry" | "fear" | "disgust" => unhappy += 1.0,
            "surprise" => surprised += 1.0,
            _ => {}
        }
    }
    let count = count.max(1.0);
    // The network reliably separates only happy faces from the rest (see models/README.md), so the others weigh less.
    valence += 0.30 * happy / count - 0.12 * unhappy / count;
    arousal += 0.10 * happy / count + 0.06 * surprised / count;
    let (valence, arousal) = (valence.clamp(0.0, 1.0), arousal.clamp(0.0, 1.0));
    Mood {
        valence: rounded(valence),
        arousal: rounded(arousal),
        words: mood_words(&MoodEvidence {
            valence,
            arousal,
            happy: happy / count,
            tone,
            scene,
        }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::mood_words::WORDS;
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
        let day = estimate_mood(&tone(0.62, 0.22, 0.55, 0.3), &[], &[]);
        let dusk = estimate_mood(&tone(0.12, 0.12, 0.08, -0.2), &[], &[]);
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
        let happy = estimate_mood(&even, &[face("happy")], &[]);
        let neutral = estimate_mood(&even, &[face("neutral")], &[]);
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
            .map(|tone| estimate_mood(tone, &[], &[]).words)
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
