//! `tastemaker look gallery`: a photo in every look.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, ForceOption, RequiredOutput, output};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{GalleryJob, gallery_looks, write_gallery};

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

pub fn run(verb: &LookGallery, session: &Session) -> Result<Outcome> {
    let job = GalleryJob {
        photo: verb.photo.clone(),
        looks: verb.looks.clone(),
        family: verb.family.clone(),
        strength: verb.strength,
        target: verb.target.output.clone(),
        overwrite: verb.replace.overwrite(),
    };
    if verb.mode.dry_run {
        let looks = gallery_looks(&job, &session.workshop)?;
        session.printer.lines(looks.iter().map(|look| &look.id))?;
        return Ok(Outcome::Done);
    }
    let is_whole = write_gallery(&job, &session.workshop, &session.plain_task())?;
    Ok(Outcome::with_findings(!is_whole))
}
