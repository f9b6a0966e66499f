//! EfficientNet-lite0: ImageNet tags, a picture embedding, and scene words from it.

use crate::error::Result;
use crate::geometry::{Rect, Size};
use crate::models::Models;
use crate::models::preprocessing::planes;
use crate::models::scene_head::SceneHead;
use crate::models::session::NetworkInput;
use crate::picture::{Filter, Rgb8, crop_resize};

const NETWORK: &str = "efficientnet-lite0";
const LABELS: usize = 1000;
const EMBEDDING: usize = 1280;
/// Short side that pictures are resized to, and side of the central square that the network sees, in pixels.
const SHORT: u32 = 256;
const SIDE: u32 = 224;

/// Output of the network for one picture.
#[derive(Debug, Clone)]
pub struct Classification {
    /// One probability for each of the 1000 labels.
    pub probabilities: Vec<f32>,
    /// 1280 numbers.
    pub embedding: Vec<f32>,
}

impl Models {
    /// Tags pictures (sRGB, any size). They are run one by one, so that a result does not depend on the others.
    pub fn classify(&self, pictures: &[&Rgb8]) -> Result<Vec<Classification>> {
        let side = SIDE as usize;
        let mut answers = Vec::with_capacity(pictures.len());
        for picture in pictures {
            let numbers = input(picture);
            let [logits, embedding] = self.run(
                NETWORK,
                &[NetworkInput::floats("image", &[1, 3, side, side], &numbers)],
                [("logits", LABELS), ("embedding", EMBEDDING)],
            )?;
            answers.push(Classification {
                probabilities: softmax(&logits),
                embedding,
            });
        }
        Ok(answers)
    }

    /// Scene words and their probabilities, 0..1, by a linear head on the embedding. They are calibrated for pictures
    /// with and without the word being equally frequent.
    pub fn scene_words(&self, picture: &Classification) -> Result<Vec<(&str, f64)>> {
        let head = match self.scene_head.get() {
            Some(head) => head,
            None => {
                let head = SceneHead::parse(&self.read(SceneHead::FILE)?)?;
                self.scene_head.get_or_init(|| head)
            }
        };
        Ok(head.words(&picture.embedding))
    }
}

/// The central square as `(x - 127) / 128`, in planes R, G, B.
fn input(picture: &Rgb8) -> Vec<f32> {
    let size = picture.size();
    let scale = f64::from(SHORT) / f64::from(size.width.min(size.height));
    // Only the middle is resized, since the rest of a very long strip would be huge.
    let part = |pixels: u32| {
        let scaled = (f64::from(pixels) * scale).round_ties_even();
        let first = ((scaled - f64::from(SIDE)) / 2.0).floor();
        (first / scaled, f64::from(SIDE) / scaled)
    };
    let ((x, width), (y, height)) = (part(size.width), part(size.height));
    let square = crop_resize(
        picture,
        Rect::new(x, y, width, height),
        Size::new(SIDE, SIDE),
        Filter::Bicubic,
    );
    planes(&square, [0, 1, 2], |_, sample| {
        (f32::from(sample) - 127.0) / 128.0
    })
}

/// Probabilities from logits.
fn softmax(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let exponents: Vec<f64> = logits
        .iter()
        .map(|&logit| f64::from(logit - most).exp())
        .collect();
    let sum: f64 = exponents.iter().sum();
    exponents
        .iter()
        .map(|&exponent| (exponent / sum) as f32)
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn preprocessing_matches_the_reference() {
        for name in ["chelsea", "coffee", "china"] {
            let picture = reference_cases::picture(&format!("{name}.png"));
            let case = reference_cases::case(&format!("efficientnet-lite0.{name}"));
            reference_cases::compare(&case, "image", &input(&picture), 0.02, 0.005);
        }
    }

    #[test]
    fn a_very_long_strip_is_cheap() {
        let strip = Rgb8::black(Size::new(60_000, 2));
        assert_eq!(input(&strip).len(), 3 * 224 * 224);
    }

    #[test]
    fn pictures_get_the_words_that_fit_them() {
        let models = reference_cases::models();
        for (name, shown, other) in [
            ("coffee.png", "drink", "landscape"),
            ("astronaut.png", "people", "food"),
        ] {
            let picture = reference_cases::picture(name);
            let classified = models.classify(&[&picture]).unwrap();
            let words = models.scene_words(&classified[0]).unwrap();
            let score = |word: &str| words.iter().find(|(name, _)| *name == word).unwrap().1;
            assert!(score(shown) > 0.6, "{name}: {shown} {}", score(shown));
            assert!(score(other) < 0.4, "{name}: {other} {}", score(other));
        }
    }
}
