//! The text of a cue without its tags, and the times of its words.

use crate::captions::CaptionWord;
use crate::captions::cue_time::time;
use crate::time::rounded;

/// The words of a cue that is shown from `start` to `end` (milliseconds).
pub(super) fn cue_words(text: &str, start: u64, end: u64) -> Vec<CaptionWord> {
    let mut words: Vec<CaptionWord> = Vec::new();
    let parts = spoken(text, start, end);
    let mut inside_word = false;
    for (at, (from, part)) in parts.iter().enumerate() {
        let until = parts.get(at + 1).map_or(end, |(next, _)| *next);
        let mut rest = part.as_str();
        // A time inside a word, as karaoke has it, does not split the word.
        if inside_word && let Some(last) = words.last_mut() {
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let (first, others) = rest.split_at(length);
            last.text.push_str(first);
            if others.is_empty() {
                last.end = rounded(until as f64 / 1000.0);
            }
            rest = others;
        }
        spread(rest, *from, until, &mut words);
        if !part.is_empty() {
            inside_word = !part.ends_with(char::is_whitespace);
        }
    }
    words
}

/// The lines of a cue that hold something.
pub(super) fn plain_lines(text: &str) -> Vec<String> {
    let parts = spoken(text, 0, u64::MAX);
    let whole: String = parts.into_iter().map(|(_, part)| part).collect();
    let lines = whole.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.join(" ")
    });
    lines.filter(|line| !line.is_empty()).collect()
}

/// Gives each word of `text` a share of the time proportional to its letters plus one for the pause after it.
fn spread(text: &str, start: u64, end: u64, words: &mut Vec<CaptionWord>) {
    let parts: Vec<&str> = text.split_whitespace().collect();
    let weight = |word: &str| word.chars().count() as f64 + 1.0;
    let whole: f64 = parts.iter().map(|word| weight(word)).sum();
    let length = end.saturating_sub(start) as f64;
    let at = |share: f64| rounded((start as f64 + length * share / whole.max(1.0)) / 1000.0);
    let mut gone = 0.0;
    for word in parts {
        words.push(CaptionWord {
            text: word.into(),
            start: at(gone),
            end: at(gone + weight(word)),
        });
        gone += weight(word);
    }
}

/// The text of a cue without tags and styles, split at the times given inside it.
fn spoken(text: &str, start: u64, end: u64) -> Vec<(u64, String)> {
    let mut parts = vec![(start, String::new())];
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (tag, length) = match letter {
            '<' => enclosed(rest, '>', |inner| {
                inner.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/')
            }),
            // SubStation Alpha style overrides, which many SubRip files contain.
            '{' => enclosed(rest, '}', |inner| inner.starts_with('\\')),
            _ => (None, 0),
        };
        if let Some(tag) = tag {
            let before = parts.last().map_or(start, |part| part.0);
            match time(tag) {
                Ok(at) if at >= before && at <= end => parts.push((at, String::new())),
                // `<br>` separates words; other tags do not.
                _ if tag.eq_ignore_ascii_case("br") || tag.eq_ignore_ascii_case("br/") => {
                    push(&mut parts, "\n");
                }
                _ => {}
            }
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        let (shown, length) = match letter {
            '&' => reference(rest),
            _ => (letter, letter.len_utf8()),
        };
        push(&mut parts, shown.encode_utf8(&mut [0; 4]));
        rest = rest.get(length..).unwrap_or_default();
    }
    parts
}

fn push(parts: &mut [(u64, String)], text: &str) {
    if let Some((_, part)) = parts.last_mut() {
        part.push_str(text);
    }
}

/// The text between the bracket that `text` begins with and `close`, and its length with both brackets.
fn enclosed(text: &str, close: char, is_tag: impl Fn(&str) -> bool) -> (Option<&str>, usize) {
    let inner = text
        .find(close)
        .and_then(|end| text.get(1..end))
        .filter(|inner| is_tag(inner));
    (inner, inner.map_or(0, |inner| inner.len() + 2))
}

/// The character that a reference such as `&amp;` stands for, and the reference's length; `&` itself if it is none.
fn reference(text: &str) -> (char, usize) {
    const LONGEST: usize = 10;
    const NAMES: [(&str, char); 8] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("lrm", '\u{200e}'),
        ("rlm", '\u{200f}'),
    ];
    let name = text
        .find(';')
        .filter(|end| *end <= LONGEST)
        .and_then(|end| text.get(1..end));
    let Some(name) = name else { return ('&', 1) };
    let known = NAMES.iter().find(|(known, _)| *known == name);
    let letter = known.map(|(_, letter)| *letter).or_else(|| {
        let number = name.strip_prefix('#')?;
        let value = match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(value)
    });
    match letter {
        Some(letter) => (letter, name.len() + 2),
        None => ('&', 1),
    }
}
