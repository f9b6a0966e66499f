//! Animated WebP, which FFmpeg 5.1 does not decode: by the `image` crate, with times from the container's own chunks.
//!
//! Container: RFC 9649, sections 2.5 and 2.7.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use image::AnimationDecoder;
use image::codecs::webp::WebPDecoder;

use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::color_meaning::rgba_over_color;
use crate::media::ffmpeg::Converters;
use crate::media::{FrameInfo, Limits, VideoFacts};
use crate::picture::{Background, FilmTreatment, Rgb8};
use crate::time::Rational;

/// What browsers do with frames that are to be shown for no time at all.
const SHORTEST: u32 = 10;
const INSTEAD: u32 = 100;

/// An animated WebP.
pub(super) struct WebPFilm {
    path: PathBuf,
    limits: Limits,
    facts: VideoFacts,
    /// Milliseconds of each frame.
    durations: Vec<u32>,
    frames: image::Frames<'static>,
    next: usize,
    /// Number of the frame that counting begins with.
    counted_from: usize,
    /// Any pixel so far was transparent.
    transparent: bool,
    held: Option<Rgb8>,
    converters: Converters,
    background: Background,
}

impl WebPFilm {
    /// Opens `path`, whose content is an animated WebP.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        let (facts, durations) = headers(path, limits)?;
        Ok(Self {
            path: path.into(),
            limits: *limits,
            facts,
            durations,
            frames: frames(path, limits)?,
            next: 0,
            counted_from: 0,
            transparent: false,
            held: None,
            converters: Converters::default(),
            background: Background::BLACK,
        })
    }

    /// Transparent areas show `background` from the next frame on.
    pub fn set_background(&mut self, background: Background) {
        self.background = background;
    }

    /// What the headers say.
    pub fn facts(&self) -> &VideoFacts {
        &self.facts
    }

    /// What had to be done to the frames so far.
    pub fn treatments(&self) -> Vec<FilmTreatment> {
        match self.transparent {
            true => vec![FilmTreatment::laid_over(self.background)],
            false => Vec::new(),
        }
    }

    /// Decodes the next frame and holds it.
    pub fn next(&mut self) -> Result<Option<FrameInfo>> {
        self.held = None;
        let Some(duration) = self.durations.get(self.next).copied() else {
            return Ok(None);
        };
        let Some(Ok(frame)) = self.frames.next() else {
            let what = format!("frame {} cannot be decoded", self.next + 1);
            let first = self.next == 0;
            self.next = self.durations.len();
            return Err(if first {
                Error::damaged(&self.path, what)
            } else {
                Error::breaks_off(&self.path, what)
            });
        };
        let buffer = frame.into_buffer();
        let size = Size::new(buffer.width(), buffer.height());
        let time = milliseconds(self.durations.iter().take(self.next));
        let info = FrameInfo {
            index: (self.next - self.counted_from) as u64,
            time,
            end: time + milliseconds([&duration].into_iter()),
            key: self.next == 0,
        };
        self.transparent |= buffer.pixels().any(|pixel| pixel.0[3] < u8::MAX);
        self.held = rgba_over_color(size, buffer.as_raw(), self.background.rgb());
        self.next += 1;
        Ok(Some(info))
    }

    /// The next frame will be the one that is on the screen at `time`.
    pub fn seek(&mut self, time: Rational) -> Result<()> {
        let mut wanted = 0;
        let mut end = Rational::ZERO;
        for (number, duration) in self.durations.iter().enumerate() {
            if end > time {
                break;
            }
            wanted = number;
            end = end + milliseconds([duration].into_iter());
        }
        self.frames = frames(&self.path, &self.limits)?;
        self.next = 0;
        self.counted_from = 0;
        while self.next < wanted && self.next()?.is_some() {}
        self.held = None;
        self.counted_from = self.next;
        Ok(())
    }

    /// The frame held, at `size`.
    pub fn image(&mut self, size: Size) -> Result<Rgb8> {
        let nothing = || Error::damaged(&self.path, "no frame has been decoded");
        let held = self.held.as_ref().ok_or_else(nothing)?;
        if held.size() == size {
            return Ok(held.clone());
        }
        self.converters.resize(held, size).ok_or_else(nothing)
    }
}

/// What the chunks of an animated WebP say.
pub(super) fn facts(path: &Path, limits: &Limits) -> Result<VideoFacts> {
    headers(path, limits).map(|(facts, _)| facts)
}

fn headers(path: &Path, limits: &Limits) -> Result<(VideoFacts, Vec<u32>)> {
    let (file, bytes) = limits.open(path)?;
    let chunks =
        Chunks::read(&mut BufReader::new(file), bytes).map_err(|error| Error::read(path, error))?;
    let size = chunks.canvas;
    let frames = chunks.durations.len() as u64;
    if frames == 0 || size.pixels() == 0 {
        return Err(Error::damaged(path, "it has no frames"));
    }
    limits.check(path, LimitName::Pixels, size.pixels())?;
    limits.check(path, LimitName::Frames, frames)?;
    // The canvas, the frame on it, and the copy that is given out.
    let memory = size.pixels().saturating_mul(4 * 3);
    limits.check(path, LimitName::MemoryBytes, memory)?;
    let duration = milliseconds(chunks.durations.iter());
    let seconds = u64::try_from(duration.floor()).unwrap_or(0);
    limits.check(path, LimitName::Seconds, seconds)?;
    let least = chunks.durations.iter().min().copied().unwrap_or(INSTEAD);
    let most = chunks.durations.iter().max().copied().unwrap_or(INSTEAD);
    let rate = Rational::whole(i64::try_from(frames).unwrap_or(i64::MAX))
        * duration.inverse().unwrap_or(Rational::ONE);
    let facts = VideoFacts {
        stream: 0,
        codec: "webp".into(),
        coded: size,
        size,
        rotation: 0,
        sample_aspect: Rational::ONE,
        frame_rate: rate,
        time_base: Rational::new(1, 1000).unwrap_or(Rational::ONE),
        variable_frame_rate: most - least > 1,
        frames: Some(frames),
        duration: Some(duration),
        plays: chunks.plays,
        start: Rational::ZERO,
        bit_depth: 8,
        color_primaries: "unknown".into(),
        color_transfer: "unknown".into(),
        color_matrix: "unknown".into(),
        full_range: true,
    };
    Ok((facts, chunks.durations))
}

fn milliseconds<'a>(durations: impl Iterator<Item = &'a u32>) -> Rational {
    let sum = durations.map(|duration| i64::from(*duration)).sum();
    Rational::new(sum, 1000).unwrap_or(Rational::ZERO)
}

fn frames(path: &Path, limits: &Limits) -> Result<image::Frames<'static>> {
    let (file, _) = limits.open(path)?;
    let decoder =
        WebPDecoder::new(BufReader::new(file)).map_err(|error| Error::damaged(path, error))?;
    Ok(decoder.into_frames())
}

/// The chunks that matter.
struct Chunks {
    canvas: Size,
    durations: Vec<u32>,
    /// How often it is played; 0 is without end.
    plays: Option<u32>,
}

impl Chunks {
    fn read(source: &mut BufReader<File>, bytes: u64) -> io::Result<Self> {
        let mut chunks = Self {
            canvas: Size::new(0, 0),
            durations: Vec::new(),
            plays: None,
        };
        let mut at = 12;
        while at + 8 <= bytes {
            source.seek(SeekFrom::Start(at))?;
            let mut head = [0; 8];
            source.read_exact(&mut head)?;
            let [a, b, c, d, size @ ..] = head;
            let size = u64::from(u32::from_le_bytes(size));
            let mut payload = [0; 16];
            let there = size.min(16).min(bytes - at - 8) as usize;
            source.read_exact(&mut payload[..there])?;
            let three = |place: usize| {
                u32::from_le_bytes([payload[place], payload[place + 1], payload[place + 2], 0])
            };
            match (&[a, b, c, d], there) {
                (b"VP8X", 10..) => chunks.canvas = Size::new(three(4) + 1, three(7) + 1),
                (b"ANIM", 6..) => {
                    let plays = u16::from_le_bytes([payload[4], payload[5]]);
                    chunks.plays = Some(plays.into());
                }
                (b"ANMF", 16) => chunks.durations.push(match three(12) {
                    duration if duration < SHORTEST => INSTEAD,
                    duration => duration,
                }),
                _ => {}
            }
            at = at.saturating_add(8).saturating_add(size + size % 2);
        }
        Ok(chunks)
    }
}
