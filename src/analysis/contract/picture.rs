//! Facts of a picture, in `tastemaker.analysis/1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::facts::{LabelScore, Mood};
use crate::geometry::Rect;

/// Facts of a picture, or of the key frame of a shot.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PictureFacts {
    /// Width of the upright picture, in pixels.
    pub width: u32,
    /// Height of the upright picture, in pixels.
    pub height: u32,
    /// Up to 5 colors, largest share first.
    pub palette: Vec<Swatch>,
    /// Mean luma, 0..1.
    pub luma: f64,
    /// Standard deviation of luma, 0..1 (0.5 would be half black, half white).
    pub contrast: f64,
    /// Luma that 5, 15 … 95 % of the pixels do not exceed, 0..1: ten tones from dark to bright.
    #[serde(default)]
    pub tones: Vec<f64>,
    /// Mean HSV-like saturation (chroma over value), 0..1.
    pub saturation: f64,
    /// -1 cold (blue) .. 1 warm (orange).
    pub warmth: f64,
    /// Shares of clipped pixels.
    pub clipping: Clipping,
    /// Technical quality.
    pub quality: Quality,
    /// Best first.
    pub faces: Vec<Face>,
    /// Best first.
    pub objects: Vec<ObjectFact>,
    /// Scene words, best first.
    pub scene: Vec<LabelScore>,
    /// The subject of the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// Where the eye goes: what a crop should keep. Absent where saliency was not measured: with little effort, and in
    /// key frames whose subject faces or objects tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_map: Option<SubjectMap>,
    /// Mood of the picture.
    pub mood: Mood,
    /// Stops (doublings of light) between the darkest and the brightest half percent of the pixels, 0..12.7.
    #[serde(default)]
    pub dynamic_range: f64,
    /// Composition of the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub composition: Option<Composition>,
    /// Burnt-in text, from the top.
    #[serde(default)]
    pub text: Vec<TextFact>,
    /// Something may be written in it: where `text` is, and where lettering fills the picture or is drawn by hand,
    /// which `text` misses; some textures, too. Absent where text was not looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub possible_text: Option<bool>,
    /// Perceptual hash, 64 bits as 16 hex digits. The Hamming distance (number of different bits) of copies of one
    /// picture is small: at most 10 for re-encoded and resized ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Luma at 16 pixels on the longer side, row by row, as base64: shows whether two pictures show one scene. Absent
    /// in key frames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<String>,
    /// Only where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety: Option<Safety>,
    /// Only where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdq: Option<PdqHash>,
}

/// The PDQ hash of a picture, by which lists of known pictures are exchanged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PdqHash {
    /// 256 bits as 64 hex digits. Copies of one picture differ in at most 31 of them.
    pub hash: String,
    /// 0..100; below 50 the picture has so little detail that the hash says nothing.
    pub quality: u8,
}

/// Where the eye goes, from saliency, faces and objects together; each list sums to 1.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct SubjectMap {
    /// Shares of columns of one width, from the left.
    pub across: Vec<f64>,
    /// Shares of rows of one height, from the top.
    pub down: Vec<f64>,
}

/// Where the eye goes in one frame of a film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimedSubjectMap {
    /// Seconds.
    pub time: f64,
    /// The frame's map.
    pub map: SubjectMap,
}

/// Composition of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Composition {
    /// The horizon; absent where none is clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<Horizon>,
    /// How close the center of the subject is to an intersection of the thirds: 1 there, falling to 0 at the distance
    /// of the picture's center. Absent without a subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thirds: Option<f64>,
    /// How close the center of the subject is to that of the picture: 1 there, falling to 0 at the distance of the
    /// intersections of the thirds. Absent without a subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub centered: Option<f64>,
    /// Position of the visual weight.
    pub balance: Balance,
}

/// The line between sky and ground or sea.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Horizon {
    /// Height at the middle column, 0 top .. 1 bottom.
    pub height: f64,
    /// Degrees, -12..12; positive where its right end is lower.
    pub tilt: f64,
    /// Clarity, 0..1.
    pub score: f64,
}

/// Center of the visual weight (pixels weigh by their difference from the mean color), relative to the picture's
/// center.
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

impl Swatch {
    /// Red, green and blue; `None` unless it is written as `#rrggbb`.
    pub fn color(&self) -> Option<[u8; 3]> {
        let digits = self.hex.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some([red, green, blue])
    }
}

/// Shares of pixels that have lost detail.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Clipping {
    /// Luma at or below 2/255.
    pub low: f64,
    /// Luma at or above 253/255.
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
    /// Combined score, 1 is good.
    pub score: f64,
    /// Damage by block-wise compression, 0 none seen .. 1 heavy; absent for very small pictures and for frames of
    /// films, which are reduced before analysis.
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
    /// The most likely of seven expressions; absent when the face is too small.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// Named points; absent for faces less than 32 pixels wide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<FacePoints>,
    /// Direction of the head; absent for faces less than 32 pixels wide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pose: Option<HeadPose>,
    /// 0 closed .. 1 open; absent for faces less than 72 pixels wide and where the eyes cannot be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eyes_open: Option<f64>,
    /// Direction of the eyes; absent where it cannot be determined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gaze: Option<Gaze>,
}

/// Named points of a face, `[x, y]` in fractions of the picture. Right and left are the person's own.
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

/// Direction of a head, in degrees; all 0 for a face that looks into the camera.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct HeadPose {
    /// Positive towards the right edge of the picture.
    pub yaw: f64,
    /// Positive upwards.
    pub pitch: f64,
    /// Positive clockwise, as the viewer sees it.
    pub roll: f64,
}

/// Direction of the gaze, head and eyes together: its sideways and downward components. 0, 0 is into the camera.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Gaze {
    /// -1 to the left edge of the picture .. 1 to the right edge.
    pub x: f64,
    /// -1 up .. 1 down.
    pub y: f64,
}

/// An object in the picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct ObjectFact {
    pub label: String,
    #[serde(rename = "box")]
    pub bounds: Rect,
    pub score: f64,
}

/// The subject of a picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)]
pub struct Subject {
    #[serde(rename = "box")]
    pub bounds: Rect,
    pub score: f64,
}
