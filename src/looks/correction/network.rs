//! The small network that estimates from a picture's statistics the light it was given.
//!
//! One layer of 64 hidden units, and a skip connection from the statistics to the answer. Plain f64 in a fixed order
//! and `libm` give the same bits everywhere. The weights come from `scripts/fit-correction`.

use super::statistics::{COUNT, Statistics};

/// Hidden units.
const HIDDEN: usize = 64;
/// Standard deviations to which statistics are clipped, so that the network does not extrapolate on strange pictures.
const FARTHEST: f64 = 3.0;

/// Weights as integers, times `scale`.
pub(super) struct ScaledWeights<T> {
    pub(super) scale: f64,
    pub(super) values: T,
}

/// The weights of each layer: rows are its inputs, columns its outputs.
pub(super) struct Network {
    pub(super) first: ScaledWeights<[[i16; HIDDEN]; COUNT]>,
    pub(super) bias: ScaledWeights<[i16; HIDDEN]>,
    pub(super) out: ScaledWeights<[[i16; 3]; HIDDEN]>,
    pub(super) last: ScaledWeights<[i16; 3]>,
    pub(super) skip: ScaledWeights<[[i16; 3]; COUNT]>,
    /// The mean of each statistic over the fitted pictures.
    pub(super) middle: ScaledWeights<[i16; COUNT]>,
    /// The inverse of each statistic's standard deviation.
    pub(super) scale: ScaledWeights<[i16; COUNT]>,
}

impl Network {
    /// Stops of light, of warmth and of green that the picture seems to have been given.
    pub(super) fn answer(&self, statistics: &Statistics) -> [f64; 3] {
        let mut inputs = [0.0; COUNT];
        for (place, input) in inputs.iter_mut().enumerate() {
            let middle = f64::from(self.middle.values[place]) * self.middle.scale;
            let scale = f64::from(self.scale.values[place]) * self.scale.scale;
            *input = ((statistics[place] - middle) * scale).clamp(-FARTHEST, FARTHEST);
        }
        let mut hidden = self
            .bias
            .values
            .map(|weight| f64::from(weight) * self.bias.scale);
        let mut answer = self
            .last
            .values
            .map(|weight| f64::from(weight) * self.last.scale);
        for (input, (first, skip)) in inputs
            .iter()
            .zip(self.first.values.iter().zip(&self.skip.values))
        {
            for (sum, weight) in hidden.iter_mut().zip(first) {
                *sum += input * (f64::from(*weight) * self.first.scale);
            }
            for (sum, weight) in answer.iter_mut().zip(skip) {
                *sum += input * (f64::from(*weight) * self.skip.scale);
            }
        }
        for (sum, row) in hidden.iter().zip(&self.out.values) {
            let active = libm::tanh(*sum);
            for (sum, weight) in answer.iter_mut().zip(row) {
                *sum += active * (f64::from(*weight) * self.out.scale);
            }
        }
        answer
    }
}
