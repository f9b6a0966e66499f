//! Reads sound in blocks, with Symphonia where it has a decoder, else with FFmpeg.

mod chained_sound;
mod frame_header;
mod mixdown;
mod mpeg_frames;
mod ogg_packets;
mod side_information;
mod sound_part;
mod symphonia_sound;
mod truncation;

use std::path::{Path, PathBuf};

pub use self::mixdown::Channels;
use self::mixdown::{Mixdown, Speaker, usual_speakers};
use self::symphonia_sound::SymphoniaSound;
use crate::error::{Error, LimitName, Result};
use crate::media::ffmpeg::sound::FfmpegSound;
use crate::media::{AudioFacts, Limits, Resampler, probe};
use crate::sound::{SoundBlock, SoundFormat};
use crate::time::Rational;

/// The requested format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoundRequest {
    /// Samples a second; `None` for the file's own.
    pub rate: Option<u32>,
    /// Channels.
    pub channels: Channels,
}

/// Blocks have at least this many samples a channel, but for the last one and at low rates.
const LEAST_FRAMES: usize = 4096;
/// The most channels and the highest rate that are supported.
const MOST_CHANNELS: usize = 64;
const MOST_RATE: u32 = 768_000;

/// Reads the best audio stream of a file in blocks of at most a second.
///
/// Sample 0 is the file's time zero: a stream that starts later is preceded by silence, encoder delay and padding are
/// trimmed, what lies before zero is dropped. Packets that cannot be decoded are silence.
pub struct SoundReader {
    path: PathBuf,
    limits: Limits,
    facts: AudioFacts,
    decoder: Decoder,
    source: SoundFormat,
    mixdown: Mixdown,
    resampler: Resampler,
    format: SoundFormat,
    /// Where the headers say that the sound ends, at the source's rate; 0 where they do not say.
    end: i64,
    /// Index of the next frame at the source's rate.
    position: i64,
    /// Silent frames to insert before `held`.
    gap: i64,
    held: Vec<f32>,
    /// Samples that are ready, and the index of the first.
    ready: Vec<f32>,
    next: u64,
    /// Frames to be dropped before the ready ones.
    skip: u64,
    flushed: bool,
    error: Option<Error>,
}

/// The decoder in use.
enum Decoder {
    Symphonia(Box<SymphoniaSound>),
    Ffmpeg(Box<FfmpegSound>),
}

impl Decoder {
    fn next(&mut self, rate: u32) -> Result<Option<(i64, Vec<f32>)>> {
        match self {
            Self::Symphonia(sound) => sound.next(),
            Self::Ffmpeg(sound) => Ok(sound.next()?.map(|(time, samples)| {
                let start = (time * Rational::whole(i64::from(rate))).round();
                (start, samples)
            })),
        }
    }

    fn seek(&mut self, frame: i64, rate: u32) -> Result<()> {
        match self {
            Self::Symphonia(sound) => sound.seek(frame),
            Self::Ffmpeg(sound) => {
                let time = Rational::new(frame, i64::from(rate)).unwrap_or(Rational::ZERO);
                sound.seek(time)
            }
        }
    }
}

impl SoundReader {
    /// Opens `path`. Fails like [`crate::media::probe`], and with `Unsupported` where there is no sound.
    pub fn open(path: &Path, limits: &Limits, request: SoundRequest) -> Result<Self> {
        let probed = probe(path, limits)?;
        let mut facts = probed
            .audio
            .ok_or_else(|| Error::unsupported(path, "it has no sound"))?;
        // Beside pictures, sound is placed by the same timestamps as they are.
        let native = if probed.video.is_none() {
            SymphoniaSound::open(path)?
        } else {
            None
        };
        let mut guessed = false;
        let (decoder, rate, speakers): (_, _, Vec<Speaker>) = match native {
            Some(sound) => {
                let (rate, speakers) = (sound.rate(), sound.speakers().to_vec());
                (Decoder::Symphonia(Box::new(sound)), rate, speakers)
            }
            None => {
                let sound = FfmpegSound::open(path, facts.stream, limits)?;
                facts = sound.facts().clone();
                guessed = sound.length_is_guessed();
                let (rate, speakers) = (sound.rate(), usual_speakers(sound.channels()));
                (Decoder::Ffmpeg(Box::new(sound)), rate, speakers)
            }
        };
        if speakers.is_empty() || speakers.len() > MOST_CHANNELS {
            let what = format!("sound with {} channels", speakers.len());
            return Err(Error::unsupported(path, what));
        }
        if !(1..=MOST_RATE).contains(&rate) {
            return Err(Error::unsupported(path, format!("sound at {rate} Hz")));
        }
        let source = SoundFormat {
            rate,
            channels: speakers.len() as u16,
        };
        let mixdown = Mixdown::new(&speakers, request.channels);
        let format = SoundFormat {
            rate: request.rate.unwrap_or(rate),
            channels: mixdown.channels(source.channels),
        };
        let resampler = Resampler::new(rate, format.rate, format.channels)?;
        let promised = facts.duration.filter(|_| !guessed);
        let end = promised.map_or(0, |duration| {
            ((facts.start + duration) * Rational::whole(i64::from(rate))).round()
        });
        Ok(Self {
            path: path.into(),
            limits: *limits,
            facts,
            decoder,
            source,
            mixdown,
            resampler,
            format,
            end,
            position: 0,
            gap: 0,
            held: Vec::new(),
            ready: Vec::new(),
            next: 0,
            skip: 0,
            flushed: false,
            error: None,
        })
    }

    /// What the headers say.
    pub fn facts(&self) -> &AudioFacts {
        &self.facts
    }

    /// The format of the blocks.
    pub fn format(&self) -> SoundFormat {
        self.format
    }

    /// Goes to `time` (clipped to the file): the next block starts with exactly that sample, and has the same samples
    /// as without the seek.
    pub fn seek(&mut self, time: Rational) -> Result<()> {
        let target = (time * Rational::whole(i64::from(self.format.rate))).round();
        let target = target.max(0) as u64;
        // Resampling starts one block early, at a block boundary, so that it gives the same samples as without a seek.
        let (block_in, block_out) = self.resampler.block();
        let run_up = if block_in > 1 { 1 } else { 0 };
        let block = (target / u64::from(block_out)).saturating_sub(run_up);
        let from = i64::try_from(block.saturating_mul(u64::from(block_in))).unwrap_or(i64::MAX);
        self.decoder.seek(from, self.source.rate)?;
        self.resampler.reset();
        self.position = from;
        self.gap = 0;
        self.held.clear();
        self.ready.clear();
        self.next = target;
        self.skip = target - block * u64::from(block_out);
        self.flushed = false;
        self.error = None;
        Ok(())
    }

    /// The next block; `None` at the end. `BreaksOff` when the data ends early: what came before stays good.
    pub fn next_block(&mut self) -> Result<Option<SoundBlock>> {
        let channels = usize::from(self.format.channels);
        let most = (self.format.rate as usize).max(1);
        while !self.flushed && self.ready.len() / channels < LEAST_FRAMES.min(most) {
            self.pull()?;
        }
        if self.ready.is_empty() {
            return match self.error.take() {
                Some(error) => Err(error),
                None => Ok(None),
            };
        }
        let rest = self
            .ready
            .split_off((most * channels).min(self.ready.len()));
        let samples = std::mem::replace(&mut self.ready, rest);
        let block = SoundBlock {
            start: self.next,
            format: self.format,
            samples,
        };
        self.next += block.frames() as u64;
        Ok(Some(block))
    }

    /// Decodes one more run, or inserts silence, and resamples it.
    fn pull(&mut self) -> Result<()> {
        if self.gap > 0 {
            let frames = self.gap.min(i64::from(self.source.rate));
            self.gap -= frames;
            let silence = vec![0.0; frames as usize * usize::from(self.source.channels)];
            return self.take(silence);
        }
        if !self.held.is_empty() {
            let samples = std::mem::take(&mut self.held);
            return self.take(samples);
        }
        match self.decoder.next(self.source.rate) {
            Ok(Some((start, samples))) => self.place(start, samples),
            Ok(None) => {
                if self.ends_early() {
                    let what = "the sound's data ends early";
                    self.error = Some(Error::breaks_off(&self.path, what));
                }
                self.flush()
            }
            Err(error @ Error::BreaksOff { .. }) => {
                self.error = Some(error);
                self.flush()
            }
            Err(error) => {
                self.flushed = true;
                Err(error)
            }
        }
    }

    /// Whether the sound ends before its promised end. Many containers round or guess the duration, so the duration
    /// alone counts only if much is missing.
    fn ends_early(&self) -> bool {
        let clearly = self.end / 100 * 95 - i64::from(self.source.rate);
        truncation::is_cut_short(&self.path)
            || (matches!(self.decoder, Decoder::Ffmpeg(_)) && self.position < clearly)
    }

    /// Places a run of samples: drops what overlaps, and fills a gap before it with silence.
    fn place(&mut self, start: i64, mut samples: Vec<f32>) -> Result<()> {
        let channels = usize::from(self.source.channels);
        let frames = i64::try_from(samples.len() / channels).unwrap_or(0);
        if start.saturating_add(frames) <= self.position {
            return Ok(());
        }
        let seconds = start.saturating_add(frames) / i64::from(self.source.rate);
        let seconds = u64::try_from(seconds).unwrap_or(0);
        if let Err(error) = self.limits.check(&self.path, LimitName::Seconds, seconds) {
            self.flushed = true;
            return Err(error);
        }
        if start < self.position {
            samples.drain(..(self.position - start) as usize * channels);
        }
        for sample in &mut samples {
            if !sample.is_finite() {
                *sample = 0.0;
            }
        }
        self.gap = (start - self.position).max(0);
        self.held = samples;
        Ok(())
    }

    /// Mixes and resamples frames at the source's rate.
    fn take(&mut self, samples: Vec<f32>) -> Result<()> {
        let frames = samples.len() / usize::from(self.source.channels);
        self.position += i64::try_from(frames).unwrap_or(0);
        let mixed = self.mixdown.mix(samples, self.source.channels);
        self.resampler.push(&mixed, &mut self.ready)?;
        self.drop_skipped();
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.flushed = true;
        self.resampler.finish(&mut self.ready)?;
        self.drop_skipped();
        Ok(())
    }

    fn drop_skipped(&mut self) {
        let channels = usize::from(self.format.channels);
        let frames = self.skip.min((self.ready.len() / channels) as u64);
        self.ready.drain(..frames as usize * channels);
        self.skip -= frames;
    }
}
