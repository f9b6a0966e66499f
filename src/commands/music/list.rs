//! `tastemaker music list`.

use anyhow::Result;
use clap::Args;

use super::document::print;
use crate::commands::options::JsonOption;
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::jobs::{Workshop, list_tracks};
use crate::music::catalog::Catalog;
use crate::task::Task;

/// List the tracks
#[derive(Debug, Args)]
pub struct MusicList {
    /// What the music is for, such as commercial,tiktok,DE: tracks that may not be used for that are left out
    #[arg(long = "use", value_name = "LIST")]
    pub usage: Option<String>,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(
    verb: &MusicList,
    catalog: &Catalog,
    workshop: &Workshop,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    let tracks = list_tracks(catalog, verb.usage.as_deref(), workshop, task)?;
    print(&tracks, verb.print.json, printer)?;
    Ok(Outcome::Done)
}
