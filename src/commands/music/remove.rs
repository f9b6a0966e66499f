//! `tastemaker music remove`: forgets tracks, never touches their files.

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, JsonOption};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{TrackDocument, remove_tracks};
use crate::music::catalog::Catalog;

/// Forget tracks; their files stay where they are
#[derive(Debug, Args)]
pub struct MusicRemove {
    /// Their paths, titles, or the beginnings of their ids
    #[arg(required = true, value_name = "TRACK")]
    pub tracks: Vec<String>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(verb: &MusicRemove, catalog: &mut Catalog, session: &Session) -> Result<Outcome> {
    for track in remove_tracks(&verb.tracks, catalog, !verb.mode.dry_run)? {
        if verb.print.json {
            let document = TrackDocument::of(&track).in_state("removed");
            session.printer.json(&document)?;
        } else {
            session.printer.lines([track.path.display()])?;
        }
    }
    Ok(Outcome::Done)
}
