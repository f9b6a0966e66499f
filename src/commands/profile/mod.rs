//! `tastemaker profile`: a creator's taste. One file for each of its larger verbs.

mod blend;
mod compare;
mod explain;
mod feedback;
mod forget;
mod learn;
mod privacy;
mod replay;
mod score;
mod show;
mod transfer;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::json;

use crate::commands::options::{ForceOption, JsonOption};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{diff_profiles, new_profile, show_profile, write_portrait};
use blend::ProfileBlend;
use compare::ProfileCompare;
use explain::ProfileExplain;
use feedback::ProfileFeedback;
use forget::ProfileForget;
use learn::ProfileLearn;
use privacy::ProfilePrivacy;
use replay::ProfileReplay;
use score::ProfileScoring;
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
        /// Write a page: palette, tone curve, lengths of shots, tempo and mood
        #[arg(long, value_name = "FILE.html")]
        html: Option<PathBuf>,
        #[command(flatten)]
        mode: ForceOption,
        #[command(flatten)]
        print: JsonOption,
    },
    /// Names of all profiles
    List {
        #[command(flatten)]
        print: JsonOption,
    },
    /// Tell how well a profile foretells your choices, those that it was not shown, against the prior
    Score(ProfileScoring),
    /// Tell why a profile thinks of a suggestion what it thinks
    Explain(ProfileExplain),
    /// Ask about twenty pairs, the most telling ones first: the cheapest way to begin
    Compare(ProfileCompare),
    /// Make a profile of two
    Blend(ProfileBlend),
    /// Tell how two profiles differ
    Diff {
        /// Its name, or a path that ends in .json
        #[arg(value_name = "A")]
        a: String,
        /// The other one
        #[arg(value_name = "B")]
        b: String,
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
        ProfileWhat::Compare(compare) => return compare::run(compare, session),
        ProfileWhat::Explain(explain) => return explain::run(explain, session),
        ProfileWhat::Blend(blend) => return blend::run(blend, session),
        ProfileWhat::Score(scoring) => return score::run(scoring, session),
        ProfileWhat::Export(export) => return transfer::export(export, session),
        ProfileWhat::Import(import) => return transfer::import(import, session),
        ProfileWhat::Forget(forget) => return forget::run(forget, session),
        ProfileWhat::Privacy(privacy) => return privacy::run(privacy, session),
        ProfileWhat::New { name } => {
            let path = new_profile(name, workshop)?;
            printer.talk(&format!("made {}", path.display()));
        }
        ProfileWhat::Show {
            name,
            html: Some(page),
            mode,
            ..
        } => {
            write_portrait(name, page, mode.overwrite(), workshop)?;
            printer.lines([page.display()])?;
        }
        ProfileWhat::Show { name, print, .. } => {
            show::show(&show_profile(name, workshop)?, print, printer)?;
        }
        ProfileWhat::Diff { a, b, print } => {
            let difference = diff_profiles(a, b, workshop)?;
            if print.json {
                printer.json(&difference)?;
            } else {
                printer.table(&["", "feature", a, b], difference.rows())?;
            }
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
