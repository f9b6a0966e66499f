//! Whether a photo is shown wider than the film, over a blurred enlargement of itself, because no crop holds its
//! subject, and how much of it.
//!
//! Constants were chosen on the labeled photos that `scripts/split.py` puts into `tune`. There a tenth of all crops
//! become whole pictures, and all of them are of groups, of faces wider than the crop, or of animals that fill the
//! photo. A landscape has no edge that hurts when it is cropped, so without faces it takes an object to keep it whole.

use crate::analysis::PictureFacts;
use crate::edit::framing::axis::{CropAxis, plausible};
use crate::edit::framing::photo_crop::middle_of_picture;
use crate::edit::framing::subject_window::{Cumulative, cells, main_faces};
use crate::edit::framing::wider_frame::wider_frame;
use crate::geometry::{Rect, Size};

/// Share of the weight that a crop has to hold where the faces do not all fit: below it, too much is lost with them.
const KEPT_OF_FACES: f64 = 0.75;
/// The same for an object that is wider than the crop, where there is no face. Its telling end is often enough.
const KEPT_OF_OBJECT: f64 = 0.65;
/// Room for people side by side, in lengths from the first face to the last: hair and shoulders lie outside of faces.
const ROOM: f64 = 1.3;
/// Score from which an object is believed.
const BELIEVED: f64 = 0.5;

/// What is shown, over a blurred enlargement, of a photo that no crop of the shape of `output` holds; `None` for a
/// photo that is cropped.
pub(in crate::edit) fn photo_shown_wider(picture: &PictureFacts, output: Size) -> Option<Rect> {
    let axis = CropAxis::new(Size::new(picture.width, picture.height), output);
    let kept = |axis| kept_by_crop(axis, picture).unwrap_or(1.0);
    let faces = main_faces(&picture.faces);
    let (too_wide, subject) = if faces.is_empty() {
        let object = longest_object(axis, picture);
        (kept(axis) < KEPT_OF_OBJECT && object > axis.size(), object)
    } else {
        let stretches = || faces.iter().map(|face| axis.stretch(face.bounds));
        let from = stretches().map(|(from, _)| from).fold(1.0, f64::min);
        let to = stretches().map(|(_, to)| to).fold(0.0, f64::max);
        let people = to - from;
        (
            kept(axis) < KEPT_OF_FACES && people > axis.size(),
            people * ROOM,
        )
    };
    too_wide.then(|| {
        let frame = wider_frame(axis, subject, kept);
        let [_, x, y, width, height] = frame.point(0.0, middle_of_picture(frame, picture));
        Rect::new(x, y, width, height)
    })
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

/// The length along the axis of the longest object that is believed; 0 without one.
pub(super) fn longest_object(axis: CropAxis, picture: &PictureFacts) -> f64 {
    let believed = picture
        .objects
        .iter()
        .filter(|object| object.score >= BELIEVED && plausible(object.bounds));
    believed
        .map(|object| axis.stretch(object.bounds.clipped()))
        .map(|(from, to)| to - from)
        .fold(0.0, f64::max)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::{Face, ObjectFact, SubjectMap};

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
        assert_eq!(photo_shown_wider(&group, TALL), Some(Rect::FULL));
        assert_eq!(photo_shown_wider(&group, Size::new(16, 9)), None);
        group.faces.truncate(1);
        assert_eq!(photo_shown_wider(&group, TALL), None);
        // Someone small behind is not waited for.
        group.faces.push(face(0.9, 0.02));
        assert_eq!(photo_shown_wider(&group, TALL), None);
    }

    #[test]
    fn what_is_a_little_wider_than_a_crop_is_not_shown_whole() {
        let mut cow = photo([0.0, 0.2, 0.2, 0.2, 0.2, 0.2, 0.0, 0.0, 0.0, 0.0]);
        cow.objects = vec![ObjectFact {
            label: "cow".into(),
            bounds: Rect::new(0.1, 0.1, 0.5, 0.8),
            score: 0.8,
        }];
        let shown = photo_shown_wider(&cow, TALL).unwrap();
        assert!(
            shown.x <= 0.11 && shown.x + shown.width >= 0.59,
            "{shown:?}"
        );
        assert!(shown.width < 0.6 && shown.height == 1.0, "{shown:?}");
        // Two people: their hair and shoulders, too.
        let mut pair = photo([0.0, 0.3, 0.2, 0.0, 0.2, 0.3, 0.0, 0.0, 0.0, 0.0]);
        pair.faces = vec![face(0.12, 0.1), face(0.48, 0.1)];
        let shown = photo_shown_wider(&pair, TALL).unwrap();
        assert!(shown.x <= 0.1 && shown.x + shown.width >= 0.6, "{shown:?}");
        assert!(shown.width < 0.8, "{shown:?}");
    }

    #[test]
    fn an_animal_that_fills_the_photo_is_shown_whole_and_a_landscape_is_cropped() {
        let mut cat = photo(EVEN);
        assert_eq!(photo_shown_wider(&cat, TALL), None);
        cat.objects = vec![ObjectFact {
            label: "cat".into(),
            bounds: Rect::new(0.0, 0.0, 0.97, 0.98),
            score: 0.54,
        }];
        assert_eq!(photo_shown_wider(&cat, TALL), Some(Rect::FULL));
        // Its weight lies in one place: the crop holds it.
        let mut spot = [0.0; 10];
        spot[4] = 1.0;
        let lying = PictureFacts {
            objects: cat.objects.clone(),
            ..photo(spot)
        };
        assert_eq!(photo_shown_wider(&lying, TALL), None);
        cat.subject_map = None;
        assert_eq!(photo_shown_wider(&cat, TALL), None);
    }
}
