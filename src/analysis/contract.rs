//! The shape of `tastemaker.analysis/1`. Absent parts are absent, never null.
//!
//! Boxes are `[x, y, width, height]` in fractions of the upright picture. Seconds count from time zero of the file, and
//! `*_exact` is the same time as a fraction. Frame numbers count from the first frame; `end_frame` is exclusive.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::scope::Part;
use crate::notice::LeftOutPart;

mod audio;
mod chromaprint;
mod facts;
mod picture;
mod video;

pub use audio::*;
pub use chromaprint::Chromaprint;
pub use facts::*;
pub use picture::*;
pub use video::*;

/// The schema this version writes.
pub const ANALYSIS_SCHEMA: &str = "tastemaker.analysis/1";

/// Everything known about one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Analysis {
    pub schema: String,
    pub file: FileFacts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureFacts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoReport>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<AudioReport>,
}

/// The file itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct FileFacts {
    pub path: String,
    pub bytes: u64,
    pub blake3: String,
    /// `image`, `video` or `audio`.
    pub kind: FileKind,
    /// Set when the file breaks off and only the part before could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<Partial>,
    /// The parts that were asked for (`--only`); the others are absent or empty. Absent when all parts were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<Part>>,
    /// True for a fast analysis (`--fast`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fast: bool,
    /// What else is in the file and was not looked at: more pages, pictures or tracks, a gain map, a film in a photo.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOutPart>,
}

/// Kind of a file, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum FileKind {
    Image,
    Video,
    Audio,
}

/// Why only a part of the file could be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Partial {
    pub code: String,
    pub message: String,
}
