//! The columns of the model, and a candidate as a sparse row of them.
//!
//! Columns are made when something is first offered. Their number is bounded, since the cost of learning a choice rises
//! with its square: features and scenes beyond the bound are left out, and of the single candidates the one that was
//! offered least recently makes room.

use std::collections::BTreeMap;

use crate::profile::ranking::offer::{ChoiceContext, ChoiceOffer, OfferedCandidate};
use crate::profile::ranking::prior::Group;

/// Most features of a kind of choice: three times what any kind has.
const MOST_FEATURES: usize = 48;
/// Most scenes that weights may differ in, and most platforms.
const MOST_CONTEXTS: usize = 12;
/// Most single candidates with a weight of their own.
const MOST_ITEMS: usize = 256;
/// Spread below which a feature counts as always the same.
const LEAST_SPREAD: f64 = 1e-6;
/// Scaled values end here: one extreme candidate must not decide the scale of the weights.
const MOST_SPREADS: f64 = 4.0;

/// A candidate: column and value of what is not zero, in the order of the columns.
pub(super) type Row = Vec<(usize, f64)>;

/// The columns, and the spread of each feature over all candidates so far.
#[derive(Debug, Clone)]
pub(super) struct FeatureSpace {
    groups: Vec<Group>,
    /// The feature or the candidate that each column stands for.
    names: Vec<String>,
    score: Spread,
    features: BTreeMap<String, Feature>,
    /// Of each scene and each platform, the columns of what differs there, by feature.
    contexts: BTreeMap<(Group, String), BTreeMap<String, usize>>,
    items: BTreeMap<String, Item>,
    candidates: f64,
    choices: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    count: f64,
    sum: f64,
    squares: f64,
}

#[derive(Debug, Clone, Copy)]
struct Feature {
    spread: Spread,
    column: usize,
    square: usize,
}

#[derive(Debug, Clone, Copy)]
struct Item {
    column: usize,
    /// Number of the choice that it was last offered in.
    offered: u64,
}

/// The column of the score: the first.
const SCORE: usize = 0;

impl FeatureSpace {
    pub fn new() -> Self {
        Self {
            groups: vec![Group::Score],
            names: vec![String::new()],
            score: Spread::default(),
            features: BTreeMap::new(),
            contexts: BTreeMap::new(),
            items: BTreeMap::new(),
            candidates: 0.0,
            choices: 0,
        }
    }

    /// What each column stands for.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The feature or the candidate that a column stands for.
    pub fn name(&self, column: usize) -> &str {
        self.names.get(column).map_or("", String::as_str)
    }

    /// The column of the score.
    pub fn score_column(&self) -> usize {
        SCORE
    }

    /// The column of each feature.
    pub fn feature_columns(&self) -> impl Iterator<Item = (&str, usize)> {
        let features = self.features.iter();
        features.map(|(name, feature)| (name.as_str(), feature.column))
    }

    /// The standard deviation of the scores so far.
    pub fn score_spread(&self) -> f64 {
        self.score.deviation(self.score.count)
    }

    /// Whether so much of a feature is more than the candidates so far have on average.
    pub fn is_above_mean(&self, name: &str, value: f64) -> bool {
        let feature = self.features.get(name);
        feature.is_some_and(|feature| feature.spread.scaled(self.candidates, value) > 0.0)
    }

    /// Begins with what things are like that people choose from, so that the first few choices are not their own
    /// measure.
    pub fn observe_population<'a>(
        &mut self,
        things: impl Iterator<Item = &'a BTreeMap<String, f64>>,
        scores: (f64, f64),
    ) {
        // Two scores a thing have the mean and the spread that are given; also where no thing is known.
        self.score.add(scores.0 - scores.1);
        self.score.add(scores.0 + scores.1);
        for features in things {
            self.candidates += 1.0;
            for (name, value) in features {
                self.feature(name, *value);
            }
            self.score.add(scores.0 - scores.1);
            self.score.add(scores.0 + scores.1);
        }
    }

    /// Takes note of what is offered, not of what is taken: makes columns for it, and measures spreads. Returns the
    /// columns whose meaning has changed: those of candidates that made room.
    pub fn observe(&mut self, offer: &ChoiceOffer) -> Vec<usize> {
        self.choices += 1;
        let mut freed = Vec::new();
        for candidate in &offer.candidates {
            if candidate.is_average() {
                continue;
            }
            self.candidates += 1.0;
            if let Some(score) = candidate.score {
                self.score.add(score);
            }
            for (name, value) in candidate.tastes() {
                self.feature(name, *value);
            }
            if !candidate.id.is_empty() {
                freed.extend(self.item(&candidate.id));
            }
        }
        for (group, name) in offer.context.known() {
            self.context(group, name);
        }
        freed
    }

    fn feature(&mut self, name: &str, value: f64) {
        if let Some(feature) = self.features.get_mut(name) {
            feature.spread.add(value);
        } else if self.features.len() < MOST_FEATURES {
            let mut spread = Spread::default();
            spread.add(value);
            let feature = Feature {
                spread,
                column: self.column(Group::Feature, name),
                square: self.column(Group::Square, name),
            };
            self.features.insert(name.to_owned(), feature);
        }
    }

    /// Makes the columns of a scene or a platform that it has not yet.
    fn context(&mut self, group: Group, name: &str) {
        let key = (group, name.to_owned());
        let alike = self.contexts.keys().filter(|(other, _)| *other == group);
        if !self.contexts.contains_key(&key) && alike.count() == MOST_CONTEXTS {
            return;
        }
        let mut columns = self.contexts.remove(&key).unwrap_or_default();
        let names: Vec<String> = self.features.keys().cloned().collect();
        for name in names {
            let column = || self.column(group, &name);
            columns.entry(name.clone()).or_insert_with(column);
        }
        self.contexts.insert(key, columns);
    }

    /// The column of a candidate; the one that has to be cleared for it, if any.
    fn item(&mut self, id: &str) -> Option<usize> {
        let offered = self.choices;
        if let Some(item) = self.items.get_mut(id) {
            item.offered = offered;
            return None;
        }
        let (column, freed) = if self.items.len() < MOST_ITEMS {
            (self.column(Group::Item, id), None)
        } else {
            let oldest = self.items.iter().min_by_key(|(_, item)| item.offered);
            let (oldest, column) = oldest.map(|(id, item)| (id.clone(), item.column))?;
            self.items.remove(&oldest);
            self.names[column] = id.to_owned();
            (column, Some(column))
        };
        self.items.insert(id.to_owned(), Item { column, offered });
        freed
    }

    fn column(&mut self, group: Group, name: &str) -> usize {
        self.names.push(name.to_owned());
        self.groups.push(group);
        self.groups.len() - 1
    }

    /// The candidates of `offer` as rows. What was never observed is left out.
    pub fn rows(&self, offer: &ChoiceOffer) -> Vec<Row> {
        let columns = self.context_columns(&offer.context);
        let candidates = offer.candidates.iter();
        candidates
            .map(|candidate| self.row_of(candidate, &columns))
            .collect()
    }

    /// A candidate as a row; the average one has none but zeros.
    pub fn row(&self, candidate: &OfferedCandidate, context: &ChoiceContext) -> Row {
        self.row_of(candidate, &self.context_columns(context))
    }

    /// The columns of what differs in a context, by feature.
    fn context_columns(&self, context: &ChoiceContext) -> Vec<&BTreeMap<String, usize>> {
        let known = context.known();
        known
            .filter_map(|(group, name)| self.contexts.get(&(group, name.to_owned())))
            .collect()
    }

    fn row_of(&self, candidate: &OfferedCandidate, contexts: &[&BTreeMap<String, usize>]) -> Row {
        if candidate.is_average() {
            return Row::new();
        }
        let mut row: Row = Vec::with_capacity(4 * self.features.len() + 2);
        let score = candidate.score.map(|score| {
            let count = self.score.count;
            (SCORE, self.score.scaled(count, score))
        });
        row.extend(score);
        for (name, feature) in &self.features {
            let value = candidate.features.get(name).copied().unwrap_or(0.0);
            let value = feature.spread.scaled(self.candidates, value);
            row.push((feature.column, value));
            row.push((feature.square, value * value));
            let differs = contexts.iter().filter_map(|columns| columns.get(name));
            row.extend(differs.map(|column| (*column, value)));
        }
        row.extend(self.items.get(&candidate.id).map(|item| (item.column, 1.0)));
        row.retain(|(_, value)| *value != 0.0);
        row.sort_unstable_by_key(|(column, _)| *column);
        row
    }
}

impl Spread {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    fn deviation(&self, count: f64) -> f64 {
        let count = count.max(1.0);
        let mean = self.sum / count;
        (self.squares / count - mean * mean).max(0.0).sqrt()
    }

    fn scaled(&self, count: f64, value: f64) -> f64 {
        let deviation = self.deviation(count);
        if deviation < LEAST_SPREAD {
            return 0.0;
        }
        let mean = self.sum / count.max(1.0);
        ((value - mean) / deviation).clamp(-MOST_SPREADS, MOST_SPREADS)
    }
}
