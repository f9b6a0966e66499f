//! What a key may be used for.

use std::fmt;
use std::str::FromStr;

/// A part of what can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Jobs, results, suggestions and what can be named.
    Read,
    /// Sends files and feedback, and calls jobs off.
    Upload,
    /// Overrules verdicts, and keeps lists.
    Review,
    /// Erases creators, and with `Upload` jobs that have ended.
    Erase,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Upload, Self::Review, Self::Erase];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Upload => "upload",
            Self::Review => "review",
            Self::Erase => "erase",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|scope| scope.name() == text);
        found.ok_or_else(|| format!("\"{text}\" is not read, upload, review or erase"))
    }
}

/// What one key may be used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// These alone; where none is named, all.
    pub fn new(named: &[Scope]) -> Self {
        match named {
            [] => Self(Scope::ALL.to_vec()),
            some => Self(some.to_vec()),
        }
    }

    /// True where it may be used for `scope`.
    pub fn allow(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// True where it may be used for all.
    pub fn are_all(&self) -> bool {
        Scope::ALL.into_iter().all(|scope| self.allow(scope))
    }

    /// Their words.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|scope| scope.name()).collect()
    }

    /// The column of the table; a word that is not known allows nothing.
    pub(super) fn read(column: Option<&str>) -> Self {
        let Some(words) = column else {
            return Self::new(&[]);
        };
        Self(
            words
                .split(' ')
                .filter_map(|word| word.parse().ok())
                .collect(),
        )
    }

    /// For the column of the table.
    pub(super) fn column(&self) -> Option<String> {
        (!self.are_all()).then(|| self.names().join(" "))
    }
}
