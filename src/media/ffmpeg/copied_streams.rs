//! Copies everything but the pictures from one film to another: sound tracks packet by packet, subtitles, a cover,
//! chapters, timecode and metadata; in Matroska also attachments.
//!
//! Text subtitles that the output cannot hold become the text that it can hold (mov_text in MP4 and MOV, SubRip in
//! Matroska). Subtitles that are pictures are copied or left out. Data tracks of cameras are always left out, since
//! they hold places that the policy on metadata does not reach. Each track that is left out is named.

use std::path::Path;

use ffmpeg::media::Type;
use ffmpeg::{Packet, ffi};
use ffmpeg_next as ffmpeg;
use serde::{Deserialize, Serialize};

use super::demuxer::{Demuxer, NextPacket};
use super::increasing_ticks::IncreasingTicks;
use super::library::rational;
use super::muxer::Muxer;
use super::subtitle_text::SubtitleText;
use crate::error::Result;
use crate::media::{ClipContainer, Limits, MetadataPolicy};
use crate::notice::TrackType;
use crate::time::Rational;

/// Metadata keys that describe the container rather than the film.
const CONTAINERS_OWN: [&str; 4] = [
    "major_brand",
    "minor_version",
    "compatible_brands",
    "encoder",
];

/// A track that is not in the output, mostly because its container cannot hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOutTrack {
    /// What it holds.
    #[serde(default, skip_serializing_if = "TrackType::is_sound")]
    pub kind: TrackType,
    /// Position among the file's tracks of this kind, from 1.
    pub number: usize,
    /// FFmpeg's name for the codec, or the container's four-letter code if FFmpeg has no name; of an attachment, the
    /// name of its file.
    pub codec: String,
}

/// Copies the streams beside the pictures, and the metadata, of a file.
pub(in crate::media) struct CopiedStreams {
    input: Demuxer,
    /// By number of the input stream.
    streams: Vec<Option<CopiedStream>>,
    left_out: Vec<LeftOutTrack>,
    /// Subtracted from all times.
    shift: Rational,
    waiting: Option<Packet>,
    ended: bool,
}

/// One stream that is copied.
struct CopiedStream {
    /// Number of the output stream.
    to: i32,
    /// Time base of the input stream.
    base: Rational,
    kind: TrackType,
    ticks: IncreasingTicks,
    /// Rate and channels by the header of the first packet, where packets have one that is not copied (ADTS).
    header: Option<[u8; 2]>,
    is_aac: bool,
    changes: bool,
    /// Set for subtitles that become another kind of text.
    text: Option<SubtitleText>,
}

impl CopiedStreams {
    /// Opens `path` and adds its streams to `output`, a `container`, which must not have been started. Streams that
    /// `output` cannot hold are left out, and so are those of which `wanted`, by kind and number, says no.
    ///
    /// Times from MP4 and MOV are kept; for other containers the file's time zero becomes 0.
    pub fn open(
        path: &Path,
        limits: &Limits,
        output: &mut Muxer,
        container: ClipContainer,
        wanted: &dyn Fn(TrackType, usize) -> bool,
    ) -> Result<Self> {
        let input = Demuxer::open(path, limits)?;
        let mut streams = Vec::new();
        let mut left_out: Vec<LeftOutTrack> = Vec::new();
        let mut seen: Vec<TrackType> = Vec::new();
        for (number, from) in input.context().streams().enumerate() {
            let Some(kind) = track_type(&from) else {
                streams.push(None);
                continue;
            };
            seen.push(kind);
            let added = match wanted(kind, number) {
                true => add_track(&from, kind, output, container)?,
                false => Added::None,
            };
            if let Added::None = added {
                left_out.push(LeftOutTrack {
                    kind,
                    number: seen.iter().filter(|seen| **seen == kind).count(),
                    codec: file_name(&from).unwrap_or_else(|| codec_name(&input, number)),
                });
            }
            streams.push(added.stream());
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

    /// The tracks that are not copied.
    pub fn left_out(&self) -> &[LeftOutTrack] {
        &self.left_out
    }

    /// True if a track that was copied so far changes its rate or channels midway, which the output cannot say.
    pub fn sound_changes(&self) -> bool {
        self.streams.iter().flatten().any(|stream| stream.changes)
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
        while let Some(packet) = self.next() {
            let stream = self.streams.get_mut(packet.stream());
            let Some(stream) = stream.and_then(Option::as_mut) else {
                continue;
            };
            let time = packet.dts().or(packet.pts()).unwrap_or(0);
            let time = Rational::whole(time) * stream.base - self.shift;
            if until.is_some_and(|until| time > until) {
                self.waiting = Some(packet);
                return Ok(());
            }
            if let Some(mut packet) = stream.prepare(packet, self.shift) {
                output.write_copied(&mut packet, stream.to, base_of(stream.base))?;
            }
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

impl CopiedStream {
    fn new(from: &ffmpeg::Stream<'_>, to: i32, kind: TrackType) -> Self {
        Self {
            to,
            base: rational(from.time_base().into()).unwrap_or(Rational::ONE),
            kind,
            ticks: IncreasingTicks::new(1),
            header: None,
            is_aac: from.parameters().id() == ffmpeg::codec::Id::AAC,
            changes: false,
            text: None,
        }
    }

    /// The packet to write, with times from which `shift` was subtracted. A muxer refuses the whole film for one packet
    /// whose time does not increase, as in recordings with damage.
    fn prepare(&mut self, packet: Packet, shift: Rational) -> Option<Packet> {
        let mut packet = match &mut self.text {
            Some(text) => text.convert(&packet)?,
            None => packet,
        };
        if self.is_aac
            && let Some(header) = adts_header(&packet)
        {
            self.changes |= *self.header.get_or_insert(header) != header;
        }
        let shift = (shift * self.base.inverse().unwrap_or(Rational::ZERO)).round();
        let shown_after = match (packet.pts(), packet.dts()) {
            (Some(shown), Some(decoded)) => shown.saturating_sub(decoded).max(0),
            _ => 0,
        };
        let stamp = packet.dts().or(packet.pts());
        let stamp = stamp.map(|time| time.saturating_sub(shift));
        let start = match self.kind {
            // Subtitles may begin together, and last longer than until the next.
            TrackType::Subtitles => self.ticks.no_earlier(stamp),
            _ => self.ticks.place(stamp, packet.duration()).0,
        };
        packet.set_dts(Some(start));
        packet.set_pts(Some(start.saturating_add(shown_after)));
        // Byte position in the original, meaningless here.
        packet.set_position(-1);
        Some(packet)
    }
}

/// Profile, rate and channels by the header of an AAC packet of a transport stream (ISO/IEC 14496-3, 1.A.2.2.1).
fn adts_header(packet: &Packet) -> Option<[u8; 2]> {
    match packet.data()?.first_chunk::<4>()? {
        // Between them is the version, which does not count, and a bit that has no meaning.
        [0xff, mark, rate, channels] if mark & 0xf6 == 0xf0 => Some([rate & 0xfd, channels & 0xc0]),
        _ => None,
    }
}

/// What became of a track.
enum Added {
    None,
    /// Whole, with the header of the output.
    Attached,
    Stream(Box<CopiedStream>),
}

impl Added {
    fn stream(self) -> Option<CopiedStream> {
        match self {
            Self::Stream(stream) => Some(*stream),
            Self::None | Self::Attached => None,
        }
    }
}

/// What a stream holds. `None` for pictures, which are encoded anew or told as video tracks, and for timecode and
/// chapters, which are carried in other ways.
fn track_type(from: &ffmpeg::Stream<'_>) -> Option<TrackType> {
    const CARRIED: [&[u8; 4]; 2] = [b"tmcd", b"text"];
    const COVERS: i32 = ffi::AV_DISPOSITION_ATTACHED_PIC | ffi::AV_DISPOSITION_TIMED_THUMBNAILS;
    // SAFETY: the stream is borrowed from an open file; a plain number is read.
    let is_cover = unsafe { (*from.as_ptr()).disposition & COVERS != 0 };
    match from.parameters().medium() {
        Type::Audio => Some(TrackType::Sound),
        Type::Subtitle => Some(TrackType::Subtitles),
        Type::Attachment => Some(TrackType::Attachment),
        Type::Video if is_cover => Some(TrackType::Cover),
        Type::Data if !CARRIED.contains(&&codec_tag(from)) => Some(TrackType::Data),
        _ => None,
    }
}

/// Adds a track to `output` if that can hold it.
fn add_track(
    from: &ffmpeg::Stream<'_>,
    kind: TrackType,
    output: &mut Muxer,
    container: ClipContainer,
) -> Result<Added> {
    let copied = |to: i32| Added::Stream(Box::new(CopiedStream::new(from, to, kind)));
    Ok(match (kind, container) {
        (TrackType::Sound, _) => output.add_copied(from)?.map_or(Added::None, copied),
        (TrackType::Subtitles, _) => add_subtitles(from, output, container)?,
        (TrackType::Attachment | TrackType::Cover, ClipContainer::Matroska) => {
            match output.add_attachment(from)? {
                true => Added::Attached,
                false => Added::None,
            }
        }
        (TrackType::Cover, ClipContainer::Mp4) => {
            output.add_cover(from)?.map_or(Added::None, copied)
        }
        _ => Added::None,
    })
}

/// Adds subtitles: copied where `container` holds them, else as the text that it holds.
fn add_subtitles(
    from: &ffmpeg::Stream<'_>,
    output: &mut Muxer,
    container: ClipContainer,
) -> Result<Added> {
    let encoder = match container {
        ClipContainer::Matroska => "subrip",
        ClipContainer::Mp4 | ClipContainer::Mov => "mov_text",
    };
    if let Some(to) = output.add_copied(from)? {
        let stream = CopiedStream::new(from, to, TrackType::Subtitles);
        return Ok(Added::Stream(Box::new(stream)));
    }
    let Some(text) = SubtitleText::open(from, encoder) else {
        return Ok(Added::None);
    };
    // SAFETY: the encoder is open, and lives as long as the stream.
    let to = unsafe { output.add_encoded(text.encoder(), from)? };
    let mut stream = CopiedStream::new(from, to, TrackType::Subtitles);
    stream.text = Some(text);
    Ok(Added::Stream(Box::new(stream)))
}

/// The file name of an attachment, fit to be printed.
fn file_name(from: &ffmpeg::Stream<'_>) -> Option<String> {
    /// Longer names are cut.
    const MOST_LETTERS: usize = 100;
    if from.parameters().medium() != Type::Attachment {
        return None;
    }
    let metadata = from.metadata();
    let letters = metadata.get("filename")?.chars();
    let name: String = letters
        .filter(|letter| !letter.is_control())
        .take(MOST_LETTERS)
        .collect();
    (!name.is_empty()).then_some(name)
}

/// The container's four letters for the codec of a stream.
fn codec_tag(from: &ffmpeg::Stream<'_>) -> [u8; 4] {
    // SAFETY: the stream is borrowed from an open file; a plain number is read.
    unsafe { (*(*from.as_ptr()).codecpar).codec_tag.to_le_bytes() }
}

/// FFmpeg's name for a stream's codec, or the container's four-letter code if FFmpeg does not know the codec.
fn codec_name(input: &Demuxer, number: usize) -> String {
    let name = input
        .streams()
        .get(number)
        .map_or("", |stream| &stream.codec);
    if !matches!(name, "none" | "bin_data") {
        return name.to_owned();
    }
    let stream = input.context().stream(number);
    let letters = stream.map_or([0; 4], |stream| codec_tag(&stream));
    match name {
        _ if letters.iter().all(u8::is_ascii_graphic) => {
            letters.iter().map(|&letter| char::from(letter)).collect()
        }
        "none" => "unknown".into(),
        name => name.to_owned(),
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
