//! The posterior of the weights: parabolas of past choices, summed, and a spike-and-slab prior.

use crate::profile::ranking::features::Row;
use crate::profile::ranking::prior::{AT_RANDOM, Group};

/// Rounds over all weights after a choice. The means start where they were, so that few rounds suffice: three times as
/// many change no ranking in a hundred.
const ROUNDS: usize = 8;
/// Largest change of a weight at which the rounds end.
const SETTLED: f64 = 1e-4;
/// Changes of a weight below this are not passed on to the others.
const NO_CHANGE: f64 = 1e-7;
/// Curvature below which the choices say nothing of a weight.
const NO_CURVATURE: f64 = 1e-9;

/// Means and variances of the weights, and what they were made from.
#[derive(Debug, Clone, Default)]
pub(super) struct SparsePosterior {
    /// Curvature of the log likelihood: symmetric.
    curvature: Vec<Vec<f64>>,
    /// Its slope at weights of zero.
    slope: Vec<f64>,
    mean: Vec<f64>,
    variance: Vec<f64>,
}

impl SparsePosterior {
    /// Makes room for new columns.
    pub fn grow(&mut self, groups: &[Group]) {
        let known = self.mean.len();
        for row in &mut self.curvature {
            row.resize(groups.len(), 0.0);
        }
        for group in groups.iter().skip(known) {
            let prior = group.prior();
            self.curvature.push(vec![0.0; groups.len()]);
            self.slope.push(0.0);
            self.mean.push(prior.inclusion * prior.mean);
            self.variance
                .push(prior.inclusion * prior.spread * prior.spread);
        }
    }

    /// Forgets everything about one column.
    pub fn clear(&mut self, column: usize) {
        for row in &mut self.curvature {
            row[column] = 0.0;
        }
        self.curvature[column].fill(0.0);
        self.slope[column] = 0.0;
        self.mean[column] = 0.0;
    }

    /// Keeps this share of what is known.
    pub fn forget(&mut self, keep: f64) {
        for row in &mut self.curvature {
            row.iter_mut().for_each(|value| *value *= keep);
        }
        self.slope.iter_mut().for_each(|value| *value *= keep);
    }

    /// The expected weight of a column.
    pub fn weight(&self, column: usize) -> f64 {
        self.mean.get(column).copied().unwrap_or(0.0)
    }

    /// The variance of the weight of a column.
    pub fn variance(&self, column: usize) -> f64 {
        self.variance.get(column).copied().unwrap_or(0.0)
    }

    /// Expected utility.
    pub fn utility(&self, row: &Row) -> f64 {
        row.iter()
            .map(|(column, value)| value * self.weight(*column))
            .sum()
    }

    /// Adds a choice: the parabola that touches its log likelihood at the current means.
    ///
    /// Of log((1 − ε) p + ε / n) the gradient is that of log p, times the probability that the choice was not made at
    /// random; the curvature is weighted alike. So what seems a slip counts little.
    ///
    /// A choice with a `weight` of 2 counts as if it had been made twice.
    pub fn learn(&mut self, rows: &[Row], taken: usize, probabilities: &[f64], weight: f64) {
        let weight = weight * not_at_random(probabilities, taken);
        let mut columns: Vec<usize> = rows.iter().flatten().map(|(column, _)| *column).collect();
        columns.sort_unstable();
        columns.dedup();
        let mut values: Vec<Vec<f64>> = rows.iter().map(|row| spread_out(row, &columns)).collect();
        for at in 0..columns.len() {
            let mean: f64 = values
                .iter()
                .zip(probabilities)
                .map(|(row, share)| row[at] * share)
                .sum();
            values.iter_mut().for_each(|row| row[at] -= mean);
        }
        for (row, share) in values.iter().zip(probabilities) {
            let along: f64 = row
                .iter()
                .zip(&columns)
                .map(|(value, column)| value * self.mean[*column])
                .sum();
            for (value, column) in row.iter().zip(&columns) {
                let scaled = weight * share * value;
                self.slope[*column] += scaled * along;
                let target = &mut self.curvature[*column];
                for (other, at) in row.iter().zip(&columns) {
                    target[*at] += scaled * other;
                }
            }
        }
        for (value, column) in values[taken].iter().zip(&columns) {
            self.slope[*column] += weight * value;
        }
    }

    /// Makes means and variances anew from curvature, slope and prior, by coordinate ascent on the variational bound.
    pub fn settle(&mut self, groups: &[Group]) {
        // What is left of the slope at the current means.
        let mut left: Vec<f64> = self
            .curvature
            .iter()
            .zip(&self.slope)
            .map(|(row, slope)| {
                let along: f64 = row.iter().zip(&self.mean).map(|(a, b)| a * b).sum();
                slope - along
            })
            .collect();
        for _ in 0..ROUNDS {
            let mut most = 0.0_f64;
            for (column, group) in groups.iter().enumerate() {
                let change = self.settle_one(column, *group, left[column]);
                if change.abs() > NO_CHANGE {
                    let row = &self.curvature[column];
                    for (left, curvature) in left.iter_mut().zip(row) {
                        *left -= curvature * change;
                    }
                }
                most = most.max(change.abs());
            }
            if most < SETTLED {
                break;
            }
        }
    }

    /// Settles one weight while the others stay; returns the change of its mean.
    fn settle_one(&mut self, column: usize, group: Group, left: f64) -> f64 {
        let curvature = self.curvature[column][column];
        let before = self.mean[column];
        let prior = group.prior();
        let slab = prior.spread * prior.spread;
        if curvature < NO_CURVATURE {
            self.mean[column] = prior.inclusion * prior.mean;
            self.variance[column] = prior.inclusion * slab;
            return self.mean[column] - before;
        }
        let variance = 1.0 / (curvature + 1.0 / slab);
        let mean = variance * (left + curvature * before + prior.mean / slab);
        let inclusion = if prior.inclusion < 1.0 {
            let odds = (prior.inclusion / (1.0 - prior.inclusion)).ln();
            let evidence = 0.5 * (variance / slab).ln() + mean * mean / (2.0 * variance);
            1.0 / (1.0 + (-(odds + evidence)).exp())
        } else {
            1.0
        };
        self.mean[column] = inclusion * mean;
        self.variance[column] =
            inclusion * (variance + mean * mean) - self.mean[column] * self.mean[column];
        self.mean[column] - before
    }
}

/// The probability that a choice was not made at random.
fn not_at_random(probabilities: &[f64], taken: usize) -> f64 {
    let meant = (1.0 - AT_RANDOM) * probabilities[taken];
    meant / (meant + AT_RANDOM / probabilities.len() as f64)
}

/// The values of a row in the given columns, which are in order.
fn spread_out(row: &Row, columns: &[usize]) -> Vec<f64> {
    let mut values = vec![0.0; columns.len()];
    for (column, value) in row {
        if let Ok(at) = columns.binary_search(column) {
            values[at] = *value;
        }
    }
    values
}
