//! What an expression says, once it is read.

/// True of some stretches of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition {
    /// The sound stays below `level` (dBFS) for at least `seconds`.
    Silence { level: f64, seconds: f64 },
    /// Somebody speaks.
    Speech,
    /// Music plays.
    Music,
    /// These words are said, in lower case and without punctuation.
    Words(Vec<String>),
    /// More moves than this, 0..1.
    Motion(f64),
    /// The picture is black.
    Black,
    /// The picture does not change.
    Still,
    /// Nobody wants to see it.
    Spoiled,
    /// It, but for so many seconds at its start and at its end; the edges of the file stay where they are.
    Margin(f64, f64, Box<Self>),
    /// It, and so many seconds before and after it.
    Around(f64, f64, Box<Self>),
    /// Not this.
    Not(Box<Self>),
    /// All of these; at least one.
    And(Vec<Self>),
    /// Some of these; at least one.
    Or(Vec<Self>),
}

impl Condition {
    /// Whether words of the transcript are asked for.
    pub fn needs_words(&self) -> bool {
        match self {
            Self::Words(_) => true,
            Self::Margin(_, _, inner) | Self::Around(_, _, inner) | Self::Not(inner) => {
                inner.needs_words()
            }
            Self::And(all) | Self::Or(all) => all.iter().any(Self::needs_words),
            _ => false,
        }
    }
}

/// A word without case and punctuation.
pub(super) fn plain_word(text: &str) -> String {
    text.chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == '\'')
        .flat_map(char::to_lowercase)
        .collect()
}
