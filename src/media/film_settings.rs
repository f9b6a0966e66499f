//! How a film is encoded.

use crate::geometry::Size;
use crate::media::VideoSignal;
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

/// Codecs that pictures are encoded with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum FilmCodec {
    /// H.264 by x264, which everything plays.
    #[default]
    H264,
    /// H.265 by x265: about a third smaller, for newer devices.
    H265,
    /// AV1 by SVT-AV1: about half as large, for players of the last years.
    Av1,
    /// VP9 by libvpx, for the web.
    Vp9,
}

impl FilmCodec {
    /// Whether films in it may have 10 bits and high dynamic range here.
    pub fn keeps_dynamic_range(self) -> bool {
        self == Self::H265
    }

    /// The quality that looks about as good as 20 does with x264.
    pub fn usual_quality(self) -> u8 {
        match self {
            Self::H264 => 20,
            Self::H265 => 23,
            Self::Av1 => 30,
            Self::Vp9 => 31,
        }
    }

    /// The largest number that its encoder takes.
    pub fn worst_quality(self) -> u8 {
        match self {
            Self::H264 | Self::H265 => 51,
            Self::Av1 | Self::Vp9 => 63,
        }
    }
}

/// What becomes of high dynamic range, wide gamut and 10 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DynamicRange {
    /// 8 bits for ordinary displays (BT.709): high dynamic range is tone mapped.
    #[default]
    Standard,
    /// That of the sources, in 10 bits, with their tags.
    Keep,
}

/// The threads of an encoder, and what each works on. x264's result depends on both, so they must not depend on the
/// machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncoderThreads {
    /// Frames of their own: fastest, but each thread holds 25 MiB at 1080p.
    Frames(usize),
    /// Slices of the same frame. Encoders other than x264 take it for frames.
    Slices(usize),
}

/// Settings of the encoder.
#[derive(Debug, Clone)]
pub struct FilmSettings {
    /// Even in both directions.
    pub size: Size,
    /// Constant frame rate.
    pub frame_rate: Rational,
    /// What the samples of its frames mean, where they have 10 bits; `None` for 8 bits in BT.709.
    pub signal: Option<VideoSignal>,
    /// How the pictures are encoded.
    pub codec: FilmCodec,
    /// The encoder's constant rate factor, from 0; see [`FilmCodec::usual_quality`].
    pub quality: u8,
    /// x264's preset, such as `veryfast` or `medium`; it stands for the like of other encoders.
    pub preset: String,
    /// `None` for a silent film.
    pub sound: Option<SoundSettings>,
    /// The encoder's threads.
    pub threads: EncoderThreads,
    /// The comment in the file's metadata, such as a credit for the music; empty for none.
    pub comment: String,
}
