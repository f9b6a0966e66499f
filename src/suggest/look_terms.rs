//! The terms by which a look is judged for a set of pictures.

use std::collections::BTreeMap;

use crate::looks::Look;
use crate::suggest::look_guard::has_stem;
use crate::suggest::look_light::LIGHTS;
use crate::suggest::picture_set::PictureSet;
use crate::suggest::scoring::{Term, ramp};
use crate::suggest::word_space::{WordSpace, look_text};

/// Weight of the mood words. A look's score is the weighted mean of its terms; taste moves it afterward.
const MOOD: f64 = 1.3;
/// Weight of the scenes that the look is made for.
const SCENE: f64 = 2.0;
/// Weight of the likeness of descriptions.
const WORDS: f64 = 2.0;
/// Weight of the light that suits the look's family.
const LIGHT: f64 = 1.5;
/// Weight of kindness to skin, only with faces.
const SKIN: f64 = 1.0;
/// Weight of what the pictures lack, only if they lack something.
const NEED: f64 = 1.0;
/// Weight of a gentle change: less than all others, it decides between equals.
const GENTLE: f64 = 0.6;
/// Value (0..1) from which pictures lack light, contrast or color.
const LACKING: f64 = 0.3;
/// Change of color (mean distance, 0..1) from which a look is not gentle at all.
const MUCH_CHANGE: f64 = 0.16;
/// Change of color up to which a look is fully gentle.
const LITTLE_CHANGE: f64 = 0.02;
/// `mood_fits` without a common mood word: moods are broad, so this speaks only a little against a look.
const NO_MOOD_IN_COMMON: f64 = 0.3;

/// How far the look adds what the pictures lack: light, contrast, color.
pub(super) fn need_term(does: &BTreeMap<String, f64>, set: &PictureSet) -> Term {
    // Relative to the change that counts as full.
    let does =
        |name: &str, full: f64| (does.get(name).copied().unwrap_or(0.0) / full).clamp(-1.0, 1.0);
    let dark = ramp(set.luma, 0.35, 0.2) * (1.0 - set.has("night").min(1.0));
    let flat = ramp(set.contrast, 0.17, 0.08);
    let pale = ramp(set.saturation, 0.25, 0.1) * (1.0 - set.has("monochrome").min(1.0));
    let needs = [
        (dark, does("brightness", 0.1), "light"),
        (flat, does("contrast", 0.3), "contrast"),
        (pale, does("saturation", 0.3), "color"),
    ];
    let most = needs.iter().map(|need| need.0).fold(0.0, f64::max);
    let given: f64 = needs.iter().map(|(need, gives, _)| need * gives).sum();
    let what: Vec<&str> = needs
        .iter()
        .filter(|(need, _, _)| *need >= LACKING)
        .map(|need| need.2)
        .collect();
    let text = if given >= 0.0 {
        format!(
            "The pictures lack {}, and it gives some.",
            what.join(" and ")
        )
    } else {
        format!(
            "The pictures lack {}, and it takes more.",
            what.join(" and ")
        )
    };
    let lacking = most >= LACKING;
    let value = lacking.then_some(0.5 + 0.5 * given.clamp(-1.0, 1.0));
    Term::new(
        "gives_what_lacks",
        value,
        if lacking { NEED } else { 0.0 },
        text,
    )
}

/// Prefers, between equals, the look that changes less.
pub(super) fn gentle_term(does: &BTreeMap<String, f64>) -> Term {
    let change = does.get("change").copied().unwrap_or(0.0);
    let value = ramp(change, MUCH_CHANGE, LITTLE_CHANGE);
    let text = if value >= 0.5 {
        "It changes little, which is safe."
    } else {
        "It changes a lot, and needs a reason to."
    };
    Term::new("gentle", Some(value), GENTLE, text)
}

/// How well the mood words agree.
pub(super) fn mood_term(look: &Look, set: &PictureSet) -> Term {
    let mut common = Vec::new();
    let mut value = 0.0;
    for (rank, word) in set.mood.iter().enumerate() {
        if look
            .mood
            .iter()
            .chain(&look.tags)
            .any(|other| other == word)
        {
            value += 0.6 / (1.0 + 0.5 * rank as f64);
            common.push(word.as_str());
        }
    }
    let known = !set.mood.is_empty() && !look.mood.is_empty();
    let text = if common.is_empty() {
        format!("It is made for another mood ({}).", look.mood.join(", "))
    } else {
        format!(
            "It is made for the mood of the pictures: {}.",
            common.join(", ")
        )
    };
    Term::new(
        "mood_fits",
        known.then_some(NO_MOOD_IN_COMMON + value),
        MOOD,
        text,
    )
}

/// How far the set shows the scenes that the look is made for.
pub(super) fn scene_term(look: &Look, set: &PictureSet) -> Term {
    let suits = look.suits.to_lowercase();
    let mut found = Vec::new();
    let (mut fits, mut all) = (0.0, 0.0);
    for (word, share) in set.scene_words() {
        all += share;
        // The first tags of a look name its main purpose.
        let made_for = match look.tags.iter().position(|tag| tag == word) {
            Some(rank) => (1.0 - 0.08 * rank as f64).max(0.5),
            None if has_stem(&suits, word) => 0.6,
            None => continue,
        };
        fits += share * made_for;
        found.push(word);
    }
    let text = if found.is_empty() {
        "Nothing in the pictures asks for it.".to_owned()
    } else {
        format!("It suits what is in the pictures: {}.", found.join(", "))
    };
    Term::new(
        "scene_fits",
        (all > 0.0).then(|| 0.25 + 0.75 * fits / all.max(0.5)),
        SCENE,
        text,
    )
}

/// How near its description is to the content of the pictures.
pub(super) fn words_term(look: &Look, space: &WordSpace) -> Term {
    let value = space.likeness(&look_text(look));
    let text = if value.unwrap_or(0.5) >= 0.5 {
        "Its description is close to that of the pictures."
    } else {
        "Its description is far from that of the pictures."
    };
    Term::new("words_fit", value, WORDS, text)
}

/// Whether the light suits the look's family.
pub(super) fn light_term(look: &Look, set: &PictureSet) -> Term {
    let Some(light) = LIGHTS
        .iter()
        .find(|light| light.families.contains(&look.family.as_str()))
    else {
        return Term::new("light_fits", None, LIGHT, "");
    };
    let value = (light.fits)(set);
    let text = if value >= 0.5 { light.good } else { light.bad };
    Term::new("light_fits", Some(value), LIGHT, text)
}

/// People come first: with faces, prefers looks made for skin over those that play with color.
pub(super) fn skin_term(look: &Look, set: &PictureSet) -> Term {
    let kind = look
        .tags
        .iter()
        .any(|tag| matches!(tag.as_str(), "portrait" | "people" | "skin"));
    let wild = matches!(look.family.as_str(), "retro" | "night" | "landscape");
    let (value, text) = if kind {
        (0.5 + 0.5 * set.faces, "It is kind to faces.")
    } else if wild {
        (0.5 - 0.5 * set.faces, "It is not kind to faces.")
    } else {
        (0.5, "")
    };
    Term::new(
        "skin_safe",
        (set.faces > 0.0).then_some(value),
        if set.faces > 0.0 { SKIN } else { 0.0 },
        text,
    )
}
