//! Analysis of one picture: a still, or a key frame of a film.
//!
//! Plain measurements (tone, palette, quality) come from the pixels alone; faces, objects and scene words from
//! networks; the subject and the mood combine these with documented weights. [`analyze_picture`] runs them all.

mod analyze_picture;
mod composition;
mod compression;
mod eyes_and_gaze;
mod face_details;
mod head_pose;
mod horizon;
mod imagenet_scene_classes;
mod light_and_color_words;
mod luma_view;
mod mood;
mod mood_words;
mod noise;
mod objects_and_text;
mod oklab;
mod palette;
mod pdq;
mod perceptual_hash;
mod picture_depth;
mod quality;
mod scene_areas;
mod scene_words;
mod sharpness;
mod subject;
mod subject_map;
mod tone;
mod working_size;

pub use analyze_picture::analyze_picture;
pub use luma_view::{ComparedView, LumaView};
pub use palette::joint_palette;
pub use picture_depth::PictureDepth;
pub use tone::TONES;

pub(crate) use face_details::find_faces;
pub(crate) use objects_and_text::find_objects;
pub(crate) use oklab::luma8;
pub(crate) use quality::sharpness_and_exposure;
pub(crate) use subject::salience;
pub(crate) use subject_map::subject_map;
