//! `tastemaker ingest`: what a platform does with each file that arrives.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::commands::options::{ForceOption, JsonOption, OptionalOutput, output};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{
    CalibratedThreshold, IngestJob, IngestStep, Ingested, SandboxReport, calibrate, ingest_files,
};

/// Check, describe and screen files as they arrive, and make their renditions
#[derive(Debug, Args)]
#[command(mut_arg("output", |argument| {
    let help = "Folder of the results: DIR/x/ingested.json and what was made of x.jpg";
    output("DIR", help)(argument).required_unless_present("labeled")
}))]
pub struct Ingest {
    /// Name of a preset (see `tastemaker list ingest`), or the path of one
    #[arg(value_name = "PRESET")]
    pub preset: String,
    /// Pictures, clips, sounds and folders of them
    #[arg(required_unless_present = "labeled", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub target: OptionalOutput,
    /// Tell how often each nudity threshold is wrong on files that a person has labeled; nothing is made of them
    #[arg(long, requires = "labeled")]
    pub calibrate: bool,
    /// Folder with the labeled files: DIR/safe and DIR/unsafe
    #[arg(long, value_name = "DIR", requires = "calibrate", conflicts_with_all = ["files", "output"])]
    pub labeled: Option<PathBuf>,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(verb: &Ingest, session: &Session) -> Result<Outcome> {
    if let Some(labeled) = &verb.labeled {
        return calibrate_preset(verb, labeled, session);
    }
    let job = IngestJob {
        preset: verb.preset.clone(),
        files: verb.files.clone(),
        output: verb.target.output.clone().unwrap_or_default(),
        overwrite: verb.replace.overwrite(),
        sandbox: SandboxReport::none(),
        known: None,
    };
    let task = session.task(&verb.print);
    let mut rows = Vec::new();
    let report = ingest_files(&job, &session.workshop, &task, |step| -> Result<()> {
        let IngestStep::Finished(ingested) = step else {
            return Ok(());
        };
        if verb.print.json {
            return session.printer.json(ingested);
        }
        rows.push(row(ingested));
        Ok(())
    })?;
    if !verb.print.json {
        let head = ["file", "verdict", "why", "made"];
        session.printer.table(&head, rows)?;
    }
    Ok(Outcome::with_findings(report.has_findings()))
}

/// Counts what each threshold of the preset gets wrong.
fn calibrate_preset(verb: &Ingest, labeled: &Path, session: &Session) -> Result<Outcome> {
    let task = session.task(&verb.print);
    let report = calibrate(&verb.preset, labeled, &session.workshop, &task)?;
    if verb.print.json {
        session.printer.json(&report)?;
        return Ok(Outcome::Done);
    }
    let row = |it: &CalibratedThreshold| {
        [
            format!("{:.2}", it.threshold),
            it.of.unwrap_or_default().to_owned(),
            format!("{} of {}", it.false_alarms, report.safe),
            format!("{} of {}", it.misses, report.r#unsafe),
        ]
    };
    let head = ["from", "preset", "false alarms", "misses"];
    session
        .printer
        .table(&head, report.thresholds.iter().map(row).collect::<Vec<_>>())?;
    if report.unchecked > 0 {
        let text = format!(
            "{} files have no score and go to a person",
            report.unchecked
        );
        session.printer.note(&text);
    }
    Ok(Outcome::Done)
}

/// The verdict on a file with the strictest of its reasons, and what was made of it.
fn row(ingested: &Ingested) -> [String; 4] {
    let screening = &ingested.screening;
    let reason = screening.evidence.iter().max_by_key(|it| it.verdict);
    let renditions = ingested.renditions.iter().map(|it| it.path.as_str());
    [
        ingested.file.clone(),
        screening.verdict.name().to_owned(),
        reason.map_or(String::new(), |it| it.kind.phrase().to_owned()),
        renditions.collect::<Vec<_>>().join(", "),
    ]
}
