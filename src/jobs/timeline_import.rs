//! A timeline of another editing program as a plan.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::edit::Plan;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::interchange::{
    FoundMedium, LossBook, LossReport, LostPart, PlanDifference, Sequence, SequenceCounts,
    differences, plan_of, read_sequence, read_timeline_text,
};
use crate::jobs::media_search::MediaSearch;
use crate::jobs::{Workshop, refuse_conflicts};
use crate::store::{Overwrite, write_atomic};
use crate::task::Task;

/// Missing files that an error names.
const MOST_NAMED: usize = 10;

/// A timeline to import.
pub struct ImportTimelineJob {
    /// The timeline.
    pub file: PathBuf,
    /// The plan.
    pub plan: PathBuf,
    /// A folder in which its files are looked for.
    pub media: Option<PathBuf>,
    /// What happens to a plan that is there already.
    pub overwrite: Overwrite,
    /// False: nothing is written, and files may be missing.
    pub write: bool,
}

/// A timeline that was imported.
pub struct TimelineImport {
    /// What was read, kept and lost.
    pub report: TimelineReport,
    /// The plan, where its files were found.
    pub plan: Option<Plan>,
}

/// What was kept and lost on the way between a plan and a timeline, `tastemaker.loss/1`.
#[derive(Serialize, JsonSchema)]
pub struct TimelineReport {
    /// What was kept and lost.
    #[serde(flatten)]
    pub losses: LossReport,
    /// What the timeline holds; only of an import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<SequenceCounts>,
    /// What an editor changed, where the plan that the timeline was made from is known; only of an import.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<PlanDifference>>,
}

/// Imports the timeline.
///
/// Errors: those of reading it; `Nothing` naming files that are not found, unless nothing is written.
pub fn import_timeline(
    job: &ImportTimelineJob,
    workshop: &Workshop,
    task: &Task,
) -> Result<TimelineImport> {
    if job.write {
        refuse_conflicts([Some(&job.plan)], job.overwrite)?;
    }
    let text = read_timeline_text(&job.file, workshop.limits())?;
    let mut losses = LossBook::default();
    let (format, sequence) = read_sequence(&text, &job.file, &mut losses)?;
    drop(text);
    let places = (job.file.as_path(), job.plan.as_path());
    let search = MediaSearch::new(places, job.media.as_ref(), workshop, task)?;
    let files = search.find(&sequence, &mut losses)?;
    let missing = missing(&sequence, &files);
    if job.write && !missing.is_empty() {
        return Err(not_found(&job.file, &missing));
    }
    for name in missing {
        losses.note(LostPart::Clip, "file", name, "it was not found");
    }
    let imported = match plan_of(&sequence, &files, &mut losses) {
        Ok(imported) => Some(imported),
        Err(problem) if job.write => return Err(problem),
        Err(_) => None,
    };
    let before = sequence.plan.as_deref();
    let changes = imported
        .as_ref()
        .zip(before)
        .map(|(imported, before)| differences(before, &imported.plan, &imported.origins));
    let plan = imported.map(|imported| imported.plan);
    if job.write
        && let Some(plan) = &plan
    {
        let json = plan.to_json()?;
        // A plan that is written can be read.
        Plan::parse(&json, &job.plan)?;
        write_atomic(&job.plan, json.as_bytes(), job.overwrite)?;
    }
    let report = TimelineReport {
        losses: losses.imported(plan.as_ref(), format.name()),
        timeline: Some(sequence.counts()),
        changes,
    };
    Ok(TimelineImport { report, plan })
}

/// The names of files that were not found.
fn missing(sequence: &Sequence, files: &[Option<FoundMedium>]) -> Vec<String> {
    let pairs = sequence.media.iter().zip(files);
    pairs
        .filter(|(_, file)| file.is_none())
        .map(|(medium, _)| medium.name.clone())
        .collect()
}

fn not_found(timeline: &Path, missing: &[String]) -> Error {
    let mut names = missing
        .iter()
        .take(MOST_NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if missing.len() > MOST_NAMED {
        names.push_str(" and others");
    }
    let count = missing.len();
    let files = if count == 1 { "file" } else { "files" };
    Error::Nothing {
        what: format!(
            "{count} {files} of {} cannot be found: {names}",
            timeline.display()
        ),
        hint: Hint::NameMediaFolder,
    }
}
