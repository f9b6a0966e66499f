//! `tastemaker analyze`: what is in pictures, clips and sounds.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::analysis::{BeatOverride, Effort, Part, Scope};
use crate::commands::options::{
    Common, DryRunOption, ForceOption, JsonOption, OptionalOutput, output,
};
use crate::commands::session::{Outcome, Session};
use crate::commands::values;
use crate::jobs::{AnalyzeJob, FileAnalyzer, PlannedAnalysis, analyze_files, plan_analysis};
use crate::report::{ANALYSIS_COLUMNS, analysis_row};
#[cfg(feature = "server")]
use crate::server::{ApartAnalyzer, SandboxMode};

/// Tell what is in pictures, clips and sounds
#[derive(Debug, Args)]
#[command(mut_arg("output", output("DIR", "Write DIR/NAME.EXT.json for each file")))]
pub struct Analyze {
    /// Files and folders
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub target: OptionalOutput,
    /// Write one page to look at: storyboards, curves, faces, palettes
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Look for these alone; `safety` and `fingerprint` are looked for only when they are named
    #[arg(long, value_name = "PART", value_delimiter = ',', value_parser = values::parts())]
    pub only: Vec<Part>,
    /// Speed first: no transcript, no text, fewer networks on films
    #[arg(long, conflicts_with = "full")]
    pub fast: bool,
    /// Everything, as well as it can be told (the default)
    #[arg(long)]
    pub full: bool,
    /// What is said in the one FILE, as SubRip (.srt) or WebVTT (.vtt), instead of a transcript
    #[arg(long, value_name = "FILE")]
    pub captions: Option<PathBuf>,
    /// Beats a minute, 40 to 220, where it is known: beats keep within 4 % of it
    #[arg(long, value_name = "BPM")]
    pub tempo: Option<f64>,
    /// Move beats and downbeats by up to 2 seconds; later where above zero
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub nudge: Option<f64>,
    /// Analyze in processes that are kept apart from the machine: require, best-effort or off (docs/security.md)
    #[cfg(feature = "server")]
    #[arg(long, value_name = "MODE", conflicts_with_all = ["html", "captions", "tempo", "nudge"])]
    pub sandbox: Option<SandboxMode>,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

impl Analyze {
    /// Where the files are analyzed, where that is not this process.
    #[cfg(feature = "server")]
    fn apart(&self, common: &Common) -> Result<Option<Box<dyn FileAnalyzer>>> {
        let Some(mode) = self.sandbox else {
            return Ok(None);
        };
        let analyzer = ApartAnalyzer {
            only: (!self.only.is_empty()).then(|| self.only.clone()),
            fast: self.fast,
            processes: super::serve::apart_processes(mode, &[], common)?,
        };
        Ok(Some(Box::new(analyzer)))
    }

    #[cfg(not(feature = "server"))]
    fn apart(&self, _: &Common) -> Result<Option<Box<dyn FileAnalyzer>>> {
        Ok(None)
    }

    fn job(&self, common: &Common) -> Result<AnalyzeJob> {
        let only = (!self.only.is_empty()).then(|| self.only.clone());
        let effort = if self.fast {
            Effort::Fast
        } else {
            Effort::Full
        };
        Ok(AnalyzeJob {
            files: self.files.clone(),
            scope: Scope::new(only, effort),
            captions: self.captions.clone(),
            beats: BeatOverride::new(self.tempo, self.nudge)?,
            folder: self.target.output.clone(),
            page: self.html.clone(),
            overwrite: self.replace.overwrite(),
            apart: self.apart(common)?,
        })
    }
}

pub fn run(verb: &Analyze, common: &Common, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let job = verb.job(common)?;
    if verb.mode.dry_run {
        printer.lines(plan_analysis(&job, workshop)?.files.iter().map(planned))?;
        return Ok(Outcome::Done);
    }
    let mut rows = Vec::new();
    let report = analyze_files(&job, workshop, &session.task(&verb.print), |analysis| {
        if verb.print.json {
            return printer.json(analysis);
        }
        if job.folder.is_none() {
            rows.push(analysis_row(analysis));
        }
        Ok(())
    })?;
    if !rows.is_empty() {
        printer.table(&ANALYSIS_COLUMNS, rows)?;
    }
    if let Some(page) = &job.page {
        printer.talk(&format!("the page is {}", page.display()));
    }
    if let Some(folder) = &job.folder {
        printer.talk(&format!("results are in {}", folder.display()));
    }
    Ok(Outcome::with_findings(report.failed))
}

/// `FILE`, or `FILE -> TARGET` where its analysis is written.
fn planned(file: &PlannedAnalysis) -> String {
    let path = file.input.path.display();
    match &file.target {
        Some(target) => format!("{path} -> {}", target.display()),
        None => path.to_string(),
    }
}
