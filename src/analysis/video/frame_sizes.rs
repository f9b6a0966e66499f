//! The sizes at which the frames of a film are analyzed.
//!
//! Every frame is reduced to 48×27 for shots ([`SHOT_FRAME`](crate::models::SHOT_FRAME), the input of TransNetV2) and
//! to a thumbnail for motion; a few a second also to the size of a sample, for faces, objects, sharpness and key
//! frames.

use crate::picture::Rgb8;
use crate::time::Rational;

/// Longer side of the thumbnails that motion and tracking work on, in pixels.
pub(super) const THUMB_SIDE: u32 = 160;
/// Longer side of samples, in pixels.
pub(super) const SAMPLE_SIDE: u32 = 640;
/// Longer side of samples in fast analyses: a quarter of 1080p (1920 pixels), and whole factors reduce fast.
pub(super) const FAST_SAMPLE_SIDE: u32 = 480;

/// One decoded frame at the sizes that the analysis asks for.
pub(super) struct ScaledFrame {
    /// When it is shown.
    pub time: Rational,
    /// When it ends, as far as known.
    pub end: Rational,
    /// 48×27.
    pub small: Rgb8,
    /// Longer side [`THUMB_SIDE`].
    pub thumb: Rgb8,
    /// A few times a second: longer side [`SAMPLE_SIDE`] or [`FAST_SAMPLE_SIDE`].
    pub sample: Option<Rgb8>,
}
