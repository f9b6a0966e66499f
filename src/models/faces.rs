//! BlazeFace full range: faces; and the seven-class expression network.

use crate::error::Result;
use crate::geometry::{Point, Rect};
use crate::models::Models;
use crate::picture::Rgb8;

/// Order of the expression probabilities.
pub const EXPRESSIONS: [&str; 7] = [
    "angry", "disgust", "fear", "happy", "sad", "surprise", "neutral",
];

/// One face.
#[derive(Debug, Clone)]
pub struct FaceDetection {
    /// 0..1, above the threshold.
    pub score: f32,
    /// Where (may pass the picture's edge).
    pub bounds: Rect,
    /// Right eye, left eye, nose tip, mouth, right ear, left ear (right and left of the person).
    pub keypoints: [Point; 6],
}

impl Models {
    /// Faces of a picture (sRGB, any size), best first.
    pub fn detect_faces(&self, picture: &Rgb8) -> Result<Vec<FaceDetection>> {
        let _ = picture;
        unimplemented!()
    }

    /// Probabilities of [`EXPRESSIONS`] for the face at `bounds`.
    pub fn face_expression(&self, picture: &Rgb8, bounds: Rect) -> Result<[f32; 7]> {
        let _ = (picture, bounds);
        unimplemented!()
    }
}
