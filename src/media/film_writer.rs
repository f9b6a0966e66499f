//! Films out: H.264 and AAC in MP4, index in front, exact duration, color tags.

use std::collections::VecDeque;
use std::path::Path;

use crate::error::{Error, Result};
use crate::media::FilmSettings;
use crate::media::encoded_picture::EncodedPicture;
use crate::media::ffmpeg::{
    EncoderFrame, GroupReader, Muxer, PictureEncoder, PictureGroup, PictureGroups, SoundEncoder,
};
use crate::picture::{DeepPlanar, Planar, Rgb8};
use crate::time::Rational;

/// Writes one film to a given path. Dropping it without [`FilmWriter::finish`] leaves an unusable file.
///
/// Sound may arrive before or after the pictures it belongs to; samples that are ahead wait in memory. The same frames,
/// samples and settings give the same bytes.
pub struct FilmWriter {
    output: Muxer,
    pictures: PictureEncoder,
    sound: Option<Sound>,
    frame_rate: Rational,
}

/// The sound stream, and samples that wait for their pictures or for a full block.
struct Sound {
    encoder: SoundEncoder,
    rate: i64,
    channels: usize,
    waiting: VecDeque<f32>,
}

impl FilmWriter {
    /// Creates `path` (truncated), whatever its name ends in.
    pub fn create(path: &Path, settings: &FilmSettings) -> Result<Self> {
        Self::create_track(path, settings, None)
    }

    /// The same for a film in H.264 or H.265 that has pictures of `copied`, of the same codec, in between as they are.
    pub fn create_mixed(
        path: &Path,
        settings: &FilmSettings,
        copied: &PictureGroups,
    ) -> Result<Self> {
        Self::create_track(path, settings, Some(copied))
    }

    fn create_track(
        path: &Path,
        settings: &FilmSettings,
        copied: Option<&PictureGroups>,
    ) -> Result<Self> {
        let mut output = Muxer::create(path, "mp4")?;
        let pictures = match copied {
            Some(copied) => PictureEncoder::open_mixed(&mut output, settings, copied)?,
            None => PictureEncoder::open(&mut output, settings, None)?,
        };
        let sound = settings
            .sound
            .map(|sound| {
                Ok::<_, Error>(Sound {
                    encoder: SoundEncoder::open(&mut output, &sound)?,
                    rate: i64::from(sound.format.rate),
                    channels: usize::from(sound.format.channels.max(1)),
                    waiting: VecDeque::new(),
                })
            })
            .transpose()?;
        if !settings.comment.is_empty() {
            output.tell("comment", &settings.comment);
        }
        output.start(Some(timescale(settings)))?;
        Ok(Self {
            output,
            pictures,
            sound,
            frame_rate: settings.frame_rate,
        })
    }

    /// Writes the next frame: number n is shown at n / frame rate. It has exactly the size of the settings.
    pub fn write_frame(&mut self, frame: &Rgb8) -> Result<()> {
        self.write(EncoderFrame::Rgb(frame))
    }

    /// The same for a frame that is already in the encoder's format.
    pub fn write_planes(&mut self, frame: &Planar) -> Result<()> {
        self.write(EncoderFrame::Planar(frame))
    }

    /// The same for a frame of 10 bits, where the settings have a signal, and only there.
    pub fn write_deep(&mut self, frame: &DeepPlanar) -> Result<()> {
        self.write(EncoderFrame::Deep(frame))
    }

    /// Copies the next pictures, those of `group`, where the film was created for that.
    pub fn copy(&mut self, reader: &mut GroupReader<'_>, group: &PictureGroup) -> Result<()> {
        self.pictures.copy(&mut self.output, reader, group)?;
        self.write_blocks()
    }

    /// Tells `watch` all further pictures that are encoded, in the order in which they are decoded.
    pub fn watch(&mut self, watch: impl FnMut(EncodedPicture<'_>) + Send + 'static) {
        self.pictures.watch(Box::new(watch));
    }

    /// Writes a picture that a writer with the same settings encoded before. These come first, whole groups of them, and
    /// in their order.
    pub fn write_encoded(&mut self, picture: EncodedPicture<'_>) -> Result<()> {
        self.pictures.write_encoded(&mut self.output, picture)?;
        self.write_blocks()
    }

    fn write(&mut self, frame: EncoderFrame<'_>) -> Result<()> {
        self.pictures.encode(&mut self.output, frame)?;
        self.write_blocks()
    }

    /// Writes the next interleaved samples. Those past the last frame are cut off in the end.
    pub fn write_sound(&mut self, samples: &[f32]) -> Result<()> {
        if let Some(sound) = &mut self.sound {
            sound.waiting.extend(samples);
        }
        self.write_blocks()
    }

    /// Flushes everything and closes the file (index in front). The film lasts exactly frames / frame rate; sound that
    /// is too short is filled up with silence.
    pub fn finish(mut self) -> Result<()> {
        if self.pictures.frames() == 0 {
            return Err(Error::encode(self.output.path(), "it has no frames"));
        }
        self.write_blocks()?;
        let all = self.samples_shown();
        if let Some(sound) = &mut self.sound {
            while sound.encoder.samples() < all {
                let left = usize::try_from(all - sound.encoder.samples()).unwrap_or(0);
                let block = sound.take(left.min(sound.encoder.block()));
                sound.encoder.encode(&mut self.output, &block)?;
            }
            sound.encoder.finish(&mut self.output)?;
        }
        self.pictures.finish(&mut self.output)?;
        self.output.finish()
    }

    /// Samples of each channel that belong to the frames so far.
    fn samples_shown(&self) -> i64 {
        let seconds = Rational::whole(self.pictures.frames())
            * self.frame_rate.inverse().unwrap_or(Rational::ZERO);
        let rate = self.sound.as_ref().map_or(0, |sound| sound.rate);
        (seconds * Rational::whole(rate)).round()
    }

    /// Encodes all full blocks up to the last frame written.
    fn write_blocks(&mut self) -> Result<()> {
        let shown = self.samples_shown();
        let Some(sound) = &mut self.sound else {
            return Ok(());
        };
        let block = sound.encoder.block();
        let length = i64::try_from(block).unwrap_or(i64::MAX);
        while sound.waiting.len() >= block * sound.channels
            && sound.encoder.samples().saturating_add(length) <= shown
        {
            let samples = sound.take(block);
            sound.encoder.encode(&mut self.output, &samples)?;
        }
        Ok(())
    }
}

impl Sound {
    /// The next `count` samples of each channel, silence where there are none.
    fn take(&mut self, count: usize) -> Vec<f32> {
        let wanted = count * self.channels;
        let there = wanted.min(self.waiting.len());
        let mut samples: Vec<f32> = self.waiting.drain(..there).collect();
        samples.resize(wanted, 0.0);
        samples
    }
}

/// Parts of a second that measure whole frames and whole samples alike, so that the durations of both are exact: the
/// least common multiple of the two rates.
fn timescale(settings: &FilmSettings) -> i64 {
    let frames = settings.frame_rate.numerator().max(1);
    let rate = settings
        .sound
        .map_or(1, |sound| i64::from(sound.format.rate.max(1)));
    let both = Rational::new(frames, rate)
        .map_or(frames, |reduced| reduced.numerator().saturating_mul(rate));
    let scale = if both < i64::from(i32::MAX) {
        both
    } else {
        frames
    };
    // Some players use the timescale as the unit of the film's duration, so it must be fine enough for that.
    scale * (1000 / scale + 1)
}
