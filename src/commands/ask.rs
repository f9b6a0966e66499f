//! `tastemaker ask`: a request in plain English, shown as the command that it stands for, and run.

mod command;
#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::JsonOption;
use crate::commands::output::Printer;
use crate::commands::session::Session;
use crate::jobs::{AskJob, ReadRequest, ask};
use command::{CommandPlaces, argv, shell_words};

/// Say in plain English what is to be made
#[derive(Debug, Args)]
pub struct Ask {
    /// The request, such as "a 20 second vertical cut, warm film look, no dissolves"
    #[arg(value_name = "WORDS")]
    pub words: String,
    /// Clips, photos, tracks and folders of them; or a plan that is to change
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Where the result goes (default: a name that is free here)
    #[arg(short, long, value_name = "OUT")]
    pub output: Option<PathBuf>,
    /// Folder of tracks to choose from, one track, or a catalog
    #[arg(long, value_name = "PLACE")]
    pub music: Option<PathBuf>,
    /// Whose taste counts, see `tastemaker profile list`
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Run the command without asking
    #[arg(short, long)]
    pub yes: bool,
    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub print: JsonOption,
}

/// Reads the request and shows it. Gives the command to run; `None` where it is not to be run.
pub fn prepare(verb: &Ask, session: &Session) -> Result<Option<Vec<OsString>>> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let config = workshop.config()?;
    let job = AskJob {
        text: verb.words.clone(),
        files: verb.files.clone(),
        music: config.music(verb.music.as_ref()).is_some(),
    };
    let read = ask(&job, workshop)?;
    let command = argv(
        &read,
        &CommandPlaces {
            output: verb.output.as_ref(),
            music: verb.music.as_ref().or(read.track.as_ref()),
            profile: verb.profile.as_deref(),
            force: verb.force,
            json: verb.print.json,
        },
    );
    if verb.print.json {
        let words: Vec<String> = command
            .iter()
            .map(|word| word.to_string_lossy().into())
            .collect();
        printer.json(&read.document(&words))?;
    } else {
        show(&read, &command, printer)?;
    }
    if !read.is_understood() {
        anyhow::bail!("nothing of this was understood, so nothing is run");
    }
    Ok(is_wanted(verb, printer)?.then_some(command))
}

fn show(read: &ReadRequest, command: &[OsString], printer: &Printer) -> Result<()> {
    let reading = &read.reading;
    for piece in &reading.understood {
        printer.talk(&format!("  \"{}\": {}", piece.text, piece.means));
    }
    for piece in &reading.not_understood {
        printer.talk(&format!("not understood: \"{piece}\""));
    }
    for piece in &reading.cannot {
        printer.talk(&format!("cannot do \"{}\": {}", piece.text, piece.why));
    }
    printer.lines([shell_words(command)])
}

/// Whether the command is to be run: with `--yes`, or after Enter on a terminal.
fn is_wanted(verb: &Ask, printer: &Printer) -> Result<bool> {
    if verb.yes {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() {
        printer.note("this is no terminal: nothing was run; --yes runs it");
        return Ok(false);
    }
    printer.talk("Enter runs it, anything else does not");
    let answer = std::io::stdin().lock().lines().next().transpose()?;
    Ok(answer.is_some_and(|answer| answer.trim().is_empty()))
}
