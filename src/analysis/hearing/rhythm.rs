//! The 22.05 kHz listener: beat activations, chroma and timbre.

use super::beats::{self, Beat, FRAME_RATE};
use super::key::Chroma;
use super::tempo;
use super::timbre::Timbre;
use super::windows::{Window, Windows};
use super::{bar_evidence, bars};
use crate::analysis::{BeatOverride, Span, Tempo};
use crate::error::Result;
use crate::media::Resampler;
use crate::models::{BEAT_RATE, BeatActivation, Models};

/// Samples of one activation frame.
const HOP: usize = BEAT_RATE as usize / FRAME_RATE as usize;
/// Seconds that the network hears at a time, and of its memory before and the frame's reach after.
const CORE: usize = 21;
const BEFORE: usize = 10;
const AFTER: usize = 1;

/// Music apart by less than this many seconds shares its beats: a break, not another piece.
const BREAK: f64 = 10.0;
/// Beats are looked for this far outside of what is surely music.
const MARGIN: f64 = 2.0;
/// Mean strength below which there is no steady beat.
const STEADY: f64 = 0.45;
/// Fewer beats than this are no rhythm.
const FEWEST: usize = 4;

/// Collects what rhythm, key and timbre are made of.
pub(super) struct Rhythm<'a> {
    models: &'a Models,
    resampler: Resampler,
    resampled: Vec<f32>,
    windows: Windows,
    /// Beat activations, 50 a second.
    pub activations: Vec<BeatActivation>,
    /// Notes.
    pub chroma: Chroma,
    /// Color of the sound.
    pub timbre: Timbre,
}

/// The rhythm of a whole file.
#[derive(Debug, Clone, Default)]
pub(super) struct Pulse {
    pub beats: Vec<f64>,
    pub downbeats: Vec<f64>,
    pub tempo: Option<Tempo>,
    /// Mean strength of the beats, 0..1; 0 without.
    pub strength: f64,
}

impl<'a> Rhythm<'a> {
    pub fn new(models: &'a Models, rate: u32) -> Result<Self> {
        let second = BEAT_RATE as usize;
        Ok(Self {
            models,
            resampler: Resampler::new(rate, BEAT_RATE, 1)?,
            resampled: Vec::new(),
            windows: Windows::new(CORE * second, BEFORE * second, AFTER * second),
            activations: Vec::new(),
            chroma: Chroma::new(),
            timbre: Timbre::new(),
        })
    }

    /// Takes mono samples at the file's rate.
    pub fn push(&mut self, mono: &[f32]) -> Result<()> {
        self.resampled.clear();
        self.resampler.push(mono, &mut self.resampled)?;
        self.take()?;
        while let Some(window) = self.windows.ready() {
            activate(self.models, &window, &mut self.activations)?;
        }
        Ok(())
    }

    /// Takes the end of the stream.
    pub fn finish(&mut self) -> Result<()> {
        self.resampled.clear();
        self.resampler.finish(&mut self.resampled)?;
        self.take()?;
        self.chroma.finish();
        self.timbre.finish();
        while let Some(window) = self.windows.rest() {
            activate(self.models, &window, &mut self.activations)?;
        }
        Ok(())
    }

    fn take(&mut self) -> Result<()> {
        self.windows.buffer().extend_from_slice(&self.resampled);
        self.chroma.push(&self.resampled);
        self.timbre.push(&self.resampled);
        Ok(())
    }

    /// Beats, bars and tempo where there is music; nothing where there is no steady beat.
    pub fn pulse(&self, music: &[Span], duration: f64, decided: BeatOverride) -> Pulse {
        let mut pulse = Pulse::default();
        // Each piece has its own tempo; that of the longest is told.
        let mut longest = 0;
        for piece in pieces(music, duration) {
            let frame =
                |time: f64| ((time * FRAME_RATE).round() as usize).min(self.activations.len());
            let (first, last) = (frame(piece.start), frame(piece.end));
            let activations = &self.activations[first..last.max(first)];
            let found = beats::decode(activations, decided.tempo());
            let strength = tempo::mean_strength(&found);
            if found.len() < FEWEST || strength < STEADY {
                continue;
            }
            let offset = first as f64 / FRAME_RATE;
            let notes = |from, until| self.chroma.notes(from + offset, until + offset);
            let bars = bars::bars(&bar_evidence::evidence(&found, activations, notes));
            if found.len() > longest {
                longest = found.len();
                pulse.tempo = tempo::tempo(&found, activations).map(|tempo| Tempo {
                    meter: bars.as_ref().map(|bars| bars.meter as u32),
                    ..tempo
                });
                pulse.strength = strength;
            }
            let time = |beat: &Beat| (beat.time + offset).clamp(0.0, duration);
            pulse.beats.extend(found.iter().map(time));
            if let Some(bars) = bars {
                pulse
                    .downbeats
                    .extend(bars.starts.iter().map(|&index| time(&found[index])));
            }
        }
        if let Some(nudge) = decided.nudge() {
            pulse.nudge(nudge, duration);
        }
        pulse
    }
}

impl Pulse {
    /// Moves all by `seconds`; what leaves the sound is left out.
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

fn activate(
    models: &Models,
    window: &Window<'_>,
    activations: &mut Vec<BeatActivation>,
) -> Result<()> {
    let frames = models.beat_activations(window.samples)?;
    // Cores begin on a frame; the last may end between two.
    let first = (window.core.start / HOP).min(frames.len());
    let last = window.core.end.div_ceil(HOP).clamp(first, frames.len());
    activations.extend_from_slice(&frames[first..last]);
    Ok(())
}
