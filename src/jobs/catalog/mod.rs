//! Jobs on a catalog of music: adding tracks, checking, searching and listing them, and drawing one.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::music::catalog::{Catalog, CatalogEntry};

mod catalog_export;
mod track_adding;
mod track_check;
mod track_document;
mod track_inputs;
mod track_pictures;
mod track_search;

pub use catalog_export::export_tracks;
pub use track_adding::{AddTracksReport, add_tracks};
pub use track_check::{CatalogFinding, check_catalog};
pub use track_document::{TRACK_SCHEMA, TrackDocument};
pub use track_inputs::{AddTracksJob, TrackState, tracks_to_add};
pub use track_pictures::{TrackPicturesJob, write_track_pictures};
pub use track_search::{
    ScoredTrack, TrackQuery, list_tracks, permitted_tracks, search_tracks, similar_tracks,
};

/// The catalog that was named, or else the person's own.
pub fn catalog_path(named: Option<&Path>, workshop: &Workshop) -> Result<PathBuf> {
    named
        .or(workshop.catalog())
        .map(Path::to_path_buf)
        .ok_or_else(|| Error::Usage {
            what: "there is no folder for your data".into(),
            hint: Hint::NameCatalog,
        })
}

/// Opens a catalog. Fails where there is none.
pub fn open_catalog(path: &Path) -> Result<Catalog> {
    if !path.exists() {
        return Err(Error::Nothing {
            what: format!("there is no catalog at {}", path.display()),
            hint: Hint::AddTracks,
        });
    }
    Catalog::open(path)
}

/// Removes tracks and returns them; their files stay where they are. With `write` false nothing is removed.
///
/// All names are looked up before the first track is removed, so that a misspelled one changes nothing.
pub fn remove_tracks(
    names: &[String],
    catalog: &mut Catalog,
    write: bool,
) -> Result<Vec<CatalogEntry>> {
    let mut tracks = Vec::new();
    for name in names {
        let track = catalog.find(name)?;
        if !tracks.contains(&track) {
            tracks.push(track);
        }
    }
    if write {
        for track in &tracks {
            catalog.remove(&track.id)?;
        }
    }
    Ok(tracks)
}
