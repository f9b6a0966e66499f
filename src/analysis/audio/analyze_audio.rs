//! Analyzes the sound of a file: path in, [`AudioReport`] out.

use std::path::Path;

use super::caption_words;
use super::chromaprint::ChromaprintStream;
use super::loudness::LoudnessMeter;
use super::music_summary::{MusicSource, MusicSummary, summarize_music};
use super::report_rounding::with_four_decimals;
use super::silence_and_hits::LevelMeter;
use super::stream_16khz::Stream16kHz;
use super::stream_22khz::Stream22kHz;
use super::{vocals, voice_activity};
use crate::analysis::{AnalysisContext, AudioReport, NoTranscript, Part, Transcript};
use crate::error::{Error, Result};
use crate::media::{Channels, SoundReader, SoundRequest};
use crate::models::SoundEventFrame;
use crate::sound::SoundFormat;

/// Samples are clamped to this: +40 dBFS. Files of floating-point samples may hold any number.
const LOUDEST_SAMPLE: f32 = 100.0;

/// Analyzes the sound of a file. Returns the report and, if the sound broke off, the error that ended it.
///
/// Fails like [`SoundReader::open`], when the task is cancelled and when a network cannot be used.
pub fn analyze_audio(
    context: &AnalysisContext<'_>,
    path: &Path,
) -> Result<(AudioReport, Option<Error>)> {
    let request = SoundRequest {
        rate: None,
        channels: Channels::Source,
    };
    let mut reader = SoundReader::open(path, &context.limits, request)?;
    let mut streams = Streams::new(context, reader.format())?;
    let broken = streams.read(context, &mut reader)?;
    context.task.check()?;
    let transcript = streams.finish()?;
    context.task.check()?;
    let report = streams.report(context, transcript)?;
    context.task.progress(1.0);
    Ok((with_four_decimals(report), broken))
}

/// The transcript, or why there is none; `None` where nobody speaks or no transcript was asked for.
type Words = Option<Result<Transcript, NoTranscript>>;

/// The analyzers that the sound is fed to; `None` where no requested part needs one.
struct Streams<'a> {
    format: SoundFormat,
    loudness: Option<LoudnessMeter>,
    levels: Option<LevelMeter>,
    rhythm: Option<Stream22kHz<'a>>,
    voice: Option<Stream16kHz<'a>>,
    print: Option<ChromaprintStream>,
    /// Samples of each channel so far.
    frames: u64,
}

impl<'a> Streams<'a> {
    fn new(context: &AnalysisContext<'a>, format: SoundFormat) -> Result<Self> {
        let wants = |part| context.scope.wants(part);
        Ok(Self {
            format,
            loudness: wants(Part::Loudness).then(|| LoudnessMeter::new(format)),
            levels: (wants(Part::Loudness) || wants(Part::Events))
                .then(|| LevelMeter::new(format.rate, format.channels)),
            rhythm: wants(Part::Music)
                .then(|| Stream22kHz::new(context.models, format.rate))
                .transpose()?,
            voice: [Part::Speech, Part::Transcript, Part::Music, Part::Events]
                .into_iter()
                .any(wants)
                .then(|| Stream16kHz::new(context, format.rate))
                .transpose()?,
            print: wants(Part::Fingerprint)
                .then(|| ChromaprintStream::new(format.rate))
                .transpose()?,
            frames: 0,
        })
    }

    /// Reads to the end. Returns the error that the sound broke off with, if it did.
    fn read(
        &mut self,
        context: &AnalysisContext<'_>,
        reader: &mut SoundReader,
    ) -> Result<Option<Error>> {
        let expected = reader.facts().duration.map(|duration| duration.seconds());
        let mut mono = Vec::new();
        loop {
            context.task.check()?;
            let mut block = match reader.next_block() {
                Ok(Some(block)) => block,
                Ok(None) => return Ok(None),
                Err(error @ Error::BreaksOff { .. }) => return Ok(Some(error)),
                Err(error) => return Err(error),
            };
            sanitize(&mut block.samples);
            self.frames += block.frames() as u64;
            mix(&block.samples, usize::from(self.format.channels), &mut mono);
            self.push(&block.samples, &mono)?;
            if let Some(expected) = expected.filter(|expected| *expected > 0.0) {
                context.task.progress(self.duration() / expected);
            }
        }
    }

    fn push(&mut self, samples: &[f32], mono: &[f32]) -> Result<()> {
        let (loudness, levels) = (&mut self.loudness, &mut self.levels);
        let (rhythm, voice, print) = (&mut self.rhythm, &mut self.voice, &mut self.print);
        let (print, (rhythm, voice)) = rayon::join(
            || {
                if let Some(loudness) = loudness {
                    loudness.push(samples);
                }
                if let Some(levels) = levels {
                    levels.push(samples);
                }
                print.iter_mut().try_for_each(|print| print.push(mono))
            },
            || {
                rayon::join(
                    || rhythm.iter_mut().try_for_each(|rhythm| rhythm.push(mono)),
                    || voice.iter_mut().try_for_each(|voice| voice.push(mono)),
                )
            },
        );
        rhythm?;
        print?;
        voice
    }

    /// Flushes the streams; returns the words.
    fn finish(&mut self) -> Result<Words> {
        let (rhythm, voice) = (&mut self.rhythm, &mut self.voice);
        let (rhythm_end, voice_end) = rayon::join(
            || rhythm.iter_mut().try_for_each(Stream22kHz::finish),
            || voice.as_mut().map(Stream16kHz::finish).transpose(),
        );
        rhythm_end?;
        if let Some(levels) = &mut self.levels {
            levels.finish();
        }
        Ok(voice_end?.flatten())
    }

    /// Seconds so far.
    fn duration(&self) -> f64 {
        self.frames as f64 / f64::from(self.format.rate.max(1))
    }

    fn report(self, context: &AnalysisContext<'_>, words: Words) -> Result<AudioReport> {
        let duration = self.duration();
        let heard: &[SoundEventFrame] = self.voice.as_ref().map_or(&[], Stream16kHz::events);
        let speech = voice_activity::speech(heard, duration);
        let music = voice_activity::music(heard, duration);
        let singing = vocals::vocals(heard, duration);
        let (mut silence, mut events) = (Vec::new(), Vec::new());
        if let Some(levels) = &self.levels {
            silence = levels.silence(duration);
            if context.scope.wants(Part::Events) {
                events = levels.events(&[&speech, &singing, &music], duration);
            }
        }
        let words = match &context.captions {
            Some(captions) => Some(Ok(caption_words::within(captions, duration))),
            None => words,
        };
        let (transcript, no_transcript) = match words {
            Some(Ok(transcript)) => (Some(transcript), None),
            Some(Err(why)) => (None, (!speech.is_empty()).then_some(why)),
            None => (None, None),
        };
        let rhythm = self
            .rhythm
            .as_ref()
            .map(|stream| stream.summarize(&music, duration, context.beats))
            .unwrap_or_default();
        let summary = match (&self.rhythm, &self.voice) {
            (Some(stream), Some(voice)) => summarize_music(&MusicSource {
                models: context.models,
                chroma: &stream.chroma,
                timbre: &stream.timbre,
                tags: voice.tags(),
                downbeats: &rhythm.downbeats,
                music: &music,
                duration,
            })?,
            _ => MusicSummary::default(),
        };
        let (loudness, loudness_curve) =
            self.loudness.map(LoudnessMeter::finish).unwrap_or_default();
        let print = self.print.map(ChromaprintStream::finish).transpose()?;
        Ok(AudioReport {
            duration,
            sample_rate: self.format.rate,
            channels: self.format.channels,
            loudness,
            speech,
            music,
            singing,
            silence,
            events,
            tempo: rhythm.tempo,
            beats: rhythm.beats,
            downbeats: rhythm.downbeats,
            key: summary.key,
            tags: summary.tags,
            axes: summary.axes,
            mood: summary.mood,
            sections: summary.sections,
            phrases: summary.phrases,
            energy_curve: summary.energy_curve,
            onsets_per_second: summary.onsets_per_second,
            embedding: summary.embedding,
            chromaprint: print.flatten().map(|print| print.text()),
            loudness_curve,
            transcript,
            no_transcript,
        })
    }
}

/// Replaces what is not a number by silence and clamps the rest to [`LOUDEST_SAMPLE`].
fn sanitize(samples: &mut [f32]) {
    for sample in samples {
        *sample = if sample.is_finite() {
            sample.clamp(-LOUDEST_SAMPLE, LOUDEST_SAMPLE)
        } else {
            0.0
        };
    }
}

/// The mean of all channels.
fn mix(samples: &[f32], channels: usize, mono: &mut Vec<f32>) {
    let channels = channels.max(1);
    mono.clear();
    mono.extend(
        samples
            .chunks_exact(channels)
            .map(|frame| frame.iter().sum::<f32>() / channels as f32),
    );
}
