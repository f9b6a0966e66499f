//! What a file is, without decoding it.

use std::path::Path;

use crate::error::{Error, Result};
use crate::media::ffmpeg::{Demuxer, StreamKind};
use crate::media::still::still_facts;
use crate::media::stream_facts::{audio_facts, video_facts};
use crate::media::webp_film;
use crate::media::{Limits, MediaKind, Probe};

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
