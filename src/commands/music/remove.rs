//! `tastemaker music remove`: forgets tracks, never touches their files.

use anyhow::Result;

use super::arguments::MusicRemove;
use super::document::TrackDocument;
use crate::commands::Outcome;
use crate::commands::output::Printer;
use crate::music::catalog::Catalog;

pub fn run(verb: &MusicRemove, catalog: &mut Catalog, printer: &Printer) -> Result<Outcome> {
    // All are looked up before the first goes, so that a misspelt name changes nothing.
    let mut found = Vec::new();
    for name in &verb.tracks {
        let track = catalog.find(name)?;
        if !found.contains(&track) {
            found.push(track);
        }
    }
    for track in &found {
        if !verb.dry_run {
            catalog.remove(&track.id)?;
        }
        if verb.json {
            printer.json(&TrackDocument::of(track).in_state("removed"))?;
        } else {
            printer.data(&format!("{}\n", track.path.display()))?;
        }
    }
    Ok(Outcome::Done)
}
