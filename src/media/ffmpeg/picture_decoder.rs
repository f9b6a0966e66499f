//! Decodes one video stream into frames in presentation order, each with its exact time.

use std::collections::VecDeque;

use ffmpeg::codec::{decoder, threading};
use ffmpeg::{ffi, frame};
use ffmpeg_next as ffmpeg;

use super::decoded_frame::DecodedFrame;
use super::deinterlacer::{Deinterlacer, Fields, HELD_FRAMES};
use super::demuxer::{Demuxer, NextPacket};
use super::field_pairs::FieldPairs;
use super::frame_clock::FrameClock;
use super::frame_facts::has_decoding_errors;
use super::passed_frames::PassedFrames;
use super::streams::HiddenOpacity;
use crate::error::{Error, LimitName, Result};
use crate::media::stream_facts::video_facts;
use crate::media::{Limits, VideoFacts};
use crate::time::Rational;

/// After this many failed packets in a row the film counts as truncated.
const MOST_FAILURES: usize = 500;

/// More threads than this cost memory and gain nothing.
const MOST_THREADS: usize = 16;

/// Seconds before the target at which a seek starts to decode, one try after another. The last try starts at the
/// beginning.
const STEPS_BACK: [i64; 3] = [0, 2, 10];

/// Result of decoding up to a time.
struct Run {
    /// The frame on screen at that time, and the one after it.
    found: Vec<DecodedFrame>,
    /// Whether it began with a key frame that could be decoded whole.
    begins_well: bool,
    /// Number of frames decoded before those.
    passed: u64,
}

/// Decodes one video stream.
pub(super) struct PictureDecoder {
    input: Demuxer,
    facts: VideoFacts,
    limits: Limits,
    threads: usize,
    quick: bool,
    decoder: decoder::Video,
    /// Set during a seek.
    passed: Option<PassedFrames>,
    /// Frames that were decoded to measure them, which come once more.
    replayed: VecDeque<DecodedFrame>,
    /// Set for films whose fields are coded as pictures of their own.
    pairs: Option<FieldPairs>,
    /// Set for interlaced films.
    deinterlacer: Option<Deinterlacer>,
    /// How the film ended, kept until the deinterlacer has returned its last frames.
    ending: Option<Result<Option<DecodedFrame>>>,
    clock: FrameClock,
    draining: bool,
    /// Why reading stopped before the regular end.
    broken: Option<String>,
    /// An error met during a seek, reported after the frames that the seek found.
    withheld: Option<Error>,
    /// The film has ended and the caller knows why.
    done: bool,
    failures: usize,
    /// Frames since the start or the last seek.
    frames: u64,
    /// At least one frame has been decoded.
    any: bool,
}

impl PictureDecoder {
    /// Opens the best video stream of `input`. `threads` 0 means one per core. `quick` skips the loop filter of frames
    /// that no other frame refers to.
    pub fn open(input: Demuxer, limits: &Limits, threads: usize, quick: bool) -> Result<Self> {
        use super::StreamKind;
        let Some(stream) = input.best(StreamKind::Video) else {
            return Err(Error::unsupported(
                input.path(),
                "it has no pictures that move",
            ));
        };
        Self::open_stream(input, stream, limits, threads, quick)
    }

    /// Opens stream number `stream` of `input`.
    pub fn open_stream(
        input: Demuxer,
        stream: usize,
        limits: &Limits,
        threads: usize,
        quick: bool,
    ) -> Result<Self> {
        let facts = video_facts(&input, stream, limits)?;
        let threads = threads_within(&input, &facts, limits, threads)?;
        let decoder = open_decoder(&input, &facts, limits, threads, quick)?;
        let clock = FrameClock::new(&input, &facts);
        let fields = input.streams()[facts.stream].codes_fields;
        Ok(Self {
            passed: None,
            replayed: VecDeque::new(),
            pairs: fields.then(FieldPairs::default),
            input,
            facts,
            limits: *limits,
            threads,
            quick,
            decoder,
            deinterlacer: None,
            ending: None,
            clock,
            draining: false,
            broken: None,
            withheld: None,
            done: false,
            failures: 0,
            frames: 0,
            any: false,
        })
    }

    /// What the headers say.
    pub fn facts(&self) -> &VideoFacts {
        &self.facts
    }

    /// The stream that is the alpha channel of this one.
    pub fn opacity_stream(&self) -> Option<usize> {
        match self.input.streams()[self.facts.stream].opacity {
            Some(HiddenOpacity::Stream(stream)) => Some(stream),
            _ => None,
        }
    }

    /// The alpha channel within the film's own stream that no available decoder reads, if there is one.
    pub fn unread_opacity(&self) -> Option<HiddenOpacity> {
        let hidden = self.input.streams()[self.facts.stream].opacity;
        hidden.filter(|hidden| {
            !matches!(hidden, HiddenOpacity::Stream(_))
                && opacity_decoder(&self.input, &self.facts).is_none()
        })
    }

    /// The container.
    pub fn input(&self) -> &Demuxer {
        &self.input
    }

    /// Deinterlaces all following frames as `fields` says.
    pub fn deinterlace(&mut self, fields: Fields) -> Result<()> {
        if fields == Fields::Progressive {
            self.deinterlacer = None;
            return Ok(());
        }
        let frame = frame_bytes(&self.input, &self.facts);
        let least = frame.saturating_mul(kept_frames(&self.facts) + 1 + HELD_FRAMES);
        self.limits
            .check(self.input.path(), LimitName::MemoryBytes, least)?;
        self.deinterlacer = Some(Deinterlacer::new(fields, self.threads));
        Ok(())
    }

    /// True if `more` frames fit into the memory limit besides those that decoding holds.
    pub fn has_room_for(&self, more: u64) -> bool {
        let held = kept_frames(&self.facts) + self.threads as u64 + more;
        frame_bytes(&self.input, &self.facts).saturating_mul(held) <= self.limits.memory
    }

    /// Gives `frames`, all that were decoded since the start, once more.
    pub fn replay(&mut self, frames: Vec<DecodedFrame>) {
        self.replayed = frames.into();
    }

    /// The next frame; `None` at the end. After an error the next call gives `None`.
    pub fn next(&mut self) -> Result<Option<DecodedFrame>> {
        if let Some(error) = self.withheld.take() {
            return Err(error);
        }
        let answer = match self.deinterlacer {
            Some(_) => self.next_of_fields(),
            None => self.decode(),
        };
        if !matches!(answer, Ok(Some(_))) {
            self.done = true;
        }
        answer
    }

    /// The next frame of an interlaced film. The decoder runs one frame ahead of the deinterlacer.
    fn next_of_fields(&mut self) -> Result<Option<DecodedFrame>> {
        loop {
            if let Some(frame) = self.deinterlacer.as_mut().and_then(Deinterlacer::pop) {
                return Ok(Some(frame));
            }
            if let Some(ending) = self.ending.take() {
                return ending;
            }
            let decoded = self.decode();
            let Some(deinterlacer) = &mut self.deinterlacer else {
                return decoded;
            };
            let done = match decoded {
                Ok(Some(frame)) => deinterlacer.push(frame),
                ending => {
                    self.ending = Some(ending);
                    deinterlacer.finish()
                }
            };
            done.map_err(|error| {
                let what = format!("its fields cannot be made into frames: {error}");
                Error::damaged(self.input.path(), what)
            })?;
        }
    }

    /// The next frame as it is coded, with its fields together.
    fn decode(&mut self) -> Result<Option<DecodedFrame>> {
        if let Some(frame) = self.replayed.pop_front() {
            return Ok(Some(frame));
        }
        loop {
            let Some(picture) = self.decode_picture()? else {
                return Ok(None);
            };
            let frame = match &mut self.pairs {
                Some(pairs) => pairs.push(picture),
                None => Some(picture),
            };
            if frame.is_some() {
                return Ok(frame);
            }
        }
    }

    fn decode_picture(&mut self) -> Result<Option<DecodedFrame>> {
        if self.done {
            return Ok(None);
        }
        let mut frame = frame::Video::empty();
        loop {
            match self.decoder.receive_frame(&mut frame) {
                Ok(()) => {
                    self.failures = 0;
                    return self.accept(frame).map(Some);
                }
                Err(ffmpeg::Error::Other { errno: ffi::EAGAIN }) if !self.draining => {
                    self.feed()?
                }
                Err(ffmpeg::Error::Eof) => return self.at_end(),
                Err(_) if self.draining => {
                    self.failures += 1;
                    if self.failures > MOST_FAILURES {
                        return self.at_end();
                    }
                }
                Err(_) => self.fail()?,
            }
        }
    }

    fn feed(&mut self) -> Result<()> {
        let (sent, broken) = match self.input.read() {
            NextPacket::Packet(packet) if packet.stream() != self.facts.stream => return Ok(()),
            NextPacket::Packet(packet) => {
                if let Some(passed) = &mut self.passed {
                    let leaves_out = passed.leaves_out(&packet);
                    self.decode_all(!leaves_out);
                }
                return match self.decoder.send_packet(&packet) {
                    Ok(()) => Ok(()),
                    Err(_) => self.fail(),
                };
            }
            NextPacket::End => (self.decoder.send_eof(), None),
            NextPacket::Broken(what) => (self.decoder.send_eof(), Some(what)),
        };
        self.draining = true;
        self.failures = 0;
        self.broken = broken;
        sent.or_else(|_| self.fail())
    }

    fn fail(&mut self) -> Result<()> {
        self.failures += 1;
        // SAFETY: the decoder is open; plain numbers are read.
        let (width, height) = unsafe {
            let raw = self.decoder.as_ptr();
            ((*raw).width, (*raw).height)
        };
        let size = u64::try_from(width).unwrap_or(0) * u64::try_from(height).unwrap_or(0);
        self.limits
            .check(self.input.path(), LimitName::Pixels, size)?;
        if self.failures <= MOST_FAILURES {
            return Ok(());
        }
        let path = self.input.path();
        Err(if self.any {
            Error::breaks_off(path, "its pictures cannot be decoded any further")
        } else {
            Error::damaged(path, "its pictures cannot be decoded")
        })
    }

    fn accept(&mut self, frame: frame::Video) -> Result<DecodedFrame> {
        let path = self.input.path();
        let pixels = u64::from(frame.width()) * u64::from(frame.height());
        self.limits.check(path, LimitName::Pixels, pixels)?;
        self.frames += 1;
        self.limits.check(path, LimitName::Frames, self.frames)?;
        let stamp = frame.timestamp().or(frame.pts());
        let (time, end) = self.clock.place(stamp, frame.packet().duration);
        let seconds = u64::try_from(time.floor()).unwrap_or(0);
        self.limits.check(path, LimitName::Seconds, seconds)?;
        self.any = true;
        let key = frame.is_key();
        Ok(DecodedFrame {
            frame,
            time,
            end,
            key,
        })
    }

    /// The decoder is empty: tells a complete film from a truncated one.
    fn at_end(&mut self) -> Result<Option<DecodedFrame>> {
        let path = self.input.path();
        if !self.any {
            return Err(Error::damaged(path, "no picture in it can be decoded"));
        }
        if let Some(what) = self.broken.take() {
            return Err(Error::breaks_off(path, what));
        }
        let cut = match self.input.streams()[self.facts.stream].index {
            Some(index) => {
                index.end > self.input.bytes() || (self.input.is_cut_short() && self.ends_early())
            }
            None => self.ends_early(),
        };
        if cut || self.input.frames_are_cut() {
            let after = self.clock.reached();
            let what = format!("its data ends after {:.2} s", after.seconds());
            return Err(Error::breaks_off(path, what));
        }
        Ok(None)
    }

    /// True if the headers promise clearly more than was read, or any more if the container itself is truncated.
    fn ends_early(&self) -> bool {
        if self.input.animation().is_some() {
            return self.input.is_cut_short();
        }
        let reached = self.input.reached();
        let Some(promised) = self.facts.duration.map(|length| self.facts.start + length) else {
            return self.input.is_cut_short();
        };
        if reached == Rational::ZERO {
            return false;
        }
        let clearly = promised * Rational::new(95, 100).unwrap_or(Rational::ONE) - Rational::ONE;
        let frame = self.facts.frame_rate.inverse().unwrap_or(Rational::ZERO);
        reached < clearly || (self.input.is_cut_short() && reached + frame < promised)
    }

    /// Finds the frame on screen at `time` and returns it with the frame after it, if there is one. Before the first
    /// frame this is the first, after the last frame the last.
    pub fn seek(&mut self, time: Rational) -> Result<Vec<DecodedFrame>> {
        for back in STEPS_BACK {
            let from = time - Rational::whole(back);
            if from <= self.facts.start || self.plays_only_from_the_start() {
                break;
            }
            if !self.input.seek(self.facts.stream, from) {
                continue;
            }
            let run = match self.run_past(time)? {
                Some(run) => run,
                None if self.input.seek(self.facts.stream, from) => {
                    self.forget();
                    self.run_to(time)?
                }
                None => continue,
            };
            // A bad index shows in a first frame that is not a key frame, is not one in truth (so that what it is made
            // from is missing), or comes too late.
            let sound =
                run.begins_well && run.found.first().is_some_and(|found| found.time <= time);
            // Deinterlacing needs the frame before, or the result differs from sequential decoding.
            let known = self.deinterlacer.is_none() || run.passed > 0;
            if sound && known {
                return Ok(run.found);
            }
        }
        self.restart()?;
        Ok(self.run_to(time)?.found)
    }

    /// Decodes to `time` after a seek of the input, without frames that nobody needs. `None` if the one that is wanted may
    /// be among them.
    fn run_past(&mut self, time: Rational) -> Result<Option<Run>> {
        self.forget();
        let is_plain = self.deinterlacer.is_none() && self.pairs.is_none();
        let passed = PassedFrames::on_the_way_to(time, &self.facts, &self.input);
        self.passed = passed.filter(|_| is_plain);
        let run = self.run_to(time);
        self.decode_all(true);
        let (passed, run) = (self.passed.take(), run?);
        let hidden = passed.is_some_and(|passed| passed.hide(run.found.first()));
        Ok((!hidden).then_some(run))
    }

    /// Decodes all further frames, or only those that others are made from.
    fn decode_all(&mut self, all: bool) {
        let skipped = match all {
            true => ffi::AVDiscard::AVDISCARD_DEFAULT,
            false => ffi::AVDiscard::AVDISCARD_NONREF,
        };
        // SAFETY: the decoder is open and borrowed here alone; a plain number is written, which it reads with each packet.
        unsafe { (*self.decoder.as_mut_ptr()).skip_frame = skipped };
    }

    /// Seeks to a key frame at or before `time`. Returns false if the file cannot seek.
    pub fn go_near(&mut self, time: Rational) -> bool {
        let moved = !self.plays_only_from_the_start() && self.input.seek(self.facts.stream, time);
        if moved {
            self.forget();
        }
        moved
    }

    /// Decodes until a frame is later than `time`.
    fn run_to(&mut self, time: Rational) -> Result<Run> {
        let mut before: Option<DecodedFrame> = None;
        let mut begins_well = None;
        let mut passed = 0;
        loop {
            match self.next() {
                Ok(Some(frame)) => {
                    begins_well.get_or_insert(frame.key && !has_decoding_errors(&frame.frame));
                    if frame.time <= time {
                        passed += u64::from(before.replace(frame).is_some());
                        continue;
                    }
                    return Ok(Run {
                        found: before.into_iter().chain([frame]).collect(),
                        begins_well: begins_well.unwrap_or(false),
                        passed,
                    });
                }
                // A film that breaks off before `time` gives its last frame, like one that ends there.
                Err(error @ (Error::BreaksOff { .. } | Error::Damaged { .. })) => {
                    self.withheld = Some(error);
                }
                Err(error) => return Err(error),
                Ok(None) => {}
            }
            return Ok(Run {
                found: before.into_iter().collect(),
                begins_well: begins_well.unwrap_or(false),
                passed,
            });
        }
    }

    /// True for formats without key frames, which can only be decoded from the start.
    fn plays_only_from_the_start(&self) -> bool {
        matches!(self.input.container(), "gif" | "apng")
    }

    /// Rewinds to the first frame.
    pub fn restart(&mut self) -> Result<()> {
        if !self.input.rewind() {
            self.input = Demuxer::open(self.input.path(), &self.limits)?;
            self.decoder = self.new_decoder()?;
        }
        self.forget();
        Ok(())
    }

    fn new_decoder(&self) -> Result<decoder::Video> {
        open_decoder(
            &self.input,
            &self.facts,
            &self.limits,
            self.threads,
            self.quick,
        )
    }

    fn forget(&mut self) {
        // Frames that were held to be given again have made the decoder's pool large, and it never shrinks.
        let small = (!self.replayed.is_empty()).then(|| self.new_decoder());
        match small {
            Some(Ok(decoder)) => self.decoder = decoder,
            _ => self.decoder.flush(),
        }
        if let Some(deinterlacer) = &mut self.deinterlacer {
            deinterlacer.clear();
        }
        self.replayed.clear();
        if let Some(pairs) = &mut self.pairs {
            *pairs = FieldPairs::default();
        }
        self.ending = None;
        self.clock = FrameClock::new(&self.input, &self.facts);
        self.draining = false;
        self.broken = None;
        self.withheld = None;
        self.done = false;
        self.failures = 0;
        self.frames = 0;
    }
}

/// The number of decoder threads whose frames fit into the memory limit.
fn threads_within(
    input: &Demuxer,
    facts: &VideoFacts,
    limits: &Limits,
    wanted: usize,
) -> Result<usize> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let wanted = if wanted == 0 { cores } else { wanted }.clamp(1, MOST_THREADS) as u64;
    let frame = frame_bytes(input, facts);
    let kept = kept_frames(facts);
    let least = frame.saturating_mul(kept + 1);
    limits.check(input.path(), LimitName::MemoryBytes, least)?;
    let more = (limits.memory - least).checked_div(frame).unwrap_or(0);
    Ok(usize::try_from(wanted.min(1 + more)).unwrap_or(1))
}

/// The decoder for VP8 and VP9 with alpha; FFmpeg's native decoders ignore the alpha channel.
fn opacity_decoder(input: &Demuxer, facts: &VideoFacts) -> Option<ffmpeg::Codec> {
    let name = match facts.codec.as_str() {
        "vp8" => "libvpx",
        "vp9" => "libvpx-vp9",
        _ => return None,
    };
    let hidden = input.streams()[facts.stream].opacity;
    (hidden == Some(HiddenOpacity::BlockAdditions))
        .then(|| decoder::find_by_name(name))
        .flatten()
}

/// Bytes of one decoded frame.
fn frame_bytes(input: &Demuxer, facts: &VideoFacts) -> u64 {
    let bits = match input.streams()[facts.stream].bits_per_pixel {
        0 => 24,
        bits => u64::from(bits),
    };
    facts.coded.pixels().saturating_mul(bits) / 8
}

/// Frames a decoder may hold by its standard, plus those held here.
fn kept_frames(facts: &VideoFacts) -> u64 {
    let kept = match facts.codec.as_str() {
        "h264" | "hevc" => 17,
        "vp9" | "av1" | "vp8" => 10,
        _ => 4,
    };
    kept + 3
}

fn open_decoder(
    input: &Demuxer,
    facts: &VideoFacts,
    limits: &Limits,
    threads: usize,
    quick: bool,
) -> Result<decoder::Video> {
    let unsupported = |error: ffmpeg::Error| {
        let what = format!("its {} pictures cannot be decoded: {error}", facts.codec);
        Error::unsupported(input.path(), what)
    };
    let parameters = input
        .parameters(facts.stream)
        .ok_or_else(|| Error::unsupported(input.path(), "it has no pictures"))?;
    let mut context = ffmpeg::codec::Context::from_parameters(parameters).map_err(unsupported)?;
    context.set_threading(threading::Config {
        count: threads,
        ..threading::Config::kind(threading::Type::Frame)
    });
    // SAFETY: the context is not open yet and owned here; a plain number is written. Frames somewhat above our limit
    // must still decode, so that the error can name their size.
    unsafe {
        let most = limits
            .pixels
            .saturating_mul(4)
            .clamp(1 << 20, i64::MAX as u64);
        (*context.as_mut_ptr()).max_pixels = most as i64;
        if quick {
            (*context.as_mut_ptr()).skip_loop_filter = ffi::AVDiscard::AVDISCARD_NONREF;
        }
    }
    let mut decoder = context.decoder();
    let base = facts.time_base;
    if let (Ok(above), Ok(below)) = (
        i32::try_from(base.numerator()),
        i32::try_from(base.denominator()),
    ) {
        decoder.set_packet_time_base(ffmpeg::Rational(above, below));
    }
    match opacity_decoder(input, facts) {
        Some(codec) => decoder
            .open_as(codec)
            .and_then(|opened| opened.video())
            .map_err(unsupported),
        None => decoder.video().map_err(unsupported),
    }
}
