//! The job of `analyze`: what is in each of many files.

use std::path::PathBuf;

use crate::analysis::{Analysis, BeatOverride, Scope, Transcript};
use crate::error::{Error, Result};
use crate::jobs::Workshop;
use crate::jobs::analyzer::Analyzer;
use crate::jobs::inputs::{Input, is_bystander};
use crate::notice::Notice;
use crate::task::{Stage, Task};

/// Which files are analyzed, and what is looked for.
pub struct AnalyzeJob {
    /// The files.
    pub inputs: Vec<Input>,
    /// What is looked for.
    pub scope: Scope,
    /// What is said in the only file.
    pub captions: Option<Transcript>,
    /// What a person decided about the beats of all files.
    pub beats: BeatOverride,
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnalyzeReport {
    /// Some file failed, or only a part of it could be read.
    pub failed: bool,
}

/// Analyzes the files and calls `each` with every analysis, in order, and the number of its file. A file that fails
/// goes to the task; the others go on.
///
/// Errors: those that end the whole run, and those of `each`.
pub fn analyze_files<E: From<Error>>(
    job: AnalyzeJob,
    workshop: &Workshop,
    task: &Task,
    mut each: impl FnMut(usize, Analysis) -> Result<(), E>,
) -> Result<AnalyzeReport, E> {
    let paths: Vec<PathBuf> = job.inputs.iter().map(|input| input.path.clone()).collect();
    let beats = paths.iter().map(|path| (path.clone(), job.beats)).collect();
    let has_captions = job.captions.is_some();
    let analyzer = Analyzer::new(workshop, task)?
        .with_scope(job.scope)
        .with_captions(job.captions)
        .with_beats(beats);
    let (mut failed, mut bystanders) = (false, 0);
    analyzer.run(&paths, Stage::Analyze, |at, result| {
        let Some(input) = job.inputs.get(at) else {
            return Ok(());
        };
        let file = || input.path.clone();
        match result {
            Ok(analysis) => {
                if let Some(partial) = &analysis.file.partial {
                    failed = true;
                    let problem = partial.message.clone();
                    task.notice(Notice::PartlyRead {
                        file: file(),
                        problem,
                    });
                }
                if has_captions && analysis.audio.is_none() {
                    task.notice(Notice::CaptionsUnused { file: file() });
                }
                each(at, analysis)?;
            }
            Err(problem) if is_bystander(input, &problem) => bystanders += 1,
            Err(problem) => {
                failed = true;
                task.failure(&input.path, &problem);
            }
        }
        Ok::<(), E>(())
    })?;
    if bystanders > 0 {
        task.notice(Notice::NotMedia { files: bystanders });
    }
    Ok(AnalyzeReport { failed })
}
