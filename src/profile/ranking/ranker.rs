//! The model of one kind of choice: ranks what is offered, then learns what was taken.

use crate::profile::ranking::features::{FeatureSpace, Row};
use crate::profile::ranking::offer::ChoiceOffer;
use crate::profile::ranking::posterior::SparsePosterior;
use crate::profile::ranking::prior::{AT_RANDOM, HALF_LIFE, SWITCH, TRUST_IN_PRIOR};

/// The model of one kind of choice.
#[derive(Debug, Clone)]
pub struct Ranker {
    space: FeatureSpace,
    memories: [Memory; 3],
}

/// A posterior that forgets at its own pace.
#[derive(Debug, Clone)]
struct Memory {
    posterior: SparsePosterior,
    /// Share of what is known that outlasts one choice; absent: nothing is ever learned.
    keep: Option<f64>,
    /// Probability that this memory foretells best.
    trust: f64,
}

/// What is offered, in the order in which it will be liked.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// Places in the offer, best first.
    pub order: Vec<usize>,
    /// For each place in the offer, the probability that it is taken.
    pub probabilities: Vec<f64>,
}

impl Default for Ranker {
    fn default() -> Self {
        Self::new()
    }
}

impl Ranker {
    /// Knows what is known of everybody.
    pub fn new() -> Self {
        let learning = (1.0 - TRUST_IN_PRIOR) / 2.0;
        let memory = |keep, trust| Memory {
            posterior: SparsePosterior::default(),
            keep,
            trust,
        };
        let recent = 0.5_f64.powf(1.0 / HALF_LIFE);
        Self {
            space: FeatureSpace::new(),
            memories: [
                memory(Some(1.0), learning),
                memory(Some(recent), learning),
                memory(None, TRUST_IN_PRIOR),
            ],
        }
    }

    /// Ranks what is offered, and takes note of what there is to choose from.
    pub fn rank(&mut self, offer: &ChoiceOffer) -> Ranking {
        let freed = self.space.observe(offer);
        for memory in &mut self.memories {
            memory.posterior.grow(self.space.groups());
            for column in &freed {
                memory.posterior.clear(*column);
            }
        }
        self.rate(offer)
    }

    /// Ranks what is offered, and keeps nothing of it.
    pub fn rate(&self, offer: &ChoiceOffer) -> Ranking {
        let rows = self.space.rows(offer);
        let count = rows.len().max(1) as f64;
        let mut probabilities = vec![AT_RANDOM / count; rows.len()];
        for memory in &self.memories {
            let meant = memory.probabilities(&rows);
            for (sum, share) in probabilities.iter_mut().zip(meant) {
                *sum += (1.0 - AT_RANDOM) * memory.trust * share;
            }
        }
        let mut order: Vec<usize> = (0..rows.len()).collect();
        let candidates = &offer.candidates;
        order.sort_by(|a, b| {
            probabilities[*b]
                .total_cmp(&probabilities[*a])
                .then(candidates[*b].score.total_cmp(&candidates[*a].score))
                .then_with(|| candidates[*a].id.cmp(&candidates[*b].id))
        });
        Ranking {
            order,
            probabilities,
        }
    }

    /// Learns that of what is offered, the candidate at the place `taken` was taken. It was ranked before.
    pub fn learn(&mut self, offer: &ChoiceOffer, taken: usize) {
        let rows = self.space.rows(offer);
        if taken >= rows.len() || rows.len() < 2 {
            return;
        }
        let random = AT_RANDOM / rows.len() as f64;
        for memory in &mut self.memories {
            let meant = memory.probabilities(&rows);
            memory.trust *= (1.0 - AT_RANDOM) * meant[taken] + random;
            if let Some(keep) = memory.keep {
                memory.posterior.forget(keep);
                memory.posterior.learn(&rows, taken, &meant);
                memory.posterior.settle(self.space.groups());
            }
        }
        let all: f64 = self.memories.iter().map(|memory| memory.trust).sum();
        let even = SWITCH / self.memories.len() as f64;
        for memory in &mut self.memories {
            memory.trust = (1.0 - SWITCH) * memory.trust / all + even;
        }
    }
}

impl Memory {
    /// The softmax of the expected utilities.
    fn probabilities(&self, rows: &[Row]) -> Vec<f64> {
        let mut values: Vec<f64> = rows.iter().map(|row| self.posterior.utility(row)).collect();
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        values
            .iter_mut()
            .for_each(|value| *value = (*value - most).exp());
        let sum: f64 = values.iter().sum();
        values.iter_mut().for_each(|value| *value /= sum);
        values
    }
}
