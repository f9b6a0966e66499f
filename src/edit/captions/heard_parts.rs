//! The parts of sources that are heard in a film.

use crate::edit::{Plan, SourceKind};
use crate::time::Rational;

/// Gain in dB below which nobody understands a word under music.
const AUDIBLE_DB: f64 = -30.0;

/// A part of a source that is heard in the film.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HeardPart {
    /// Id of the source.
    pub source: String,
    /// Seconds in the source.
    pub start: f64,
    pub end: f64,
    /// Seconds in the film.
    pub at: f64,
    /// Seconds of the source per second of the film.
    pub speed: f64,
}

impl HeardPart {
    /// A second of the source as a second of the film.
    pub fn in_film(&self, time: f64) -> f64 {
        self.at + (time - self.start) / self.speed
    }

    /// A second of the film as a second of the source.
    pub fn in_source(&self, time: f64) -> f64 {
        self.start + (time - self.at) * self.speed
    }

    /// Whether a second of the film lies in it.
    pub fn holds(&self, time: f64) -> bool {
        let source = self.in_source(time);
        (self.start..self.end).contains(&source)
    }
}

/// The parts of recordings that are heard; where a plan has no sound yet, those that are seen.
pub(super) fn heard_parts(plan: &Plan) -> Vec<HeardPart> {
    let recordings = |kind| match plan.is_of_sound() {
        true => kind == SourceKind::Audio,
        false => kind == SourceKind::Video,
    };
    let is_recording = |id: &str| {
        let mut sources = plan.sources.iter();
        sources.any(|source| source.id == id && recordings(source.kind))
    };
    let audible = |gain: &[[f64; 2]]| gain.iter().any(|[_, decibel]| *decibel > AUDIBLE_DB);
    let sound = plan
        .sound
        .iter()
        .filter(|segment| is_recording(&segment.source) && audible(&segment.gain));
    let heard: Vec<HeardPart> = sound
        .map(|segment| HeardPart {
            source: segment.source.clone(),
            start: segment.start_exact.seconds(),
            end: segment.end_exact.seconds(),
            at: segment.at,
            speed: segment.speed,
        })
        .collect();
    if heard.is_empty() && plan.sound.is_empty() {
        seen_parts(plan)
    } else {
        heard
    }
}

fn seen_parts(plan: &Plan) -> Vec<HeardPart> {
    let mut parts = Vec::with_capacity(plan.picture.len());
    let mut time = Rational::ZERO;
    for segment in &plan.picture {
        parts.push(HeardPart {
            source: segment.source.clone(),
            start: segment.start_exact.seconds(),
            end: segment.end_exact.seconds(),
            at: time.seconds(),
            speed: segment.speed,
        });
        time = time + segment.length();
    }
    parts
}
