//! Sound in, block by block: symphonia first, FFmpeg where symphonia has no decoder.

use std::path::Path;

use crate::error::Result;
use crate::media::{AudioFacts, Limits};
use crate::sound::{SoundBlock, SoundFormat};
use crate::time::Rational;

/// How many channels the caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channels {
    /// As in the file.
    Source,
    /// One: the mean of all.
    Mono,
    /// Two: mono doubled, surround mixed down (ITU-R BS.775).
    Stereo,
}

/// What the caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoundRequest {
    /// Samples a second; `None` for the file's own.
    pub rate: Option<u32>,
    /// Channels.
    pub channels: Channels,
}

/// Gives the best audio stream of a file in blocks of at most a second.
///
/// Sample 0 is the file's time zero: a stream that starts later is preceded by silence, encoder delay and padding are
/// trimmed, what lies before zero is dropped.
pub struct SoundReader {}

impl SoundReader {
    /// Opens `path`. Fails like [`crate::media::probe`], and with `Unsupported` where there is no sound.
    pub fn open(path: &Path, limits: &Limits, request: SoundRequest) -> Result<Self> {
        let _ = (path, limits, request);
        unimplemented!()
    }

    /// What the headers say.
    pub fn facts(&self) -> &AudioFacts {
        unimplemented!()
    }

    /// What blocks look like.
    pub fn format(&self) -> SoundFormat {
        unimplemented!()
    }

    /// Goes to `time` (clipped to the file): the next block starts with exactly that sample.
    pub fn seek(&mut self, time: Rational) -> Result<()> {
        let _ = time;
        unimplemented!()
    }

    /// The next block; `None` at the end. `BreaksOff` when the data ends early: what came before stays good.
    pub fn next_block(&mut self) -> Result<Option<SoundBlock>> {
        unimplemented!()
    }
}
