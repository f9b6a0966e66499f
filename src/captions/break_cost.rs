//! How much a break between two words hurts the reader, in captions and in lines.
//!
//! A break after a sentence costs nothing. One that parts an article from its noun, or a preposition from what it
//! belongs to, costs most. The lists are English; in other languages punctuation and pauses decide.

use crate::captions::tokens::Token;

/// After a sentence.
const SENTENCE: f64 = 0.0;
/// After a comma or the like.
const CLAUSE: f64 = 0.8;
/// Where the speaker pauses for this many seconds.
const PAUSE: f64 = 0.4;
const AT_PAUSE: f64 = 1.0;
/// Before a conjunction or preposition.
const BEFORE_LINK: f64 = 1.2;
/// Between two words of which nothing is known.
const PLAIN: f64 = 2.2;
/// Between two names or a number and its unit.
const TOGETHER: f64 = 3.2;
/// After a word that leans on the next one.
const LEANING: f64 = 4.0;
/// Inside a word.
const INSIDE_WORD: f64 = 6.0;

/// Words that begin a phrase.
const LINKS: &[&str] = &[
    "about", "after", "although", "and", "as", "at", "because", "before", "but", "by", "for",
    "from", "if", "in", "into", "like", "nor", "of", "on", "or", "over", "since", "so", "than",
    "that", "then", "though", "through", "to", "under", "until", "when", "where", "which", "while",
    "who", "with", "without", "yet",
];
/// Words that lean on the next one.
const LEANERS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do",
    "does", "dr", "for", "from", "had", "has", "have", "he", "her", "his", "i", "if", "i'm", "in",
    "into", "is", "it", "it's", "its", "may", "might", "mr", "mrs", "ms", "must", "my", "no",
    "not", "of", "on", "or", "our", "shall", "she", "should", "so", "st", "than", "that", "the",
    "their", "these", "they", "this", "those", "to", "very", "was", "we", "were", "will", "with",
    "would", "you", "your",
];

/// Short forms whose full stop ends no sentence.
const SHORT_FORMS: &[&str] = &["dr", "mr", "mrs", "ms", "prof", "st", "vs"];

/// The cost of a break between two tokens.
pub(super) fn break_cost(before: &Token, after: &Token) -> f64 {
    if !after.begins_word {
        return INSIDE_WORD;
    }
    let left = bare(&before.text);
    if ends_sentence(before) {
        return SENTENCE;
    }
    let ends = before.text.trim_end_matches(is_closing);
    if ends.ends_with([',', ';', ':', '–', '—', '،', '؛', '、', '，', '；', '：']) {
        return CLAUSE;
    }
    let cost = if LEANERS.contains(&left.as_str()) {
        LEANING
    } else if is_name(&before.text) && is_name(&after.text) || is_number(&before.text) {
        TOGETHER
    } else if LINKS.contains(&bare(&after.text).as_str()) {
        BEFORE_LINK
    } else {
        PLAIN
    };
    if after.start - before.end >= PAUSE {
        cost.min(AT_PAUSE)
    } else {
        cost
    }
}

/// Whether a sentence ends with the token.
pub(super) fn ends_sentence(token: &Token) -> bool {
    let ends = token.text.trim_end_matches(is_closing);
    let word = bare(ends);
    // Nor do initials; but "I." does.
    let is_initial = word.chars().count() == 1 && word != "i";
    let is_short_form = ends.ends_with('.') && (is_initial || SHORT_FORMS.contains(&word.as_str()));
    ends.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '।']) && !is_short_form
}

fn is_closing(letter: char) -> bool {
    matches!(
        letter,
        '"' | '\'' | '”' | '’' | ')' | ']' | '»' | '」' | '』'
    )
}

/// A word without punctuation, in lower case.
fn bare(text: &str) -> String {
    let word = text.trim_matches(|letter: char| !letter.is_alphanumeric());
    word.replace('’', "'").to_lowercase()
}

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

fn is_number(text: &str) -> bool {
    text.ends_with(|letter: char| letter.is_ascii_digit())
}
