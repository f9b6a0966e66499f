//! `tastemaker profile compare`: this or that, about twenty times.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{ForceOption, JsonOption};
use crate::commands::profile::show::show_saved;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{AskedPair, CompareJob, answer_pairs, ask_pairs, write_pairs};

/// What `profile compare` takes.
#[derive(Debug, Args)]
pub struct ProfileCompare {
    /// The profile's name, or a path that ends in .json; it is made where there is none yet
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Photos of yours, to compare looks on
    #[arg(required = true, value_name = "PHOTO")]
    pub photos: Vec<PathBuf>,
    /// A folder of tracks, to compare music too
    #[arg(long, value_name = "DIR")]
    pub music: Option<PathBuf>,
    /// Write the pairs as one page
    #[arg(long, value_name = "FILE.html", conflicts_with = "answers")]
    pub page: Option<PathBuf>,
    /// The answers, one letter a pair in the order of the page: a, b, or - for neither
    #[arg(long, value_name = "LETTERS", allow_hyphen_values = true)]
    pub answers: Option<String>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub mode: ForceOption,
}

pub fn run(compare: &ProfileCompare, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let job = CompareJob {
        profile: compare.name.clone(),
        photos: compare.photos.clone(),
        music: compare.music.clone(),
    };
    let pairs = ask_pairs(&job, workshop, &session.task(&compare.print))?;
    if let Some(page) = &compare.page {
        let how = "Answer with the same command, --answers in place of --page, and one letter a pair: a, b, or - \
                   for neither.";
        write_pairs(&pairs, how, page, compare.mode.overwrite(), workshop)?;
        printer.talk(how);
        printer.lines([page.display()])?;
    }
    let answers = match &compare.answers {
        Some(answers) => answers.clone(),
        None if std::io::stdin().is_terminal() => ask(&pairs, session)?,
        None if compare.page.is_some() => return Ok(Outcome::Done),
        None => anyhow::bail!(
            "this is no terminal: write the pairs with --page and answer with --answers"
        ),
    };
    let report = answer_pairs(&compare.name, &pairs, &answers, workshop)?;
    show_saved(&report, &compare.print, printer)?;
    Ok(Outcome::Done)
}

/// Asks about one pair after the other; the end of the input ends it.
fn ask(pairs: &[AskedPair], session: &Session) -> Result<String> {
    let mut answers = String::new();
    let mut lines = std::io::stdin().lock().lines();
    for (number, pair) in (1..).zip(pairs) {
        let [a, b] = &pair.names;
        session.printer.talk(&format!(
            "{number} of {}: a {a}, or b {b}? (a, b, Enter for neither)",
            pairs.len()
        ));
        let Some(line) = lines.next() else { break };
        answers.push(match line?.trim() {
            "a" => 'a',
            "b" => 'b',
            _ => '-',
        });
    }
    Ok(answers)
}
