//! False starts: words that are broken off and said again at once, such as "we should, we should go".
//!
//! Only what lies between two pauses is cut out, however short they are, so that no cut is inside a word: the
//! recognizer's times are too uncertain for that.

use crate::analysis::{Span, TranscriptWord};

/// Most words of a start that is said again.
const MOST_WORDS: usize = 8;
/// Most further words before a start of two or more words is said again: "we should ta- we should go".
const BROKEN_OFF: usize = 2;
/// Shortest pause, in seconds, before the start is said again …
const PAUSE: f64 = 0.1;
/// … and where further words were broken off: else it may be a figure of speech.
const PAUSE_AFTER_MORE: f64 = 0.25;
/// Seconds by which the time of a word may miss the voice.
const WORD_TIMES: f64 = 0.25;
/// Confidence (0..1) that every word needs.
const SURE_WORD: f64 = 0.5;
/// Seconds kept before the voice that goes on.
const BEFORE: f64 = 0.05;
/// Single words that nobody says twice on purpose.
const SINGLE: [&str; 20] = [
    "i", "the", "a", "an", "and", "we", "to", "it", "but", "in", "of", "you", "he", "she", "they",
    "my", "if", "it's", "i'm", "our",
];

/// A start that is said again.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FalseStart {
    /// Seconds from its voice to the voice that goes on.
    pub span: Span,
    /// What is said in it.
    pub words: String,
}

/// The false starts among `words`, in order and apart; `runs` are the runs of voice.
pub(super) fn false_starts(words: &[TranscriptWord], runs: &[Span]) -> Vec<FalseStart> {
    let plain: Vec<String> = words.iter().map(|word| plain(&word.text)).collect();
    let mut found = Vec::new();
    let mut from = 0;
    while from < words.len() {
        let Some((again, false_start)) = (1..=MOST_WORDS)
            .rev()
            .find_map(|count| said_again(words, &plain, runs, (from, count)))
        else {
            from += 1;
            continue;
        };
        found.push(false_start);
        from = again;
    }
    found
}

/// The `count` words from `from` on, if they are said again: the word at which they are, and the false start.
fn said_again(
    words: &[TranscriptWord],
    plain: &[String],
    runs: &[Span],
    (from, count): (usize, usize),
) -> Option<(usize, FalseStart)> {
    let first = plain.get(from..from + count)?;
    if count == 1 && !first.iter().all(|word| SINGLE.contains(&word.as_str())) {
        return None;
    }
    let broken_off = if count > 1 { BROKEN_OFF } else { 0 };
    (from + count..=from + count + broken_off).find_map(|again| {
        let repeated = plain.get(again..again + count)? == first;
        let sure = words
            .get(from..again + count)?
            .iter()
            .all(|word| word.confidence >= SURE_WORD);
        if !repeated || !sure {
            return None;
        }
        let pause = if again > from + count {
            PAUSE_AFTER_MORE
        } else {
            PAUSE
        };
        let start = run_at(runs, words.get(from)?.start, 0.0)?;
        let end = run_at(runs, words.get(again)?.start, pause)?;
        let said: Vec<&str> = words
            .get(from..again)?
            .iter()
            .map(|word| word.text.as_str())
            .collect();
        (end > start).then(|| {
            let false_start = FalseStart {
                span: Span { start, end },
                words: said.join(" "),
            };
            (again, false_start)
        })
    })
}

/// The time just before the run that begins nearest to `time`, after at least `pause` seconds without voice.
fn run_at(runs: &[Span], time: f64, pause: f64) -> Option<f64> {
    let distance = |number: &usize| {
        runs.get(*number)
            .map_or(f64::INFINITY, |run| (run.start - time).abs())
    };
    let number = (0..runs.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    let start = runs.get(number)?.start;
    let before = number.checked_sub(1).and_then(|number| runs.get(number));
    let silent = before.map_or(start, |before| start - before.end);
    (distance(&number) <= WORD_TIMES && silent >= pause).then(|| start - BEFORE.min(silent / 2.0))
}

/// A word without case and punctuation.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == '\'')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of 0.3 s; `|` is a pause of 0.4 s. Every word is a run of its own, 60 ms apart.
    fn found(text: &str) -> Vec<String> {
        let (mut words, mut runs, mut time) = (Vec::new(), Vec::new(), 1.0);
        for text in text.split(' ') {
            if text == "|" {
                time += 0.4;
                continue;
            }
            words.push(TranscriptWord {
                text: text.into(),
                start: time - 0.03,
                end: time + 0.27,
                confidence: 0.9,
            });
            runs.push(Span {
                start: time,
                end: time + 0.24,
            });
            time += 0.3;
        }
        let false_starts = false_starts(&words, &runs);
        for pair in false_starts.windows(2) {
            assert!(pair[0].span.end <= pair[1].span.start);
        }
        for FalseStart { span, .. } in &false_starts {
            let inside = |time: f64| runs.iter().any(|run| run.start < time && time < run.end);
            assert!(!inside(span.start) && !inside(span.end));
        }
        false_starts.into_iter().map(|found| found.words).collect()
    }

    #[test]
    fn what_is_said_again_after_a_pause_is_a_false_start() {
        assert_eq!(found("so | we should, | we should go home"), ["we should,"]);
        assert_eq!(found("and I | I think"), ["I"]);
        let broken = "today I want to sh | today I want to show you";
        assert_eq!(found(broken), ["today I want to sh"]);
        assert_eq!(found("the | the | the end"), ["the", "the"]);
    }

    #[test]
    fn figures_of_speech_stay() {
        assert_eq!(
            found("no | no | no, very | very good"),
            Vec::<String>::new()
        );
        // Without a pause it was meant.
        assert_eq!(found("what it is is what it is is"), Vec::<String>::new());
        assert_eq!(found("for you, you can do for your"), Vec::<String>::new());
    }
}
