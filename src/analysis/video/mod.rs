//! Analysis of films: shots, motion, moments, black and frozen runs, from one decode.
//!
//! Each frame is reduced to 48×27 (for `shots`: the cheap change signal and TransNetV2) and to a thumbnail of 160
//! pixels (for `motion` and `subject_path`); a few times a second, and just after every sudden change, also to a
//! sample for faces, objects, sharpness and key frames (`frame_sizes`, `frame_sampling`). Frames are processed in
//! order, so the result does not depend on timing. `shot_assembly` completes each shot as it ends.

mod active_speaker;
mod analyze_video;
mod appearance;
mod black_and_frozen;
mod box_motion;
mod camera_motion;
mod camera_steps;
mod camera_transform;
mod change_signal;
mod frame_sampling;
mod frame_sizes;
mod frame_views;
mod key_frame;
mod luma_thumbnail;
mod moments;
mod motion;
mod mouth_motion;
mod patch_matching;
mod people_tracking;
mod registration;
mod samples;
mod second_curve;
mod shake;
mod shot_assembly;
mod shots;
mod spoiled;
mod subject_maps;
mod subject_path;
#[cfg(test)]
mod synthetic_views;
mod takes;

pub(crate) use active_speaker::mark_speakers;
pub use analyze_video::analyze_video;
pub use camera_steps::{CameraStep, camera_steps};
pub use shots::{ShotThresholds, find_transitions};
pub use subject_maps::{SUBJECT_MAPS_REVISION, SubjectMapsRequest, subject_maps};
