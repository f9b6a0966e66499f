//! The job of `analyze`: what is in each of many files.

use std::path::{Path, PathBuf};

use crate::analysis::audio::read_captions;
use crate::analysis::{Analysis, BeatOverride, Scope, Transcript};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::Workshop;
use crate::jobs::analyzer::Analyzer;
use crate::jobs::inputs::{Input, expand, is_bystander};
use crate::jobs::json_file::write_json;
use crate::jobs::render::refuse_conflicts;
use crate::notice::Notice;
use crate::picture::{Background, FilmTreatment};
use crate::report::analysis_page;
use crate::store::{Overwrite, write_atomic};
use crate::task::{Stage, Task};

/// Analyzes files somewhere else than in this process.
pub trait FileAnalyzer {
    /// Calls `each` with the number of a file and its analysis, in order, until it returns false. A file that fails has its
    /// own error.
    ///
    /// Errors: those that end the whole run.
    fn run(
        &self,
        files: &[PathBuf],
        task: &Task,
        each: &mut dyn FnMut(usize, Result<Analysis>) -> bool,
    ) -> Result<()>;
}

/// Which files are analyzed, what is looked for, and where it is written.
pub struct AnalyzeJob {
    /// Files and folders of them.
    pub files: Vec<PathBuf>,
    /// What is looked for.
    pub scope: Scope,
    /// What is said in the only file, as SubRip or WebVTT.
    pub captions: Option<PathBuf>,
    /// What a person decided about the beats of all files.
    pub beats: BeatOverride,
    /// The folder of a document for each file.
    pub folder: Option<PathBuf>,
    /// A page that shows all files.
    pub page: Option<PathBuf>,
    /// What happens to files that are there already.
    pub overwrite: Overwrite,
    /// Where the files are analyzed; absent: in this process.
    pub apart: Option<Box<dyn FileAnalyzer>>,
}

/// What a job will do.
pub struct AnalysisPlan {
    /// The files, in order.
    pub files: Vec<PlannedAnalysis>,
    captions: Option<Transcript>,
}

/// A file to analyze.
pub struct PlannedAnalysis {
    /// The file.
    pub input: Input,
    /// Where its analysis is written.
    pub target: Option<PathBuf>,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnalyzeReport {
    /// Some file failed, or only a part of it could be read.
    pub failed: bool,
}

/// Finds the files that the job analyzes, and reads the captions. Nothing is analyzed or written.
///
/// Errors: `Usage` where two files would be written to one, or captions are given for several; and those of what is in
/// the way, and of captions that cannot be read.
pub fn plan_analysis(job: &AnalyzeJob, workshop: &Workshop) -> Result<AnalysisPlan> {
    let mut files: Vec<PlannedAnalysis> = Vec::new();
    for input in expand(&job.files)? {
        let target = job.folder.as_ref().map(|folder| target(&input, folder));
        let is_taken = |other: &PlannedAnalysis| target.is_some() && other.target == target;
        if files.iter().any(is_taken) {
            let target = target.unwrap_or_default();
            return Err(Error::Usage {
                what: format!("two inputs would both be written to {}", target.display()),
                hint: Hint::AnalyzeApart,
            });
        }
        files.push(PlannedAnalysis { input, target });
    }
    let targets = files.iter().filter_map(|file| file.target.as_ref());
    refuse_conflicts(targets.chain(&job.page).map(Some), job.overwrite)?;
    let captions = captions(job, files.len(), workshop)?;
    Ok(AnalysisPlan { files, captions })
}

/// `folder/NAME.EXT.json`.
fn target(input: &Input, folder: &Path) -> PathBuf {
    let mut name = input.path.file_name().unwrap_or_default().to_owned();
    name.push(".json");
    folder.join(name)
}

/// Analyzes the files, writes what is to be written, and calls `each` with every analysis, in order. A file that fails
/// goes to the task; the others go on.
///
/// Errors: those of [`plan_analysis`], those that end the whole run, and those of `each`.
pub fn analyze_files<E: From<Error>>(
    job: &AnalyzeJob,
    workshop: &Workshop,
    task: &Task,
    mut each: impl FnMut(&Analysis) -> Result<(), E>,
) -> Result<AnalyzeReport, E> {
    let AnalysisPlan { files, captions } = plan_analysis(job, workshop)?;
    let has_captions = captions.is_some();
    let paths: Vec<PathBuf> = files.iter().map(|file| file.input.path.clone()).collect();
    let beats = paths.iter().map(|path| (path.clone(), job.beats)).collect();
    let (mut failed, mut bystanders, mut shown) = (false, 0, Vec::new());
    let mut take = |at: usize, result: Result<Analysis>| {
        let Some(PlannedAnalysis { input, target }) = files.get(at) else {
            return Ok(());
        };
        match result {
            Ok(analysis) => {
                failed |= analysis.file.partial.is_some();
                notice_gaps(&analysis, &input.path, has_captions, task);
                notice_treatments(&analysis, &input.path, Background::BLACK, task);
                if let Some(target) = target {
                    write_json(target, &analysis, job.overwrite)?;
                }
                each(&analysis)?;
                if job.page.is_some() {
                    shown.push(analysis);
                }
            }
            Err(problem) if is_bystander(input, &problem) => bystanders += 1,
            Err(problem) => {
                failed = true;
                task.failure(&input.path, &problem);
            }
        }
        Ok::<(), E>(())
    };
    if let Some(apart) = &job.apart {
        let mut stopped = None;
        apart.run(&paths, task, &mut |at, result| {
            stopped = take(at, result).err();
            stopped.is_none()
        })?;
        stopped.map_or(Ok(()), Err)?;
    } else {
        let analyzer = Analyzer::new(workshop, task)?
            .with_scope(job.scope.clone())
            .with_captions(captions)
            .with_beats(beats);
        analyzer.run(&paths, Stage::Analyze, take)?;
    }
    if bystanders > 0 {
        task.notice(Notice::NotMedia { files: bystanders });
    }
    if let Some(page) = &job.page {
        let text = analysis_page(&shown, workshop.limits(), task)?;
        write_atomic(page, text.as_bytes(), job.overwrite)?;
    }
    Ok(AnalyzeReport { failed })
}

/// Gives notice of what had to be done to the frames of a film, whose transparent areas will show `background`.
pub(super) fn notice_treatments(
    analysis: &Analysis,
    path: &Path,
    background: Background,
    task: &Task,
) {
    let treatments = analysis.video.iter().flat_map(|video| &video.treatments);
    for &treatment in treatments {
        let file = path.to_path_buf();
        let treatment = match treatment {
            FilmTreatment::LaidOverBlack => FilmTreatment::laid_over(background),
            other => other,
        };
        task.notice(Notice::FilmTreated { file, treatment });
    }
}

/// The captions of the only file.
fn captions(job: &AnalyzeJob, files: usize, workshop: &Workshop) -> Result<Option<Transcript>> {
    match &job.captions {
        Some(_) if files != 1 => Err(Error::Usage {
            what: format!("captions are for one file, not {files}"),
            hint: Hint::AnalyzeAlone,
        }),
        Some(file) => read_captions(file, &workshop.language().0).map(Some),
        None => Ok(None),
    }
}

/// Gives notice of a file that breaks off, of what else it holds, and of captions for a file without sound.
fn notice_gaps(analysis: &Analysis, path: &Path, has_captions: bool, task: &Task) {
    let file = || path.to_path_buf();
    if let Some(partial) = &analysis.file.partial {
        let problem = partial.message.clone();
        task.notice(Notice::PartlyRead {
            file: file(),
            problem,
        });
    }
    for left_out in &analysis.file.left_out {
        task.notice(Notice::PartLeftOut {
            file: file(),
            part: left_out.part,
            count: left_out.count,
        });
    }
    if has_captions && analysis.audio.is_none() {
        task.notice(Notice::CaptionsUnused { file: file() });
    }
}
