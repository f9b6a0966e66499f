//! What can be seen in one picture: stills, and the key frames of films.
//!
//! Plain measurements (color, tone, quality) come from the pixels alone; faces, objects and scene words from networks;
//! the subject and the mood from all of these by published weights.

mod color;
mod composition;
mod compression;
mod eyes;
mod head_pose;
mod horizon;
mod mood;
mod perceptual_hash;
mod quality;
mod scene_word_table;
mod scene_words;
mod subject;

use crate::analysis::{Face, ObjectFact, Part, PictureFacts, Safety, Scope, TextFact};
use crate::error::Result;
use crate::geometry::Size;
use crate::models::{EXPRESSIONS, FaceDetection, Models};
use crate::picture::{Filter, Rgb8, resize};
use crate::time::rounded;

pub(crate) use color::luma8;
pub(crate) use subject::salience;

/// Longer side that sharpness, faces and objects are judged at: what a phone shows of a post.
pub(crate) const WORKING_SIDE: u32 = 960;
/// Longer side that colors and scene areas are measured at.
const COLOR_SIDE: u32 = 160;
/// A face must be this wide (pixels of the picture) for its expression to be told.
const EXPRESSION_PIXELS: f64 = 48.0;

/// How much is asked of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureDepth {
    /// Everything, for stills.
    Full,
    /// Without saliency where a face or object already tells the subject, for key frames.
    KeyFrame,
}

/// Facts of an sRGB picture of any size.
pub fn analyze_picture(
    models: &Models,
    picture: &Rgb8,
    depth: PictureDepth,
    scope: &Scope,
) -> Result<PictureFacts> {
    let working = shrunk(picture, WORKING_SIDE);
    let small = shrunk(&working, COLOR_SIDE);
    let tone = color::measure_tone(picture, &small);
    let compression = match depth {
        PictureDepth::Full => compression::damage(picture),
        PictureDepth::KeyFrame => None,
    };
    let detail = quality::SharpnessMap::of(&working);
    let mut quality = quality::measure(picture, &detail, &tone, compression);
    let faces = if scope.wants(Part::Faces) || scope.wants(Part::Subject) {
        detailed_faces(models, picture, &working, depth, scope.is_fast())?
    } else {
        Vec::new()
    };
    let objects = if scope.wants(Part::Objects) || scope.wants(Part::Subject) {
        find_objects(models, &working)?
    } else {
        Vec::new()
    };
    let classification = if scope.wants(Part::Scene) {
        models.classify(&[&working])?
    } else {
        Vec::new()
    };
    let probabilities = classification
        .first()
        .map_or(&[][..], |first| first.probabilities.as_slice());
    let head = match classification.first() {
        Some(first) => models.scene_words(first)?,
        None => Vec::new(),
    };
    let areas = scene_words::measure_areas(&small);
    let scene = scene_words::words(&scene_words::SceneEvidence {
        probabilities,
        head: &head,
        areas: &areas,
        tone: &tone,
        faces: &faces,
        objects: &objects,
    });
    let subject = subject::choose(&faces, &objects);
    let ask_saliency = match depth {
        _ if !scope.wants(Part::Subject) || scope.is_fast() => false,
        PictureDepth::Full => faces.is_empty() && subject::is_weak(subject.as_ref()),
        PictureDepth::KeyFrame => subject.is_none(),
    };
    let subject = if ask_saliency {
        subject::with_saliency(subject, &models.saliency(&working)?)
    } else {
        subject
    };
    if let Some(subject) = &subject {
        let (inside, outside) = detail.apart(subject.bounds);
        quality.subject_sharpness = inside.map(rounded);
        quality.background_sharpness = outside.map(rounded);
    }
    let composition = composition::measure(&small, subject.as_ref(), &faces, &scene);
    let text = if scope.wants(Part::Text) {
        find_text(models, &working)?
    } else {
        Vec::new()
    };
    let safety = if scope.wants(Part::Safety) {
        Some(check_safety(models, picture)?)
    } else {
        None
    };
    let mood = mood::feel(&tone, &faces, &scene);
    let size = picture.size();
    Ok(PictureFacts {
        width: size.width,
        height: size.height,
        palette: color::palette(&small),
        luma: rounded(tone.luma),
        contrast: rounded(tone.contrast),
        saturation: rounded(tone.saturation),
        warmth: rounded(tone.warmth),
        clipping: tone.clipping,
        quality,
        faces,
        objects,
        scene,
        subject,
        mood,
        dynamic_range: rounded(tone.dynamic_range),
        composition: Some(composition),
        text,
        hash: Some(perceptual_hash::of(&working)),
        safety,
    })
}

/// How unsafe a picture is.
fn check_safety(models: &Models, picture: &Rgb8) -> Result<Safety> {
    Ok(Safety {
        score: rounded(f64::from(models.unsafe_probability(picture)?)),
    })
}

/// Sharpness and exposure of a frame, as [`analyze_picture`] would give them.
pub(crate) fn sharpness_and_exposure(picture: &Rgb8) -> (f64, f64) {
    let small = shrunk(picture, COLOR_SIDE);
    let tone = color::measure_tone(&small, &small);
    (quality::sharpness(picture), quality::exposure(&tone))
}

/// `picture` with its longer side at most `side`.
fn shrunk(picture: &Rgb8, side: u32) -> Rgb8 {
    let size: Size = picture.size().within(side);
    if size == picture.size() {
        picture.clone()
    } else {
        resize(picture, size, Filter::Box)
    }
}

/// Faces inside the picture, best first; with the expression of those that are large enough, if asked for.
pub(crate) fn find_faces(models: &Models, picture: &Rgb8, expressions: bool) -> Result<Vec<Face>> {
    let mut faces = Vec::new();
    for found in models.detect_faces(picture)? {
        faces.extend(face(models, picture, &found, expressions)?);
    }
    Ok(faces)
}

/// Faces with all that is known of them, best first; in stills also very small ones, which `working` is large enough for.
fn detailed_faces(
    models: &Models,
    picture: &Rgb8,
    working: &Rgb8,
    depth: PictureDepth,
    fast: bool,
) -> Result<Vec<Face>> {
    let mut found = models.detect_faces(picture)?;
    if depth == PictureDepth::Full && !fast {
        for small in models.detect_faces_tiled(working)? {
            let same = |other: &FaceDetection| {
                let both = other.bounds.intersection(small.bounds).area();
                both >= 0.3 * other.bounds.area().min(small.bounds.area())
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

/// Burnt-in text, from the top.
fn find_text(models: &Models, picture: &Rgb8) -> Result<Vec<TextFact>> {
    Ok(models
        .lasting_text_regions(picture)?
        .into_iter()
        .map(|found| TextFact {
            bounds: found.bounds.rounded(),
            score: rounded(f64::from(found.score)),
        })
        .collect())
}

/// Objects, best first.
pub(crate) fn find_objects(models: &Models, picture: &Rgb8) -> Result<Vec<ObjectFact>> {
    Ok(models
        .detect_objects(picture)?
        .into_iter()
        .map(|found| ObjectFact {
            label: found.label,
            bounds: found.bounds.clipped().rounded(),
            score: rounded(f64::from(found.score)),
        })
        .collect())
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

/// 0 at `from`, 1 at `to` (which may lie below `from`), straight between.
pub(crate) fn ramp(value: f64, from: f64, to: f64) -> f64 {
    ((value - from) / (to - from)).clamp(0.0, 1.0)
}
