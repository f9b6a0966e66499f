//! Which results `apply` will write, decided before the first one.

use std::path::{Path, PathBuf};

use crate::batch::{
    Batch, BatchInput, BatchItem, BatchSettings, FaceTreatment, NameTemplate, NamingRules,
    assign_targets,
};
use crate::error::{Error, Result};
use crate::jobs::apply_job::{ApplyJob, ApplyReport};
use crate::jobs::taste_look::{AUTO, look_for};
use crate::jobs::{Input, Workshop, expand, is_bystander};
use crate::looks::{Look, LookLibrary};
use crate::task::Task;

/// Each file with its result or with what is wrong with it, in order.
pub(super) struct ApplyPlan {
    /// How results are made.
    pub settings: BatchSettings,
    /// For each file its result; `None` where the file failed.
    pub items: Vec<Option<BatchItem>>,
    /// For each job, why it failed.
    failures: Vec<Option<(PathBuf, Error)>>,
    bystanders: usize,
}

/// Finds the files and names their results. Only headers are read, and nothing is written.
///
/// Errors: those of a look that is unknown, of a template that cannot be read, and of results in each other's way.
pub(super) fn plan_batch(job: &ApplyJob, workshop: &Workshop, task: &Task) -> Result<ApplyPlan> {
    let settings = settings(job, workshop, task)?;
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
        container: settings.container,
        clips: settings.clips,
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
        items: jobs,
        failures,
        bystanders,
    })
}

fn settings(job: &ApplyJob, workshop: &Workshop, task: &Task) -> Result<BatchSettings> {
    let look = match job.look.as_str() {
        AUTO => look_for(&job.files, job.profile.as_deref(), workshop, task)?,
        name => find_look(workshop.looks()?, name)?,
    };
    Ok(BatchSettings {
        look,
        strength: job.strength,
        matching: job.matching,
        aspect: job.aspect,
        fit: job.fit,
        faces: job.faces,
        format: job.format,
        container: job.container,
        clips: job.clips,
        tracks: job.tracks,
        quality: job.quality,
        subsampling: job.subsampling,
        metadata: job.metadata,
        background: job.background,
        gain_map: job.gain_map,
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
    pub fn jobs(&self) -> Vec<Option<&BatchItem>> {
        self.items.iter().map(Option::as_ref).collect()
    }

    pub fn report(&self) -> ApplyReport {
        ApplyReport {
            bystanders: self.bystanders,
            ..ApplyReport::default()
        }
    }

    /// Networks are opened only where a look's masks, a crop around the subject or the search for faces need them.
    pub fn batch<'a>(
        &'a self,
        job: &'a ApplyJob,
        workshop: &'a Workshop,
        task: &'a Task,
    ) -> Result<Batch<'a>> {
        let needs_networks = job.aspect.is_some()
            || job.faces == FaceTreatment::Blur
            || self.settings.look.check_networks(None).is_err();
        Ok(Batch {
            settings: &self.settings,
            models: needs_networks.then(|| workshop.models()).transpose()?,
            out: &job.output,
            mode: job.mode,
            workers: workshop.workers(),
            task,
        })
    }

    pub fn fail(&self, at: usize, report: &mut ApplyReport, task: &Task) {
        if let Some(Some((path, problem))) = self.failures.get(at) {
            report.failed += 1;
            task.failure(path, problem);
        }
    }
}
