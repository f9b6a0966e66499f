//! Curves in the report: the mean of each second.

use crate::time::rounded;

/// Longest curve, in seconds: four and a half days. Keeps a wrong time stamp from taking all memory.
const LONGEST: usize = 400_000;

/// Collects values and averages them over each second.
#[derive(Debug, Default)]
pub(super) struct SecondCurve {
    /// Sum and number of the values of each second.
    sums: Vec<(f64, f64)>,
}

impl SecondCurve {
    /// Adds a value at a time in seconds.
    pub fn add(&mut self, seconds: f64, value: f64) {
        let at = seconds.max(0.0) as usize;
        if at >= self.sums.len() && at < LONGEST {
            self.sums.resize(at + 1, (0.0, 0.0));
        }
        if let Some((sum, count)) = self.sums.get_mut(at) {
            *sum += value;
            *count += 1.0;
        }
    }

    /// The means. A second without a value has that of the second before.
    pub fn finish(self) -> Vec<f64> {
        let mut before = 0.0;
        let means = self.sums.into_iter().map(|(sum, count)| {
            if count > 0.0 {
                before = rounded(sum / count);
            }
            before
        });
        means.collect()
    }
}
