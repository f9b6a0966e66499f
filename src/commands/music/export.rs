//! `tastemaker music export`: everything a catalog holds, a line a track.

use anyhow::Result;
use clap::Args;

use super::document::TrackDocument;
use crate::commands::options::{ForceOption, OptionalOutput, output};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::jobs::refuse_conflicts;
use crate::music::catalog::{Catalog, Filters};
use crate::store::write_atomic;

/// Write the whole catalog as lines of JSON, with the analyses
#[derive(Debug, Args)]
#[command(mut_arg("output", output("FILE", "The file (default: standard output)")))]
pub struct MusicExport {
    #[command(flatten)]
    pub target: OptionalOutput,
    #[command(flatten)]
    pub replace: ForceOption,
}

pub fn run(verb: &MusicExport, catalog: &Catalog, printer: &Printer) -> Result<Outcome> {
    let overwrite = verb.replace.overwrite();
    refuse_conflicts([verb.target.output.as_ref()], overwrite)?;
    let mut lines = Vec::new();
    for track in catalog.list(&Filters::default())? {
        let full = catalog.full(&track.id)?;
        let document = TrackDocument::of(&full.entry).with(&full.analysis);
        if verb.target.output.is_none() {
            printer.json(&document)?;
        } else {
            serde_json::to_writer(&mut lines, &document)?;
            lines.push(b'\n');
        }
    }
    if let Some(target) = &verb.target.output {
        write_atomic(target, &lines, overwrite)?;
    }
    Ok(Outcome::Done)
}
