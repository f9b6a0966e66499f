//! The model of one kind of choice: ranks what is offered, then learns what was taken.

use std::collections::BTreeMap;

use crate::profile::ranking::draw::WeightDraw;
use crate::profile::ranking::features::{FeatureSpace, Row};
use crate::profile::ranking::offer::{ChoiceContext, ChoiceOffer, OfferedCandidate};
use crate::profile::ranking::posterior::SparsePosterior;
use crate::profile::ranking::prior::{AT_RANDOM, Group, HALF_LIFE, SWITCH, TRUST_IN_PRIOR};

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

/// What taste says of a candidate.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Leaning {
    /// Its utility beside that of the average candidate.
    pub utility: f64,
    /// How unsure that is.
    pub variance: f64,
    /// What each feature contributes; the rest is what is thought of the candidate itself.
    pub features: Vec<(String, f64)>,
}

/// Weight of the score below which it is not divided by: somebody who chooses against it.
const LEAST_SCORE_WEIGHT: f64 = 0.3;

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

    /// Knows what there usually is to choose from: features of things, and mean and spread of the scores.
    pub fn with_population<'a>(
        mut self,
        things: impl Iterator<Item = &'a BTreeMap<String, f64>>,
        scores: (f64, f64),
    ) -> Self {
        self.space.observe_population(things, scores);
        self.grow();
        self
    }

    /// Ranks what is offered, and takes note of what there is to choose from.
    pub fn rank(&mut self, offer: &ChoiceOffer) -> Ranking {
        self.observe(offer);
        self.rate(offer)
    }

    /// Makes room for all columns that there are.
    fn grow(&mut self) {
        for memory in &mut self.memories {
            memory.posterior.grow(self.space.groups());
        }
    }

    /// Takes note of what there is to choose from.
    fn observe(&mut self, offer: &ChoiceOffer) {
        let freed = self.space.observe(offer);
        self.grow();
        for memory in &mut self.memories {
            for column in &freed {
                memory.posterior.clear(*column);
            }
        }
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
        let score = |at: usize| candidates[at].score.unwrap_or(f64::NEG_INFINITY);
        order.sort_by(|a, b| {
            probabilities[*b]
                .total_cmp(&probabilities[*a])
                .then_with(|| score(*b).total_cmp(&score(*a)))
                .then_with(|| candidates[*a].id.cmp(&candidates[*b].id))
        });
        Ranking {
            order,
            probabilities,
        }
    }

    /// Learns that of what is offered, the candidate at the place `taken` was taken. It was ranked before.
    pub fn learn(&mut self, offer: &ChoiceOffer, taken: usize) {
        self.take_in(offer, taken, 1.0);
        self.settle();
    }

    /// Takes in a choice that counts `weight` times. The weights of the model are made anew by [`Self::settle`].
    pub fn take_in(&mut self, offer: &ChoiceOffer, taken: usize, weight: f64) {
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
                memory.posterior.learn(&rows, taken, &meant, weight);
            }
        }
        let all: f64 = self.memories.iter().map(|memory| memory.trust).sum();
        let even = SWITCH / self.memories.len() as f64;
        for memory in &mut self.memories {
            memory.trust = (1.0 - SWITCH) * memory.trust / all + even;
        }
    }

    /// Makes the weights anew from all that was taken in.
    pub fn settle(&mut self) {
        self.grow();
        for memory in &mut self.memories {
            if memory.keep.is_some() {
                memory.posterior.settle(self.space.groups());
            }
        }
    }

    /// What taste alone says of a candidate, beside the average one; its score is left out. With a `draw` it speaks by
    /// weights that may be right, and not by the most likely ones.
    pub fn leaning(
        &self,
        candidate: &OfferedCandidate,
        context: &ChoiceContext,
        draw: Option<WeightDraw>,
    ) -> Leaning {
        let mut leaning = Leaning::default();
        let weight = |column| match draw {
            Some(draw) => self.drawn(draw, column),
            None => self.weight(column),
        };
        for (column, value) in self.space.row(candidate, context) {
            let group = self.space.groups()[column];
            if group == Group::Score {
                continue;
            }
            let part = value * weight(column);
            leaning.utility += part;
            leaning.variance += value * value * self.variance(column);
            if group == Group::Item {
                continue;
            }
            let (parts, name) = (&mut leaning.features, self.space.name(column));
            match parts.iter_mut().find(|(known, _)| known == name) {
                Some((_, sum)) => *sum += part,
                None => parts.push((name.to_owned(), part)),
            }
        }
        leaning
    }

    /// How little is known of which of two candidates would be taken: the variance of the difference of their
    /// utilities, less where the answer can be foretold.
    pub fn uncertainty(&self, one: &OfferedCandidate, other: &OfferedCandidate) -> f64 {
        let nowhere = ChoiceContext::default();
        let mut difference: BTreeMap<usize, f64> =
            self.space.row(one, &nowhere).into_iter().collect();
        for (column, value) in self.space.row(other, &nowhere) {
            *difference.entry(column).or_default() -= value;
        }
        let mean: f64 = difference
            .iter()
            .map(|(column, value)| value * self.weight(*column))
            .sum();
        let variance: f64 = difference
            .iter()
            .map(|(column, value)| value * value * self.variance(*column))
            .sum();
        let share = 1.0 / (1.0 + (-mean / (1.0 + variance).sqrt()).exp());
        variance * share * (1.0 - share)
    }

    /// The weight of each feature, in units of utility for one standard deviation.
    pub fn weights(&self) -> Vec<(String, f64)> {
        let columns = self.space.feature_columns();
        columns
            .map(|(name, column)| (name.to_owned(), self.weight(column)))
            .collect()
    }

    /// Whether so much of a feature is more than what was offered so far has on average.
    pub fn is_above_mean(&self, feature: &str, value: f64) -> bool {
        self.space.is_above_mean(feature, value)
    }

    /// How much of a score (0..1) is worth a utility of 1.
    pub fn score_of_utility(&self) -> f64 {
        let column = self.space.score_column();
        self.space.score_spread() / self.weight(column).max(LEAST_SCORE_WEIGHT)
    }

    fn weight(&self, column: usize) -> f64 {
        let weight = |memory: &Memory| memory.trust * memory.posterior.weight(column);
        self.memories.iter().map(weight).sum()
    }

    /// A weight from the posterior of one memory, which is drawn by how far it is trusted.
    fn drawn(&self, draw: WeightDraw, column: usize) -> f64 {
        let trusts = self.memories.each_ref().map(|memory| memory.trust);
        let memory = &self.memories[draw.memory(&trusts)];
        if memory.keep.is_none() {
            return memory.posterior.weight(column);
        }
        let spread = memory.posterior.variance(column).max(0.0).sqrt();
        memory.posterior.weight(column) + spread * draw.normal(column)
    }

    /// The variance over the memories' beliefs.
    fn variance(&self, column: usize) -> f64 {
        let mean = self.weight(column);
        let square = |memory: &Memory| {
            let weight = memory.posterior.weight(column);
            memory.trust * (memory.posterior.variance(column) + weight * weight)
        };
        let squares: f64 = self.memories.iter().map(square).sum();
        (squares - mean * mean).max(0.0)
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
