//! Reads an expression: first into tokens, then by recursive descent. `not` binds more tightly than `and`, `and` more
//! tightly than `or`.

use std::fmt;

use crate::edit::cut_language::syntax::{Condition, plain_word};

/// Longest expression, in characters.
const LONGEST: usize = 2000;
/// Deepest nesting, so that no text uses up the stack.
const DEEPEST: usize = 50;
/// Level below which sound is silent where no level is given, dBFS.
const SILENT: f64 = -34.0;
/// Seconds for which it is, where none are given.
const SILENT_FOR: f64 = 0.3;
/// Motion, 0..1, that counts where no number is given.
const MOVING: f64 = 0.02;
/// Longest time that can be given, in seconds: a day.
const LONGEST_TIME: f64 = 86_400.0;

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutSyntaxError {
    /// The character that it is wrong at, from 1; one more than there are where something is missing at the end.
    pub column: usize,
    /// What is wrong.
    pub fault: CutSyntaxFault,
    text: String,
}

/// What can be wrong with an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CutSyntaxFault {
    /// It is longer than any expression has to be.
    TooLong,
    /// Its parentheses are nested too deeply.
    TooDeep,
    /// A character that means nothing.
    UnknownCharacter(char),
    /// Text without its closing quotation mark.
    OpenText,
    /// A number that is none.
    WrongNumber(String),
    /// A word that means nothing.
    UnknownWord(String),
    /// Something else should stand here.
    Expected(&'static str),
    /// A number out of its range.
    OutOfRange(&'static str),
}

impl fmt::Display for CutSyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.fault)?;
        // A line of its own, with a mark under the column.
        let shown = self.text.chars().count() < 100 && !self.text.contains(char::is_control);
        if shown {
            write!(f, "\n  {}\n  {:>2$}", self.text, "^", self.column)?;
        }
        Ok(())
    }
}

impl std::error::Error for CutSyntaxError {}

impl fmt::Display for CutSyntaxFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "an expression has at most {LONGEST} characters"),
            Self::TooDeep => write!(f, "nothing is nested more than {DEEPEST} deep"),
            Self::UnknownCharacter(found) => write!(f, "{found:?} means nothing here"),
            Self::OpenText => f.write_str("the closing quotation mark is missing"),
            Self::WrongNumber(found) => {
                write!(
                    f,
                    "{found:?} is no number such as -34dB, 0.3s, 300ms or 0.02"
                )
            }
            Self::UnknownWord(found) => {
                let names: Vec<&str> = WORDS.iter().map(|(name, _)| *name).collect();
                write!(f, "{found:?} is none of {}, and, or, not", names.join(", "))
            }
            Self::Expected(what) => write!(f, "{what} is expected here"),
            Self::OutOfRange(range) => write!(f, "the number must be {range}"),
        }
    }
}

/// The words of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Silence,
    Speech,
    Music,
    Said,
    Motion,
    Black,
    Still,
    Spoiled,
    Margin,
    Around,
}

/// Their names.
const WORDS: [(&str, Word); 10] = [
    ("silence", Word::Silence),
    ("speech", Word::Speech),
    ("music", Word::Music),
    ("word", Word::Said),
    ("motion", Word::Motion),
    ("black", Word::Black),
    ("still", Word::Still),
    ("spoiled", Word::Spoiled),
    ("margin", Word::Margin),
    ("around", Word::Around),
];

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Open,
    Close,
    Comma,
    Name(String),
    Text(String),
    Number(f64, Unit),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    None,
    Decibels,
    Seconds,
}

/// Reads an expression.
pub(super) fn parse(text: &str) -> Result<Condition, CutSyntaxError> {
    let wrong = |(column, fault)| CutSyntaxError {
        column,
        fault,
        text: text.into(),
    };
    let characters: Vec<char> = text.chars().collect();
    if characters.len() > LONGEST {
        return Err(wrong((LONGEST + 1, CutSyntaxFault::TooLong)));
    }
    let mut parser = Parser {
        tokens: tokens(&characters).map_err(wrong)?,
        at: 0,
        end: characters.len() + 1,
        depth: 0,
    };
    let condition = parser.either().map_err(wrong)?;
    match parser.tokens.get(parser.at) {
        None => Ok(condition),
        Some(_) => Err(wrong(parser.expected("and, or or the end"))),
    }
}

/// A fault and its column.
type Fault = (usize, CutSyntaxFault);

/// The tokens, each with its column.
fn tokens(characters: &[char]) -> Result<Vec<(usize, Token)>, Fault> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&first) = characters.get(at) {
        let column = at + 1;
        let run = |fits: fn(&char) -> bool| -> String {
            let rest = characters.get(at..).unwrap_or_default();
            rest.iter().take_while(|next| fits(next)).collect()
        };
        let (token, length) = match first {
            ' ' | '\t' => {
                at += 1;
                continue;
            }
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '"' | '\u{201c}' => {
                let rest = characters.get(at + 1..).unwrap_or_default();
                let length = rest
                    .iter()
                    .position(|next| matches!(next, '"' | '\u{201d}'))
                    .ok_or((column, CutSyntaxFault::OpenText))?;
                let said = rest.iter().take(length).collect();
                (Token::Text(said), length + 2)
            }
            '-' | '.' | '0'..='9' => {
                let number = run(|next| next.is_ascii_alphanumeric() || matches!(next, '-' | '.'));
                let token = number_token(&number)
                    .ok_or_else(|| (column, CutSyntaxFault::WrongNumber(number.clone())))?;
                (token, number.len())
            }
            first if first.is_alphabetic() => {
                let name = run(|next| next.is_alphanumeric() || *next == '_');
                let length = name.chars().count();
                (Token::Name(name.to_lowercase()), length)
            }
            other => return Err((column, CutSyntaxFault::UnknownCharacter(other))),
        };
        tokens.push((column, token));
        at += length;
    }
    Ok(tokens)
}

/// A number with its unit: `-34dB`, `0.3s`, `300ms`, `0.02`.
fn number_token(text: &str) -> Option<Token> {
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let (unit, factor) = match text.get(digits.len()..)?.to_ascii_lowercase().as_str() {
        "" => (Unit::None, 1.0),
        "db" => (Unit::Decibels, 1.0),
        "s" => (Unit::Seconds, 1.0),
        "ms" => (Unit::Seconds, 0.001),
        _ => return None,
    };
    let number: f64 = digits.parse().ok()?;
    number
        .is_finite()
        .then_some(Token::Number(number * factor, unit))
}

struct Parser {
    tokens: Vec<(usize, Token)>,
    at: usize,
    /// The column after the last character.
    end: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn column(&self) -> usize {
        self.tokens
            .get(self.at)
            .map_or(self.end, |(column, _)| *column)
    }

    fn expected(&self, what: &'static str) -> Fault {
        (self.column(), CutSyntaxFault::Expected(what))
    }

    /// Goes past `token`, if it is next.
    fn skip(&mut self, token: &Token) -> bool {
        let is_next = self.peek() == Some(token);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_name(&mut self, name: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Name(next)) if next == name);
        self.at += usize::from(is_next);
        is_next
    }

    /// Conditions joined by `or`.
    fn either(&mut self) -> Result<Condition, Fault> {
        let mut all = vec![self.both()?];
        while self.skip_name("or") {
            all.push(self.both()?);
        }
        Ok(joined(all, Condition::Or))
    }

    /// Conditions joined by `and`.
    fn both(&mut self) -> Result<Condition, Fault> {
        let mut all = vec![self.one()?];
        while self.skip_name("and") {
            all.push(self.one()?);
        }
        Ok(joined(all, Condition::And))
    }

    /// One condition, perhaps after `not`.
    fn one(&mut self) -> Result<Condition, Fault> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err((self.column(), CutSyntaxFault::TooDeep));
        }
        let condition = if self.skip_name("not") {
            Condition::Not(Box::new(self.one()?))
        } else if self.skip(&Token::Open) {
            let inner = self.either()?;
            self.close()?;
            inner
        } else {
            self.word()?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn close(&mut self) -> Result<(), Fault> {
        match self.skip(&Token::Close) {
            true => Ok(()),
            false => Err(self.expected("a closing parenthesis")),
        }
    }

    /// A word of the language with its arguments.
    fn word(&mut self) -> Result<Condition, Fault> {
        let Some(Token::Name(name)) = self.peek().cloned() else {
            return Err(self.expected("a condition such as silence or not motion"));
        };
        let known = WORDS.iter().find(|(known, _)| *known == name);
        let Some((_, word)) = known else {
            return Err((self.column(), CutSyntaxFault::UnknownWord(name)));
        };
        self.at += 1;
        match word {
            Word::Speech => Ok(Condition::Speech),
            Word::Music => Ok(Condition::Music),
            Word::Black => Ok(Condition::Black),
            Word::Still => Ok(Condition::Still),
            Word::Spoiled => Ok(Condition::Spoiled),
            Word::Silence => self.silence(),
            Word::Motion => self.motion(),
            Word::Said => self.said(),
            Word::Margin => {
                let (first, last, inner) = self.edges()?;
                Ok(Condition::Margin(first, last, inner))
            }
            Word::Around => {
                let (before, after, inner) = self.edges()?;
                Ok(Condition::Around(before, after, inner))
            }
        }
    }

    /// `(-34dB, 0.3s)`; either may be left out, and so may both.
    fn silence(&mut self) -> Result<Condition, Fault> {
        let (mut level, mut seconds) = (SILENT, SILENT_FOR);
        if self.skip(&Token::Open) {
            if matches!(self.peek(), Some(Token::Number(_, Unit::Decibels))) {
                level = self.number(&[Unit::Decibels], (-120.0, 0.0), "-120dB to 0dB")?;
                if self.skip(&Token::Comma) {
                    seconds = self.time()?;
                }
            } else if matches!(self.peek(), Some(Token::Number(_, Unit::Seconds))) {
                seconds = self.time()?;
            } else {
                return Err(self.expected("a level such as -34dB or a time such as 0.3s"));
            }
            self.close()?;
        }
        Ok(Condition::Silence { level, seconds })
    }

    /// `(0.02)`, or nothing.
    fn motion(&mut self) -> Result<Condition, Fault> {
        let mut least = MOVING;
        if self.skip(&Token::Open) {
            least = self.number(&[Unit::None], (0.0, 1.0), "0 to 1")?;
            self.close()?;
        }
        Ok(Condition::Motion(least))
    }

    /// `("you know")`.
    fn said(&mut self) -> Result<Condition, Fault> {
        if !self.skip(&Token::Open) {
            return Err(self.expected("an opening parenthesis and words in quotation marks"));
        }
        let words: Vec<String> = match self.peek() {
            Some(Token::Text(said)) => said.split_whitespace().map(plain_word).collect(),
            _ => return Err(self.expected("words in quotation marks")),
        };
        if words.is_empty() || words.iter().any(String::is_empty) {
            return Err(self.expected("at least one word, of letters or digits,"));
        }
        self.at += 1;
        self.close()?;
        Ok(Condition::Words(words))
    }

    /// `(0.1s, 0.2s, CONDITION)`; one time alone holds for both edges.
    fn edges(&mut self) -> Result<(f64, f64, Box<Condition>), Fault> {
        if !self.skip(&Token::Open) {
            return Err(self.expected("an opening parenthesis, a time and a condition"));
        }
        let first = self.time()?;
        self.comma()?;
        let mut last = first;
        if matches!(self.peek(), Some(Token::Number(..))) {
            last = self.time()?;
            self.comma()?;
        }
        let inner = self.either()?;
        self.close()?;
        Ok((first, last, Box::new(inner)))
    }

    fn comma(&mut self) -> Result<(), Fault> {
        match self.skip(&Token::Comma) {
            true => Ok(()),
            false => Err(self.expected("a comma")),
        }
    }

    fn time(&mut self) -> Result<f64, Fault> {
        let range = (0.0, LONGEST_TIME);
        match self.peek() {
            Some(Token::Number(_, Unit::Seconds | Unit::None)) => {
                self.number(&[Unit::Seconds, Unit::None], range, "0s to 86400s")
            }
            _ => Err(self.expected("a time such as 0.3s or 300ms")),
        }
    }

    /// A number in one of these units and within a range.
    fn number(
        &mut self,
        units: &[Unit],
        (least, most): (f64, f64),
        range: &'static str,
    ) -> Result<f64, Fault> {
        match self.peek() {
            Some(Token::Number(number, unit)) if units.contains(unit) => {
                let number = *number;
                if !(least..=most).contains(&number) {
                    return Err((self.column(), CutSyntaxFault::OutOfRange(range)));
                }
                self.at += 1;
                Ok(number)
            }
            _ => Err(self.expected("a number")),
        }
    }
}

/// One condition stays what it is.
fn joined(mut all: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    match all.len() {
        1 => all.remove(0),
        _ => join(all),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn silence(level: f64, seconds: f64) -> Condition {
        Condition::Silence { level, seconds }
    }

    #[test]
    fn not_binds_before_and_and_and_before_or() {
        let read = parse("black or silence(-34dB, 300ms) and not motion(0.02)").unwrap();
        let still = Condition::Not(Box::new(Condition::Motion(0.02)));
        let quiet = Condition::And(vec![silence(-34.0, 0.3), still]);
        assert_eq!(read, Condition::Or(vec![Condition::Black, quiet]));
        let grouped = parse("(black OR silence) AND not (speech)").unwrap();
        let some = Condition::Or(vec![Condition::Black, silence(SILENT, SILENT_FOR)]);
        let unspoken = Condition::Not(Box::new(Condition::Speech));
        assert_eq!(grouped, Condition::And(vec![some, unspoken]));
        let edges = parse("margin(0.1s, 0.2, word(\"You know,\"))").unwrap();
        let words = Condition::Words(vec!["you".into(), "know".into()]);
        assert_eq!(edges, Condition::Margin(0.1, 0.2, Box::new(words)));
    }

    #[test]
    fn an_error_names_the_column() {
        let cases = [
            ("", 1, "a condition"),
            ("silence(-34dB, 0.3s", 20, "a closing parenthesis"),
            ("silence(-34dB, 0.3)) and black", 20, "and, or or the end"),
            ("silence(-134dB)", 9, "-120dB to 0dB"),
            (
                "black and mottion(0.1)",
                11,
                "\"mottion\" is none of silence, speech",
            ),
            ("motion(2)", 8, "0 to 1"),
            ("motion(0.5s)", 8, "a number"),
            ("silence(0.3)", 9, "a level such as"),
            ("silence(0.3x)", 9, "is no number"),
            ("word(um)", 6, "words in quotation marks"),
            ("word(\"um)", 6, "closing quotation mark"),
            ("word(\" - \")", 6, "at least one word"),
            ("black & still", 7, "'&' means nothing"),
            ("margin(0.1s black)", 13, "a comma"),
            ("é", 1, "\"é\" is none of"),
            ("not", 4, "a condition"),
        ];
        for (text, column, what) in cases {
            let error = parse(text).unwrap_err();
            assert_eq!(error.column, column, "{text}: {error}");
            assert!(error.to_string().contains(what), "{text}: {error}");
        }
        let shown = parse("black xor still").unwrap_err().to_string();
        assert!(shown.ends_with("\n  black xor still\n        ^"), "{shown}");
        let deep = format!("{}black", "(".repeat(3 * DEEPEST));
        assert_eq!(parse(&deep).unwrap_err().fault, CutSyntaxFault::TooDeep);
        let long = "(".repeat(LONGEST + 1);
        assert_eq!(parse(&long).unwrap_err().fault, CutSyntaxFault::TooLong);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_at_a_column_that_it_has(text in "\\PC{0,60}") {
            if let Err(error) = parse(&text) {
                prop_assert!((1..=text.chars().count() + 1).contains(&error.column));
                prop_assert!(!error.to_string().is_empty());
            }
        }

        #[test]
        fn pieces_of_the_language_are_read_or_refused(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "silence", "motion", "word", "margin", "not", "and", "or", "(", ")", ",", "-34dB",
                    "0.3s", "0.02", "\"um\"", "black", " ",
                ]),
                0..24,
            ),
        ) {
            let text = pieces.join(" ");
            match parse(&text) {
                // What a condition says does not depend on parentheses around it.
                Ok(read) => prop_assert_eq!(parse(&format!("({text})")).unwrap(), read),
                Err(error) => {
                    prop_assert!((1..=text.chars().count() + 1).contains(&error.column));
                }
            }
        }
    }
}
