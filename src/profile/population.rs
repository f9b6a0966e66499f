//! What there usually is to choose from, whoever chooses: the population prior.
//!
//! `population.tsv` has one thing a line: its kind, where it comes from, its features. `scripts/measure-population` makes
//! it from the corpus and from what is built in. It does two things. Features are scaled by it, so that the first few
//! choices are not their own measure. And a post, of which nobody knows what it was preferred to, is learned as a choice
//! among it and some of the usual ones: so a profile learns what sets the posts apart, and not what all pictures share.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::profile::taste_kind::TasteKind;

/// Mean and standard deviation (0..1) taken for the scores that are given without a profile. An assumption, not a
/// measurement: fits are mostly between a third and three quarters.
pub(super) const SCORES: (f64, f64) = (0.55, 0.1);

/// Usual things that a post is compared with.
const BESIDE: usize = 11;

/// The lines of the table.
static MEASURED: LazyLock<Vec<UsualThing>> = LazyLock::new(|| {
    include_str!("population.tsv")
        .lines()
        .filter_map(UsualThing::parse)
        .collect()
});

/// The same, completed like what they are compared with.
static THINGS: LazyLock<Vec<UsualThing>> = LazyLock::new(|| {
    let measured = MEASURED.iter();
    let complete = |thing: &UsualThing| UsualThing {
        features: completed(thing.kind, &thing.features),
        ..thing.clone()
    };
    measured.map(complete).collect()
});

/// The mean of each feature of the kind `is_…`.
static MEANS: LazyLock<BTreeMap<TasteKind, BTreeMap<String, f64>>> = LazyLock::new(|| {
    let mut sums: BTreeMap<TasteKind, BTreeMap<String, (f64, f64)>> = BTreeMap::new();
    for thing in MEASURED.iter() {
        for (name, value) in &thing.features {
            if name.starts_with("is_") {
                let of_kind = sums.entry(thing.kind).or_default();
                let (sum, count) = of_kind.entry(name.clone()).or_default();
                *sum += value;
                *count += 1.0;
            }
        }
    }
    let means = |sums: BTreeMap<String, (f64, f64)>| {
        let means = sums
            .into_iter()
            .map(|(name, (sum, count))| (name, sum / count));
        means.collect()
    };
    sums.into_iter()
        .map(|(kind, sums)| (kind, means(sums)))
        .collect()
});

/// A thing that people choose from.
#[derive(Clone)]
struct UsualThing {
    kind: TasteKind,
    /// Whether it was measured like a post.
    is_finished: bool,
    /// Whether it has a shape of its own.
    has_shape: bool,
    features: BTreeMap<String, f64>,
}

impl UsualThing {
    /// A line of the table; `None` for a comment.
    fn parse(line: &str) -> Option<Self> {
        let mut columns = line.split('\t');
        let (name, from, features) = (columns.next()?, columns.next()?, columns.next()?);
        let kind = TasteKind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)?;
        let feature = |pair: &str| {
            let (name, value) = pair.split_once('=')?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        let features: BTreeMap<String, f64> = features.split(' ').filter_map(feature).collect();
        Some(Self {
            kind,
            is_finished: from == "post",
            has_shape: has_shape(&features),
            features,
        })
    }
}

/// The features of all usual things of a kind.
pub(super) fn usual_things(
    kind: TasteKind,
) -> impl Iterator<Item = &'static BTreeMap<String, f64>> {
    let things = THINGS.iter().filter(move |thing| thing.kind == kind);
    things.map(|thing| &thing.features)
}

/// What a thing is and is not known of it (`is_…`), such as the instruments in a track of which only mood and tempo were
/// noted, counts as usual.
pub(super) fn completed(
    kind: TasteKind,
    features: &BTreeMap<String, f64>,
) -> BTreeMap<String, f64> {
    let mut completed = features.clone();
    for (name, mean) in MEANS.get(&kind).into_iter().flatten() {
        completed.entry(name.clone()).or_insert(*mean);
    }
    completed
}

/// Only the framing of films has a shape: photos are as their camera is, and what is usual differs between the two.
fn has_shape(features: &BTreeMap<String, f64>) -> bool {
    features.contains_key("is_tall")
}

/// Some usual things that were measured like a post of these `features`, films for a film and photos for a photo; which
/// ones depends on `id` alone.
pub(super) fn usual_posts(
    kind: TasteKind,
    features: &BTreeMap<String, f64>,
    id: &str,
) -> Vec<&'static BTreeMap<String, f64>> {
    let has_shape = has_shape(features);
    let of_kind = THINGS
        .iter()
        .filter(|thing| thing.kind == kind && thing.is_finished && thing.has_shape == has_shape);
    let mut things: Vec<([u8; 32], &UsualThing)> = (0_u32..)
        .zip(of_kind)
        .map(|(number, thing)| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(id.as_bytes());
            hasher.update(&number.to_le_bytes());
            (*hasher.finalize().as_bytes(), thing)
        })
        .collect();
    things.sort_by_key(|(lot, _)| *lot);
    let things = things.into_iter().take(BESIDE);
    things.map(|(_, thing)| &thing.features).collect()
}
