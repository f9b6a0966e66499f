//! `tastemaker ingest`: what a platform does with each file that arrives.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{ForceOption, JsonOption, RequiredOutput, output};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{IngestJob, IngestStep, Ingested, SandboxReport, ingest_files};

/// Check, describe and screen files as they arrive, and make their renditions
#[derive(Debug, Args)]
#[command(mut_arg(
    "output",
    output(
        "DIR",
        "Folder of the results: DIR/x/ingested.json and what was made of x.jpg"
    )
))]
pub struct Ingest {
    /// Name of a preset (see `tastemaker list ingest`), or the path of one
    #[arg(value_name = "PRESET")]
    pub preset: String,
    /// Pictures, clips, sounds and folders of them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub target: RequiredOutput,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(verb: &Ingest, session: &Session) -> Result<Outcome> {
    let job = IngestJob {
        preset: verb.preset.clone(),
        files: verb.files.clone(),
        output: verb.target.output.clone(),
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
