//! Voice activity: spans of speech and of music. Singing is in [`vocals`](super::vocals).

use super::event_spans::{SpanRule, runs, spans};
use super::vocals::is_sung;
use crate::analysis::Span;
use crate::models::SoundEventFrame;

/// Speech: pauses up to 300 ms stay within a span. Soft consonants end words more often than they begin them, and the
/// network is quiet about them, so a span lasts 60 ms longer; extended at its start it would take in silence. Chosen by
/// `scripts/measure-speech-spans`.
const SPEECH: SpanRule = SpanRule {
    low: 0.25,
    high: 0.5,
    gap: 30,
    shortest: 20,
    tail: 6,
};

/// Music, with or without a voice in it: breaks up to a second stay within a span, and less than a
/// second of music is left out.
const MUSIC: SpanRule = SpanRule {
    low: 0.4,
    high: 0.6,
    gap: 100,
    shortest: 100,
    tail: 0,
};

/// Spans of speech. A span in which singing is likelier ([`is_sung`]) is a song and is left out.
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

#[cfg(test)]
mod tests {
    use super::super::vocals::vocals;
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
        assert!((spans[0].start - 1.0).abs() < 0.03, "{spans:?}");
        assert!((spans[0].end - 3.26).abs() < 0.03, "{spans:?}");
    }

    #[test]
    fn a_song_is_no_speech() {
        let heard = frames(&[(300, 0.6, 0.8, 0.9)]);
        assert!(speech(&heard, 3.0).is_empty());
        assert_eq!(vocals(&heard, 3.015), music(&heard, 3.015));
        assert!(vocals(&frames(&[(300, 0.9, 0.7, 0.0)]), 3.0).is_empty());
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
