//! Whether a crop that follows where the eye goes has guessed, or cuts what it follows: a man and the car he walks away
//! from, cars at both ends of a bridge, a camel that is longer than the crop is wide. How much more of
//! the picture has to be shown then.

use crate::analysis::PictureFacts;
use crate::edit::framing::axis::CropAxis;
use crate::edit::framing::followed_part::FollowedPart;
use crate::edit::framing::whole_photo::longest_object;
use crate::edit::framing::wider_frame::wider_frame;

/// A crop that holds a smaller share of the weight, on average over its shot's parts in the film, is in doubt. Of the
/// clips that `scripts/split.py` puts into `tune`, those hold less whose subjects are apart or wider than the crop.
const DOUBTFUL: f64 = 0.55;
/// The same where the key frame shows an object that is wider than the crop: it is cut.
const DOUBTFUL_OF_OBJECT: f64 = 0.75;

/// The frame in which all parts of a shot are shown whose crop is in doubt; `None` where it is not.
pub(super) fn frame_of_shot(parts: &[FollowedPart], picture: &PictureFacts) -> Option<CropAxis> {
    let axis = parts.first()?.axis;
    let kept = |axis| parts.iter().map(|part| part.kept(axis)).sum::<f64>() / parts.len() as f64;
    let object = longest_object(axis, picture);
    let (doubtful, subject) = match object > axis.size() {
        true => (DOUBTFUL_OF_OBJECT, object),
        false => (DOUBTFUL, 0.0),
    };
    (kept(axis) < doubtful).then(|| wider_frame(axis, subject, kept))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::{ObjectFact, SubjectMap, TimedSubjectMap};
    use crate::geometry::Rect;

    const THIRD: CropAxis = CropAxis::Across(0.3);

    fn maps(times: &[[f64; 10]]) -> Vec<TimedSubjectMap> {
        let map = |across: &[f64; 10]| SubjectMap {
            across: across.to_vec(),
            down: vec![1.0],
        };
        let timed = times
            .iter()
            .enumerate()
            .map(|(number, across)| TimedSubjectMap {
                time: number as f64,
                map: map(across),
            });
        timed.collect()
    }

    /// The frame of a shot that is shown in parts with these maps.
    fn frame(parts: &[Vec<TimedSubjectMap>], picture: &PictureFacts) -> Option<CropAxis> {
        let parts: Vec<FollowedPart> = parts
            .iter()
            .map(|maps| FollowedPart::of_maps(THIRD, maps).unwrap())
            .collect();
        frame_of_shot(&parts, picture)
    }

    fn nothing() -> PictureFacts {
        PictureFacts::default()
    }

    /// A picture with an object of this width.
    fn object(width: f64) -> PictureFacts {
        PictureFacts {
            objects: vec![ObjectFact {
                label: "horse".into(),
                bounds: Rect::new(0.1, 0.2, width, 0.5),
                score: 0.8,
            }],
            ..PictureFacts::default()
        }
    }

    /// A subject at one place, one as wide as half the picture, and two at its ends.
    const SMALL: [f64; 10] = [0.0, 0.0, 0.0, 0.4, 0.6, 0.0, 0.0, 0.0, 0.0, 0.0];
    const WIDE: [f64; 10] = [0.0, 0.2, 0.2, 0.2, 0.2, 0.2, 0.0, 0.0, 0.0, 0.0];
    const APART: [f64; 10] = [0.25, 0.15, 0.0, 0.1, 0.0, 0.0, 0.1, 0.0, 0.15, 0.25];

    #[test]
    fn a_subject_that_fits_is_cropped() {
        assert_eq!(frame(&[maps(&[SMALL, SMALL])], &nothing()), None);
        assert_eq!(frame(&[maps(&[SMALL, SMALL])], &object(0.6)), None);
    }

    #[test]
    fn a_subject_wider_than_the_crop_is_shown_wider_but_not_whole() {
        // Six tenths of it fit: enough of a landscape, and too little of an animal.
        assert_eq!(frame(&[maps(&[WIDE, WIDE])], &nothing()), None);
        let shown = frame(&[maps(&[WIDE, WIDE])], &object(0.5)).unwrap();
        assert_eq!(shown, THIRD.sized(0.3 * (16.0 / 9.0)));
    }

    #[test]
    fn what_stands_at_both_ends_is_shown_whole() {
        let shown = frame(&[maps(&[APART, APART])], &nothing());
        assert_eq!(shown, Some(CropAxis::Whole));
    }

    #[test]
    fn all_parts_of_a_shot_are_framed_alike() {
        let (fits, apart) = (maps(&[SMALL, SMALL]), maps(&[APART, APART]));
        let mut parts = vec![fits.clone(), fits.clone(), apart.clone()];
        assert_eq!(frame(&parts, &nothing()), None);
        parts.extend(vec![apart; 7]);
        assert_eq!(frame(&parts, &nothing()), Some(CropAxis::Whole));
    }

    #[test]
    fn a_crop_that_goes_along_is_not_in_doubt() {
        let left = [0.1, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let right = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.7, 0.1];
        let leaves = maps(&[left, left, left, right, right, right]);
        assert_eq!(frame(&[leaves], &nothing()), None);
    }
}
