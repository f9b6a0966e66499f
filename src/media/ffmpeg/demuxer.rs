//! An open container: its headers, its time zero, and its packets one after another.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufReader, Seek as _};
use std::path::{Path, PathBuf};

use ffmpeg::{Dictionary, Packet, ffi, format};
use ffmpeg_next as ffmpeg;

use super::container_head::{
    claimed_bytes, container_name, is_iso, is_open_rf64, known_magic, read_head,
};
use super::field_pairs::codes_fields;
use super::first_packets::FirstPackets;
use super::hevc_opacity::opacity_layer_in_packet;
use super::library::quiet;
use super::ogg_sound::OggSound;
use super::streams::{HiddenOpacity, Stream, StreamKind, describe, find_opacity_streams};
use super::watched_file::{ReadFailure, WatchedFile, take_failure};
use crate::error::{Error, LimitName, Result};
use crate::media::gif_blocks::Animation;
use crate::media::tags::id3v2::end_of_tags_in;
use crate::media::{Limits, apng_chunks, avi_chunks, iso_boxes};
use crate::time::Rational;

/// Demuxers that FFmpeg may use. None of them opens another file; all others are refused.
const CONTAINERS: &str = "mov,mp4,matroska,webm,avi,flv,asf,mpeg,mpegts,mxf,ivf,ogg,gif,apng,dv,\
    mp3,aac,ac3,eac3,dts,flac,wav,w64,aiff,au,caf,ape,wv,tta,tak,amr,dsf,mpc,mpc8";

/// Most packets to read ahead while looking for the first timestamps.
const AHEAD: usize = 300;
/// Most bytes to read ahead.
const AHEAD_BYTES: usize = 16 << 20;
/// Video packets needed to tell whether frames are evenly spaced.
const AHEAD_VIDEO: usize = 60;
/// After this many unreadable packets in a row the file counts as truncated.
const MOST_FAILURES: usize = 200;

/// What [`Demuxer::read`] found.
pub(in crate::media) enum NextPacket {
    /// The next packet, of any stream.
    Packet(Packet),
    /// The regular end.
    End,
    /// Reading cannot continue, with the reason.
    Broken(String),
}

/// An open container.
pub(in crate::media) struct Demuxer {
    context: format::context::Input,
    path: PathBuf,
    bytes: u64,
    /// File size that the container claims; 0 if it claims none.
    claimed: u64,
    /// The file ends inside the frames that its boxes or chunks announce.
    frames_cut: bool,
    /// Of a GIF or an animated PNG.
    animation: Option<Animation>,
    container: String,
    streams: Vec<Stream>,
    ahead: Vec<FirstPackets>,
    queue: VecDeque<Packet>,
    /// Of Ogg alone.
    ogg_sound: OggSound,
    ended: Option<Option<String>>,
    zero: Rational,
    failure: ReadFailure,
    /// The end of the latest packet of any stream, from time zero.
    reached: Rational,
}

impl Demuxer {
    /// Opens `path`, reads its headers and its first packets, and checks the limits on bytes and streams.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        quiet();
        let (mut file, bytes) = limits.open(path)?;
        // The real content starts after any ID3 tags. FFmpeg skips only one tag.
        let start = end_of_tags_in(&mut file).map_err(|error| Error::read(path, error))?;
        let mut head = [0; 64];
        let read =
            read_head(&mut file, start, &mut head).map_err(|error| Error::read(path, error))?;
        let head = &head[..read];
        if head.is_empty() {
            return Err(Error::damaged(path, "it is empty"));
        }

        let (end, frames_cut) = readable_end(path, &mut file, head, limits)?;
        let animation = match head {
            [b'G', b'I', b'F', b'8', ..] => Some(Animation::read_gif(&mut file)),
            [0x89, b'P', b'N', b'G', ..] => Some(apng_chunks::read(&mut file)),
            _ => None,
        };
        let animation = animation
            .transpose()
            .map_err(|error| Error::read(path, error))?;

        let failure = ReadFailure::default();
        let part = (start, end.unwrap_or(bytes));
        let watched = WatchedFile::new(file, part, failure.clone())
            .map_err(|error| Error::read(path, error))?;
        // FFmpeg reads a length of 0 as "no sound" in RF64, but as "to the end of the file" in RIFF.
        let watched = if is_open_rf64(head) {
            watched.beginning_with(b"RIFF")
        } else {
            watched
        };
        let context = open_context(path, watched, head, &failure)?;
        limits.check(path, LimitName::Streams, u64::from(context.nb_streams()))?;

        let container = container_name(context.format().name(), head);
        let mut input = Self {
            context,
            path: path.into(),
            bytes,
            claimed: claimed_bytes(head),
            frames_cut,
            animation,
            container,
            streams: Vec::new(),
            ahead: Vec::new(),
            queue: VecDeque::new(),
            ogg_sound: OggSound::default(),
            ended: None,
            zero: Rational::ZERO,
            failure,
            reached: Rational::ZERO,
        };
        input.streams = input.describe_all();
        if input.container == "ogg" {
            input.ogg_sound = OggSound::new(&input.streams);
        }
        if input.container == "avif" {
            find_opacity_streams(&mut input.streams);
        }
        input.look_ahead(limits)?;
        input.zero = input.time_zero();
        Ok(input)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Size of the file.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// `mp4`, `webm` …
    pub fn container(&self) -> &str {
        &self.container
    }

    /// File-level metadata as key and value.
    pub fn told(&self) -> Vec<(String, String)> {
        self.context
            .metadata()
            .iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    /// File-level metadata followed by the metadata of all streams.
    pub fn all_texts(&self) -> Vec<(String, String)> {
        let streams = self.context.streams();
        let mut texts = self.told();
        for stream in streams {
            let own = stream.metadata();
            texts.extend(
                own.iter()
                    .map(|(key, value)| (key.to_owned(), value.to_owned())),
            );
        }
        texts
    }

    /// Cover pictures attached to the file.
    pub fn attached_pictures(&self) -> Vec<Vec<u8>> {
        let mut pictures = Vec::new();
        // SAFETY: the context is open; the array holds `nb_streams` valid pointers, and an attached picture is a packet
        // that the stream owns.
        unsafe {
            let raw = self.context.as_ptr();
            for number in 0..(*raw).nb_streams as usize {
                let stream = *(*raw).streams.add(number);
                let packet = &(*stream).attached_pic;
                let attached = (*stream).disposition & ffi::AV_DISPOSITION_ATTACHED_PIC != 0;
                if let (true, false, Ok(length @ 1..)) = (
                    attached,
                    packet.data.is_null(),
                    usize::try_from(packet.size),
                ) {
                    pictures.push(std::slice::from_raw_parts(packet.data, length).to_vec());
                }
            }
        }
        pictures
    }

    /// Headers of all streams.
    pub fn streams(&self) -> &[Stream] {
        &self.streams
    }

    /// The file's time zero, as a position on the timeline of its timestamps.
    pub fn zero(&self) -> Rational {
        self.zero
    }

    /// Duration from the headers, in seconds. `None` if FFmpeg only estimated it from the bit rate.
    pub fn duration(&self) -> Option<Rational> {
        let duration = self.context.duration();
        (duration > 0 && !self.duration_is_guessed())
            .then(|| Rational::new(duration, i64::from(ffi::AV_TIME_BASE)))
            .flatten()
    }

    /// True if the headers state no duration and FFmpeg estimated one from the bit rate.
    pub fn duration_is_guessed(&self) -> bool {
        // SAFETY: the context is open; a plain number is read.
        unsafe {
            (*self.context.as_ptr()).duration_estimation_method
                == ffi::AVDurationEstimationMethod::AVFMT_DURATION_FROM_BITRATE
        }
    }

    /// The stream to play: the default one among the decodable streams of `kind`, else the largest.
    pub fn best(&self, kind: StreamKind) -> Option<usize> {
        let usable = |stream: &Stream| {
            stream.kind == kind
                && !stream.is_opacity
                && stream.decodable
                && match kind {
                    StreamKind::Video => stream.coded.pixels() > 0,
                    _ => stream.sample_rate > 0 && stream.channels > 0,
                }
        };
        (0..self.streams.len())
            .filter(|number| usable(&self.streams[*number]))
            .max_by_key(|number| {
                let stream = &self.streams[*number];
                (
                    stream.default,
                    stream.coded.pixels(),
                    std::cmp::Reverse(*number),
                )
            })
    }

    /// Start time of the first frame or sample of `stream`, from time zero.
    pub fn start(&self, stream: usize) -> Rational {
        self.first(stream)
            .map_or(Rational::ZERO, |first| first - self.zero)
    }

    /// Shortest and longest step between the first presentation times of `stream`, in its time base.
    pub fn first_steps(&self, stream: usize) -> Option<(i64, i64)> {
        self.ahead.get(stream)?.steps()
    }

    /// Encoder delay of `stream` in seconds: what the decoder drops from the start.
    pub fn encoder_delay(&self, stream: usize) -> Rational {
        let (Some(headers), Some(ahead)) = (self.streams.get(stream), self.ahead.get(stream))
        else {
            return Rational::ZERO;
        };
        let samples = i64::from(ahead.skip.max(headers.initial_padding));
        Rational::new(samples, i64::from(headers.sample_rate.max(1))).unwrap_or(Rational::ZERO)
    }

    /// The end of the latest packet of any stream so far, from time zero.
    pub fn reached(&self) -> Rational {
        self.reached
    }

    /// Reads all remaining packets. Returns the end of the latest one, from time zero.
    pub fn run_to_end(mut self) -> Rational {
        while let NextPacket::Packet(_) = self.read() {}
        self.reached
    }

    /// True if the file ends inside the frames that its boxes (MP4) or chunks (AVI) announce.
    pub fn frames_are_cut(&self) -> bool {
        self.frames_cut
    }

    /// True if the outermost box or chunk claims more bytes than the file has.
    pub fn is_cut_short(&self) -> bool {
        self.claimed > self.bytes || self.animation.is_some_and(|animation| !animation.complete)
    }

    /// What a GIF or an animated PNG says of all its frames.
    pub fn animation(&self) -> Option<Animation> {
        self.animation
    }

    /// The open FFmpeg context, for stream copies.
    pub(super) fn context(&self) -> &format::context::Input {
        &self.context
    }

    /// Codec parameters of `stream`, for opening a decoder.
    pub(super) fn parameters(&self, stream: usize) -> Option<ffmpeg::codec::Parameters> {
        self.context
            .stream(stream)
            .map(|stream| stream.parameters())
    }

    /// The next packet. Damaged packets are skipped.
    pub fn read(&mut self) -> NextPacket {
        if let Some(packet) = self.queue.pop_front() {
            return NextPacket::Packet(packet);
        }
        match self.read_on() {
            Ok(packet) => NextPacket::Packet(packet),
            Err(None) => NextPacket::End,
            Err(Some(what)) => NextPacket::Broken(what),
        }
    }

    /// Seeks to the last key frame of `stream` at or before `time` (from time zero).
    pub fn seek(&mut self, stream: usize, time: Rational) -> bool {
        let Some(base) = self.streams.get(stream).map(|stream| stream.time_base) else {
            return false;
        };
        let time = (time + self.zero) * base.inverse().unwrap_or(Rational::ONE);
        let Ok(number) = i32::try_from(stream) else {
            return false;
        };
        self.forget();
        // SAFETY: the context is open and owned by `self`.
        let answer = unsafe {
            ffi::avformat_seek_file(
                self.context.as_mut_ptr(),
                number,
                i64::MIN,
                time.floor(),
                time.floor(),
                0,
            )
        };
        answer >= 0
    }

    /// Seeks to the first packet.
    pub fn rewind(&mut self) -> bool {
        self.forget();
        // SAFETY: the context is open and owned by `self`.
        unsafe {
            ffi::avformat_seek_file(
                self.context.as_mut_ptr(),
                -1,
                i64::MIN,
                i64::MIN,
                i64::MIN,
                0,
            ) >= 0
        }
    }

    fn forget(&mut self) {
        self.queue.clear();
        self.ogg_sound.clear();
        self.ended = None;
        self.reached = Rational::ZERO;
        self.context.clear_eof();
    }

    fn describe_all(&mut self) -> Vec<Stream> {
        let indexed = self.context.format().name().starts_with("mov");
        // SAFETY: the context is open and owned by `self`; the array holds `nb_streams` valid pointers.
        unsafe {
            let raw = self.context.as_mut_ptr();
            (0..(*raw).nb_streams as usize)
                .map(|number| describe(*(*raw).streams.add(number), indexed))
                .collect()
        }
    }

    /// Reads the first packets and keeps them for [`Self::read`].
    fn look_ahead(&mut self, limits: &Limits) -> Result<()> {
        self.ahead = vec![FirstPackets::default(); self.streams.len()];
        let video = self.best(StreamKind::Video);
        let sound = self.best(StreamKind::Audio);
        let mut bytes = 0;
        let mut queue = VecDeque::new();
        while queue.len() < AHEAD && bytes < AHEAD_BYTES {
            let enough = |stream: Option<usize>, wanted: usize| {
                stream.is_none_or(|stream| self.ahead[stream].times.len() >= wanted)
            };
            if enough(video, AHEAD_VIDEO) && enough(sound, 1) {
                break;
            }
            let Ok(packet) = self.read_on() else { break };
            bytes += packet.size();
            limits.check(&self.path, LimitName::MemoryBytes, bytes as u64)?;
            if let (Some(ahead), Some(stream)) = (
                self.ahead.get_mut(packet.stream()),
                self.streams.get(packet.stream()),
            ) {
                ahead.note(&packet, stream.kind == StreamKind::Audio);
            }
            queue.push_back(packet);
        }
        // MPEG-PS and FLV announce streams only as their packets arrive.
        let count = self.context.nb_streams();
        limits.check(&self.path, LimitName::Streams, u64::from(count))?;
        if count as usize > self.streams.len() {
            self.streams = self.describe_all();
            self.ahead
                .resize(self.streams.len(), FirstPackets::default());
        }
        self.queue = queue;
        if let Some(stream) = self.best(StreamKind::Video) {
            self.look_into_hevc(stream);
        }
        Ok(())
    }

    /// Adds what the first packet of an HEVC stream tells beyond its headers.
    fn look_into_hevc(&mut self, number: usize) {
        let packet = self.queue.iter().find(|packet| packet.stream() == number);
        let (Some(packet), Some(parameters)) = (packet, self.parameters(number)) else {
            return;
        };
        let Some(stream) = self.streams.get_mut(number) else {
            return;
        };
        if stream.codec != "hevc" {
            return;
        }
        // SAFETY: the parameters are owned here; the length is FFmpeg's own.
        let headers = unsafe {
            let raw = parameters.as_ptr();
            match usize::try_from((*raw).extradata_size) {
                Ok(length @ 1..) if !(*raw).extradata.is_null() => {
                    std::slice::from_raw_parts((*raw).extradata, length)
                }
                _ => &[],
            }
        };
        let announced = opacity_layer_in_packet(headers, packet.data().unwrap_or_default());
        stream.opacity = stream.opacity.or(announced.map(HiddenOpacity::Layer));
        stream.codes_fields = codes_fields(parameters, packet);
    }

    /// First presentation time of `stream`, on the timeline of its timestamps.
    fn first(&self, number: usize) -> Option<Rational> {
        let stream = self.streams.get(number)?;
        let ahead = self.ahead.get(number)?;
        let first = ahead.times.iter().min().copied().or(stream.start)?;
        let first = Rational::whole(first) * stream.time_base;
        if stream.kind != StreamKind::Audio {
            return Some(first);
        }
        if self.container == "ogg" && stream.codec == "vorbis" {
            // The first packet only primes the overlap (Vorbis I, section 4.3.8), and Ogg places it before time zero.
            return Some(first + Rational::whole(ahead.first_length) * stream.time_base);
        }
        let delay = self.encoder_delay(number);
        let heard = first + delay;
        // A coarse time base (1 ms in Matroska) rounds the encoder delay, so a start within one unit of 0 is 0.
        let coarse = stream.time_base > Rational::new(1, i64::from(stream.sample_rate.max(1)))?;
        let distance = if heard.is_negative() {
            Rational::ZERO - heard
        } else {
            heard
        };
        if coarse && delay > Rational::ZERO && distance < stream.time_base {
            return Some(Rational::ZERO);
        }
        Some(heard)
    }

    fn time_zero(&self) -> Rational {
        (0..self.streams.len())
            .filter(|number| self.streams[*number].kind != StreamKind::Other)
            .filter_map(|number| self.first(number))
            .min()
            .unwrap_or(Rational::ZERO)
    }

    /// Reads the next packet from the file. Errors: `None` at the regular end, else the reason for the break.
    fn read_on(&mut self) -> Result<Packet, Option<String>> {
        let packet = loop {
            if let Some(packet) = self.ogg_sound.pop() {
                break packet;
            }
            if let Some(end) = &self.ended {
                return Err(end.clone());
            }
            match self.read_file() {
                Ok(packet) => {
                    if let Some(packet) = self.ogg_sound.push(packet) {
                        break packet;
                    }
                }
                Err(end) => {
                    self.ended = Some(end);
                    self.ogg_sound.end();
                }
            }
        };
        self.mark(&packet);
        Ok(packet)
    }

    fn read_file(&mut self) -> Result<Packet, Option<String>> {
        // In a transport stream "corrupt" only means that a counter jumped. Elsewhere the packet is incomplete.
        let transport = self.container == "mpeg-ts";
        let mut failures = 0;
        let end = loop {
            let mut packet = Packet::empty();
            match packet.read(&mut self.context) {
                Ok(()) if packet.size() == 0 => {}
                Ok(()) if packet.is_corrupt() && !transport && !self.is_plain(&packet) => {}
                Ok(()) => return Ok(packet),
                Err(error) => {
                    if let Some(error) = take_failure(&self.failure) {
                        break Some(error.to_string());
                    }
                    match error {
                        ffmpeg::Error::Eof => break None,
                        ffmpeg::Error::InvalidData
                        | ffmpeg::Error::Other { errno: ffi::EAGAIN } => {}
                        error => break Some(error.to_string()),
                    }
                }
            }
            failures += 1;
            if failures > MOST_FAILURES {
                break Some("no readable packet follows".into());
            }
        };
        Err(end)
    }

    /// True for uncompressed samples: an incomplete packet of those is still good as far as it goes.
    fn is_plain(&self, packet: &Packet) -> bool {
        let stream = self.streams.get(packet.stream());
        stream.is_some_and(|stream| stream.codec.starts_with("pcm_"))
    }

    fn mark(&mut self, packet: &Packet) {
        let Some(stream) = self.streams.get(packet.stream()) else {
            return;
        };
        if let Some(time) = packet.pts().or(packet.dts())
            && stream.kind != StreamKind::Other
        {
            let end = time.saturating_add(packet.duration().max(0));
            self.reached = self
                .reached
                .max(Rational::whole(end) * stream.time_base - self.zero);
        }
    }
}

/// Returns where the readable part of an MP4 ends, if that is before the end of the file, and whether the file ends
/// inside the frames that its boxes (MP4) or chunks (AVI) announce.
fn readable_end(
    path: &Path,
    file: &mut File,
    head: &[u8],
    limits: &Limits,
) -> Result<(Option<u64>, bool)> {
    if is_iso(head) {
        let end = iso_boxes::check(path, file, limits)?;
        return Ok((end, end.is_some()));
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"AVI ") {
        let cut = avi_chunks::is_cut_short(&mut BufReader::new(&mut *file));
        file.rewind().map_err(|error| Error::read(path, error))?;
        return Ok((None, cut.map_err(|error| Error::read(path, error))?));
    }
    Ok((None, false))
}

/// Lets FFmpeg open `file`, whose first bytes are `head`.
fn open_context(
    path: &Path,
    file: WatchedFile,
    head: &[u8],
    failure: &ReadFailure,
) -> Result<format::context::Input> {
    let source = format::context::StreamIo::from_read_seek_with_capacity(file, 1 << 16)
        .map_err(|error| Error::damaged(path, error))?;
    let options = Dictionary::from_iter([
        ("format_whitelist", CONTAINERS),
        ("protocol_whitelist", "none"),
        ("probesize", "5000000"),
        ("analyzeduration", "10000000"),
        // Of animated PNG alone.
        ("max_fps", apng_chunks::FASTEST),
        ("default_fps", apng_chunks::INSTEAD),
    ]);
    format::input_from_stream(source, None, Some(options)).map_err(|error| {
        if let Some(error) = take_failure(failure) {
            return Error::read(path, error);
        }
        match error {
            // FFmpeg returns EINVAL for a container that is not on the list.
            ffmpeg::Error::Other { errno: ffi::EINVAL } => {
                Error::unsupported(path, "its content is of no kind that is known here")
            }
            ffmpeg::Error::InvalidData if !known_magic(head) => {
                Error::unsupported(path, "its content is of no kind that is known here")
            }
            error => Error::damaged(path, format!("its headers cannot be read ({error})")),
        }
    })
}
