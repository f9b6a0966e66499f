//! The crop of a photo, or of a shot whose subject is unknown: faces and subject are put a little above the middle.

use crate::analysis::PictureFacts;
use crate::edit::framing::axis::{CropAxis, plausible};
use crate::edit::framing::subject_window::middle_of_weight;
use crate::geometry::{Rect, Size};

/// Height of a face or subject in the crop, as a fraction from the top: eyes belong above the middle.
const EYE_LINE: f64 = 0.42;
/// If faces leave the crop less room than this (fraction of the picture), they alone decide its position.
const NO_CHOICE: f64 = 0.02;

/// The largest crop of a photo with the aspect of `output`, around faces and subject.
pub fn photo_crop(picture: &PictureFacts, output: Size) -> Rect {
    let axis = CropAxis::new(Size::new(picture.width, picture.height), output);
    let [_, x, y, width, height] = axis.point(0.0, middle_of_picture(axis, picture));
    Rect {
        x,
        y,
        width,
        height,
    }
}

/// The same crop as a path of one point.
pub(in crate::edit) fn photo_crop_path(picture: &PictureFacts, output: Size) -> Vec<[f64; 5]> {
    let axis = CropAxis::new(Size::new(picture.width, picture.height), output);
    vec![axis.point(0.0, middle_of_picture(axis, picture))]
}

/// The middle of the crop: by the subject map where there is one, else faces first, then the subject.
pub(super) fn middle_of_picture(axis: CropAxis, picture: &PictureFacts) -> f64 {
    picture
        .subject_map
        .as_ref()
        .and_then(|map| middle_of_weight(axis, map, &picture.faces))
        .unwrap_or_else(|| middle_of_boxes(axis, picture))
}

/// Faces first, then the subject.
fn middle_of_boxes(axis: CropAxis, picture: &PictureFacts) -> f64 {
    let faces = axis.around_faces(&picture.faces);
    let subject = picture
        .subject
        .as_ref()
        .map(|subject| subject.bounds)
        .filter(|bounds| plausible(*bounds));
    let line = |middle: f64| match axis {
        CropAxis::Down(size) => middle + (0.5 - EYE_LINE) * size,
        _ => middle,
    };
    let wish = match (faces, subject) {
        (Some((from, to)), _) if to < from + NO_CHOICE => (from + to) / 2.0,
        (Some((from, to)), subject) => {
            let wish = subject.map_or((from + to) / 2.0, |bounds| {
                let (a, b) = axis.stretch(bounds);
                (a + b) / 2.0
            });
            line(wish).clamp(from.min(to), from.max(to))
        }
        (None, Some(bounds)) => {
            let (from, to) = axis.stretch(bounds);
            let half = axis.size() / 2.0;
            let middle = (from + to) / 2.0;
            if to - from <= axis.size() {
                line(middle).clamp(to - half, from + half)
            } else {
                middle
            }
        }
        // Neither face nor subject: the middle across, or a little above it down a tall picture.
        (None, None) => match axis {
            CropAxis::Down(_) => EYE_LINE,
            _ => 0.5,
        },
    };
    axis.clamp(wish)
}
