//! The shape of a look file.
// (filled by the looks room)

/// A parsed look. Fields are defined by the looks room; these are promised.
#[derive(Debug, Clone)]
pub struct Look {
    /// Stable id: the file name without extension.
    pub id: String,
    /// One sentence for people.
    pub summary: String,
    /// Family: clean, film, warm, cold …
    pub family: String,
    /// Words to match with.
    pub tags: Vec<String>,
    /// Mood words.
    pub mood: Vec<String>,
    /// When it suits, in words.
    pub suits: String,
    /// When it does not.
    pub avoid: String,
    /// Safe range of strength.
    pub strength: (f64, f64),
    /// In order.
    pub steps: Vec<LookStep>,
}

/// One step.
#[derive(Debug, Clone)]
pub enum LookStep {}
