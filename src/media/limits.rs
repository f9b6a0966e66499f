//! Limits on what one file may cost, checked against its headers and again while decoding.

use std::fs::File;
use std::path::Path;

use crate::error::{Error, LimitName, Result};

/// Upper limits for one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Pixels of one picture or frame.
    pub pixels: u64,
    /// Frames of a film or animation.
    pub frames: u64,
    /// Seconds of a film or sound.
    pub seconds: u64,
    /// Streams of a container.
    pub streams: u64,
    /// Bytes that decoding one file may hold at a time.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 30,
            pixels: 200_000_000,
            frames: 5_000_000,
            seconds: 24 * 3600,
            streams: 64,
            memory: 2 << 30,
        }
    }
}

impl Limits {
    /// Fails if `found` exceeds the limit.
    pub fn check(&self, path: &Path, limit: LimitName, found: u64) -> Result<()> {
        let allowed = match limit {
            LimitName::Bytes => self.bytes,
            LimitName::Pixels => self.pixels,
            LimitName::Frames => self.frames,
            LimitName::Seconds => self.seconds,
            LimitName::Streams => self.streams,
            LimitName::MemoryBytes => self.memory,
        };
        if found > allowed {
            return Err(Error::Limit {
                path: path.into(),
                limit,
                found,
                allowed,
            });
        }
        Ok(())
    }

    /// Opens `path` for reading and gives its size in bytes, if it is a regular file within the limit: a pipe or a
    /// device could block for ever and has no size.
    pub(super) fn open(&self, path: &Path) -> Result<(File, u64)> {
        // Checked before opening, since opening a pipe blocks, and again afterwards, since the name may be moved.
        let regular = |metadata: std::fs::Metadata| {
            if metadata.is_file() {
                Ok(metadata.len())
            } else {
                Err(Error::unsupported(path, "it is not a regular file"))
            }
        };
        let read = |error| Error::read(path, error);
        regular(std::fs::metadata(path).map_err(read)?)?;
        let file = File::open(path).map_err(read)?;
        let bytes = regular(file.metadata().map_err(read)?)?;
        self.check(path, LimitName::Bytes, bytes)?;
        Ok((file, bytes))
    }
}
