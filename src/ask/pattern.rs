//! Patterns of words, such as `"{no} any? music|song"`.
//!
//! Items stand in the order of the words: `a|b` is one of two words, a `?` behind it makes it optional. `{n}` is a
//! number, `{t}` a time, `{f}` the name of a file, `{o}` a place such as "second" or "last", `{no}` a negation, and any
//! other name in braces one word of that line of `lists/classes.txt`. `^` in front and `$` at the end hold where a
//! clause begins and ends: "portrait" alone is a shape, "my portrait" is not. A word after `>` has to follow and is not
//! taken. A pattern reaches neither over punctuation nor over words that are taken.

use crate::ask::lists::is_of_class;
use crate::ask::words::{AskedWord, NEGATIONS, REMOVALS, duration, number};

/// Words that begin a clause though no punctuation stands before them, and words that begin the next one.
const JOINING: [&str; 7] = ["and", "but", "please", "also", "then", "for", "no"];

/// What a pattern found.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Found {
    /// Numbers, times in seconds, and places: those from the end are negative, -1 is the last.
    pub numbers: Vec<f64>,
    /// Names of files.
    pub files: Vec<String>,
    /// The words of alternatives, in turn.
    pub words: Vec<String>,
}

impl Found {
    /// The number that was found at `place`; 0 where there is none, which no pattern with numbers allows.
    pub fn number(&self, place: usize) -> f64 {
        self.numbers.get(place).copied().unwrap_or_default()
    }

    /// Whether one of the words of alternatives is `word`.
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|known| known == word)
    }
}

/// How many of `words` from `start` on `pattern` takes.
pub(super) fn match_pattern(
    pattern: &str,
    words: &[AskedWord],
    taken: &[bool],
    start: usize,
) -> Option<(Found, usize)> {
    let pattern = match pattern.strip_prefix("^ ") {
        Some(pattern) if begins_clause(words, start) => pattern,
        Some(_) => return None,
        None => pattern,
    };
    let items: Vec<&str> = pattern.split(' ').collect();
    let mut found = Found::default();
    let (words, taken) = (words.get(start..)?, taken.get(start..)?);
    let used = match_items(&items, words, taken, &mut found)?;
    (used > 0).then_some((found, used))
}

fn begins_clause(words: &[AskedWord], start: usize) -> bool {
    let before = start.checked_sub(1).and_then(|before| words.get(before));
    before.is_none_or(|word| word.ends_clause || JOINING.contains(&word.text.as_str()))
}

fn match_items(
    items: &[&str],
    words: &[AskedWord],
    taken: &[bool],
    found: &mut Found,
) -> Option<usize> {
    let Some((item, rest)) = items.split_first() else {
        return Some(0);
    };
    if *item == "$" {
        let next = words.first();
        return next
            .is_none_or(|word| JOINING.contains(&word.text.as_str()))
            .then_some(0);
    }
    if let Some(item) = item.strip_prefix('>') {
        return (!lengths(item, words, taken).is_empty()).then_some(0);
    }
    let (item, optional) = match item.strip_suffix('?') {
        Some(item) => (item, true),
        None => (*item, false),
    };
    for used in lengths(item, words, taken) {
        let before = found.clone();
        capture(item, words.get(..used).unwrap_or_default(), found);
        let (later, later_taken) = (words.get(used..)?, taken.get(used..)?);
        // Punctuation ends a pattern: nothing of it may follow.
        let ends = words.get(used - 1).is_some_and(|word| word.ends_clause);
        let remaining = if ends {
            (&later[..0], &later_taken[..0])
        } else {
            (later, later_taken)
        };
        if let Some(more) = match_items(rest, remaining.0, remaining.1, found) {
            return Some(used + more);
        }
        *found = before;
    }
    if optional {
        return match_items(rest, words, taken, found);
    }
    None
}

/// How many words an item may take at the beginning of `words`, the longest first; empty where it does not match.
fn lengths(item: &str, words: &[AskedWord], taken: &[bool]) -> Vec<usize> {
    let free = words
        .iter()
        .zip(taken)
        .take_while(|(_, taken)| !**taken)
        .count();
    let Some(words) = words.get(..free).filter(|words| !words.is_empty()) else {
        return Vec::new();
    };
    let Some(first) = words.first() else {
        return Vec::new();
    };
    let all = match item {
        "{n}" => number(words).map(|(_, used)| used).into_iter().collect(),
        "{t}" => duration(words).map(|(_, used)| used).into_iter().collect(),
        "{f}" => Vec::from_iter(first.is_file.then_some(1)),
        "{o}" => place(words).map(|(_, used)| used).into_iter().collect(),
        "{no}" => negation(words),
        _ => {
            let is_one = is_of_class(item, &first.text).unwrap_or_else(|| {
                let mut words = item.split('|');
                words.any(|word| word == first.text)
            });
            Vec::from_iter((!first.is_file && is_one).then_some(1))
        }
    };
    let inside = |used: &usize| {
        let inner = words.get(..used.saturating_sub(1)).unwrap_or_default();
        *used <= words.len() && !inner.iter().any(|word| word.ends_clause)
    };
    all.into_iter().filter(inside).collect()
}

fn capture(item: &str, words: &[AskedWord], found: &mut Found) {
    match item {
        "{n}" => found
            .numbers
            .extend(number(words).map(|(number, _)| number)),
        "{t}" => found
            .numbers
            .extend(duration(words).map(|(seconds, _)| seconds)),
        "{o}" => found.numbers.extend(place(words).map(|(place, _)| place)),
        "{f}" => found
            .files
            .extend(words.first().map(|word| word.text.clone())),
        "{no}" => {}
        _ => found
            .words
            .extend(words.first().map(|word| word.text.clone())),
    }
}

/// "no", "without any", "don't want", "get rid of the", "leave out", "lose".
fn negation(words: &[AskedWord]) -> Vec<usize> {
    let text = |place: usize| words.get(place).map_or("", |word| word.text.as_str());
    let mut used = match (text(0), text(1), text(2)) {
        ("get", "rid", "of") => 3,
        ("do", "not", _) | ("i", "dont", _) | ("leave", "out", _) | ("take", "out", _) => 2,
        ("turn", "off", _) | ("rather", "no", _) => 2,
        ("do", "away", "with") => 3,
        ("zero" | "hold", _, _) => 1,
        (word, _, _) if NEGATIONS.contains(&word) || REMOVALS.contains(&word) => 1,
        _ => return Vec::new(),
    };
    let verbs = [
        "want", "need", "use", "add", "put", "give", "do", "like", "have", "be", "show", "make",
        "play",
    ];
    while verbs.contains(&text(used)) {
        used += 1;
    }
    let small = [
        "it", "me", "any", "the", "a", "an", "all", "more", "of", "those", "these", "fancy", "in",
        "on",
    ];
    let mut lengths = vec![used];
    while small.contains(&text(used)) {
        used += 1;
        lengths.push(used);
    }
    lengths.reverse();
    lengths
}

/// A place in an order: "second", "2nd", "last", "second to last".
fn place(words: &[AskedWord]) -> Option<(f64, usize)> {
    let text = |place: usize| words.get(place).map_or("", |word| word.text.as_str());
    let ordinals = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth", "eleventh", "twelfth",
    ];
    let first = text(0);
    if matches!(first, "last" | "final" | "closing") {
        return Some((-1.0, 1));
    }
    if matches!(first, "opening") {
        return Some((1.0, 1));
    }
    let number = match ordinals.iter().position(|known| *known == first) {
        Some(place) => (place + 1) as f64,
        None => {
            let digits = ["st", "nd", "rd", "th"]
                .iter()
                .find_map(|ending| first.strip_suffix(ending))?;
            digits
                .parse::<u32>()
                .ok()
                .filter(|number| (1..=500).contains(number))?
                .into()
        }
    };
    match (text(1), text(2)) {
        ("to", "last") => Some((-number, 3)),
        ("last", _) => Some((-number, 2)),
        _ => Some((number, 1)),
    }
}
