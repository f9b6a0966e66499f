//! The model as a whole: it learns, follows, forgets nothing it needs, and knows nothing of what comes later.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{ChoiceContext, ChoiceOffer, KindTally, OfferedCandidate, RankedChoice, Replay};

const FEATURES: [&str; 5] = [
    "does_warmth",
    "does_grain",
    "does_fade",
    "is_fast",
    "scene_fits",
];

/// A number from 0 to 1 that looks random.
fn noise(seed: u64) -> f64 {
    let mixed = blake3::hash(&seed.to_le_bytes());
    f64::from(u32::from_le_bytes(
        mixed.as_bytes()[..4].try_into().unwrap(),
    )) / f64::from(u32::MAX)
}

/// Eight candidates, of which the one with the highest `utility` is taken.
fn offer(number: u64, utility: impl Fn(&[f64; 5]) -> f64) -> ChoiceOffer {
    let values: Vec<[f64; 5]> = (0..8)
        .map(|at| std::array::from_fn(|feature| noise(number * 64 + at * 8 + feature as u64)))
        .collect();
    let best = (0..8).max_by(|a, b| utility(&values[*a]).total_cmp(&utility(&values[*b])));
    let candidates = values
        .iter()
        .enumerate()
        .map(|(at, values)| OfferedCandidate {
            id: format!("{number}-{at}"),
            features: FEATURES
                .iter()
                .map(|name| (*name).to_owned())
                .zip(*values)
                .collect(),
            score: Some(noise(number * 64 + at as u64 * 8 + 7)),
        });
    ChoiceOffer {
        kind: "look".into(),
        candidates: candidates.collect(),
        chosen: format!("{number}-{}", best.unwrap()),
        context: ChoiceContext::default(),
        at: None,
    }
}

fn replayed(offers: &[ChoiceOffer]) -> Vec<RankedChoice> {
    let mut replay = Replay::default();
    offers
        .iter()
        .map(|offer| replay.next(offer).unwrap())
        .collect()
}

fn near(ranked: &[RankedChoice]) -> f64 {
    ranked.iter().filter(|choice| choice.rank <= 3).count() as f64 / ranked.len() as f64
}

#[test]
fn a_taste_is_learned_from_few_choices_and_followed_when_it_changes() {
    let warm = |values: &[f64; 5]| values[0] - values[1];
    let fast = |values: &[f64; 5]| values[3] + values[1];
    let mut offers: Vec<ChoiceOffer> = (0..60).map(|at| offer(at, warm)).collect();
    offers.extend((60..110).map(|at| offer(at, fast)));
    let ranked = replayed(&offers);
    assert!(near(&ranked[10..60]) > 0.9, "{}", near(&ranked[10..60]));
    assert!(near(&ranked[85..]) > 0.85, "{}", near(&ranked[85..]));
}

#[test]
fn something_liked_but_not_too_much_is_learned() {
    let offers: Vec<ChoiceOffer> = (0..120)
        .map(|at| offer(at, |values| -(values[0] - 0.5).powi(2)))
        .collect();
    let ranked = replayed(&offers);
    assert!(near(&ranked[60..]) > 0.75, "{}", near(&ranked[60..]));
}

#[test]
fn where_no_feature_tells_the_ranking_stays_that_of_the_score() {
    let offers: Vec<ChoiceOffer> = (0..200)
        .map(|at| offer(at, |values| noise(values[4].to_bits())))
        .collect();
    let ranked = replayed(&offers);
    let by_score = ranked
        .iter()
        .filter(|choice| choice.prior_rank <= 3)
        .count() as f64;
    assert!(
        near(&ranked) > by_score / 200.0 - 0.06,
        "{} {by_score}",
        near(&ranked)
    );
    let mut tally = KindTally::default();
    ranked
        .iter()
        .for_each(|choice| tally.count(choice.rank, choice.prior_rank));
    assert!(!tally.better_than_prior());
}

#[test]
fn one_scene_and_one_thing_may_differ() {
    let offers: Vec<ChoiceOffer> = (0..160)
        .map(|at| {
            let night = at % 2 == 0;
            let sign = if night { -1.0 } else { 1.0 };
            let mut offer = offer(at, |values| sign * values[0]);
            offer.context.scene = Some(if night { "night" } else { "beach" }.into());
            offer
        })
        .collect();
    let ranked = replayed(&offers);
    assert!(near(&ranked[80..]) > 0.85, "{}", near(&ranked[80..]));
    // Always offered, never explained by its features, taken each time.
    let loved: Vec<ChoiceOffer> = (0..30)
        .map(|at| {
            let mut offer = offer(at, |values| values[4]);
            offer.candidates[2].id = "loved".into();
            offer.chosen = "loved".into();
            offer
        })
        .collect();
    assert!(replayed(&loved)[10..].iter().all(|choice| choice.rank <= 2));
}

#[test]
fn one_platform_may_differ() {
    let offers: Vec<ChoiceOffer> = (0..160)
        .map(|at| {
            let is_short = at % 2 == 0;
            let sign = if is_short { -1.0 } else { 1.0 };
            let mut offer = offer(at, |values| sign * values[0]);
            offer.context.platform = Some(if is_short { "tiktok" } else { "youtube" }.into());
            offer
        })
        .collect();
    let ranked = replayed(&offers);
    assert!(near(&ranked[80..]) > 0.85, "{}", near(&ranked[80..]));
    // Who does not know the platform cannot tell the two tastes apart.
    let blind: Vec<ChoiceOffer> = offers
        .into_iter()
        .map(|mut offer| {
            offer.context.platform = None;
            offer
        })
        .collect();
    let first = |ranked: &[RankedChoice]| {
        let first = ranked.iter().filter(|choice| choice.rank == 1).count();
        first as f64 / ranked.len() as f64
    };
    let (told, untold) = (first(&ranked[80..]), first(&replayed(&blind)[80..]));
    assert!(told > untold + 0.15, "{told} {untold}");
}

#[test]
fn a_few_lucky_choices_are_no_proof() {
    let mut tally = KindTally::default();
    (0..3).for_each(|_| tally.count(1, 9));
    assert!(!tally.better_than_prior(), "{:?}", tally.interval());
    (0..40).for_each(|_| tally.count(1, 9));
    assert!(tally.better_than_prior());
}

#[test]
fn a_log_of_more_things_than_have_room_is_ranked_all_the_same() {
    let offers: Vec<ChoiceOffer> = (0..60).map(|at| offer(at, |values| values[2])).collect();
    // 480 candidates, of which 256 have a weight of their own.
    assert!(near(&replayed(&offers)[20..]) > 0.9);
}

fn any_offer() -> impl Strategy<Value = ChoiceOffer> {
    let feature = prop_oneof![
        Just(0.0),
        -1.0..1.0,
        Just(1000.0),
        Just(-1000.0),
        Just(1e-300)
    ];
    let candidate = (prop::collection::vec(feature, 3), -1000.0..1000.0_f64);
    let scene = prop_oneof![
        Just(None),
        Just(Some("night".to_owned())),
        Just(Some(String::new()))
    ];
    (
        prop::collection::vec(candidate, 1..6),
        scene,
        any::<prop::sample::Index>(),
    )
        .prop_map(|(candidates, scene, chosen)| ChoiceOffer {
            kind: "music".into(),
            chosen: chosen.index(candidates.len()).to_string(),
            candidates: candidates
                .into_iter()
                .enumerate()
                .map(|(at, (values, score))| OfferedCandidate {
                    id: at.to_string(),
                    features: ["is_fast", "does_warmth", "mood_fits"]
                        .map(str::to_owned)
                        .into_iter()
                        .zip(values)
                        .collect::<BTreeMap<_, _>>(),
                    score: Some(score),
                })
                .collect(),
            context: ChoiceContext {
                scene,
                platform: None,
            },
            at: None,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn rankings_are_whole_finite_and_know_nothing_of_what_is_chosen_later(
        offers in prop::collection::vec(any_offer(), 2..20),
        other in any::<prop::sample::Index>(),
    ) {
        let ranked = replayed(&offers);
        prop_assert_eq!(&ranked, &replayed(&offers));
        for (choice, offer) in ranked.iter().zip(&offers) {
            let mut places = choice.order.clone();
            places.sort_unstable();
            prop_assert_eq!(places, (0..offer.candidates.len()).collect::<Vec<_>>());
            prop_assert!((0.0..=1.0).contains(&choice.confidence), "{}", choice.confidence);
        }
        let at = other.index(offers.len());
        let mut changed = offers.clone();
        changed[at].chosen = changed[at].candidates[0].id.clone();
        let again = replayed(&changed);
        for (before, after) in ranked.iter().zip(&again).take(at + 1) {
            prop_assert_eq!(&before.order, &after.order);
            prop_assert_eq!(before.confidence, after.confidence);
        }
    }
}
