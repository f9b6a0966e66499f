//! `tastemaker look export`: the color of a look as a table for other programs.

use anyhow::Result;
use clap::Args;

use super::{has_ending, library, write_png};
use crate::commands::options::{DryRunOption, ForceOption, RequiredOutput, output};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::error::Error;
use crate::jobs::refuse_conflicts;
use crate::looks::Lut;
use crate::picture::Pixels;
use crate::store::write_atomic;

/// Write the color of a look as a table for other programs
#[derive(Debug, Args)]
#[command(mut_arg(
    "output",
    output("FILE", "The table: NAME.cube, or NAME.png for a Hald image")
))]
pub struct LookExport {
    /// Name, or path of a look
    pub look: String,
    #[command(flatten)]
    pub target: RequiredOutput,
    /// Nodes a side, 17 to 65; a Hald image has 36 or 64
    #[arg(long, default_value_t = 33, value_parser = clap::value_parser!(u8).range(17..=65))]
    pub size: u8,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(verb: &LookExport, printer: &Printer) -> Result<Outcome> {
    let overwrite = verb.replace.overwrite();
    let is_image = has_ending(&verb.target.output, "png");
    if !is_image && !has_ending(&verb.target.output, "cube") {
        return Err(Error::Usage {
            what: format!("{} is neither .cube nor .png", verb.target.output.display()),
            hint: "end the name in .cube for a table, in .png for a Hald image".into(),
        }
        .into());
    }
    refuse_conflicts([Some(&verb.target.output)], overwrite)?;
    let look = library()?.find(&verb.look)?;
    for step in look.steps.iter().filter(|step| !step.fits_a_table()) {
        let masks = step.masks().iter().filter(|mask| !mask.fits_a_table());
        let masks: Vec<&str> = masks.map(|mask| mask.kind()).collect();
        let masked = match masks.as_slice() {
            [] => String::new(),
            masks => format!(" under a mask of {}", masks.join(" and ")),
        };
        printer.note(&format!("a table cannot carry {}{masked}", step.kind()));
    }
    if verb.mode.dry_run {
        printer.data(&format!("would write {}\n", verb.target.output.display()))?;
        return Ok(Outcome::Done);
    }
    let mut lut = Lut::of_look(&look, verb.size.into());
    lut.title.clone_from(&look.id);
    if is_image {
        // A Hald image has a square number of nodes a side: 36 and 64 are next to the usual sizes.
        let level = if verb.size <= 36 { 6 } else { 8 };
        let image = Lut::of_look(&look, level * level).to_hald(level);
        write_png(&verb.target.output, Pixels::Sixteen(image), overwrite)?;
    } else {
        write_atomic(&verb.target.output, lut.to_cube().as_bytes(), overwrite)?;
    }
    Ok(Outcome::Done)
}
