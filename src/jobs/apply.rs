//! The job of `apply`: one look over many files, each result written once.

use std::path::{Path, PathBuf};

use crate::batch::{PreviewPair, RunMode};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::jobs::apply_job::{ApplyJob, ApplyReport, ApplyResult, ApplyState};
use crate::jobs::apply_plan::plan_batch;
use crate::media::LeftOutTrack;
use crate::notice::{Notice, TrackType};
use crate::report::{BeforeAfter, before_after_page};
use crate::store::{Overwrite, write_atomic};
use crate::task::{Stage, Task};

/// The name of the page that a preview writes into the folder of the results.
const PREVIEW_PAGE: &str = "preview.html";

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
                    task.notice(track_left_out(&job.source, track));
                }
                for left_out in &applied.parts_left_out {
                    task.notice(Notice::PartLeftOut {
                        file: job.source.clone(),
                        part: left_out.part,
                        count: left_out.count,
                    });
                }
                for &treatment in &applied.treatments {
                    let file = job.source.clone();
                    task.notice(match job.is_still() {
                        true => Notice::PictureTreated { file, treatment },
                        false => Notice::FilmTreated { file, treatment },
                    });
                }
                each(ApplyResult::new(
                    job,
                    &plan.settings,
                    ApplyState::Applied(&applied),
                ))
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

/// The notice on a track that is not in the result of `file`.
fn track_left_out(file: &Path, track: &LeftOutTrack) -> Notice {
    let file = file.to_path_buf();
    let (number, codec) = (track.number, track.codec.clone());
    match track.kind {
        TrackType::Sound => Notice::SoundTrackLeftOut {
            file,
            number,
            codec,
        },
        kind => Notice::TrackLeftOut {
            file,
            kind,
            number,
            codec,
        },
    }
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
    for (at, planned) in plan.items.iter().enumerate() {
        match planned {
            Some(job) => each(ApplyResult::new(
                job,
                &plan.settings,
                ApplyState::Planned { status: "planned" },
            ))?,
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
