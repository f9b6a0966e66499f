//! Recognizes a file and reads its headers, without decoding it.

use std::path::Path;

use crate::error::{Error, Result};
use crate::media::ffmpeg::{Demuxer, StreamKind};
use crate::media::still::still_facts;
use crate::media::stream_facts::{audio_facts, video_facts};
use crate::media::webp_film;
use crate::media::{Limits, MediaKind, Probe};
use crate::notice::{LeftOutPart, MediaPart};

/// Reads the headers of `path`. Fails with `Read`, `Unsupported`, `Damaged` or `Limit`.
pub fn probe(path: &Path, limits: &Limits) -> Result<Probe> {
    // This comes first, since opening a pipe would block.
    let (_, bytes) = limits.open(path)?;
    if let Some(still) = still_facts(path, limits)?
        && (!still.animated || still.container == "webp")
    {
        let (container, animated) = (still.container, still.animated);
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
            still: (!animated).then_some(still.facts),
            video,
            audio: None,
            left_out: still.left_out,
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
        left_out: more_tracks(&input),
        video,
        audio,
    })
}

/// Tracks besides the best one of each kind.
fn more_tracks(input: &Demuxer) -> Vec<LeftOutPart> {
    let kinds = [
        (StreamKind::Video, MediaPart::VideoTracks),
        (StreamKind::Audio, MediaPart::SoundTracks),
    ];
    let parts = kinds.map(|(kind, part)| {
        let streams = input.streams().iter();
        let count = streams
            .filter(|stream| stream.kind == kind && !stream.is_opacity)
            .count();
        LeftOutPart {
            part,
            count: (count as u64).saturating_sub(1),
        }
    });
    parts.into_iter().filter(|part| part.count > 0).collect()
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
