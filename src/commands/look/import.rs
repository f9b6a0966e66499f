//! `tastemaker look import`: a look made of a table.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, ForceOption, RequiredOutput, output};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{ImportTableJob, import_table};

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

pub fn run(verb: &LookImport, session: &Session) -> Result<Outcome> {
    let job = ImportTableJob {
        table: verb.file.clone(),
        look: verb.target.output.clone(),
        overwrite: verb.replace.overwrite(),
        write: !verb.mode.dry_run,
    };
    let report = import_table(&job, &session.workshop)?;
    if verb.mode.dry_run {
        let files = report.files.iter();
        let lines = files.map(|path| format!("would write {}", path.display()));
        session.printer.lines(lines)?;
    } else {
        let (look, table) = (job.look.display(), &report.table);
        let note = format!("{look} uses {table}: {}", report.description);
        session.printer.note(&note);
    }
    Ok(Outcome::Done)
}
