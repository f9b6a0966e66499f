//! `tastemaker music export`: everything a catalog holds, a line a track.

use anyhow::Result;
use clap::Args;

use crate::commands::options::{ForceOption, OptionalOutput, output};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{export_tracks, refuse_conflicts};
use crate::music::catalog::Catalog;
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

pub fn run(verb: &MusicExport, catalog: &Catalog, session: &Session) -> Result<Outcome> {
    let overwrite = verb.replace.overwrite();
    let Some(target) = &verb.target.output else {
        export_tracks(catalog, |track| session.printer.json(track))?;
        return Ok(Outcome::Done);
    };
    refuse_conflicts([Some(target)], overwrite)?;
    let mut lines = Vec::new();
    export_tracks(catalog, |track| {
        serde_json::to_writer(&mut lines, track)?;
        lines.push(b'\n');
        anyhow::Ok(())
    })?;
    write_atomic(target, &lines, overwrite)?;
    Ok(Outcome::Done)
}
