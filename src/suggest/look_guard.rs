//! Rules out looks however well they fit: by what their preset says to avoid, and by measurable harm.
//!
//! `avoid` is prose for people. Scene words are searched in it literally. Other topics (light, skin, noise) are in the
//! table below, each with the measurement that decides whether the pictures have it.

use std::collections::BTreeMap;

use crate::looks::Look;
use crate::suggest::picture_set::PictureSet;

/// Share of the pictures from which a scene word counts.
const PRESENT: f64 = 0.4;

/// Something to avoid: its word stems, the test of the pictures, and its name.
struct Concern {
    stems: &'static [&'static str],
    holds: fn(&PictureSet) -> bool,
    name: &'static str,
}

/// All concerns, apart from scene words.
const CONCERNS: [Concern; 17] = [
    Concern {
        stems: &["night", "little light"],
        holds: |set| set.has("night") >= PRESENT || set.luma < 0.15,
        name: "night",
    },
    Concern {
        stems: &["daylight"],
        holds: |set| set.luma > 0.35 && set.has("night") < 0.2,
        name: "daylight",
    },
    Concern {
        stems: &["portrait", "skin", "faces"],
        holds: |set| set.close_faces >= PRESENT || set.has("portrait") >= PRESENT,
        name: "close faces",
    },
    Concern {
        stems: &["food"],
        holds: |set| set.has("food").max(set.has("dessert")) >= PRESENT,
        name: "food",
    },
    Concern {
        stems: &["forest", "lawn", "foliage"],
        holds: |set| set.has("greenery").max(set.has("forest")) >= PRESENT,
        name: "greenery",
    },
    Concern {
        stems: &["landscape"],
        holds: |set| {
            set.has("landscape").max(set.has("mountain")) >= PRESENT && set.faces < PRESENT
        },
        name: "landscape",
    },
    Concern {
        stems: &["architecture", "building"],
        holds: |set| set.has("building").max(set.has("city")) >= PRESENT && set.faces < PRESENT,
        name: "buildings",
    },
    Concern {
        stems: &["noisy", "noise"],
        holds: |set| set.noise >= 0.4,
        name: "noise",
    },
    Concern {
        stems: &["low-contrast", "flat light", "fog"],
        holds: |set| set.contrast < 0.12 || set.has("fog") >= PRESENT,
        name: "flat light",
    },
    Concern {
        stems: &["pale"],
        holds: |set| set.saturation < 0.15 && set.luma > 0.55,
        name: "pale colors",
    },
    Concern {
        stems: &["soft already", "blurred"],
        holds: |set| set.sharpness < 0.25,
        name: "softness",
    },
    Concern {
        stems: &["orange already", "tungsten"],
        holds: |set| set.warmth > 0.5,
        name: "orange light",
    },
    Concern {
        stems: &["sunset", "candlelight"],
        holds: |set| set.has("sunset") >= PRESENT || (set.warmth > 0.4 && set.luma < 0.35),
        name: "warm low light",
    },
    Concern {
        stems: &["bright room", "should be white", "white product"],
        holds: |set| set.luma > 0.6 && set.saturation < 0.25,
        name: "white",
    },
    Concern {
        stems: &["text"],
        holds: |set| set.has("graphic") >= PRESENT,
        name: "text and graphics",
    },
    Concern {
        stems: &["silhouette", "moody"],
        holds: |set| set.black > 0.25 && set.luma < 0.3,
        name: "silhouettes",
    },
    Concern {
        stems: &["live from color", "color alone"],
        holds: |set| set.saturation > 0.55,
        name: "strong color",
    },
];

/// What the pictures have that `look` should avoid; `None` if it may be suggested.
pub(super) fn avoided(look: &Look, set: &PictureSet) -> Option<String> {
    let avoid = look.avoid.to_lowercase();
    if avoid.is_empty() || !set.seen {
        return None;
    }
    let concern = CONCERNS.iter().find(|concern| {
        concern.stems.iter().any(|stem| has_stem(&avoid, stem)) && (concern.holds)(set)
    });
    if let Some(concern) = concern {
        return Some(concern.name.to_owned());
    }
    // "Foggy pictures, which would turn to gray": the clause after the comma explains and names nothing else to avoid.
    let things = [";", ", where", ", which", ", whose"]
        .iter()
        .filter_map(|turn| avoid.find(turn))
        .min()
        .and_then(|end| avoid.get(..end))
        .unwrap_or(&avoid);
    set.scene_words()
        .into_iter()
        .find(|(word, share)| *share >= PRESENT && has_stem(things, &word.to_lowercase()))
        .map(|(word, _)| word.to_owned())
}

/// The harm that a look would do, as a sentence; `does` are its features at full strength ([`Look::features`]).
pub(super) fn harm(does: &BTreeMap<String, f64>, set: &PictureSet) -> Option<&'static str> {
    let does = |name: &str| does.get(name).copied().unwrap_or(0.0);
    let colored = does("monochrome") == 0.0;
    let harms = [
        (
            set.burnt >= 0.04 && does("brightness") > 0.04,
            "It would burn out more of what is white already.",
        ),
        (
            set.black >= 0.2 && set.has("night") < PRESENT && does("brightness") < -0.04,
            "It would swallow more of what is black already.",
        ),
        (
            set.noise >= 0.45 && does("clarity") + does("sharpness") > 0.15,
            "It would bring out the noise.",
        ),
        (
            set.close_faces >= PRESENT && colored && does("tint").abs() > 0.06,
            "It would tint the skin of the people.",
        ),
        (
            set.close_faces >= PRESENT && does("saturation") > 0.35,
            "It would redden the skin of the people.",
        ),
        (
            set.warmth > 0.5 && does("warmth") > 0.04,
            "The pictures are orange already, and it would make them more so.",
        ),
        (
            set.saturation > 0.6 && does("saturation") > 0.15,
            "The pictures have more color than they need already.",
        ),
    ];
    harms
        .into_iter()
        .find(|(holds, _)| *holds)
        .map(|(_, why)| why)
}

/// Whether a word of `text` begins with `stem`.
pub(super) fn has_stem(text: &str, stem: &str) -> bool {
    text.match_indices(stem).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|before| !before.is_alphanumeric())
    })
}
