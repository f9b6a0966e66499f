//! The language that says what is cut: `silence(-34dB, 0.3s) and not motion(0.02)`.
//!
//! An expression is true of some stretches of a file, and those are cut out ([`CutExpression::cuts`]). Its words stand
//! for what analysis knows; `and`, `or`, `not` and parentheses join them, and `margin` and `around` move the edges.
//!
//! | word | true where |
//! |---|---|
//! | `silence(-34dB, 0.3s)` | the sound stays below this level for at least so long |
//! | `speech`, `music` | somebody speaks, music plays |
//! | `word("…")` | these words are said, in whatever case and punctuation |
//! | `motion(0.02)` | more moves than this, second by second |
//! | `black`, `still` | the picture is black, or does not change |
//! | `spoiled` | it is shaken, blurred, blown out or black |
//!
//! A text is read by recursive descent ([`parser`]). What a part of it is true of is kept as stretches in order
//! ([`span_set`]), so the cost does not depend on how finely time is divided.

mod evaluation;
mod parser;
mod span_set;
mod syntax;

pub use parser::{CutSyntaxError, CutSyntaxFault};

use crate::analysis::{Analysis, Span};
use crate::edit::VoiceLevels;
use syntax::Condition;

/// What is cut, as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct CutExpression {
    text: String,
    condition: Condition,
}

impl CutExpression {
    /// Reads an expression. The error says what is wrong, and in which column.
    pub fn parse(text: &str) -> Result<Self, CutSyntaxError> {
        Ok(Self {
            condition: parser::parse(text)?,
            text: text.trim().into(),
        })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it asks for words, which only a transcript has.
    pub fn needs_words(&self) -> bool {
        self.condition.needs_words()
    }

    /// The stretches of a file that it is true of, in order and apart from each other; all between 0 and `duration`.
    pub fn cuts(
        &self,
        analysis: &Analysis,
        levels: Option<&VoiceLevels>,
        duration: f64,
    ) -> Vec<Span> {
        let file = evaluation::CutMaterial {
            analysis,
            levels,
            duration: duration.max(0.0),
        };
        file.stretches(&self.condition).into_spans()
    }
}
