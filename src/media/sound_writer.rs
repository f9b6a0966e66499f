//! Sound files out: FLAC, WAV, AAC, MP3 and Opus.

use std::collections::VecDeque;
use std::path::Path;

use crate::error::{Error, Result};
use crate::media::ffmpeg::{Muxer, SoundEncoder};
use crate::media::{SoundCodec, SoundSettings};
use crate::sound::SoundFormat;

/// Bit rate of AAC, MP3 and Opus, in bits a second: transparent for most music.
const BIT_RATE: u32 = 192_000;

/// A format of sound files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SoundFileFormat {
    /// FLAC, 24 bits.
    Flac,
    /// WAV, 24 bits.
    Wav,
    /// AAC in MP4.
    M4a,
    /// MP3.
    Mp3,
    /// Opus in Ogg.
    Opus,
}

impl SoundFileFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Flac, Self::Wav, Self::M4a, Self::Mp3, Self::Opus];

    /// The ending of its files.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Flac => "flac",
            Self::Wav => "wav",
            Self::M4a => "m4a",
            Self::Mp3 => "mp3",
            Self::Opus => "opus",
        }
    }

    /// The format that the ending of `path` names.
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        Self::ALL
            .into_iter()
            .find(|format| extension.eq_ignore_ascii_case(format.extension()))
    }

    /// FFmpeg's name of the container.
    const fn muxer(self) -> &'static str {
        match self {
            Self::Flac => "flac",
            Self::Wav => "wav",
            Self::M4a => "mp4",
            Self::Mp3 => "mp3",
            Self::Opus => "opus",
        }
    }

    const fn codec(self) -> SoundCodec {
        match self {
            Self::Flac => SoundCodec::Flac,
            Self::Wav => SoundCodec::Pcm24,
            Self::M4a => SoundCodec::Aac,
            Self::Mp3 => SoundCodec::Mp3,
            Self::Opus => SoundCodec::Opus,
        }
    }
}

/// Writes one sound file to a given path. Dropping it without [`SoundWriter::finish`] leaves an unusable file.
pub struct SoundWriter {
    output: Muxer,
    encoder: SoundEncoder,
    channels: usize,
    waiting: VecDeque<f32>,
}

impl SoundWriter {
    /// Creates `path` (truncated), whatever its name ends in.
    pub fn create(
        path: &Path,
        file: SoundFileFormat,
        format: SoundFormat,
        comment: &str,
    ) -> Result<Self> {
        let mut output = Muxer::create(path, file.muxer())?;
        let settings = SoundSettings {
            format,
            bit_rate: BIT_RATE,
            codec: file.codec(),
        };
        let encoder = SoundEncoder::open(&mut output, &settings)?;
        if !comment.is_empty() {
            output.tell("comment", comment);
        }
        output.start(None)?;
        Ok(Self {
            output,
            encoder,
            channels: usize::from(format.channels.max(1)),
            waiting: VecDeque::new(),
        })
    }

    /// Writes the next interleaved samples.
    pub fn write(&mut self, samples: &[f32]) -> Result<()> {
        self.waiting.extend(samples);
        let block = self.encoder.block() * self.channels;
        while self.waiting.len() >= block {
            let samples: Vec<f32> = self.waiting.drain(..block).collect();
            self.encoder.encode(&mut self.output, &samples)?;
        }
        Ok(())
    }

    /// Flushes everything and closes the file.
    pub fn finish(mut self) -> Result<()> {
        let samples: Vec<f32> = self.waiting.drain(..).collect();
        if !samples.is_empty() {
            self.encoder.encode(&mut self.output, &samples)?;
        }
        if self.encoder.samples() == 0 {
            return Err(Error::encode(self.output.path(), "it has no sound"));
        }
        self.encoder.finish(&mut self.output)?;
        self.output.finish()
    }
}
