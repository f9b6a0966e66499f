//! From named terms to a score, a confidence and reasons.

use std::collections::BTreeMap;

use crate::choice::{Candidate, Reason};
use crate::time::rounded;

/// Effect on the score below which a term is not listed as a reason.
pub(super) const WORTH_SAYING: f64 = 0.01;

/// The confidence if terms cancel out, and what full agreement adds. Never 1, since all terms may be wrong.
const CONFIDENCE: (f64, f64) = (0.35, 0.5);

/// One argument for or against a candidate.
pub(super) struct Term {
    /// The name of the feature, and of the reason.
    pub name: &'static str,
    /// From 0, against, to 1, for; `None` without data.
    pub value: Option<f64>,
    pub weight: f64,
    /// One sentence that fits the value.
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

/// The candidate `id`; its score is the weighted mean of `terms`.
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
    // The agreement of the terms: those that cancel out make the score uncertain.
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
        confidence: rounded((share * (CONFIDENCE.0 + CONFIDENCE.1 * agreement)).clamp(0.0, 1.0)),
        reasons,
    }
}

/// Difference of scores below which no listener hears which is better.
const NEAR_TIE: f64 = 0.01;

/// A pseudorandom number from the seed and the candidate.
fn lot(candidate: &Candidate, seed: u64) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    hasher.update(candidate.id.as_bytes());
    *hasher.finalize().as_bytes()
}

/// Sorts best first; the seed decides between nearly equal scores.
pub(super) fn order_nearly<T>(all: &mut [T], seed: u64, choice: impl Fn(&T) -> &Candidate) {
    let rank = |candidate: &Candidate| {
        let first = lot(candidate, seed)[0];
        candidate.score + NEAR_TIE * f64::from(first) / 255.0
    };
    order(all, seed, &choice);
    all.sort_by(|a, b| rank(choice(b)).total_cmp(&rank(choice(a))));
}

/// Sorts best first; the seed breaks ties.
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

/// 0 up to `from`, 1 beyond `to`, linear between; falling if `to` is below `from`.
pub(super) fn ramp(value: f64, from: f64, to: f64) -> f64 {
    ((value - from) / (to - from)).clamp(0.0, 1.0)
}
