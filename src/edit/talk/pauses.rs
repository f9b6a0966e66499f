//! The spans of a recording that stay when its long pauses are shortened and its false starts cut out.

use crate::analysis::{AudioReport, Span, TranscriptWord};
use crate::choice::Reason;
use crate::edit::talk::VoiceLevels;
use crate::edit::talk::false_starts::{FalseStart, false_starts};
use crate::edit::talk::fillers::{FillerCut, filler_cuts};
use crate::edit::talk::voiced_runs::{overlap, sure_voice, voiced_runs};

/// Longest pause that stays as it is, in seconds: people pause this long between sentences.
const LONGEST_PAUSE: f64 = 0.45;
/// Seconds kept before a voice, for soft consonants, …
const BEFORE: f64 = 0.09;
/// … and after it, where sounds die away; together, what stays of a long pause.
const AFTER: f64 = 0.11;
/// A word that lasts this long, in seconds, has a pause in it or a wrong time, and nothing is cut in it.
const SUSPECT_WORD: f64 = 1.2;
/// Confidence (0..1) from which a word counts against a cut: the recognizer invents words in silence.
const SURE_WORD: f64 = 0.5;
/// Music without speech for longer than this, in seconds, is meant to be heard and stays.
const MUSIC_TO_HEAR: f64 = 4.0;
/// Share of a pause that is music's where music plays in it.
const MUSICAL: f64 = 0.8;
/// Pause, in seconds, after which a new sentence begins where there is no transcript.
const SENTENCE_PAUSE: f64 = 0.6;
/// A sentence ends at most this many seconds before the pause after it: word times are that uncertain.
const WORD_TIMES: f64 = 0.4;
/// Least remainder of a span, in seconds, beside a false start.
const REMAINDER: f64 = 0.15;

/// A span that stays.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::edit) struct SpokenSpan {
    /// Seconds in the source.
    pub span: Span,
    /// Whether a sentence begins with it.
    pub begins_sentence: bool,
    /// What was cut before it.
    pub reasons: Vec<Reason>,
}

/// The spans of a recording that stay, in order and apart from each other; empty where nobody speaks.
pub(in crate::edit) fn spoken_spans(
    levels: Option<&VoiceLevels>,
    audio: &AudioReport,
) -> Vec<SpokenSpan> {
    if audio.speech.is_empty() {
        return Vec::new();
    }
    let runs = levels.map_or_else(Vec::new, |levels| voiced_runs(levels, audio));
    let words = audio
        .transcript
        .as_ref()
        .map_or(&[][..], |transcript| transcript.words.as_slice());
    let heard = [
        sure_voice(&audio.speech),
        audio.singing.clone(),
        runs.clone(),
    ]
    .concat();
    let mut spans = between_pauses(without_overlap(heard), words, audio);
    for false_start in false_starts(words, &runs) {
        cut_out(&mut spans, &false_start);
    }
    let fillers = levels.map_or_else(Vec::new, |levels| filler_cuts(levels, &runs, words));
    for cut in fillers {
        spans = without_filler(spans, &cut);
    }
    spans
}

/// The spans without a filler, with what stays of a long pause in its place. Nothing of the pause stays where no voice
/// is before it or after it.
fn without_filler(spans: Vec<SpokenSpan>, cut: &FillerCut) -> Vec<SpokenSpan> {
    let (from, to) = (
        cut.before.map(|at| at + AFTER),
        cut.after.map(|at| at - BEFORE),
    );
    // A pause beside it may be shorter than what else stays of one.
    let from = from.map_or(0.0, |from| from.min(cut.filler.start));
    let to = to.map_or(f64::INFINITY, |to| to.max(cut.filler.end));
    let (mut kept, mut gone) = (Vec::with_capacity(spans.len() + 1), 0.0);
    let mut next = None;
    for spoken in spans {
        let Span { start, end } = spoken.span;
        gone += (end.min(to) - start.max(from)).max(0.0);
        if end > from && start < from {
            kept.push(SpokenSpan {
                span: Span { start, end: from },
                ..spoken.clone()
            });
        }
        if end <= from {
            kept.push(spoken);
        } else if end > to {
            let is_cut = start < to;
            let mut rest = spoken;
            rest.span.start = start.max(to);
            if is_cut && start < from {
                rest.begins_sentence = false;
                rest.reasons.clear();
            }
            next.get_or_insert(kept.len());
            kept.push(rest);
        }
    }
    let place = if next.is_some() { "before" } else { "after" };
    let text = format!(
        "A filler of {:.2} seconds is cut {place} this.",
        cut.filler.end - cut.filler.start
    );
    let reasoned = match next {
        Some(number) => kept.get_mut(number),
        None => kept.last_mut(),
    };
    if let Some(spoken) = reasoned {
        spoken.reasons.push(Reason::new("filler_cut", gone, text));
    }
    kept
}

/// The spans in order, those that touch made one.
fn without_overlap(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| span.end > span.start);
    spans.sort_by(|a, b| a.start.total_cmp(&b.start));
    let mut apart: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match apart.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => apart.push(span),
        }
    }
    apart
}

/// What is heard between long pauses, with its margins.
fn between_pauses(
    heard: Vec<Span>,
    words: &[TranscriptWord],
    audio: &AudioReport,
) -> Vec<SpokenSpan> {
    let mut spans: Vec<SpokenSpan> = Vec::new();
    let mut voice_ended = 0.0;
    for voice in heard {
        let pause = Span {
            start: voice_ended,
            end: voice.start,
        };
        voice_ended = voice.end;
        let end = (voice.end + AFTER).min(audio.duration);
        match spans.last_mut() {
            Some(last) if stays(&pause, words, audio) => last.span.end = end,
            _ => spans.push(SpokenSpan {
                span: Span {
                    start: (voice.start - BEFORE).max(0.0),
                    end,
                },
                begins_sentence: begins_sentence(&pause, words),
                reasons: pause_reason(&pause).into_iter().collect(),
            }),
        }
    }
    spans
}

/// Whether a pause is left alone.
fn stays(pause: &Span, words: &[TranscriptWord], audio: &AudioReport) -> bool {
    let length = pause.end - pause.start;
    if length <= LONGEST_PAUSE {
        return true;
    }
    let said = words.iter().any(|word| {
        let span = Span {
            start: word.start,
            end: word.end,
        };
        let middle = (word.start + word.end) / 2.0;
        let inside = (pause.start..pause.end).contains(&middle) && word.confidence >= SURE_WORD;
        inside || (word.end - word.start >= SUSPECT_WORD && overlap(&span, pause))
    });
    let music: f64 = audio
        .music
        .iter()
        .map(|music| (music.end.min(pause.end) - music.start.max(pause.start)).max(0.0))
        .sum();
    said || (length > MUSIC_TO_HEAR && music >= length * MUSICAL)
}

/// Whether a sentence begins after a pause.
pub(super) fn begins_sentence(pause: &Span, words: &[TranscriptWord]) -> bool {
    if words.is_empty() {
        return pause.end - pause.start >= SENTENCE_PAUSE;
    }
    words
        .iter()
        .rfind(|word| word.start < pause.end - WORD_TIMES / 2.0)
        .is_none_or(|word| word.text.ends_with(['.', '?', '!']))
}

/// Why a pause was shortened; the weight is the seconds that are gone.
fn pause_reason(pause: &Span) -> Option<Reason> {
    let gone = pause.end - pause.start - BEFORE - if pause.start > 0.0 { AFTER } else { 0.0 };
    (gone > 0.0).then(|| {
        let text = format!("{gone:.2} seconds before this are cut: no word, no voice, and quiet.");
        Reason::new("pause_cut", gone, text)
    })
}

/// Cuts a false start out of the span that it lies in.
fn cut_out(spans: &mut Vec<SpokenSpan>, false_start: &FalseStart) {
    let cut = false_start.span;
    let Some(number) = spans
        .iter()
        .position(|spoken| spoken.span.start < cut.end && cut.end < spoken.span.end)
    else {
        return;
    };
    let Some(spoken) = spans.get_mut(number) else {
        return;
    };
    let text = format!(
        "\u{201c}{}\u{201d} is cut: it is said again.",
        false_start.words
    );
    let reason = Reason::new("false_start", cut.end - cut.start, text);
    if cut.start - spoken.span.start < REMAINDER {
        spoken.span.start = cut.end;
        spoken.reasons.push(reason);
        return;
    }
    let rest = SpokenSpan {
        span: Span {
            start: cut.end,
            end: spoken.span.end,
        },
        begins_sentence: false,
        reasons: vec![reason],
    };
    spoken.span.end = cut.start;
    spans.insert(number + 1, rest);
}
