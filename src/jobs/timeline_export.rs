//! A plan as the timeline of another editing program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::edit::Plan;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::interchange::{
    EditingProgram, LossBook, LossReport, LostPart, Medium, TimelineFormat, WriteRequest, absolute,
    sequence_of, write_sequence,
};
use crate::jobs::{Workshop, read_plan, refuse_conflicts};
use crate::looks::Lut;
use crate::store::{Overwrite, write_atomic};

/// Nodes a side of the tables of looks, as other programs usually have.
const TABLE_NODES: usize = 33;

/// A plan to export.
pub struct ExportTimelineJob {
    /// The plan.
    pub plan: PathBuf,
    /// The format.
    pub format: TimelineFormat,
    /// The timeline.
    pub target: PathBuf,
    /// Who is to read it.
    pub program: Option<EditingProgram>,
    /// What happens to files that are there already.
    pub overwrite: Overwrite,
    /// False: nothing is written.
    pub write: bool,
}

/// A timeline that was exported.
pub struct TimelineExport {
    /// What was kept and lost.
    pub report: LossReport,
    /// The files: the timeline, then the tables of its looks.
    pub files: Vec<PathBuf>,
}

/// Exports the plan, with a table beside it for each look.
pub fn export_timeline(job: &ExportTimelineJob, workshop: &Workshop) -> Result<TimelineExport> {
    refuse_foreign(job)?;
    let (plan, folder) = read_plan(&job.plan)?;
    let mut losses = LossBook::default();
    let tables = look_tables(job, &plan, workshop, &mut losses)?;
    let targets = tables.iter().map(|(path, _)| path);
    refuse_conflicts(
        targets.clone().chain([&job.target]).map(Some),
        job.overwrite,
    )?;
    let media: Vec<Medium> = plan
        .sources
        .iter()
        .map(|source| Medium::of_source(source, &folder, workshop.limits()))
        .collect();
    let target = absolute(&job.target);
    let name = target.file_stem().unwrap_or_default().to_string_lossy();
    let sequence = sequence_of(&plan, &name, media);
    let request = WriteRequest {
        sequence: &sequence,
        plan: &plan,
        folder: target.parent().unwrap_or(Path::new("/")),
        program: job.program,
    };
    let text = write_sequence(job.format, &request, &mut losses)?;
    if job.write {
        for (path, table) in &tables {
            write_atomic(path, table.as_bytes(), job.overwrite)?;
        }
        write_atomic(&job.target, text.as_bytes(), job.overwrite)?;
    }
    let files = [&job.target].into_iter().chain(targets).cloned().collect();
    let gaps = sequence.counts().gaps;
    Ok(TimelineExport {
        report: losses.exported(&plan, gaps, job.format.name()),
        files,
    })
}

/// Fails when the program does not open the format.
fn refuse_foreign(job: &ExportTimelineJob) -> Result<()> {
    let formats = job.program.map(EditingProgram::formats);
    match formats.filter(|formats| !formats.contains(&job.format)) {
        None => Ok(()),
        Some(formats) => Err(Error::Usage {
            what: format!("that program does not open {}", job.format.name()),
            hint: Hint::UseKnownName {
                known: formats.iter().map(|format| format.name().into()).collect(),
            },
        }),
    }
}

/// The tables of the plan's looks, each with the path at which it is written: `film.film-warm.cube` beside `film.otio`.
fn look_tables(
    job: &ExportTimelineJob,
    plan: &Plan,
    workshop: &Workshop,
    losses: &mut LossBook,
) -> Result<Vec<(PathBuf, String)>> {
    let mut tables = BTreeMap::new();
    for (number, segment) in plan.picture.iter().enumerate() {
        let Some(name) = &segment.look else { continue };
        if tables.contains_key(name) {
            continue;
        }
        match workshop.looks()?.find(name) {
            Ok(look) => {
                let path = job.target.with_extension(format!("{}.cube", look.id));
                let mut lut = Lut::of_look(&look, TABLE_NODES);
                lut.title.clone_from(&look.id);
                tables.insert(name.clone(), (path, lut.to_cube()));
            }
            Err(problem) => {
                let place = format!("picture[{number}]");
                let what = format!("table of {name}");
                losses.note(LostPart::Other, what, place, problem.to_string());
            }
        }
    }
    Ok(tables.into_values().collect())
}
