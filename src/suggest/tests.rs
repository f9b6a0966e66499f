//! Tests of the judgment on sets made by hand, without networks.

use std::collections::BTreeMap;

use super::look_guard::avoided;
use super::picture_set::PictureSet;
use super::scoring::{Term, order, weigh};
use super::word_space::WordSpace;
use crate::looks::{Look, LookLibrary};

/// Daylight, some color, no people.
fn day(scene: &[(&str, f64)], mood: &[&str]) -> PictureSet {
    PictureSet {
        seen: true,
        valence: 0.6,
        arousal: 0.4,
        mood: mood.iter().map(|word| (*word).to_owned()).collect(),
        scene: scene
            .iter()
            .map(|(word, share)| ((*word).to_owned(), *share))
            .collect::<BTreeMap<_, _>>(),
        luma: 0.5,
        contrast: 0.2,
        saturation: 0.35,
        sharpness: 0.7,
        ..PictureSet::default()
    }
}

fn ranking<'a>(
    set: &'a PictureSet,
    space: &'a WordSpace,
    taste: Option<&'a crate::profile::Taste>,
) -> super::look_ranking::LookRanking<'a> {
    super::look_ranking::LookRanking {
        set,
        space,
        taste: super::taste_shift::TasteContext::new(taste, set, None),
        seed: 0,
    }
}

fn best(set: &PictureSet) -> Vec<String> {
    let library = LookLibrary::open(None).unwrap();
    let space = WordSpace::default();
    let mut ranked: Vec<_> = library
        .looks()
        .iter()
        .filter(|look| avoided(look, set).is_none())
        .map(|look| super::look_ranking::candidate(look, &ranking(set, &space, None)))
        .collect();
    order(&mut ranked, 0, |look| look);
    ranked.into_iter().map(|look| look.id).collect()
}

#[test]
fn looks_fit_what_is_seen() {
    let night = PictureSet {
        luma: 0.15,
        ..day(
            &[("night", 0.9), ("city", 0.6), ("dark", 0.8)],
            &["mysterious", "urban"],
        )
    };
    assert_eq!(best(&night)[0], "night-city");
    assert_eq!(
        best(&day(&[("food", 0.9), ("drink", 0.4)], &["fresh", "joyful"]))[0],
        "food-fresh"
    );
    let snow = PictureSet {
        warmth: -0.3,
        ..day(&[("snow", 0.9), ("mountain", 0.7)], &["calm", "cool"])
    };
    assert_eq!(best(&snow)[0], "cold-morning");
    let beach = PictureSet {
        warmth: 0.35,
        ..day(&[("sunset", 0.8), ("beach", 0.7)], &["romantic", "warm"])
    };
    assert_eq!(best(&beach)[0], "golden-hour");
    let portrait = PictureSet {
        faces: 1.0,
        close_faces: 1.0,
        ..day(&[("portrait", 0.9), ("people", 0.9)], &["soft", "calm"])
    };
    assert_eq!(best(&portrait)[0], "portrait-soft");
    assert!(!best(&portrait).contains(&"landscape-vivid".to_owned()));
}

#[test]
fn what_a_look_avoids_keeps_it_away() {
    let library = LookLibrary::open(None).unwrap();
    let find = |id: &str| library.find(id).unwrap();
    let food = day(&[("food", 0.9)], &[]);
    for id in ["cold-morning", "film-faded", "moody-forest"] {
        assert_eq!(avoided(&find(id), &food).as_deref(), Some("food"), "{id}");
    }
    assert_eq!(
        avoided(&find("night-city"), &food).as_deref(),
        Some("daylight")
    );
    assert_eq!(avoided(&find("food-fresh"), &food), None);
    let noisy = PictureSet {
        noise: 0.6,
        ..day(&[("sky", 0.5)], &[])
    };
    assert_eq!(
        avoided(&find("landscape-vivid"), &noisy).as_deref(),
        Some("noise")
    );
    // The prose of a person's own look counts as well.
    let own = Look {
        avoid: "Dogs, and anything with wheels".into(),
        ..Look::none()
    };
    assert_eq!(
        avoided(&own, &day(&[("dog", 0.8)], &[])).as_deref(),
        Some("dog")
    );
    assert_eq!(avoided(&own, &day(&[("dog", 0.2)], &[])), None);
}

#[test]
fn the_score_is_what_the_reasons_add_up_to() {
    let candidate = weigh(
        "x",
        vec![
            Term::new("a", Some(1.0), 2.0, "A."),
            Term::new("b", Some(0.2), 1.0, "B."),
            Term::new("c", None, 1.0, "C."),
        ],
    );
    let moved: f64 = candidate.reasons.iter().map(|reason| reason.weight).sum();
    assert!((candidate.score - 0.5 - moved).abs() < 1e-3);
    assert_eq!(candidate.reasons[0].code, "a");
    assert_eq!(candidate.features.len(), 2);
    // A quarter is unknown, and the rest does not agree.
    assert!(candidate.confidence < 0.75);
}

#[test]
fn likeness_is_measured_from_the_mean_of_the_looks() {
    let set = day(&[("sea", 0.9)], &[]);
    let looks = ["sea", "desert"].map(|tag| Look {
        tags: vec![tag.into()],
        ..Look::none()
    });
    // All vectors share the first axis; only the second tells them apart.
    let embed = |texts: &[&str]| {
        Ok(texts
            .iter()
            .map(|text| vec![0.95, if text.contains("sea") { 0.3 } else { -0.3 }])
            .collect())
    };
    let space = WordSpace::new(set.text(), &[], &looks, embed).unwrap();
    assert_eq!(space.likeness("sea"), Some(1.0));
    assert_eq!(space.likeness("desert"), Some(0.0));
    assert_eq!(space.likeness("unheard of"), None);
}

#[test]
fn taste_moves_the_choice_and_says_so() {
    use crate::profile::{Profile, Taste, TasteKind, Verdict};
    let library = LookLibrary::open(None).unwrap();
    let set = day(&[("sky", 0.6), ("outdoor", 0.5)], &["calm"]);
    let space = WordSpace::default();
    let rank = |taste: Option<&Taste>| {
        let mut ranked: Vec<_> = library
            .looks()
            .iter()
            .map(|look| super::look_ranking::candidate(look, &ranking(&set, &space, taste)))
            .collect();
        order(&mut ranked, 0, |look| look);
        ranked
    };
    let rank_of = |ranked: &[crate::choice::Candidate], id: &str| {
        ranked.iter().position(|look| look.id == id).unwrap()
    };
    let before = rank(None);
    assert!(
        before
            .iter()
            .all(|look| !look.features.contains_key("taste"))
    );
    // A creator who accepts black and white, and rejects bright colors.
    let mut profile = Profile::default();
    for (id, verdict) in [
        ("noir", Verdict::Accept),
        ("golden-hour", Verdict::Reject),
        ("landscape-vivid", Verdict::Reject),
        ("sun-bleached", Verdict::Reject),
        ("film-warm", Verdict::Reject),
    ] {
        let look = before.iter().find(|look| look.id == id).unwrap();
        profile.note(jiff::Timestamp::UNIX_EPOCH, TasteKind::Look, look, verdict);
    }
    let taste = Taste::learn(&profile);
    let after = rank(Some(&taste));
    // "silver" was never judged, but is monochrome too.
    assert!(rank_of(&after, "silver") < rank_of(&before, "silver"));
    assert!(rank_of(&after, "golden-hour") > rank_of(&before, "golden-hour"));
    let golden = &after[rank_of(&after, "golden-hour")];
    let reason = golden.reasons.iter().find(|reason| reason.code == "taste");
    assert_eq!(reason.unwrap().text, "You turned it down before.");
    assert!(reason.unwrap().weight < 0.0);
}
