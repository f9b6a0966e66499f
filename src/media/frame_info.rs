//! The size in which a frame is requested, and its place in the film.

use crate::geometry::Size;
use crate::time::Rational;

/// The size in which a frame is requested, upright and with square pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameSize {
    /// The film's own size.
    Full,
    /// The same aspect, the longer side at most this.
    LongSide(u32),
    /// Exactly this, aspect not kept.
    Exact(Size),
}

/// Where a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameInfo {
    /// Number of the frame in presentation order, from 0 at the first frame of the stream. After a seek it counts on
    /// from 0 again.
    pub index: u64,
    /// When it is shown, from the file's time zero: its own timestamp.
    pub time: Rational,
    /// When it ends according to its packet; prefer the next frame's time if there is one.
    pub end: Rational,
    /// The stream marks it as one that decoding can start from.
    pub key: bool,
}
