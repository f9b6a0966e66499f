//! What of one film is carried over to another as it is: its sound, packet by packet, and what it says of itself.

use std::path::Path;

use ffmpeg::{Packet, ffi};
use ffmpeg_next as ffmpeg;

use super::demuxer::{Demuxer, NextPacket};
use super::muxer::Muxer;
use super::streams::StreamKind;
use crate::error::{Error, Result};
use crate::media::{Limits, MetadataPolicy};
use crate::time::Rational;

/// What a container says of itself, not of the film.
const CONTAINERS_OWN: [&str; 4] = [
    "major_brand",
    "minor_version",
    "compatible_brands",
    "encoder",
];

/// Copies all sound streams of a file, and what it says of itself.
pub(in crate::media) struct CopiedStreams {
    input: Demuxer,
    /// For each stream of the input: the stream of the output that it becomes, and its time base.
    streams: Vec<Option<(i32, Rational)>>,
    /// What is taken off all times.
    shift: Rational,
    waiting: Option<Packet>,
    ended: bool,
}

impl CopiedStreams {
    /// Opens `path` and adds its sound streams to `output`, which has not been started.
    ///
    /// Times stay as they are in MP4 and MOV; elsewhere the file's time zero becomes 0. Fails with `Unsupported` where
    /// the output cannot hold the sound as it is.
    pub fn open(path: &Path, limits: &Limits, output: &mut Muxer) -> Result<Self> {
        let input = Demuxer::open(path, limits)?;
        let mut streams = Vec::new();
        for (number, stream) in input.streams().iter().enumerate() {
            let parameters = (stream.kind == StreamKind::Audio)
                .then(|| input.parameters(number))
                .flatten();
            let copied = match parameters {
                Some(parameters) => {
                    let base = base_of(stream.time_base);
                    let added = output.add_copied(&parameters, base)?;
                    let added = added.ok_or_else(|| {
                        let what =
                            format!("its sound is {}, which MP4 does not hold", stream.codec);
                        Error::unsupported(path, what)
                    })?;
                    Some((added, stream.time_base))
                }
                None => None,
            };
            streams.push(copied);
        }
        let same = matches!(input.container(), "mp4" | "mov");
        let shift = if same { Rational::ZERO } else { input.zero() };
        Ok(Self {
            input,
            streams,
            shift,
            waiting: None,
            ended: false,
        })
    }

    /// Where the file's time zero is on the timeline of the output.
    pub fn zero(&self) -> Rational {
        self.input.zero() - self.shift
    }

    /// Copies the original's metadata into `output`, which has not been started, as far as `policy` lets it through.
    /// Gives whether a location is among it.
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

    /// Writes all packets that are decoded up to `time` on the timeline of the output; without it, all.
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
            // Where it was in the other file.
            packet.set_position(-1);
            output.write(&mut packet, stream, base_of(base))?;
        }
        Ok(())
    }

    /// The next packet, the one that waits first. What cannot be read any more is not copied: the pictures tell it.
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

/// True for keys under which cameras write where they were.
fn is_place(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["location", "gps", "xyz"]
        .iter()
        .any(|word| key.contains(word))
}

fn base_of(base: Rational) -> ffi::AVRational {
    // FFmpeg gave it as two of these numbers.
    ffi::AVRational {
        num: i32::try_from(base.numerator()).unwrap_or(1),
        den: i32::try_from(base.denominator()).unwrap_or(1),
    }
}
