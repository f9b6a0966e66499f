//! `tastemaker music`: a catalog of tracks. One file for each of its verbs.

mod add;
mod check;
mod export;
mod list;
mod remove;
mod search;
mod show;
mod similar;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::commands::options::JsonOption;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{ScoredTrack, catalog_path, open_catalog};
use crate::report::{TRACK_COLUMNS, track_row};
use add::MusicAdd;
use check::MusicCheck;
use export::MusicExport;
use list::MusicList;
use remove::MusicRemove;
use search::MusicSearch;
use show::MusicShow;
use similar::MusicSimilar;

/// Keep a catalog of tracks: add, search, compare, check
#[derive(Debug, Args)]
pub struct MusicVerb {
    /// The catalog instead of the usual one
    #[arg(long, global = true, value_name = "FILE")]
    pub catalog: Option<PathBuf>,
    #[command(subcommand)]
    pub what: MusicWhat,
}

/// What `music` does.
#[derive(Debug, Subcommand)]
pub enum MusicWhat {
    Add(MusicAdd),
    List(MusicList),
    Show(MusicShow),
    Search(MusicSearch),
    Similar(MusicSimilar),
    Remove(MusicRemove),
    Check(MusicCheck),
    Export(MusicExport),
}

pub fn run(verb: &MusicVerb, session: &Session) -> Result<Outcome> {
    let path = catalog_path(verb.catalog.as_deref(), &session.workshop)?;
    let open = || open_catalog(&path);
    match &verb.what {
        MusicWhat::Add(add) => add::run(add, &path, session),
        MusicWhat::List(list) => list::run(list, &open()?, session),
        MusicWhat::Show(show) => show::run(show, &open()?, session),
        MusicWhat::Search(search) => search::run(search, &open()?, session),
        MusicWhat::Similar(similar) => similar::run(similar, &open()?, session),
        MusicWhat::Remove(remove) => remove::run(remove, &mut open()?, session),
        MusicWhat::Check(check) => check::run(check, &open()?, session),
        MusicWhat::Export(export) => export::run(export, &open()?, session),
    }
}

/// Prints tracks, with scores where there are some, as a table or a line each.
fn print_tracks(tracks: &[ScoredTrack], print: &JsonOption, session: &Session) -> Result<Outcome> {
    if print.json {
        for track in tracks {
            session.printer.json(&track.document())?;
        }
    } else {
        let rows = tracks
            .iter()
            .map(|track| track_row(&track.entry, track.score));
        session.printer.table(&TRACK_COLUMNS, rows)?;
    }
    Ok(Outcome::Done)
}
