//! Open NSFW: the probability of nudity in a picture. It only runs on request.

use crate::error::Result;
use crate::geometry::{Rect, Size};
use crate::models::Models;
use crate::models::session::NetworkInput;
use crate::picture::{Filter, Rgb8, crop_resize, resize};

const NETWORK: &str = "open-nsfw";
/// Side of the square that a picture is resized to regardless of its shape, and of its central part that the network
/// sees, in pixels.
const WHOLE: u32 = 256;
const SIDE: usize = 224;
/// Means of blue, green and red.
const MEAN: [f32; 3] = [104.0, 117.0, 123.0];

impl Models {
    /// Probability that a picture (sRGB, any size) is unsafe, 0..1. The authors advise to treat more than 0.8 as unsafe
    /// and less than 0.2 as safe. The network only knows photographic nudity.
    pub fn unsafe_probability(&self, picture: &Rgb8) -> Result<f32> {
        let numbers = input(picture);
        let [answer] = self.run(
            NETWORK,
            &[NetworkInput::floats(
                "input_0",
                &[1, SIDE, SIDE, 3],
                &numbers,
            )],
            [("4195", 2)],
        )?;
        Ok(answer.last().copied().unwrap_or(0.0).clamp(0.0, 1.0))
    }
}

/// B, G, R pixel by pixel, minus the mean.
fn input(picture: &Rgb8) -> Vec<f32> {
    let whole = resize(picture, Size::new(WHOLE, WHOLE), Filter::Bilinear);
    let share = SIDE as f64 / f64::from(WHOLE);
    let margin = (1.0 - share) / 2.0;
    let middle = crop_resize(
        &whole,
        Rect::new(margin, margin, share, share),
        Size::new(SIDE as u32, SIDE as u32),
        Filter::Bilinear,
    );
    middle
        .pixels()
        .flat_map(|[red, green, blue]| {
            let [b, g, r] = MEAN;
            [
                f32::from(blue) - b,
                f32::from(green) - g,
                f32::from(red) - r,
            ]
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn preprocessing_and_answer_match_the_reference() {
        for name in ["astronaut", "coffee"] {
            let picture = reference_cases::picture(&format!("{name}.png"));
            let case = reference_cases::case(&format!("open-nsfw.{name}"));
            reference_cases::compare(&case, "input_0", &input(&picture), 1.0, 0.3);
            let wanted = case["expected"]["unsafe"].as_f64().unwrap();
            let found = reference_cases::models()
                .unsafe_probability(&picture)
                .unwrap();
            assert!((f64::from(found) - wanted).abs() < 0.01, "{found} {wanted}");
        }
    }
}
