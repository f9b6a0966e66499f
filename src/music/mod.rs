//! Tracks that may be used, and what is known of them.
//!
//! Analysis is not done here: whoever calls has a cache and a progress line. This room joins what was heard in a file
//! with what people wrote about it, and finds the files.

use std::path::PathBuf;

use crate::analysis::{Analysis, AudioReport};
use crate::error::{Error, Result};

mod arc;
mod arrangement;
pub mod catalog;
mod cuts;
mod energy;
mod find;
mod joins;
pub mod license;
mod notes;
pub mod rights;
mod window;

pub use arc::Arc;
pub use arrangement::{Arrangement, Grid, HeardBeat, TrackPart};
pub use cuts::{CutFit, ON_BEAT, cut_fit};
pub use energy::Energy;
pub use find::find_tracks;
pub use license::{Date, License, Refusal, RefusalCode, Use};
pub use notes::{NOTES_FILE, TrackNote, TrackNotes, read_track_notes};
pub use rights::{RightsReader, TrackFacts, is_of_one_track, rights_of};
pub use window::{Edge, MOST_STRETCH, WEIGHTS, Window, WindowRequest, best_window};

/// One piece of music.
#[derive(Debug, Clone)]
pub struct Track {
    /// Where it is.
    pub path: PathBuf,
    /// From `tracks.toml` or its tags, else the file name.
    pub title: String,
    /// From `tracks.toml` or its tags, else empty.
    pub artist: String,
    /// Who allows what to be done with it.
    pub license: License,
    /// Days since it was last used, where that is remembered.
    pub days_since_use: Option<f64>,
    /// Of what is heard in it, in words, see [`catalog::words_vector`]; empty where it is not known yet.
    pub words_vector: Vec<i8>,
    /// What is in it; `audio` is always there.
    pub analysis: Analysis,
}

impl Track {
    /// Joins an analyzed file with what is known of it. Fails when nothing can be heard in the file.
    pub fn new(path: PathBuf, analysis: Analysis, facts: TrackFacts) -> Result<Self> {
        if analysis.audio.is_none() {
            return Err(Error::unsupported(path, "there is no sound in it"));
        }
        Ok(Self {
            title: facts.title,
            artist: facts.artist,
            license: facts.license,
            days_since_use: None,
            words_vector: Vec::new(),
            analysis,
            path,
        })
    }

    /// Stable across runs and places: the hash of the file's content.
    pub fn id(&self) -> &str {
        &self.analysis.file.blake3
    }

    /// What was heard in it.
    pub fn audio(&self) -> Option<&AudioReport> {
        self.analysis.audio.as_ref()
    }

    /// The credit that its license asks for; `None` where it asks for none.
    pub fn credit(&self) -> Option<String> {
        self.license.credit(&self.title, &self.artist)
    }
}
