//! `tastemaker music list`.

use anyhow::Result;
use clap::Args;

use super::allowed::allowed;
use super::document::print;
use crate::commands::options::JsonOption;
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::music::catalog::{Catalog, Filters};

/// List the tracks
#[derive(Debug, Args)]
pub struct MusicList {
    /// What the music is for, such as commercial,tiktok,DE: tracks that may not be used for that are left out
    #[arg(long = "use", value_name = "LIST")]
    pub usage: Option<String>,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(verb: &MusicList, catalog: &Catalog, printer: &Printer) -> Result<Outcome> {
    let tracks = catalog.list(&Filters::default())?;
    let ids = allowed(catalog, &Filters::default(), verb.usage.as_deref(), printer)?;
    let tracks: Vec<_> = tracks
        .into_iter()
        .filter(|entry| ids.as_ref().is_none_or(|ids| ids.contains(&entry.id)))
        .map(|entry| (entry, None))
        .collect();
    print(&tracks, verb.print.json, printer)?;
    Ok(Outcome::Done)
}
