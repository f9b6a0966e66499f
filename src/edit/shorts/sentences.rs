//! The sentences of a recording, and the quiet between them in which it can be cut.

use crate::analysis::{AudioReport, Span, TranscriptWord};
use crate::edit::talk::{VoiceLevels, sure_voice, voiced_runs};

/// Pause, in seconds, after which a new sentence begins where there is no transcript.
const SENTENCE_PAUSE: f64 = 0.6;
/// Seconds by which the time of a word may miss the voice.
const WORD_TIMES: f64 = 0.35;
/// Shortest quiet, in seconds, in which a recording is cut: less is the stop of a consonant.
const SHORTEST_QUIET: f64 = 0.12;
/// Longest quiet, in seconds, that belongs to a sentence: a piece begins and ends with its words.
const LONGEST_QUIET: f64 = 0.8;

/// What somebody says between two pauses.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sentence {
    /// Its words; empty where they are not known.
    pub words: Vec<TranscriptWord>,
    /// The quiet before it, in which a piece may begin.
    pub before: Span,
    /// The quiet after it, in which a piece may end.
    pub after: Span,
}

impl Sentence {
    /// Its words as text.
    pub fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|word| word.text.trim()).collect();
        words.join(" ")
    }
}

/// The sentences of a recording, in order. Those that nobody pauses between are one.
pub(super) fn sentences(levels: Option<&VoiceLevels>, audio: &AudioReport) -> Vec<Sentence> {
    let voice = match levels {
        Some(levels) => voiced_runs(levels, audio),
        None => sure_voice(&audio.speech),
    };
    let quiets = quiets(&voice, audio.duration);
    let words = audio
        .transcript
        .as_ref()
        .map_or(&[][..], |transcript| transcript.words.as_slice());
    if words.is_empty() {
        return between(&long_quiets(&quiets), &[]);
    }
    let ends = words.windows(2).filter_map(|pair| match pair {
        [word, next] if word.ends_sentence() => quiet_between(&quiets, word.end, next.start),
        _ => None,
    });
    let mut cuts: Vec<Span> = ends.collect();
    cuts.extend(quiets.first().filter(|quiet| quiet.start <= 0.0));
    cuts.extend(quiets.last().filter(|quiet| quiet.end >= audio.duration));
    cuts.sort_by(|a, b| a.start.total_cmp(&b.start));
    cuts.dedup();
    between(&cuts, words)
}

/// The gaps between runs of voice, with those at the ends.
fn quiets(voice: &[Span], duration: f64) -> Vec<Span> {
    let mut quiets = Vec::with_capacity(voice.len() + 1);
    let mut from = 0.0;
    for run in voice {
        quiets.push(Span {
            start: from,
            end: run.start.max(from),
        });
        from = run.end.max(from);
    }
    quiets.push(Span {
        start: from,
        end: duration.max(from),
    });
    quiets
}

/// Those in which a sentence ends where no words are known: at the ends, and the long ones.
fn long_quiets(quiets: &[Span]) -> Vec<Span> {
    let last = quiets.len().saturating_sub(1);
    let long = quiets.iter().enumerate().filter(|(number, quiet)| {
        *number == 0 || *number == last || quiet.end - quiet.start >= SENTENCE_PAUSE
    });
    long.map(|(_, quiet)| *quiet).collect()
}

/// The longest quiet near the gap between two words.
fn quiet_between(quiets: &[Span], end: f64, start: f64) -> Option<Span> {
    let near = |quiet: &&Span| quiet.end > end - WORD_TIMES && quiet.start < start + WORD_TIMES;
    let length = |quiet: &Span| quiet.end - quiet.start;
    quiets
        .iter()
        .filter(near)
        .filter(|quiet| length(quiet) >= SHORTEST_QUIET)
        .max_by(|a, b| length(a).total_cmp(&length(b)))
        .copied()
}

/// What lies between quiets in order, with its words.
fn between(cuts: &[Span], words: &[TranscriptWord]) -> Vec<Sentence> {
    let pairs = cuts.windows(2).filter_map(|pair| match pair {
        [before, after] if after.start > before.end => Some((*before, *after)),
        _ => None,
    });
    let sentence = |(before, after): (Span, Span)| {
        let middle = |word: &&TranscriptWord| {
            let middle = (word.start + word.end) / 2.0;
            (before.end - WORD_TIMES / 2.0..after.start + WORD_TIMES / 2.0).contains(&middle)
        };
        Sentence {
            words: words.iter().filter(middle).cloned().collect(),
            before: Span {
                start: before.start.max(before.end - LONGEST_QUIET),
                end: before.end,
            },
            after: Span {
                start: after.start,
                end: after.end.min(after.start + LONGEST_QUIET),
            },
        }
    };
    pairs.map(sentence).collect()
}
