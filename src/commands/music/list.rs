//! `tastemaker music list`.

use anyhow::Result;

use super::allowed::allowed;
use super::arguments::MusicList;
use super::document::print;
use crate::commands::Outcome;
use crate::commands::output::Printer;
use crate::music::catalog::{Catalog, Filters};

pub fn run(verb: &MusicList, catalog: &Catalog, printer: &Printer) -> Result<Outcome> {
    let tracks = catalog.list(&Filters::default())?;
    let ids = allowed(catalog, &Filters::default(), verb.usage.as_deref(), printer)?;
    let tracks: Vec<_> = tracks
        .into_iter()
        .filter(|entry| ids.as_ref().is_none_or(|ids| ids.contains(&entry.id)))
        .map(|entry| (entry, None))
        .collect();
    print(&tracks, verb.json, printer)?;
    Ok(Outcome::Done)
}
