//! Ranks looks, without those that would harm the pictures.

use std::collections::BTreeMap;

use crate::choice::Candidate;
use crate::looks::Look;
use crate::profile::TasteKind;
use crate::suggest::look_guard::{avoided, harm};
use crate::suggest::look_terms::{
    gentle_term, light_term, mood_term, need_term, scene_term, skin_term, words_term,
};
use crate::suggest::picture_set::PictureSet;
use crate::suggest::scoring::{order, weigh};
use crate::suggest::suggestions::abstain;
use crate::suggest::taste_shift::TasteContext;
use crate::suggest::word_space::WordSpace;
use crate::suggest::{Abstention, SuggestRequest};

/// Most looks that are suggested.
const MOST: usize = 5;
/// Score (0..1) below which a look is not suggested.
const LEAST: f64 = 0.5;

/// The best looks for a set of files, best first.
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
    let ranking = LookRanking {
        set,
        space,
        taste: TasteContext::new(request.taste, set, request.film.platform),
        seed: request.seed,
    };
    rank_looks(request.looks.looks(), &ranking, abstained)
}

/// The context of a ranking of looks.
pub(super) struct LookRanking<'a> {
    pub set: &'a PictureSet,
    pub space: &'a WordSpace,
    /// The creator's taste, if it is known.
    pub taste: TasteContext<'a>,
    /// Breaks ties.
    pub seed: u64,
}

/// The best of `looks`; those that must not be suggested go into `abstained` with the reason.
pub(super) fn rank_looks(
    looks: &[Look],
    ranking: &LookRanking<'_>,
    abstained: &mut Vec<Abstention>,
) -> Vec<Candidate> {
    let set = ranking.set;
    let mut ranked = Vec::new();
    for look in looks {
        let why = avoided(look, set)
            .map(|what| format!("It is not for {what}, and the pictures have it."))
            .or_else(|| harm(&look.features(), set).map(str::to_owned));
        match why {
            Some(why) => {
                let held_back = ranking.taste.held_back(TasteKind::Look, &unjudged(look));
                abstain(abstained, format!("look {}", look.id), why + held_back);
            }
            None => ranked.push(candidate(look, ranking)),
        }
    }
    order(&mut ranked, ranking.seed, |look| look);
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

/// The features of a look over which taste is learned: `does_warmth` …
pub fn look_features(look: &Look) -> BTreeMap<String, f64> {
    named(&look.features())
}

fn named(does: &BTreeMap<String, f64>) -> BTreeMap<String, f64> {
    does.iter()
        .filter(|(_, value)| **value != 0.0)
        .map(|(name, value)| (format!("does_{name}"), *value))
        .collect()
}

/// A look as a candidate that nobody has judged.
pub fn unjudged(look: &Look) -> Candidate {
    Candidate {
        id: look.id.clone(),
        features: look_features(look),
        score: 0.0,
        confidence: 0.0,
        reasons: Vec::new(),
    }
}

pub(super) fn candidate(look: &Look, ranking: &LookRanking<'_>) -> Candidate {
    let (set, space) = (ranking.set, ranking.space);
    let does = look.features();
    let terms = vec![
        mood_term(look, set),
        scene_term(look, set),
        words_term(look, space),
        light_term(look, set),
        skin_term(look, set),
        need_term(&does, set),
        gentle_term(&does),
    ];
    let mut candidate = weigh(&look.id, terms);
    candidate.features.extend(named(&does));
    ranking.taste.shifted(TasteKind::Look, candidate)
}
