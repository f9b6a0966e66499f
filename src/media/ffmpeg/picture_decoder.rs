//! Frames of one video stream in presentation order, each with its own timestamp.

use ffmpeg::codec::{decoder, threading};
use ffmpeg::{ffi, frame};
use ffmpeg_next as ffmpeg;

use super::demuxer::{Demuxer, NextPacket};
use crate::error::{Error, LimitName, Result};
use crate::media::stream_facts::video_facts;
use crate::media::{Limits, VideoFacts};
use crate::time::Rational;

/// Packets that fail in a row after which a film counts as broken off.
const MOST_FAILURES: usize = 500;

/// More threads than this only hold memory.
const MOST_THREADS: usize = 16;

/// How far before the place that is sought decoding starts, try after try, in seconds; then from the start.
const STEPS_BACK: [i64; 3] = [0, 2, 10];

/// One decoded frame.
pub(super) struct DecodedFrame {
    pub frame: frame::Video,
    /// From the file's time zero.
    pub time: Rational,
    pub end: Rational,
    pub key: bool,
}

/// Decodes one video stream.
pub(super) struct PictureDecoder {
    input: Demuxer,
    facts: VideoFacts,
    limits: Limits,
    threads: usize,
    quick: bool,
    decoder: decoder::Video,
    clock: Clock,
    draining: bool,
    /// Why reading stopped before the regular end.
    broken: Option<String>,
    /// The break that a seek ran into: told once the frame that it found has been given out.
    withheld: Option<Error>,
    /// Nothing more comes, and the caller has been told why.
    done: bool,
    failures: usize,
    /// Frames since the start or the last seek.
    frames: u64,
    /// Any frame has ever come out.
    any: bool,
}

impl PictureDecoder {
    /// Opens the best video stream of `input`. `threads` 0 = as many as there are cores.
    /// `quick` leaves out the loop filter where no other frame is made from the result.
    pub fn open(input: Demuxer, limits: &Limits, threads: usize, quick: bool) -> Result<Self> {
        use super::StreamKind;
        let Some(stream) = input.best(StreamKind::Video) else {
            return Err(Error::unsupported(
                input.path(),
                "it has no pictures that move",
            ));
        };
        let facts = video_facts(&input, stream, limits)?;
        let threads = threads_within(&input, &facts, limits, threads)?;
        let decoder = open_decoder(&input, &facts, limits, threads, quick)?;
        let clock = Clock::new(&input, &facts);
        Ok(Self {
            input,
            facts,
            limits: *limits,
            threads,
            quick,
            decoder,
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

    /// The container.
    pub fn input(&self) -> &Demuxer {
        &self.input
    }

    /// The next frame; `None` at the end. After an error the next call gives `None`.
    pub fn next(&mut self) -> Result<Option<DecodedFrame>> {
        let answer = self.decode();
        if !matches!(answer, Ok(Some(_))) {
            self.done = true;
        }
        answer
    }

    fn decode(&mut self) -> Result<Option<DecodedFrame>> {
        if let Some(error) = self.withheld.take() {
            return Err(error);
        }
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
            NextPacket::Packet(packet) => match self.decoder.send_packet(&packet) {
                Ok(()) => return Ok(()),
                Err(_) => return self.fail(),
            },
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

    /// The decoder is empty: was that all of the film?
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

    /// The headers promise more than came: clearly more, or just more where the container too is cut short.
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

    /// Finds the frame that is on the screen at `time`, and where there is one the frame after it: what has been
    /// decoded, in order. Before the first frame, that one is found; after the last, the last.
    pub fn seek(&mut self, time: Rational) -> Result<Vec<DecodedFrame>> {
        for back in STEPS_BACK {
            let from = time - Rational::whole(back);
            if from <= self.facts.start || self.plays_only_from_the_start() {
                break;
            }
            if !self.input.seek(self.facts.stream, from) {
                continue;
            }
            self.forget();
            let (found, first_is_key) = self.run_to(time)?;
            // A first frame that is no key frame, or that comes too late, is the mark of a bad index.
            if first_is_key && found.first().is_some_and(|found| found.time <= time) {
                return Ok(found);
            }
        }
        self.restart()?;
        Ok(self.run_to(time)?.0)
    }

    /// Decodes until a frame is later than `time`.
    fn run_to(&mut self, time: Rational) -> Result<(Vec<DecodedFrame>, bool)> {
        let mut before: Option<DecodedFrame> = None;
        let mut first_is_key = None;
        loop {
            match self.next() {
                Ok(Some(frame)) => {
                    first_is_key.get_or_insert(frame.key);
                    if frame.time <= time {
                        before = Some(frame);
                        continue;
                    }
                    let found = before.into_iter().chain([frame]).collect();
                    return Ok((found, first_is_key.unwrap_or(false)));
                }
                // What broke off before the place gives its last frame, as the end does.
                Err(error @ (Error::BreaksOff { .. } | Error::Damaged { .. })) => {
                    self.withheld = Some(error);
                }
                Err(error) => return Err(error),
                Ok(None) => {}
            }
            return Ok((before.into_iter().collect(), first_is_key.unwrap_or(false)));
        }
    }

    /// Formats whose frames build on all before them, or whose index is not to be trusted.
    fn plays_only_from_the_start(&self) -> bool {
        matches!(self.input.container(), "gif" | "apng")
    }

    fn restart(&mut self) -> Result<()> {
        if !self.input.rewind() {
            self.input = Demuxer::open(self.input.path(), &self.limits)?;
            self.decoder = open_decoder(
                &self.input,
                &self.facts,
                &self.limits,
                self.threads,
                self.quick,
            )?;
        }
        self.forget();
        Ok(())
    }

    fn forget(&mut self) {
        self.decoder.flush();
        self.clock = Clock::new(&self.input, &self.facts);
        self.draining = false;
        self.broken = None;
        self.withheld = None;
        self.done = false;
        self.failures = 0;
        self.frames = 0;
    }
}

/// Turns timestamps into times that always grow.
struct Clock {
    zero: Rational,
    base: Rational,
    /// Units of the time base that a frame lasts where its packet does not say.
    usual: i64,
    last: Option<i64>,
    end: i64,
    /// What is added since timestamps jumped back.
    shift: i64,
}

impl Clock {
    fn new(input: &Demuxer, facts: &VideoFacts) -> Self {
        let usual = facts.frame_rate * facts.time_base;
        Self {
            zero: input.zero(),
            base: facts.time_base,
            usual: usual.inverse().map_or(1, Rational::round).max(1),
            last: None,
            end: 0,
            shift: 0,
        }
    }

    /// The time and the end of a frame with timestamp `stamp` that lasts `duration` units.
    ///
    /// A timestamp that does not grow is wrong: the frame is put right behind the one before it. So is all that
    /// follows while timestamps stay behind (a recording that starts its clock again).
    fn place(&mut self, stamp: Option<i64>, duration: i64) -> (Rational, Rational) {
        let ticks = match (stamp, self.last) {
            (None, None) => 0,
            (None, Some(_)) => self.end,
            (Some(stamp), None) => stamp,
            (Some(stamp), Some(last)) if stamp > last => {
                self.shift = 0;
                stamp
            }
            (Some(stamp), Some(last)) => {
                if stamp.saturating_add(self.shift) <= last {
                    self.shift = self.end.saturating_sub(stamp);
                }
                stamp.saturating_add(self.shift)
            }
        };
        let ticks = self
            .last
            .map_or(ticks, |last| ticks.max(last.saturating_add(1)));
        let duration = if duration > 0 { duration } else { self.usual };
        self.last = Some(ticks);
        self.end = ticks.saturating_add(duration);
        (self.time(ticks), self.time(self.end))
    }

    /// The end of the last frame.
    fn reached(&self) -> Rational {
        self.time(self.end)
    }

    fn time(&self, ticks: i64) -> Rational {
        Rational::whole(ticks) * self.base - self.zero
    }
}

/// The number of threads whose frames fit into the memory that is allowed.
fn threads_within(
    input: &Demuxer,
    facts: &VideoFacts,
    limits: &Limits,
    wanted: usize,
) -> Result<usize> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let wanted = if wanted == 0 { cores } else { wanted }.clamp(1, MOST_THREADS) as u64;
    let bits = match input.streams()[facts.stream].bits_per_pixel {
        0 => 24,
        bits => u64::from(bits),
    };
    let frame = facts.coded.pixels().saturating_mul(bits) / 8;
    // Frames that the standards let a decoder keep, and those that wait here.
    let kept = match facts.codec.as_str() {
        "h264" | "hevc" => 17,
        "vp9" | "av1" | "vp8" => 10,
        _ => 4,
    } + 3;
    let least = frame.saturating_mul(kept + 1);
    limits.check(input.path(), LimitName::MemoryBytes, least)?;
    let more = (limits.memory - least).checked_div(frame).unwrap_or(0);
    Ok(usize::try_from(wanted.min(1 + more)).unwrap_or(1))
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
    // SAFETY: the context is not open yet and owned here; a plain number is written. Frames somewhat above the limit
    // must still come out, so that the limit can be named with what was found.
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
    decoder.video().map_err(unsupported)
}
