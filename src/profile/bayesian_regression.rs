//! Bayesian linear regression with a Gaussian prior (Bishop, *Pattern Recognition and Machine Learning*, 3.3), in the
//! dual form, since there are fewer judgments than features.

/// Standard deviation of a verdict (−1 or 1) around what the features explain: people are not consistent.
const NOISE: f64 = 0.6;
/// Prior standard deviation of a weight, for features of standard deviation 1.
const PRIOR: f64 = 0.5;

/// The fitted model.
#[derive(Debug, Clone)]
pub(super) struct BayesianRegression {
    rows: Vec<Vec<f64>>,
    /// (K + noise² I)⁻¹ times the targets.
    dual: Vec<f64>,
    /// Lower triangle of the Cholesky factor of K + noise² I.
    factor: Vec<Vec<f64>>,
    /// The leave-one-out prediction of each example.
    left_out: Vec<f64>,
}

impl BayesianRegression {
    /// Fits `targets` to `rows` (all of one length). `None` if there is nothing to fit.
    pub fn fit(rows: Vec<Vec<f64>>, targets: &[f64]) -> Option<Self> {
        let count = rows.len();
        if count == 0 || targets.len() != count {
            return None;
        }
        let kernel: Vec<Vec<f64>> = rows
            .iter()
            .enumerate()
            .map(|(at, row)| {
                let mut line: Vec<f64> = rows.iter().map(|other| covariance(row, other)).collect();
                if let Some(own) = line.get_mut(at) {
                    *own += NOISE * NOISE;
                }
                line
            })
            .collect();
        let factor = cholesky(&kernel)?;
        let dual = solve(&factor, targets);
        // Rasmussen and Williams, Gaussian Processes for Machine Learning, 5.4.2: y − α / (K⁻¹)ᵢᵢ.
        let left_out = (0..count)
            .map(|at| {
                let mut unit = vec![0.0; count];
                unit[at] = 1.0;
                let own = solve(&factor, &unit)[at];
                targets[at] - dual[at] / own
            })
            .collect();
        Some(Self {
            rows,
            dual,
            factor,
            left_out,
        })
    }

    /// Mean and standard deviation of the prediction for `row`.
    pub fn predict(&self, row: &[f64]) -> (f64, f64) {
        let near: Vec<f64> = self
            .rows
            .iter()
            .map(|other| covariance(row, other))
            .collect();
        let mean = near.iter().zip(&self.dual).map(|(a, b)| a * b).sum();
        let explained: f64 = solve(&self.factor, &near)
            .iter()
            .zip(&near)
            .map(|(a, b)| a * b)
            .sum();
        (mean, (covariance(row, row) - explained).max(0.0).sqrt())
    }

    /// The weight of each feature.
    pub fn weights(&self) -> Vec<f64> {
        let length = self.rows.first().map_or(0, Vec::len);
        (0..length)
            .map(|at| {
                let sum: f64 = self
                    .rows
                    .iter()
                    .zip(&self.dual)
                    .map(|(row, dual)| row[at] * dual)
                    .sum();
                sum * PRIOR * PRIOR
            })
            .collect()
    }

    /// The leave-one-out prediction of each example.
    pub fn left_out(&self) -> &[f64] {
        &self.left_out
    }
}

fn covariance(a: &[f64], b: &[f64]) -> f64 {
    PRIOR * PRIOR * a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>()
}

/// The lower triangle `l` with `l lᵀ = matrix`; `None` where the matrix is not positive definite.
fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
    for (at, line) in matrix.iter().enumerate() {
        let mut row: Vec<f64> = Vec::with_capacity(at + 1);
        for (column, value) in line.iter().enumerate().take(at + 1) {
            let other: &[f64] = if column == at { &row } else { &factor[column] };
            let done: f64 = row.iter().zip(other).take(column).map(|(a, b)| a * b).sum();
            let left = value - done;
            if column == at {
                if left <= 0.0 || !left.is_finite() {
                    return None;
                }
                row.push(left.sqrt());
            } else {
                row.push(left / factor[column][column]);
            }
        }
        factor.push(row);
    }
    Some(factor)
}

/// Solves `l lᵀ x = wanted`.
fn solve(factor: &[Vec<f64>], wanted: &[f64]) -> Vec<f64> {
    let mut found: Vec<f64> = Vec::with_capacity(wanted.len());
    for (row, value) in factor.iter().zip(wanted) {
        let at = found.len();
        let done: f64 = row.iter().zip(&found).map(|(a, b)| a * b).sum();
        found.push((value - done) / row[at]);
    }
    for at in (0..found.len()).rev() {
        let done: f64 = (at + 1..found.len())
            .map(|below| factor[below][at] * found[below])
            .sum();
        found[at] = (found[at] - done) / factor[at][at];
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_dual_form_is_ridge_regression() {
        let rows: Vec<Vec<f64>> = (0..9)
            .map(|at| vec![f64::from(at % 3) - 1.0, f64::from(at) / 4.0 - 1.0, 1.0])
            .collect();
        let targets: Vec<f64> = rows.iter().map(|row| 0.8 * row[0] - 0.3 * row[1]).collect();
        let model = BayesianRegression::fit(rows.clone(), &targets).unwrap();
        let weights = model.weights();
        // Normal equations: (XᵀX + λI) w = Xᵀy with λ = noise² / prior².
        let lambda = NOISE * NOISE / PRIOR / PRIOR;
        for at in 0..3 {
            let left: f64 = (0..3)
                .map(|column| {
                    rows.iter().map(|row| row[at] * row[column]).sum::<f64>() * weights[column]
                })
                .sum::<f64>()
                + lambda * weights[at];
            let right: f64 = rows.iter().zip(&targets).map(|(row, y)| row[at] * y).sum();
            assert!((left - right).abs() < 1e-9, "{left} {right}");
        }
        // The leave-one-out prediction equals that of a fit without the row.
        for at in 0..rows.len() {
            let mut others = rows.clone();
            let mut known = targets.clone();
            let row = others.remove(at);
            known.remove(at);
            let without = BayesianRegression::fit(others, &known)
                .unwrap()
                .predict(&row)
                .0;
            assert!((without - model.left_out()[at]).abs() < 1e-9);
        }
        // Predictions near the examples are more certain.
        let (_, near) = model.predict(&rows[4]);
        let (_, far) = model.predict(&[9.0, -9.0, 1.0]);
        assert!(near < far);
    }

    #[test]
    fn nothing_to_fit_is_no_model() {
        assert!(BayesianRegression::fit(vec![], &[]).is_none());
        assert!(BayesianRegression::fit(vec![vec![f64::NAN]], &[1.0]).is_none());
    }
}
