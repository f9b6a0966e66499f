//! Whether a photo is shown whole, over a blurred enlargement of itself, because no crop holds its subject.
//!
//! Constants were chosen on the labeled photos that `scripts/split.py` puts into `tune`. There a tenth of all crops
//! become whole pictures, and all of them are of groups, of faces wider than the crop, or of animals that fill the
//! photo. A landscape has no edge that hurts when it is cropped, so without faces it takes an object to keep it whole.

use crate::analysis::PictureFacts;
use crate::edit::Fit;
use crate::edit::framing::axis::{CropAxis, plausible};
use crate::edit::framing::photo_crop::middle_of_picture;
use crate::edit::framing::subject_window::{Cumulative, cells, main_faces};
use crate::geometry::Size;

/// Share of the weight that a crop has to hold where the faces do not all fit: below it, too much is lost with them.
const KEPT_OF_FACES: f64 = 0.75;
/// The same for an object that is wider than the crop, where there is no face. Its telling end is often enough.
const KEPT_OF_OBJECT: f64 = 0.65;
/// Score from which an object is believed.
const BELIEVED: f64 = 0.5;

/// How a photo fills a frame of the shape of `output`.
pub(in crate::edit) fn photo_fit(picture: &PictureFacts, output: Size) -> Fit {
    let axis = CropAxis::new(Size::new(picture.width, picture.height), output);
    let kept = kept_by_crop(axis, picture).unwrap_or(1.0);
    let faces = main_faces(&picture.faces);
    let too_wide = if faces.is_empty() {
        kept < KEPT_OF_OBJECT && has_wider_object(axis, picture)
    } else {
        let stretches = || faces.iter().map(|face| axis.stretch(face.bounds));
        let from = stretches().map(|(from, _)| from).fold(1.0, f64::min);
        let to = stretches().map(|(_, to)| to).fold(0.0, f64::max);
        kept < KEPT_OF_FACES && to - from > axis.size()
    };
    if too_wide { Fit::Blurred } else { Fit::Crop }
}

/// The share of the subject map that the photo's crop holds; `None` without a map, or where nothing is cropped.
fn kept_by_crop(axis: CropAxis, picture: &PictureFacts) -> Option<f64> {
    let map = picture.subject_map.as_ref()?;
    if axis == CropAxis::Whole {
        return None;
    }
    let middle = middle_of_picture(axis, picture);
    let half = axis.size() / 2.0;
    let weights = Cumulative::new(cells(axis, map).iter().copied())?;
    Some(weights.within((middle - half, middle + half)))
}

fn has_wider_object(axis: CropAxis, picture: &PictureFacts) -> bool {
    let believed = picture
        .objects
        .iter()
        .filter(|object| object.score >= BELIEVED && plausible(object.bounds));
    believed
        .map(|object| axis.stretch(object.bounds.clipped()))
        .any(|(from, to)| to - from > axis.size())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::{Face, ObjectFact, SubjectMap};
    use crate::geometry::Rect;

    const TALL: Size = Size {
        width: 9,
        height: 16,
    };

    /// A wide photo with its weight in these tenths.
    fn photo(across: [f64; 10]) -> PictureFacts {
        PictureFacts {
            width: 1600,
            height: 900,
            subject_map: Some(SubjectMap {
                across: across.into(),
                down: vec![0.5; 2],
            }),
            ..PictureFacts::default()
        }
    }

    fn face(x: f64, width: f64) -> Face {
        Face {
            bounds: Rect::new(x, 0.3, width, 0.2),
            ..Face::default()
        }
    }

    const EVEN: [f64; 10] = [0.1; 10];

    #[test]
    fn people_side_by_side_are_shown_whole_and_one_of_them_is_cropped() {
        let mut group = photo(EVEN);
        group.faces = vec![face(0.1, 0.1), face(0.5, 0.1), face(0.8, 0.1)];
        assert_eq!(photo_fit(&group, TALL), Fit::Blurred);
        assert_eq!(photo_fit(&group, Size::new(16, 9)), Fit::Crop);
        group.faces.truncate(1);
        assert_eq!(photo_fit(&group, TALL), Fit::Crop);
        // Someone small behind is not waited for.
        group.faces.push(face(0.9, 0.02));
        assert_eq!(photo_fit(&group, TALL), Fit::Crop);
    }

    #[test]
    fn an_animal_that_fills_the_photo_is_shown_whole_and_a_landscape_is_cropped() {
        let mut cat = photo(EVEN);
        assert_eq!(photo_fit(&cat, TALL), Fit::Crop);
        cat.objects = vec![ObjectFact {
            label: "cat".into(),
            bounds: Rect::new(0.0, 0.0, 0.97, 0.98),
            score: 0.54,
        }];
        assert_eq!(photo_fit(&cat, TALL), Fit::Blurred);
        // Its weight lies in one place: the crop holds it.
        let mut spot = [0.0; 10];
        spot[4] = 1.0;
        let lying = PictureFacts {
            objects: cat.objects.clone(),
            ..photo(spot)
        };
        assert_eq!(photo_fit(&lying, TALL), Fit::Crop);
        cat.subject_map = None;
        assert_eq!(photo_fit(&cat, TALL), Fit::Crop);
    }
}
