//! The shape of `tastemaker.analysis/1`. Absent parts are absent, never null.
//!
//! Boxes are `[x, y, width, height]` in fractions of the upright picture; seconds count from the file's time zero;
//! `*_exact` is the same time as a fraction; frame numbers count from the first frame, `end_frame` is exclusive.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::Part;
use crate::analysis::video::MouthStep;
use crate::geometry::Rect;
use crate::time::Rational;

mod sound;
pub use sound::*;

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
    /// The parts that were asked for (`--only`): the others are absent or empty. Absent when everything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<Part>>,
    /// True when speed came first (`--fast`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fast: bool,
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
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
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
    /// Stops (doublings of light) between the darkest and the brightest half percent of the pixels, 0..12.7.
    #[serde(default)]
    pub dynamic_range: f64,
    /// How it is laid out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composition: Option<Composition>,
    /// Burnt-in text, from the top.
    #[serde(default)]
    pub text: Vec<TextFact>,
    /// Perceptual hash, 64 bits as 16 hex digits; the number of bits that differ between two (their Hamming distance) is small for
    /// copies of one picture: at most 10 for re-encoded and resized ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Only where it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety: Option<Safety>,
}

/// How a picture is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Composition {
    /// Absent where none is clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<Horizon>,
    /// How near the subject's middle is to one of the four points where the thirds cross: 1 there, 0 from the picture's middle's
    /// distance on. Absent without a subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thirds: Option<f64>,
    /// How near the subject's middle is to the picture's: 1 there, 0 from the thirds' crossings' distance on. Absent without a
    /// subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centered: Option<f64>,
    /// Where the visual weight lies.
    pub balance: Balance,
}

/// The line between sky and ground or sea.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Horizon {
    /// Where it crosses the middle column, 0 top .. 1 bottom.
    pub height: f64,
    /// Degrees, -12..12; positive where its right end is lower.
    pub tilt: f64,
    /// How clear it is, 0..1.
    pub score: f64,
}

/// Middle of the visual weight (what stands out from the mean color), from the picture's middle.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Balance {
    /// -1 all at the left edge .. 0 balanced .. 1 all at the right edge.
    pub horizontal: f64,
    /// -1 all at the top edge .. 0 balanced .. 1 all at the bottom edge.
    pub vertical: f64,
}

/// A line or word of text that is part of the picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct TextFact {
    #[serde(rename = "box")]
    pub bounds: Rect,
    pub score: f64,
}

/// Whether a picture is fit for everyone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Safety {
    /// 0 safe .. 1 unsafe (nudity): below 0.2 safe, above 0.8 not, unsure between.
    pub score: f64,
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
    /// Damage by block-wise compression, 0 none seen .. 1 heavy; absent for frames of films, which are reduced before they are
    /// judged, and for very small pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compression: Option<f64>,
    /// Sharpness inside the subject's box; absent where there is no subject or too little texture in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_sharpness: Option<f64>,
    /// Sharpness outside the subject's box; absent where there is no subject or too little texture around it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background_sharpness: Option<f64>,
}

/// A face.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Face {
    #[serde(rename = "box")]
    pub bounds: Rect,
    pub score: f64,
    /// Most likely of the seven expressions; absent when the face is too small to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// Named places; absent for faces less than 32 pixels wide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<FacePoints>,
    /// Where the head points; absent for faces less than 32 pixels wide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pose: Option<HeadPose>,
    /// 0 closed .. 1 open; absent for faces less than 72 pixels wide and where the eyes cannot be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eyes_open: Option<f64>,
    /// Where the eyes look; absent where it cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaze: Option<Gaze>,
}

/// Named places of a face, `[x, y]` in fractions of the picture; right and left are the person's own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FacePoints {
    /// Middle between its corners.
    pub right_eye: [f64; 2],
    /// Middle between its corners.
    pub left_eye: [f64; 2],
    /// Its tip.
    pub nose: [f64; 2],
    /// Middle between its corners.
    pub mouth: [f64; 2],
    /// Its lowest point.
    pub chin: [f64; 2],
}

/// Where a head points, degrees; all 0 for a face straight into the camera.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct HeadPose {
    /// Positive towards the right edge of the picture.
    pub yaw: f64,
    /// Positive upwards.
    pub pitch: f64,
    /// Positive clockwise, as the viewer sees it.
    pub roll: f64,
}

/// Where eyes look, head and eyes together: the sideways and downward parts of the direction. 0, 0 is into the camera.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Gaze {
    /// -1 to the left edge of the picture .. 1 to the right edge.
    pub x: f64,
    /// -1 up .. 1 down.
    pub y: f64,
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
    /// Groups of shots that show the same scene in nearly the same way, in the order of their first shots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<Take>,
}

/// Shots that are takes of one scene: near-duplicates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Take {
    /// Places in `shots`, from 0, in order; at least two.
    pub shots: Vec<usize>,
    /// The one among them whose best moment has the highest score.
    pub best: usize,
    /// Mean correlation of the key frames' gradients at their best shift, 0.45..1.
    pub likeness: f64,
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
    /// Faces and people followed through the shot, in the order they appear; at most 64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<PersonTrack>,
}

/// A face or a person followed through a shot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonTrack {
    /// Unique in the file; counts from 1.
    pub id: u32,
    /// What is followed.
    pub kind: TrackKind,
    /// Seconds: first sample it was seen in.
    pub start: f64,
    /// Seconds: last sample it was seen in.
    pub end: f64,
    /// 0..1: the detector's mean score, times the share of the samples from `start` to `end` it was seen in.
    pub score: f64,
    /// `[seconds, x, y, width, height]`, one for each sample it was seen in, smoothed; straight between them.
    pub path: Vec<[f64; 5]>,
    /// Of a person: the `id` of the track of their face.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face: Option<u32>,
    /// Of a face: when it speaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speaking: Vec<Span>,
    /// Of a face: share of the shot's speech in which it speaks, 0..1; absent where the mouth is too small, is seen for too
    /// short, or nobody speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaking_share: Option<f64>,
    /// How the mouth moves, kept until the sound is heard.
    #[serde(skip)]
    pub(crate) mouth: Vec<MouthStep>,
}

/// What a track follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum TrackKind {
    Face,
    Person,
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
    /// `static`, `pan`, `tilt`, `zoom`, `roll` or `handheld`.
    pub camera: String,
    /// 0 steady .. 1 shaken.
    pub shake: f64,
    /// Mean speed of the camera across, picture widths a second, positive to the right.
    #[serde(default)]
    pub pan: f64,
    /// Mean speed of the camera upwards, picture widths a second.
    #[serde(default)]
    pub tilt: f64,
    /// Mean growth of the picture a second, 0.1 is ten percent; negative where the camera goes away.
    #[serde(default)]
    pub zoom: f64,
    /// Mean turn of the camera, degrees a second, positive clockwise (the picture turns the other way).
    #[serde(default)]
    pub roll: f64,
    /// How much moves that the camera does not make, 0 still .. 1 wild.
    #[serde(default)]
    pub subject: f64,
    /// Seconds at which what is seen moves most, in order; none where nothing stands out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub peaks: Vec<f64>,
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
