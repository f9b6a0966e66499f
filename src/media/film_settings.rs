//! How a film is encoded.

use crate::geometry::Size;
use crate::sound::SoundFormat;
use crate::time::Rational;

/// The sound of a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoundSettings {
    /// Rate and channels of what is written.
    pub format: SoundFormat,
    /// Bits a second, where the codec loses something.
    pub bit_rate: u32,
    /// How it is encoded.
    pub codec: SoundCodec,
}

/// Codecs that sound is encoded with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SoundCodec {
    /// AAC, which every film has.
    #[default]
    Aac,
    /// FLAC, 24 bits.
    Flac,
    /// Plain samples of 24 bits.
    Pcm24,
    /// MP3.
    Mp3,
    /// Opus.
    Opus,
}

/// Settings of the encoder.
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
    /// `None` for a silent film.
    pub sound: Option<SoundSettings>,
    /// Encoder threads; 0 = a fixed number, since x264's result depends on it and must not depend on the machine.
    pub threads: usize,
    /// The comment in the file's metadata, such as a credit for the music; empty for none.
    pub comment: String,
}
