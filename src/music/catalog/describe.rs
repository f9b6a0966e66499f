//! What people say about a track on the command line, over what is written about it.

use crate::analysis::BeatOverride;
use crate::error::Result;
use crate::music::{License, TrackFacts};

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

/// What is written about a track, under what was said of it.
#[must_use]
pub fn described(facts: TrackFacts, said: &Said) -> TrackFacts {
    let first = |said: &Option<String>, written: String| match said.as_deref().map(str::trim) {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ => written,
    };
    TrackFacts {
        title: first(&said.title, facts.title),
        artist: first(&said.artist, facts.artist),
        album: facts.album,
        license: said.license.clone().or(facts.license),
    }
}
