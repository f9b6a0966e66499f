//! `tastemaker music add`: analyzes what is new or changed, and recognizes the rest.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::document::TrackDocument;
use crate::commands::options::{DryRunOption, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::error::Error;
use crate::hint::Hint;
use crate::jobs::{AddTracksJob, Workshop, add_tracks, tracks_to_add};
use crate::music::catalog::UserFacts;
use crate::music::license::{read_platforms, read_territory};
use crate::music::{Date, License};
use crate::task::Task;

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
    #[arg(long, value_enum, value_name = "yes|no")]
    pub commercial: Option<Answer>,
    /// Whether they may be cut, mixed and laid under a film
    #[arg(long, value_enum, value_name = "yes|no")]
    pub edits: Option<Answer>,
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

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Answer {
    Yes,
    No,
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
        let yes = |answer: Option<Answer>| answer.map(|answer| answer == Answer::Yes);
        Ok(UserFacts {
            tempo: self.tempo,
            nudge: self.nudge,
            title: self.title.clone(),
            artist: self.artist.clone(),
            license: License {
                holder: text(&self.holder),
                commercial: yes(self.commercial),
                edits: yes(self.edits),
                platforms: list(&self.platforms, read_platforms)?,
                territory: list(&self.territory, read_territory)?,
                attribution: text(&self.attribution),
                expires: self.expires,
                ..License::named(&text(&self.license))
            },
        })
    }
}

pub fn run(
    verb: &MusicAdd,
    catalog: &Path,
    workshop: &Workshop,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    let job = AddTracksJob {
        catalog: catalog.to_path_buf(),
        files: verb.paths.clone(),
        facts: verb.user_facts()?,
    };
    if verb.mode.dry_run {
        for path in tracks_to_add(&job)? {
            printer.data(&format!("{}\n", path.display()))?;
        }
        return Ok(Outcome::Done);
    }
    let report = add_tracks(job, workshop, task, |catalog, id, state| {
        if verb.print.json
            && let Some(entry) = catalog.entry(id)?
        {
            printer.json(&TrackDocument::of(&entry).in_state(state.name()))?;
        }
        anyhow::Ok(())
    })?;
    let counts: Vec<String> = report
        .counts
        .iter()
        .map(|(state, count)| format!("{count} {}", state.name().replace('_', " ")))
        .collect();
    printer.talk(&if counts.is_empty() {
        "no tracks were added".into()
    } else {
        counts.join(", ")
    });
    Ok(Outcome::with_findings(report.failed))
}
