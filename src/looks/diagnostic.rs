//! An error at a position of a look file.

use std::ops::Range;

/// A message and the range of bytes it is about.
pub(super) struct Diagnostic {
    pub(super) span: Range<usize>,
    pub(super) what: String,
}

impl Diagnostic {
    pub(super) fn new(span: Range<usize>, what: impl Into<String>) -> Self {
        Self {
            span,
            what: what.into(),
        }
    }
}

impl From<toml::de::Error> for Diagnostic {
    fn from(error: toml::de::Error) -> Self {
        let message: Vec<&str> = error.message().lines().map(str::trim).collect();
        Self::new(error.span().unwrap_or(0..0), message.join(", "))
    }
}
