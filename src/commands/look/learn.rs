//! `tastemaker look learn`: from pictures to a look file and its table, and how well it does.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::{name_of, table_beside};
use crate::commands::options::{DryRunOption, ForceOption, JsonOption, RequiredOutput, output};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::table::table;
use crate::error::Error;
use crate::geometry::Size;
use crate::jobs::refuse_conflicts;
use crate::looks::{Look, LookStep, LutFile, Pair, PairDifference, learn};
use crate::media::{Limits, decode_still};
use crate::picture::{Filter, Pixels, Rgb8, resize};
use crate::store::write_atomic;
use crate::time::rounded;

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

/// Pixels on the longer side of what is learned from.
const SIDE: f64 = 128.0;
/// Pairs from which a look is told well.
const ENOUGH: usize = 5;
/// Two pictures of one shape differ by rounding at most this much.
const SHAPE: f64 = 0.03;

#[derive(Serialize)]
struct Told {
    file: String,
    #[serde(flatten)]
    difference: PairDifference,
}

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    look: String,
    before: f64,
    left_out: f64,
    unexplained: f64,
    pairs: Vec<Told>,
}

pub fn run(verb: &LookLearn, limits: &Limits, printer: &Printer) -> Result<Outcome> {
    if verb.before.len() != verb.after.len() {
        return Err(Error::Usage {
            what: format!(
                "there are {} pictures before and {} after",
                verb.before.len(),
                verb.after.len()
            ),
            hint: "give one --after for each --before, in the same order".into(),
        }
        .into());
    }
    let overwrite = verb.replace.overwrite();
    let beside = table_beside(&verb.target.output)?;
    refuse_conflicts([Some(&verb.target.output), Some(&beside)], overwrite)?;
    let pairs = verb
        .before
        .iter()
        .zip(&verb.after)
        .map(|(before, after)| pair(before, after, limits))
        .collect::<Result<Vec<Pair>, Error>>()?;
    let learned = learn(&pairs)?;
    let cube = learned.table.to_cube().into_bytes();
    let mut look = Look::none();
    look.summary = format!("Learned from {} pictures before and after.", pairs.len());
    look.family = "learned".into();
    look.steps = learned.steps;
    look.steps.push(LookStep::Lut(LutFile {
        file: name_of(&beside),
        blake3: Some(blake3::hash(&cube).to_hex().to_string()),
        table: None,
    }));
    let text = look.to_toml()?;
    if !verb.mode.dry_run {
        write_atomic(&beside, &cube, overwrite)?;
        write_atomic(&verb.target.output, text.as_bytes(), overwrite)?;
    }
    tell(verb, &learned.differences, printer)?;
    Ok(Outcome::Done)
}

/// Reads both, upright, and makes them the same small size.
fn pair(before: &Path, after: &Path, limits: &Limits) -> Result<Pair, Error> {
    let (one, other) = (eight(before, limits)?, eight(after, limits)?);
    let shape = |picture: &Rgb8| picture.width() as f64 / picture.height() as f64;
    if (shape(&one) / shape(&other) - 1.0).abs() > SHAPE {
        return Err(Error::Usage {
            what: format!(
                "{} and {} have not the same shape",
                before.display(),
                after.display()
            ),
            hint: "give the same picture before and after, neither cropped nor turned".into(),
        });
    }
    let scale = (SIDE / other.width().max(other.height()) as f64).min(1.0);
    let side = |length: usize| ((length as f64 * scale).round() as u32).max(1);
    let size = Size::new(side(other.width()), side(other.height()));
    Ok(Pair {
        before: resize(&one, size, Filter::Box),
        after: resize(&other, size, Filter::Box),
    })
}

fn eight(path: &Path, limits: &Limits) -> Result<Rgb8, Error> {
    let still = decode_still(path, limits)?;
    if let Some(problem) = still.partial {
        return Err(problem);
    }
    Ok(match still.picture.pixels {
        Pixels::Eight(pixels) => pixels,
        Pixels::Sixteen(pixels) => {
            let samples = pixels
                .samples()
                .iter()
                .map(|value| (value >> 8) as u8)
                .collect();
            Rgb8::new(pixels.size(), samples).unwrap_or_else(|| Rgb8::black(pixels.size()))
        }
    })
}

fn tell(verb: &LookLearn, differences: &[PairDifference], printer: &Printer) -> Result<()> {
    let mean = |of: fn(&PairDifference) -> f64| {
        differences.iter().map(of).sum::<f64>() / differences.len().max(1) as f64
    };
    let (before, left_out) = (mean(|pair| pair.before), mean(|pair| pair.left_out));
    let unexplained = mean(|pair| pair.unexplained);
    if verb.print.json {
        let pairs = verb.before.iter().zip(differences);
        return printer.json(&Document {
            schema: "tastemaker.learned-look/1",
            look: verb.target.output.display().to_string(),
            before: rounded(before),
            left_out: rounded(left_out),
            unexplained: rounded(unexplained),
            pairs: pairs
                .map(|(file, pair)| Told {
                    file: file.display().to_string(),
                    difference: PairDifference {
                        before: rounded(pair.before),
                        left_out: rounded(pair.left_out),
                        unexplained: rounded(pair.unexplained),
                    },
                })
                .collect(),
        });
    }
    let mut rows = table(&[
        "difference (CIEDE2000)",
        "before",
        "left out",
        "unexplained",
    ]);
    for (file, pair) in verb.before.iter().zip(differences) {
        let figures = [pair.before, pair.left_out, pair.unexplained];
        let mut row = vec![name_of(file)];
        row.extend(figures.map(|value| format!("{value:.1}")));
        rows.add_row(row);
    }
    let mut row = vec!["mean".to_owned()];
    row.extend([before, left_out, unexplained].map(|value| format!("{value:.1}")));
    rows.add_row(row);
    printer.data(&format!("{rows}\n"))?;
    if differences.len() < ENOUGH {
        printer.note(&format!(
            "{} pairs are few: from {ENOUGH} on the figures under \"left out\" can be relied on",
            differences.len()
        ));
    }
    printer.note(
        "unexplained is what was done to one place of a picture, by textures, or to one picture alone",
    );
    Ok(())
}
