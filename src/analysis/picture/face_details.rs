//! Faces of a picture: boxes, expressions, and the details of large ones.

use super::head_pose;
use super::picture_depth::PictureDepth;
use crate::analysis::Face;
use crate::error::Result;
use crate::models::{EXPRESSIONS, FaceDetection, Models};
use crate::picture::Rgb8;
use crate::time::rounded;

/// Least width of a face, in pixels of the picture, at which its expression is judged.
const EXPRESSION_PIXELS: f64 = 48.0;
/// A small face was found before if the overlap with another is this share of the smaller one.
const SAME_FACE: f64 = 0.3;

/// Faces inside the picture, best first; if asked for, with the expression of those that are large enough.
pub(crate) fn find_faces(models: &Models, picture: &Rgb8, expressions: bool) -> Result<Vec<Face>> {
    let mut faces = Vec::new();
    for found in models.detect_faces(picture)? {
        faces.extend(face(models, picture, &found, expressions)?);
    }
    Ok(faces)
}

/// What faces are searched in.
pub(super) struct FaceSearch<'a> {
    pub models: &'a Models,
    /// The picture at its own size.
    pub picture: &'a Rgb8,
    /// Reduced, for very small faces.
    pub working: &'a Rgb8,
    pub depth: PictureDepth,
    pub fast: bool,
}

/// Faces with all their details, best first; in stills also very small ones.
pub(super) fn detailed_faces(search: &FaceSearch<'_>) -> Result<Vec<Face>> {
    let &FaceSearch {
        models,
        picture,
        working,
        depth,
        fast,
    } = search;
    let mut found = models.detect_faces(picture)?;
    if depth == PictureDepth::Full && !fast {
        for small in models.detect_faces_tiled(working)? {
            let same = |other: &FaceDetection| {
                let both = other.bounds.intersection(small.bounds).area();
                both >= SAME_FACE * other.bounds.area().min(small.bounds.area())
            };
            if !found.iter().any(same) {
                found.push(small);
            }
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
    }
    let mut faces = Vec::new();
    for detection in &found {
        if let Some(mut face) = face(models, picture, detection, true)? {
            if head_pose::is_large(detection, &found, depth) {
                head_pose::add(models, picture, detection, &mut face)?;
            }
            faces.push(face);
        }
    }
    Ok(faces)
}

/// `None` when it lies outside the picture.
fn face(
    models: &Models,
    picture: &Rgb8,
    found: &FaceDetection,
    expressions: bool,
) -> Result<Option<Face>> {
    let bounds = found.bounds.clipped();
    if bounds.area() <= 0.0 {
        return Ok(None);
    }
    let pixels = bounds.width * f64::from(picture.size().width);
    let expression = if expressions && pixels >= EXPRESSION_PIXELS {
        let probabilities = models.face_expression(picture, found.bounds)?;
        likeliest(&probabilities)
            .and_then(|best| EXPRESSIONS.get(best))
            .map(|name| (*name).to_owned())
    } else {
        None
    };
    Ok(Some(Face {
        bounds: bounds.rounded(),
        score: rounded(f64::from(found.score)),
        expression,
        ..Face::default()
    }))
}

/// Index of the largest value, the first of equals.
fn likeliest(values: &[f32]) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (index, &value) in values.iter().enumerate() {
        if best.is_none_or(|(_, top)| value > top) {
            best = Some((index, value));
        }
    }
    best.map(|(index, _)| index)
}
