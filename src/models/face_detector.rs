//! BlazeFace full range, which detects faces, and the network for seven expressions.

use crate::error::Result;
use crate::geometry::{Point, Rect, Size};
use crate::models::Models;
use crate::models::non_max_suppression::best_of_each;
use crate::models::preprocessing::{Letterbox, cut};
use crate::models::session::NetworkInput;
use crate::picture::{Filter, Rgb8, resize};

const NETWORK: &str = "blazeface-full-range";
/// Side of the square that the network takes, in pixels.
const SIDE: usize = 192;
/// One anchor in the middle of each cell of 4×4 pixels.
const STRIDE: usize = 4;
const COLUMNS: usize = SIDE / STRIDE;
const CELLS: usize = COLUMNS * COLUMNS;
/// Center, size and 6 keypoints, each x and y.
const NUMBERS: usize = 16;
/// A face must have a higher score than this.
pub const FACE_THRESHOLD: f32 = 0.5;
/// Boxes that overlap by more than this (intersection over union) are one face.
const SAME: f64 = 0.3;

const EXPRESSION: &str = "face-expression";
/// Side of the square that the expression network takes, in pixels.
const EXPRESSION_SIDE: u32 = 64;

/// Order of the expression probabilities.
pub const EXPRESSIONS: [&str; 7] = [
    "angry", "disgust", "fear", "happy", "sad", "surprise", "neutral",
];

/// One face.
#[derive(Debug, Clone)]
pub struct FaceDetection {
    /// 0..1, above the threshold.
    pub score: f32,
    /// The box, which may extend beyond the picture.
    pub bounds: Rect,
    /// Right eye, left eye, nose tip, mouth, right ear, left ear (right and left of the person).
    pub keypoints: [Point; 6],
}

impl Models {
    /// Faces of a picture (sRGB, any size), best first. Misses those smaller than about a twelfth of the picture, which
    /// [`Models::detect_faces_tiled`] finds.
    pub fn detect_faces(&self, picture: &Rgb8) -> Result<Vec<FaceDetection>> {
        let found = self.faces_in(picture, Rect::FULL, FACE_THRESHOLD)?;
        Ok(keep(found, |a, b| a.overlap(b) >= SAME))
    }

    /// All detections above `threshold` in one part of a picture, before duplicates are removed.
    pub(super) fn faces_in(
        &self,
        picture: &Rgb8,
        part: Rect,
        threshold: f32,
    ) -> Result<Vec<FaceDetection>> {
        let letterbox = Letterbox::new(picture, part, SIDE as u32);
        let numbers = input(&letterbox.canvas);
        let [places, logits] = self.run(
            NETWORK,
            &[NetworkInput::floats("input", &[1, SIDE, SIDE, 3], &numbers)],
            [
                ("reshaped_regressor_face_4", CELLS * NUMBERS),
                ("reshaped_classifier_face_4", CELLS),
            ],
        )?;
        let mut found = Vec::new();
        for (cell, (logit, numbers)) in logits.iter().zip(places.chunks_exact(NUMBERS)).enumerate()
        {
            let score = sigmoid(*logit);
            if score <= threshold {
                continue;
            }
            let middle = |place: usize| ((place as f64) + 0.5) * STRIDE as f64;
            let (column, row) = (middle(cell % COLUMNS), middle(cell / COLUMNS));
            let number = |at: usize| f64::from(numbers[at]);
            let (x, y) = (column + number(0), row + number(1));
            let (half_width, half_height) = (number(2) / 2.0, number(3) / 2.0);
            found.push(FaceDetection {
                score,
                bounds: letterbox.bounds(
                    x - half_width,
                    y - half_height,
                    x + half_width,
                    y + half_height,
                ),
                keypoints: std::array::from_fn(|point| {
                    let at = 4 + 2 * point;
                    letterbox.point(column + number(at), row + number(at + 1))
                }),
            });
        }
        Ok(found)
    }

    /// Probabilities of [`EXPRESSIONS`] for the face at `bounds`. Only happy against neutral is reliable; a best one
    /// below 0.5 should not be reported.
    pub fn face_expression(&self, picture: &Rgb8, bounds: Rect) -> Result<[f32; 7]> {
        let side = EXPRESSION_SIDE as usize;
        let numbers = expression_input(picture, bounds);
        let [answer] = self.run(
            EXPRESSION,
            &[NetworkInput::floats(
                "input_1:0",
                &[1, side, side, 1],
                &numbers,
            )],
            [("Identity:0", EXPRESSIONS.len())],
        )?;
        let mut probabilities = [0.0; 7];
        probabilities.copy_from_slice(&answer);
        Ok(probabilities)
    }
}

/// Keeps the best of several detections of the same face.
pub(super) fn keep(
    found: Vec<FaceDetection>,
    same: impl Fn(Rect, Rect) -> bool,
) -> Vec<FaceDetection> {
    let candidates: Vec<(f32, Rect)> = (found.iter())
        .map(|face| (face.score, face.bounds))
        .collect();
    best_of_each(&candidates, same)
        .into_iter()
        .map(|place| found[place].clone())
        .collect()
}

/// R, G, B pixel by pixel, -1..1.
fn input(canvas: &Rgb8) -> Vec<f32> {
    (canvas.samples().iter())
        .map(|&sample| f32::from(sample) / 127.5 - 1.0)
        .collect()
}

/// Gray, -1..1.
fn expression_input(picture: &Rgb8, bounds: Rect) -> Vec<f32> {
    let face = cut(picture, bounds);
    let side = Size::new(EXPRESSION_SIDE, EXPRESSION_SIDE);
    resize(&face, side, Filter::Bilinear)
        .pixels()
        .map(|[red, green, blue]| {
            let share = |sample: u8| f32::from(sample) / 255.0;
            let gray = 0.2989 * share(red) + 0.5870 * share(green) + 0.1140 * share(blue);
            (gray - 0.5) * 2.0
        })
        .collect()
}

fn sigmoid(logit: f32) -> f32 {
    (1.0 / (1.0 + (-f64::from(logit)).exp())) as f32
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
            let canvas = Letterbox::new(&picture, Rect::FULL, SIDE as u32).canvas;
            let case = reference_cases::case(&format!("faces.{name}"));
            reference_cases::compare(&case, "blazeface input", &input(&canvas), 0.02, 0.005);
        }
    }

    #[test]
    fn the_expression_input_matches_the_reference() {
        let picture = reference_cases::picture("astronaut.png");
        let case = reference_cases::case("faces.astronaut");
        let corner = |at: usize| case["expected"]["box_xyxy"][at].as_f64().unwrap();
        let (width, height) = (picture.width() as f64, picture.height() as f64);
        let bounds = Rect::new(
            corner(0) / width,
            corner(1) / height,
            (corner(2) - corner(0)) / width,
            (corner(3) - corner(1)) / height,
        );
        let numbers = expression_input(&picture, bounds);
        reference_cases::compare(&case, "expression input_1:0", &numbers, 0.02, 0.005);
    }
}
