//! `tastemaker music search`: filters first, then by what the words mean.

use anyhow::Result;

use super::allowed::allowed;
use super::arguments::MusicSearch;
use super::document::print;
use crate::commands::Outcome;
use crate::commands::arguments::Common;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::music::catalog::{Catalog, Query, search};

pub fn run(
    verb: &MusicSearch,
    catalog: &Catalog,
    common: &Common,
    printer: &Printer,
) -> Result<Outcome> {
    let query = Query::parse(&verb.words);
    let told = query.filters.told();
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
    print(&tracks, verb.json, printer)?;
    Ok(Outcome::Done)
}
