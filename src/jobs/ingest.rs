//! The job of `ingest`: what a platform does with each file that arrives. Check it, describe it, screen it, make the
//! renditions. The file itself is never touched, and nothing is sent anywhere.
//!
//! Each file gets a folder of its own, named by the file, with `ingested.json` and the renditions in it. The document is
//! written last: where it is, everything that it names is there. A run that was killed goes on when it is repeated.

mod ad_breaks;
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

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::analysis::{Analysis, FileKind};
use crate::error::{Error, Result};
use crate::jobs::json_file::write_json;
use crate::jobs::render::refuse_conflicts;
use crate::jobs::{Analyzer, Workshop};
use crate::store::Overwrite;
use crate::task::{Stage, Task};
use arrival::{Arrival, arrivals};
use document::seconds;
use renditions::{RenditionJob, render_all};
use suggestions::suggested;

pub use ad_breaks::AdBreak;
pub use brand_safety::{BrandRisk, RiskEvidence, RiskLevel, Sense};
pub use calibration::{CalibratedThreshold, CalibrationReport, calibrate};
pub use document::{
    INGESTED_SCHEMA, Ingested, PresetVersion, Provenance, Rendition, SandboxReport, StepSeconds,
};
pub use known::{Fingerprints, KnownMedia, PictureFingerprint};
pub use preset::{ClipRendition, IngestPreset, KeptMetadata, RenditionSpec, StillFormat};
pub use screening::{Evidence, EvidenceKind, Screening, ScreeningPolicy, Verdict};
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
}

/// What becomes known of a file, in this order.
#[derive(Debug, Clone, Copy)]
pub enum IngestStep<'a> {
    /// Its verdict, before anything is made of it.
    Screened(&'a Ingested),
    /// Everything; its document is written.
    Finished(&'a Ingested),
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
    let paths: Vec<PathBuf> = arrivals.iter().map(|file| file.path.clone()).collect();
    let analyzer = Analyzer::new(workshop, task)?.with_scope(preset.scope());
    let run = IngestRun {
        job,
        preset: &preset,
        workshop,
        task,
    };
    analyzer.run_timed(&paths, Stage::Look, |at, answer, took| {
        let Some(arrival) = arrivals.get(at) else {
            return Ok(());
        };
        let screened = answer.and_then(|analysis| run.screened(analysis, took));
        if let Ok(ingested) = &screened {
            each(IngestStep::Screened(ingested))?;
        }
        match screened.and_then(|ingested| run.finished(ingested, arrival)) {
            Ok((ingested, failed)) => {
                report.failed += failed;
                report.ingested += 1;
                report.held += usize::from(ingested.screening.verdict != Verdict::Pass);
                each(IngestStep::Finished(&ingested))
            }
            Err(problem) if problem.is_fatal() => Err(problem.into()),
            Err(problem) => {
                report.failed += 1;
                task.failure(&arrival.path, &problem);
                Ok(())
            }
        }
    })?;
    Ok(report)
}

/// What the files of a run share.
struct IngestRun<'a> {
    job: &'a IngestJob,
    preset: &'a IngestPreset,
    workshop: &'a Workshop,
    task: &'a Task,
}

impl IngestRun<'_> {
    /// The verdict on a file, before anything is made of it. `took` is how long its analysis took.
    fn screened(&self, analysis: Analysis, took: Duration) -> Result<Ingested> {
        let (job, models) = (self.job, self.workshop.models()?);
        let (mut ingested, screening) = self.workshop.timed(|| {
            let known = match &job.known {
                Some(known) => known.matches(&Fingerprints::of(&analysis)).ok(),
                None => Some(Vec::new()),
            };
            Ingested::screened(
                self.preset,
                analysis,
                models,
                &job.sandbox,
                known.as_deref(),
            )
        });
        ingested.seconds = StepSeconds::screened(took, screening);
        Ok(ingested)
    }

    /// Makes what the preset asks for, where the file is not blocked, and writes the document. Gives how many renditions
    /// failed, too.
    fn finished(&self, mut ingested: Ingested, arrival: &Arrival) -> Result<(Ingested, usize)> {
        let (preset, workshop, task) = (self.preset, self.workshop, self.task);
        let overwrite = self.job.overwrite;
        let is_heard = ingested.analysis.file.kind == FileKind::Audio;
        let mut failures = 0;
        if ingested.screening.verdict != Verdict::Block && !is_heard {
            let renditions = RenditionJob { preset, overwrite };
            let (made, took) = {
                let analysis = &ingested.analysis;
                workshop.timed(|| render_all(arrival, analysis, &renditions, workshop, task))
            };
            (ingested.renditions, failures) = made?;
            ingested.seconds.renditions = Some(seconds(took));
            let (suggestions, took) =
                workshop.timed(|| suggested(preset, &ingested.analysis, workshop, task));
            ingested.suggestions = suggestions?;
            if ingested.suggestions.is_some() {
                ingested.seconds.suggestions = Some(seconds(took));
            }
        }
        write_json(&arrival.document(), &ingested, overwrite)?;
        Ok((ingested, failures))
    }
}
