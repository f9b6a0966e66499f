//! Scene words from a picture's embedding: a linear head over EfficientNet-lite0, fitted by `models/train/fit-scene-head`.

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::models::{Classification, Models};

const FILE: &str = "scene-head.json";

/// The head as it is written.
#[derive(Debug, Deserialize)]
pub(super) struct SceneHead {
    /// Mean of the square roots of the embedding.
    mean: Vec<f32>,
    words: Vec<HeadWord>,
}

#[derive(Debug, Deserialize)]
struct HeadWord {
    word: String,
    /// Log odds of the mean picture.
    offset: f64,
    /// What one unit of weight is worth.
    step: f64,
    weights: Vec<i8>,
}

impl Models {
    /// Words and their probabilities, 0..1; at 0.5 the word is as likely to be right as wrong when pictures with and
    /// without it are equally frequent.
    pub fn scene_words(&self, picture: &Classification) -> Result<Vec<(&str, f64)>> {
        let head = self.scene_head()?;
        let features = features(&picture.embedding, &head.mean);
        Ok(head
            .words
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
            .collect())
    }

    fn scene_head(&self) -> Result<&SceneHead> {
        if let Some(head) = self.scene_head.get() {
            return Ok(head);
        }
        let failed = |what: String| Error::Inference {
            model: FILE.into(),
            what,
        };
        let head: SceneHead =
            serde_json::from_slice(&self.read(FILE)?).map_err(|error| failed(error.to_string()))?;
        if let Some(word) = head
            .words
            .iter()
            .find(|word| word.weights.len() != head.mean.len())
        {
            return Err(failed(format!("{} has too few weights", word.word)));
        }
        Ok(self.scene_head.get_or_init(|| head))
    }
}

/// Square roots, less their mean, at length 1.
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
    use crate::models::golden;

    #[test]
    fn pictures_get_the_words_that_fit_them() {
        let models = golden::models();
        for (name, shown, other) in [
            ("coffee.png", "drink", "landscape"),
            ("astronaut.png", "people", "food"),
        ] {
            let picture = golden::picture(name);
            let classified = models.classify(&[&picture]).unwrap();
            let words = models.scene_words(&classified[0]).unwrap();
            let score = |word: &str| words.iter().find(|(name, _)| *name == word).unwrap().1;
            assert!(score(shown) > 0.6, "{name}: {shown} {}", score(shown));
            assert!(score(other) < 0.4, "{name}: {other} {}", score(other));
        }
    }

    #[test]
    fn nothing_at_all_gives_no_trouble() {
        assert_eq!(features(&[0.0; 3], &[0.0; 3]), [0.0; 3]);
        let features = features(&[f32::NAN, 4.0], &[0.0, 1.0]);
        assert!(features.iter().all(|value| value.is_finite()));
    }
}
