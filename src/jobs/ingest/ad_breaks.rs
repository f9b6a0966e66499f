//! Where a film or a sound may be interrupted: where what is seen, what is said and what is played end together.
//!
//! 1. Candidates are the beginnings of shots (not after jump cuts: the scene goes on), and the middles of long pauses
//!    of speech in which no shot begins.
//! 2. None is within [`EDGE`] of the beginning or the end.
//! 3. None is within a sentence: in a pause between words, the word before must end a sentence. Without a transcript
//!    the pauses between spans of speech are all that is known, and must be long.
//! 4. None breaks a phrase of music where phrases are known and nobody speaks nearby.
//! 5. Something must agree ([`agrees`]): a fade; a sentence that ends, with a cut or a long pause; a cut with a phrase;
//!    a long shot that ends in silence.
//! 6. Of two that are nearer to each other than [`APART`], the better one is kept, and the earlier one of equals.
//!
//! The numbers were set by hand; how viewers take the breaks was not measured.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analysis::{Analysis, AudioReport, Shot, Span, TransitionKind};
use crate::choice::Reason;
use crate::time::{Rational, rounded};

/// Seconds at the beginning and the end in which nothing is interrupted.
const EDGE: f64 = 5.0;
/// Seconds between two breaks, at least.
const APART: f64 = 15.0;
/// How far from the break, in seconds, a phrase may begin or a silence lie.
const NEAR: f64 = 0.6;
/// Seconds by which a word or a span of speech may reach over the break: times of words are not more exact.
const ACROSS: f64 = 0.15;
/// A pause of speech that is as long, in seconds, is a break without a cut.
const LONG_PAUSE: f64 = 1.0;
/// Without a transcript a shorter pause may be one for breath, in seconds …
const SURE_PAUSE: f64 = 0.7;
/// … and what is said before longer silence has ended long ago.
const LONG_AGO: f64 = 4.0;
/// Seconds from which on a shot is long.
const LONG_SHOT: f64 = 8.0;
/// In a longer pause between words, in seconds, speech that was heard was not understood.
const MOST_UNHEARD: f64 = 2.0;
/// What each reason adds to the score. A scene that fades to black was meant to end there.
const WEIGHTS: [(&str, f64, &str); 7] = [
    ("fade", 0.4, "The picture fades."),
    ("cut", 0.25, "A shot ends."),
    ("long_shot", 0.1, "The shot was a long one."),
    ("sentence_end", 0.3, "A sentence ends."),
    ("pause", 0.2, "Speech pauses."),
    ("phrase_end", 0.3, "A phrase of the music begins."),
    ("silence", 0.15, "It is quiet."),
];

/// A place where a film or a sound may be interrupted.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AdBreak {
    /// Seconds: the first frame after the break.
    pub at: f64,
    /// The same, exactly.
    pub at_exact: Rational,
    /// 0..1: how much agrees.
    pub score: f64,
    /// What agrees: `cut`, `fade`, `long_shot`, `sentence_end`, `pause`, `phrase_end`, `silence`.
    pub reasons: Vec<Reason>,
}

/// The breaks in order of time.
pub(super) fn ad_breaks(analysis: &Analysis) -> Vec<AdBreak> {
    let video = analysis.video.as_ref();
    let shots = video.map_or(&[][..], |video| video.shots.as_slice());
    let audio = analysis.audio.as_ref();
    let heard = audio.map_or(0.0, |audio| audio.duration);
    let finder = BreakFinder {
        shots,
        audio,
        pauses: audio.map_or(Vec::new(), pauses),
        end: shots.last().map_or(heard, |shot| shot.end),
    };
    let mut found: Vec<AdBreak> = finder
        .candidates()
        .into_iter()
        .filter_map(|candidate| finder.judged(&candidate))
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.at.total_cmp(&b.at)));
    let mut kept: Vec<AdBreak> = Vec::new();
    for candidate in found {
        let far = |other: &AdBreak| (other.at - candidate.at).abs() >= APART;
        if kept.iter().all(far) {
            kept.push(candidate);
        }
    }
    kept.sort_by(|a, b| a.at.total_cmp(&b.at));
    kept
}

/// Time between two words, or two spans of speech.
#[derive(Debug, Clone, Copy)]
struct Pause {
    start: f64,
    end: f64,
    /// The word before ends a sentence; `None` where words are not known.
    ends_sentence: Option<bool>,
}

impl Pause {
    fn seconds(&self) -> f64 {
        self.end - self.start
    }

    /// Nobody is in the middle of a sentence.
    fn is_free(&self) -> bool {
        let long = self.seconds() >= SURE_PAUSE;
        self.ends_sentence.unwrap_or(long)
    }

    fn holds(&self, at: f64) -> bool {
        at >= self.start - ACROSS && at <= self.end + ACROSS
    }
}

/// The pauses of a sound: all time in which no word is said, in order, with those before the first and after the last.
fn pauses(audio: &AudioReport) -> Vec<Pause> {
    let words = audio.transcript.iter().flat_map(|words| &words.words);
    let mut spoken: Vec<(Span, Option<bool>)> = words
        .map(|word| {
            let span = Span {
                start: word.start,
                end: word.end,
            };
            (span, Some(word.ends_sentence()))
        })
        .collect();
    if spoken.is_empty() {
        spoken = audio.speech.iter().map(|span| (*span, None)).collect();
    }
    let mut found = Vec::new();
    // Nobody is in the middle of a sentence that has not begun.
    let (mut from, mut ends) = (f64::NEG_INFINITY, Some(true));
    for (span, ends_sentence) in spoken {
        found.push(Pause {
            start: from,
            end: span.start,
            ends_sentence: ends,
        });
        (from, ends) = (span.end, ends_sentence);
    }
    found.push(Pause {
        start: from,
        end: f64::INFINITY,
        ends_sentence: ends,
    });
    found
}

/// A place that may be a break.
struct Candidate<'a> {
    at: Rational,
    /// The shot before it and the one that begins there.
    shots: Option<(&'a Shot, &'a Shot)>,
}

/// What breaks are looked for in.
struct BreakFinder<'a> {
    shots: &'a [Shot],
    audio: Option<&'a AudioReport>,
    pauses: Vec<Pause>,
    end: f64,
}

impl<'a> BreakFinder<'a> {
    fn candidates(&self) -> Vec<Candidate<'a>> {
        let pairs = self.shots.windows(2).filter_map(|pair| {
            let [before, after] = pair else { return None };
            Some(Candidate {
                at: after.start_exact,
                shots: Some((before, after)),
            })
        });
        let pauses = self.pauses.iter().filter(|pause| {
            let begins = |shot: &Shot| shot.start > 0.0 && pause.holds(shot.start);
            pause.seconds() >= LONG_PAUSE && !self.shots.iter().any(begins)
        });
        let middles = pauses.map(|pause| Candidate {
            // Milliseconds are as exact as times of words.
            at: Rational::nearest((pause.start + pause.end) / 2.0, 1000),
            shots: None,
        });
        pairs.chain(middles).collect()
    }

    /// The break at a candidate, if nothing speaks against it and enough for it.
    fn judged(&self, candidate: &Candidate<'_>) -> Option<AdBreak> {
        let at = candidate.at.seconds();
        if at < EDGE || at > self.end - EDGE {
            return None;
        }
        let mut codes = picture_codes(candidate)?;
        codes.extend(self.speech_codes(at)?);
        codes.extend(self.music_codes(at)?);
        if self.is_quiet(at) {
            codes.push("silence");
        }
        if !agrees(&codes) {
            return None;
        }
        let reasons = WEIGHTS.iter().filter(|(code, ..)| codes.contains(code));
        let reasons: Vec<Reason> = reasons
            .map(|(code, weight, text)| Reason::new(code, *weight, *text))
            .collect();
        let score: f64 = reasons.iter().map(|reason| reason.weight).sum();
        Some(AdBreak {
            at: rounded(at),
            at_exact: candidate.at,
            score: rounded(score.min(1.0)),
            reasons,
        })
    }

    /// What speech says for a break; `None` where it is against it.
    fn speech_codes(&self, at: f64) -> Option<Vec<&'static str>> {
        if self.audio.is_none() {
            return Some(Vec::new());
        }
        let pause = self.pauses.iter().find(|pause| pause.holds(at))?;
        if !pause.is_free() || self.is_speech_without_words(at) {
            return None;
        }
        let mut codes = Vec::new();
        if at - pause.start <= LONG_AGO {
            if pause.ends_sentence == Some(true) {
                codes.push("sentence_end");
            }
            if pause.seconds() >= SURE_PAUSE {
                codes.push("pause");
            }
        }
        Some(codes)
    }

    /// Somebody speaks across a place, and what they say was not understood.
    fn is_speech_without_words(&self, at: f64) -> bool {
        let mut pauses = self.pauses.iter();
        let long = pauses.any(|pause| pause.holds(at) && pause.seconds() > MOST_UNHEARD);
        let speech = self.audio.iter().flat_map(|audio| &audio.speech);
        long && speech.into_iter().any(|span| lasts_across(span, at))
    }

    /// What music says for a break; `None` where it is against it.
    fn music_codes(&self, at: f64) -> Option<Vec<&'static str>> {
        let Some(audio) = self.audio else {
            return Some(Vec::new());
        };
        if !audio.music.iter().any(|span| lasts_across(span, at)) {
            return Some(Vec::new());
        }
        let sections = audio.sections.iter().map(|section| section.start);
        let mut phrases = audio.phrases.iter().copied().chain(sections).peekable();
        let known = phrases.peek().is_some();
        if phrases.any(|begins| (begins - at).abs() <= NEAR) {
            return Some(vec!["phrase_end"]);
        }
        // Under speech, music is a bed that nobody follows.
        let near = |span: &Span| span.start - LONG_AGO <= at && at <= span.end + LONG_AGO;
        (!known || audio.speech.iter().any(near)).then(Vec::new)
    }

    fn is_quiet(&self, at: f64) -> bool {
        let near = |span: &Span| span.start <= at + NEAR && span.end >= at - NEAR;
        self.audio
            .is_none_or(|audio| audio.silence.iter().any(near))
    }
}

/// What the picture says for a break; `None` where it is against it.
fn picture_codes(candidate: &Candidate<'_>) -> Option<Vec<&'static str>> {
    let Some((before, after)) = candidate.shots else {
        return Some(Vec::new());
    };
    let mut codes = vec![match after.transition_in.as_ref()?.kind {
        TransitionKind::JumpCut => return None,
        TransitionKind::FadeBlack | TransitionKind::FadeWhite => "fade",
        TransitionKind::Cut | TransitionKind::Dissolve | TransitionKind::Wipe => "cut",
    }];
    if before.end - before.start >= LONG_SHOT {
        codes.push("long_shot");
    }
    Some(codes)
}

/// Whether enough agrees for a break.
fn agrees(codes: &[&str]) -> bool {
    let has = |code: &str| codes.contains(&code);
    has("fade")
        || has("cut") && (has("sentence_end") || has("pause") || has("phrase_end"))
        || has("sentence_end") && has("pause")
        || has("pause") && has("silence")
        || has("long_shot") && has("silence")
}

fn lasts_across(span: &Span, at: f64) -> bool {
    span.start < at - ACROSS && span.end > at + ACROSS
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::jobs::ingest::test_analyses::{film, silence, sound, speech};

    /// The breaks with their reasons.
    fn found(analysis: &Analysis) -> Vec<(f64, Vec<String>)> {
        let breaks = ad_breaks(analysis).into_iter();
        breaks
            .map(|it| (it.at, it.reasons.into_iter().map(|why| why.code).collect()))
            .collect()
    }

    const SAID: [(&str, f64, f64); 5] = [
        ("It", 2.0, 2.2),
        ("ends.", 2.3, 9.9),
        ("And", 10.3, 10.5),
        ("it", 17.0, 17.2),
        ("goes.", 21.2, 29.0),
    ];

    #[test]
    fn a_cut_is_a_break_where_a_sentence_ends_and_never_within_one() {
        // Cuts: between sentences, in a long pause of a sentence, and in the middle of a word.
        let film = film(&[0, 10, 19, 25], 40, Some(speech(40.0, &SAID)));
        assert_eq!(
            found(&film),
            [(
                10.0,
                vec!["cut".into(), "long_shot".into(), "sentence_end".into()]
            )]
        );
    }

    #[test]
    fn without_words_only_a_long_pause_is_a_break() {
        let mut audio = speech(
            40.0,
            &[("a", 1.0, 9.8), ("b", 10.1, 19.5), ("c", 20.5, 38.0)],
        );
        audio.transcript = None;
        let codes = ["cut", "long_shot", "pause"].map(String::from).to_vec();
        assert_eq!(found(&film(&[0, 10, 20], 40, Some(audio))), [(20.0, codes)]);
    }

    #[test]
    fn a_long_pause_after_a_sentence_needs_no_cut() {
        let words = [
            ("One.", 1.0, 9.0),
            ("Two", 11.0, 14.0),
            ("three.", 18.0, 30.0),
        ];
        let codes = ["sentence_end", "pause"].map(String::from).to_vec();
        assert_eq!(found(&sound(speech(40.0, &words))), [(10.0, codes)]);
    }

    #[test]
    fn music_is_broken_where_a_phrase_begins() {
        let mut audio = silence(40.0);
        audio.music = vec![Span {
            start: 0.0,
            end: 40.0,
        }];
        audio.phrases = vec![8.0, 16.2, 24.0];
        let codes = ["cut", "phrase_end"].map(String::from).to_vec();
        let cuts = film(&[0, 4, 12, 16, 20, 28], 40, Some(audio));
        assert_eq!(found(&cuts), [(16.0, codes)]);
    }

    #[test]
    fn without_sound_long_shots_and_fades_end_something() {
        let mut silent = film(&[0, 2, 7, 16, 18, 33, 37], 40, None);
        let codes = ["cut", "long_shot", "silence"].map(String::from).to_vec();
        assert_eq!(found(&silent), [(16.0, codes.clone()), (33.0, codes)]);
        let shots = &mut silent.video.as_mut().unwrap().shots;
        shots[2].transition_in.as_mut().unwrap().kind = TransitionKind::FadeBlack;
        shots[3].transition_in.as_mut().unwrap().kind = TransitionKind::JumpCut;
        let at: Vec<f64> = found(&silent).into_iter().map(|(at, _)| at).collect();
        assert_eq!(at, [7.0, 33.0]);
    }

    #[test]
    fn breaks_are_apart_and_away_from_both_ends() {
        let all: Vec<u32> = (0..9).map(|number| number * 9).collect();
        let breaks = found(&film(&all, 76, None));
        let at: Vec<f64> = breaks.iter().map(|(at, _)| *at).collect();
        assert_eq!(at, [9.0, 27.0, 45.0, 63.0]);
    }
}
