//! How far off a profile is in how often a creator's films are cut: each film told by the others.
//!
//! A film is foretold to have as many seconds a shot as the median of the others; without the profile, as the median of
//! usual films. The error is the factor between what was foretold and what was done, less one: 0.5 where shots are half
//! as long again as foretold, or were foretold to be.

use std::collections::BTreeMap;

use crate::profile::film_scales::shot_seconds;
use crate::profile::population::usual_posts;
use crate::profile::{Profile, TasteKind};

/// Fewest films of which each can be told by the others.
const FEWEST: usize = 4;

/// Errors in the seconds a shot of one film.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaceError {
    /// Without the profile.
    pub usual: f64,
    /// By the other films.
    pub left_out: f64,
}

/// Of each film of `profile`, how far off its pace was foretold; `None` where there are too few films.
pub fn pace_errors(profile: &Profile) -> Option<Vec<PaceError>> {
    let choices = profile.evidence.iter().flat_map(|piece| &piece.choices);
    let of_kind = choices.filter(|choice| choice.kind == TasteKind::Pace);
    let taken = of_kind.filter_map(|choice| choice.taken.as_ref());
    let often: Vec<f64> = taken
        .filter_map(|film| film.features.get("does_cut_often").copied())
        .collect();
    if often.len() < FEWEST {
        return None;
    }
    let usual: Vec<f64> = usual_posts(TasteKind::Pace, &BTreeMap::new(), "")
        .into_iter()
        .filter_map(|features| features.get("does_cut_often").copied())
        .collect();
    let usual = median(usual);
    let error = |foretold: f64, done: f64| {
        let ratio = shot_seconds(foretold) / shot_seconds(done);
        ratio.max(1.0 / ratio) - 1.0
    };
    let films = often.iter().enumerate();
    let errors = films.map(|(place, done)| {
        let others = often.iter().enumerate().filter(|(at, _)| *at != place);
        PaceError {
            usual: error(usual, *done),
            left_out: error(median(others.map(|(_, often)| *often).collect()), *done),
        }
    });
    Some(errors.collect())
}

/// Half of the scale where there is nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.5)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::profile::{ChoiceThing, Evidence, EvidenceChoice, cuts_often};

    #[test]
    fn films_that_are_cut_alike_foretell_each_other() {
        let mut profile = Profile::default();
        for (number, seconds) in [0.7, 0.8, 0.75, 0.7].into_iter().enumerate() {
            assert_eq!(pace_errors(&profile), None);
            let features = [("does_cut_often".to_owned(), cuts_often(seconds))];
            let thing = ChoiceThing::new(None, features.into());
            let choice = EvidenceChoice::new(TasteKind::Pace, Some(thing), Vec::new());
            let at = Timestamp::UNIX_EPOCH;
            profile.add(Evidence::post(at, &number.to_string(), vec![choice]));
        }
        for error in pace_errors(&profile).unwrap() {
            assert!(error.left_out < 0.2 && error.usual > 0.5, "{error:?}");
        }
    }
}
