//! `tastemaker music list`.

use anyhow::Result;
use clap::Args;

use super::print_tracks;
use crate::commands::options::{JsonOption, UsageOption};
use crate::commands::session::{Outcome, Session};
use crate::jobs::list_tracks;
use crate::music::catalog::Catalog;

/// List the tracks
#[derive(Debug, Args)]
pub struct MusicList {
    #[command(flatten)]
    pub filter: UsageOption,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(verb: &MusicList, catalog: &Catalog, session: &Session) -> Result<Outcome> {
    let (workshop, task) = (&session.workshop, session.task(&verb.print));
    let tracks = list_tracks(catalog, verb.filter.usage.as_deref(), workshop, &task)?;
    print_tracks(&tracks, &verb.print, session)
}
