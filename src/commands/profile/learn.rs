//! `tastemaker profile learn`: notes what was taken and what was turned down.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, JsonOption};
use crate::commands::profile::show;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{TeachJob, teach_profile};

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

pub fn run(learn: &ProfileLearn, session: &Session) -> Result<Outcome> {
    let report = teach_profile(&learn.job(), &session.workshop)?;
    if let Some(path) = &report.saved {
        let printer = &session.printer;
        printer.talk(&format!("noted in {}", path.display()));
    }
    show(&report, &learn.print, &session.printer)?;
    Ok(Outcome::Done)
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
