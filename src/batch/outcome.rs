//! The outcome of a file: whether its result was written, and facts about the result.

use serde::{Deserialize, Serialize};

use crate::batch::adjustment::Adjustment;
use crate::media::LeftOutTrack;
use crate::notice::LeftOutPart;
use crate::picture::FilmTreatment;

/// What happens to results that exist already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunMode {
    /// They are a conflict: the run does not begin.
    Fresh,
    /// Finished results stay; the rest is processed.
    Resume,
    /// They are replaced.
    Force,
}

/// How a result came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultStatus {
    /// This run wrote it.
    Written,
    /// An earlier run wrote it, from the same content with the same settings.
    Finished,
}

/// Why a result holds only a part of its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialReason {
    /// The stable code of the error.
    pub code: String,
    /// The message for people.
    pub message: String,
}

/// One result.
#[derive(Debug, Clone, Serialize)]
pub struct BatchResult {
    /// Whether this run wrote it.
    pub status: ResultStatus,
    /// Pixels of the upright picture.
    pub width: u32,
    /// Pixels of the upright picture.
    pub height: u32,
    /// Size of the file.
    pub bytes: u64,
    /// BLAKE3 of the file.
    pub blake3: String,
    /// The file contains the location of the picture.
    pub location: bool,
    /// Present if the source breaks off and the result ends there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<PartialReason>,
    /// Tracks of the original that are not in the result; the others were copied.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOutTrack>,
    /// What else is in the original and not in the result.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts_left_out: Vec<LeftOutPart>,
    /// Treatments beside the look: of the frames of a clip, or of a still.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub treatments: Vec<FilmTreatment>,
    /// Changes beyond the look, with reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Adjustment>,
    /// How many faces were blurred, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub faces_blurred: Option<usize>,
}
