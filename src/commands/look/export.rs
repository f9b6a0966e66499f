//! `tastemaker look export`: the color of a look as a table for other programs.

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, ForceOption, RequiredOutput, output};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{ExportTableJob, export_table};

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

pub fn run(verb: &LookExport, session: &Session) -> Result<Outcome> {
    let job = ExportTableJob {
        look: verb.look.clone(),
        table: verb.target.output.clone(),
        nodes: verb.size,
        overwrite: verb.replace.overwrite(),
        write: !verb.mode.dry_run,
    };
    export_table(&job, &session.workshop, &session.plain_task())?;
    if verb.mode.dry_run {
        let table = job.table.display();
        session.printer.lines([format!("would write {table}")])?;
    }
    Ok(Outcome::Done)
}
