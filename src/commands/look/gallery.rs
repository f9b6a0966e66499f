//! `tastemaker look gallery`: a photo in every look.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::{has_ending, library, write_png};
use crate::commands::options::{Common, DryRunOption, ForceOption, RequiredOutput, output};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::error::Error;
use crate::jobs::refuse_conflicts;
use crate::looks::Look;
use crate::media::{Limits, decode_still, to_srgb};
use crate::picture::Pixels;
use crate::report::{gallery_page, gallery_sheet, in_looks};
use crate::store::write_atomic;

/// Show a photo in every look, with their names
#[derive(Debug, Args)]
#[command(mut_arg(
    "output",
    output("FILE", "The page, NAME.html, or the sheet, NAME.png")
))]
pub struct LookGallery {
    /// The photo
    pub photo: PathBuf,
    /// Names or paths of looks; all of them when none is given
    pub looks: Vec<String>,
    #[command(flatten)]
    pub target: RequiredOutput,
    /// Only looks of this family, such as film
    #[arg(long, value_name = "FAMILY", conflicts_with = "looks")]
    pub family: Option<String>,
    /// From 0 (nothing) through 1 (as written) to 2
    #[arg(long, default_value_t = 1.0)]
    pub strength: f64,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(
    verb: &LookGallery,
    common: &Common,
    limits: &Limits,
    printer: &Printer,
) -> Result<Outcome> {
    let overwrite = verb.replace.overwrite();
    let is_sheet = has_ending(&verb.target.output, "png");
    if !is_sheet && !has_ending(&verb.target.output, "html") {
        return Err(Error::Usage {
            what: format!("{} is neither .html nor .png", verb.target.output.display()),
            hint: "end the name in .html for a page, in .png for a sheet".into(),
        }
        .into());
    }
    refuse_conflicts([Some(&verb.target.output)], overwrite)?;
    let looks = chosen(verb)?;
    if verb.mode.dry_run {
        for look in &looks {
            printer.data(&format!("{}\n", look.id))?;
        }
        return Ok(Outcome::Done);
    }
    let needs_networks = |look: &Look| look.check_networks(None).is_err();
    let models = looks
        .iter()
        .any(needs_networks)
        .then(|| places::open_models(common))
        .transpose()?;
    let still = decode_still(&verb.photo, limits)?;
    let shown = in_looks(
        &to_srgb(&still.picture),
        &looks,
        verb.strength,
        models.as_ref(),
    )?;
    if is_sheet {
        write_png(
            &verb.target.output,
            Pixels::Eight(gallery_sheet(&shown)),
            overwrite,
        )?;
    } else {
        let page = gallery_page(&verb.photo, &shown)?;
        write_atomic(&verb.target.output, page.as_bytes(), overwrite)?;
    }
    // What could be read is shown, and that it is not all is told.
    if let Some(problem) = still.partial {
        printer.error(&problem);
        return Ok(Outcome::Findings);
    }
    Ok(Outcome::Done)
}

fn chosen(verb: &LookGallery) -> Result<Vec<Look>, Error> {
    let library = library()?;
    if !verb.looks.is_empty() {
        return verb.looks.iter().map(|name| library.find(name)).collect();
    }
    let Some(family) = &verb.family else {
        return Ok(library.looks().to_vec());
    };
    let looks: Vec<Look> = library
        .looks()
        .iter()
        .filter(|look| look.family == *family)
        .cloned()
        .collect();
    if looks.is_empty() {
        let mut known: Vec<String> = library
            .looks()
            .iter()
            .map(|look| look.family.clone())
            .collect();
        known.sort();
        known.dedup();
        return Err(Error::UnknownName {
            kind: "family",
            name: family.clone(),
            known,
        });
    }
    Ok(looks)
}
