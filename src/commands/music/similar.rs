//! `tastemaker music similar`: tracks that sound like one.

use anyhow::Result;
use clap::Args;

use super::print_tracks;
use crate::commands::options::{JsonOption, UsageOption};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{TrackQuery, similar_tracks};
use crate::music::catalog::Catalog;

/// Find tracks that sound like one
#[derive(Debug, Args)]
pub struct MusicSimilar {
    /// Its path, its title, or the beginning of its id
    #[arg(value_name = "TRACK")]
    pub track: String,
    /// Most tracks to name
    #[arg(short = 'n', long, value_name = "N", default_value_t = 10)]
    pub count: usize,
    #[command(flatten)]
    pub filter: UsageOption,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(verb: &MusicSimilar, catalog: &Catalog, session: &Session) -> Result<Outcome> {
    let query = TrackQuery {
        text: &verb.track,
        count: verb.count,
        usage: verb.filter.usage.as_deref(),
    };
    let (workshop, task) = (&session.workshop, session.task(&verb.print));
    let tracks = similar_tracks(catalog, &query, workshop, &task)?;
    print_tracks(&tracks, &verb.print, session)
}
