//! MediaPipe's selfie segmenter: where people are, pixel by pixel.
//!
//! It was made for one person close to the camera and also fires on flowers and cats. So it looks at the surroundings
//! of people that the face and object networks found, each by itself, and nowhere else.

use crate::error::Result;
use crate::geometry::{Rect, Size};
use crate::models::session::NetworkInput;
use crate::models::{ForegroundMask, Models};
use crate::picture::{Filter, Rgb8, crop_resize};

const NETWORK: &str = "selfie-segmenter";
/// Side of the square that the network takes, in pixels.
const SIDE: usize = 256;

impl Models {
    /// How likely each place of `part` (fractions; clipped to the picture) of a picture (sRGB, any size) is a person:
    /// 256×256 over that part. Meant for a part that is known to hold one.
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

    /// The surroundings of people in a picture: of faces and of what NanoDet calls a person. Boxes lie within the
    /// picture and may overlap.
    pub fn people(&self, picture: &Rgb8) -> Result<Vec<Rect>> {
        let mut found = Vec::new();
        for object in self.detect_objects(picture)? {
            if object.label == "person" {
                found.push(grown(object.bounds, [0.2, 0.15, 0.2, 0.15]));
            }
        }
        for face in self.detect_faces(picture)? {
            // Shoulders are about three faces wide; hair and hats rise by one.
            found.push(grown(face.bounds, [1.5, 1.0, 1.5, 4.0]));
        }
        Ok(found)
    }
}

/// `bounds` grown by shares of its width and height to the left, top, right and bottom, clipped to the picture.
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
    use crate::models::golden;

    #[test]
    fn preprocessing_matches_the_reference() {
        for name in ["astronaut", "china"] {
            let picture = golden::picture(&format!("{name}.png"));
            let case = golden::case(&format!("selfie-segmenter.{name}"));
            let numbers = input(&picture, Rect::FULL);
            golden::compare(&case, "input_1:0", &numbers, 0.02, 0.005);
        }
    }

    #[test]
    fn surroundings_stay_within_the_picture() {
        let part = grown(Rect::new(0.9, -0.1, 0.3, 0.5), [1.5, 1.0, 1.5, 4.0]);
        assert!(part.x >= 0.0 && part.y >= 0.0);
        assert!(part.x + part.width <= 1.0 + 1e-9 && part.y + part.height <= 1.0 + 1e-9);
    }
}
