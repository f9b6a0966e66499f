//! Words, numbers and errors that the readers of tables share.

use std::path::Path;

use crate::error::{Error, Result};

/// A word of a line and the column (from 1) where it starts.
pub(super) struct Word<'a> {
    pub column: usize,
    pub text: &'a str,
}

/// An error at a column.
pub(super) struct Fault {
    pub column: usize,
    pub what: String,
}

/// A parsed part of a line, or its error.
pub(super) type Parsed<T> = std::result::Result<T, Fault>;

impl Fault {
    /// The error of the line of the file at `path`.
    pub fn at(self, path: &Path, line: usize) -> Error {
        Error::Document {
            path: path.into(),
            line,
            column: self.column,
            what: self.what,
        }
    }
}

/// [`Err`] with a fault.
pub(super) fn fault<T>(column: usize, what: impl Into<String>) -> Parsed<T> {
    Err(Fault {
        column,
        what: what.into(),
    })
}

/// Hands the words of each line to `read` and adds the position to its errors; returns the number of the last line.
pub(super) fn read_lines(
    path: &Path,
    text: &str,
    mut read: impl FnMut(&[Word<'_>]) -> Parsed<()>,
) -> Result<usize> {
    let text = text.trim_start_matches('\u{feff}');
    let separator = if text.contains('\n') { '\n' } else { '\r' };
    let mut last = 1;
    for (number, line) in text.split(separator).enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        let words = words(line);
        if !words.is_empty() {
            last = number + 1;
        }
        read(&words).map_err(|fault| fault.at(path, number + 1))?;
    }
    Ok(last)
}

/// The words of a line before a comment.
pub(super) fn words(line: &str) -> Vec<Word<'_>> {
    let mut words = vec![];
    let mut start = None;
    for (place, character) in line.char_indices().chain([(line.len(), ' ')]) {
        match (character.is_whitespace(), start) {
            (false, None) => start = Some(place),
            (true, Some(from)) => {
                words.push(Word {
                    column: line[..from].chars().count() + 1,
                    text: &line[from..place],
                });
                start = None;
            }
            _ => {}
        }
    }
    words
}

pub(super) fn number(word: &Word<'_>) -> Parsed<f64> {
    match word.text.parse::<f32>() {
        Ok(value) if value.is_finite() => Ok(f64::from(value)),
        _ => fault(
            word.column,
            format!("{:?} is not a number", shortened(word.text)),
        ),
    }
}

pub(super) fn numbers<const N: usize>(words: &[Word<'_>], column: usize) -> Parsed<[f64; N]> {
    let mut values = [0.0; N];
    if words.len() != N {
        return fault(
            column,
            format!("there must be {N} numbers, found {}", words.len()),
        );
    }
    for (value, word) in values.iter_mut().zip(words) {
        *value = number(word)?;
    }
    Ok(values)
}

/// The beginning of a word, long enough to find it.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(24).collect()
}
