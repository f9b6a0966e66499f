//! `tastemaker profile export` and `import`: profiles as files.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{ForceOption, RequiredOutput, output};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{ImportProfileJob, export_profile, import_profile};

/// What `profile export` takes.
#[derive(Debug, Args)]
#[command(mut_arg("output", output("FILE", "The file to write")))]
pub struct ProfileExport {
    /// Its name, or a path that ends in .json
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub target: RequiredOutput,
    #[command(flatten)]
    pub mode: ForceOption,
}

/// What `profile import` takes.
#[derive(Debug, Args)]
pub struct ProfileImport {
    /// What `profile export` wrote, here or elsewhere
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The name it gets
    #[arg(long, value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub mode: ForceOption,
}

pub fn export(export: &ProfileExport, session: &Session) -> Result<Outcome> {
    let target = &export.target.output;
    export_profile(
        &export.name,
        target,
        export.mode.overwrite(),
        &session.workshop,
    )?;
    session.printer.talk(&format!("wrote {}", target.display()));
    Ok(Outcome::Done)
}

pub fn import(import: &ProfileImport, session: &Session) -> Result<Outcome> {
    let job = ImportProfileJob {
        file: import.file.clone(),
        name: import.name.clone(),
        overwrite: import.mode.overwrite(),
    };
    let path = import_profile(&job, &session.workshop)?;
    session.printer.talk(&format!("made {}", path.display()));
    Ok(Outcome::Done)
}
