//! `tastemaker profile`: a creator's taste. One file for each of its larger verbs.

mod learn;
mod replay;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::commands::options::JsonOption;
use crate::commands::output::Printer;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{ProfileReport, show_profile};
use crate::report::{TASTE_COLUMNS, taste_row};
use learn::ProfileLearn;
use replay::ProfileReplay;

/// Teach a profile what you like, and see what it knows
#[derive(Debug, Args)]
pub struct ProfileVerb {
    #[command(subcommand)]
    pub what: ProfileWhat,
}

/// What `profile` does.
#[derive(Debug, Subcommand)]
pub enum ProfileWhat {
    /// Note what you took and what you turned down
    Learn(ProfileLearn),
    /// Replay a log of choices: how well taste would have foretold them; nothing is stored
    Replay(ProfileReplay),
    /// Tell what a profile has learned, and how well it foretells your choices
    Show {
        /// Its name, or a path that ends in .json
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        print: JsonOption,
    },
    /// Names of all profiles
    List {
        #[command(flatten)]
        print: JsonOption,
    },
}

pub fn run(verb: &ProfileVerb, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    match &verb.what {
        ProfileWhat::Learn(learn) => return learn::run(learn, session),
        ProfileWhat::Replay(replay) => return replay::run(replay, session),
        ProfileWhat::Show { name, print } => {
            show(&show_profile(name, workshop)?, print, printer)?;
        }
        ProfileWhat::List { print } if print.json => {
            for name in workshop.profiles().names() {
                let schema = "tastemaker.listed-profile/1";
                printer.json(&json!({"schema": schema, "name": name}))?;
            }
        }
        ProfileWhat::List { .. } => printer.lines(workshop.profiles().names())?,
    }
    Ok(Outcome::Done)
}

fn show(report: &ProfileReport, print: &JsonOption, printer: &Printer) -> Result<()> {
    if print.json {
        return printer.json(&report.document());
    }
    printer.table(&TASTE_COLUMNS, report.likings.iter().map(taste_row))
}
