//! `tastemaker music export`: everything a catalog holds, a line a track.

use anyhow::Result;

use super::arguments::MusicExport;
use super::document::TrackDocument;
use crate::commands::Outcome;
use crate::commands::output::Printer;
use crate::commands::render::refuse_conflicts;
use crate::music::catalog::{Catalog, Filters};
use crate::store::{Overwrite, write_atomic};

pub fn run(verb: &MusicExport, catalog: &Catalog, printer: &Printer) -> Result<Outcome> {
    let overwrite = if verb.force {
        Overwrite::Force
    } else {
        Overwrite::Refuse
    };
    refuse_conflicts([verb.output.as_ref()], overwrite)?;
    let mut lines = Vec::new();
    for track in catalog.list(&Filters::default())? {
        let full = catalog.full(&track.id)?;
        let document = TrackDocument::of(&full.entry).with(&full.analysis);
        if verb.output.is_none() {
            printer.json(&document)?;
        } else {
            serde_json::to_writer(&mut lines, &document)?;
            lines.push(b'\n');
        }
    }
    if let Some(target) = &verb.output {
        write_atomic(target, &lines, overwrite)?;
    }
    Ok(Outcome::Done)
}
