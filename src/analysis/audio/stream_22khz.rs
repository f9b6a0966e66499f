//! The 22.05 kHz stream: beat activations, chroma and timbre, and from these beats, downbeats and tempo.

use super::beat_tracking::{self, Beat, FRAME_RATE};
use super::key::Chroma;
use super::tempo;
use super::timbre::Timbre;
use super::{downbeat_evidence, downbeats};
use crate::analysis::{BeatOverride, Span, Tempo};
use crate::error::Result;
use crate::media::Resampler;
use crate::models::{BEAT_RATE, BeatActivation, BeatStream, Models};

/// Music on either side of a shorter gap is one piece with one beat grid: the gap is a break. In seconds.
const BREAK: f64 = 10.0;
/// Beats are searched this far beyond a span of music, in seconds, because its ends are uncertain.
const MARGIN: f64 = 2.0;
/// Mean activation of the beats, 0..1, below which a piece has no steady beat.
const STEADY: f64 = 0.45;
/// Fewest beats of a rhythm.
const FEWEST: usize = 4;

/// Collects the features of rhythm, key and timbre.
pub(super) struct Stream22kHz<'a> {
    models: &'a Models,
    resampler: Resampler,
    resampled: Vec<f32>,
    beats: BeatStream,
    /// Beat activations, 50 a second.
    pub activations: Vec<BeatActivation>,
    /// Strength of the notes.
    pub chroma: Chroma,
    /// Onsets, brightness and level.
    pub timbre: Timbre,
}

/// The rhythm of a whole file.
#[derive(Debug, Clone, Default)]
pub(super) struct RhythmSummary {
    pub beats: Vec<f64>,
    pub downbeats: Vec<f64>,
    pub tempo: Option<Tempo>,
    /// Mean strength of the beats, 0..1; 0 without.
    pub strength: f64,
}

impl<'a> Stream22kHz<'a> {
    pub fn new(models: &'a Models, rate: u32) -> Result<Self> {
        Ok(Self {
            models,
            resampler: Resampler::new(rate, BEAT_RATE, 1)?,
            resampled: Vec::new(),
            beats: BeatStream::default(),
            activations: Vec::new(),
            chroma: Chroma::new(),
            timbre: Timbre::new(),
        })
    }

    /// Takes mono samples at the file's rate.
    pub fn push(&mut self, mono: &[f32]) -> Result<()> {
        self.resampled.clear();
        self.resampler.push(mono, &mut self.resampled)?;
        self.take()
    }

    /// Ends the stream.
    pub fn finish(&mut self) -> Result<()> {
        self.resampled.clear();
        self.resampler.finish(&mut self.resampled)?;
        self.take()?;
        self.chroma.finish();
        self.timbre.finish();
        self.beats.finish(self.models, &mut self.activations)
    }

    fn take(&mut self) -> Result<()> {
        self.chroma.push(&self.resampled);
        self.timbre.push(&self.resampled);
        self.beats
            .push(self.models, &self.resampled, &mut self.activations)
    }

    /// Beats, downbeats and tempo of the music; empty where there is no steady beat.
    pub fn summarize(&self, music: &[Span], duration: f64, decided: BeatOverride) -> RhythmSummary {
        let mut rhythm = RhythmSummary::default();
        // Each piece has its own tempo; that of the longest is reported.
        let mut longest = 0;
        for piece in pieces(music, duration) {
            let frame =
                |time: f64| ((time * FRAME_RATE).round() as usize).min(self.activations.len());
            let (first, last) = (frame(piece.start), frame(piece.end));
            let activations = &self.activations[first..last.max(first)];
            let found = beat_tracking::decode(activations, decided.tempo());
            let strength = tempo::mean_strength(&found);
            if found.len() < FEWEST || strength < STEADY {
                continue;
            }
            let offset = first as f64 / FRAME_RATE;
            let notes = |from, until| self.chroma.notes(from + offset, until + offset);
            let bars = downbeats::bars(&downbeat_evidence::evidence(&found, activations, notes));
            if found.len() > longest {
                longest = found.len();
                rhythm.tempo = tempo::tempo(&found, activations).map(|tempo| Tempo {
                    meter: bars.as_ref().map(|bars| bars.meter as u32),
                    ..tempo
                });
                rhythm.strength = strength;
            }
            let time = |beat: &Beat| (beat.time + offset).clamp(0.0, duration);
            rhythm.beats.extend(found.iter().map(time));
            if let Some(bars) = bars {
                rhythm
                    .downbeats
                    .extend(bars.starts.iter().map(|&index| time(&found[index])));
            }
        }
        if let Some(nudge) = decided.nudge() {
            rhythm.nudge(nudge, duration);
        }
        rhythm
    }
}

impl RhythmSummary {
    /// Shifts all times by `seconds` and drops those that leave the sound.
    fn nudge(&mut self, seconds: f64, duration: f64) {
        for times in [&mut self.beats, &mut self.downbeats] {
            times.iter_mut().for_each(|time| *time += seconds);
            times.retain(|time| (0.0..=duration).contains(time));
        }
    }
}

/// Spans of music with breaks closed and margins added.
fn pieces(music: &[Span], duration: f64) -> Vec<Span> {
    let mut pieces: Vec<Span> = Vec::new();
    for span in music {
        match pieces.last_mut() {
            Some(last) if span.start - last.end < BREAK => last.end = span.end,
            _ => pieces.push(*span),
        }
    }
    for piece in &mut pieces {
        piece.start = (piece.start - MARGIN).max(0.0);
        piece.end = (piece.end + MARGIN).min(duration);
    }
    pieces
}
