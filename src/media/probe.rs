//! What a file is, without decoding it.

use std::path::Path;

use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::Limits;
use crate::media::color_meaning::{matrix_name, primaries_name, transfer_name};
use crate::media::ffmpeg::{Demuxer, Stream, StreamKind};
use crate::media::rotation::Turn;
use crate::media::still::still_facts;
use crate::media::webp_film;
use crate::time::Rational;

/// What a file is, by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum MediaKind {
    Image,
    Video,
    Audio,
}

/// What the headers say.
#[derive(Debug, Clone)]
pub struct Probe {
    /// Image, video (also animated GIF and WebP) or audio.
    pub kind: MediaKind,
    /// Size of the file.
    pub bytes: u64,
    /// `jpeg`, `png`, `mp4`, `ogg` …
    pub container: String,
    /// Of a still.
    pub still: Option<StillFacts>,
    /// Of the best video stream (never a cover picture).
    pub video: Option<VideoFacts>,
    /// Of the best audio stream.
    pub audio: Option<AudioFacts>,
}

/// What a still's headers say.
#[derive(Debug, Clone)]
pub struct StillFacts {
    /// Upright size.
    pub size: Size,
    /// EXIF orientation, 1..8.
    pub orientation: u8,
    /// Bits a sample.
    pub bit_depth: u8,
    /// True when an ICC profile is embedded.
    pub icc: bool,
}

/// What a video stream's headers say.
#[derive(Debug, Clone)]
pub struct VideoFacts {
    /// Index of the stream.
    pub stream: usize,
    /// `h264`, `vp9` …
    pub codec: String,
    /// As coded.
    pub coded: Size,
    /// Upright, with square pixels.
    pub size: Size,
    /// Clockwise turn that makes it upright: 0, 90, 180 or 270.
    pub rotation: u16,
    /// Width over height of one coded pixel.
    pub sample_aspect: Rational,
    /// Average frames a second.
    pub frame_rate: Rational,
    /// Unit of the timestamps.
    pub time_base: Rational,
    /// The headers say, or the first timestamps show, that frames are unevenly spaced.
    pub variable_frame_rate: bool,
    /// Number of frames, where the headers say.
    pub frames: Option<u64>,
    /// Seconds, where the headers say.
    pub duration: Option<Rational>,
    /// Time of the first frame from the file's time zero.
    pub start: Rational,
    /// Bits a sample.
    pub bit_depth: u8,
    /// `bt709`, `bt2020` … or `unknown`.
    pub color_primaries: String,
    /// `bt709`, `smpte2084` … or `unknown`.
    pub color_transfer: String,
    /// `bt709`, `bt470bg` … or `unknown`.
    pub color_matrix: String,
    /// Samples use the full range 0..255.
    pub full_range: bool,
}

/// What an audio stream's headers say.
#[derive(Debug, Clone)]
pub struct AudioFacts {
    /// Index of the stream.
    pub stream: usize,
    /// `aac`, `opus` …
    pub codec: String,
    /// Samples a second.
    pub sample_rate: u32,
    /// Number of channels.
    pub channels: u16,
    /// Seconds, where the headers say, without encoder delay and padding.
    pub duration: Option<Rational>,
    /// Time of the first sample from the file's time zero.
    pub start: Rational,
}

/// Reads the headers of `path`. Fails with `Read`, `Unsupported`, `Damaged` or `Limit`.
pub fn probe(path: &Path, limits: &Limits) -> Result<Probe> {
    // First of all, for opening a pipe would block.
    let (_, bytes) = limits.open(path)?;
    if let Some((container, facts, animated)) = still_facts(path, limits)?
        && (!animated || container == "webp")
    {
        let kind = if animated {
            MediaKind::Video
        } else {
            MediaKind::Image
        };
        let video = animated
            .then(|| webp_film::facts(path, limits))
            .transpose()?;
        return Ok(Probe {
            kind,
            bytes,
            container,
            still: (!animated).then_some(facts),
            video,
            audio: None,
        });
    }
    let input = Demuxer::open(path, limits)?;
    let video = input
        .best(StreamKind::Video)
        .map(|stream| video_facts(&input, stream, limits))
        .transpose()?;
    let audio = input
        .best(StreamKind::Audio)
        .map(|stream| audio_facts(&input, stream, limits))
        .transpose()?;
    let kind = match (&video, &audio) {
        (Some(_), _) => MediaKind::Video,
        (None, Some(_)) => MediaKind::Audio,
        (None, None) => return Err(nothing_in(&input)),
    };
    Ok(Probe {
        kind,
        bytes: input.bytes(),
        container: input.container().into(),
        still: None,
        video,
        audio,
    })
}

/// The error for a container without a stream that can be decoded.
fn nothing_in(input: &Demuxer) -> Error {
    let known = input
        .streams()
        .iter()
        .filter(|stream| stream.kind != StreamKind::Other);
    let mut coded = known.map(|stream| (stream.decodable, stream.codec.as_str()));
    match coded.next() {
        Some((false, codec)) => Error::unsupported(input.path(), format!("its codec is {codec}")),
        Some((true, codec)) => Error::damaged(
            input.path(),
            format!("the headers of its {codec} stream are incomplete"),
        ),
        None => Error::unsupported(input.path(), "it has neither pictures nor sound"),
    }
}

/// What the headers of stream number `stream` say, within `limits`.
pub(super) fn audio_facts(input: &Demuxer, stream: usize, limits: &Limits) -> Result<AudioFacts> {
    let headers = input
        .streams()
        .get(stream)
        .filter(|headers| headers.kind == StreamKind::Audio)
        .ok_or_else(|| Error::unsupported(input.path(), "it has no sound"))?;
    // An edit list has cut the delay away already; elsewhere it is counted in.
    let cut = headers.index.is_some();
    let delay = if cut {
        Rational::ZERO
    } else {
        input.encoder_delay(stream)
    };
    let duration = duration(input, stream).map(|duration| duration - delay);
    check_seconds(input, duration, limits)?;
    Ok(AudioFacts {
        stream,
        codec: headers.codec.clone(),
        sample_rate: headers.sample_rate,
        channels: headers.channels,
        duration,
        start: input.start(stream),
    })
}

/// Seconds of a stream, or else of the whole file.
fn duration(input: &Demuxer, stream: usize) -> Option<Rational> {
    let headers = input.streams().get(stream)?;
    if let Some(gif) = input.gif() {
        return Rational::new(gif.duration, 100);
    }
    headers
        .duration
        .map(|duration| Rational::whole(duration) * headers.time_base)
        .or_else(|| {
            // Matroska tells when the last frame ends, on the timeline of the timestamps.
            let matroska = matches!(input.container(), "mkv" | "webm");
            let before = if matroska {
                input.zero()
            } else {
                Rational::ZERO
            };
            input.duration().map(|end| end - before)
        })
        .filter(|duration| !duration.is_negative())
}

fn check_seconds(input: &Demuxer, duration: Option<Rational>, limits: &Limits) -> Result<()> {
    let seconds = duration.map_or(0, |duration| u64::try_from(duration.floor()).unwrap_or(0));
    limits.check(input.path(), LimitName::Seconds, seconds)
}

/// What the headers of stream number `stream` say, within `limits`.
pub(super) fn video_facts(input: &Demuxer, stream: usize, limits: &Limits) -> Result<VideoFacts> {
    let path = input.path();
    let headers = input
        .streams()
        .get(stream)
        .filter(|headers| headers.kind == StreamKind::Video)
        .ok_or_else(|| Error::unsupported(path, "it has no pictures"))?;
    let gif = input.gif();
    let frames = headers.index.map(|index| index.shown).or(headers.frames);
    let frames = gif.map(|gif| gif.frames).or(frames);
    let duration = duration(input, stream);
    let sample_aspect = sample_aspect(headers);
    let turn = turn(headers);
    let size = turn.size(square_pixels(headers.coded, sample_aspect));
    limits.check(path, LimitName::Pixels, headers.coded.pixels())?;
    limits.check(path, LimitName::Pixels, size.pixels())?;
    limits.check(path, LimitName::Frames, frames.unwrap_or(0))?;
    check_seconds(input, duration, limits)?;
    let steps = match headers.index {
        _ if gif.is_some() => gif.and_then(|gif| gif.steps),
        Some(index) if index.shown > 1 => Some(index.steps),
        _ => input.first_steps(stream),
    };
    Ok(VideoFacts {
        stream,
        codec: headers.codec.clone(),
        coded: headers.coded,
        size,
        rotation: turn.clockwise(),
        sample_aspect,
        frame_rate: frame_rate(headers, steps),
        time_base: headers.time_base,
        variable_frame_rate: steps.is_some_and(uneven),
        frames,
        duration,
        start: input.start(stream),
        bit_depth: headers.bit_depth.max(1),
        color_primaries: primaries_name(headers.primaries).into(),
        color_transfer: transfer_name(headers.transfer).into(),
        color_matrix: matrix_name(headers.color_matrix).into(),
        full_range: headers.full_range,
    })
}

/// The turn that makes the film upright.
pub(super) fn turn(headers: &Stream) -> Turn {
    headers.matrix.map_or_else(Turn::default, Turn::from_matrix)
}

/// Width over height of a coded pixel; square where the headers say nothing that can be.
fn sample_aspect(headers: &Stream) -> Rational {
    let (least, most) = (Rational::new(1, 8), Rational::whole(8));
    headers
        .sample_aspect
        .filter(|aspect| least.is_some_and(|least| *aspect >= least) && *aspect <= most)
        .unwrap_or(Rational::ONE)
}

/// The size that shows a coded picture with square pixels: lines stay as they are.
fn square_pixels(coded: Size, aspect: Rational) -> Size {
    let width = (Rational::whole(i64::from(coded.width)) * aspect).round();
    Size::new(
        u32::try_from(width).unwrap_or(coded.width).max(1),
        coded.height,
    )
}

/// Average frames a second: as the headers say, else by the first steps between frames, else 25.
fn frame_rate(headers: &Stream, steps: Option<(i64, i64)>) -> Rational {
    let sensible = |rate: &Rational| *rate > Rational::ZERO && *rate <= Rational::whole(1000);
    let by_steps = || {
        let (least, most) = steps?;
        let mean = Rational::new(least.saturating_add(most), 2)? * headers.time_base;
        mean.inverse()
    };
    headers
        .average_rate
        .filter(sensible)
        .or(headers.base_rate.filter(sensible))
        .or_else(|| by_steps().filter(sensible))
        .unwrap_or(Rational::whole(25))
}

/// Steps between frames differ by more than the rounding of timestamps explains.
fn uneven((least, most): (i64, i64)) -> bool {
    let difference = most.saturating_sub(least);
    difference > 1 && difference > most / 50
}
