//! A plan as the timeline of another editing program, or its captions or chapters as a file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::edit::Plan;
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::interchange::{
    EditingProgram, LossBook, LossReport, LostPart, Medium, SubtitleFormat, TimelineFormat,
    WriteRequest, absolute, chapters, note_other_than_captions, note_other_than_chapters,
    sequence_of, write_sequence, write_subtitles,
};
use crate::jobs::{Workshop, read_plan, refuse_conflicts};
use crate::looks::Lut;
use crate::store::{Overwrite, write_atomic};

/// Nodes a side of the tables of looks, as other programs usually have.
const TABLE_NODES: usize = 33;

/// What a plan is exported to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// The timeline of another program.
    Timeline(TimelineFormat),
    /// Its captions.
    Captions(SubtitleFormat),
    /// Its chapters.
    Chapters,
}

impl ExportFormat {
    /// All of them.
    pub fn all() -> Vec<Self> {
        let timelines = TimelineFormat::ALL.map(Self::Timeline);
        let captions = SubtitleFormat::ALL.map(Self::Captions);
        timelines
            .into_iter()
            .chain(captions)
            .chain([Self::Chapters])
            .collect()
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Timeline(format) => format.name(),
            Self::Captions(format) => format.name(),
            Self::Chapters => "chapters",
        }
    }
}

/// A plan to export.
pub struct ExportTimelineJob {
    /// The plan.
    pub plan: PathBuf,
    /// The format.
    pub format: ExportFormat,
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

/// Exports the plan; a timeline with a table beside it for each look.
pub fn export_timeline(job: &ExportTimelineJob, workshop: &Workshop) -> Result<TimelineExport> {
    refuse_foreign(job)?;
    let (plan, folder) = read_plan(&job.plan)?;
    match job.format {
        ExportFormat::Timeline(format) => timeline(job, format, (&plan, &folder), workshop),
        ExportFormat::Captions(_) | ExportFormat::Chapters => text_of(job, &plan),
    }
}

/// The captions or the chapters of the plan.
fn text_of(job: &ExportTimelineJob, plan: &Plan) -> Result<TimelineExport> {
    refuse_conflicts([Some(&job.target)], job.overwrite)?;
    let mut losses = LossBook::default();
    let text = match job.format {
        ExportFormat::Captions(format) if !plan.captions.is_empty() => {
            note_other_than_captions(plan, &mut losses);
            let size = Size::new(plan.output.width, plan.output.height);
            write_subtitles(&plan.captions, size, format)?
        }
        ExportFormat::Captions(_) => {
            return Err(Error::Nothing {
                what: "the plan has no captions".into(),
                hint: Hint::CaptionPlan,
            });
        }
        ExportFormat::Chapters | ExportFormat::Timeline(_) => {
            let (text, kept) = chapters(plan)?;
            note_other_than_chapters(plan, &kept, &mut losses);
            text
        }
    };
    if job.write {
        write_atomic(&job.target, text.as_bytes(), job.overwrite)?;
    }
    Ok(TimelineExport {
        report: losses.exported(plan, 0, job.format.name()),
        files: vec![job.target.clone()],
    })
}

fn timeline(
    job: &ExportTimelineJob,
    format: TimelineFormat,
    (plan, folder): (&Plan, &Path),
    workshop: &Workshop,
) -> Result<TimelineExport> {
    let mut losses = LossBook::default();
    let tables = look_tables(job, plan, workshop, &mut losses)?;
    let targets = tables.iter().map(|(path, _)| path);
    refuse_conflicts(
        targets.clone().chain([&job.target]).map(Some),
        job.overwrite,
    )?;
    let media: Vec<Medium> = plan
        .sources
        .iter()
        .map(|source| Medium::of_source(source, folder, workshop.limits()))
        .collect();
    let target = absolute(&job.target);
    let name = target.file_stem().unwrap_or_default().to_string_lossy();
    let sequence = sequence_of(plan, &name, media);
    let request = WriteRequest {
        sequence: &sequence,
        plan,
        folder: target.parent().unwrap_or(Path::new("/")),
        program: job.program,
    };
    let text = write_sequence(format, &request, &mut losses)?;
    if job.write {
        for (path, table) in &tables {
            write_atomic(path, table.as_bytes(), job.overwrite)?;
        }
        write_atomic(&job.target, text.as_bytes(), job.overwrite)?;
    }
    let files = [&job.target].into_iter().chain(targets).cloned().collect();
    let gaps = sequence.counts().gaps;
    Ok(TimelineExport {
        report: losses.exported(plan, gaps, format.name()),
        files,
    })
}

/// Fails when the program does not open the format.
fn refuse_foreign(job: &ExportTimelineJob) -> Result<()> {
    let formats = job.program.map(EditingProgram::formats);
    match formats.filter(|formats| {
        !formats
            .iter()
            .any(|format| ExportFormat::Timeline(*format) == job.format)
    }) {
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
