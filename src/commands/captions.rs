//! `tastemaker captions`: what is said in a file or a film, as a caption file.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, ForceOption, RequiredOutput, output};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{CaptionsJob, write_captions};

/// Write what is said as captions
#[derive(Debug, Args)]
#[command(mut_arg("output", output("FILE", "The captions: .srt, .vtt or .ass")))]
pub struct Captions {
    /// A clip, a sound or a plan
    #[arg(value_name = "FILE|PLAN")]
    pub file: PathBuf,
    #[command(flatten)]
    pub target: RequiredOutput,
    /// Captions to use instead of what is recognized, as SubRip (.srt) or WebVTT (.vtt)
    #[arg(long, value_name = "CAPTIONS")]
    pub from: Option<PathBuf>,
    /// How they look and how much they show at a time, see `tastemaker list captions`
    #[arg(long, value_name = "NAME")]
    pub style: Option<String>,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(verb: &Captions, session: &Session) -> Result<Outcome> {
    let job = CaptionsJob {
        file: verb.file.clone(),
        from: verb.from.clone(),
        style: verb.style.clone(),
        target: verb.target.output.clone(),
        overwrite: verb.replace.overwrite(),
        write: !verb.mode.dry_run,
    };
    let count = write_captions(&job, &session.workshop, &session.plain_task())?;
    let (word, target) = if job.write {
        ("wrote", &job.target)
    } else {
        ("would write", &job.target)
    };
    session
        .printer
        .talk(&format!("{word} {count} captions to {}", target.display()));
    Ok(Outcome::Done)
}
