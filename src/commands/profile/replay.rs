//! `tastemaker profile replay`: how well taste would have foretold a log of choices.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{ForceOption, JsonOption};
use crate::commands::session::{Outcome, Session};
use crate::jobs::replay_choices;
use crate::report::{REPLAY_COLUMNS, replay_row};

/// What `profile replay` takes.
#[derive(Debug, Args)]
pub struct ProfileReplay {
    /// Choices, one JSON document a line, oldest first: kind, candidates, chosen
    #[arg(value_name = "CHOICES")]
    pub choices: PathBuf,
    /// Write a page with the learning curve of each kind
    #[arg(long, value_name = "FILE.html")]
    pub html: Option<PathBuf>,
    #[command(flatten)]
    pub mode: ForceOption,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(replay: &ProfileReplay, session: &Session) -> Result<Outcome> {
    let (print, printer) = (&replay.print, &session.printer);
    let task = session.task(print);
    let report = replay_choices(&replay.choices, &task, |choice| {
        if print.json {
            printer.json(choice)
        } else {
            Ok(())
        }
    })?;
    if let Some(page) = &replay.html {
        report.write_page(page, replay.mode.overwrite())?;
    }
    if print.json {
        printer.json(&report.document())?;
    } else {
        printer.table(&REPLAY_COLUMNS, report.kinds.iter().map(replay_row))?;
    }
    Ok(Outcome::Done)
}
