//! Tracks: names, licenses, catalogs, and the fit of a track to a film.
//!
//! This module joins the analysis of a music file with what people wrote about it: names, licenses, credits. It finds
//! the files of a folder, keeps a catalog of many tracks, and finds the part of a track that suits a film
//! ([`best_window`]). It does not analyze files itself: the caller has the networks and the cache.

use std::path::PathBuf;

use crate::analysis::{Analysis, AudioReport};
use crate::error::{Error, Result};

mod arrangement;
mod beat_grid;
pub mod catalog;
mod cut_fit;
mod energy_arc;
pub mod license;
pub mod rights;
mod text_file;
mod track_energy;
mod track_files;
mod track_loop;
mod track_notes;
mod track_window;

pub use arrangement::{Arrangement, TrackPart};
pub use beat_grid::{BeatGrid, TrackBeat};
pub use cut_fit::{CutFit, ON_BEAT, cut_fit};
pub use energy_arc::EnergyArc;
pub use license::{Date, License, Refusal, RefusalCode, Usage};
pub use rights::{RightsReader, TrackFacts, concerns_one_track, track_facts};
pub use track_energy::EnergyCurve;
pub use track_files::find_tracks;
pub use track_notes::{NOTES_FILE, TrackNote, TrackNotes, read_track_notes};
pub use track_window::{Edge, Ending, MOST_STRETCH, WEIGHTS, Window, WindowRequest, best_window};

/// One piece of music.
#[derive(Debug, Clone)]
pub struct Track {
    /// Its file.
    pub path: PathBuf,
    /// From `tracks.toml` or its tags, else the file name.
    pub title: String,
    /// From `tracks.toml` or its tags, else empty.
    pub artist: String,
    /// What it may be used for.
    pub license: License,
    /// Days since it was last used in a film; `None` if that is not recorded.
    pub days_since_use: Option<f64>,
    /// Embedding of its mood and tags, see [`catalog::words_vector`]; empty until it is computed.
    pub words_vector: Vec<i8>,
    /// The analysis; always has `audio`.
    pub analysis: Analysis,
}

impl Track {
    /// Joins an analysis with what people wrote about the file. Fails when the file has no sound.
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

    /// The hash of the file's content, independent of its path.
    pub fn id(&self) -> &str {
        &self.analysis.file.blake3
    }

    /// The analysis of its sound.
    pub fn audio(&self) -> Option<&AudioReport> {
        self.analysis.audio.as_ref()
    }

    /// The credit that its license requires; `None` if it requires none.
    pub fn credit(&self) -> Option<String> {
        self.license.credit(&self.title, &self.artist)
    }
}
