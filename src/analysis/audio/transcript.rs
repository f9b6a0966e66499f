//! The transcript: words with times, from Whisper tiny.en on pieces of speech, with guards against hallucinations.
//!
//! Decoding is greedy at first; if the text is improbable or repeats itself, tokens are sampled at rising temperatures,
//! as Radford et al. (2022, 4.5) do. A piece that stays improbable at all temperatures is left out; if that is most of
//! the speech, the transcript is withheld and the report says why. Word times are clipped to the utterances that the
//! sound-event network found.

use std::ops::Range;

use super::utterances::{SpeechPiece, Utterances};
use crate::analysis::{NoTranscript, Transcript, TranscriptWord};
use crate::error::Result;
use crate::models::{
    EVENT_RATE, Models, SPEECH_FRAME, SoundEventFrame, SpeechText, TimedWord, TokenSampler,
};
use crate::task::Task;
use crate::time::rounded;

/// Event frames a second.
const RATE: f64 = EVENT_RATE as f64;
/// Event frames per frame of the recognizer.
const SCALE: f64 = SPEECH_FRAME * RATE;
/// Temperatures that are tried one after another; 0 is greedy.
const TEMPERATURES: [f32; 4] = [0.0, 0.2, 0.6, 1.0];
/// Least mean log-probability of the tokens of a piece (Whisper's own threshold).
const LEAST_PROBABLE: f64 = -1.0;
/// Least mean log-probability of the whole transcript: below, the language is another one or the sound too bad.
const LEAST_PROBABLE_OF_ALL: f64 = -0.65;
/// A phrase and its repetitions must have this many tokens to count: people do say "no, no, no, no".
const SHORTEST_REPETITION: usize = 12;
/// Longest phrase that is checked for repetition, in tokens.
const LONGEST_PHRASE: usize = 24;

/// Recognizes pieces of speech as they arrive.
pub(super) struct Transcriber {
    utterances: Utterances,
    words: Vec<TranscriptWord>,
    /// Number of accepted tokens, and the sum of their log-probabilities.
    believed: (f64, f64),
    /// Frames of speech in accepted pieces, and in rejected ones.
    heard: usize,
    refused: usize,
}

impl Transcriber {
    pub fn new() -> Self {
        Self {
            utterances: Utterances::default(),
            words: Vec::new(),
            believed: (0.0, 0.0),
            heard: 0,
            refused: 0,
        }
    }

    /// Takes the next block (mono, 16 kHz) with its event frames.
    pub fn push(
        &mut self,
        models: &Models,
        task: &Task,
        samples: &[f32],
        events: &[SoundEventFrame],
    ) -> Result<()> {
        self.utterances.push(samples, events);
        self.hear(models, task)
    }

    /// Ends the stream: the transcript, or why there is none; `None` where nobody speaks.
    pub fn finish(
        &mut self,
        models: &Models,
        task: &Task,
    ) -> Result<Option<Result<Transcript, NoTranscript>>> {
        self.utterances.finish();
        self.hear(models, task)?;
        if self.heard + self.refused == 0 {
            return Ok(None);
        }
        let (count, sum) = self.believed;
        let mean = sum / f64::max(count, 1.0);
        if self.refused > self.heard || mean < LEAST_PROBABLE_OF_ALL {
            return Ok(Some(Err(NoTranscript {
                code: "not_understood".into(),
                text: "The words are not clear enough, or not English.".into(),
            })));
        }
        Ok((!self.words.is_empty()).then(|| {
            Ok(Transcript {
                language: "en".into(),
                words: std::mem::take(&mut self.words),
            })
        }))
    }

    fn hear(&mut self, models: &Models, task: &Task) -> Result<()> {
        while let Some(piece) = self.utterances.next() {
            task.check()?;
            let length: usize = piece.utterances.iter().map(Range::len).sum();
            match recognize(models, task, &piece)? {
                Some(text) => {
                    self.heard += length;
                    let tokens = text.tokens.len() as f64 + 1.0;
                    self.believed.0 += tokens;
                    self.believed.1 += tokens * text.mean_log_probability;
                    self.words.extend(placed(&text.words, &piece));
                }
                None => self.refused += length,
            }
        }
        Ok(())
    }
}

/// The first text that is probable and does not repeat itself.
fn recognize(models: &Models, task: &Task, piece: &SpeechPiece) -> Result<Option<SpeechText>> {
    for temperature in TEMPERATURES {
        task.check()?;
        let sampler = if temperature > 0.0 {
            TokenSampler::Drawn {
                temperature,
                seed: piece.first_frame as u64,
            }
        } else {
            TokenSampler::Best
        };
        let text = models.transcribe(&piece.samples, sampler)?;
        if text.mean_log_probability >= LEAST_PROBABLE && !repeats_itself(&text.tokens) {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// True where a phrase occurs at least four times in a row, over [`SHORTEST_REPETITION`] tokens or more.
fn repeats_itself(tokens: &[u32]) -> bool {
    (1..=LONGEST_PHRASE.min(tokens.len() / 2)).any(|length| {
        let mut run = 0;
        tokens
            .iter()
            .zip(tokens.iter().skip(length))
            .any(|(token, later)| {
                run = if token == later { run + 1 } else { 0 };
                run >= (3 * length).max(SHORTEST_REPETITION.saturating_sub(length))
            })
    })
}

/// Words with times in seconds of the stream, each within the utterances.
fn placed(words: &[TimedWord], piece: &SpeechPiece) -> Vec<TranscriptWord> {
    let mut placed: Vec<TranscriptWord> = Vec::with_capacity(words.len());
    for word in words {
        let frame = |at: usize| piece.first_frame + (at as f64 * SCALE).round() as usize;
        let (start, end) = clipped(
            frame(word.start_frame),
            frame(word.end_frame),
            &piece.utterances,
        );
        let before = placed.last().map_or(0.0, |before| before.end);
        let start = (start as f64 / RATE).max(before);
        placed.push(TranscriptWord {
            text: word.text.clone(),
            start: rounded(start),
            end: rounded((end as f64 / RATE).max(start)),
            confidence: rounded(word.confidence),
        });
    }
    placed
}

/// The voiced part of a word. The time of a word reaches from the end of the one before to the beginning of the next,
/// so it belongs to the utterance that covers most of it. The recognizer is late rather than early, so an utterance
/// that begins within the word is preferred to one that ends in it.
fn clipped(start: usize, end: usize, utterances: &[Range<usize>]) -> (usize, usize) {
    let own = utterances
        .iter()
        .filter(|utterance| utterance.start < end.max(start + 1) && utterance.end > start)
        .max_by_key(|utterance| {
            end.min(utterance.end)
                .saturating_sub(start.max(utterance.start))
        });
    match own {
        Some(own) => (
            start.max(own.start),
            end.min(own.end).max(start.max(own.start)),
        ),
        // Nothing is voiced there: take the nearest voiced frames.
        None => {
            let nearest = utterances
                .iter()
                .flat_map(|utterance| [utterance.start, utterance.end])
                .min_by_key(|place| place.abs_diff(start))
                .unwrap_or(start);
            (nearest, nearest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_that_go_on_and_on_are_told() {
        assert!(!repeats_itself(&[]));
        assert!(!repeats_itself(&[5, 5, 5, 5]));
        assert!(!repeats_itself(&[1, 2, 3, 1, 2, 3, 4, 5, 6]));
        assert!(repeats_itself(&[7; 20]));
        let phrase = [4, 8, 15, 16, 23, 42];
        let often: Vec<u32> = phrase.iter().cycle().take(30).copied().collect();
        assert!(repeats_itself(&often));
        let twice: Vec<u32> = phrase.iter().cycle().take(12).copied().collect();
        assert!(!repeats_itself(&twice));
        let long: Vec<u32> = (0..60).collect();
        assert!(!repeats_itself(&long));
    }

    #[test]
    fn words_keep_to_what_is_voiced() {
        let utterances = [100..200, 300..400];
        // Swallows the pause behind it.
        assert_eq!(clipped(150, 290, &utterances), (150, 200));
        // Begins in the pause before it.
        assert_eq!(clipped(210, 360, &utterances), (300, 360));
        assert_eq!(clipped(0, 120, &utterances), (100, 120));
        assert_eq!(clipped(220, 250, &utterances), (200, 200));
        assert_eq!(clipped(120, 120, &utterances), (120, 120));
    }
}
