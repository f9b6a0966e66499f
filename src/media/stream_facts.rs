//! What the headers of one stream say, within the limits; what they leave out comes from its first packets.

use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::color_meaning::{matrix_name, primaries_name, transfer_name};
use crate::media::ffmpeg::{Demuxer, Stream, StreamKind};
use crate::media::rotation::Turn;
use crate::media::{AudioFacts, Limits, VideoFacts};
use crate::time::Rational;

/// What the headers of stream number `stream` say, within `limits`.
pub(super) fn audio_facts(input: &Demuxer, stream: usize, limits: &Limits) -> Result<AudioFacts> {
    let headers = input
        .streams()
        .get(stream)
        .filter(|headers| headers.kind == StreamKind::Audio)
        .ok_or_else(|| Error::unsupported(input.path(), "it has no sound"))?;
    // In MP4 an edit list has already removed the delay; other containers count it in.
    let cut = headers.index.is_some();
    let delay = if cut {
        Rational::ZERO
    } else {
        input.encoder_delay(stream)
    };
    let duration = duration(input, stream, limits).map(|duration| duration - delay);
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

/// Below this many bytes a second a claimed length is verified: no speech codec needs less, and so few bytes are read
/// quickly.
const LEAST_BYTES_A_SECOND: i64 = 1000;
/// A length that is wrong by less than this factor and these seconds is rounded, or leaves out how long the last frame
/// is shown.
const CLEARLY: (i64, i64) = (2, 10);

/// Seconds of a stream, or else of the whole file. What the headers claim is believed only where the file has bytes for
/// it: a writer of fragments that never knew the length leaves the largest number there is.
fn duration(input: &Demuxer, stream: usize, limits: &Limits) -> Option<Rational> {
    let claimed = claimed_duration(input, stream)?;
    let index_end = input
        .streams()
        .get(stream)?
        .index
        .map_or(0, |index| index.end);
    let cut = input.is_cut_short() || input.frames_are_cut() || index_end > input.bytes();
    let bytes = Rational::whole(i64::try_from(input.bytes()).unwrap_or(i64::MAX));
    if cut || claimed * Rational::whole(LEAST_BYTES_A_SECOND) <= bytes {
        return Some(claimed);
    }
    let Ok(again) = Demuxer::open(input.path(), limits) else {
        return Some(claimed);
    };
    let found = again.run_to_end() - input.start(stream);
    let most = found * Rational::whole(CLEARLY.0) + Rational::whole(CLEARLY.1);
    Some(if found > Rational::ZERO && claimed > most {
        found
    } else {
        claimed
    })
}

fn claimed_duration(input: &Demuxer, stream: usize) -> Option<Rational> {
    let headers = input.streams().get(stream)?;
    if let Some(animation) = input.animation() {
        return Rational::new(animation.duration, animation.units);
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
    let animation = input.animation();
    let fields = if headers.codes_fields { 2 } else { 1 };
    let coded = Size::new(
        headers.coded.width,
        headers.coded.height.saturating_mul(fields),
    );
    let frames = headers.index.map(|index| index.shown).or(headers.frames);
    let frames = frames.map(|frames| frames.div_ceil(u64::from(fields)));
    let frames = animation.map(|animation| animation.frames).or(frames);
    let duration = duration(input, stream, limits);
    let sample_aspect = sample_aspect(headers);
    let turn = turn(headers);
    let size = turn.size(square_pixels(coded, sample_aspect));
    limits.check(path, LimitName::Pixels, coded.pixels())?;
    limits.check(path, LimitName::Pixels, size.pixels())?;
    limits.check(path, LimitName::Frames, frames.unwrap_or(0))?;
    check_seconds(input, duration, limits)?;
    let steps = match headers.index {
        _ if animation.is_some() => animation.and_then(|animation| animation.steps),
        Some(index) if index.shown > 1 => Some(index.steps),
        _ => input.first_steps(stream),
    };
    let by_fields = Rational::new(1, i64::from(fields)).unwrap_or(Rational::ONE);
    Ok(VideoFacts {
        stream,
        codec: headers.codec.clone(),
        coded,
        size,
        rotation: turn.clockwise(),
        sample_aspect,
        frame_rate: frame_rate(headers, steps) * by_fields,
        time_base: headers.time_base,
        variable_frame_rate: steps.is_some_and(uneven),
        frames,
        duration,
        plays: animation.and_then(|animation| animation.plays),
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

/// Whether steps between frames differ by more than the rounding of timestamps explains.
fn uneven((least, most): (i64, i64)) -> bool {
    let difference = most.saturating_sub(least);
    difference > 1 && difference > most / 50
}
