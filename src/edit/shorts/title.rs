//! The title of a piece: the clause that says most about its topic, in the speaker's own words.

use crate::analysis::TranscriptWord;
use crate::edit::shorts::topic_words::{TopicWords, counted, is_among, plain};

/// Fewest words of a title; fewer say nothing.
const FEWEST: usize = 3;
/// Most words of a title that is read at a glance.
const MOST: usize = 9;
/// Words that a title does not end with.
const OPEN_ENDS: &str = "\
    a an and are as at be been but by can could do for from had has have he how i if in is it may might \
    more my not of on or should so that the they this to very was we with would your";

/// The title; `None` without words.
pub(super) fn title(words: &[TranscriptWord], topics: &TopicWords) -> Option<String> {
    let said = counted(words);
    let weights: Vec<f64> = words
        .iter()
        .map(|word| topics.weight(&word.text, &said))
        .collect();
    let mut best: Option<(f64, &[TranscriptWord])> = None;
    for clause in clauses(words) {
        let from = clause.start;
        for first in clause.clone() {
            for last in first + FEWEST.min(clause.end - from)..=clause.end.min(first + MOST) {
                let (Some(part), Some(weights)) =
                    (words.get(first..last), weights.get(first..last))
                else {
                    continue;
                };
                let open = part
                    .last()
                    .is_some_and(|word| is_among(OPEN_ENDS, &plain(&word.text)));
                // A whole clause reads better than a part of one.
                let whole = f64::from(first == from) + f64::from(last == clause.end);
                let sum: f64 = weights.iter().sum();
                let value = sum / (part.len() as f64).sqrt() * (1.0 + 0.35 * whole);
                if !open && best.is_none_or(|(most, _)| value > most) {
                    best = Some((value, part));
                }
            }
        }
    }
    best.map(|(_, part)| tidy(part))
}

/// The runs of words between punctuation.
fn clauses(words: &[TranscriptWord]) -> Vec<std::ops::Range<usize>> {
    let mut clauses = Vec::new();
    let mut from = 0;
    for (number, word) in words.iter().enumerate() {
        let pauses = word.text.trim_end().ends_with([',', ';', ':']);
        let ends = pauses || word.ends_sentence();
        if ends || number + 1 == words.len() {
            clauses.push(from..number + 1);
            from = number + 1;
        }
    }
    clauses
}

/// With a capital letter, without punctuation at its end but for a question's.
fn tidy(words: &[TranscriptWord]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.text.trim()).collect();
    let text = words.join(" ");
    let text = text.trim_end_matches(['.', ',', ';', ':', '!', '-', '"']);
    let text = text.trim_start_matches(['"', '-', ' ']);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
