//! Which two things to ask about: those whose answer says most.
//!
//! The answer to "this or that?" says most where the model cannot foretell it and the features in which both differ are
//! little known. Pairs are taken one after the other; after each, the model learns half of either answer, which leaves
//! its opinion where it was and makes it surer of those features. So the next pair asks for something else.

use crate::profile::lessons::lessons;
use crate::profile::population::{SCORES, usual_things};
use crate::profile::ranking::{ChoiceContext, ChoiceOffer, OfferedCandidate, Ranker};
use crate::profile::{Profile, TasteKind};

/// Most things that pairs are made of: their number is squared.
const MOST_THINGS: usize = 120;

/// Places of pairs among `things`, the most telling first; fewer where there are not so many. A thing is asked about at
/// most twice.
pub fn telling_pairs(
    profile: &Profile,
    kind: TasteKind,
    things: &[OfferedCandidate],
    count: usize,
) -> Vec<[usize; 2]> {
    let mut ranker = learned(profile, kind);
    let things = things.get(..MOST_THINGS).unwrap_or(things);
    let mut asked = vec![0_usize; things.len()];
    let mut pairs: Vec<[usize; 2]> = Vec::new();
    while pairs.len() < count {
        let mut best: Option<(f64, [usize; 2])> = None;
        for a in 0..things.len() {
            for b in a + 1..things.len() {
                if asked[a] > 1 || asked[b] > 1 || pairs.contains(&[a, b]) {
                    continue;
                }
                let telling = ranker.uncertainty(&things[a], &things[b]);
                if best.is_none_or(|(most, _)| telling > most) {
                    best = Some((telling, [a, b]));
                }
            }
        }
        let Some((_, [a, b])) = best else { break };
        asked[a] += 1;
        asked[b] += 1;
        pairs.push([a, b]);
        let offer = offer(kind, &[things[a].clone(), things[b].clone()]);
        ranker.rank(&offer);
        ranker.take_in(&offer, 0, 0.5);
        ranker.take_in(&offer, 1, 0.5);
        ranker.settle();
    }
    pairs
}

fn learned(profile: &Profile, kind: TasteKind) -> Ranker {
    let mut ranker = Ranker::new().with_population(usual_things(kind), SCORES);
    for lesson in lessons(profile).remove(&kind).unwrap_or_default() {
        ranker.rank(&lesson.offer);
        ranker.take_in(&lesson.offer, lesson.taken, lesson.weight);
    }
    ranker.settle();
    ranker
}

fn offer(kind: TasteKind, candidates: &[OfferedCandidate]) -> ChoiceOffer {
    ChoiceOffer {
        kind: kind.name().to_owned(),
        candidates: candidates.to_vec(),
        chosen: candidates
            .first()
            .map_or_else(String::new, |first| first.id.clone()),
        context: ChoiceContext::default(),
        at: None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_is_asked_differs_in_what_is_not_known() {
        let things: Vec<OfferedCandidate> = (0..24)
            .map(|at| OfferedCandidate {
                id: format!("look-{at}"),
                features: BTreeMap::from([
                    ("does_warmth".to_owned(), f64::from(at % 5) * 0.1 - 0.2),
                    ("does_grain".to_owned(), f64::from(at % 3) * 0.2),
                ]),
                score: None,
            })
            .collect();
        let pairs = telling_pairs(&Profile::default(), TasteKind::Look, &things, 20);
        assert_eq!(pairs.len(), 20);
        let mut asked = BTreeMap::new();
        for [a, b] in &pairs {
            assert_ne!(things[*a].features, things[*b].features, "{a} {b}");
            *asked.entry(a).or_insert(0) += 1;
            *asked.entry(b).or_insert(0) += 1;
        }
        assert!(asked.values().all(|count| *count <= 2));
        assert!(telling_pairs(&Profile::default(), TasteKind::Look, &things[..1], 20).is_empty());
    }
}
