//! `tastemaker export`: a plan as the timeline of another editing program.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, ForceOption, JsonOption, RequiredOutput, output};
use crate::commands::output::Printer;
use crate::commands::session::{Outcome, Session};
use crate::commands::values;
use crate::interchange::{EditingProgram, LossReport};
use crate::jobs::{ExportFormat, ExportTimelineJob, TimelineReport, export_timeline};

/// Write a plan as a timeline for another editing program
#[derive(Debug, Args)]
#[command(mut_arg("output", output("FILE", "The timeline")))]
pub struct Export {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// The format: OpenTimelineIO, Final Cut Pro X, Premiere and Resolve, an edit decision list, Shotcut and Kdenlive;
    /// captions as SubRip, WebVTT or SubStation Alpha; a list of chapters
    #[arg(long, value_name = "FORMAT", value_parser = values::export_format())]
    pub to: ExportFormat,
    #[command(flatten)]
    pub target: RequiredOutput,
    /// The program that is to read it
    #[arg(long = "for", value_name = "PROGRAM", value_parser = values::editing_program())]
    pub program: Option<EditingProgram>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(verb: &Export, session: &Session) -> Result<Outcome> {
    let printer = &session.printer;
    let job = ExportTimelineJob {
        plan: verb.plan.clone(),
        format: verb.to,
        target: verb.target.output.clone(),
        program: verb.program,
        overwrite: verb.replace.overwrite(),
        write: !verb.mode.dry_run,
    };
    let made = export_timeline(&job, &session.workshop)?;
    if verb.print.json {
        printer.json(&TimelineReport {
            losses: made.report,
            timeline: None,
            changes: None,
        })?;
        return Ok(Outcome::Done);
    }
    print_losses(&made.report, printer)?;
    let word = if verb.mode.dry_run {
        "would write"
    } else {
        "wrote"
    };
    for file in &made.files {
        printer.talk(&format!("{word} {}", file.display()));
    }
    Ok(Outcome::Done)
}

/// Prints what was lost, and says what was kept.
pub fn print_losses(report: &LossReport, printer: &Printer) -> Result<()> {
    if !report.lost.is_empty() {
        let rows = report
            .lost
            .iter()
            .map(|loss| [&loss.what, &loss.place, &loss.instead]);
        printer.table(&["not kept", "where", "instead"], rows)?;
    }
    let kept = &report.kept;
    let counts = [
        (kept.clips, "clips"),
        (kept.gaps, "gaps"),
        (kept.transitions, "transitions"),
        (kept.captions, "captions"),
        (kept.markers, "markers"),
        (kept.looks, "looks"),
        (kept.effects, "effects"),
        (kept.crops, "crops"),
        (kept.speeds, "speeds"),
    ];
    let kept: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    printer.talk(&format!("kept {}", kept.join(", ")));
    Ok(())
}
