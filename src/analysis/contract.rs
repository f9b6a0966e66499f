//! The shape of `tastemaker.analysis/1`. Absent parts are absent, never null.
//!
//! Boxes are `[x, y, width, height]` in fractions of the upright picture; seconds count from the file's time zero;
//! `*_exact` is the same time as a fraction; frame numbers count from the first frame, `end_frame` is exclusive.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::geometry::Rect;
use crate::time::Rational;

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
    /// Set when only the part before a break could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<Partial>,
}

/// By content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum FileKind {
    Image,
    Video,
    Audio,
}

/// Why only a part was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Partial {
    pub code: String,
    pub message: String,
}

/// What can be seen in a picture; of a shot, in its key frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PictureFacts {
    /// Upright pixels across.
    pub width: u32,
    /// Upright pixels down.
    pub height: u32,
    /// Up to 5 colors, largest share first.
    pub palette: Vec<Swatch>,
    /// Mean luma, 0..1.
    pub luma: f64,
    /// Standard deviation of luma, 0..1 (0.5 would be half black, half white).
    pub contrast: f64,
    /// Mean HSV-like saturation (chroma over value), 0..1.
    pub saturation: f64,
    /// -1 cold (blue) .. 1 warm (orange).
    pub warmth: f64,
    /// Shares of pixels at the ends.
    pub clipping: Clipping,
    /// Technical quality.
    pub quality: Quality,
    /// Best first.
    pub faces: Vec<Face>,
    /// Best first.
    pub objects: Vec<ObjectFact>,
    /// Scene words, best first.
    pub scene: Vec<LabelScore>,
    /// What the picture is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// How it feels.
    pub mood: Mood,
}

/// A color and its share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Swatch {
    /// `#rrggbb`.
    pub hex: String,
    /// 0..1.
    pub share: f64,
}

/// Shares of pixels that have lost detail.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Clipping {
    /// Luma at or below 2/255.
    pub low: f64,
    /// Any channel at or above 254/255... of luma at or above 253/255.
    pub high: f64,
}

/// Technical quality, each 0..1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Quality {
    /// 1 is sharp.
    pub sharpness: f64,
    /// 1 is very noisy.
    pub noise: f64,
    /// 1 is well exposed.
    pub exposure: f64,
    /// All together, 1 is good.
    pub score: f64,
}

/// A face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Face {
    #[serde(rename = "box")]
    pub bounds: Rect,
    pub score: f64,
    /// Most likely of the seven expressions; absent when the face is too small to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
}

/// An object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct ObjectFact {
    pub label: String,
    #[serde(rename = "box")]
    pub bounds: Rect,
    pub score: f64,
}

/// A word and how sure it is, 0..1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct LabelScore {
    pub label: String,
    pub score: f64,
}

/// What a picture is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Subject {
    #[serde(rename = "box")]
    pub bounds: Rect,
    pub score: f64,
}

/// How something feels: both axes 0..1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Mood {
    /// 0 sad, dark .. 1 happy, bright.
    pub valence: f64,
    /// 0 calm .. 1 excited.
    pub arousal: f64,
    /// Up to 5 words, best first.
    pub words: Vec<String>,
}

/// What happens in a film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct VideoReport {
    /// Upright, square pixels.
    pub width: u32,
    pub height: u32,
    pub frame_rate: Rational,
    pub variable_frame_rate: bool,
    /// Frames decoded.
    pub frames: u64,
    /// From the first frame to the end of the last.
    pub duration: f64,
    pub duration_exact: Rational,
    /// They tile the film.
    pub shots: Vec<Shot>,
    pub black: Vec<Span>,
    pub frozen: Vec<Span>,
    /// How much moves, 0 still .. 1 wild: the mean of each second.
    #[serde(default)]
    pub motion_curve: Vec<f64>,
    /// Mean of sharpness and exposure, 0..1, of the frames sampled in each second.
    #[serde(default)]
    pub quality_curve: Vec<f64>,
}

/// From, to, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Span {
    pub start: f64,
    pub end: f64,
}

/// A run of frames between two transitions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Shot {
    pub start_frame: u64,
    pub end_frame: u64,
    pub start: f64,
    pub end: f64,
    pub start_exact: Rational,
    pub end_exact: Rational,
    /// How it began; absent for the first shot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transition_in: Option<Transition>,
    pub motion: Motion,
    /// 0..1, of its key frame.
    pub quality: f64,
    /// Best parts, best first.
    pub moments: Vec<Moment>,
    /// Of the key frame.
    pub picture: PictureFacts,
    /// When the key frame is.
    pub key_time: f64,
    /// Where the subject is over time, for framing: `[seconds, x, y, width, height]`, a few points a second.
    pub subject_path: Vec<[f64; 5]>,
}

/// How one shot turns into the next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Transition {
    pub kind: TransitionKind,
    /// First frame that is not purely the old shot.
    pub start_frame: u64,
    /// Exclusive.
    pub end_frame: u64,
    pub score: f64,
}

/// The kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum TransitionKind {
    Cut,
    Dissolve,
    FadeBlack,
    FadeWhite,
    Wipe,
    JumpCut,
}

/// How a shot moves.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Motion {
    /// 0 still .. 1 wild.
    pub energy: f64,
    /// `static`, `pan`, `tilt`, `zoom`, `handheld` …
    pub camera: String,
    /// 0 steady .. 1 shaken.
    pub shake: f64,
}

/// A part of a shot worth keeping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Moment {
    pub start: f64,
    pub end: f64,
    pub score: f64,
    /// Strongest first.
    pub reasons: Vec<String>,
    /// When most happens in it (a motion peak), where one stands out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<f64>,
}

/// What can be heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct AudioReport {
    pub duration: f64,
    pub sample_rate: u32,
    pub channels: u16,
    pub loudness: Loudness,
    pub speech: Vec<Span>,
    pub music: Vec<Span>,
    /// Where somebody sings, with or without instruments.
    #[serde(default)]
    pub singing: Vec<Span>,
    /// Silence of 0.3 s and more: 30 dB below what is loud in the recording, between -80 and -50 dBFS.
    #[serde(default)]
    pub silence: Vec<Span>,
    /// Sudden sounds outside of speech, singing and music, in order.
    #[serde(default)]
    pub events: Vec<SoundEvent>,
    /// Absent when there is no steady beat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tempo: Option<Tempo>,
    pub beats: Vec<f64>,
    pub downbeats: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// Best first; only where there is music.
    pub tags: Vec<LabelScore>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axes: Option<Axes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mood: Option<Mood>,
    /// Loudness a second (short-term, LUFS), one value a second, for placing and ducking.
    pub loudness_curve: Vec<f64>,
    /// What is said; absent where nobody speaks, or where it is not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Transcript>,
    /// Why there is speech and no transcript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_transcript: Option<NoTranscript>,
}

/// A sudden sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SoundEvent {
    /// `hit` or `onset`.
    pub kind: SoundEventKind,
    /// Seconds: the first 10 ms that are loud.
    pub start: f64,
    /// Seconds: where the level is back within 6 dB of what it was before, at most 5 s later.
    pub end: f64,
    /// Level of its loudest 10 ms, dBFS.
    pub level: f64,
    /// 0.5..1, by the rise over the half second before: 15 dB and 40 dB.
    pub score: f64,
}

/// What a sudden sound does after it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SoundEventKind {
    /// It has fallen by 12 dB within 0.3 s.
    Hit,
    /// It goes on.
    Onset,
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Transcript {
    /// ISO 639-1, such as `en`.
    pub language: String,
    /// In order; they do not overlap.
    pub words: Vec<TranscriptWord>,
}

/// A word with its punctuation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct TranscriptWord {
    pub text: String,
    pub start: f64,
    pub end: f64,
    /// 0..1: mean probability of its parts.
    pub confidence: f64,
}

/// Why what is said is not told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoTranscript {
    /// `not_understood` or `language`.
    pub code: String,
    /// One sentence.
    pub text: String,
}

/// EBU R 128. Absent values: too short or silent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Loudness {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integrated_lufs: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range_lu: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub true_peak_dbtp: Option<f64>,
}

/// Beats a minute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Tempo {
    pub bpm: f64,
    pub confidence: f64,
    /// Half, double … with their likelihood.
    pub alternatives: Vec<TempoAlternative>,
}

/// Another reading of the tempo.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct TempoAlternative {
    pub bpm: f64,
    pub confidence: f64,
}

/// Musical key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Key {
    /// `C`, `C#` …
    pub tonic: String,
    /// `major` or `minor`.
    pub mode: String,
    pub confidence: f64,
}

/// Named axes of a track, each 0..1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Axes {
    pub energy: f64,
    pub valence: f64,
    pub danceability: f64,
    pub acousticness: f64,
    pub density: f64,
    pub brightness: f64,
}
