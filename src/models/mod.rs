//! Networks: the pinned files, ONNX Runtime, and one file a network with its pre- and post-processing and typed answer.
//!
//! No other room touches ONNX Runtime. Every session runs on one thread, so that answers do not depend on the thread
//! count; callers run several at once.

#[cfg(test)]
mod golden;
mod manifest;
mod overlaps;
mod pool;
mod prepare;
mod runtime;
mod session;
mod spectrum;

pub use manifest::{FileEntry, Manifest, ModelEntry};
pub use runtime::RuntimeInfo;
pub use session::{Models, ModelsOptions};

mod classify;
pub use classify::Classification;

mod objects;
pub use objects::ObjectDetection;

mod faces;
pub use faces::{EXPRESSIONS, FACE_THRESHOLD, FaceDetection};

mod face_search;
pub use face_search::FACE_SEARCH_THRESHOLD;

mod face_mesh;
pub use face_mesh::{FaceMesh, MESH_POINTS};

mod safety;

mod person;

mod saliency;
pub use saliency::Mask;

mod shots;
pub use shots::{SHOT_FRAME, SHOT_WINDOW, ShotProbabilities};

mod sound_events;
pub use sound_events::SoundEventFrame;

mod beats;
pub use beats::{BEAT_RATE, BeatActivation, BeatStream};

mod music_tags;
pub use music_tags::{MUSIC_PATCH, MusicPatch};

mod music_heads;
pub use music_heads::MoodAxes;

mod sentences;
pub use sentences::SENTENCE_SIZE;

mod scene_head;

mod speech_text;
pub use speech_text::{SPEECH_WINDOW, SpeechText, TokenSampler};

mod word_times;
pub use word_times::{SPEECH_FRAME, TimedWord};

mod text_regions;
pub use text_regions::TextRegion;
