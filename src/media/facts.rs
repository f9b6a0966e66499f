//! What a file's headers say about a still, the best video stream and the best audio stream.

use crate::geometry::Size;
use crate::notice::LeftOutPart;
use crate::time::Rational;

/// What a file is, by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum MediaKind {
    Image,
    Video,
    Audio,
}

/// What the headers say.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Image, video (also animated GIF and WebP) or audio.
    pub kind: MediaKind,
    /// Size of the file.
    pub bytes: u64,
    /// `jpeg`, `png`, `mp4`, `ogg` …
    pub container: String,
    /// Of a still.
    pub still: Option<StillFacts>,
    /// Of the best video stream (never a cover picture).
    pub video: Option<VideoFacts>,
    /// Of the best audio stream.
    pub audio: Option<AudioFacts>,
    /// What else is in the file.
    pub left_out: Vec<LeftOutPart>,
}

/// What a still's headers say.
#[derive(Debug, Clone)]
pub struct StillFacts {
    /// Upright size.
    pub size: Size,
    /// EXIF orientation, 1..8.
    pub orientation: u8,
    /// Bits a sample.
    pub bit_depth: u8,
    /// Whether an ICC profile is embedded.
    pub icc: bool,
}

/// What a video stream's headers say.
#[derive(Debug, Clone)]
pub struct VideoFacts {
    /// Index of the stream.
    pub stream: usize,
    /// `h264`, `vp9` …
    pub codec: String,
    /// As coded.
    pub coded: Size,
    /// Upright, with square pixels.
    pub size: Size,
    /// Clockwise turn that makes it upright: 0, 90, 180 or 270.
    pub rotation: u16,
    /// Width over height of one coded pixel.
    pub sample_aspect: Rational,
    /// Average frames a second.
    pub frame_rate: Rational,
    /// Unit of the timestamps.
    pub time_base: Rational,
    /// The headers say, or the first timestamps show, that frames are unevenly spaced.
    pub variable_frame_rate: bool,
    /// Number of frames, where the headers say.
    pub frames: Option<u64>,
    /// Seconds, where the headers say.
    pub duration: Option<Rational>,
    /// How often an animation is played, where it says; 0 is without end.
    pub plays: Option<u32>,
    /// Time of the first frame from the file's time zero.
    pub start: Rational,
    /// Bits a sample.
    pub bit_depth: u8,
    /// `bt709`, `bt2020` … or `unknown`.
    pub color_primaries: String,
    /// `bt709`, `smpte2084` … or `unknown`.
    pub color_transfer: String,
    /// `bt709`, `bt470bg` … or `unknown`.
    pub color_matrix: String,
    /// Samples use the full range 0..255.
    pub full_range: bool,
}

/// What an audio stream's headers say.
#[derive(Debug, Clone)]
pub struct AudioFacts {
    /// Index of the stream.
    pub stream: usize,
    /// `aac`, `opus` …
    pub codec: String,
    /// Samples a second.
    pub sample_rate: u32,
    /// Number of channels.
    pub channels: u16,
    /// Seconds, where the headers say, without encoder delay and padding.
    pub duration: Option<Rational>,
    /// Time of the first sample from the file's time zero.
    pub start: Rational,
}
