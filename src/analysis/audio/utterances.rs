//! Cuts speech into pieces for the recognizer: whole utterances, joined while they are close together.
//!
//! Works block by block on a stream, so that memory does not grow with the length of the sound.

use std::ops::Range;

use crate::models::{EVENT_RATE, SoundEventFrame, VOICE_RATE};

/// Samples of an event frame.
const HOP: usize = (VOICE_RATE / EVENT_RATE) as usize;
/// A frame is voiced from this probability of speech on …
const VOICED: f32 = 0.3;
/// … and an utterance must exceed this somewhere.
const SURE: f32 = 0.5;
/// Frames without voice that end an utterance: 0.3 s.
const PAUSE: usize = 30;
/// Shorter utterances are dropped as coughs, in frames: 0.12 s.
const SHORTEST: usize = 12;
/// Utterances further apart are not joined, in frames: recognizers invent words during long silence.
const APART: usize = 200;
/// Longest piece, in frames: 28 s, which with [`AROUND`] fits the recognizer's window of 30 s.
const LONGEST: usize = 2_800;
/// A longer utterance is cut where the voice is weakest after this frame.
const CUT_FROM: usize = 2_000;
/// An utterance begins this many frames before its first voiced one, as the network is late about soft consonants.
const EARLY: usize = 5;
/// Frames kept before and after a piece.
const AROUND: usize = 25;

/// A piece of the stream that is full of speech.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SpeechPiece {
    /// Mono, 16 kHz.
    pub samples: Vec<f32>,
    /// Index, in the stream, of the event frame (10 ms) that `samples` begins with.
    pub first_frame: usize,
    /// The utterances in it, in event frames of the stream.
    pub utterances: Vec<Range<usize>>,
}

/// An utterance that has not ended.
#[derive(Debug, Clone, Default)]
struct OpenUtterance {
    start: usize,
    /// Probability of speech of each frame.
    voice: Vec<f32>,
    /// Frames since the last voiced one.
    silent: usize,
    speech: f32,
    singing: f32,
}

/// Collects utterances and hands out pieces.
#[derive(Debug, Default)]
pub(super) struct Utterances {
    samples: Vec<f32>,
    /// Index of the frame that `samples` begins with.
    first: usize,
    /// Frames so far.
    frame: usize,
    open: Option<OpenUtterance>,
    waiting: Vec<Range<usize>>,
    ready: Vec<SpeechPiece>,
}

impl Utterances {
    /// Takes the next block of the stream with its event frames, one for every 160 samples.
    pub fn push(&mut self, samples: &[f32], events: &[SoundEventFrame]) {
        self.samples.extend_from_slice(samples);
        for event in events {
            self.frame(event);
            self.frame += 1;
        }
        self.forget();
    }

    /// Ends the stream.
    pub fn finish(&mut self) {
        if let Some(open) = self.open.take() {
            self.close(&open);
        }
        self.give();
        self.samples.clear();
    }

    /// The next complete piece.
    pub fn next(&mut self) -> Option<SpeechPiece> {
        (!self.ready.is_empty()).then(|| self.ready.remove(0))
    }

    fn frame(&mut self, event: &SoundEventFrame) {
        let voiced = event.speech > VOICED;
        if !voiced && self.open.is_none() {
            return;
        }
        let start = self.frame;
        let mut open = self.open.take().unwrap_or_else(|| OpenUtterance {
            start,
            ..OpenUtterance::default()
        });
        open.voice.push(event.speech);
        open.speech += event.speech;
        open.singing += event.singing;
        open.silent = if voiced { 0 } else { open.silent + 1 };
        if open.silent >= PAUSE {
            self.close(&open);
        } else if open.voice.len() >= LONGEST {
            self.open = Some(self.cut(open));
        } else {
            self.open = Some(open);
        }
    }

    /// Ends an utterance at its last voiced frame.
    fn close(&mut self, open: &OpenUtterance) {
        let length = open.voice.len() - open.silent;
        let sure = open.voice.iter().any(|&voice| voice > SURE);
        // Leave out songs.
        if length < SHORTEST || !sure || open.singing > open.speech {
            return;
        }
        let after = self.waiting.last().map_or(0, |last| last.end);
        let start = open.start.saturating_sub(EARLY).max(after.min(open.start));
        self.join(start..open.start + length);
    }

    /// Ends a long utterance where its voice is weakest; returns the rest of it.
    fn cut(&mut self, open: OpenUtterance) -> OpenUtterance {
        let weakest = open
            .voice
            .iter()
            .enumerate()
            .skip(CUT_FROM)
            .min_by(|a, b| a.1.total_cmp(b.1))
            .map_or(open.voice.len(), |(at, _)| at);
        let (before, behind) = open.voice.split_at(weakest);
        let share = before.len() as f32 / open.voice.len().max(1) as f32;
        self.close(&OpenUtterance {
            start: open.start,
            voice: before.to_vec(),
            silent: 0,
            speech: open.speech * share,
            singing: open.singing * share,
        });
        OpenUtterance {
            start: open.start + weakest,
            voice: behind.to_vec(),
            silent: open.silent.min(behind.len()),
            speech: open.speech * (1.0 - share),
            singing: open.singing * (1.0 - share),
        }
    }

    fn join(&mut self, utterance: Range<usize>) {
        let fits = |first: &Range<usize>, last: &Range<usize>| {
            utterance.end - first.start <= LONGEST && utterance.start - last.end <= APART
        };
        let joined = match (self.waiting.first(), self.waiting.last()) {
            (Some(first), Some(last)) => fits(first, last),
            _ => true,
        };
        if !joined {
            self.give();
        }
        self.waiting.push(utterance);
    }

    /// Makes a piece of the waiting utterances.
    fn give(&mut self) {
        let utterances = std::mem::take(&mut self.waiting);
        let (Some(first), Some(last)) = (utterances.first(), utterances.last()) else {
            return;
        };
        let from = first.start.saturating_sub(AROUND).max(self.first);
        let until = (last.end + AROUND - self.first) * HOP;
        let begin = ((from - self.first) * HOP).min(self.samples.len());
        let end = until.clamp(begin, self.samples.len().max(begin));
        self.ready.push(SpeechPiece {
            samples: self.samples[begin..end].to_vec(),
            first_frame: from,
            utterances,
        });
    }

    /// Drops samples that no later piece needs.
    fn forget(&mut self) {
        let open = self.open.as_ref().map(|open| open.start);
        // Close the piece once no further utterance can join it.
        if let Some(last) = self.waiting.last()
            && open.unwrap_or(self.frame) > last.end + APART
        {
            self.give();
        }
        let needed = self.waiting.first().map(|first| first.start).or(open);
        let keep = needed.unwrap_or(self.frame).saturating_sub(AROUND + EARLY);
        let gone = keep.saturating_sub(self.first);
        let samples = (gone * HOP).min(self.samples.len());
        self.samples.drain(..samples);
        self.first += samples / HOP;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames from `(frames, speech, singing)`.
    fn events(parts: &[(usize, f32, f32)]) -> Vec<SoundEventFrame> {
        parts
            .iter()
            .flat_map(|&(count, speech, singing)| {
                std::iter::repeat_n(
                    SoundEventFrame {
                        speech,
                        singing,
                        music: 0.0,
                    },
                    count,
                )
            })
            .collect()
    }

    /// All pieces, fed in blocks of `block` frames; every sample is the number of its frame.
    fn pieces(parts: &[(usize, f32, f32)], block: usize) -> Vec<SpeechPiece> {
        let events = events(parts);
        let samples: Vec<f32> = (0..events.len() * HOP)
            .map(|at| (at / HOP) as f32)
            .collect();
        let mut utterances = Utterances::default();
        let mut pieces = Vec::new();
        let mut most = 0;
        for (at, events) in events.chunks(block).enumerate() {
            let from = at * block * HOP;
            utterances.push(&samples[from..from + events.len() * HOP], events);
            pieces.extend(std::iter::from_fn(|| utterances.next()));
            most = most.max(utterances.samples.len() / HOP);
        }
        utterances.finish();
        pieces.extend(std::iter::from_fn(|| utterances.next()));
        assert!(
            most <= 2 * LONGEST + APART + AROUND + EARLY + block,
            "{most}"
        );
        for piece in &pieces {
            assert!(piece.samples.len() <= 480_000);
            assert_eq!(piece.samples.first(), Some(&(piece.first_frame as f32)));
        }
        pieces
    }

    #[test]
    fn close_utterances_are_joined_and_far_ones_are_not() {
        let parts = [
            (100, 0.0, 0.0),
            (80, 0.9, 0.0),
            (60, 0.1, 0.0),
            (90, 0.8, 0.0),
            (400, 0.0, 0.0),
            (50, 0.9, 0.0),
            (10, 0.0, 0.0),
        ];
        for block in [7, 100, 6000] {
            let pieces = pieces(&parts, block);
            let [first, second] = pieces.as_slice() else {
                panic!("{} pieces", pieces.len());
            };
            assert_eq!(first.utterances, [95..180, 235..330], "{block}");
            assert_eq!(second.utterances, vec![725..780; 1], "{block}");
            assert_eq!(pieces[0].first_frame, 70);
            assert_eq!(pieces[1].samples.len(), (AROUND + 55 + 10) * HOP);
        }
    }

    #[test]
    fn songs_coughs_and_doubt_are_left_out() {
        let parts = [
            (300, 0.6, 0.9),
            (60, 0.0, 0.0),
            (5, 0.9, 0.0),
            (60, 0.0, 0.0),
            (100, 0.4, 0.0),
            (60, 0.0, 0.0),
        ];
        assert_eq!(pieces(&parts, 50), []);
    }

    #[test]
    fn endless_speech_is_cut_where_it_is_weakest() {
        let parts = [(2500, 0.9, 0.0), (20, 0.35, 0.0), (4000, 0.9, 0.0)];
        let pieces = pieces(&parts, 300);
        let all: Vec<_> = pieces
            .iter()
            .flat_map(|piece| piece.utterances.clone())
            .collect();
        assert_eq!(all[0], 0..2500);
        assert!(all.windows(2).all(|pair| pair[0].end == pair[1].start));
        assert_eq!(all[all.len() - 1].end, 6520);
    }
}
