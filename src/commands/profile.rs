//! `tastemaker profile learn|show|list`: a creator's taste.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::commands::options::{DryRunOption, JsonOption};
use crate::commands::output::Printer;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{ProfileReport, TeachJob, show_profile, teach_profile};
use crate::report::{TASTE_COLUMNS, taste_row};

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

/// What `profile learn` takes.
#[derive(Debug, Args)]
pub struct ProfileLearn {
    /// The profile's name, or a path that ends in .json; it is made where there is none yet
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What you took: a look's name, or the title, path or id of a track in --suggestions
    #[arg(long, value_name = "CHOICE")]
    pub accept: Vec<String>,
    /// What you turned down
    #[arg(long, value_name = "CHOICE")]
    pub reject: Vec<String>,
    /// What `tastemaker suggest -o FILE` wrote: the tracks are looked up there
    #[arg(long, value_name = "FILE")]
    pub suggestions: Option<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(verb: &ProfileVerb, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    match &verb.what {
        ProfileWhat::Learn(learn) => {
            let report = teach_profile(&learn.job(), workshop)?;
            if let Some(path) = &report.saved {
                printer.talk(&format!("noted in {}", path.display()));
            }
            show(&report, &learn.print, printer)?;
        }
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

impl ProfileLearn {
    fn job(&self) -> TeachJob {
        TeachJob {
            profile: self.name.clone(),
            accepted: self.accept.clone(),
            rejected: self.reject.clone(),
            suggestions: self.suggestions.clone(),
            write: !self.mode.dry_run,
        }
    }
}
