//! Films out: H.264 and AAC in MP4, index in front, exact duration, color tags.

use std::path::Path;

use crate::error::Result;
use crate::geometry::Size;
use crate::picture::Rgb8;
use crate::sound::SoundFormat;
use crate::time::Rational;

/// The sound of a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoundSettings {
    /// Rate and channels of what is written.
    pub format: SoundFormat,
    /// Bits a second.
    pub bit_rate: u32,
}

/// What is encoded.
#[derive(Debug, Clone)]
pub struct FilmSettings {
    /// Even in both directions.
    pub size: Size,
    /// Constant frame rate.
    pub frame_rate: Rational,
    /// x264's constant rate factor, 0..51; 20 is good.
    pub quality: u8,
    /// x264's preset, such as `veryfast` or `medium`.
    pub preset: String,
    /// Without it the film is silent.
    pub sound: Option<SoundSettings>,
    /// Encoder threads, 0 = as many as there are cores.
    pub threads: usize,
}

/// Writes one film into a path that it is handed. Dropping it without [`FilmWriter::finish`] leaves an unusable file.
pub struct FilmWriter {}

impl FilmWriter {
    /// Creates `path` (truncated), whatever its name ends in.
    pub fn create(path: &Path, settings: &FilmSettings) -> Result<Self> {
        let _ = (path, settings);
        unimplemented!()
    }

    /// Writes the next frame: number n is shown at n / frame rate. It has exactly the size of the settings.
    pub fn write_frame(&mut self, frame: &Rgb8) -> Result<()> {
        let _ = frame;
        unimplemented!()
    }

    /// Writes the next interleaved samples.
    pub fn write_sound(&mut self, samples: &[f32]) -> Result<()> {
        let _ = samples;
        unimplemented!()
    }

    /// Flushes everything and closes the file (index in front). The film lasts exactly frames / frame rate.
    pub fn finish(self) -> Result<()> {
        unimplemented!()
    }
}
