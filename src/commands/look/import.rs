//! `tastemaker look import`: a look made of a table.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, ForceOption, RequiredOutput, output};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::jobs::{ImportTableJob, Workshop, import_table};

/// Make a look of a table: a .cube, .3dl or .csp file, or a Hald image
#[derive(Debug, Args)]
#[command(mut_arg(
    "output",
    output(
        "LOOK",
        "The look, LOOK.toml; its table is written beside it as LOOK.cube"
    )
))]
pub struct LookImport {
    /// The .cube, .3dl or .csp file, or the Hald image as PNG or TIFF
    pub file: PathBuf,
    #[command(flatten)]
    pub target: RequiredOutput,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(verb: &LookImport, workshop: &Workshop, printer: &Printer) -> Result<Outcome> {
    let job = ImportTableJob {
        table: verb.file.clone(),
        look: verb.target.output.clone(),
        overwrite: verb.replace.overwrite(),
        write: !verb.mode.dry_run,
    };
    let report = import_table(&job, workshop)?;
    if verb.mode.dry_run {
        for path in &report.files {
            printer.data(&format!("would write {}\n", path.display()))?;
        }
    } else {
        printer.note(&format!(
            "{} uses {}: {}",
            job.look.display(),
            report.table,
            report.description
        ));
    }
    Ok(Outcome::Done)
}
