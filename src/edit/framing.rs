//! Crops a picture for a film of another aspect: exactly the film's aspect, inside the picture, around faces and
//! subject.
//!
//! Over time the crop takes the shortest path through a tube around the subject (the taut string of Davies and Kovac,
//! "Local extremes, runs, strings and multiresolution", 2001): it holds still while the subject stays within the tube
//! and otherwise pans at constant speed, as a camera operator would. Corners are then rounded.
//!
//! A plan is made with the boxes that the analysis knows. Parts that are really cropped are then measured once more, by
//! maps of where the eye goes (`followed_crop`, `map_tube`), which know better than one detector. Of several people who
//! speak, the crop shows one after the other (`speakers`). Where no crop holds the subject, a crop that holds everybody who was followed stays, two people get a panel each
//! (`face_panels`), and else the whole picture is shown over a blurred enlargement (`whole_photo`, `doubtful_crop`).

mod axis;
mod box_path;
mod crop_path;
mod doubtful_crop;
mod face_panels;
mod followed_crop;
mod followed_part;
mod map_tube;
mod people_in_window;
mod photo_crop;
mod speakers;
mod subject_path;
mod subject_window;
mod tube;
mod whole_photo;
mod wider_frame;

use crate::analysis::Shot;
use crate::edit::framing::axis::CropAxis;
use crate::edit::framing::crop_path::{Ring, eased, simplified, taut_string};
use crate::edit::framing::photo_crop::middle_of_picture;
use crate::edit::framing::tube::tube;
use crate::geometry::Size;

pub(super) use box_path::box_at;
pub(super) use face_panels::{TWO_PANELS, photo_panels};
pub use followed_crop::{CroppedPart, cropped_parts, follow_subjects, wider_shots};
pub(super) use people_in_window::{
    followed_people, nearness, nearness_of_face, person_in_window, share_inside,
};
pub use photo_crop::photo_crop;
pub(super) use photo_crop::photo_crop_path;
pub(super) use speakers::{SPEAKER, Turn, face_crop_path, speaker_turns};
pub(super) use subject_window::push_within;
pub(super) use whole_photo::photo_shown_wider;

/// The crop path of a shot between the seconds `start` and `end` of its source, whose size in pixels is `source`.
pub(super) fn shot_crop_path(
    shot: &Shot,
    source: Size,
    output: Size,
    start: f64,
    end: f64,
) -> Vec<[f64; 5]> {
    let axis = CropAxis::new(source, output);
    if axis == CropAxis::Whole {
        return vec![axis.point(start, 0.5)];
    }
    let tube = tube(axis, shot, start, end);
    if tube.len() < 2 {
        let middle = middle_of_picture(axis, &shot.picture);
        return vec![axis.point(start, middle)];
    }
    path_through(axis, &tube)
}

/// The crop path through a tube of at least two rings.
fn path_through(axis: CropAxis, tube: &[Ring]) -> Vec<[f64; 5]> {
    let corners = taut_string(tube);
    let mut path: Vec<[f64; 5]> = Vec::new();
    for (time, middle) in simplified(&eased(&corners)) {
        let point = axis.point(time, axis.clamp(middle));
        if path.last().is_none_or(|last| point[0] > last[0]) {
            path.push(point);
        }
    }
    // A still crop is one point.
    if path.windows(2).all(|pair| pair[0][1..] == pair[1][1..]) {
        path.truncate(1);
    }
    path
}
