//! The columns of the model, and a candidate as a sparse row of them.
//!
//! Columns are made when something is first offered. Their number is bounded, since the cost of learning a choice rises
//! with its square: features and scenes beyond the bound are left out, and of the single candidates the one that was
//! offered least recently makes room.

use std::collections::BTreeMap;

use crate::profile::ranking::offer::ChoiceOffer;
use crate::profile::ranking::prior::Group;

/// Most features of a kind of choice: three times what any kind has.
const MOST_FEATURES: usize = 48;
/// Most scenes that weights may differ in.
const MOST_SCENES: usize = 12;
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
    score: Spread,
    features: BTreeMap<String, Feature>,
    scenes: BTreeMap<String, BTreeMap<String, usize>>,
    items: BTreeMap<String, Item>,
    candidates: f64,
    choices: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Spread {
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
            score: Spread::default(),
            features: BTreeMap::new(),
            scenes: BTreeMap::new(),
            items: BTreeMap::new(),
            candidates: 0.0,
            choices: 0,
        }
    }

    /// What each column stands for.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Takes note of what is offered, not of what is taken: makes columns for it, and measures spreads. Returns the
    /// columns whose meaning has changed: those of candidates that made room.
    pub fn observe(&mut self, offer: &ChoiceOffer) -> Vec<usize> {
        self.choices += 1;
        let mut freed = Vec::new();
        for candidate in &offer.candidates {
            self.candidates += 1.0;
            self.score.add(candidate.score);
            for (name, value) in candidate.tastes() {
                self.feature(name, *value);
            }
            freed.extend(self.item(&candidate.id));
        }
        if let Some(scene) = offer.scene() {
            self.scene(scene);
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
                column: self.column(Group::Feature),
                square: self.column(Group::Square),
            };
            self.features.insert(name.to_owned(), feature);
        }
    }

    /// Makes the columns of a scene that it has not yet.
    fn scene(&mut self, scene: &str) {
        if !self.scenes.contains_key(scene) && self.scenes.len() == MOST_SCENES {
            return;
        }
        let mut columns = self.scenes.remove(scene).unwrap_or_default();
        let names: Vec<String> = self.features.keys().cloned().collect();
        for name in names {
            columns
                .entry(name)
                .or_insert_with(|| self.column(Group::Scene));
        }
        self.scenes.insert(scene.to_owned(), columns);
    }

    /// The column of a candidate; the one that has to be cleared for it, if any.
    fn item(&mut self, id: &str) -> Option<usize> {
        let offered = self.choices;
        if let Some(item) = self.items.get_mut(id) {
            item.offered = offered;
            return None;
        }
        let (column, freed) = if self.items.len() < MOST_ITEMS {
            (self.column(Group::Item), None)
        } else {
            let oldest = self.items.iter().min_by_key(|(_, item)| item.offered);
            let (oldest, column) = oldest.map(|(id, item)| (id.clone(), item.column))?;
            self.items.remove(&oldest);
            (column, Some(column))
        };
        self.items.insert(id.to_owned(), Item { column, offered });
        freed
    }

    fn column(&mut self, group: Group) -> usize {
        self.groups.push(group);
        self.groups.len() - 1
    }

    /// The candidates of `offer` as rows. What was never observed is left out.
    pub fn rows(&self, offer: &ChoiceOffer) -> Vec<Row> {
        let scene = offer.scene().and_then(|scene| self.scenes.get(scene));
        offer
            .candidates
            .iter()
            .map(|candidate| {
                let mut row: Row = Vec::with_capacity(3 * self.features.len() + 2);
                row.push((SCORE, self.scaled(&self.score, candidate.score)));
                for (name, feature) in &self.features {
                    let value = candidate.features.get(name).copied().unwrap_or(0.0);
                    let value = self.scaled(&feature.spread, value);
                    row.push((feature.column, value));
                    row.push((feature.square, value * value));
                    if let Some(column) = scene.and_then(|columns| columns.get(name)) {
                        row.push((*column, value));
                    }
                }
                row.extend(self.items.get(&candidate.id).map(|item| (item.column, 1.0)));
                row.retain(|(_, value)| *value != 0.0);
                row.sort_unstable_by_key(|(column, _)| *column);
                row
            })
            .collect()
    }

    fn scaled(&self, spread: &Spread, value: f64) -> f64 {
        let count = self.candidates.max(1.0);
        let mean = spread.sum / count;
        let deviation = (spread.squares / count - mean * mean).max(0.0).sqrt();
        if deviation < LEAST_SPREAD {
            return 0.0;
        }
        ((value - mean) / deviation).clamp(-MOST_SPREADS, MOST_SPREADS)
    }
}

impl Spread {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.squares += value * value;
    }
}
