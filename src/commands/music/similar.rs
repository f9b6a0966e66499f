//! `tastemaker music similar`: tracks that sound like one.

use anyhow::Result;
use clap::Args;

use super::document::print;
use crate::commands::options::JsonOption;
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::jobs::{TrackQuery, Workshop, similar_tracks};
use crate::music::catalog::Catalog;
use crate::task::Task;

/// Find tracks that sound like one
#[derive(Debug, Args)]
pub struct MusicSimilar {
    /// Its path, its title, or the beginning of its id
    #[arg(value_name = "TRACK")]
    pub track: String,
    /// Most tracks to name
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub count: usize,
    /// What the music is for, such as commercial,tiktok,DE: tracks that may not be used for that are left out
    #[arg(long = "use", value_name = "LIST")]
    pub usage: Option<String>,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(
    verb: &MusicSimilar,
    catalog: &Catalog,
    workshop: &Workshop,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    let query = TrackQuery {
        text: &verb.track,
        count: verb.count,
        usage: verb.usage.as_deref(),
    };
    let tracks = similar_tracks(catalog, &query, workshop, task)?;
    print(&tracks, verb.print.json, printer)?;
    Ok(Outcome::Done)
}
