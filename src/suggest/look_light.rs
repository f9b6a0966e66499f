//! The light that suits each family of looks.

use crate::suggest::picture_set::PictureSet;
use crate::suggest::scoring::ramp;

/// Scene words of wide views, as opposed to pictures of an object.
const WIDE: [&str; 8] = [
    "landscape",
    "mountain",
    "sea",
    "beach",
    "sky",
    "snow",
    "forest",
    "greenery",
];

/// How well light suits a family of looks, and the sentences about it.
pub(super) struct FamilyLight {
    pub families: &'static [&'static str],
    /// The fit, 0..1.
    pub fits: fn(&PictureSet) -> f64,
    /// The sentence for a fit from 0.5.
    pub good: &'static str,
    /// The sentence for a fit below.
    pub bad: &'static str,
}

/// The light of each family.
pub(super) const LIGHTS: [FamilyLight; 10] = [
    FamilyLight {
        families: &["night"],
        fits: |set| set.has("night").max(ramp(set.luma, 0.3, 0.15)),
        good: "It is made for this little light.",
        bad: "It is made for much less light.",
    },
    FamilyLight {
        families: &["moody"],
        fits: |set| ramp(set.luma, 0.6, 0.3),
        good: "The light is low enough for it.",
        bad: "The pictures are too bright for it.",
    },
    FamilyLight {
        families: &["warm"],
        // Warm pictures become warmer; blue or already very orange ones gain nothing.
        fits: |set| ramp(set.warmth, -0.3, 0.15) * ramp(set.warmth, 0.8, 0.45),
        good: "The light is warm, and it brings that out.",
        bad: "The light is not the warm one it needs.",
    },
    FamilyLight {
        families: &["cold"],
        fits: |set| ramp(set.warmth, 0.3, -0.15),
        good: "The light is cool, and it brings that out.",
        bad: "The light is too warm for it.",
    },
    FamilyLight {
        families: &["monochrome"],
        fits: |set| 1.0 - 0.8 * ramp(set.saturation, 0.08, 0.4),
        good: "There is little color to lose.",
        bad: "It would take the color away.",
    },
    FamilyLight {
        families: &["landscape"],
        fits: |set| {
            let wide = WIDE.map(|word| ramp(set.has(word), 0.1, 0.6));
            wide.into_iter().fold(0.0, f64::max) * ramp(set.noise, 0.5, 0.2)
        },
        good: "There is land, sea or sky to look into.",
        bad: "There is no wide view, or too much noise in it.",
    },
    FamilyLight {
        families: &["faded"],
        fits: |set| ramp(set.luma, 0.25, 0.5) * ramp(set.contrast, 0.1, 0.2),
        good: "There is light and contrast to be softened.",
        bad: "There is too little light or contrast to be softened.",
    },
    FamilyLight {
        families: &["portrait"],
        fits: |set| ramp(set.close_faces, 0.05, 0.5),
        good: "People are close enough for it.",
        bad: "It is made for people who are closer.",
    },
    FamilyLight {
        families: &["retro"],
        fits: |_| 0.35,
        good: "",
        bad: "It is loud, and nothing in the light asks for that.",
    },
    FamilyLight {
        families: &["clean", "food", "product"],
        fits: |set| 0.55 + 0.3 * ramp(set.luma, 0.2, 0.45),
        good: "It changes little and does no harm.",
        bad: "",
    },
];
