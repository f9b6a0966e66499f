//! The job of `apply`: one look over many files, each result written once.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::batch::{
    Batch, BatchInput, BatchItem, BatchResult, BatchSettings, FormatChoice, Matching, NameTemplate,
    NamingRules, PreviewPair, ResultStatus, RunMode, SizeLimit, assign_targets,
};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::{Input, Workshop, expand, is_bystander};
use crate::looks::{Look, LookLibrary};
use crate::media::{ChromaSubsampling, MetadataPolicy};
use crate::notice::Notice;
use crate::report::{BeforeAfter, before_after_page};
use crate::store::{Overwrite, write_atomic};
use crate::task::{Stage, Task};

/// The name of the page that a preview writes into the folder of the results.
const PREVIEW_PAGE: &str = "preview.html";

/// Files, a look, and how the results are written.
pub struct ApplyJob {
    /// Name or path of the look, or several joined with `+`.
    pub look: String,
    /// Pictures, clips and folders of them.
    pub files: Vec<PathBuf>,
    /// The folder of the results.
    pub output: PathBuf,
    /// Template of the names of the results.
    pub template: Option<String>,
    /// Strength of the look: 0 changes nothing, 1 is as written, at most 2.
    pub strength: f64,
    /// How files are made to match.
    pub matching: Matching,
    /// The shape that stills are cropped to.
    pub aspect: Option<(u32, u32)>,
    /// The size that results are scaled down to.
    pub fit: Option<SizeLimit>,
    /// The format of stills.
    pub format: FormatChoice,
    /// Quality of JPEG and WebP.
    pub quality: Option<u8>,
    /// Chroma subsampling of JPEG.
    pub subsampling: Option<ChromaSubsampling>,
    /// What is kept of the metadata.
    pub metadata: MetadataPolicy,
    /// Pictures that break off are written as far as they go.
    pub partial: bool,
    /// What happens to results that are there already.
    pub mode: RunMode,
}

/// What became of one file, `tastemaker.applied/1`.
#[derive(Serialize)]
pub struct ApplyResult<'a> {
    schema: &'static str,
    /// The original.
    pub file: String,
    /// Its result.
    pub output: String,
    look: &'a str,
    strength: f64,
    format: &'static str,
    /// Whether it was written.
    #[serde(flatten)]
    pub state: ApplyState<'a>,
}

/// Whether a result is planned or written.
#[derive(Serialize)]
#[serde(untagged)]
pub enum ApplyState<'a> {
    /// Nothing was written.
    Planned {
        /// The word for it.
        status: &'static str,
    },
    /// It was written, in this run or an earlier one.
    Applied(&'a BatchResult),
}

/// What became of all files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ApplyReport {
    /// Results written in this run.
    pub written: usize,
    /// Results that an earlier run had finished.
    pub finished: usize,
    /// Results that hold only a part, because the original breaks off.
    pub partial: usize,
    /// Files that failed.
    pub failed: usize,
    /// Results that say where they were taken.
    pub location: usize,
    /// Files in folders that are not media.
    pub bystanders: usize,
}

impl ApplyReport {
    /// True where a file failed or only a part of it was written.
    pub fn has_findings(&self) -> bool {
        self.failed + self.partial > 0
    }

    fn count(&mut self, applied: &BatchResult) {
        match applied.status {
            ResultStatus::Written => self.written += 1,
            ResultStatus::Finished => self.finished += 1,
        }
        self.location += usize::from(applied.location);
        self.partial += usize::from(applied.partial.is_some());
    }
}

/// Each file with its result or with what is wrong with it, in order.
struct ApplyPlan {
    settings: BatchSettings,
    /// `None` where the file failed.
    jobs: Vec<Option<BatchItem>>,
    /// For each job, why it failed.
    failures: Vec<Option<(PathBuf, Error)>>,
    bystanders: usize,
}

/// Applies the look and calls `each` with every result, in order. A file that fails goes to the task; the others go on.
///
/// Errors: those that end the whole run, and those of `each`.
pub fn apply_look<E: From<Error>>(
    job: &ApplyJob,
    workshop: &Workshop,
    task: &Task,
    mut each: impl FnMut(ApplyResult<'_>) -> Result<(), E>,
) -> Result<ApplyReport, E> {
    let plan = plan_batch(job, workshop, task)?;
    let stage = task.stage(Stage::Apply);
    let batch = plan.batch(job, workshop, &stage)?;
    let jobs = plan.jobs();
    let mut report = plan.report();
    batch.run(&jobs, |at, answer| {
        let planned = jobs.get(at).copied().flatten();
        match (answer, planned) {
            (Some(Ok(applied)), Some(job)) => {
                report.count(&applied);
                if let Some(partial) = &applied.partial {
                    task.notice(Notice::PartlyWritten {
                        file: job.source.clone(),
                        problem: partial.message.clone(),
                    });
                }
                for track in &applied.left_out {
                    task.notice(Notice::SoundTrackLeftOut {
                        file: job.source.clone(),
                        number: track.number,
                        codec: track.codec.clone(),
                    });
                }
                each(plan.result(job, ApplyState::Applied(&applied)))
            }
            (Some(Err(problem)), Some(job)) => {
                report.failed += 1;
                task.failure(&job.source, &problem);
                Ok(())
            }
            _ => {
                plan.fail(at, &mut report, task);
                Ok(())
            }
        }
    })?;
    Ok(report)
}

/// Calls `each` with every result that the job would write. Nothing is written.
pub fn plan_apply<E: From<Error>>(
    job: &ApplyJob,
    workshop: &Workshop,
    task: &Task,
    mut each: impl FnMut(ApplyResult<'_>) -> Result<(), E>,
) -> Result<ApplyReport, E> {
    let plan = plan_batch(job, workshop, task)?;
    plan.batch(job, workshop, task)?
        .refuse_conflicts(plan.jobs().into_iter().flatten())?;
    let mut report = plan.report();
    for (at, planned) in plan.jobs.iter().enumerate() {
        match planned {
            Some(job) => each(plan.result(job, ApplyState::Planned { status: "planned" }))?,
            None => plan.fail(at, &mut report, task),
        }
    }
    Ok(report)
}

/// Writes a page that shows the look on the `count` photos that differ most, and returns its path.
pub fn preview_apply(
    job: &ApplyJob,
    count: usize,
    workshop: &Workshop,
    task: &Task,
) -> Result<PathBuf> {
    let plan = plan_batch(job, workshop, task)?;
    let stage = task.stage(Stage::Apply);
    let jobs = plan.jobs();
    let shown = plan.batch(job, workshop, &stage)?.preview(&jobs, count)?;
    if shown.is_empty() {
        return Err(Error::Usage {
            what: "there is no photo to show the look on".into(),
            hint: Hint::NamePhotos,
        });
    }
    let pictures = shown.iter().map(before_after).collect();
    let page = before_after_page(&plan.settings.look.id, jobs.len(), pictures)?;
    let path = job.output.join(PREVIEW_PAGE);
    let overwrite = if job.mode == RunMode::Force {
        Overwrite::Force
    } else {
        Overwrite::Refuse
    };
    write_atomic(&path, page.as_bytes(), overwrite)?;
    Ok(path)
}

fn before_after(shown: &PreviewPair) -> BeforeAfter<'_> {
    let reasons = shown
        .adjusted
        .iter()
        .flat_map(|adjusted| adjusted.reasons.iter());
    BeforeAfter {
        path: &shown.source,
        before: shown.before.clone(),
        after: shown.after.clone(),
        notes: reasons.map(|reason| reason.text.clone()).collect(),
    }
}

fn plan_batch(job: &ApplyJob, workshop: &Workshop, task: &Task) -> Result<ApplyPlan> {
    let settings = settings(job, workshop)?;
    let template = job
        .template
        .as_deref()
        .map(NameTemplate::parse)
        .transpose()?;
    let origins: Vec<BatchInput> = expand(&job.files)?
        .into_iter()
        .map(|input| BatchInput {
            path: input.path,
            folder: input.folder,
        })
        .collect();
    let rules = NamingRules {
        out: &job.output,
        template: template.as_ref(),
        look: &settings.look.id,
        format: settings.format,
        limits: &settings.limits,
    };
    let (mut jobs, mut failures, mut bystanders) = (Vec::new(), Vec::new(), 0);
    for (origin, planned) in assign_targets(&origins, &rules)? {
        task.check()?;
        match planned {
            Ok(job) => {
                jobs.push(Some(job));
                failures.push(None);
            }
            Err(problem) => {
                let input = Input {
                    path: origin.path,
                    folder: origin.folder,
                };
                if is_bystander(&input, &problem) {
                    bystanders += 1;
                } else {
                    jobs.push(None);
                    failures.push(Some((input.path, problem)));
                }
            }
        }
    }
    Ok(ApplyPlan {
        settings,
        jobs,
        failures,
        bystanders,
    })
}

fn settings(job: &ApplyJob, workshop: &Workshop) -> Result<BatchSettings> {
    Ok(BatchSettings {
        look: find_look(workshop.looks()?, &job.look)?,
        strength: job.strength,
        matching: job.matching,
        aspect: job.aspect,
        fit: job.fit,
        format: job.format,
        quality: job.quality,
        subsampling: job.subsampling,
        metadata: job.metadata,
        partial: job.partial,
        limits: *workshop.limits(),
    })
}

/// One look, or several joined with `+` and applied one after the other.
fn find_look(library: &LookLibrary, name: &str) -> Result<Look> {
    if !name.contains('+') || Path::new(name).is_file() {
        return library.find(name);
    }
    let looks = name.split('+').map(|part| library.find(part.trim()));
    Ok(Look::stacked(&looks.collect::<Result<Vec<_>>>()?))
}

impl ApplyPlan {
    fn jobs(&self) -> Vec<Option<&BatchItem>> {
        self.jobs.iter().map(Option::as_ref).collect()
    }

    fn result<'a>(&'a self, job: &BatchItem, state: ApplyState<'a>) -> ApplyResult<'a> {
        ApplyResult {
            schema: "tastemaker.applied/1",
            file: job.source.display().to_string(),
            output: job.target.display().to_string(),
            look: &self.settings.look.id,
            strength: self.settings.strength,
            format: job.format.name(),
            state,
        }
    }

    fn report(&self) -> ApplyReport {
        ApplyReport {
            bystanders: self.bystanders,
            ..ApplyReport::default()
        }
    }

    /// Networks are opened only where a look's masks or a crop around the subject need them.
    fn batch<'a>(
        &'a self,
        job: &'a ApplyJob,
        workshop: &'a Workshop,
        task: &'a Task,
    ) -> Result<Batch<'a>> {
        let needs_networks =
            job.aspect.is_some() || self.settings.look.check_networks(None).is_err();
        Ok(Batch {
            settings: &self.settings,
            models: needs_networks.then(|| workshop.models()).transpose()?,
            out: &job.output,
            mode: job.mode,
            workers: workshop.workers(),
            task,
        })
    }

    fn fail(&self, at: usize, report: &mut ApplyReport, task: &Task) {
        if let Some(Some((path, problem))) = self.failures.get(at) {
            report.failed += 1;
            task.failure(path, problem);
        }
    }
}
