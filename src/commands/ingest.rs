//! `tastemaker ingest`: what a platform does with each file that arrives.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::commands::options::{Common, ForceOption, JsonOption, OptionalOutput, output};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{
    CalibratedThreshold, FileIngester, IngestJob, IngestStep, Rendition, SandboxReport, Screening,
    SuggestionSources, calibrate, ingest_files, open_catalog,
};
#[cfg(feature = "server")]
use crate::server::{ApartIngester, SandboxMode};

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
    /// Catalog of music for presets that suggest some (see `tastemaker music`)
    #[arg(long, value_name = "FILE")]
    pub music: Option<PathBuf>,
    /// Whose taste counts in what is suggested, see `tastemaker profile list`
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Work in processes that are kept apart from the machine: require, best-effort or off (docs/security.md)
    #[cfg(feature = "server")]
    #[arg(long, value_name = "MODE", conflicts_with = "labeled")]
    pub sandbox: Option<SandboxMode>,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub print: JsonOption,
}

impl Ingest {
    fn job(&self, common: &Common, session: &Session) -> Result<IngestJob> {
        Ok(IngestJob {
            preset: self.preset.clone(),
            files: self.files.clone(),
            output: self.target.output.clone().unwrap_or_default(),
            overwrite: self.replace.overwrite(),
            sandbox: SandboxReport::none(),
            known: None,
            sources: SuggestionSources {
                profile: self.profile.clone(),
                catalog: self.music.clone(),
            },
            apart: self.apart(common, session)?,
        })
    }

    /// Where the files are ingested, where that is not this process.
    #[cfg(feature = "server")]
    fn apart(&self, common: &Common, session: &Session) -> Result<Option<Box<dyn FileIngester>>> {
        let Some(mode) = self.sandbox else {
            return Ok(None);
        };
        let (mut preset, mut files) = (self.preset.clone(), Vec::new());
        if Path::new(&preset).is_file() {
            let path = std::path::absolute(&preset)?;
            preset = path.display().to_string();
            files.push(path);
        }
        let profile = |name: &String| -> Result<_> {
            Ok((name.clone(), session.workshop.profiles().path(name)?))
        };
        Ok(Some(Box::new(ApartIngester {
            processes: super::serve::apart_processes(mode, &files, common)?,
            preset,
            profile: self.profile.as_ref().map(profile).transpose()?,
        })))
    }

    #[cfg(not(feature = "server"))]
    fn apart(&self, _: &Common, _: &Session) -> Result<Option<Box<dyn FileIngester>>> {
        Ok(None)
    }
}

pub fn run(verb: &Ingest, common: &Common, session: &Session) -> Result<Outcome> {
    if let Some(labeled) = &verb.labeled {
        return calibrate_preset(verb, labeled, session);
    }
    if let Some(catalog) = verb.music.as_ref() {
        open_catalog(catalog)?;
    }
    let job = verb.job(common, session)?;
    let task = session.task(&verb.print);
    let mut rows = Vec::new();
    let report = ingest_files(&job, &session.workshop, &task, |step| -> Result<()> {
        let json = verb.print.json;
        match step {
            IngestStep::Screened(_) => return Ok(()),
            IngestStep::Finished(ingested) if json => return session.printer.json(ingested),
            IngestStep::FinishedApart(it) if json => return session.printer.json(&it.document),
            IngestStep::Finished(it) => rows.push(row(&it.file, &it.screening, &it.renditions)),
            IngestStep::FinishedApart(it) => {
                let facts = &it.facts;
                rows.push(row(&facts.file, &facts.screening, &facts.renditions));
            }
        }
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
fn row(file: &str, screening: &Screening, renditions: &[Rendition]) -> [String; 4] {
    let reason = screening.evidence.iter().max_by_key(|it| it.verdict);
    let renditions = renditions.iter().map(|it| it.path.as_str());
    [
        file.to_owned(),
        screening.verdict.name().to_owned(),
        reason.map_or(String::new(), |it| it.kind.phrase().to_owned()),
        renditions.collect::<Vec<_>>().join(", "),
    ]
}
