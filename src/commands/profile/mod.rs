//! `tastemaker profile`: a creator's taste. One file for each of its larger verbs.

mod feedback;
mod forget;
mod learn;
mod privacy;
mod replay;
mod show;
mod transfer;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::commands::options::JsonOption;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{new_profile, show_profile};
use feedback::ProfileFeedback;
use forget::ProfileForget;
use learn::ProfileLearn;
use privacy::ProfilePrivacy;
use replay::ProfileReplay;
use transfer::{ProfileExport, ProfileImport};

/// Teach a profile what you like, and see what it knows
#[derive(Debug, Args)]
pub struct ProfileVerb {
    #[command(subcommand)]
    pub what: ProfileWhat,
}

/// What `profile` does.
#[derive(Debug, Subcommand)]
pub enum ProfileWhat {
    /// Make an empty profile
    New {
        /// Letters, digits, - and _
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Learn from finished posts, or from what you took and turned down
    Learn(ProfileLearn),
    /// Note what you took, turned down and swapped
    Feedback(ProfileFeedback),
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
    /// Replay a log of choices: how well taste would have foretold them; nothing is stored
    Replay(ProfileReplay),
    /// Write a profile to a file
    Export(ProfileExport),
    /// Make a profile of a file
    Import(ProfileImport),
    /// Take evidence out of a profile, or remove it, without a trace
    Forget(ProfileForget),
    /// List exactly what a profile keeps, and where
    Privacy(ProfilePrivacy),
}

pub fn run(verb: &ProfileVerb, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    match &verb.what {
        ProfileWhat::Learn(learn) => return learn::run(learn, session),
        ProfileWhat::Feedback(feedback) => return feedback::run(feedback, session),
        ProfileWhat::Replay(replay) => return replay::run(replay, session),
        ProfileWhat::Export(export) => return transfer::export(export, session),
        ProfileWhat::Import(import) => return transfer::import(import, session),
        ProfileWhat::Forget(forget) => return forget::run(forget, session),
        ProfileWhat::Privacy(privacy) => return privacy::run(privacy, session),
        ProfileWhat::New { name } => {
            let path = new_profile(name, workshop)?;
            printer.talk(&format!("made {}", path.display()));
        }
        ProfileWhat::Show { name, print } => {
            show::show(&show_profile(name, workshop)?, print, printer)?;
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
