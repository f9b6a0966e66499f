//! The parts of a playlist.

/// A stretch of a producer, in its frames: the last one included, as MLT counts.
pub(super) struct Entry {
    pub producer: String,
    pub first: i64,
    pub count: i64,
}

impl Entry {
    /// As an entry names it.
    pub fn attributes(&self) -> [(&'static str, String); 3] {
        [
            ("producer", self.producer.clone()),
            ("in", self.first.to_string()),
            ("out", (self.first + self.count - 1).to_string()),
        ]
    }
}

/// A part of a playlist.
pub(super) enum Part {
    Entry(Entry),
    Blank(i64),
}
