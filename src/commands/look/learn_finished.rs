//! `tastemaker look learn --from`: from finished pictures alone to a look file, and how well it foretells them.

use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use super::learn::LookLearn;
use super::{has_ending, name_of};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::table::table;
use crate::error::Error;
use crate::jobs::refuse_conflicts;
use crate::jobs::{expand, is_bystander};
use crate::looks::{FinishedDifference, LearnedFinish, Look, LookStep, learn_finished};
use crate::media::{Limits, decode_still, to_srgb};
use crate::picture::{Filter, Rgb8, resize};
use crate::store::write_atomic;
use crate::time::rounded;

/// Longer side of what is learned from, pixels.
const SIDE: u32 = 512;
/// What finished pictures do not tell.
const UNKNOWN: &str = "finished pictures alone do not tell what was done to single colors, \
to one place or to one picture, grain, vignettes and sharpness, nor what they merely show more often than others; pairs of --before and --after do";

#[derive(Serialize)]
struct Told {
    file: String,
    #[serde(flatten)]
    difference: FinishedDifference,
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    look: String,
    steps: Vec<LookStep>,
    before: f64,
    left_out: f64,
    unexplained: f64,
    pictures: Vec<Told>,
    unknown: &'static str,
}

pub fn run(verb: &LookLearn, limits: &Limits, printer: &Printer) -> Result<Outcome> {
    let overwrite = verb.replace.overwrite();
    if !has_ending(&verb.target.output, "toml") {
        return Err(Error::Usage {
            what: format!("{} does not end in .toml", verb.target.output.display()),
            hint: "give the look a name such as my-look.toml".into(),
        }
        .into());
    }
    refuse_conflicts([Some(&verb.target.output)], overwrite)?;
    let mut failed = false;
    let (mut paths, mut pictures): (Vec<PathBuf>, Vec<Rgb8>) = (vec![], vec![]);
    for input in expand(&verb.from)? {
        match small(&input.path, limits) {
            Ok(picture) => {
                paths.push(input.path);
                pictures.push(picture);
            }
            Err(problem) if problem.is_fatal() => return Err(problem.into()),
            Err(problem) if is_bystander(&input, &problem) => {}
            Err(problem) => {
                failed = true;
                printer.error(&problem);
            }
        }
    }
    let learned = learn_finished(&pictures)?;
    let mut look = Look::none();
    look.summary = format!("Learned from {} finished pictures.", pictures.len());
    look.family = "learned".into();
    look.steps.clone_from(&learned.steps);
    let text = look.to_toml()?;
    if !verb.mode.dry_run {
        write_atomic(&verb.target.output, text.as_bytes(), overwrite)?;
    }
    tell(verb, &paths, learned, printer)?;
    Ok(Outcome::with_findings(failed))
}

fn small(path: &std::path::Path, limits: &Limits) -> Result<Rgb8, Error> {
    let still = decode_still(path, limits)?;
    if let Some(problem) = still.partial {
        return Err(problem);
    }
    let size = still.picture.size().within(SIDE);
    let picture = to_srgb(&still.picture);
    Ok(if size == picture.size() {
        picture
    } else {
        resize(&picture, size, Filter::Box)
    })
}

fn tell(
    verb: &LookLearn,
    paths: &[PathBuf],
    learned: LearnedFinish,
    printer: &Printer,
) -> Result<()> {
    let differences = &learned.differences;
    let mean = |of: fn(&FinishedDifference) -> f64| {
        differences.iter().map(of).sum::<f64>() / differences.len().max(1) as f64
    };
    let (before, left_out) = (mean(|one| one.before), mean(|one| one.left_out));
    let unexplained = mean(|one| one.unexplained);
    if verb.print.json {
        return printer.json(&Document {
            schema: "tastemaker.learned-look/1",
            look: verb.target.output.display().to_string(),
            before: rounded(before),
            left_out: rounded(left_out),
            unexplained: rounded(unexplained),
            pictures: paths
                .iter()
                .zip(differences)
                .map(|(path, one)| Told {
                    file: path.display().to_string(),
                    difference: FinishedDifference {
                        before: rounded(one.before),
                        left_out: rounded(one.left_out),
                        unexplained: rounded(one.unexplained),
                    },
                })
                .collect(),
            steps: learned.steps,
            unknown: UNKNOWN,
        });
    }
    let mut rows = table(&[
        "tones and tints, levels of 255 away from",
        "no look",
        "left out",
        "unexplained",
    ]);
    for (path, one) in paths.iter().zip(differences) {
        let mut row = vec![name_of(path)];
        row.extend([one.before, one.left_out, one.unexplained].map(|value| format!("{value:.1}")));
        rows.add_row(row);
    }
    let mut row = vec!["mean".to_owned()];
    row.extend([before, left_out, unexplained].map(|value| format!("{value:.1}")));
    rows.add_row(row);
    printer.data(&format!("{rows}\n"))?;
    let kinds: Vec<&str> = learned.steps.iter().map(LookStep::kind).collect();
    if kinds.is_empty() {
        printer.note("learned nothing: these pictures look like photographs without a look");
    } else {
        printer.note(&format!("learned {}", kinds.join(", ")));
    }
    if left_out >= before {
        printer.note("the look does not foretell a picture that it has not seen: give more pictures, or pairs");
    }
    printer.note(UNKNOWN);
    Ok(())
}
