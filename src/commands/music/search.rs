//! `tastemaker music search`: filters first, then by what the words mean.

use anyhow::Result;
use clap::Args;

use super::document::print;
use crate::commands::options::JsonOption;
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::jobs::{TrackQuery, Workshop, search_tracks};
use crate::music::catalog::Catalog;
use crate::task::Task;

/// Find tracks by words, such as "calm piano, no vocals, under 90 bpm"
#[derive(Debug, Args)]
pub struct MusicSearch {
    /// What the track is like; tempo, length, key and voices are understood, everything else ranks
    #[arg(value_name = "WORDS")]
    pub words: String,
    /// Most tracks to name
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub count: usize,
    /// What the music is for, such as commercial,tiktok,DE: tracks that may not be used for that are left out
    #[arg(long = "use", value_name = "LIST")]
    pub usage: Option<String>,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(
    verb: &MusicSearch,
    catalog: &Catalog,
    workshop: &Workshop,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    let query = TrackQuery {
        text: &verb.words,
        count: verb.count,
        usage: verb.usage.as_deref(),
    };
    let report = search_tracks(catalog, &query, workshop, task)?;
    if !report.filters.is_empty() {
        printer.note(&format!("only tracks: {}", report.filters.join(", ")));
    }
    if report.is_empty {
        let all = catalog.len()?;
        printer.note(&format!("none of the {all} tracks is like that"));
    }
    print(&report.tracks, verb.print.json, printer)?;
    Ok(Outcome::Done)
}
