//! `tastemaker import`: the timeline of another editing program as a plan.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::export::print_losses;
use crate::commands::options::{DryRunOption, ForceOption, JsonOption, RequiredOutput, output};
use crate::commands::output::Printer;
use crate::commands::session::{Outcome, Session};
use crate::interchange::{PlanDifference, SequenceCounts};
use crate::jobs::{ImportTimelineJob, import_timeline};

/// Make a plan of a timeline that another editing program wrote
#[derive(Debug, Args)]
#[command(mut_arg("output", output("PLAN", "The plan")))]
pub struct Import {
    /// The timeline: OpenTimelineIO, FCPXML, XMEML or an edit decision list
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub target: RequiredOutput,
    /// Folder in which its files are looked for by name and content, where they are not at the places that it names
    #[arg(long, value_name = "DIR")]
    pub media: Option<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(verb: &Import, session: &Session) -> Result<Outcome> {
    let printer = &session.printer;
    let job = ImportTimelineJob {
        file: verb.file.clone(),
        plan: verb.target.output.clone(),
        media: verb.media.clone(),
        overwrite: verb.replace.overwrite(),
        write: !verb.mode.dry_run,
    };
    let task = session.task(&verb.print);
    let imported = import_timeline(&job, &session.workshop, &task)?;
    let report = &imported.report;
    if verb.print.json {
        printer.json(report)?;
        return Ok(Outcome::Done);
    }
    if let Some(counts) = &report.timeline {
        printer.lines([words(counts)])?;
    }
    if let Some(changes) = &report.changes {
        print_changes(changes, printer)?;
    }
    print_losses(&report.losses, printer)?;
    Ok(Outcome::Done)
}

fn words(counts: &SequenceCounts) -> String {
    let rate = counts.rate.map_or_else(String::new, |rate| {
        format!(" at {:.2} frames a second", rate.seconds())
    });
    format!(
        "{} picture and {} sound tracks, {} clips, {} gaps, {} transitions, {:.2} s{rate}",
        counts.video_tracks,
        counts.audio_tracks,
        counts.clips,
        counts.gaps,
        counts.transitions,
        counts.duration,
    )
}

/// What was changed since the plan went out, a row a change.
fn print_changes(changes: &[PlanDifference], printer: &Printer) -> Result<()> {
    if changes.is_empty() {
        return printer.lines(["nothing was changed since the plan was exported"]);
    }
    let number = |at: Option<usize>| at.map_or_else(String::new, |at| (at + 1).to_string());
    let rows = changes.iter().map(|change| {
        [
            number(change.before),
            number(change.after),
            change.file.clone(),
            change.change.to_owned(),
            change.detail.clone(),
        ]
    });
    printer.table(&["was", "is", "file", "change", ""], rows)
}
