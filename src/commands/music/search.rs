//! `tastemaker music search`: filters first, then by what the words mean.

use anyhow::Result;
use clap::Args;

use super::print_tracks;
use crate::commands::options::{JsonOption, UsageOption};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{TrackQuery, search_tracks};
use crate::music::catalog::Catalog;

/// Find tracks by words, such as "calm piano, no vocals, under 90 bpm"
#[derive(Debug, Args)]
pub struct MusicSearch {
    /// What the track is like; tempo, length, key and voices are understood, everything else ranks
    #[arg(value_name = "WORDS")]
    pub words: String,
    /// Most tracks to name
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    pub count: usize,
    #[command(flatten)]
    pub filter: UsageOption,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(verb: &MusicSearch, catalog: &Catalog, session: &Session) -> Result<Outcome> {
    let query = TrackQuery {
        text: &verb.words,
        count: verb.count,
        usage: verb.filter.usage.as_deref(),
    };
    let (workshop, task) = (&session.workshop, session.task(&verb.print));
    let tracks = search_tracks(catalog, &query, workshop, &task)?;
    print_tracks(&tracks, &verb.print, session)
}
