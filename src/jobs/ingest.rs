//! The job of `ingest`: what a platform does with each file that arrives. Check it, describe it, screen it, make the
//! renditions. The file itself is never touched, and nothing is sent anywhere.
//!
//! Each file gets a folder of its own, named by the file, with `ingested.json` and the renditions in it. The document is
//! written last: where it is, everything that it names is there. A run that was killed goes on when it is repeated.

mod ad_breaks;
mod apart;
mod arrival;
mod best_of_clip;
mod brand_safety;
mod brand_words;
mod calibration;
mod document;
mod known;
mod preset;
mod reel;
mod renditions;
mod screening;
mod suggestions;
#[cfg(test)]
mod test_analyses;
mod topic_vocabulary;
mod topics;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::analysis::{Analysis, FileKind};
use crate::error::{Error, Result};
use crate::jobs::json_file::write_json;
use crate::jobs::render::refuse_conflicts;
use crate::jobs::{Analyzer, Workshop};
use crate::media::{Subtitles, read_subtitles};
use crate::store::{Overwrite, hash_file};
use crate::task::{Stage, Task};
use arrival::arrivals;
use document::seconds;
use renditions::{RenditionJob, render_all};
use suggestions::{is_suggested_for, suggested};

pub use ad_breaks::AdBreak;
pub use apart::{FileIngester, IngestedApart};
pub use arrival::Arrival;
pub use brand_safety::{BrandRisk, RiskEvidence, RiskLevel, Sense};
pub use calibration::{CalibratedThreshold, CalibrationReport, calibrate};
pub use document::{
    INGESTED_SCHEMA, Ingested, PresetVersion, Provenance, Rendition, SandboxReport, StepSeconds,
};
pub use known::{Fingerprints, KnownMedia, PictureFingerprint};
pub use preset::{ClipRendition, IngestPreset, KeptMetadata, RenditionSpec, StillFormat};
pub use screening::{BesideAnalysis, Evidence, EvidenceKind, Screening, ScreeningPolicy, Verdict};
pub use suggestions::{SuggestionSources, suggest_music};
pub use topics::{Topic, TopicReason, TopicSource};

/// Files and what is done with them.
pub struct IngestJob {
    /// Id of a preset, or the path of one.
    pub preset: String,
    /// Pictures, clips, sounds and folders of them.
    pub files: Vec<PathBuf>,
    /// The folder of the results.
    pub output: PathBuf,
    /// Whether results that exist may be replaced.
    pub overwrite: Overwrite,
    /// How far this process is kept apart from the rest of the machine, for the documents.
    pub sandbox: SandboxReport,
    /// What files are compared with; absent: with nothing.
    pub known: Option<Arc<dyn KnownMedia>>,
    /// What suggestions are made from.
    pub sources: SuggestionSources,
    /// Where the files are ingested; absent: in this process.
    pub apart: Option<Box<dyn FileIngester>>,
}

/// What becomes known of a file, in this order.
#[derive(Debug, Clone, Copy)]
pub enum IngestStep<'a> {
    /// Its verdict, before anything is made of it.
    Screened(&'a Ingested),
    /// Everything; its document is written.
    Finished(&'a Ingested),
    /// The same, of a file that was ingested somewhere else.
    FinishedApart(&'a IngestedApart),
}

/// What became of all files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IngestReport {
    /// Files whose document was written.
    pub ingested: usize,
    /// Of these, files that did not pass.
    pub held: usize,
    /// Files that failed, and renditions that did.
    pub failed: usize,
}

impl IngestReport {
    /// True where something failed or did not pass.
    pub fn has_findings(&self) -> bool {
        self.failed + self.held > 0
    }

    /// Counts a file whose document was written.
    fn count(&mut self, verdict: Verdict) {
        self.ingested += 1;
        self.held += usize::from(verdict != Verdict::Pass);
    }
}

/// Ingests each file and calls `each` with what was found and made, in order. A file that fails goes to the task, maybe
/// after its verdict; the others go on.
///
/// Errors: those that end the whole run (an unknown preset or look, results in the way), and those of `each`.
pub fn ingest_files<E: From<Error>>(
    job: &IngestJob,
    workshop: &Workshop,
    task: &Task,
    mut each: impl FnMut(IngestStep<'_>) -> Result<(), E>,
) -> Result<IngestReport, E> {
    let preset = IngestPreset::find(&job.preset)?;
    for rendition in &preset.renditions {
        for look in rendition.look.split('+') {
            workshop.looks()?.find(look.trim())?;
        }
    }
    let limits = workshop.limits();
    let (arrivals, failed) = arrivals(&preset, &job.files, &job.output, limits, task)?;
    let documents: Vec<PathBuf> = arrivals.iter().map(Arrival::document).collect();
    refuse_conflicts(documents.iter().map(Some), job.overwrite)?;
    let mut report = IngestReport {
        failed,
        ..IngestReport::default()
    };
    let profile = profile_hash(&preset, &job.sources, workshop, task)?;
    let run = IngestRun {
        job,
        preset: &preset,
        profile,
        workshop,
        task,
    };
    match &job.apart {
        Some(apart) => run.apart(apart.as_ref(), &arrivals, &mut report, &mut each)?,
        None => run.here(&arrivals, &mut report, &mut each)?,
    }
    Ok(report)
}

/// BLAKE3 of the profile whose taste counts, where anything is suggested by it.
fn profile_hash(
    preset: &IngestPreset,
    sources: &SuggestionSources,
    workshop: &Workshop,
    task: &Task,
) -> Result<Option<String>> {
    match (&preset.suggestions, &sources.profile) {
        (Some(_), Some(name)) => hash_file(&workshop.profiles().path(name)?, task).map(Some),
        _ => Ok(None),
    }
}

/// What the files of a run share.
struct IngestRun<'a> {
    job: &'a IngestJob,
    preset: &'a IngestPreset,
    /// BLAKE3 of the profile that counts.
    profile: Option<String>,
    workshop: &'a Workshop,
    task: &'a Task,
}

impl IngestRun<'_> {
    /// Ingests files in this process.
    fn here<E: From<Error>>(
        &self,
        arrivals: &[Arrival],
        report: &mut IngestReport,
        each: &mut impl FnMut(IngestStep<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let paths: Vec<PathBuf> = arrivals.iter().map(|file| file.path.clone()).collect();
        let analyzer = Analyzer::new(self.workshop, self.task)?.with_scope(self.preset.scope());
        analyzer.run_timed(&paths, Stage::Look, |at, answer, took| {
            let Some(arrival) = arrivals.get(at) else {
                return Ok(());
            };
            let screened = answer.and_then(|analysis| self.screened(analysis, took));
            if let Ok(ingested) = &screened {
                each(IngestStep::Screened(ingested))?;
            }
            match screened.and_then(|ingested| self.finished(ingested, arrival)) {
                Ok((ingested, failed)) => {
                    report.failed += failed;
                    report.count(ingested.screening.verdict);
                    each(IngestStep::Finished(&ingested))
                }
                Err(problem) => self.failed(arrival, problem, report).map_err(E::from),
            }
        })
    }

    /// Ingests files somewhere else.
    fn apart<E: From<Error>>(
        &self,
        apart: &dyn FileIngester,
        arrivals: &[Arrival],
        report: &mut IngestReport,
        each: &mut impl FnMut(IngestStep<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut stopped = None;
        apart.run(arrivals, self.task, &mut |at, answer| {
            let Some(arrival) = arrivals.get(at) else {
                return true;
            };
            let finished = answer.and_then(|document| self.finished_apart(document, arrival));
            let ended = match finished {
                Ok(ingested) => {
                    report.count(ingested.facts.screening.verdict);
                    each(IngestStep::FinishedApart(&ingested))
                }
                Err(problem) => self.failed(arrival, problem, report).map_err(E::from),
            };
            stopped = ended.err();
            stopped.is_none()
        })?;
        stopped.map_or(Ok(()), Err)
    }

    /// Tells of a file that failed, and goes on where that is possible.
    fn failed(&self, arrival: &Arrival, problem: Error, report: &mut IngestReport) -> Result<()> {
        if problem.is_fatal() {
            return Err(problem);
        }
        report.failed += 1;
        self.task.failure(&arrival.path, &problem);
        Ok(())
    }

    /// Completes what another process found and made of a file, and writes its document.
    fn finished_apart(&self, document: Value, arrival: &Arrival) -> Result<IngestedApart> {
        let (job, workshop) = (self.job, self.workshop);
        let mut ingested = IngestedApart::of(document, &arrival.path)?;
        suggest_music(&mut ingested.document, self.preset, &job.sources, workshop)?;
        write_json(&arrival.document(), &ingested.document, job.overwrite)?;
        Ok(ingested)
    }

    /// The verdict on a file, before anything is made of it. `took` is how long its analysis took.
    fn screened(&self, analysis: Analysis, took: Duration) -> Result<Ingested> {
        let (job, models) = (self.job, self.workshop.models()?);
        let (mut ingested, screening) = self.workshop.timed(|| {
            let known = match &job.known {
                Some(known) => known.matches(&Fingerprints::of(&analysis)).ok(),
                None => Some(Vec::new()),
            };
            let subtitles = self.subtitles(&analysis);
            let beside = BesideAnalysis {
                known: known.as_deref(),
                subtitles: subtitles.as_ref(),
            };
            Ingested::screened(self.preset, analysis, models, &job.sandbox, beside)
        });
        ingested.provenance.profile.clone_from(&self.profile);
        ingested.seconds = StepSeconds::screened(took, screening);
        Ok(ingested)
    }

    /// The subtitles of a film or sound, where words are listed; `None` where they cannot be read.
    fn subtitles(&self, analysis: &Analysis) -> Option<Subtitles> {
        if !self.preset.lists_words() || analysis.file.kind == FileKind::Image {
            return Some(Subtitles::default());
        }
        let path = Path::new(&analysis.file.path);
        read_subtitles(path, self.workshop.limits()).ok()
    }

    /// Makes what the preset asks for, where the file is not blocked, and writes the document. Gives how many renditions
    /// failed, too.
    fn finished(&self, mut ingested: Ingested, arrival: &Arrival) -> Result<(Ingested, usize)> {
        let (preset, workshop, task) = (self.preset, self.workshop, self.task);
        let overwrite = self.job.overwrite;
        let mut failures = 0;
        if is_suggested_for(ingested.screening.verdict, ingested.analysis.file.kind) {
            let renditions = RenditionJob { preset, overwrite };
            let (made, took) = {
                let analysis = &ingested.analysis;
                workshop.timed(|| render_all(arrival, analysis, &renditions, workshop, task))
            };
            (ingested.renditions, failures) = made?;
            ingested.seconds.renditions = Some(seconds(took));
            let (suggestions, took) = workshop.timed(|| {
                let sources = &self.job.sources;
                suggested(preset, &ingested.analysis, sources, workshop, task)
            });
            ingested.suggestions = suggestions?;
            if ingested.suggestions.is_some() {
                ingested.seconds.suggestions = Some(seconds(took));
            }
        }
        write_json(&arrival.document(), &ingested, overwrite)?;
        Ok((ingested, failures))
    }
}
