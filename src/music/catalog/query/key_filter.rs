//! Filters on the key: "in A minor", "F# major", "in a minor key".
//!
//! "a" is also an article: "a minor" alone is a key only at the end of a sentence, after "in", or with a capital A.

use super::{Token, begins};

/// What is read: a tonic, a mode, and how many tokens that takes.
type Found = (Option<&'static str>, Option<&'static str>, usize);

const PREFIXES: [&[&str]; 6] = [
    &["in", "the", "key", "of"],
    &["in", "key", "of"],
    &["key", "of"],
    &["in", "key"],
    &["in"],
    &["key"],
];

const SHARP: [&str; 7] = ["A#", "C", "C#", "D#", "F", "F#", "G#"];
const FLAT: [&str; 7] = ["G#", "A#", "B", "C#", "D#", "E", "F#"];
const NATURAL: [&str; 7] = ["A", "B", "C", "D", "E", "F", "G"];

pub(super) fn key(tokens: &[Token]) -> Option<Found> {
    let prefix = PREFIXES.iter().find(|prefix| {
        begins(tokens, prefix) && tokens.get(prefix.len() - 1).is_some_and(|word| !word.ends)
    });
    let before = prefix.map_or(0, |prefix| prefix.len());
    let says_key = prefix.is_some_and(|prefix| prefix.contains(&"key"));
    let ahead = tokens.get(before..)?;
    let found = mode_only(ahead, before > 0)
        .or_else(|| tonic_and_mode(ahead, before > 0))
        .or_else(|| tonic_alone(ahead, before > 0, says_key))?;
    let (tonic, mode, used) = found;
    Some((tonic, mode, before + used))
}

fn mode(token: Option<&Token>) -> Option<&'static str> {
    match token?.text.as_str() {
        "major" | "maj" => Some("major"),
        "minor" => Some("minor"),
        _ => None,
    }
}

fn says_key(token: Option<&Token>) -> bool {
    token.is_some_and(|token| matches!(token.text.as_str(), "key" | "keys" | "mode"))
}

/// "a minor key", "minor key", and behind "in" also "minor".
fn mode_only(tokens: &[Token], after_in: bool) -> Option<Found> {
    let article = usize::from(
        tokens
            .first()
            .is_some_and(|token| token.raw == "a" && !token.ends),
    );
    for skipped in [article, 0] {
        let found = mode(tokens.get(skipped))?;
        if says_key(tokens.get(skipped + 1)) {
            return Some((None, Some(found), skipped + 2));
        }
        if skipped == 0 && after_in {
            return Some((None, Some(found), 1));
        }
    }
    None
}

fn tonic_and_mode(tokens: &[Token], after_in: bool) -> Option<Found> {
    let (tonic, used) = tonic(tokens)?;
    let mode_at = tokens.get(used);
    let found = mode(mode_at)?;
    let capital = tokens
        .first()?
        .raw
        .starts_with(|letter: char| letter.is_uppercase());
    let is_article = tokens.first()?.raw == "a" && used == 1;
    let ends = mode_at.is_some_and(|token| token.ends);
    if is_article && !after_in && !ends && !capital {
        return None;
    }
    let more = usize::from(!ends && says_key(tokens.get(used + 1)));
    Some((Some(tonic), Some(found), used + 1 + more))
}

/// "in G", "in F#", "key of d", "in Am".
fn tonic_alone(tokens: &[Token], after_in: bool, says_key: bool) -> Option<Found> {
    if !after_in {
        return None;
    }
    let first = tokens.first()?;
    let capital = first.raw.starts_with(|letter: char| letter.is_uppercase());
    if let Some(root) = first.raw.strip_suffix('m').filter(|_| capital) {
        let (tonic, _) = named(&root.to_lowercase())?;
        return Some((Some(tonic), Some("minor"), 1));
    }
    let (tonic, used) = tonic(tokens)?;
    let is_clear = says_key || capital || used > 1 || first.text.ends_with('#');
    is_clear.then_some((Some(tonic), None, used))
}

/// A note, and how many tokens it takes: "f#", "bb", "e flat".
fn tonic(tokens: &[Token]) -> Option<(&'static str, usize)> {
    let first = tokens.first()?;
    let (natural, place) = named(&first.text)?;
    if first.ends || first.text.len() > 1 {
        return Some((natural, 1));
    }
    let place = place?;
    match tokens.get(1).map(|token| token.text.as_str()) {
        Some("sharp") => Some((SHARP.get(place)?, 2)),
        Some("flat") => Some((FLAT.get(place)?, 2)),
        _ => Some((natural, 1)),
    }
}

/// A note as one word; its place among the naturals where it has no sign.
fn named(text: &str) -> Option<(&'static str, Option<usize>)> {
    let mut letters = text.chars();
    let place = "abcdefg".find(letters.next()?)?;
    let sign = letters.as_str();
    match sign {
        "" => Some((NATURAL.get(place)?, Some(place))),
        "#" | "-sharp" => Some((SHARP.get(place)?, None)),
        "b" | "-flat" => Some((FLAT.get(place)?, None)),
        _ => None,
    }
}
