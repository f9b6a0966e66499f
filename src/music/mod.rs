//! Tracks that may be used, and what is known of them.

use std::path::PathBuf;

use crate::analysis::Analysis;

/// One piece of music.
#[derive(Debug, Clone)]
pub struct Track {
    /// Where it is.
    pub path: PathBuf,
    /// From `tracks.toml` beside it, else the file name.
    pub title: String,
    /// From `tracks.toml`, else empty.
    pub artist: String,
    /// SPDX or a plain name; `unknown` where nobody says.
    pub license: String,
    /// The credit that the license asks for.
    pub attribution: String,
    /// What is in it; `audio` is always there.
    pub analysis: Analysis,
}
