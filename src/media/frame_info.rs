//! What is asked of a frame, and what is known of it besides its pixels.

use crate::geometry::Size;
use crate::time::Rational;

/// The size a consumer wants; always upright with square pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameSize {
    /// As the film is.
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
    /// When it ends, as its packet says; the next frame's time is better where there is one.
    pub end: Rational,
    /// The stream marks it as one that decoding can start from.
    pub key: bool,
}
