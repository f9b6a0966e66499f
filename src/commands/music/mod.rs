//! `tastemaker music`: a catalog of tracks. One file for each of its verbs.

mod add;
mod check;
mod document;
mod export;
mod list;
mod remove;
mod search;
mod show;
mod similar;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::commands::options::Common;
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::progress::on_terminal;
use crate::commands::workshop::workshop;
use crate::jobs::{catalog_path, open_catalog};
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
    let workshop = &workshop(common);
    let task = &on_terminal(task, printer, verb.what.is_json());
    let path = catalog_path(verb.catalog.as_deref(), workshop)?;
    let open = || open_catalog(&path);
    match &verb.what {
        MusicWhat::Add(add) => add::run(add, &path, workshop, printer, task),
        MusicWhat::List(list) => list::run(list, &open()?, workshop, printer, task),
        MusicWhat::Show(show) => show::run(show, &open()?, workshop, printer, task),
        MusicWhat::Search(search) => search::run(search, &open()?, workshop, printer, task),
        MusicWhat::Similar(similar) => similar::run(similar, &open()?, workshop, printer, task),
        MusicWhat::Remove(remove) => remove::run(remove, &mut open()?, printer),
        MusicWhat::Check(check) => check::run(check, &open()?, printer, task),
        MusicWhat::Export(export) => export::run(export, &open()?, printer),
    }
}

impl MusicWhat {
    fn is_json(&self) -> bool {
        match self {
            Self::Add(verb) => verb.print.json,
            Self::List(verb) => verb.print.json,
            Self::Show(verb) => verb.print.json,
            Self::Search(verb) => verb.print.json,
            Self::Similar(verb) => verb.print.json,
            Self::Remove(verb) => verb.print.json,
            Self::Check(verb) => verb.print.json,
            Self::Export(_) => false,
        }
    }
}
