//! The pieces of text between which captions and lines may be broken: words, and the letters of scripts that are
//! written without spaces.

use crate::captions::CaptionWord;
use crate::captions::columns::{columns, is_unspaced};

/// A piece of a word that stays on one line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub text: String,
    /// Seconds.
    pub start: f64,
    pub end: f64,
    pub columns: usize,
    /// Whether it begins a word: a space stands before it unless it begins a line.
    pub begins_word: bool,
}

impl Token {
    /// Columns that it takes after another one on the same line.
    pub fn width_after(&self) -> usize {
        self.columns + usize::from(self.begins_word)
    }
}

/// The tokens of `words`, none wider than `line` columns.
pub(super) fn tokens(words: &[CaptionWord], line: usize) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(words.len());
    for word in words {
        for text in word.text.split_whitespace() {
            push_pieces(&mut tokens, word, text, line.max(1));
        }
    }
    tokens
}

fn push_pieces(tokens: &mut Vec<Token>, word: &CaptionWord, text: &str, line: usize) {
    let pieces = pieces(text, line);
    let whole = columns(text).max(1) as f64;
    let (length, mut gone) = (word.end - word.start, 0);
    for (number, piece) in pieces.into_iter().enumerate() {
        let columns = columns(&piece);
        let at = |part: usize| word.start + length * (part as f64 / whole).min(1.0);
        tokens.push(Token {
            start: at(gone),
            end: at(gone + columns),
            text: piece,
            columns,
            begins_word: number == 0,
        });
        gone += columns;
    }
}

/// The parts of a word between which it may be broken. A word of an alphabet is broken only where no line could hold
/// it.
fn pieces(text: &str, line: usize) -> Vec<String> {
    if columns(text) <= line && !text.chars().any(is_unspaced) {
        return vec![text.to_owned()];
    }
    let mut pieces: Vec<String> = Vec::new();
    let (mut before_breaks, mut glue) = (false, false);
    for letter in text.chars() {
        let is_mark = columns(letter.encode_utf8(&mut [0; 4])) == 0;
        // Punctuation stays with the letter before it, a mark with its letter.
        let breaks = is_unspaced(letter);
        let may_break =
            !is_mark && !glue && (breaks || (before_breaks && letter.is_alphanumeric()));
        match pieces.last_mut() {
            Some(last) if !may_break && (is_mark || columns(last) < line) => last.push(letter),
            _ => pieces.push(letter.into()),
        }
        if !is_mark {
            before_breaks = breaks;
        }
        // A joiner makes one sign of two; opening brackets stay with what follows.
        glue = matches!(letter, '\u{200d}' | '「' | '『' | '（' | '《' | '“' | '(');
    }
    pieces
}

/// The text of tokens on one line.
pub(super) fn line_text(tokens: &[Token]) -> String {
    let mut text = String::new();
    for token in tokens {
        if token.begins_word && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&token.text);
    }
    text
}

/// The words that `tokens` are, or the parts of words that they hold.
pub(super) fn words_of(tokens: &[Token]) -> Vec<CaptionWord> {
    let mut words: Vec<CaptionWord> = Vec::new();
    for token in tokens {
        match words.last_mut() {
            Some(word) if !token.begins_word => {
                word.text.push_str(&token.text);
                word.end = token.end;
            }
            _ => words.push(CaptionWord {
                text: token.text.clone(),
                start: token.start,
                end: token.end,
            }),
        }
    }
    words
}
