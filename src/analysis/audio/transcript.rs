//! The transcript: words with times, from Whisper tiny.en on pieces of speech, with guards against words it makes up.
//!
//! Decoding is greedy first; where the answer is improbable or repeats itself, tokens are drawn at rising temperatures,
//! as Radford et al. (2022, 4.5) do. A piece that no temperature makes probable is left out; when that is most of the
//! speech, the transcript is withheld and the report says why. Word times are clipped to the utterances that the
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
/// Event frames of a frame of the recognizer.
const SCALE: f64 = SPEECH_FRAME * RATE;
/// Temperatures that are tried one after another; 0 is greedy.
const TEMPERATURES: [f32; 4] = [0.0, 0.2, 0.6, 1.0];
/// Mean log-probability of a token below which an answer is not believed (Whisper's own threshold).
const LEAST_PROBABLE: f64 = -1.0;
/// Mean log-probability of all words below which the language is taken to be another, or the sound too bad.
const LEAST_PROBABLE_OF_ALL: f64 = -0.65;
/// Tokens that a repeated phrase and all its repetitions may have.
const LONGEST_REPETITION: usize = 12;
/// Longest phrase that is looked at for repetition, in tokens.
const LONGEST_PHRASE: usize = 24;

/// Recognizes pieces of speech as they come.
pub(super) struct Transcriber {
    utterances: Utterances,
    words: Vec<TranscriptWord>,
    /// Tokens believed, and the sum of their log-probabilities.
    believed: (f64, f64),
    /// Frames of speech that were believed, and that were not.
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

    /// Ends the stream: what was said, or why there are no words; neither where nobody speaks.
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

/// The first answer that is probable and does not repeat itself.
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

/// A phrase stands again and again, four times or more, for longer than people do.
fn repeats_itself(tokens: &[u32]) -> bool {
    (1..=LONGEST_PHRASE.min(tokens.len() / 2)).any(|length| {
        let mut run = 0;
        tokens
            .iter()
            .zip(tokens.iter().skip(length))
            .any(|(token, later)| {
                run = if token == later { run + 1 } else { 0 };
                run >= (3 * length).max(LONGEST_REPETITION.saturating_sub(length))
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

/// The part of a word that is voiced. Its time reaches from the end of the word before to the beginning of the next, so
/// the utterance that most of it lies in is its own; the recognizer is late rather than early, so one that begins in it
/// wins over one that ends in it.
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
        // Nothing is voiced there: the nearest place that is.
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
