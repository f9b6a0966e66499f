//! A clip written anew: its pictures changed, the times of its frames and its sound as they were.

use std::path::Path;

use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::media::ffmpeg::{CopiedStreams, EncoderFrame, LeftOutTrack, Muxer, PictureEncoder};
use crate::media::{ClipContainer, FilmSettings, Limits, MetadataPolicy, Probe};
use crate::picture::{Planar, Rgb8};
use crate::time::Rational;

/// x264's constant rate factor: hardly to be told from the original.
const QUALITY: u8 = 18;
/// x264's trade of time for size.
const PRESET: &str = "fast";

/// What a clip is made of besides its frames.
#[derive(Debug, Clone, Copy)]
pub struct ClipSettings<'a> {
    /// Even in both directions.
    pub size: Size,
    /// The film whose times, sound and metadata it gets.
    pub original: &'a Path,
    /// What the original's headers say.
    pub probe: &'a Probe,
    /// What it is written as.
    pub container: ClipContainer,
    /// Which metadata.
    pub metadata: MetadataPolicy,
    /// What reading the original may cost.
    pub limits: &'a Limits,
}

/// Writes one clip into a path that it is handed. Dropping it without [`ClipWriter::finish`] leaves an unusable file.
///
/// The same frames and the same original give the same bytes.
pub struct ClipWriter {
    output: Muxer,
    pictures: PictureEncoder,
    carried: Option<CopiedStreams>,
    location: bool,
    /// Where the original's time zero is on the timeline of the clip.
    zero: Rational,
    /// Of the times of frames, in seconds.
    unit: Rational,
}

impl ClipWriter {
    /// Creates `path` (truncated), whatever its name ends in.
    ///
    /// Fails with `Unsupported` where the original has no pictures, or sound of which the container can hold none as it is.
    pub fn create(path: &Path, settings: &ClipSettings<'_>) -> Result<Self> {
        let &ClipSettings {
            original, probe, ..
        } = settings;
        let facts = probe
            .video
            .as_ref()
            .ok_or_else(|| Error::unsupported(original, "it has no pictures"))?;
        let container = settings.container;
        let mut output = Muxer::create(path, container.muxer())?;
        let film = FilmSettings {
            size: settings.size,
            frame_rate: facts.frame_rate,
            quality: QUALITY,
            preset: PRESET.into(),
            sound: None,
            threads: 0,
            comment: String::new(),
        };
        let unit = facts.time_base;
        let pictures = PictureEncoder::open(&mut output, &film, Some(unit))?;
        // An animated WebP has neither sound nor anything to say, and FFmpeg does not read it.
        let carried = match probe.container.as_str() {
            "webp" => None,
            _ => Some(CopiedStreams::open(
                original,
                settings.limits,
                &mut output,
                container,
            )?),
        };
        let location = carried
            .as_ref()
            .is_some_and(|carried| carried.tell(&mut output, settings.metadata));
        if let Some(carried) = &carried {
            carried.copy_structure(&mut output, pictures.stream())?;
        }
        output.start(None)?;
        Ok(Self {
            output,
            pictures,
            zero: carried.as_ref().map_or(Rational::ZERO, CopiedStreams::zero),
            carried,
            location,
            unit,
        })
    }

    /// Sound tracks of the original that the clip cannot hold.
    pub fn left_out(&self) -> &[LeftOutTrack] {
        self.carried.as_ref().map_or(&[], CopiedStreams::left_out)
    }

    /// True when the clip says where it was taken.
    pub fn has_location(&self) -> bool {
        self.location
    }

    /// Writes the next frame, which is shown from `time` to `end`, counted from the original's time zero.
    pub fn write_frame(&mut self, frame: &Rgb8, time: Rational, end: Rational) -> Result<()> {
        self.write(EncoderFrame::Rgb(frame), time, end)
    }

    /// The same for a frame that is as the encoder takes it.
    pub fn write_planes(&mut self, frame: &Planar, time: Rational, end: Rational) -> Result<()> {
        self.write(EncoderFrame::Planar(frame), time, end)
    }

    fn write(&mut self, frame: EncoderFrame<'_>, time: Rational, end: Rational) -> Result<()> {
        let shown = time + self.zero;
        let per_second = self.unit.inverse().unwrap_or(Rational::ONE);
        let from = (shown * per_second).round();
        let duration = ((end - time) * per_second).round().max(1);
        self.pictures
            .encode_at(&mut self.output, frame, from, duration)?;
        match &mut self.carried {
            Some(carried) => carried.copy(&mut self.output, Some(shown)),
            None => Ok(()),
        }
    }

    /// Flushes everything and closes the file (index in front).
    pub fn finish(mut self) -> Result<()> {
        if self.pictures.frames() == 0 {
            return Err(Error::encode(self.output.path(), "it has no frames"));
        }
        if let Some(carried) = &mut self.carried {
            carried.copy(&mut self.output, None)?;
        }
        self.pictures.finish(&mut self.output)?;
        self.output.finish()
    }
}
