//! A regularized polynomial of degree 2 from colors to colors.

use crate::looks::color::Triple;

/// The terms: 1, three channels, their squares, their products.
const TERMS: usize = 10;
/// Ridge penalty on the coefficients, as a share of the weight of all samples.
const RIDGE: f64 = 1e-4;
/// Weight of the anchors, which keep unseen colors unchanged, as a share of that of all samples.
const ANCHOR: f64 = 0.01;
/// Anchors along a side of the cube of colors.
const ANCHORS: usize = 5;

/// The polynomial for the difference added to a color.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Polynomial {
    coefficients: [Triple; TERMS],
}

fn terms([red, green, blue]: Triple) -> [f64; TERMS] {
    [
        1.0,
        red,
        green,
        blue,
        red * red,
        green * green,
        blue * blue,
        red * green,
        red * blue,
        green * blue,
    ]
}

impl Polynomial {
    /// Fits pairs of colors before and after.
    pub(super) fn fit(samples: impl Iterator<Item = (Triple, Triple)>) -> Self {
        let mut products = [[0.0; TERMS]; TERMS];
        let mut goals = [[0.0; 3]; TERMS];
        let mut count = 0.0;
        let mut add = |color: Triple, change: Triple, weight: f64| {
            let terms = terms(color);
            for (row, a) in terms.iter().enumerate() {
                for (column, b) in terms.iter().enumerate() {
                    products[row][column] += weight * a * b;
                }
                for (channel, goal) in goals[row].iter_mut().enumerate() {
                    *goal += weight * a * change[channel];
                }
            }
        };
        for (before, after) in samples {
            add(before, [0, 1, 2].map(|at| after[at] - before[at]), 1.0);
            count += 1.0;
        }
        let anchors = ANCHORS * ANCHORS * ANCHORS;
        for number in 0..anchors {
            let place = [
                number % ANCHORS,
                number / ANCHORS % ANCHORS,
                number / ANCHORS / ANCHORS,
            ];
            let color = place.map(|place| place as f64 / (ANCHORS - 1) as f64);
            add(color, [0.0; 3], ANCHOR * count / anchors as f64);
        }
        for (place, row) in products.iter_mut().enumerate() {
            row[place] += RIDGE * count + 1e-9;
        }
        Self {
            coefficients: solve(products, goals),
        }
    }

    /// The changed `color`, 0..1.
    pub(super) fn evaluate(&self, color: Triple) -> Triple {
        let mut new = color;
        for (term, coefficients) in terms(color).iter().zip(&self.coefficients) {
            for (value, coefficient) in new.iter_mut().zip(coefficients) {
                *value += term * coefficient;
            }
        }
        new.map(|value| value.clamp(0.0, 1.0))
    }
}

/// Solves a symmetric positive definite system by Gaussian elimination, which then needs no pivoting.
fn solve(mut matrix: [[f64; TERMS]; TERMS], mut goals: [Triple; TERMS]) -> [Triple; TERMS] {
    for column in 0..TERMS {
        let (pivot_row, pivot_goal) = (matrix[column], goals[column]);
        for row in column + 1..TERMS {
            let factor = matrix[row][column] / pivot_row[column];
            for (value, pivot) in matrix[row].iter_mut().zip(pivot_row) {
                *value -= factor * pivot;
            }
            for (value, pivot) in goals[row].iter_mut().zip(pivot_goal) {
                *value -= factor * pivot;
            }
        }
    }
    let mut answer = [[0.0; 3]; TERMS];
    for row in (0..TERMS).rev() {
        for channel in 0..3 {
            let known: f64 = (row + 1..TERMS)
                .map(|column| matrix[row][column] * answer[column][channel])
                .sum();
            answer[row][channel] = (goals[row][channel] - known) / matrix[row][row];
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_polynomial_that_made_the_samples() {
        let made = |[r, g, b]: Triple| {
            [
                0.9 * r + 0.05,
                g - 0.2 * g * b + 0.02,
                0.8 * b + 0.1 * r * r,
            ]
        };
        let colors: Vec<Triple> = (0..2000_u32)
            .map(|at| [7, 31, 101].map(|step| f64::from(at * step % 256) / 255.0))
            .collect();
        let found = Polynomial::fit(colors.iter().map(|color| (*color, made(*color))));
        for color in [[0.1, 0.5, 0.9], [0.6, 0.2, 0.3], [0.5; 3]] {
            let (a, b) = (found.evaluate(color), made(color));
            assert!(
                a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.01),
                "{a:?} {b:?}"
            );
        }
    }

    #[test]
    fn without_samples_nothing_changes() {
        let found = Polynomial::fit(std::iter::empty());
        assert_eq!(found.evaluate([0.2, 0.4, 0.6]), [0.2, 0.4, 0.6]);
    }
}
