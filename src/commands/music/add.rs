//! `tastemaker music add`: analyzes what is new or changed, and recognizes the rest.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, JsonOption};
use crate::commands::session::{Outcome, Session};
use crate::commands::values;
use crate::error::Error;
use crate::hint::Hint;
use crate::jobs::{AddTracksJob, TrackDocument, add_tracks, tracks_to_add};
use crate::music::catalog::UserFacts;
use crate::music::license::{read_platforms, read_territory};
use crate::music::{Date, License};

/// Listen to tracks and keep what was heard; only what is new or changed is listened to
#[derive(Debug, Args)]
pub struct MusicAdd {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Name of the one track
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Who made the tracks
    #[arg(long, value_name = "TEXT")]
    pub artist: Option<String>,
    /// Under which license they may be used: an SPDX id such as CC-BY-4.0, or a plain name
    #[arg(long, value_name = "ID")]
    pub license: Option<String>,
    /// Who owns the rights
    #[arg(long, value_name = "TEXT")]
    pub holder: Option<String>,
    /// The credit that the license asks for
    #[arg(long, value_name = "TEXT")]
    pub attribution: Option<String>,
    /// Whether they may be used to earn money
    #[arg(long, value_name = "yes|no", value_parser = values::yes_or_no())]
    pub commercial: Option<bool>,
    /// Whether they may be cut, mixed and laid under a film
    #[arg(long, value_name = "yes|no", value_parser = values::yes_or_no())]
    pub edits: Option<bool>,
    /// Where films with them may be posted, such as youtube,tiktok
    #[arg(long, value_name = "LIST")]
    pub platforms: Option<String>,
    /// Countries in which they may be used, such as DE,FR or EU
    #[arg(long, value_name = "LIST")]
    pub territory: Option<String>,
    /// The last day on which the license holds, such as 2027-01-31
    #[arg(long, value_name = "DATE")]
    pub expires: Option<Date>,
    /// Beats a minute of the one track, 40 to 220, where it is known: beats keep within 4 % of it. Remembered
    #[arg(long, value_name = "BPM")]
    pub tempo: Option<f64>,
    /// Move beats and downbeats of the one track by up to 2 seconds; later where above zero. Remembered
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub nudge: Option<f64>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

impl MusicAdd {
    /// What was typed about the tracks. Fails with `Usage` for lists that name nothing known.
    pub fn user_facts(&self) -> Result<UserFacts, Error> {
        let text = |field: &Option<String>| field.as_deref().unwrap_or("").trim().to_owned();
        let list = |field: &Option<String>,
                    read: fn(&str) -> Result<Option<Vec<String>>, String>| {
            field
                .as_deref()
                .map_or(Ok(None), read)
                .map_err(|what| Error::Usage {
                    what,
                    hint: Hint::CorrectLicense,
                })
        };
        Ok(UserFacts {
            tempo: self.tempo,
            nudge: self.nudge,
            title: self.title.clone(),
            artist: self.artist.clone(),
            license: License {
                holder: text(&self.holder),
                commercial: self.commercial,
                edits: self.edits,
                platforms: list(&self.platforms, read_platforms)?,
                territory: list(&self.territory, read_territory)?,
                attribution: text(&self.attribution),
                expires: self.expires,
                ..License::named(&text(&self.license))
            },
        })
    }
}

pub fn run(verb: &MusicAdd, catalog: &Path, session: &Session) -> Result<Outcome> {
    let job = AddTracksJob {
        catalog: catalog.to_path_buf(),
        files: verb.paths.clone(),
        facts: verb.user_facts()?,
    };
    if verb.mode.dry_run {
        let paths = tracks_to_add(&job)?;
        session
            .printer
            .lines(paths.iter().map(|path| path.display()))?;
        return Ok(Outcome::Done);
    }
    let task = session.task(&verb.print);
    let report = add_tracks(job, &session.workshop, &task, |catalog, id, state| {
        if verb.print.json
            && let Some(entry) = catalog.entry(id)?
        {
            let document = TrackDocument::of(&entry).in_state(state.name());
            session.printer.json(&document)?;
        }
        anyhow::Ok(())
    })?;
    Ok(Outcome::with_findings(report.failed))
}
