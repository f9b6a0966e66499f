//! Frames in: one decode, any number of sizes.

use std::path::Path;

use crate::error::Result;
use crate::geometry::Size;
use crate::media::{Limits, VideoFacts};
use crate::picture::Rgb8;
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

/// Decodes the best video stream of a file (also animated GIF and WebP), frame after frame in presentation order.
pub struct VideoReader {}

impl VideoReader {
    /// Opens `path`. Fails like [`crate::media::probe`], and with `Unsupported` where there is no video.
    /// `threads` 0 = as many as there are cores.
    pub fn open(path: &Path, limits: &Limits, threads: usize) -> Result<Self> {
        let _ = (path, limits, threads);
        unimplemented!()
    }

    /// What the headers say.
    pub fn facts(&self) -> &VideoFacts {
        unimplemented!()
    }

    /// Decodes the next frame and holds it. `None` at the end; `BreaksOff` where the data ends early or cannot be
    /// decoded on: what came before stays good, and the next call gives `None`.
    pub fn next_frame(&mut self) -> Result<Option<FrameInfo>> {
        unimplemented!()
    }

    /// The frame held, converted to 8-bit sRGB-encoded RGB at `size`. `fast` uses bilinear sampling over areas, otherwise
    /// bicubic. Converters are kept for each size.
    pub fn image(&mut self, size: FrameSize) -> Result<Rgb8> {
        let _ = size;
        unimplemented!()
    }

    /// Goes to the frame that is on the screen at `time`: the next [`Self::next_frame`] gives it.
    pub fn seek(&mut self, time: Rational) -> Result<()> {
        let _ = time;
        unimplemented!()
    }
}
