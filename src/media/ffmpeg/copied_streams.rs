//! Copies everything but the pictures from one film to another: sound tracks packet by packet, chapters, timecode and
//! metadata; in Matroska also subtitles, attachments and covers.

use std::path::Path;

use ffmpeg::format::stream::Disposition;
use ffmpeg::media::Type;
use ffmpeg::{Packet, ffi};
use ffmpeg_next as ffmpeg;
use serde::{Deserialize, Serialize};

use super::demuxer::{Demuxer, NextPacket};
use super::library::rational;
use super::muxer::Muxer;
use super::streams::StreamKind;
use crate::error::{Error, Result};
use crate::media::{ClipContainer, Limits, MetadataPolicy};
use crate::time::Rational;

/// Metadata keys that describe the container rather than the film.
const CONTAINERS_OWN: [&str; 4] = [
    "major_brand",
    "minor_version",
    "compatible_brands",
    "encoder",
];

/// A sound track that the output container cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutTrack {
    /// Position among the file's sound tracks, from 1.
    pub number: usize,
    /// FFmpeg's name for the codec, or the container's four-letter code if FFmpeg has no name.
    pub codec: String,
}

/// Copies the streams beside the pictures, and the metadata, of a file.
pub(in crate::media) struct CopiedStreams {
    input: Demuxer,
    /// For each input stream: the output stream it is copied to, and its time base.
    streams: Vec<Option<(i32, Rational)>>,
    left_out: Vec<LeftOutTrack>,
    /// Subtracted from all times.
    shift: Rational,
    waiting: Option<Packet>,
    ended: bool,
}

impl CopiedStreams {
    /// Opens `path` and adds its streams to `output`, a `container`, which must not have been started. Streams that
    /// `output` cannot hold are left out.
    ///
    /// Times from MP4 and MOV are kept; for other containers the file's time zero becomes 0. Fails with `Unsupported`
    /// if the file has sound and the output can hold none of it: a clip must not silently lose its sound.
    pub fn open(
        path: &Path,
        limits: &Limits,
        output: &mut Muxer,
        container: ClipContainer,
    ) -> Result<Self> {
        let input = Demuxer::open(path, limits)?;
        let mut streams = vec![None; input.streams().len()];
        let mut left_out = Vec::new();
        let sound = input.streams().iter().enumerate();
        let sound = sound.filter(|(_, stream)| stream.kind == StreamKind::Audio);
        for (at, (number, stream)) in sound.enumerate() {
            let added = match input.context().stream(number) {
                Some(from) => output.add_copied(&from)?,
                None => None,
            };
            match (added, streams.get_mut(number)) {
                (Some(added), Some(copied)) => *copied = Some((added, stream.time_base)),
                _ => left_out.push(LeftOutTrack {
                    number: at + 1,
                    codec: codec_name(&input, number),
                }),
            }
        }
        if let Some(first) = left_out.first()
            && streams.iter().all(Option::is_none)
        {
            let container = container.title();
            let what = format!(
                "its sound is {}, which {container} does not hold",
                first.codec
            );
            return Err(Error::unsupported(path, what));
        }
        if container == ClipContainer::Matroska {
            add_extras(&input, output, &mut streams)?;
        }
        let same = matches!(input.container(), "mp4" | "mov");
        let shift = if same { Rational::ZERO } else { input.zero() };
        Ok(Self {
            input,
            streams,
            left_out,
            shift,
            waiting: None,
            ended: false,
        })
    }

    /// The file's time zero on the output's timeline.
    pub fn zero(&self) -> Rational {
        self.input.zero() - self.shift
    }

    /// The sound tracks that are not copied.
    pub fn left_out(&self) -> &[LeftOutTrack] {
        &self.left_out
    }

    /// Adds the chapters to `output` and the timecode to its stream `pictures`. `output` must not have been started.
    pub fn copy_structure(&self, output: &mut Muxer, pictures: i32) -> Result<()> {
        let context = self.input.context();
        for chapter in context.chapters() {
            // SAFETY: the chapter is borrowed from the open file; plain numbers are read.
            let base = rational(unsafe { (*chapter.as_ptr()).time_base }).unwrap_or(Rational::ONE);
            let shift = (self.shift * base.inverse().unwrap_or(Rational::ZERO)).round();
            // The muxer rejects the whole clip over one chapter that has no time or ends before it begins.
            let start = chapter.start().saturating_sub(shift);
            if start < 0 || chapter.end().saturating_sub(shift) < start {
                continue;
            }
            output.add_chapter(&chapter, shift)?;
        }
        let timecode = context
            .streams()
            .find_map(|stream| stream.metadata().get("timecode").map(str::to_owned));
        if let Some(timecode) = timecode {
            output.describe_stream(pictures, "timecode", &timecode);
        }
        Ok(())
    }

    /// Copies the metadata that `policy` allows into `output`, which must not have been started. Returns true if it
    /// includes a location.
    pub fn tell(&self, output: &mut Muxer, policy: MetadataPolicy) -> bool {
        let mut location = false;
        for (key, value) in self.input.told() {
            let place = is_place(&key);
            let kept = match policy {
                MetadataPolicy::Keep => true,
                MetadataPolicy::StripLocation => !place,
                MetadataPolicy::Strip => false,
            };
            if kept && !CONTAINERS_OWN.contains(&key.as_str()) {
                location |= place;
                output.tell(&key, &value);
            }
        }
        location
    }

    /// Writes the packets whose decode time is at or before `time` on the output's timeline; all packets if `None`.
    pub fn copy(&mut self, output: &mut Muxer, until: Option<Rational>) -> Result<()> {
        while let Some(mut packet) = self.next() {
            let Some((stream, base)) = self.streams.get(packet.stream()).copied().flatten() else {
                continue;
            };
            let shift = (self.shift * base.inverse().unwrap_or(Rational::ZERO)).round();
            let time = packet.dts().or(packet.pts()).unwrap_or(0);
            let late = until.is_some_and(|until| Rational::whole(time) * base - self.shift > until);
            if late {
                self.waiting = Some(packet);
                return Ok(());
            }
            packet.set_pts(packet.pts().map(|time| time.saturating_sub(shift)));
            packet.set_dts(packet.dts().map(|time| time.saturating_sub(shift)));
            // Byte position in the original, meaningless here.
            packet.set_position(-1);
            output.write(&mut packet, stream, base_of(base))?;
        }
        Ok(())
    }

    /// The waiting packet if there is one, else the next from the file. A read error ends the copy quietly, because
    /// decoding the pictures reports it.
    fn next(&mut self) -> Option<Packet> {
        if let Some(packet) = self.waiting.take() {
            return Some(packet);
        }
        if self.ended {
            return None;
        }
        match self.input.read() {
            NextPacket::Packet(packet) => Some(packet),
            NextPacket::End | NextPacket::Broken(_) => {
                self.ended = true;
                None
            }
        }
    }
}

/// Adds subtitles, attachments and covers. Those that cannot be held, or that lack a name or type, are left out.
fn add_extras(
    input: &Demuxer,
    output: &mut Muxer,
    streams: &mut [Option<(i32, Rational)>],
) -> Result<()> {
    for (from, copied) in input.context().streams().zip(streams) {
        let cover = from.disposition().contains(Disposition::ATTACHED_PIC);
        match from.parameters().medium() {
            Type::Subtitle => {
                let base = rational(from.time_base().into()).unwrap_or(Rational::ONE);
                *copied = output.add_copied(&from)?.map(|added| (added, base));
            }
            Type::Attachment => output.add_attachment(&from)?,
            Type::Video if cover => output.add_attachment(&from)?,
            _ => {}
        }
    }
    Ok(())
}

/// FFmpeg's name for a stream's codec, or the container's four-letter code if FFmpeg does not know the codec.
fn codec_name(input: &Demuxer, number: usize) -> String {
    let name = input
        .streams()
        .get(number)
        .map_or("", |stream| &stream.codec);
    if name != "none" {
        return name.to_owned();
    }
    let parameters = input.parameters(number);
    // SAFETY: the parameters are owned here; a plain number is read.
    let tag = parameters.map_or(0, |parameters| unsafe { (*parameters.as_ptr()).codec_tag });
    let letters = tag.to_le_bytes();
    if letters.iter().all(u8::is_ascii_graphic) {
        letters.iter().map(|&letter| char::from(letter)).collect()
    } else {
        "unknown".into()
    }
}

/// True for keys under which cameras store their location.
fn is_place(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["location", "gps", "xyz"]
        .iter()
        .any(|word| key.contains(word))
}

fn base_of(base: Rational) -> ffi::AVRational {
    // Both numbers came from an AVRational, so they fit.
    ffi::AVRational {
        num: i32::try_from(base.numerator()).unwrap_or(1),
        den: i32::try_from(base.denominator()).unwrap_or(1),
    }
}
