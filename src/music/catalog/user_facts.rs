//! What a person typed about a track. It takes precedence over files and tags, and the catalog remembers it.

use crate::analysis::BeatOverride;
use crate::error::Result;
use crate::music::{License, TrackFacts};

/// What a person typed about a track. The catalog remembers it by the track's content.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct UserFacts {
    /// Its name.
    pub title: Option<String>,
    /// Who made it.
    pub artist: Option<String>,
    /// Its license; the default where none was typed.
    pub license: License,
    /// Its beats a minute.
    pub tempo: Option<f64>,
    /// Seconds that its beats are shifted by.
    pub nudge: Option<f64>,
}

impl UserFacts {
    /// The tempo and the shift of beats. Fails with `Usage` for values out of range.
    pub fn beats(&self) -> Result<BeatOverride> {
        BeatOverride::new(self.tempo, self.nudge)
    }

    /// True when nothing was typed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Fills in what is missing here from what was typed `before`.
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

/// `facts` from files and tags, overridden by what a person typed.
#[must_use]
pub fn merge_facts(facts: TrackFacts, typed: &UserFacts) -> TrackFacts {
    let first = |typed: &Option<String>, written: String| match typed.as_deref().map(str::trim) {
        Some(text) if !text.is_empty() => text.to_owned(),
        _ => written,
    };
    TrackFacts {
        title: first(&typed.title, facts.title),
        artist: first(&typed.artist, facts.artist),
        album: facts.album,
        license: typed.license.clone().or(facts.license),
    }
}
