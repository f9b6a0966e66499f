//! The linear head that maps a picture's embedding to scene words, fitted by `models/train/fit-scene-head`.

use serde::Deserialize;

use crate::error::{Error, Result};

/// The head as it is in the file.
#[derive(Debug, Deserialize)]
pub(super) struct SceneHead {
    /// Mean of the square roots of the embedding.
    mean: Vec<f32>,
    words: Vec<HeadWord>,
}

#[derive(Debug, Deserialize)]
struct HeadWord {
    word: String,
    /// Log odds for the mean embedding.
    offset: f64,
    /// Scale of the integer weights.
    step: f64,
    weights: Vec<i8>,
}

impl SceneHead {
    /// The file that it is read from.
    pub(super) const FILE: &str = "scene-head.json";

    pub(super) fn parse(content: &[u8]) -> Result<Self> {
        let failed = |what: String| Error::Inference {
            model: Self::FILE.into(),
            what,
        };
        let head: Self =
            serde_json::from_slice(content).map_err(|error| failed(error.to_string()))?;
        let short = |word: &&HeadWord| word.weights.len() != head.mean.len();
        if let Some(word) = head.words.iter().find(short) {
            return Err(failed(format!("{} has too few weights", word.word)));
        }
        Ok(head)
    }

    /// Words and their probabilities for a picture's embedding.
    pub(super) fn words(&self, embedding: &[f32]) -> Vec<(&str, f64)> {
        let features = features(embedding, &self.mean);
        self.words
            .iter()
            .map(|word| {
                let along: f64 = word
                    .weights
                    .iter()
                    .zip(&features)
                    .map(|(&weight, value)| f64::from(weight) * value)
                    .sum();
                let odds = word.step * along + word.offset;
                (word.word.as_str(), 1.0 / (1.0 + (-odds).exp()))
            })
            .collect()
    }
}

/// Square roots of the embedding, minus their mean, scaled to length 1.
fn features(embedding: &[f32], mean: &[f32]) -> Vec<f64> {
    let mut values: Vec<f64> = embedding
        .iter()
        .zip(mean)
        .map(|(&value, &mean)| f64::from(value).max(0.0).sqrt() - f64::from(mean))
        .collect();
    let length = values.iter().map(|value| value * value).sum::<f64>().sqrt();
    for value in &mut values {
        *value /= length.max(f64::MIN_POSITIVE);
    }
    values
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nothing_at_all_gives_no_trouble() {
        assert_eq!(features(&[0.0; 3], &[0.0; 3]), [0.0; 3]);
        let features = features(&[f32::NAN, 4.0], &[0.0, 1.0]);
        assert!(features.iter().all(|value| value.is_finite()));
    }
}
