//! From which second of a track: past a quiet intro, into its fullest part, on the first beat of a bar.

use crate::analysis::AudioReport;

/// A part of a track.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackSpan {
    /// Seconds in the track.
    pub start: f64,
    /// Seconds in the track; at most its end.
    pub end: f64,
    /// True when the start falls on the first beat of a bar.
    pub on_downbeat: bool,
    /// How loud the part is beside the whole track, in LU; 0 where nothing is known.
    pub lift: f64,
}

/// LU below the middle of the track at which a second counts as intro or pause.
const QUIET: f64 = 12.0;

/// The part of `audio` for a film of `length` seconds: the loudest stretch of that length that begins on a downbeat (on
/// a beat, or on a second, where nothing better is known), never in a quiet intro, and as early as possible among
/// stretches that are about as loud.
pub fn best_span(audio: &AudioReport, length: f64) -> TrackSpan {
    let duration = finite(audio.duration).max(0.0);
    let length = finite(length).clamp(0.0, duration);
    let curve: Vec<f64> = audio
        .loudness_curve
        .iter()
        .map(|&value| finite_loudness(value))
        .collect();
    let middle = median(&curve).unwrap_or(0.0);
    let inside = |time: &f64| time.is_finite() && *time >= 0.0 && *time + length <= duration + 1e-6;
    let downbeats: Vec<f64> = audio.downbeats.iter().copied().filter(inside).collect();
    let beats: Vec<f64> = audio.beats.iter().copied().filter(inside).collect();
    let on_downbeat = !downbeats.is_empty();
    let starts = if on_downbeat {
        downbeats
    } else if beats.is_empty() {
        let last = (duration - length).floor().clamp(0.0, 36_000.0) as u32;
        (0..=last).map(f64::from).collect()
    } else {
        beats
    };
    let mut best: Option<(f64, f64)> = None;
    for start in starts {
        let first = curve.get(start.round() as usize).copied().unwrap_or(middle);
        let quiet = f64::from(u8::from(first < middle - QUIET)) * 20.0;
        // Half a LU for a minute: among equals the earlier.
        let worth =
            mean_over(&curve, start, start + length).unwrap_or(middle) - quiet - start / 120.0;
        if best.is_none_or(|(_, most)| worth > most + 1e-9) {
            best = Some((start, worth));
        }
    }
    let start = best.map_or(0.0, |(start, _)| start);
    let loud = mean_over(&curve, start, start + length).unwrap_or(middle);
    TrackSpan {
        start,
        end: (start + length).min(duration),
        on_downbeat: on_downbeat && best.is_some(),
        lift: loud - middle,
    }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

/// Silence is as quiet as R 128 counts: -70.
fn finite_loudness(value: f64) -> f64 {
    if value.is_finite() {
        value.clamp(-70.0, 10.0)
    } else {
        -70.0
    }
}

fn mean_over(curve: &[f64], start: f64, end: f64) -> Option<f64> {
    let first = start.max(0.0).floor() as usize;
    let last = (end.max(0.0).ceil() as usize).min(curve.len());
    let part = curve.get(first..last)?;
    (!part.is_empty()).then(|| part.iter().sum::<f64>() / part.len() as f64)
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}
