//! `tastemaker music add|list|show|search|similar|remove|check|export`: a catalog of tracks.

mod add;
mod allowed;
mod check;
mod document;
mod export;
mod list;
mod remove;
mod search;
mod show;
mod similar;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::commands::options::Common;
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::error::Error;
use crate::music::catalog::Catalog;
use crate::task::Task;

use add::MusicAdd;
use check::MusicCheck;
pub use document::{TRACK_SCHEMA, TrackDocument};
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

pub fn run(verb: &MusicVerb, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let place = place(verb)?;
    match &verb.what {
        MusicWhat::Add(add) => add::run(add, &place, common, printer, task),
        MusicWhat::List(list) => list::run(list, &open(&place)?, printer),
        MusicWhat::Show(show) => show::run(show, &open(&place)?, common, printer, task),
        MusicWhat::Search(search) => search::run(search, &open(&place)?, common, printer),
        MusicWhat::Similar(similar) => similar::run(similar, &open(&place)?, printer),
        MusicWhat::Remove(remove) => remove::run(remove, &mut open(&place)?, printer),
        MusicWhat::Check(check) => check::run(check, &open(&place)?, printer, task),
        MusicWhat::Export(export) => export::run(export, &open(&place)?, printer),
    }
}

fn place(verb: &MusicVerb) -> Result<PathBuf, Error> {
    let usual = || {
        places::catalog_file().ok_or_else(|| Error::Usage {
            what: "there is no folder for your data".into(),
            hint: "name a catalog with --catalog".into(),
        })
    };
    verb.catalog.clone().map_or_else(usual, Ok)
}

fn open(place: &Path) -> Result<Catalog, Error> {
    if !place.exists() {
        return Err(Error::Nothing {
            what: format!("there is no catalog at {}", place.display()),
            hint: "add tracks with tastemaker music add FOLDER".into(),
        });
    }
    Catalog::open(place)
}
