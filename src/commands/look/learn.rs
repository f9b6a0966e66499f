//! `tastemaker look learn`: a look learned from pictures, and how well it explains them.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::commands::options::{DryRunOption, ForceOption, JsonOption, RequiredOutput, output};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::table::table;
use crate::jobs::{
    LearnFinishJob, LearnFinishReport, LearnPairsJob, Workshop, learn_from_finished,
    learn_from_pairs,
};
use crate::looks::LookStep;
use crate::task::Task;
use crate::time::rounded;

/// Pairs from which the figures under "left out" can be relied on: with fewer, each is judged by a look learned from
/// three pictures or less.
const ENOUGH_PAIRS: usize = 5;
/// What finished pictures alone do not show.
const UNKNOWN: &str = "finished pictures alone do not tell what was done to single colors, \
                       to one place or to one picture, grain, vignettes and sharpness, nor what they merely show more \
                       often than others; pairs of --before and --after do";

/// Learn a look from pictures before and after somebody finished them
#[derive(Debug, Args)]
#[command(mut_arg(
    "output",
    output(
        "LOOK",
        "The look, LOOK.toml; from pairs, its table is written beside it as LOOK.cube"
    )
))]
pub struct LookLearn {
    /// A picture as it was; give one for each --after, in the same order
    #[arg(long, required_unless_present = "from", value_name = "FILE")]
    pub before: Vec<PathBuf>,
    /// The same picture, finished
    #[arg(long, required_unless_present = "from", value_name = "FILE")]
    pub after: Vec<PathBuf>,
    /// Finished pictures alone: a folder, or files; give it as often as needed
    #[arg(long, value_name = "FOLDER", num_args = 1.., conflicts_with_all = ["before", "after"])]
    pub from: Vec<PathBuf>,
    #[command(flatten)]
    pub target: RequiredOutput,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

/// Differences between pictures: without a look, with a look learned from the others, and with the look.
#[derive(Clone, Copy, Serialize)]
struct Differences {
    before: f64,
    left_out: f64,
    unexplained: f64,
}

#[derive(Serialize)]
struct PictureDifferences {
    file: String,
    #[serde(flatten)]
    differences: Differences,
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    look: String,
    #[serde(flatten)]
    mean: Differences,
    #[serde(skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<LookStep>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pairs: Option<Vec<PictureDifferences>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pictures: Option<Vec<PictureDifferences>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<&'static str>,
}

pub fn run(
    verb: &LookLearn,
    workshop: &Workshop,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    if verb.from.is_empty() {
        learn_pairs(verb, workshop, printer)
    } else {
        learn_finish(verb, workshop, printer, task)
    }
}

fn learn_pairs(verb: &LookLearn, workshop: &Workshop, printer: &Printer) -> Result<Outcome> {
    let report = learn_from_pairs(
        &LearnPairsJob {
            before: verb.before.clone(),
            after: verb.after.clone(),
            look: verb.target.output.clone(),
            overwrite: verb.replace.overwrite(),
            write: !verb.mode.dry_run,
        },
        workshop,
    )?;
    let differences: Vec<Differences> = report
        .differences
        .iter()
        .map(|pair| Differences {
            before: pair.before,
            left_out: pair.left_out,
            unexplained: pair.unexplained,
        })
        .collect();
    if verb.print.json {
        let files = verb.before.iter().map(PathBuf::as_path);
        printer.json(&Document {
            pairs: Some(rows_of(files, &differences)),
            ..verb.document(&differences)
        })?;
        return Ok(Outcome::Done);
    }
    let head = [
        "difference (CIEDE2000)",
        "before",
        "left out",
        "unexplained",
    ];
    let files = verb.before.iter().map(PathBuf::as_path);
    print_table(&head, files, &differences, printer)?;
    if differences.len() < ENOUGH_PAIRS {
        printer.note(&format!(
            "{} pairs are few: from {ENOUGH_PAIRS} on the figures under \"left out\" can be relied on",
            differences.len()
        ));
    }
    printer.note(
        "unexplained is what was done to one place of a picture, by textures, or to one picture alone",
    );
    Ok(Outcome::Done)
}

fn learn_finish(
    verb: &LookLearn,
    workshop: &Workshop,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    let report = learn_from_finished(
        &LearnFinishJob {
            files: verb.from.clone(),
            look: verb.target.output.clone(),
            overwrite: verb.replace.overwrite(),
            write: !verb.mode.dry_run,
        },
        workshop,
        task,
    )?;
    let outcome = Outcome::with_findings(report.failed);
    let differences: Vec<Differences> = report
        .pictures
        .iter()
        .map(|(_, picture)| Differences {
            before: picture.before,
            left_out: picture.left_out,
            unexplained: picture.unexplained,
        })
        .collect();
    let files = report.pictures.iter().map(|(path, _)| path.as_path());
    if verb.print.json {
        printer.json(&Document {
            steps: Some(report.steps.clone()),
            pictures: Some(rows_of(files, &differences)),
            unknown: Some(UNKNOWN),
            ..verb.document(&differences)
        })?;
        return Ok(outcome);
    }
    let head = [
        "tones and tints, levels of 255 away from",
        "no look",
        "left out",
        "unexplained",
    ];
    print_table(&head, files, &differences, printer)?;
    note_finish(&report, Differences::mean(&differences), printer);
    Ok(outcome)
}

fn note_finish(report: &LearnFinishReport, mean: Differences, printer: &Printer) {
    let kinds: Vec<&str> = report.steps.iter().map(LookStep::kind).collect();
    if kinds.is_empty() {
        printer.note("learned nothing: these pictures look like photographs without a look");
    } else {
        printer.note(&format!("learned {}", kinds.join(", ")));
    }
    if mean.left_out >= mean.before {
        printer.note(
            "the look does not foretell a picture that it has not seen: give more pictures, or pairs",
        );
    }
    printer.note(UNKNOWN);
}

impl LookLearn {
    fn document(&self, differences: &[Differences]) -> Document {
        Document {
            schema: "tastemaker.learned-look/1",
            look: self.target.output.display().to_string(),
            mean: Differences::mean(differences).rounded(),
            steps: None,
            pairs: None,
            pictures: None,
            unknown: None,
        }
    }
}

impl Differences {
    fn mean(all: &[Self]) -> Self {
        let mean = |of: fn(&Self) -> f64| all.iter().map(of).sum::<f64>() / all.len().max(1) as f64;
        Self {
            before: mean(|one| one.before),
            left_out: mean(|one| one.left_out),
            unexplained: mean(|one| one.unexplained),
        }
    }

    fn rounded(self) -> Self {
        Self {
            before: rounded(self.before),
            left_out: rounded(self.left_out),
            unexplained: rounded(self.unexplained),
        }
    }

    fn row(self, name: String) -> [String; 4] {
        let figure = |value: f64| format!("{value:.1}");
        [
            name,
            figure(self.before),
            figure(self.left_out),
            figure(self.unexplained),
        ]
    }
}

fn rows_of<'a>(
    files: impl Iterator<Item = &'a Path>,
    differences: &[Differences],
) -> Vec<PictureDifferences> {
    files
        .zip(differences)
        .map(|(file, differences)| PictureDifferences {
            file: file.display().to_string(),
            differences: differences.rounded(),
        })
        .collect()
}

fn print_table<'a>(
    head: &[&str],
    files: impl Iterator<Item = &'a Path>,
    differences: &[Differences],
    printer: &Printer,
) -> Result<()> {
    let mut rows = table(head);
    for (file, differences) in files.zip(differences) {
        let name = file.file_name().unwrap_or_default();
        rows.add_row(differences.row(name.to_string_lossy().into_owned()));
    }
    rows.add_row(Differences::mean(differences).row("mean".into()));
    printer.data(&format!("{rows}\n"))
}
