//! `tastemaker profile learn`: learns from finished posts, or notes what was taken and turned down.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, JsonOption};
use crate::commands::profile::feedback::Verdicts;
use crate::commands::profile::show::show_saved;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{LearnPostsJob, learn_posts, teach_profile};

/// What `profile learn` takes.
#[derive(Debug, Args)]
pub struct ProfileLearn {
    /// The profile's name, or a path that ends in .json; it is made where there is none yet
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Finished pictures and films, and folders of them
    #[arg(long, value_name = "FOLDER", num_args = 1.., conflicts_with_all = ["accept", "reject", "suggestions"])]
    pub posts: Vec<PathBuf>,
    #[command(flatten)]
    pub verdicts: Verdicts,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(learn: &ProfileLearn, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let (report, failed) = if learn.posts.is_empty() {
        let job = learn.verdicts.job(&learn.name, vec![], learn.mode.dry_run);
        (teach_profile(&job, workshop)?, false)
    } else {
        let job = LearnPostsJob {
            profile: learn.name.clone(),
            posts: learn.posts.clone(),
            write: !learn.mode.dry_run,
        };
        learn_posts(&job, workshop, &session.task(&learn.print))?
    };
    show_saved(&report, &learn.print, printer)?;
    Ok(Outcome::with_findings(failed))
}
