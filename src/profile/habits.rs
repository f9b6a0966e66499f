//! What a creator usually does where there is nothing to rank: the length and the shape of films, and how often a cut is
//! softened. Medians over what they posted and kept; nothing is said before five films are known.

use std::collections::BTreeSet;

use crate::profile::evidence::ChoiceThing;
use crate::profile::film_scales::{film_seconds, tallness};
use crate::profile::{ENOUGH, Profile, TasteKind};

/// Shapes that films have, width to height.
const SHAPES: [(u32, u32); 4] = [(16, 9), (1, 1), (4, 5), (9, 16)];
/// Share of the films that have to have one shape for it to be the usual one.
const MOSTLY: f64 = 2.0 / 3.0;
/// Share of a transition below which it was an exception.
const AT_ALL: f64 = 0.02;

/// What a creator usually does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Habits {
    /// Films that are known.
    pub films: usize,
    /// Seconds of a film; absent for most of 90 seconds and more, which are not told apart.
    pub length: Option<f64>,
    /// Width to height.
    pub aspect: Option<(u32, u32)>,
    /// Share of the cuts that are softened by a transition.
    pub soft_share: Option<f64>,
    /// The transitions that they used, as features: `does_dissolve` …
    pub transitions: BTreeSet<String>,
    /// The styles of captions that they took, by id.
    pub caption_styles: BTreeSet<String>,
}

impl Habits {
    /// Those that `profile` shows.
    pub fn of(profile: &Profile) -> Self {
        let films = taken(profile, TasteKind::Pace);
        let cuts = taken(profile, TasteKind::Transition);
        let tall = values(&taken(profile, TasteKind::Framing), "is_tall");
        let used = cuts.iter().flat_map(|film| &film.features);
        let used = used.filter(|(_, share)| **share >= AT_ALL);
        Self {
            films: films.len().max(tall.len()),
            length: median(values(&films, "does_run_long")).and_then(film_seconds),
            aspect: usual_shape(&tall),
            soft_share: median(values(&cuts, "does_cut")).map(|hard| (1.0 - hard).clamp(0.0, 1.0)),
            transitions: used.map(|(name, _)| name.clone()).collect(),
            caption_styles: taken(profile, TasteKind::Captions)
                .into_iter()
                .filter(|captions| captions.features.contains_key("does_caption"))
                .filter_map(|captions| captions.choice.clone())
                .collect(),
        }
    }
}

fn taken(profile: &Profile, kind: TasteKind) -> Vec<&ChoiceThing> {
    let choices = profile.evidence.iter().flat_map(|piece| &piece.choices);
    let of_kind = choices.filter(|choice| choice.kind == kind);
    of_kind.filter_map(|choice| choice.taken.as_ref()).collect()
}

fn values(things: &[&ChoiceThing], name: &str) -> Vec<f64> {
    let values = things.iter().filter_map(|thing| thing.features.get(name));
    values.copied().collect()
}

/// `None` for too few values.
fn median(mut values: Vec<f64>) -> Option<f64> {
    if values.len() < ENOUGH {
        return None;
    }
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// The shape that most of the films have.
fn usual_shape(tall: &[f64]) -> Option<(u32, u32)> {
    if tall.len() < ENOUGH {
        return None;
    }
    let distance = |shape: &(u32, u32), tall: f64| {
        (tallness(f64::from(shape.0), f64::from(shape.1)) - tall).abs()
    };
    let nearest = |tall: &f64| {
        let shapes = SHAPES.into_iter();
        shapes.min_by(|a, b| distance(a, *tall).total_cmp(&distance(b, *tall)))
    };
    let shapes: Vec<(u32, u32)> = tall.iter().filter_map(nearest).collect();
    let mostly = MOSTLY * tall.len() as f64;
    SHAPES.into_iter().find(|shape| {
        let films = shapes.iter().filter(|other| *other == shape).count();
        films as f64 >= mostly
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::profile::film_scales::runs_long;
    use crate::profile::{Evidence, EvidenceChoice};

    fn films(lengths: &[f64], shape: (f64, f64)) -> Profile {
        let mut profile = Profile::default();
        for (number, length) in lengths.iter().enumerate() {
            let choice = |kind, name: &str, value| {
                let features = [(name.to_owned(), value)];
                let thing = ChoiceThing::new(None, features.into());
                EvidenceChoice::new(kind, Some(thing), Vec::new())
            };
            let choices = vec![
                choice(TasteKind::Pace, "does_run_long", runs_long(*length)),
                choice(TasteKind::Framing, "is_tall", tallness(shape.0, shape.1)),
                choice(TasteKind::Transition, "does_cut", 0.75),
            ];
            let at = Timestamp::UNIX_EPOCH;
            profile.add(Evidence::post(at, &number.to_string(), choices));
        }
        profile
    }

    #[test]
    fn five_films_make_a_habit_and_four_do_not() {
        let lengths = [12.0, 14.0, 15.0, 16.0, 60.0];
        let habits = Habits::of(&films(&lengths, (1080.0, 1350.0)));
        assert_eq!((habits.films, habits.aspect), (5, Some((4, 5))));
        assert!((habits.length.unwrap() - 15.0).abs() < 0.01);
        assert!((habits.soft_share.unwrap() - 0.25).abs() < 1e-9);
        let few = Habits::of(&films(&lengths[..4], (1.0, 1.0)));
        assert_eq!((few.length, few.aspect, few.soft_share), (None, None, None));
        // Films of a minute and a half and longer are not told apart.
        let long = Habits::of(&films(&[120.0; 5], (1.0, 1.0)));
        assert_eq!(long.length, None);
    }

    #[test]
    fn films_of_many_shapes_have_no_usual_one() {
        let tall = [0.0, 0.0, 1.0, 1.0, 0.5, 0.5];
        assert_eq!(usual_shape(&tall), None);
        assert_eq!(usual_shape(&[1.0, 1.0, 0.98, 1.0, 0.0]), Some((9, 16)));
    }
}
