//! Mood words for light and color: `golden`, `moody`, `pastel`, `airy`, `cozy`, …
//!
//! Each word is a product of ramps over the tone of the picture (luma, contrast, saturation, warmth, see
//! [`tone`](super::tone)) and the scores of scene words; 0 does not fit, 1 fits fully. To give a word to more pictures,
//! widen its ramps: `light(0.30, 0.45)` is 0 up to a mean luma of 0.30 and 1 from 0.45. `golden` is the light of the
//! golden hour: warm, and neither dark nor bright.

use super::tone::Tone;
use crate::analysis::LabelScore;
use crate::analysis::ramp::ramp;

/// Words for light, color and scene, with how well they fit, 0..1.
pub(super) fn light_and_color_words(
    tone: &Tone,
    scene: &[LabelScore],
) -> [(&'static str, f64); 20] {
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
