//! How often a preset's nudity thresholds would be wrong on files that a person has labeled.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::preset::IngestPreset;
use super::screening::{BesideAnalysis, Screening};
use crate::analysis::{Effort, Part, Scope};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::inputs::{expand, is_bystander};
use crate::jobs::{Analyzer, Workshop};
use crate::task::{Stage, Task};

/// The folders of a labeled folder.
const SAFE: &str = "safe";
const UNSAFE: &str = "unsafe";
/// Thresholds that are told beside those of the preset, in steps of a twentieth.
const STEPS: u32 = 20;

/// How often thresholds are wrong, `tastemaker.calibration/1`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CalibrationReport {
    schema: &'static str,
    /// Id of the preset.
    pub preset: String,
    /// Files with a score that a person calls safe.
    pub safe: usize,
    /// Files with a score that a person calls unsafe.
    pub r#unsafe: usize,
    /// Files without a score: they go to a person whatever the threshold.
    pub unchecked: usize,
    /// From the lowest threshold to the highest.
    pub thresholds: Vec<CalibratedThreshold>,
}

/// How often one threshold is wrong.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CalibratedThreshold {
    /// Scores from here on are stopped.
    pub threshold: f64,
    /// `review` or `block`, where it is that of the preset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<&'static str>,
    /// Safe files that are stopped.
    pub false_alarms: usize,
    /// Unsafe files that are not.
    pub misses: usize,
}

/// Scores the files in `labeled/safe` and `labeled/unsafe` as the preset `name` does, and counts what each threshold
/// gets wrong. Files that fail go to the task and do not count.
///
/// Errors: `Nothing` where a folder is missing or has no media, and those that end the whole run.
pub fn calibrate(
    name: &str,
    labeled: &Path,
    workshop: &Workshop,
    task: &Task,
) -> Result<CalibrationReport> {
    let preset = IngestPreset::find(name)?;
    let (safe, safe_unchecked) = scores(&preset, &labeled.join(SAFE), workshop, task)?;
    let (harmful, unsafe_unchecked) = scores(&preset, &labeled.join(UNSAFE), workshop, task)?;
    let policy = &preset.screening;
    let own = [
        (policy.review, Some("review")),
        (policy.block, Some("block")),
    ];
    let steps = (1..STEPS).map(|step| (f64::from(step) / f64::from(STEPS), None));
    let mut all: Vec<(f64, Option<&str>)> = own.into_iter().chain(steps).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    all.dedup_by(|later, first| later.0 == first.0 && later.1.is_none());
    let wrong = |(threshold, of)| CalibratedThreshold {
        threshold,
        of,
        false_alarms: safe.iter().filter(|score| **score >= threshold).count(),
        misses: harmful.iter().filter(|score| **score < threshold).count(),
    };
    Ok(CalibrationReport {
        schema: "tastemaker.calibration/1",
        preset: preset.id.clone(),
        safe: safe.len(),
        r#unsafe: harmful.len(),
        unchecked: safe_unchecked + unsafe_unchecked,
        thresholds: all.into_iter().map(wrong).collect(),
    })
}

/// The scores of the files in a folder, and how many have none.
fn scores(
    preset: &IngestPreset,
    folder: &Path,
    workshop: &Workshop,
    task: &Task,
) -> Result<(Vec<f64>, usize)> {
    let nothing = || Error::Nothing {
        what: format!("no pictures or clips in {}", folder.display()),
        hint: Hint::NameReadableFile,
    };
    if !folder.is_dir() {
        return Err(nothing());
    }
    let inputs = expand(&[folder.to_path_buf()])?;
    let paths: Vec<PathBuf> = inputs.iter().map(|input| input.path.clone()).collect();
    let (mut scores, mut unchecked) = (Vec::new(), 0);
    // Only the score of the pictures counts here.
    let alone = BesideAnalysis {
        known: Some(&[]),
        subtitles: None,
    };
    let scope = Scope::new(Some(vec![Part::Safety]), Effort::Full);
    let analyzer = Analyzer::new(workshop, task)?.with_scope(scope);
    analyzer.run(&paths, Stage::Look, |at, found| {
        match found {
            Ok(analysis) => {
                let screening = Screening::of(&analysis, &preset.screening, alone);
                match screening.scores.get("nudity") {
                    Some(score) => scores.push(*score),
                    None => unchecked += 1,
                }
            }
            Err(problem) => {
                if let Some(input) = inputs.get(at).filter(|it| !is_bystander(it, &problem)) {
                    task.failure(&input.path, &problem);
                }
            }
        }
        Ok::<(), Error>(())
    })?;
    match scores.is_empty() && unchecked == 0 {
        true => Err(nothing()),
        false => Ok((scores, unchecked)),
    }
}
