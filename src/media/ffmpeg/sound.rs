//! Decodes sound for which symphonia has no decoder.

use std::path::Path;

use ffmpeg::codec::decoder;
use ffmpeg::frame;
use ffmpeg::util::format::sample::{Sample, Type};
use ffmpeg_next as ffmpeg;

use super::demuxer::{Demuxer, NextPacket};
use crate::error::{Error, LimitName, Result};
use crate::media::stream_facts::audio_facts;
use crate::media::{AudioFacts, Limits, Resampler};
use crate::time::Rational;

/// Sound decoded and discarded before the target of a seek: decoders with overlapping blocks and parametric codecs need
/// a run-up to be exact.
const RUN_UP: (i64, i64) = (1, 5);

/// After this many failed frames in a row the sound counts as truncated.
const MOST_FAILURES: usize = 1000;

/// One sound stream, decoded to 32-bit floats.
pub(in crate::media) struct FfmpegSound {
    input: Demuxer,
    stream: usize,
    facts: AudioFacts,
    decoder: decoder::Audio,
    time_base: Rational,
    /// End of the sound by the edit list, from time zero. FFmpeg does not trim the last block itself.
    end: Option<Rational>,
    rate: u32,
    channels: u16,
    /// The first block, decoded early to learn the rate and channels.
    first: Option<(Rational, Vec<f32>)>,
    /// Index of the next sample from time zero, once known.
    next_sample: Option<i64>,
    /// Resamples a stretch at another rate to the first rate.
    resampler: Option<(u32, Resampler)>,
    /// The rate has changed, so seeks must decode from the start to give the same samples.
    rate_changes: bool,
    /// Samples before this are dropped.
    wanted: Option<Rational>,
    draining: bool,
    broken: Option<String>,
    done: bool,
    failures: usize,
    limits: Limits,
}

impl FfmpegSound {
    /// Opens stream number `stream` of `path`.
    pub fn open(path: &Path, stream: usize, limits: &Limits) -> Result<Self> {
        let input = Demuxer::open(path, limits)?;
        let facts = audio_facts(&input, stream, limits)?;
        let time_base = input.streams()[stream].time_base;
        let end = edited_end(&input, &facts);
        let decoder = open_decoder(&input, stream)?;
        let mut sound = Self {
            input,
            stream,
            rate: facts.sample_rate,
            channels: facts.channels,
            facts,
            decoder,
            time_base,
            end,
            first: None,
            next_sample: None,
            resampler: None,
            rate_changes: false,
            wanted: None,
            draining: false,
            broken: None,
            done: false,
            failures: 0,
            limits: *limits,
        };
        // Headers may state half the rate (HE-AAC) or mono for parametric stereo.
        sound.rate = 0;
        sound.first = sound.decode()?;
        if sound.rate == 0 {
            return Err(Error::damaged(path, "its sound cannot be decoded"));
        }
        sound.facts.sample_rate = sound.rate;
        sound.facts.channels = sound.channels;
        Ok(sound)
    }

    /// Facts from the headers.
    pub fn facts(&self) -> &AudioFacts {
        &self.facts
    }

    /// True if the duration in [`Self::facts`] is only estimated from the bit rate.
    pub fn length_is_guessed(&self) -> bool {
        self.input.duration_is_guessed()
    }

    /// Samples a second.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    /// Number of channels.
    pub fn channels(&self) -> u16 {
        self.channels
    }

    /// The next interleaved samples, with the time of the first one from the file's time zero. Encoder delay and
    /// padding are removed. `BreaksOff` if the data ends early; the call after that returns `None`.
    pub fn next(&mut self) -> Result<Option<(Rational, Vec<f32>)>> {
        if let Some(block) = self.first.take() {
            return Ok(Some(block));
        }
        self.decode()
    }

    /// Seeks to `time`: the next block starts with the first sample at or after it.
    pub fn seek(&mut self, time: Rational) -> Result<()> {
        let run_up = Rational::new(RUN_UP.0, RUN_UP.1).unwrap_or(Rational::ZERO);
        let from = time - run_up;
        let there =
            from > self.facts.start && !self.rate_changes && self.input.seek(self.stream, from);
        if !there && !self.input.rewind() {
            let path = self.input.path().to_path_buf();
            self.input = Demuxer::open(&path, &self.limits)?;
            self.decoder = open_decoder(&self.input, self.stream)?;
        }
        self.decoder.flush();
        self.first = None;
        self.next_sample = None;
        self.resampler = None;
        self.wanted = Some(time);
        self.draining = false;
        self.broken = None;
        self.done = false;
        self.failures = 0;
        Ok(())
    }

    fn decode(&mut self) -> Result<Option<(Rational, Vec<f32>)>> {
        let mut frame = frame::Audio::empty();
        while !self.done {
            match self.decoder.receive_frame(&mut frame) {
                Ok(()) => {
                    self.failures = 0;
                    if let Some(block) = self.place(&frame)? {
                        return Ok(Some(block));
                    }
                }
                Err(ffmpeg::Error::Other {
                    errno: ffmpeg::ffi::EAGAIN,
                }) if !self.draining => self.feed()?,
                Err(error) if error == ffmpeg::Error::Eof || self.draining => {
                    self.done = true;
                    if let Some(block) = self.last_stretch()? {
                        return Ok(Some(block));
                    }
                }
                Err(_) => self.fail()?,
            }
        }
        match self.broken.take() {
            Some(what) => Err(Error::breaks_off(self.input.path(), what)),
            None => Ok(None),
        }
    }

    /// Samples left in the resampler at the end.
    fn last_stretch(&mut self) -> Result<Option<(Rational, Vec<f32>)>> {
        let Some((_, mut resampler)) = self.resampler.take() else {
            return Ok(None);
        };
        let mut samples = Vec::new();
        resampler.finish(&mut samples)?;
        self.put(None, samples)
    }

    fn feed(&mut self) -> Result<()> {
        let sent = match self.input.read() {
            NextPacket::Packet(packet) if packet.stream() != self.stream => return Ok(()),
            NextPacket::Packet(packet) => self.decoder.send_packet(&packet),
            NextPacket::End => self.drain(None),
            NextPacket::Broken(what) => self.drain(Some(what)),
        };
        if sent.is_err() { self.fail() } else { Ok(()) }
    }

    fn drain(&mut self, broken: Option<String>) -> Result<(), ffmpeg::Error> {
        self.draining = true;
        self.broken = broken;
        self.decoder.send_eof()
    }

    fn fail(&mut self) -> Result<()> {
        self.failures += 1;
        if self.failures <= MOST_FAILURES {
            return Ok(());
        }
        self.done = true;
        Err(Error::breaks_off(
            self.input.path(),
            "its sound cannot be decoded any further",
        ))
    }

    /// Places `frame` on the timeline and trims what was not asked for.
    fn place(&mut self, frame: &frame::Audio) -> Result<Option<(Rational, Vec<f32>)>> {
        let Some(samples) = interleave(frame) else {
            return Ok(None);
        };
        if self.rate == 0 {
            self.rate = frame.rate();
            self.channels = frame.channels();
        }
        let samples = with_channels(samples, frame.channels(), self.channels);
        let resampled = frame.rate() != self.rate || self.resampler.is_some();
        let samples = self.at_first_rate(samples, frame.rate())?;
        // A resampler delays its output, so its position is counted rather than taken from timestamps.
        let stamped = frame
            .timestamp()
            .or(frame.pts())
            .filter(|_| !resampled || self.next_sample.is_none())
            .map(|time| Rational::whole(time) * self.time_base - self.input.zero());
        self.put(stamped, samples)
    }

    /// Resamples `samples` to the rate of the first block. One resampler is used as long as the other rate lasts.
    fn at_first_rate(&mut self, samples: Vec<f32>, rate: u32) -> Result<Vec<f32>> {
        let mut out = Vec::new();
        if let Some((other, resampler)) = &mut self.resampler
            && *other != rate
        {
            resampler.finish(&mut out)?;
            self.resampler = None;
        }
        if rate == self.rate {
            out.extend(samples);
            return Ok(out);
        }
        self.rate_changes = true;
        let (_, resampler) = match &mut self.resampler {
            Some(made) => made,
            none => none.insert((rate, Resampler::new(rate, self.rate, self.channels)?)),
        };
        resampler.push(&samples, &mut out)?;
        Ok(out)
    }

    /// The position of samples, by their timestamp or by the samples before them.
    fn put(
        &mut self,
        stamped: Option<Rational>,
        mut samples: Vec<f32>,
    ) -> Result<Option<(Rational, Vec<f32>)>> {
        let rate = i64::from(self.rate);
        let frames = samples.len() / usize::from(self.channels.max(1));
        // Timestamps may be coarser than samples, so positions are counted; only a real gap moves them.
        let tolerance = self
            .time_base
            .max(Rational::new(1, 1000).unwrap_or(Rational::ZERO))
            + Rational::new(2, rate).unwrap_or(Rational::ZERO);
        let counted = self.next_sample;
        let start = match (counted, stamped) {
            (None, None) => 0,
            (None, Some(time)) => self.on_the_grid(time, frames),
            (Some(counted), Some(time)) => {
                let expected = Rational::new(counted, rate).unwrap_or(Rational::ZERO);
                if time > expected + tolerance {
                    (time * Rational::whole(rate)).round()
                } else {
                    counted
                }
            }
            (Some(counted), None) => counted,
        };
        let channels = usize::from(self.channels.max(1));
        let mut count = i64::try_from(samples.len() / channels).unwrap_or(i64::MAX);
        self.next_sample = Some(start.saturating_add(count));
        if let Some(end) = self.end {
            let end = (end * Rational::whole(rate)).round();
            count = count.min(end.saturating_sub(start)).max(0);
            samples.truncate(usize::try_from(count).unwrap_or(0) * channels);
        }
        let seconds = u64::try_from(start.saturating_add(count) / rate).unwrap_or(0);
        if let Err(error) = self
            .limits
            .check(self.input.path(), LimitName::Seconds, seconds)
        {
            self.done = true;
            return Err(error);
        }
        let mut start = start;
        if let Some(wanted) = self.wanted {
            let from = ceiling(wanted * Rational::whole(rate));
            if start.saturating_add(count) <= from {
                return Ok(None);
            }
            let cut = from.saturating_sub(start).max(0);
            samples.drain(..usize::try_from(cut).unwrap_or(0) * channels);
            start += cut;
            self.wanted = None;
        }
        let time = Rational::new(start, rate).unwrap_or(Rational::ZERO);
        Ok((!samples.is_empty()).then_some((time, samples)))
    }

    /// Index of the first sample of a block of `count` samples whose timestamp is `time`.
    ///
    /// If timestamps are coarser than samples, equal blocks lie on a grid that starts at the encoder delay, and the
    /// nearest grid position is the true one.
    fn on_the_grid(&self, time: Rational, count: usize) -> i64 {
        let rate = Rational::whole(i64::from(self.rate));
        let stamped = (time * rate).round();
        let unit = (self.time_base * rate).round();
        if unit <= 1 {
            return stamped;
        }
        let heard = (self.facts.start * rate).round();
        if stamped.saturating_sub(heard).abs() <= unit {
            return heard;
        }
        let delay = self.input.encoder_delay(self.stream);
        let origin = ((self.facts.start - delay) * rate).round();
        let count = i64::try_from(count).unwrap_or(i64::MAX).max(1);
        let blocks =
            Rational::new(stamped.saturating_sub(origin), count).map_or(0, Rational::round);
        let place = origin.saturating_add(blocks.saturating_mul(count));
        if place.saturating_sub(stamped).abs() <= unit {
            place
        } else {
            stamped
        }
    }
}

/// End of the sound by the sample table of an MP4, if that agrees with its samples.
fn edited_end(input: &Demuxer, facts: &AudioFacts) -> Option<Rational> {
    let headers = input.streams().get(facts.stream)?;
    let last = Rational::whole(headers.index?.last) * headers.time_base - input.zero();
    let end = facts.start + facts.duration?;
    (last < end).then_some(end)
}

/// Converts interleaved samples from `from` to `to` channels: mono is repeated, and a downmix to mono is the mean.
pub(in crate::media) fn with_channels(samples: Vec<f32>, from: u16, to: u16) -> Vec<f32> {
    let (from, to) = (usize::from(from.max(1)), usize::from(to.max(1)));
    if from == to {
        return samples;
    }
    let frames = samples.chunks_exact(from);
    match (from, to) {
        (_, 1) => frames
            .map(|frame| frame.iter().sum::<f32>() / from as f32)
            .collect(),
        (1, _) => frames
            .flat_map(|frame| std::iter::repeat_n(frame[0], to))
            .collect(),
        _ => frames
            .flat_map(|frame| (0..to).map(|channel| frame.get(channel).copied().unwrap_or(0.0)))
            .collect(),
    }
}

/// Rounds up to a whole number.
fn ceiling(value: Rational) -> i64 {
    -(Rational::ZERO - value).floor()
}

fn open_decoder(input: &Demuxer, stream: usize) -> Result<decoder::Audio> {
    let unsupported = |error: ffmpeg::Error| {
        Error::unsupported(
            input.path(),
            format!("its sound cannot be decoded: {error}"),
        )
    };
    let parameters = input
        .parameters(stream)
        .ok_or_else(|| Error::unsupported(input.path(), "it has no sound"))?;
    let mut decoder = ffmpeg::codec::Context::from_parameters(parameters)
        .map_err(unsupported)?
        .decoder();
    let base = input.streams()[stream].time_base;
    if let (Ok(above), Ok(below)) = (
        i32::try_from(base.numerator()),
        i32::try_from(base.denominator()),
    ) {
        // FFmpeg needs this to move the timestamp of a frame whose first samples it drops.
        decoder.set_packet_time_base(ffmpeg::Rational(above, below));
    }
    decoder.audio().map_err(unsupported)
}

/// Interleaved samples of `frame`, full scale ±1. `None` for an empty frame or an unknown format.
fn interleave(frame: &frame::Audio) -> Option<Vec<f32>> {
    let (samples, channels) = (frame.samples(), usize::from(frame.channels()));
    if samples == 0 || channels == 0 {
        return None;
    }
    // SAFETY (all arms): the format tells the type of the samples, and FFmpeg guarantees `nb_samples` of them for
    // each channel.
    unsafe {
        Some(match frame.format() {
            Sample::U8(kind) => {
                gather(frame, kind, |value: u8| (f32::from(value) - 128.0) / 128.0)?
            }
            Sample::I16(kind) => gather(frame, kind, |value: i16| f32::from(value) / 32768.0)?,
            Sample::I32(kind) => gather(frame, kind, |value: i32| value as f32 / 2_147_483_648.0)?,
            Sample::I64(kind) => gather(frame, kind, |value: i64| {
                (value as f64 / 9_223_372_036_854_775_808.0) as f32
            })?,
            Sample::F32(kind) => gather(frame, kind, |value: f32| value)?,
            Sample::F64(kind) => gather(frame, kind, |value: f64| value as f32)?,
            Sample::None => return None,
        })
    }
    .map(|mut samples: Vec<f32>| {
        for sample in &mut samples {
            if !sample.is_finite() {
                *sample = 0.0;
            }
        }
        samples
    })
}

/// # Safety
/// The samples of `frame` are of type `T`.
unsafe fn gather<T: Copy>(
    frame: &frame::Audio,
    kind: Type,
    convert: impl Fn(T) -> f32,
) -> Option<Vec<f32>> {
    let (samples, channels) = (frame.samples(), usize::from(frame.channels()));
    // SAFETY: planar frames have one pointer a channel in `extended_data`, packed frames one for all; each leads to
    // as many samples as the slices take. The buffers are aligned by FFmpeg for its vector code.
    unsafe {
        let planes = (*frame.as_ptr()).extended_data;
        if planes.is_null() {
            return None;
        }
        let plane = |number: usize, length: usize| {
            let data = (*planes.add(number)).cast::<T>();
            (!data.is_null() && data.is_aligned()).then(|| std::slice::from_raw_parts(data, length))
        };
        match kind {
            Type::Packed => {
                let data = plane(0, samples * channels)?;
                Some(data.iter().map(|value| convert(*value)).collect())
            }
            Type::Planar => {
                let mut out = vec![0.0; samples * channels];
                for channel in 0..channels {
                    let data = plane(channel, samples)?;
                    for (place, value) in out.iter_mut().skip(channel).step_by(channels).zip(data) {
                        *place = convert(*value);
                    }
                }
                Some(out)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::path::PathBuf;
    use std::process::Command;

    use super::*;

    /// Two seconds: silence, then a tone from 0.5 s on.
    fn tone(folder: &Path, name: &str, codec: &[&str]) -> PathBuf {
        let path = folder.join(name);
        let made = Command::new("ffmpeg")
            .args(["-v", "error", "-y", "-f", "lavfi", "-i"])
            .arg("aevalsrc=gt(t\\,0.5)*0.5*sin(2*PI*1000*t):s=48000:d=2")
            .args(codec)
            .arg(&path)
            .status()
            .unwrap();
        assert!(made.success());
        path
    }

    fn all(sound: &mut FfmpegSound) -> (f64, Vec<f32>) {
        let mut start = None;
        let mut samples = Vec::new();
        while let Some((time, block)) = sound.next().unwrap() {
            let at = start.get_or_insert(time).seconds() + samples.len() as f64 / 48000.0;
            assert!((time.seconds() - at).abs() < 1e-6, "{time} is not {at}");
            samples.extend(block);
        }
        (start.unwrap().seconds(), samples)
    }

    #[test]
    fn sound_is_placed_to_the_millisecond_and_cut_to_its_length() {
        let folder = tempfile::tempdir().unwrap();
        for (name, codec, slack) in [
            ("a.webm", &["-c:a", "libopus"][..], 0),
            ("a.ogg", &["-c:a", "libopus"], 0),
            ("a.mp4", &["-c:a", "libopus"], 0),
            ("b.mp4", &["-c:a", "aac"], 48),
            ("c.mka", &["-c:a", "ac3"], 1536),
            ("d.mp3", &["-c:a", "libmp3lame"], 0),
            ("e.wav", &["-c:a", "pcm_s24le"], 0),
        ] {
            let path = tone(folder.path(), name, codec);
            let mut sound = FfmpegSound::open(&path, 0, &Limits::default()).unwrap();
            assert_eq!((sound.rate(), sound.channels()), (48000, 1), "{name}");
            let facts = sound.facts().clone();
            let (start, samples) = all(&mut sound);
            assert_eq!(start, 0.0, "{name}");
            assert!(
                samples.len().abs_diff(96000) <= slack,
                "{name} {}",
                samples.len()
            );
            // No header states the padding at the end of these.
            let padding = if name.ends_with("mp3") { 0.03 } else { 0.002 };
            let told = facts.duration.unwrap().seconds();
            let most = padding + slack as f64 / 48000.0;
            assert!((told - 2.0).abs() < most, "{name} {told}");
            let onset = samples
                .iter()
                .position(|sample| sample.abs() > 0.2)
                .unwrap();
            // Matroska does not store the 256 samples of delay of AC-3 encoders.
            let late = if name.starts_with('c') { 256 } else { 0 };
            assert!(onset.abs_diff(24000 + late) < 60, "{name} {onset}");

            for time in ["1/3", "1", "0", "19/10"] {
                let time: Rational = time.parse().unwrap();
                sound.seek(time).unwrap();
                let (start, rest) = all(&mut sound);
                assert!(
                    start - time.seconds() < 1.0 / 48000.0 + 1e-9,
                    "{name} {start}"
                );
                let from = (start * 48000.0).round() as usize;
                let differing = samples[from..].iter().zip(&rest).skip(48);
                let worst = differing.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(worst < 0.05, "{name} from {time}: {worst}");
                assert_eq!(rest.len(), samples.len() - from, "{name} from {time}");
            }
        }
    }
}
