//! Decodes plain sound files with Symphonia, which knows the exact position of each sample in them.
//!
//! WAVE, AIFF, CAF, FLAC, Ogg and MP3. FFmpeg decodes everything else: Symphonia does not apply edit lists (MP4),
//! ignores the encoder delay in Matroska, decodes AAC without spectral band replication, and has no Opus decoder.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use symphonia::core::audio::{Channels as Layout, Position};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_AAC;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::common::Limit;
use symphonia::core::errors::Error as Failure;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::Timestamp;

use super::chained_sound::ChainedSound;
use super::mixdown::{Speaker, usual_speakers};
use super::ogg_packets::OggPackets;
use super::sound_part::{FilePart, sound_part};
use crate::error::{Error, Result};
use crate::media::page_positions::PAGE_SLACK;
use crate::sound::SoundFormat;

/// After this many failed packets in a row the sound counts as broken off.
const MOST_FAILURES: usize = 1000;
/// No packet has more frames.
const MOST_FRAMES: u64 = 1 << 20;
/// A writer to a pipe leaves at least this length, in bytes, in a WAVE file.
const LENGTH_UNKNOWN: u64 = 0x7fff_0000;
/// Frames by which the length in an MP3's first frame may be wrong: some encoders include that frame.
const MP3_SLACK: i64 = 1152;

/// One sound file, decoded to 32-bit floats.
pub(super) struct SymphoniaSound {
    path: PathBuf,
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
    rate: u32,
    speakers: Vec<Speaker>,
    /// Where the headers say that the sound ends.
    end: Option<i64>,
    slack: i64,
    /// Whether Symphonia seeks correctly: in WAVE and AIFF it confuses blocks of several frames with frames.
    seekable: bool,
    /// Index of the frame after the last one given.
    reached: i64,
    is_ogg: bool,
    /// A run of Ogg was given since the file was opened or sought in: the next follows it, wherever its page says.
    contiguous: bool,
    ogg_packets: OggPackets,
    /// Where the current stream of chained Ogg streams starts.
    base: i64,
    /// The format of the current stream, and its conversion to that of the first.
    current: SoundFormat,
    conversion: Option<ChainedSound>,
    failures: usize,
    done: bool,
}

impl SymphoniaSound {
    /// Opens `path`; `None` if FFmpeg has to decode the file.
    pub(super) fn open(path: &Path) -> Result<Option<Self>> {
        let mut file = File::open(path).map_err(|error| Error::read(path, error))?;
        let bytes = file.metadata().map_or(0, |facts| facts.len());
        let read_error = |error| Error::read(path, error);
        let Some((start, end)) = sound_part(&mut file).map_err(read_error)? else {
            return Ok(None);
        };
        let part = FilePart::new(file, (start, end.min(bytes))).map_err(read_error)?;
        let stream = MediaSourceStream::new(Box::new(part), Default::default());
        let tags = MetadataOptions::default()
            .limit_tag_bytes(Limit::Maximum(1 << 20))
            .limit_visual_bytes(Limit::Maximum(1 << 20));
        let probed = symphonia::default::get_probe().probe(
            &Hint::new(),
            stream,
            FormatOptions::default(),
            tags,
        );
        let Ok(format) = probed else {
            return Ok(None);
        };
        let name = format.format_info().short_name;
        let mpeg = matches!(name, "mp1" | "mp2" | "mp3");
        if !mpeg && !matches!(name, "wave" | "aiff" | "caf" | "flac" | "ogg") {
            return Ok(None);
        }
        let [track] = format.tracks() else {
            return Ok(None);
        };
        let Some((rate, speakers, decoder)) = decoder(track, mpeg) else {
            return Ok(None);
        };
        let block = decoder.codec_params().frames_per_block.unwrap_or(1);
        let seekable = block <= 1 || !matches!(name, "wave" | "aiff");
        let frames = track.num_frames;
        if frames == Some(0) {
            return Ok(None);
        }
        // For an MP3 without an encoder delay Symphonia guesses the length from the bit rate. An Ogg ends with the page
        // that is marked as the last, whatever position that states.
        let told = name != "ogg" && (!mpeg || track.padding.is_some());
        let frame_bytes = speakers.len() as u64;
        let unfinished = |frames: u64| {
            let least = frames.saturating_mul(frame_bytes);
            least > bytes && frames.saturating_mul(frame_bytes * 8) >= LENGTH_UNKNOWN
        };
        let end = frames
            .filter(|&frames| told && !unfinished(frames))
            .and_then(|frames| i64::try_from(frames).ok());
        let track = track.id;
        let current = format_of(rate, &speakers);
        Ok(Some(Self {
            path: path.into(),
            format,
            decoder,
            track,
            rate,
            speakers,
            end,
            slack: if mpeg { MP3_SLACK } else { 0 },
            seekable,
            reached: 0,
            contiguous: false,
            is_ogg: name == "ogg",
            ogg_packets: OggPackets::default(),
            base: 0,
            current,
            conversion: None,
            failures: 0,
            done: false,
        }))
    }

    /// Frames a second.
    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    /// Where each channel's loudspeaker stands.
    pub(super) fn speakers(&self) -> &[Speaker] {
        &self.speakers
    }

    fn next_packet(&mut self) -> symphonia::core::errors::Result<Option<Packet>> {
        if self.is_ogg {
            self.ogg_packets.next_packet(self.format.as_mut())
        } else {
            self.format.next_packet()
        }
    }

    /// The next run of interleaved samples with the index of its first frame. Packets that cannot be decoded are
    /// silence. `BreaksOff` where the data ends early; the next call gives `None`.
    pub(super) fn next(&mut self) -> Result<Option<(i64, Vec<f32>)>> {
        while !self.done {
            match self.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track => {
                    if let Some((start, samples)) = self.decode(&packet)? {
                        let frames = samples.len() / self.speakers.len().max(1);
                        self.reached = start.saturating_add(i64::try_from(frames).unwrap_or(0));
                        self.contiguous = self.is_ogg;
                        return Ok(Some((start, samples)));
                    }
                }
                Ok(Some(_)) => {}
                Ok(None) => return self.finish(false),
                Err(Failure::ResetRequired) => {
                    let rest = self.rest_of_chained()?;
                    self.chain()?;
                    if rest.is_some() {
                        return Ok(rest);
                    }
                }
                Err(Failure::DecodeError(_)) => self.fail()?,
                // Without a promised length the sound ends with the file: a writer to a pipe cannot go back and fill
                // the length in.
                Err(Failure::IoError(error)) if self.end.is_none() && is_end(&error) => {
                    return self.finish(false);
                }
                Err(_) => return self.finish(true),
            }
        }
        Ok(None)
    }

    fn decode(&mut self, packet: &Packet) -> Result<Option<(i64, Vec<f32>)>> {
        let trimmed = i64::try_from(packet.trim_start.get()).unwrap_or(0);
        let start = self
            .base
            .saturating_add(packet.pts.get())
            .saturating_add(trimmed);
        let off = start.saturating_sub(self.reached).saturating_abs();
        let start = if self.contiguous && off < PAGE_SLACK {
            self.reached
        } else {
            start
        };
        let (samples, changed) = match self.decoder.decode(packet) {
            Ok(block) => {
                let spec = block.spec();
                let same = spec.rate() == self.current.rate
                    && spec.channels().count() == usize::from(self.current.channels);
                let mut samples = Vec::new();
                block.copy_to_vec_interleaved(&mut samples);
                (Some(samples), !same)
            }
            Err(_) => (None, false),
        };
        if changed {
            self.done = true;
            let what = "its sound changes its rate or its channels";
            return Err(Error::breaks_off(&self.path, what));
        }
        let samples = match samples {
            Some(samples) => {
                self.failures = 0;
                samples
            }
            None => {
                self.fail()?;
                let frames = packet.dur.get().min(MOST_FRAMES) as usize;
                vec![0.0; frames * usize::from(self.current.channels)]
            }
        };
        match &mut self.conversion {
            None => Ok((!samples.is_empty()).then_some((start, samples))),
            // Converted samples follow each other without gaps.
            Some(conversion) => {
                let samples = conversion.convert(samples)?;
                Ok((!samples.is_empty()).then_some((self.reached, samples)))
            }
        }
    }

    /// The samples that the conversion of a chained stream still holds.
    fn rest_of_chained(&mut self) -> Result<Option<(i64, Vec<f32>)>> {
        let Some(conversion) = self.conversion.take() else {
            return Ok(None);
        };
        let start = self.reached;
        let samples = conversion.finish()?;
        let frames = samples.len() / self.speakers.len().max(1);
        self.reached = start.saturating_add(i64::try_from(frames).unwrap_or(0));
        Ok((!samples.is_empty()).then_some((start, samples)))
    }

    /// Continues with the next of chained Ogg streams, converted to the format of the first.
    fn chain(&mut self) -> Result<()> {
        self.base = self.reached;
        self.end = None;
        let next = match self.format.tracks() {
            [track] => decoder(track, false).map(|made| (track.id, made)),
            _ => None,
        };
        let first = format_of(self.rate, &self.speakers);
        let next = next.and_then(|(track, (rate, speakers, decoder))| {
            let format = format_of(rate, &speakers);
            let conversion = ChainedSound::new(format, first).ok()?;
            Some((track, decoder, format, conversion))
        });
        let Some((track, decoder, format, conversion)) = next else {
            self.done = true;
            let what = "another sound follows that cannot be decoded";
            return Err(Error::breaks_off(&self.path, what));
        };
        self.track = track;
        self.decoder = decoder;
        self.current = format;
        self.conversion = conversion;
        Ok(())
    }

    fn fail(&mut self) -> Result<()> {
        self.failures += 1;
        if self.failures <= MOST_FAILURES {
            return Ok(());
        }
        self.done = true;
        let what = "its sound cannot be decoded any further";
        Err(Error::breaks_off(&self.path, what))
    }

    fn finish(&mut self, failed: bool) -> Result<Option<(i64, Vec<f32>)>> {
        let rest = self.rest_of_chained()?;
        self.done = true;
        let early = self
            .end
            .is_some_and(|end| self.reached < end.saturating_sub(self.slack));
        if early || failed {
            return Err(Error::breaks_off(&self.path, "the sound's data ends early"));
        }
        Ok(rest)
    }

    /// Goes to a place from which `frame` is decoded exactly: the next block starts at or before it, or after it only
    /// where there is no sound.
    pub(super) fn seek(&mut self, frame: i64) -> Result<()> {
        // Overlapping blocks and MP3's bit reservoir reach back less than this.
        let from = frame.saturating_sub(i64::from(self.rate) / 2);
        let sought = from > 0 && self.base == 0 && self.seekable && {
            let to = SeekTo::Timestamp {
                ts: Timestamp::new(from),
                track_id: self.track,
            };
            self.format
                .seek(SeekMode::Accurate, to)
                .is_ok_and(|sought| sought.actual_ts.get() <= frame)
        };
        if sought {
            self.decoder.reset();
            self.failures = 0;
            self.done = false;
            self.reached = from;
            self.contiguous = false;
            self.ogg_packets = OggPackets::default();
            return Ok(());
        }
        match Self::open(&self.path)? {
            Some(again) => {
                *self = again;
                Ok(())
            }
            None => Err(Error::damaged(
                &self.path,
                "it has changed while it was read",
            )),
        }
    }
}

fn format_of(rate: u32, speakers: &[Speaker]) -> SoundFormat {
    SoundFormat {
        rate,
        channels: u16::try_from(speakers.len()).unwrap_or(u16::MAX),
    }
}

type TrackDecoder = (u32, Vec<Speaker>, Box<dyn AudioDecoder>);

/// Rate, loudspeakers and decoder of a track whose timestamps count frames; `None` where that is not so.
fn decoder(track: &Track, mpeg: bool) -> Option<TrackDecoder> {
    let Some(CodecParameters::Audio(parameters)) = &track.codec_params else {
        return None;
    };
    let rate = parameters.sample_rate.filter(|&rate| rate > 0)?;
    let base = track.time_base?;
    let counts_frames = base.numer.get() == 1 && base.denom.get() == rate;
    if parameters.codec == CODEC_ID_AAC || !counts_frames {
        return None;
    }
    let speakers = speakers(parameters)?;
    // If an MP3's length is a guess, nothing may be cut off there.
    let gapless = !mpeg || track.padding.is_some();
    let decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default().gapless(gapless))
        .ok()?;
    Some((rate, speakers, decoder))
}

fn speakers(parameters: &AudioCodecParameters) -> Option<Vec<Speaker>> {
    let layout = parameters.channels.as_ref()?;
    let count = u16::try_from(layout.count())
        .ok()
        .filter(|&count| count > 0)?;
    let Layout::Positioned(positions) = layout else {
        return Some(usual_speakers(count));
    };
    if count <= 2 {
        return Some(usual_speakers(count));
    }
    // Channels are stored in the order of the bits.
    Some(positions.iter().map(place).collect())
}

fn place(position: Position) -> Speaker {
    const PLACES: [(Position, Speaker); 13] = [
        (Position::FRONT_LEFT, Speaker::Left),
        (Position::FRONT_LEFT_CENTER, Speaker::Left),
        (Position::FRONT_RIGHT, Speaker::Right),
        (Position::FRONT_RIGHT_CENTER, Speaker::Right),
        (Position::FRONT_CENTER, Speaker::Center),
        (Position::LFE1, Speaker::LowFrequency),
        (Position::REAR_LEFT, Speaker::SurroundLeft),
        (Position::SIDE_LEFT, Speaker::SurroundLeft),
        (Position::TOP_FRONT_LEFT, Speaker::SurroundLeft),
        (Position::REAR_RIGHT, Speaker::SurroundRight),
        (Position::SIDE_RIGHT, Speaker::SurroundRight),
        (Position::TOP_FRONT_RIGHT, Speaker::SurroundRight),
        (Position::REAR_CENTER, Speaker::SurroundCenter),
    ];
    PLACES
        .iter()
        .find(|(known, _)| *known == position)
        .map_or(Speaker::Any, |&(_, place)| place)
}

fn is_end(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::UnexpectedEof
}
