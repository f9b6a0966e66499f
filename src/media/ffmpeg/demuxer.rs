//! An open container: its headers, its time zero, and its packets one after another.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ffmpeg::{Dictionary, Packet, ffi, format};
use ffmpeg_next as ffmpeg;

use super::quiet;
use super::streams::{Stream, StreamKind, describe};
use crate::error::{Error, LimitName, Result};
use crate::media::gif_blocks::GifBlocks;
use crate::media::{Limits, avi_chunks, iso_boxes};
use crate::time::Rational;

/// The containers that are read; everything else FFmpeg knows is refused. None of these opens another file.
const CONTAINERS: &str = "mov,mp4,matroska,webm,avi,flv,asf,mpeg,mpegts,mxf,ivf,ogg,gif,dv,\
    mp3,aac,ac3,eac3,dts,flac,wav,w64,aiff,au,caf,ape,wv,tta,tak,amr,dsf,mpc,mpc8";

/// Packets that are read ahead for the first timestamps, at most.
const AHEAD: usize = 300;
/// Bytes that are read ahead, at most.
const AHEAD_BYTES: usize = 16 << 20;
/// Video packets that show whether frames are evenly spaced.
const AHEAD_VIDEO: usize = 60;
/// Unreadable packets in a row after which a file counts as broken off.
const MOST_FAILURES: usize = 200;

/// What [`Demuxer::read`] found.
pub(in crate::media) enum NextPacket {
    /// The next packet, of any stream.
    Packet(Packet),
    /// The regular end.
    End,
    /// Reading cannot go on, and why.
    Broken(String),
}

/// The first timestamps of a stream, from its packets.
#[derive(Debug, Clone, Default)]
struct FirstPackets {
    /// Presentation times of the packets that are shown, in the order of the file.
    times: Vec<i64>,
    last_decode_time: Option<i64>,
    /// Samples that the decoder drops from the first packet.
    skip: u32,
}

/// An open container.
pub(in crate::media) struct Demuxer {
    context: format::context::Input,
    path: PathBuf,
    bytes: u64,
    /// Bytes that the container says it has; 0 where it does not say.
    claimed: u64,
    /// The file ends amid the frames that its own boxes or chunks say are there.
    frames_cut: bool,
    /// Of a GIF.
    gif: Option<GifBlocks>,
    container: String,
    streams: Vec<Stream>,
    ahead: Vec<FirstPackets>,
    queue: VecDeque<Packet>,
    ended: Option<Option<String>>,
    zero: Rational,
    failure: Failure,
    /// The end of the latest packet of any stream, from time zero.
    reached: Rational,
}

/// The system's answer to the last failed read: FFmpeg itself keeps only a number, or nothing.
type Failure = Arc<Mutex<Option<io::Error>>>;

/// A file that remembers why reading it failed, and ends where its readable part does.
struct WatchedFile {
    file: File,
    at: u64,
    end: u64,
    failure: Failure,
}

impl io::Read for WatchedFile {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let length = into.len().min(left);
        let read = self.file.read(&mut into[..length]).inspect_err(|error| {
            let copy = error.raw_os_error().map_or_else(
                || io::Error::from(error.kind()),
                io::Error::from_raw_os_error,
            );
            *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(copy);
        })?;
        self.at = self.at.saturating_add(read as u64);
        Ok(read)
    }
}

impl Seek for WatchedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::End(back) => SeekFrom::Start(self.end.saturating_add_signed(back)),
            SeekFrom::Current(by) => SeekFrom::Start(self.at.saturating_add_signed(by)),
            start => start,
        };
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

impl Demuxer {
    /// Opens `path`, reads its headers and its first packets, and checks the limits on bytes and streams.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self> {
        quiet();
        let (mut file, bytes) = limits.open(path)?;
        let mut head = [0; 64];
        let read = read_head(&mut file, &mut head).map_err(|error| Error::read(path, error))?;
        let head = &head[..read];
        if head.is_empty() {
            return Err(Error::damaged(path, "it is empty"));
        }

        let mut end = bytes;
        let frames_cut = if is_iso(head) {
            let breaks_off = iso_boxes::check(path, &mut file, limits)?;
            end = breaks_off.unwrap_or(end);
            breaks_off.is_some()
        } else if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"AVI ") {
            let cut = avi_chunks::is_cut_short(&mut BufReader::new(&mut file));
            file.rewind().map_err(|error| Error::read(path, error))?;
            cut.map_err(|error| Error::read(path, error))?
        } else {
            false
        };

        let gif = head
            .starts_with(b"GIF8")
            .then(|| GifBlocks::read(&mut file));
        let gif = gif.transpose().map_err(|error| Error::read(path, error))?;

        let failure = Failure::default();
        let watched = WatchedFile {
            file,
            at: 0,
            end,
            failure: failure.clone(),
        };
        let source = format::context::StreamIo::from_read_seek_with_capacity(watched, 1 << 16)
            .map_err(|error| Error::damaged(path, error))?;
        let options = Dictionary::from_iter([
            ("format_whitelist", CONTAINERS),
            ("protocol_whitelist", "none"),
            ("probesize", "5000000"),
            ("analyzeduration", "10000000"),
        ]);
        let context = format::input_from_stream(source, None, Some(options)).map_err(|error| {
            if let Some(error) = take(&failure) {
                return Error::read(path, error);
            }
            match error {
                // EINVAL is the answer to a container that is not on the list.
                ffmpeg::Error::Other { errno: ffi::EINVAL } => {
                    Error::unsupported(path, "its content is of no kind that is known here")
                }
                ffmpeg::Error::InvalidData if !known_magic(head) => {
                    Error::unsupported(path, "its content is of no kind that is known here")
                }
                error => Error::damaged(path, format!("its headers cannot be read ({error})")),
            }
        })?;
        limits.check(path, LimitName::Streams, u64::from(context.nb_streams()))?;

        let container = container_name(context.format().name(), head);
        let mut input = Self {
            context,
            path: path.into(),
            bytes,
            claimed: claimed_bytes(head),
            frames_cut,
            gif,
            container,
            streams: Vec::new(),
            ahead: Vec::new(),
            queue: VecDeque::new(),
            ended: None,
            zero: Rational::ZERO,
            failure,
            reached: Rational::ZERO,
        };
        input.streams = input.describe_all();
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

    /// What the container says about the whole file, by key.
    pub fn told(&self) -> Vec<(String, String)> {
        self.context
            .metadata()
            .iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    /// Headers of all streams.
    pub fn streams(&self) -> &[Stream] {
        &self.streams
    }

    /// Where the file's time zero is on the timeline of its timestamps.
    pub fn zero(&self) -> Rational {
        self.zero
    }

    /// Seconds that the container says the whole file lasts; a guess from the bit rate does not count.
    pub fn duration(&self) -> Option<Rational> {
        let duration = self.context.duration();
        // SAFETY: the context is open; a plain number is read.
        let guessed = unsafe {
            (*self.context.as_ptr()).duration_estimation_method
                == ffi::AVDurationEstimationMethod::AVFMT_DURATION_FROM_BITRATE
        };
        (duration > 0 && !guessed)
            .then(|| Rational::new(duration, i64::from(ffi::AV_TIME_BASE)))
            .flatten()
    }

    /// The stream that is meant to be played among those of `kind` that can be decoded.
    pub fn best(&self, kind: StreamKind) -> Option<usize> {
        let usable = |stream: &Stream| {
            stream.kind == kind
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

    /// When the first frame or sample of `stream` is shown or heard, from time zero.
    pub fn start(&self, stream: usize) -> Rational {
        self.first(stream)
            .map_or(Rational::ZERO, |first| first - self.zero)
    }

    /// Shortest and longest step between the first presentation times of `stream`, in units of its time base.
    pub fn first_steps(&self, stream: usize) -> Option<(i64, i64)> {
        let ahead = self.ahead.get(stream)?;
        // Later packets may still be shown before the last ones: only what lies before their decode time is complete.
        let mut times: Vec<i64> = ahead
            .times
            .iter()
            .copied()
            .filter(|time| ahead.last_decode_time.is_none_or(|last| *time <= last))
            .collect();
        times.sort_unstable();
        times
            .windows(2)
            .map(|pair| pair[1].saturating_sub(pair[0]))
            .fold(None, |steps, step| {
                let (least, most) = steps.unwrap_or((step, step));
                Some((least.min(step), most.max(step)))
            })
    }

    /// Seconds that the decoder of `stream` drops from its start, as the encoder put them in front.
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

    /// The file ends amid the frames that its own boxes (MP4) or chunks (AVI) say are there.
    pub fn frames_are_cut(&self) -> bool {
        self.frames_cut
    }

    /// The outermost box or chunk of the container claims more bytes than the file has.
    pub fn is_cut_short(&self) -> bool {
        self.claimed > self.bytes || self.gif.is_some_and(|gif| !gif.complete)
    }

    /// The blocks of a GIF.
    pub fn gif(&self) -> Option<GifBlocks> {
        self.gif
    }

    /// A copy of the codec parameters of `stream`, for a decoder.
    pub(super) fn parameters(&self, stream: usize) -> Option<ffmpeg::codec::Parameters> {
        self.context
            .stream(stream)
            .map(|stream| stream.parameters())
    }

    /// The next packet. Damaged ones are passed over.
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

    /// Goes to the last point at or before `time` (from time zero) that `stream` can be decoded from.
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

    /// Goes to the very first packet.
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
            self.note(&packet);
            queue.push_back(packet);
        }
        // A stream may have come up only now (MPEG-PS, FLV).
        let count = self.context.nb_streams();
        limits.check(&self.path, LimitName::Streams, u64::from(count))?;
        if count as usize > self.streams.len() {
            self.streams = self.describe_all();
            self.ahead
                .resize(self.streams.len(), FirstPackets::default());
        }
        self.queue = queue;
        Ok(())
    }

    fn note(&mut self, packet: &Packet) {
        let hidden = {
            use ffmpeg::packet::Ref as _;
            // SAFETY: the pointer is to the packet at hand; only a plain number is read.
            unsafe { (*packet.as_ptr()).flags & ffi::AV_PKT_FLAG_DISCARD != 0 }
        };
        let number = packet.stream();
        let sound = self
            .streams
            .get(number)
            .is_some_and(|stream| stream.kind == StreamKind::Audio);
        let Some(ahead) = self.ahead.get_mut(number) else {
            return;
        };
        if ahead.times.is_empty() {
            ahead.skip = skipped_samples(packet);
        }
        // An edit list hides whole frames; of sound it hides samples, which are counted from its first packet on.
        if (sound || !hidden)
            && let Some(time) = packet.pts().or(packet.dts())
        {
            ahead.times.push(time);
        }
        ahead.last_decode_time = packet.dts().or(ahead.last_decode_time);
    }

    /// The first presentation time of `stream` on the timeline of the timestamps.
    fn first(&self, number: usize) -> Option<Rational> {
        let stream = self.streams.get(number)?;
        let ahead = self.ahead.get(number)?;
        let first = ahead.times.iter().min().copied().or(stream.start)?;
        let first = Rational::whole(first) * stream.time_base;
        if stream.kind != StreamKind::Audio {
            return Some(first);
        }
        let delay = self.encoder_delay(number);
        let heard = first + delay;
        // A coarse time base (1 ms in Matroska) rounds the encoder delay: what is within one unit of 0 is at 0.
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

    /// The next packet from the file; the end as `None`, a break as its reason.
    fn read_on(&mut self) -> Result<Packet, Option<String>> {
        if let Some(end) = &self.ended {
            return Err(end.clone());
        }
        // In a transport stream the mark says no more than that a counter jumped; elsewhere the data is cut short.
        let transport = self.container == "mpeg-ts";
        let mut failures = 0;
        let end = loop {
            let mut packet = Packet::empty();
            match packet.read(&mut self.context) {
                Ok(()) if packet.size() == 0 || (packet.is_corrupt() && !transport) => {}
                Ok(()) => {
                    self.mark(&packet);
                    return Ok(packet);
                }
                Err(error) => {
                    if let Some(error) = take(&self.failure) {
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
        self.ended = Some(end.clone());
        Err(end)
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

/// Samples that the decoder is to drop from the start of `packet`.
fn skipped_samples(packet: &Packet) -> u32 {
    packet
        .side_data()
        .filter(|data| data.kind() == ffmpeg::packet::side_data::Type::SkipSamples)
        .find_map(|data| data.data().first_chunk::<4>().copied())
        .map_or(0, u32::from_le_bytes)
}

fn take(failure: &Failure) -> Option<io::Error> {
    failure
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take()
}

fn read_head(file: &mut File, head: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < head.len() {
        match file.read(&mut head[read..]) {
            Ok(0) => break,
            Ok(bytes) => read += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    file.rewind()?;
    Ok(read)
}

/// The first bytes are those of a container that is read here: what fails is damaged, not foreign.
fn known_magic(head: &[u8]) -> bool {
    let at = |place: usize, magic: &[u8]| head.get(place..place + magic.len()) == Some(magic);
    is_iso(head)
        || at(0, &[0x1A, 0x45, 0xDF, 0xA3])
        || at(0, b"RIFF")
        || at(0, b"OggS")
        || at(0, b"FLV")
        || at(0, b"fLaC")
        || at(0, b"ID3")
        || at(0, b"GIF8")
}

/// Bytes that a RIFF chunk or a Matroska segment at the start of the file claims to end at; 0 for what does not say.
fn claimed_bytes(head: &[u8]) -> u64 {
    if let Some([b'R', b'I', b'F', b'F', size @ ..]) = head.first_chunk::<8>() {
        return u64::from(u32::from_le_bytes(*size)) + 8;
    }
    // EBML (RFC 8794): an element is its id, its size as a variable-length integer, and its content.
    let ebml_size = |at: usize| -> Option<(u64, usize)> {
        let first = *head.get(at)?;
        let length = first.leading_zeros() as usize + 1;
        let bytes = head.get(at..at + length)?;
        let value = bytes[1..].iter().fold(
            u64::from(first) & ((1 << (8 - length)) - 1),
            |value, byte| value << 8 | u64::from(*byte),
        );
        let unknown = value == (1 << (7 * length)) - 1;
        (!unknown).then_some((value, at + length))
    };
    let segment = || {
        (head.first_chunk() == Some(&[0x1A, 0x45, 0xDF, 0xA3])).then_some(())?;
        let (size, content) = ebml_size(4)?;
        let at = content.checked_add(usize::try_from(size).ok()?)?;
        (head.get(at..at + 4)? == [0x18, 0x53, 0x80, 0x67]).then_some(())?;
        let (size, content) = ebml_size(at + 4)?;
        size.checked_add(content as u64)
    };
    segment().unwrap_or(0)
}

/// The file begins with a box of ISO media.
fn is_iso(head: &[u8]) -> bool {
    const FIRST: [&[u8]; 9] = [
        b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"pnot",
    ];
    head.get(4..8).is_some_and(|name| FIRST.contains(&name))
}

/// One short name for FFmpeg's list of aliases.
fn container_name(names: &str, head: &[u8]) -> String {
    let has = |word: &[u8]| head.windows(word.len()).any(|window| window == word);
    match names.split(',').next().unwrap_or(names) {
        "mov" if head.get(8..12) == Some(b"qt  ") => "mov".into(),
        "mov" => "mp4".into(),
        "matroska" if has(b"webm") => "webm".into(),
        "matroska" => "mkv".into(),
        "mpegts" => "mpeg-ts".into(),
        name => name.into(),
    }
}
