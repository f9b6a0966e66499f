//! A whole catalog as lines of JSON.

use super::track_document::TrackDocument;
use crate::error::Error;
use crate::music::catalog::{Catalog, Filters};

/// Calls `each` with every track and all that was heard in it, by title.
///
/// Errors: those of reading, and those of `each`.
pub fn export_tracks<E: From<Error>>(
    catalog: &Catalog,
    mut each: impl FnMut(&TrackDocument<'_>) -> Result<(), E>,
) -> Result<(), E> {
    for track in catalog.list(&Filters::default())? {
        let full = catalog.full(&track.id)?;
        each(&TrackDocument::of(&full.entry).with(&full.analysis))?;
    }
    Ok(())
}
