//! Which looks.

use std::collections::BTreeMap;

use crate::choice::Candidate;
use crate::looks::Look;
use crate::profile::{Taste, TasteKind};
use crate::suggest::look_guard::{avoided, harm, has_stem};
use crate::suggest::picture_set::PictureSet;
use crate::suggest::scoring::{Term, order, ramp, weigh};
use crate::suggest::suggestions::abstain;
use crate::suggest::taste_term::taste_term;
use crate::suggest::word_space::{WordSpace, look_text};
use crate::suggest::{Abstention, SuggestRequest};

/// Looks that are given at most.
const MOST: usize = 5;
/// Scene words of pictures that are looked into rather than at.
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
/// A look that scores less is not suggested.
const LEAST: f64 = 0.5;

pub(super) fn rank(
    request: &SuggestRequest<'_>,
    set: &PictureSet,
    space: &WordSpace,
    abstained: &mut Vec<Abstention>,
) -> Vec<Candidate> {
    if !set.seen {
        abstain(abstained, "looks", "There is no picture.");
        return Vec::new();
    }
    let looks = request.looks.looks();
    rank_looks(looks, set, space, request.taste, request.seed, abstained)
}

/// The best of `looks` for pictures that have been seen; what may not be suggested is told.
pub(super) fn rank_looks(
    looks: &[Look],
    set: &PictureSet,
    space: &WordSpace,
    taste: Option<&Taste>,
    seed: u64,
    abstained: &mut Vec<Abstention>,
) -> Vec<Candidate> {
    let mut ranked = Vec::new();
    for look in looks {
        let why = avoided(look, set)
            .map(|what| format!("It is not for {what}, and the pictures have it."))
            .or_else(|| harm(&look.features(), set).map(str::to_owned));
        match why {
            Some(why) => abstain(abstained, format!("look {}", look.id), why),
            None => ranked.push(candidate(look, set, space, taste)),
        }
    }
    order(&mut ranked, seed, |look| look);
    ranked.retain(|look| look.score >= LEAST);
    ranked.truncate(MOST);
    if ranked.is_empty() {
        abstain(
            abstained,
            "looks",
            "No look fits the pictures well enough to change them.",
        );
    }
    ranked
}

/// What the look does, as a person's taste is about it: `does_warmth` …
pub fn look_features(look: &Look) -> BTreeMap<String, f64> {
    named(&look.features())
}

fn named(does: &BTreeMap<String, f64>) -> BTreeMap<String, f64> {
    does.iter()
        .filter(|(_, value)| **value != 0.0)
        .map(|(name, value)| (format!("does_{name}"), *value))
        .collect()
}

pub(super) fn candidate(
    look: &Look,
    set: &PictureSet,
    space: &WordSpace,
    taste: Option<&Taste>,
) -> Candidate {
    let does = look.features();
    let features = named(&does);
    let terms = vec![
        mood_term(look, set),
        scene_term(look, set),
        words_term(look, space),
        light_term(look, set),
        skin_term(look, set),
        need_term(&does, set),
        gentle_term(&does),
        taste_term(taste, TasteKind::Look, &look.id, &features),
    ];
    let mut candidate = weigh(&look.id, terms);
    candidate.features.extend(features);
    candidate
}

/// What the pictures lack, and the look gives.
fn need_term(does: &BTreeMap<String, f64>, set: &PictureSet) -> Term {
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
        .filter(|(need, _, _)| *need >= 0.3)
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
    let lacking = most >= 0.3;
    let value = lacking.then_some(0.5 + 0.5 * given.clamp(-1.0, 1.0));
    Term::new(
        "gives_what_lacks",
        value,
        if lacking { 1.0 } else { 0.0 },
        text,
    )
}

/// Among equals the one that changes less.
fn gentle_term(does: &BTreeMap<String, f64>) -> Term {
    let change = does.get("change").copied().unwrap_or(0.0);
    let value = ramp(change, 0.16, 0.02);
    let text = if value >= 0.5 {
        "It changes little, which is safe."
    } else {
        "It changes a lot, and needs a reason to."
    };
    Term::new("gentle", Some(value), 0.6, text)
}

/// Mood words in common.
fn mood_term(look: &Look, set: &PictureSet) -> Term {
    let mut common = Vec::new();
    let mut value = 0.0;
    for (place, word) in set.mood.iter().enumerate() {
        if look
            .mood
            .iter()
            .chain(&look.tags)
            .any(|other| other == word)
        {
            value += 0.6 / (1.0 + 0.5 * place as f64);
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
    Term::new("mood_fits", known.then_some(0.3 + value), 1.3, text)
}

/// Scene words that the look is made for, each by how much of the set it holds for.
fn scene_term(look: &Look, set: &PictureSet) -> Term {
    let suits = look.suits.to_lowercase();
    let mut found = Vec::new();
    let (mut fits, mut all) = (0.0, 0.0);
    for (word, share) in set.scene_words() {
        all += share;
        // What a look is for comes first among its tags.
        let made_for = match look.tags.iter().position(|tag| tag == word) {
            Some(place) => (1.0 - 0.08 * place as f64).max(0.5),
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
        2.0,
        text,
    )
}

fn words_term(look: &Look, space: &WordSpace) -> Term {
    let value = space.likeness(&look_text(look));
    let text = if value.unwrap_or(0.5) >= 0.5 {
        "Its description is close to that of the pictures."
    } else {
        "Its description is far from that of the pictures."
    };
    Term::new("words_fit", value, 2.0, text)
}

/// Whether the light is what the look's family is made for.
fn light_term(look: &Look, set: &PictureSet) -> Term {
    let colorful = ramp(set.saturation, 0.08, 0.4);
    let (value, good, bad) = match look.family.as_str() {
        "night" => (
            set.has("night").max(ramp(set.luma, 0.3, 0.15)),
            "It is made for this little light.",
            "It is made for much less light.",
        ),
        "moody" => (
            ramp(set.luma, 0.6, 0.3),
            "The light is low enough for it.",
            "The pictures are too bright for it.",
        ),
        "warm" => (
            // Warm pictures become warmer; what is blue or very orange already does not.
            ramp(set.warmth, -0.3, 0.15) * ramp(set.warmth, 0.8, 0.45),
            "The light is warm, and it brings that out.",
            "The light is not the warm one it needs.",
        ),
        "cold" => (
            ramp(set.warmth, 0.3, -0.15),
            "The light is cool, and it brings that out.",
            "The light is too warm for it.",
        ),
        "monochrome" => (
            1.0 - 0.8 * colorful,
            "There is little color to lose.",
            "It would take the color away.",
        ),
        "landscape" => (
            WIDE.map(|word| set.has(word))
                .into_iter()
                .fold(0.0, |most: f64, share| most.max(ramp(share, 0.1, 0.6)))
                * ramp(set.noise, 0.5, 0.2),
            "There is land, sea or sky to look into.",
            "There is no wide view, or too much noise in it.",
        ),
        "faded" => (
            ramp(set.luma, 0.25, 0.5) * ramp(set.contrast, 0.1, 0.2),
            "There is light and contrast to be softened.",
            "There is too little light or contrast to be softened.",
        ),
        "portrait" => (
            ramp(set.close_faces, 0.05, 0.5),
            "People are close enough for it.",
            "It is made for people who are closer.",
        ),
        "retro" => (
            0.35,
            "",
            "It is loud, and nothing in the light asks for that.",
        ),
        "clean" | "food" | "product" => (
            0.55 + 0.3 * ramp(set.luma, 0.2, 0.45),
            "It changes little and does no harm.",
            "",
        ),
        _ => return Term::new("light_fits", None, 1.5, ""),
    };
    Term::new(
        "light_fits",
        Some(value),
        1.5,
        if value >= 0.5 { good } else { bad },
    )
}

/// People before looks: with faces, a look made for skin; never one that plays with color.
fn skin_term(look: &Look, set: &PictureSet) -> Term {
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
        if set.faces > 0.0 { 1.0 } else { 0.0 },
        text,
    )
}
