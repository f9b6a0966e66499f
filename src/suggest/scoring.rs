//! Named terms into a score, a confidence and reasons.

use std::collections::BTreeMap;

use crate::choice::{Candidate, Reason};
use crate::time::rounded;

/// Reasons that moved the score by less say nothing.
const WORTH_SAYING: f64 = 0.01;

/// One thing that speaks for or against a candidate.
pub(super) struct Term {
    /// The name of the feature, and of the reason.
    pub name: &'static str,
    /// 0 against .. 1 for; `None` where nothing is known.
    pub value: Option<f64>,
    pub weight: f64,
    /// One sentence; it is written for the value as it is.
    pub text: String,
}

impl Term {
    pub fn new(
        name: &'static str,
        value: Option<f64>,
        weight: f64,
        text: impl Into<String>,
    ) -> Self {
        Self {
            name,
            value: value
                .filter(|value| value.is_finite())
                .map(|value| value.clamp(0.0, 1.0)),
            weight,
            text: text.into(),
        }
    }
}

/// The candidate `id` with the weighted mean of `terms` as its score.
pub(super) fn weigh(id: &str, terms: Vec<Term>) -> Candidate {
    let all: f64 = terms.iter().map(|term| term.weight).sum();
    let known: f64 = terms
        .iter()
        .filter(|term| term.value.is_some())
        .map(|term| term.weight)
        .sum();
    let mut score = 0.5;
    let mut features = BTreeMap::new();
    let mut reasons = Vec::new();
    // How far the terms agree: opinions that cancel out are no sure answer, and those that agree may all be wrong.
    let (mut sum, mut size) = (0.0, 0.0_f64);
    for term in terms {
        let Some(value) = term.value else {
            continue;
        };
        let moved = (value - 0.5) * term.weight / known.max(1e-9);
        score += moved;
        sum += moved;
        size += moved.abs();
        features.insert(term.name.to_owned(), rounded(value));
        if moved.abs() >= WORTH_SAYING {
            reasons.push(Reason::new(term.name, moved, term.text));
        }
    }
    reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    if reasons.is_empty() {
        reasons.push(Reason::new(
            "nothing_against",
            0.0,
            "Nothing speaks for or against it.",
        ));
    }
    let agreement = if size > 0.0 { sum.abs() / size } else { 0.0 };
    let share = if all > 0.0 { known / all } else { 0.0 };
    Candidate {
        id: id.to_owned(),
        features,
        score: rounded(score.clamp(0.0, 1.0)),
        confidence: rounded((share * (0.35 + 0.5 * agreement)).clamp(0.0, 1.0)),
        reasons,
    }
}

/// Scores this near to each other are a tie to somebody who listens.
const NEAR_TIE: f64 = 0.01;

/// A number that seed and candidate decide.
fn lot(candidate: &Candidate, seed: u64) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    hasher.update(candidate.id.as_bytes());
    *hasher.finalize().as_bytes()
}

/// Best first, but for those that are as good as equal: the seed decides their order.
pub(super) fn order_nearly<T>(all: &mut [T], seed: u64, choice: impl Fn(&T) -> &Candidate) {
    let place = |candidate: &Candidate| {
        let first = lot(candidate, seed)[0];
        candidate.score + NEAR_TIE * f64::from(first) / 255.0
    };
    order(all, seed, &choice);
    all.sort_by(|a, b| place(choice(b)).total_cmp(&place(choice(a))));
}

/// Best first; ties in an order that the seed decides.
pub(super) fn order<T>(all: &mut [T], seed: u64, choice: impl Fn(&T) -> &Candidate) {
    let tie = |candidate: &Candidate| lot(candidate, seed);
    all.sort_by(|a, b| {
        let (a, b) = (choice(a), choice(b));
        b.score
            .total_cmp(&a.score)
            .then_with(|| tie(a).cmp(&tie(b)))
            .then_with(|| a.id.cmp(&b.id))
    });
}

/// 0 below `from`, 1 above `to`, a straight line between; falling when `to` is below `from`.
pub(super) fn ramp(value: f64, from: f64, to: f64) -> f64 {
    ((value - from) / (to - from)).clamp(0.0, 1.0)
}
