//! What people say about a track: on the command line, in notes beside it.

use std::path::Path;

use crate::analysis::BeatOverride;
use crate::error::Result;
use crate::music::{License, TrackNotes};

/// What is told of a track beside what is heard in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// Never empty.
    pub title: String,
    /// Empty where nobody says.
    pub artist: String,
    /// Empty where nobody says.
    pub album: String,
    /// Silent where nobody says.
    pub license: License,
}

/// What a person said about a track on the command line; it is remembered by the track's content.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Said {
    /// Its name.
    pub title: Option<String>,
    /// Who made it.
    pub artist: Option<String>,
    /// Silent where nothing was said.
    pub license: License,
    /// Its beats a minute.
    pub tempo: Option<f64>,
    /// Seconds by which its beats are to be moved.
    pub nudge: Option<f64>,
}

impl Said {
    /// What it says about beats. Fails with `Usage` for what cannot be followed.
    pub fn beats(&self) -> Result<BeatOverride> {
        BeatOverride::new(self.tempo, self.nudge)
    }

    /// True when nothing was said.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// This, completed by what was said `before`.
    #[must_use]
    pub fn or(self, before: Self) -> Self {
        Self {
            title: self.title.or(before.title),
            artist: self.artist.or(before.artist),
            license: self.license.or(before.license),
            tempo: self.tempo.or(before.tempo),
            nudge: self.nudge.or(before.nudge),
        }
    }
}

/// Everything people say about the file at `path` (as it was typed): the command line first, then `tracks.toml`, then the
/// file's name.
pub fn described(path: &Path, notes: &TrackNotes, said: &Said) -> Description {
    let note = notes.find(path).cloned().unwrap_or_default();
    let first = |texts: [&Option<String>; 2]| {
        (texts.into_iter().flatten())
            .map(|text| text.trim())
            .find(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let stem = || {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    Description {
        title: first([&said.title, &note.title]).unwrap_or_else(stem),
        artist: first([&said.artist, &note.artist]).unwrap_or_default(),
        album: String::new(),
        license: said.license.clone().or(note.license()),
    }
}
