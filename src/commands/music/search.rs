//! `tastemaker music search`: filters first, then by what the words mean.

use anyhow::Result;
use clap::Args;

use super::allowed::allowed;
use super::document::print;
use crate::commands::options::{Common, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::music::catalog::{Catalog, Query, search};

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
    common: &Common,
    printer: &Printer,
) -> Result<Outcome> {
    let query = Query::parse(&verb.words);
    let told = query.filters.descriptions();
    if !told.is_empty() {
        printer.note(&format!("only tracks: {}", told.join(", ")));
    }
    let mut rows = catalog.search_rows(&query.filters)?;
    if let Some(ids) = allowed(catalog, &query.filters, verb.usage.as_deref(), printer)? {
        rows.retain(|row| ids.contains(&row.id));
    }
    if rows.is_empty() {
        let all = catalog.len()?;
        printer.note(&format!("none of the {all} tracks is like that"));
    }
    let models = places::open_models(common)?;
    let mut tracks = Vec::new();
    for ranked in search(&models, &query.words, &rows)?
        .into_iter()
        .take(verb.count)
    {
        // One that another process has removed meanwhile is none.
        if let Some(entry) = catalog.entry(&ranked.id)? {
            tracks.push((entry, Some(ranked.score)));
        }
    }
    print(&tracks, verb.print.json, printer)?;
    Ok(Outcome::Done)
}
