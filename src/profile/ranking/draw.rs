//! A draw of weights from the posterior, for Thompson sampling (Thompson 1933; Chapelle and Li, *An empirical evaluation
//! of Thompson sampling*, 2011): things are ranked by weights that may be right, and not by the most likely ones. So what
//! little is known of gets a chance, and what is known well is followed.
//!
//! The same seed gives the same weights, whatever is ranked by them.

/// Weights that are drawn with this seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeightDraw {
    seed: u64,
}

/// Number of the column that stands for the choice of a memory: beyond any real one.
const MEMORY: u64 = u64::MAX;

impl WeightDraw {
    /// A draw of weights for choices called `name`, such as those of a kind.
    pub fn new(seed: u64, name: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&seed.to_le_bytes());
        hasher.update(name.as_bytes());
        let mut start = [0_u8; 8];
        hasher.finalize_xof().fill(&mut start);
        Self {
            seed: u64::from_le_bytes(start),
        }
    }

    /// The place among `trusts`, which sum to 1: each as probable as it is.
    pub(super) fn memory(self, trusts: &[f64]) -> usize {
        let mut left = self.uniform(MEMORY, 0);
        for (place, trust) in trusts.iter().enumerate() {
            left -= trust;
            if left < 0.0 {
                return place;
            }
        }
        0
    }

    /// A standard normal number for a column (Box and Muller).
    pub(super) fn normal(self, column: usize) -> f64 {
        let column = column as u64;
        let radius = (-2.0 * libm::log(self.uniform(column, 1))).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.uniform(column, 2))
    }

    /// More than 0 and at most 1: the finalizer of splitmix64.
    fn uniform(self, column: u64, salt: u64) -> f64 {
        let mut mixed = self
            .seed
            .wrapping_add(column.wrapping_mul(0x9E37_79B9_7F4A_7C15))
            .wrapping_add(salt.wrapping_mul(0xD1B5_4A32_D192_ED03));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        ((mixed >> 11) as f64 + 1.0) / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_normal_and_the_same_for_the_same_seed() {
        let draw = WeightDraw::new(7, "look");
        let numbers: Vec<f64> = (0..4000).map(|column| draw.normal(column)).collect();
        let mean = numbers.iter().sum::<f64>() / 4000.0;
        let square = numbers.iter().map(|number| number * number).sum::<f64>() / 4000.0;
        assert!(
            mean.abs() < 0.06 && (square - 1.0).abs() < 0.1,
            "{mean} {square}"
        );
        assert_eq!(draw, WeightDraw::new(7, "look"));
        assert_ne!(draw, WeightDraw::new(8, "look"));
        assert_ne!(draw, WeightDraw::new(7, "music"));
        let places: Vec<usize> = (0..400)
            .map(|seed| WeightDraw::new(seed, "").memory(&[0.7, 0.25, 0.05]))
            .collect();
        let first = places.iter().filter(|place| **place == 0).count();
        assert!((230..330).contains(&first), "{first}");
    }
}
