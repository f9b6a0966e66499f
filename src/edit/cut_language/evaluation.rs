//! Which stretches of a file an expression is true of.

use crate::analysis::{Analysis, AudioReport, Span, TranscriptWord, VideoReport};
use crate::edit::VoiceLevels;
use crate::edit::cut_language::span_set::SpanSet;
use crate::edit::cut_language::syntax::{Condition, plain_word};

/// Confidence (0..1) from which a recognized word counts: the recognizer invents words in silence.
const SURE_WORD: f64 = 0.5;

/// A file, and what is known of it.
pub(super) struct CutMaterial<'a> {
    pub analysis: &'a Analysis,
    /// How loud it is over time.
    pub levels: Option<&'a VoiceLevels>,
    /// Seconds.
    pub duration: f64,
}

impl CutMaterial<'_> {
    /// The stretches that `condition` is true of. Conditions about sound or picture are nowhere true of a file without,
    /// but for `silence`, which is true everywhere.
    pub fn stretches(&self, condition: &Condition) -> SpanSet {
        match condition {
            Condition::Silence { level, seconds } => self.silence(*level, *seconds),
            Condition::Speech => self.speech(),
            Condition::Music => self.of_sound(|audio| audio.music.clone()),
            Condition::Words(said) => self.words(said),
            Condition::Motion(least) => self.motion(*least),
            Condition::Black => self.of_picture(|video| video.black.clone()),
            Condition::Still => self.of_picture(|video| video.frozen.clone()),
            Condition::Spoiled => self.of_picture(|video| {
                let spoiled = video.spoiled.iter();
                spoiled.map(|span| spanning(span.start, span.end)).collect()
            }),
            Condition::Margin(first, last, inner) => self.stretches(inner).shrunk(*first, *last),
            Condition::Around(before, after, inner) => self.stretches(inner).grown(*before, *after),
            Condition::Not(inner) => self.stretches(inner).complement(),
            Condition::And(all) => all.iter().fold(SpanSet::all(self.duration), |both, next| {
                both.intersection(&self.stretches(next))
            }),
            Condition::Or(all) => all.iter().fold(self.set(Vec::new()), |some, next| {
                some.union(self.stretches(next))
            }),
        }
    }

    fn set(&self, spans: Vec<Span>) -> SpanSet {
        SpanSet::new(spans, self.duration)
    }

    fn of_sound(&self, spans: impl FnOnce(&AudioReport) -> Vec<Span>) -> SpanSet {
        self.set(self.analysis.audio.as_ref().map_or_else(Vec::new, spans))
    }

    fn of_picture(&self, spans: impl FnOnce(&VideoReport) -> Vec<Span>) -> SpanSet {
        self.set(self.analysis.video.as_ref().map_or_else(Vec::new, spans))
    }

    fn silence(&self, level: f64, seconds: f64) -> SpanSet {
        let Some(levels) = self.levels.filter(|_| self.analysis.audio.is_some()) else {
            return SpanSet::all(self.duration);
        };
        let mut quiet: Vec<Span> = Vec::new();
        let end = VoiceLevels::time(levels.all().len());
        for (place, heard) in levels.all().iter().enumerate() {
            if f64::from(*heard) >= level {
                continue;
            }
            let (start, end) = (VoiceLevels::time(place), VoiceLevels::time(place + 1));
            match quiet.last_mut() {
                Some(last) if last.end >= start => last.end = end,
                _ => quiet.push(spanning(start, end)),
            }
        }
        // Beyond its sound a film is silent.
        quiet.push(spanning(end, self.duration));
        let whole = self.set(quiet).into_spans();
        let long = |span: &Span| span.end - span.start >= seconds;
        self.set(whole.into_iter().filter(long).collect())
    }

    fn speech(&self) -> SpanSet {
        let words = self.recognized().iter();
        let sure = words.filter(|word| word.confidence >= SURE_WORD);
        let words = self.set(sure.map(|word| spanning(word.start, word.end)).collect());
        self.of_sound(|audio| audio.speech.clone()).union(words)
    }

    fn words(&self, said: &[String]) -> SpanSet {
        let words = self.recognized();
        let plain: Vec<String> = words.iter().map(|word| plain_word(&word.text)).collect();
        let found = plain
            .windows(said.len().max(1))
            .zip(words.windows(said.len().max(1)));
        let spans = found.filter(|(plain, _)| *plain == said);
        let spans =
            spans.filter_map(|(_, words)| Some(spanning(words.first()?.start, words.last()?.end)));
        self.set(spans.collect())
    }

    fn recognized(&self) -> &[TranscriptWord] {
        let audio = self.analysis.audio.as_ref();
        let transcript = audio.and_then(|audio| audio.transcript.as_ref());
        transcript.map_or(&[], |transcript| &transcript.words)
    }

    fn motion(&self, least: f64) -> SpanSet {
        self.of_picture(|video| {
            let seconds = video.motion_curve.iter().enumerate();
            let moving = seconds.filter(|(_, energy)| **energy > least);
            let spans = moving.map(|(second, _)| spanning(second as f64, second as f64 + 1.0));
            spans.collect()
        })
    }
}

fn spanning(start: f64, end: f64) -> Span {
    Span { start, end }
}
