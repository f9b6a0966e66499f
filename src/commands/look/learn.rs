//! `tastemaker look learn`: a look learned from pictures, and how well it explains them.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, ForceOption, JsonOption, RequiredOutput, output};
use crate::commands::output::Printer;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{
    LearnFinishJob, LearnPairsJob, LearnReport, LookDifferences, learn_from_finished,
    learn_from_pairs,
};
use crate::looks::LookStep;

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

pub fn run(verb: &LookLearn, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let report = if verb.from.is_empty() {
        learn_from_pairs(&verb.pairs(), workshop)?
    } else {
        learn_from_finished(&verb.finished(), workshop, &session.task(&verb.print))?
    };
    if verb.print.json {
        printer.json(&report.document(&verb.target.output, UNKNOWN))?;
    } else {
        print(&report, printer)?;
    }
    Ok(Outcome::with_findings(report.failed))
}

impl LookLearn {
    fn pairs(&self) -> LearnPairsJob {
        LearnPairsJob {
            before: self.before.clone(),
            after: self.after.clone(),
            look: self.target.output.clone(),
            overwrite: self.replace.overwrite(),
            write: !self.mode.dry_run,
        }
    }

    fn finished(&self) -> LearnFinishJob {
        LearnFinishJob {
            files: self.from.clone(),
            look: self.target.output.clone(),
            overwrite: self.replace.overwrite(),
            write: !self.mode.dry_run,
        }
    }
}

fn print(report: &LearnReport, printer: &Printer) -> Result<()> {
    let (unit, before) = match report.steps {
        None => ("difference (CIEDE2000)", "before"),
        Some(_) => ("tones and tints, levels of 255 away from", "no look"),
    };
    let mut rows: Vec<[String; 4]> = report
        .pictures
        .iter()
        .map(|picture| {
            let name = Path::new(&picture.file).file_name().unwrap_or_default();
            row(name.to_string_lossy().into_owned(), picture.differences)
        })
        .collect();
    rows.push(row("mean".into(), report.mean()));
    printer.table(&[unit, before, "left out", "unexplained"], rows)?;
    match &report.steps {
        None => note_pairs(report.pictures.len(), printer),
        Some(steps) => note_finish(steps, report.mean(), printer),
    }
    Ok(())
}

fn row(name: String, differences: LookDifferences) -> [String; 4] {
    let figure = |value: f64| format!("{value:.1}");
    [
        name,
        figure(differences.before),
        figure(differences.left_out),
        figure(differences.unexplained),
    ]
}

fn note_pairs(pairs: usize, printer: &Printer) {
    if pairs < ENOUGH_PAIRS {
        printer.note(&format!(
            "{pairs} pairs are few: from {ENOUGH_PAIRS} on the figures under \"left out\" can be relied on"
        ));
    }
    printer.note(
        "unexplained is what was done to one place of a picture, by textures, or to one picture alone",
    );
}

fn note_finish(steps: &[LookStep], mean: LookDifferences, printer: &Printer) {
    let kinds: Vec<&str> = steps.iter().map(LookStep::kind).collect();
    if kinds.is_empty() {
        printer.note("learned nothing: these pictures look like photographs without a look");
    } else {
        printer.note(&format!("learned {}", kinds.join(", ")));
    }
    if mean.left_out >= mean.before {
        printer.note(
            "the look does not predict pictures that it has not seen: give more pictures, or pairs",
        );
    }
    printer.note(UNKNOWN);
}
