//! MediaPipe's selfie segmenter: a mask of people.
//!
//! It was made for one person close to the camera and also fires on flowers and cats. Therefore it is only run on the
//! surroundings of each person that the face and object networks found.

use crate::error::Result;
use crate::geometry::{Rect, Size};
use crate::models::session::NetworkInput;
use crate::models::{ForegroundMask, Models};
use crate::picture::{Filter, Rgb8, crop_resize};

const NETWORK: &str = "selfie-segmenter";
/// Side of the square that the network takes, in pixels.
const SIDE: usize = 256;

impl Models {
    /// Probability of a person at each point of `part` (fractions; clipped to the picture) of a picture (sRGB, any
    /// size), as a mask of 256×256 over that part. The part should be known to show a person.
    pub fn person_mask(&self, picture: &Rgb8, part: Rect) -> Result<ForegroundMask> {
        let numbers = input(picture, part);
        let [values] = self.run(
            NETWORK,
            &[NetworkInput::floats(
                "input_1:0",
                &[1, SIDE, SIDE, 3],
                &numbers,
            )],
            [("activation_10:0", SIDE * SIDE)],
        )?;
        Ok(ForegroundMask {
            width: SIDE,
            height: SIDE,
            values,
        })
    }

    /// The surroundings of the people in a picture, by faces and by the persons that NanoDet detects. The boxes lie
    /// within the picture and may overlap.
    pub fn people(&self, picture: &Rgb8) -> Result<Vec<Rect>> {
        let mut found = Vec::new();
        for object in self.detect_objects(picture)? {
            if object.label == "person" {
                found.push(grown(object.bounds, [0.2, 0.15, 0.2, 0.15]));
            }
        }
        for face in self.detect_faces(picture)? {
            // Shoulders are about three faces wide; hair and hats add about one face above.
            found.push(grown(face.bounds, [1.5, 1.0, 1.5, 4.0]));
        }
        Ok(found)
    }
}

/// `bounds`, enlarged by shares of its width and height to the left, top, right and bottom, and clipped to the picture.
fn grown(bounds: Rect, [left, top, right, bottom]: [f64; 4]) -> Rect {
    Rect::new(
        bounds.x - left * bounds.width,
        bounds.y - top * bounds.height,
        bounds.width * (1.0 + left + right),
        bounds.height * (1.0 + top + bottom),
    )
    .clipped()
}

/// R, G, B of each pixel, as fractions.
fn input(picture: &Rgb8, part: Rect) -> Vec<f32> {
    let square = crop_resize(
        picture,
        part,
        Size::new(SIDE as u32, SIDE as u32),
        Filter::Bilinear,
    );
    let samples = square.samples().iter();
    samples.map(|&sample| f32::from(sample) / 255.0).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn preprocessing_matches_the_reference() {
        for name in ["astronaut", "china"] {
            let picture = reference_cases::picture(&format!("{name}.png"));
            let case = reference_cases::case(&format!("selfie-segmenter.{name}"));
            let numbers = input(&picture, Rect::FULL);
            reference_cases::compare(&case, "input_1:0", &numbers, 0.02, 0.005);
        }
    }

    #[test]
    fn surroundings_stay_within_the_picture() {
        let part = grown(Rect::new(0.9, -0.1, 0.3, 0.5), [1.5, 1.0, 1.5, 4.0]);
        assert!(part.x >= 0.0 && part.y >= 0.0);
        assert!(part.x + part.width <= 1.0 + 1e-9 && part.y + part.height <= 1.0 + 1e-9);
    }
}
