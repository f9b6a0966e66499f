//! Re-encodes the pictures of a clip and copies everything else: frame times, sound, chapters, metadata.

use std::path::Path;

use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::media::ffmpeg::{CopiedStreams, EncoderFrame, LeftOutTrack, Muxer, PictureEncoder};
use crate::media::{
    ClipContainer, EncoderThreads, FilmCodec, FilmSettings, Limits, MetadataPolicy, Probe,
};
use crate::notice::TrackType;
use crate::picture::{FilmTreatment, Planar, Rgb8};
use crate::time::Rational;

/// x264's constant rate factor: visually close to lossless.
const QUALITY: u8 = 18;
/// x264's preset, which trades encoding time for file size.
const PRESET: &str = "fast";

/// The encoder's threads: a clip is all that its process works on.
const ENCODER_THREADS: EncoderThreads = EncoderThreads::Frames(8);

/// How a clip is written.
#[derive(Debug, Clone, Copy)]
pub struct ClipSettings<'a> {
    /// Size of the frames; both sides are even.
    pub size: Size,
    /// The clip to copy times, sound and metadata from.
    pub original: &'a Path,
    /// What the original's headers say.
    pub probe: &'a Probe,
    /// The container to write.
    pub container: ClipContainer,
    /// Which metadata to keep.
    pub metadata: MetadataPolicy,
    /// Whether its cover pictures come along.
    pub covers: bool,
    /// Which of its other tracks come along.
    pub tracks: CarriedTracks,
    /// Limits on reading the original.
    pub limits: &'a Limits,
}

/// Tracks beside the pictures that a clip gets from its original.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CarriedTracks {
    /// All that its container can hold.
    #[default]
    All,
    /// The sound that an analysis hears, and nothing that it does not look at: no further sound, no subtitles, no
    /// cover pictures.
    Examined,
}

/// Writes one clip to a given path. Dropping it without [`ClipWriter::finish`] leaves an unusable file.
///
/// The same frames and the same original give the same bytes.
pub struct ClipWriter {
    output: Muxer,
    pictures: PictureEncoder,
    carried: Option<CopiedStreams>,
    location: bool,
    /// The original's time zero on the clip's timeline.
    zero: Rational,
    /// The unit of frame times, in seconds.
    unit: Rational,
}

impl ClipWriter {
    /// Creates `path` (truncated), whatever its name ends in.
    ///
    /// Fails with `Unsupported` if the original has no pictures.
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
            signal: None,
            codec: FilmCodec::H264,
            quality: QUALITY,
            preset: PRESET.into(),
            sound: None,
            threads: ENCODER_THREADS,
            comment: String::new(),
        };
        let unit = facts.time_base;
        let pictures = PictureEncoder::open(&mut output, &film, Some(unit))?;
        let heard = probe.audio.as_ref().map(|audio| audio.stream);
        let wanted = |kind: TrackType, number: usize| match (settings.tracks, kind) {
            (CarriedTracks::Examined, TrackType::Sound) => heard == Some(number),
            (CarriedTracks::Examined, _) => false,
            (CarriedTracks::All, TrackType::Cover) => settings.covers,
            (CarriedTracks::All, _) => true,
        };
        // FFmpeg does not read animated WebP, which has neither sound nor metadata of its own.
        let carried = match probe.container.as_str() {
            "webp" => None,
            _ => Some(CopiedStreams::open(
                original,
                settings.limits,
                &mut output,
                container,
                &wanted,
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

    /// Tracks of the original that are not in the clip.
    pub fn left_out(&self) -> &[LeftOutTrack] {
        self.carried.as_ref().map_or(&[], CopiedStreams::left_out)
    }

    /// Whether the clip says where it was taken.
    pub fn has_location(&self) -> bool {
        self.location
    }

    /// Writes the next frame, which is shown from `time` to `end`, counted from the original's time zero.
    pub fn write_frame(&mut self, frame: &Rgb8, time: Rational, end: Rational) -> Result<()> {
        self.write(EncoderFrame::Rgb(frame), time, end)
    }

    /// The same for a frame that is already in the encoder's format.
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

    /// Flushes everything and closes the file (index in front). Returns what is worth telling of the streams that were
    /// copied.
    pub fn finish(mut self) -> Result<Vec<FilmTreatment>> {
        if self.pictures.frames() == 0 {
            return Err(Error::encode(self.output.path(), "it has no frames"));
        }
        if let Some(carried) = &mut self.carried {
            carried.copy(&mut self.output, None)?;
        }
        self.pictures.finish(&mut self.output)?;
        self.output.finish()?;
        let changes = self.carried.is_some_and(|carried| carried.sound_changes());
        Ok(Vec::from_iter(
            changes.then_some(FilmTreatment::SoundChanges),
        ))
    }
}
