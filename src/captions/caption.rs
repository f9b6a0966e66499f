//! A caption as a plan has it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Text over the picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Caption {
    pub text: String,
    /// Seconds in the film.
    pub start: f64,
    pub end: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style: Option<String>,
    /// The words with the times at which they are spoken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<CaptionWord>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<CaptionPlace>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub align: Option<CaptionAlign>,
}

/// A word of a caption.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct CaptionWord {
    pub text: String,
    /// Seconds in the film.
    pub start: f64,
    pub end: f64,
}

/// The box of a caption, in fractions of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct CaptionPlace {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// The side on which the lines of a caption are aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum CaptionAlign {
    Left,
    Center,
    Right,
}

impl Caption {
    /// The words of its text, each with its time. Where a person changed the text alone, new words share the time of
    /// those that they replace.
    pub fn timed_words(&self) -> Vec<CaptionWord> {
        let text: Vec<&str> = self.text.split_whitespace().collect();
        let same = |word: &CaptionWord, text: &&str| word.text == **text;
        let (words, shorter) = (&self.words, self.words.len().min(text.len()));
        let before = words
            .iter()
            .zip(&text)
            .take_while(|(word, text)| same(word, text))
            .count();
        let after = words
            .iter()
            .rev()
            .zip(text.iter().rev())
            .take(shorter - before)
            .take_while(|(word, text)| same(word, text))
            .count();
        let replaced = words.get(before..words.len() - after).unwrap_or_default();
        let new = text.get(before..text.len() - after).unwrap_or_default();
        let from = match before.checked_sub(1).and_then(|at| words.get(at)) {
            Some(word) => word.end,
            None => self.start,
        };
        let until = words
            .get(words.len() - after)
            .map_or(self.end, |word| word.start);
        let start = replaced.first().map_or(from, |word| word.start);
        let end = replaced.last().map_or(until, |word| word.end).max(start);
        let mut all: Vec<CaptionWord> = words.iter().take(before).cloned().collect();
        all.extend(shared_time(new, start, end));
        all.extend(words.iter().skip(words.len() - after).cloned());
        all
    }
}

/// Words that share a time by their length.
fn shared_time(words: &[&str], start: f64, end: f64) -> Vec<CaptionWord> {
    let weight = |word: &str| word.chars().count() as f64 + 1.0;
    let whole: f64 = words.iter().map(|word| weight(word)).sum();
    let at = |part: f64| start + (end - start) * part / whole.max(1.0);
    let mut gone = 0.0;
    let word = |text: &&str| {
        let begins = gone;
        gone += weight(text);
        CaptionWord {
            text: (*text).to_owned(),
            start: at(begins),
            end: at(gone),
        }
    };
    words.iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caption(text: &str) -> Caption {
        let word = |text: &str, start, end| CaptionWord {
            text: text.into(),
            start,
            end,
        };
        Caption {
            text: text.into(),
            start: 1.0,
            end: 5.0,
            style: None,
            words: vec![
                word("Helo", 1.0, 2.0),
                word("big", 2.0, 3.0),
                word("world", 3.0, 4.0),
            ],
            place: None,
            align: None,
        }
    }

    #[test]
    fn words_of_a_corrected_text_share_the_time_of_those_that_they_replace() {
        let told = |text: &str| -> Vec<(String, f64, f64)> {
            caption(text)
                .timed_words()
                .into_iter()
                .map(|word| (word.text, word.start, word.end))
                .collect()
        };
        let told_of = |words: &[(&str, f64, f64)]| -> Vec<(String, f64, f64)> {
            words
                .iter()
                .map(|(text, start, end)| ((*text).to_owned(), *start, *end))
                .collect()
        };
        assert_eq!(
            told("Helo big\nworld"),
            told_of(&[("Helo", 1.0, 2.0), ("big", 2.0, 3.0), ("world", 3.0, 4.0)])
        );
        assert_eq!(
            told("Hello big world"),
            told_of(&[("Hello", 1.0, 2.0), ("big", 2.0, 3.0), ("world", 3.0, 4.0)])
        );
        assert_eq!(
            told("Helo world"),
            told_of(&[("Helo", 1.0, 2.0), ("world", 3.0, 4.0)])
        );
        assert_eq!(
            told("Helo a lot world")[1..3],
            told_of(&[("a", 2.0, 2.0 + 2.0 / 6.0), ("lot", 2.0 + 2.0 / 6.0, 3.0)])
        );
        assert_eq!(told(""), []);
    }
}
