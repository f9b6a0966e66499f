//! `tastemaker profile learn`: learns from finished posts, or notes what was taken and turned down.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, JsonOption};
use crate::commands::profile::feedback::Verdicts;
use crate::commands::profile::show::show_saved;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{LearnEditsJob, LearnPostsJob, learn_edits, learn_posts, teach_profile};

/// What `profile learn` takes.
#[derive(Debug, Args)]
pub struct ProfileLearn {
    /// The profile's name, or a path that ends in .json; it is made where there is none yet
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Finished pictures and films, and folders of them
    #[arg(long, value_name = "FOLDER", num_args = 1.., conflicts_with_all = ["accept", "reject", "suggestions"])]
    pub posts: Vec<PathBuf>,
    /// A picture as it was, with --after; may be given many times
    #[arg(long, value_name = "PICTURE", num_args = 1.., requires = "after", conflicts_with = "posts")]
    pub before: Vec<PathBuf>,
    /// The same picture as you finished it
    #[arg(long, value_name = "PICTURE", num_args = 1.., requires = "before")]
    pub after: Vec<PathBuf>,
    /// Tracks you like: files, folders, or lists of paths (.m3u, .txt)
    #[arg(long, value_name = "FOLDER|LIST", num_args = 1.., conflicts_with_all = ["posts", "before"])]
    pub tracks: Vec<PathBuf>,
    /// What became of the posts: a table (CSV) of file, views, watch_through, likes; what worked counts more
    #[arg(long, value_name = "FILE.csv", requires = "posts")]
    pub engagement: Option<PathBuf>,
    /// Who is still watching the one film of --posts: a table (CSV) of time, share
    #[arg(long, value_name = "FILE.csv", requires = "posts")]
    pub retention: Option<PathBuf>,
    /// Where the posts were posted, see `tastemaker list platforms`; taste may differ there
    #[arg(long, value_name = "ID", requires = "posts")]
    pub platform: Option<String>,
    #[command(flatten)]
    pub verdicts: Verdicts,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(learn: &ProfileLearn, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let (report, failed) = if !learn.before.is_empty() {
        let job = LearnEditsJob {
            profile: learn.name.clone(),
            before: learn.before.clone(),
            after: learn.after.clone(),
            write: !learn.mode.dry_run,
        };
        (
            learn_edits(&job, workshop, &session.task(&learn.print))?,
            false,
        )
    } else if learn.posts.is_empty() && learn.tracks.is_empty() {
        let job = learn.verdicts.job(&learn.name, vec![], learn.mode.dry_run);
        (teach_profile(&job, workshop)?, false)
    } else {
        let job = LearnPostsJob {
            profile: learn.name.clone(),
            posts: [&learn.posts[..], &learn.tracks[..]].concat(),
            tracks: !learn.tracks.is_empty(),
            engagement: learn.engagement.clone(),
            retention: learn.retention.clone(),
            platform: learn.platform.clone(),
            write: !learn.mode.dry_run,
        };
        learn_posts(&job, workshop, &session.task(&learn.print))?
    };
    show_saved(&report, &learn.print, printer)?;
    Ok(Outcome::with_findings(failed))
}
