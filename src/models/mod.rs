//! Networks: the pinned files, ONNX Runtime, and one source file for each network with its pre- and post-processing and
//! typed result.
//!
//! No other module uses ONNX Runtime. Every session runs on one thread, so that results do not depend on the number of
//! threads; callers run several at once.

mod manifest;
mod non_max_suppression;
mod onnx_runtime;
mod preprocessing;
#[cfg(test)]
mod reference_cases;
mod session;
mod session_pool;
mod sound_rates;
mod spectrum;

pub use manifest::{FileEntry, Manifest, ModelEntry};
pub use onnx_runtime::RuntimeInfo;
pub use session::{Models, ModelsOptions};
pub use sound_rates::{BEAT_RATE, EVENT_RATE, VOICE_RATE};

mod image_classifier;
pub use image_classifier::Classification;

mod object_detector;
pub use object_detector::ObjectDetection;

mod face_detector;
pub use face_detector::{EXPRESSIONS, FACE_THRESHOLD, FaceDetection};

mod face_search;
pub use face_search::FACE_SEARCH_THRESHOLD;

mod face_mesh;
pub use face_mesh::{FaceMesh, MESH_POINTS};

mod safety;

mod person_segmenter;

mod saliency;
pub use saliency::ForegroundMask;

mod shot_network;
pub use shot_network::{SHOT_FRAME, SHOT_WINDOW, ShotProbabilities};

mod sound_events;
pub use sound_events::SoundEventFrame;

mod beat_activations;
pub use beat_activations::{BeatActivation, BeatStream};

mod music_tags;
pub use music_tags::{MUSIC_PATCH, MusicPatch};

mod music_axes;
mod music_heads;
pub use music_heads::MoodAxes;

mod sentence_embedding;
pub use sentence_embedding::SENTENCE_SIZE;

mod scene_head;

mod speech_recognizer;
pub use speech_recognizer::{SPEECH_WINDOW, SpeechText, TokenSampler};

mod word_alignment;
pub use word_alignment::{SPEECH_FRAME, TimedWord};

mod text_regions;
pub use text_regions::{LastingText, TextRegion};

mod speech_denoiser;
pub use speech_denoiser::{DenoiserNetwork, SpeechDenoiser};

mod gtcrn;

mod rnnoise;
