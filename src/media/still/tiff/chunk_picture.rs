//! A strip or tile that is a picture file of its own: JPEG or WebP.

use crate::geometry::Size;

/// A decoded strip or tile.
pub(super) struct ChunkPicture {
    pub(super) size: Size,
    /// Samples of one pixel.
    pub(super) samples: usize,
    pub(super) bytes: Vec<u8>,
    /// What is wrong with a stream that was decoded in part.
    pub(super) problem: Option<String>,
}
