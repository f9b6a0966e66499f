//! `tastemaker music show`: all that is known of a track, as a table or a picture, and its artwork.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{ForceOption, JsonOption};
use crate::commands::session::{Outcome, Session};
use crate::error::Error;
use crate::jobs::{TrackDocument, TrackPicturesJob, write_track_pictures};
use crate::music::catalog::Catalog;
use crate::report::track_details;

/// Tell what is known of a track
#[derive(Debug, Args)]
pub struct MusicShow {
    /// Its path, its title, or the beginning of its id
    #[arg(value_name = "TRACK")]
    pub track: String,
    /// Draw its waveform, energy, beats and sections, beside its artwork
    #[arg(long, value_name = "PNG")]
    pub picture: Option<PathBuf>,
    /// Write the picture that its tags carry, as it is there
    #[arg(long, value_name = "FILE")]
    pub artwork: Option<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub replace: ForceOption,
}

pub fn run(verb: &MusicShow, catalog: &Catalog, session: &Session) -> Result<Outcome> {
    let pictures = TrackPicturesJob {
        drawing: verb.picture.clone(),
        artwork: verb.artwork.clone(),
        overwrite: verb.replace.overwrite(),
    };
    pictures.refuse_conflicts()?;
    let track = catalog.full(&catalog.find(&verb.track)?.id)?;
    let Some(audio) = &track.analysis.audio else {
        return Err(Error::damaged(&track.entry.path, "nothing was heard in it").into());
    };
    let (workshop, task) = (&session.workshop, session.task(&verb.print));
    write_track_pictures(&pictures, &track, workshop, &task)?;
    if verb.print.json {
        let document = TrackDocument::of(&track.entry).with(&track.analysis);
        session.printer.json(&document)?;
    } else {
        let rows = track_details(&track, audio);
        session.printer.table(&["", ""], rows)?;
    }
    Ok(Outcome::Done)
}
