//! Splits a request in plain words into filters and a rest: "calm piano, no vocals, under 90 bpm".
//!
//! Words that are not part of a filter stay in the rest, which ranks the tracks, so no word is lost and no request is
//! refused. A number is a filter only with its unit, or after a word that implies one ("faster than 120").

use rusqlite::types::Value;

mod key_filter;
mod tempo_and_length;
mod vocals_filter;

use key_filter::key;
use tempo_and_length::{AmountKind, limit};
use vocals_filter::vocals;

/// Longest text that is read, in bytes; the rest is ignored. No request that a person types is longer.
const LONGEST: usize = 2_000;
/// Largest share of vocals in a track for "no vocals": a tolerance for false detections.
const UNSUNG: f64 = 0.05;
/// Least share of vocals in a track for "with vocals": more than a sample or a shout.
const SUNG: f64 = 0.1;
/// Words that are dropped at either end of the rest, because they mean nothing there.
const DANGLING: [&str; 10] = [
    "and", "with", "but", "in", "a", "an", "at", "or", "the", "of",
];

/// A range, both ends included; an absent end is open.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Range {
    /// At least.
    pub least: Option<f64>,
    /// At most.
    pub most: Option<f64>,
}

impl Range {
    /// Intersects two ranges.
    fn narrow(&mut self, other: Self) {
        self.least = match (self.least, other.least) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        self.most = match (self.most, other.most) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }

    fn is_open(&self) -> bool {
        self.least.is_none() && self.most.is_none()
    }

    fn description(&self, unit: &str) -> String {
        match (self.least, self.most) {
            (Some(least), Some(most)) => format!("{least:.0} to {most:.0} {unit}"),
            (Some(least), None) => format!("at least {least:.0} {unit}"),
            (None, Some(most)) => format!("at most {most:.0} {unit}"),
            (None, None) => String::new(),
        }
    }
}

/// What a track must have. A track whose value is unknown does not pass.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filters {
    /// Beats a minute.
    pub bpm: Range,
    /// Seconds.
    pub duration: Range,
    /// `C`, `C#` … `B`.
    pub tonic: Option<&'static str>,
    /// `major` or `minor`.
    pub mode: Option<&'static str>,
    /// Whether somebody sings.
    pub vocals: Option<bool>,
}

impl Filters {
    /// A description of each filter in words.
    pub fn descriptions(&self) -> Vec<String> {
        let mut descriptions = Vec::new();
        for (range, unit) in [(self.bpm, "bpm"), (self.duration, "seconds")] {
            if !range.is_open() {
                descriptions.push(range.description(unit));
            }
        }
        match (self.tonic, self.mode) {
            (Some(tonic), Some(mode)) => descriptions.push(format!("in {tonic} {mode}")),
            (Some(one), None) | (None, Some(one)) => descriptions.push(format!("in {one}")),
            (None, None) => {}
        }
        match self.vocals {
            Some(true) => descriptions.push("with vocals".into()),
            Some(false) => descriptions.push("no vocals".into()),
            None => {}
        }
        descriptions
    }

    /// An SQL condition on the table of tracks, with the values of its `?`.
    pub(super) fn clause(&self) -> (String, Vec<Value>) {
        let mut parts = vec!["1"];
        let mut values = Vec::new();
        let mut add = |part: &'static str, value: Value| {
            parts.push(part);
            values.push(value);
        };
        if let Some(least) = self.bpm.least {
            add("bpm >= ?", Value::Real(least));
        }
        if let Some(most) = self.bpm.most {
            add("bpm <= ?", Value::Real(most));
        }
        if let Some(least) = self.duration.least {
            add("duration >= ?", Value::Real(least));
        }
        if let Some(most) = self.duration.most {
            add("duration <= ?", Value::Real(most));
        }
        if let Some(tonic) = self.tonic {
            add("tonic = ?", Value::Text(tonic.into()));
        }
        if let Some(mode) = self.mode {
            add("mode = ?", Value::Text(mode.into()));
        }
        match self.vocals {
            Some(true) => add("vocals >= ?", Value::Real(SUNG)),
            Some(false) => add("vocals <= ?", Value::Real(UNSUNG)),
            None => {}
        }
        (parts.join(" AND "), values)
    }
}

/// A parsed request.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// What a track must have.
    pub filters: Filters,
    /// All other words, in order, for ranking.
    pub words: String,
}

/// A word of the text.
#[derive(Debug, Clone, PartialEq)]
struct Token {
    /// As typed, without the punctuation around it.
    raw: String,
    /// In lower case.
    text: String,
    /// Whether a comma or a full stop follows, or nothing.
    ends: bool,
}

impl Query {
    /// Parses any text; this never fails.
    pub fn parse(text: &str) -> Self {
        let tokens = tokens(text);
        let mut query = Self::default();
        let mut rest: Vec<&str> = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let ahead = &tokens[at..];
            if let Some((kind, range, used)) = limit(ahead) {
                match kind {
                    AmountKind::Bpm => query.filters.bpm.narrow(range),
                    AmountKind::Seconds => query.filters.duration.narrow(range),
                }
                at += used;
            } else if let Some((sung, kept, used)) = vocals(ahead) {
                query.filters.vocals = Some(sung);
                rest.extend(kept.iter().map(|token| token.raw.as_str()));
                at += used;
            } else if let Some((tonic, mode, used)) = key(ahead) {
                query.filters.tonic = tonic.or(query.filters.tonic);
                query.filters.mode = mode.or(query.filters.mode);
                at += used;
            } else {
                rest.push(&token.raw);
                at += 1;
            }
        }
        let dangles = |word: Option<&&str>| {
            word.is_some_and(|word| DANGLING.contains(&word.to_lowercase().as_str()))
        };
        while dangles(rest.last()) {
            rest.pop();
        }
        let first = rest
            .iter()
            .position(|word| !dangles(Some(word)))
            .unwrap_or(rest.len());
        query.words = rest.get(first..).unwrap_or_default().join(" ");
        query
    }
}

/// Splits text into words, with comparison signs as words of their own.
fn tokens(text: &str) -> Vec<Token> {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut spaced = String::new();
    for letter in text[..end].chars() {
        match letter {
            '<' | '>' | '~' | '≤' | '≥' => spaced.extend([' ', letter, ' ']),
            '–' | '—' | '−' => spaced.push('-'),
            '♯' => spaced.push('#'),
            '♭' => spaced.push('b'),
            '’' => spaced.push('\''),
            ',' | ';' | '(' | ')' | '"' => spaced.extend([letter, ' ']),
            _ => spaced.push(letter),
        }
    }
    let mut tokens: Vec<Token> = Vec::new();
    for piece in spaced.split_whitespace() {
        let is_mark = |letter: char| {
            letter.is_ascii_punctuation() && !matches!(letter, '#' | '<' | '>' | '~' | '\'')
        };
        let raw = piece.trim_matches(is_mark);
        let ends = piece.ends_with([',', ';', '.', '!', '?', ')']);
        if raw.is_empty() {
            if let Some(last) = tokens.last_mut() {
                last.ends |= ends;
            }
            // A dash between two numbers joins them.
            if piece == "-" {
                tokens.push(Token {
                    raw: "-".into(),
                    text: "-".into(),
                    ends: false,
                });
            }
            continue;
        }
        tokens.push(Token {
            raw: raw.into(),
            text: raw.to_lowercase(),
            ends,
        });
    }
    if let Some(last) = tokens.last_mut() {
        last.ends = true;
    }
    tokens
}

/// True if the next words are these, with no comma inside the phrase.
fn begins(tokens: &[Token], phrase: &[&str]) -> bool {
    let whole = phrase.len();
    tokens.len() >= whole
        && tokens
            .iter()
            .zip(phrase)
            .enumerate()
            .all(|(at, (token, word))| token.text == *word && (at + 1 == whole || !token.ends))
}
