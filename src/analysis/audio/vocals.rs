//! Vocals: where somebody sings.
//!
//! A span of singing lasts two seconds or more ([`SINGING`]), and over its length singing must be at least as likely as
//! speech ([`is_sung`]). Catalogs filter "no vocals" by the share of a track that these spans cover. The tags "vocals"
//! and "no vocals" come from another network ([`tags`](super::tags)).

use super::event_spans::{SpanRule, runs, spans};
use crate::analysis::Span;
use crate::models::SoundEventFrame;

/// Two seconds at least: for a second or two, the network hears speech over loud music as singing (in two of three
/// such mixes).
const SINGING: SpanRule = SpanRule {
    low: 0.4,
    high: 0.6,
    gap: 100,
    shortest: 200,
    tail: 0,
};

/// Spans of singing.
pub(super) fn vocals(frames: &[SoundEventFrame], duration: f64) -> Vec<Span> {
    let probabilities: Vec<f32> = frames.iter().map(|frame| frame.singing).collect();
    let mut runs = runs(&probabilities, &SINGING);
    runs.retain(|run| is_sung(frames, run));
    spans(&runs, &SINGING, frames.len(), duration)
}

/// True for a run of frames in which singing is at least as likely as speech on average.
pub(super) fn is_sung(frames: &[SoundEventFrame], &(start, end): &(usize, usize)) -> bool {
    let part = frames.get(start..end).unwrap_or_default();
    let speech: f32 = part.iter().map(|frame| frame.speech).sum();
    let singing: f32 = part.iter().map(|frame| frame.singing).sum();
    singing >= speech
}
