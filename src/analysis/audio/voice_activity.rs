//! Voice activity: spans of speech, of singing (vocals) and of music, from the sound-event probabilities of 10 ms
//! frames.
//!
//! Probabilities are smoothed; a span reaches as far as they stay above a low threshold and must pass a high one
//! (hysteresis). Short gaps are closed, short spans dropped, and speech is padded at both ends.

use crate::analysis::Span;
use crate::models::{EVENT_RATE, SoundEventFrame};
use crate::time::rounded;

/// Frames a second.
const RATE: f64 = EVENT_RATE as f64;
/// Frames of the centered moving mean.
const SMOOTHING: usize = 5;

/// How probabilities become spans.
struct SpanRule {
    /// A span reaches as far as the smoothed probability stays above this …
    low: f32,
    /// … and must pass this somewhere.
    high: f32,
    /// Shorter gaps are closed, in frames.
    gap: usize,
    /// Shorter spans are dropped, in frames.
    shortest: usize,
    /// Frames added at both ends: the network is late and quiet about soft consonants.
    padding: usize,
}

const SPEECH: SpanRule = SpanRule {
    low: 0.3,
    high: 0.5,
    gap: 30,
    shortest: 20,
    padding: 8,
};

const MUSIC: SpanRule = SpanRule {
    low: 0.4,
    high: 0.6,
    gap: 100,
    shortest: 100,
    padding: 0,
};

/// Vocals: two seconds and more. For a second or two, speech over loud music passes for singing (in two of three such
/// mixes).
const SINGING: SpanRule = SpanRule {
    low: 0.4,
    high: 0.6,
    gap: 100,
    shortest: 200,
    padding: 0,
};

/// Spans of singing. A span where speech is likelier all in all is left out.
pub(super) fn singing(frames: &[SoundEventFrame], duration: f64) -> Vec<Span> {
    let probabilities: Vec<f32> = frames.iter().map(|frame| frame.singing).collect();
    let mut runs = runs(&probabilities, &SINGING);
    runs.retain(|run| is_sung(frames, run));
    spans(&runs, &SINGING, frames.len(), duration)
}

/// True where singing is likelier than speech all in all.
fn is_sung(frames: &[SoundEventFrame], &(start, end): &(usize, usize)) -> bool {
    let part = frames.get(start..end).unwrap_or_default();
    let speech: f32 = part.iter().map(|frame| frame.speech).sum();
    let singing: f32 = part.iter().map(|frame| frame.singing).sum();
    singing >= speech
}

/// Spans of speech. A span where singing is likelier all in all is left out: it is a song.
pub(super) fn speech(frames: &[SoundEventFrame], duration: f64) -> Vec<Span> {
    let probabilities: Vec<f32> = frames.iter().map(|frame| frame.speech).collect();
    let mut runs = runs(&probabilities, &SPEECH);
    runs.retain(|run| !is_sung(frames, run));
    spans(&runs, &SPEECH, frames.len(), duration)
}

/// Spans of music, with or without a voice in it.
pub(super) fn music(frames: &[SoundEventFrame], duration: f64) -> Vec<Span> {
    let probabilities: Vec<f32> = frames.iter().map(|frame| frame.music).collect();
    spans(
        &runs(&probabilities, &MUSIC),
        &MUSIC,
        frames.len(),
        duration,
    )
}

/// Runs of frames, in order, apart by at least the rule's gap.
fn runs(probabilities: &[f32], rule: &SpanRule) -> Vec<(usize, usize)> {
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

/// Runs in seconds, padded; padding never makes two spans one, because it is shorter than half the gap.
fn spans(runs: &[(usize, usize)], rule: &SpanRule, frames: usize, duration: f64) -> Vec<Span> {
    runs.iter()
        .map(|&(start, end)| {
            let start = start.saturating_sub(rule.padding) as f64 / RATE;
            // The last frame stands for what follows it: the network has no frame for the last 15 ms.
            let end = if end + rule.padding >= frames {
                duration
            } else {
                (end + rule.padding) as f64 / RATE
            };
            Span {
                start: rounded(start.min(duration)),
                end: rounded(end.min(duration)),
            }
        })
        .filter(|span| span.end > span.start)
        .collect()
}

/// Centered mean of [`SMOOTHING`] frames, the first and last repeated beyond the ends.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames from `(frames, speech, singing, music)`.
    fn frames(parts: &[(usize, f32, f32, f32)]) -> Vec<SoundEventFrame> {
        parts
            .iter()
            .flat_map(|&(count, speech, singing, music)| {
                std::iter::repeat_n(
                    SoundEventFrame {
                        speech,
                        singing,
                        music,
                    },
                    count,
                )
            })
            .collect()
    }

    #[test]
    fn pauses_are_bridged_and_blips_dropped() {
        let heard = frames(&[
            (100, 0.0, 0.0, 0.0),
            (100, 0.9, 0.0, 0.0),
            (20, 0.0, 0.0, 0.0),
            (100, 0.9, 0.0, 0.0),
            (100, 0.0, 0.0, 0.0),
            (6, 0.9, 0.0, 0.0),
            (100, 0.0, 0.0, 0.0),
        ]);
        let spans = speech(&heard, 5.26);
        assert_eq!(spans.len(), 1);
        assert!((spans[0].start - 0.92).abs() < 0.03, "{spans:?}");
        assert!((spans[0].end - 3.28).abs() < 0.03, "{spans:?}");
    }

    #[test]
    fn a_song_is_no_speech() {
        let heard = frames(&[(300, 0.6, 0.8, 0.9)]);
        assert!(speech(&heard, 3.0).is_empty());
        assert_eq!(singing(&heard, 3.015), music(&heard, 3.015));
        assert!(singing(&frames(&[(300, 0.9, 0.7, 0.0)]), 3.0).is_empty());
        assert_eq!(
            music(&heard, 3.015),
            [Span {
                start: 0.0,
                end: 3.015
            }]
        );
    }

    #[test]
    fn hesitant_frames_alone_are_nothing() {
        assert!(speech(&frames(&[(300, 0.45, 0.0, 0.0)]), 3.0).is_empty());
        assert!(speech(&[], 0.0).is_empty());
    }
}
