//! A frame between the decoder and its consumers.

use ffmpeg::frame;
use ffmpeg_next as ffmpeg;

use crate::time::Rational;

/// One decoded frame.
pub(super) struct DecodedFrame {
    pub frame: frame::Video,
    /// Counted from the file's time zero.
    pub time: Rational,
    pub end: Rational,
    pub key: bool,
}
