//! What can be heard: loudness, speech and music, beats, key, tags, mood, sections, from one decode.
//!
//! The sound is decoded once, at its own rate and channels, and fed to three listeners: loudness and levels (as it is), rhythm
//! (22.05 kHz mono: beats, key, timbre) and voice (16 kHz mono: speech, music, tags). Each keeps features or activations,
//! never the samples, so hours of sound take tens of megabytes.

mod beat_tracking;
mod caption_files;
mod downbeat_evidence;
mod downbeats;
mod energy_curve;
mod key;
mod levels;
mod loudness;
mod music_mood;
mod music_summary;
mod overlapping_windows;
mod sections;
mod spectrogram;
mod stream_16khz;
mod stream_22khz;
mod tags;
mod tempo;
mod timbre;
mod transcript;
mod true_peak;
mod utterances;
mod voice_activity;

pub use caption_files::{parse_captions, read_captions};

use std::path::Path;

use crate::analysis::{
    AnalysisContext, AudioReport, Axes, Key, LabelScore, Loudness, Mood, Part, Tempo,
};
use crate::error::{Error, Result};
use crate::media::{Channels, SoundReader, SoundRequest};
use crate::time::rounded;

use self::levels::LevelMeter;
use self::loudness::LoudnessMeter;
use self::music_summary::MusicSummary;
use self::stream_16khz::Stream16kHz;
use self::stream_22khz::Stream22kHz;

/// The facts, and the error the sound broke off with, if it did.
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
    let format = reader.format();
    let expected = reader.facts().duration.map(|duration| duration.seconds());
    let rate = f64::from(format.rate.max(1));

    let wants = |part| context.scope.wants(part);
    let mut meter = wants(Part::Loudness).then(|| LoudnessMeter::new(format));
    let mut levels = (wants(Part::Loudness) || wants(Part::Events))
        .then(|| LevelMeter::new(format.rate, format.channels));
    let mut rhythm = wants(Part::Music)
        .then(|| Stream22kHz::new(context.models, format.rate))
        .transpose()?;
    let mut voice = [Part::Speech, Part::Transcript, Part::Music, Part::Events]
        .into_iter()
        .any(wants)
        .then(|| Stream16kHz::new(context, format.rate))
        .transpose()?;
    let mut frames = 0u64;
    let mut mono = Vec::new();
    let broken = loop {
        context.task.check()?;
        let mut block = match reader.next_block() {
            Ok(Some(block)) => block,
            Ok(None) => break None,
            Err(error @ Error::BreaksOff { .. }) => break Some(error),
            Err(error) => return Err(error),
        };
        sanitize(&mut block.samples);
        frames += block.frames() as u64;
        mix(&block.samples, usize::from(format.channels), &mut mono);
        let (_, (rhythm, voice)) = rayon::join(
            || {
                if let Some(meter) = &mut meter {
                    meter.push(&block.samples);
                }
                if let Some(levels) = &mut levels {
                    levels.push(&block.samples);
                }
            },
            || {
                rayon::join(
                    || rhythm.iter_mut().try_for_each(|rhythm| rhythm.push(&mono)),
                    || voice.iter_mut().try_for_each(|voice| voice.push(&mono)),
                )
            },
        );
        rhythm?;
        voice?;
        if let Some(expected) = expected.filter(|expected| *expected > 0.0) {
            context.task.progress(frames as f64 / rate / expected);
        }
    };
    context.task.check()?;
    let (rhythm_end, voice_end) = rayon::join(
        || rhythm.iter_mut().try_for_each(Stream22kHz::finish),
        || voice.as_mut().map(Stream16kHz::finish).transpose(),
    );
    rhythm_end?;
    let said = voice_end?.flatten();
    context.task.check()?;

    let duration = frames as f64 / rate;
    let (loudness, loudness_curve) = meter.map(LoudnessMeter::finish).unwrap_or_default();
    let heard = voice.as_ref().map_or(&[][..], Stream16kHz::events);
    let speech = voice_activity::speech(heard, duration);
    let music = voice_activity::music(heard, duration);
    let singing = voice_activity::singing(heard, duration);
    let (mut silence, mut events) = (Vec::new(), Vec::new());
    if let Some(levels) = &mut levels {
        levels.finish();
        silence = levels.silence(duration);
        if wants(Part::Events) {
            events = levels.events(&[&speech, &singing, &music], duration);
        }
    }
    let said = match &context.captions {
        Some(captions) => Some(Ok(caption_files::within(captions, duration))),
        None => said,
    };
    let (transcript, no_transcript) = match said {
        Some(Ok(transcript)) => (Some(transcript), None),
        Some(Err(why)) => (None, (!speech.is_empty()).then_some(why)),
        None => (None, None),
    };
    let pulse = rhythm
        .as_ref()
        .map(|rhythm| rhythm.pulse(&music, duration, context.beats))
        .unwrap_or_default();
    let known = match (&rhythm, &voice) {
        (Some(rhythm), Some(voice)) => {
            music_summary::summarize_music(context.models, rhythm, voice, &pulse, &music, duration)?
        }
        _ => MusicSummary::default(),
    };
    context.task.progress(1.0);
    let report = AudioReport {
        duration,
        sample_rate: format.rate,
        channels: format.channels,
        loudness,
        speech,
        music,
        singing,
        silence,
        events,
        tempo: pulse.tempo,
        beats: pulse.beats,
        downbeats: pulse.downbeats,
        key: known.key,
        tags: known.tags,
        axes: known.axes,
        mood: known.mood,
        sections: known.sections,
        phrases: known.phrases,
        energy_curve: known.energy_curve,
        onsets_per_second: known.onsets_per_second,
        embedding: known.embedding,
        loudness_curve,
        transcript,
        no_transcript,
    };
    Ok((with_four_decimals(report), broken))
}

/// Floating-point files may hold anything: what is no number is silence, and nothing is louder than +40 dBFS.
fn sanitize(samples: &mut [f32]) {
    for sample in samples {
        *sample = if sample.is_finite() {
            sample.clamp(-100.0, 100.0)
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

fn with_four_decimals(mut report: AudioReport) -> AudioReport {
    report.duration = rounded(report.duration);
    report.loudness = Loudness {
        integrated_lufs: report.loudness.integrated_lufs.map(rounded),
        range_lu: report.loudness.range_lu.map(rounded),
        true_peak_dbtp: report.loudness.true_peak_dbtp.map(rounded),
    };
    report.tempo = report.tempo.map(|mut tempo: Tempo| {
        tempo.bpm = rounded(tempo.bpm);
        tempo.confidence = rounded(tempo.confidence);
        for other in &mut tempo.alternatives {
            other.bpm = rounded(other.bpm);
            other.confidence = rounded(other.confidence);
        }
        tempo
    });
    report.key = report.key.map(|key: Key| Key {
        confidence: rounded(key.confidence),
        tuning_cents: rounded(key.tuning_cents),
        ..key
    });
    report.axes = report.axes.map(|axes| Axes {
        energy: rounded(axes.energy),
        valence: rounded(axes.valence),
        danceability: rounded(axes.danceability),
        acousticness: rounded(axes.acousticness),
        density: rounded(axes.density),
        brightness: rounded(axes.brightness),
    });
    report.mood = report.mood.map(|mood| Mood {
        valence: rounded(mood.valence),
        arousal: rounded(mood.arousal),
        ..mood
    });
    for section in &mut report.sections {
        section.start = rounded(section.start);
        section.end = rounded(section.end);
        section.energy = rounded(section.energy);
    }
    report.onsets_per_second = report.onsets_per_second.map(rounded);
    for tag in &mut report.tags {
        let LabelScore { score, .. } = tag;
        *score = rounded(*score);
    }
    for time in [
        &mut report.beats,
        &mut report.downbeats,
        &mut report.phrases,
        &mut report.energy_curve,
        &mut report.loudness_curve,
    ] {
        for value in time.iter_mut() {
            *value = rounded(*value);
        }
    }
    report
}
