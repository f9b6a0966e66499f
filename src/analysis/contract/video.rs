//! The picture of a film, in `tastemaker.analysis/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::Span;
use super::picture::PictureFacts;
use crate::picture::FilmTreatment;
use crate::time::Rational;

/// The picture of a film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct VideoReport {
    /// Width of the upright picture, in square pixels.
    pub width: u32,
    pub height: u32,
    pub frame_rate: Rational,
    pub variable_frame_rate: bool,
    /// Treatments of the frames before analysis; absent if there were none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub treatments: Vec<FilmTreatment>,
    /// Frames decoded.
    pub frames: u64,
    /// Seconds from the first frame to the end of the last.
    pub duration: f64,
    pub duration_exact: Rational,
    /// How often an animation (GIF, WebP, PNG) is played, where it says; 0 is without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plays: Option<u32>,
    /// They tile the film.
    pub shots: Vec<Shot>,
    pub black: Vec<Span>,
    pub frozen: Vec<Span>,
    /// Stretches that nobody wants to see, in order of time. They may overlap, and lie inside shots or across them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spoiled: Vec<SpoiledSpan>,
    /// A tiny copy of the picture a few times a second, in order of time; at most 1024.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<FrameView>,
    /// Energy of the motion, 0 still .. 1 wild: the mean of each second.
    #[serde(default)]
    pub motion_curve: Vec<f64>,
    /// Mean of sharpness and exposure, 0..1, of the frames sampled in each second.
    #[serde(default)]
    pub quality_curve: Vec<f64>,
    /// Groups of shots that show the same scene in nearly the same way, in order of their first shots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<Take>,
}

/// A stretch of film that nobody wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpoiledSpan {
    /// Seconds: its first frame.
    pub start: f64,
    /// Seconds: the end of its last frame.
    pub end: f64,
    /// What is wrong with it.
    pub kind: SpoiledKind,
}

/// What is wrong with a stretch of film.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum SpoiledKind {
    Black,
    BlownOut,
    Shake,
    Blur,
}

/// A tiny copy of a frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FrameView {
    /// Seconds.
    pub time: f64,
    /// Luma at 16 pixels on the longer side, row by row, as base64.
    pub luma: String,
}

/// Shots that are takes of one scene: near-duplicates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Take {
    /// Indices in `shots`, in order; at least two.
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
    /// Quality of the key frame, 0..1.
    pub quality: f64,
    /// Parts worth keeping, best first.
    pub moments: Vec<Moment>,
    /// Facts of the key frame.
    pub picture: PictureFacts,
    /// Time of the key frame, in seconds.
    pub key_time: f64,
    /// Path of the subject, for framing: `[seconds, x, y, width, height]`, a few points a second.
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
    /// What the track follows.
    pub kind: TrackKind,
    /// Time of the first detection, in seconds.
    pub start: f64,
    /// Time of the last detection, in seconds.
    pub end: f64,
    /// 0..1: mean score of the detections, times the share of the samples from `start` to `end` that have one.
    pub score: f64,
    /// `[seconds, x, y, width, height]` for each detection, smoothed; interpolate linearly between them.
    pub path: Vec<[f64; 5]>,
    /// For a person, the `id` of the track of their face.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub face: Option<u32>,
    /// For a face, when it speaks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speaking: Vec<Span>,
    /// For a face, the share of the shot's speech in which it speaks, 0..1; absent where the mouth is too small or not
    /// seen for long enough, or where nobody speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaking_share: Option<f64>,
    /// Motion of the mouth, kept until the sound is analyzed.
    #[serde(skip)]
    pub(crate) mouth: Vec<MouthStep>,
}

/// Motion of a mouth from one frame to the next.
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

/// A transition between two shots.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Transition {
    pub kind: TransitionKind,
    /// First frame that does not belong to the old shot alone.
    pub start_frame: u64,
    /// Exclusive.
    pub end_frame: u64,
    pub score: f64,
}

/// Kind of a transition.
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

/// Motion in a shot.
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
    /// Mean growth of the picture a second, 0.1 is ten percent; negative where the camera zooms out or moves away.
    #[serde(default)]
    pub zoom: f64,
    /// Mean rotation of the camera, degrees a second, positive clockwise (the picture turns the other way).
    #[serde(default)]
    pub roll: f64,
    /// Energy of the motion that the camera does not cause, 0 still .. 1 wild.
    #[serde(default)]
    pub subject: f64,
    /// Times, in seconds and in order, at which the motion in the picture peaks; empty where nothing stands out.
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
    /// Time of a motion peak in it, in seconds, if one stands out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<f64>,
}
