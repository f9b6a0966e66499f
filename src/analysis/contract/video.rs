//! What happens in a film, in `tastemaker.analysis/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::Span;
use super::picture::PictureFacts;
use crate::time::Rational;

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

/// How one mouth moved from one frame to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MouthStep {
    /// Seconds.
    pub time: f64,
    /// Mean difference of luma (of 255, at 25 frames a second) from the frame before, beyond that of the upper half.
    pub motion: f32,
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
