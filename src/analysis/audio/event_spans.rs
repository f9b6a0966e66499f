//! Spans from the probabilities of a sound event, one for each frame of 10 ms.
//!
//! Probabilities are smoothed. A span reaches as far as they stay above a low threshold and must exceed a high one
//! (hysteresis), so that noise around one threshold does not cut it to pieces. Short gaps are closed, short spans
//! dropped, and the ends extended.

use crate::analysis::Span;
use crate::models::EVENT_RATE;
use crate::time::rounded;

/// Event frames a second.
const RATE: f64 = EVENT_RATE as f64;
/// Frames of the centered moving mean: 50 ms.
const SMOOTHING: usize = 5;

/// How probabilities become spans. Lengths are in event frames of 10 ms.
pub(super) struct SpanRule {
    /// A span reaches as far as the smoothed probability stays above this…
    pub low: f32,
    /// … and must exceed this at least once.
    pub high: f32,
    /// Gaps shorter than this are closed.
    pub gap: usize,
    /// Spans shorter than this are dropped.
    pub shortest: usize,
    /// Frames added at the end. Less than `gap`, so that extended spans never meet.
    pub tail: usize,
}

/// Runs of frames (start, end exclusive), in order and at least the rule's gap apart.
pub(super) fn runs(probabilities: &[f32], rule: &SpanRule) -> Vec<(usize, usize)> {
    let smoothed = moving_mean(probabilities);
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut index = 0;
    while index < smoothed.len() {
        if smoothed[index] <= rule.low {
            index += 1;
            continue;
        }
        let start = index;
        let mut peak = 0f32;
        while index < smoothed.len() && smoothed[index] > rule.low {
            peak = peak.max(smoothed[index]);
            index += 1;
        }
        if peak <= rule.high {
            continue;
        }
        match runs.last_mut() {
            Some(last) if start - last.1 < rule.gap => last.1 = index,
            _ => runs.push((start, index)),
        }
    }
    runs.retain(|&(start, end)| end - start >= rule.shortest.min(smoothed.len()));
    runs
}

/// Runs as spans in seconds, extended by the rule. `frames` is how many event frames the sound has.
pub(super) fn spans(
    runs: &[(usize, usize)],
    rule: &SpanRule,
    frames: usize,
    duration: f64,
) -> Vec<Span> {
    runs.iter()
        .map(|&(start, end)| {
            let start = start as f64 / RATE;
            // The network gives no frame for the last 15 ms, so a span that reaches the last frame ends with the sound.
            let end = if end + rule.tail >= frames {
                duration
            } else {
                (end + rule.tail) as f64 / RATE
            };
            Span {
                start: rounded(start.min(duration)),
                end: rounded(end.min(duration)),
            }
        })
        .filter(|span| span.end > span.start)
        .collect()
}

/// Centered mean of [`SMOOTHING`] frames, with the first and last value repeated beyond the ends.
fn moving_mean(values: &[f32]) -> Vec<f32> {
    let half = SMOOTHING / 2;
    let Some(last) = values.len().checked_sub(1) else {
        return Vec::new();
    };
    (0..values.len())
        .map(|index| {
            let sum: f32 = (0..SMOOTHING)
                .map(|offset| values[(index + offset).saturating_sub(half).min(last)])
                .sum();
            sum / SMOOTHING as f32
        })
        .collect()
}
