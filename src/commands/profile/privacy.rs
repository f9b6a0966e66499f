//! `tastemaker profile privacy`: what a profile keeps, and where.

use anyhow::Result;
use clap::Args;

use crate::commands::options::JsonOption;
use crate::commands::session::{Outcome, Session};
use crate::jobs::profile_privacy;
use crate::report::{EVIDENCE_COLUMNS, evidence_row};

/// What `profile privacy` takes.
#[derive(Debug, Args)]
pub struct ProfilePrivacy {
    /// Its name, or a path that ends in .json
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(privacy: &ProfilePrivacy, session: &Session) -> Result<Outcome> {
    let printer = &session.printer;
    let report = profile_privacy(&privacy.name, &session.workshop)?;
    if privacy.print.json {
        printer.json(&report.document())?;
        return Ok(Outcome::Done);
    }
    printer.talk(&format!("all of it is in {}", report.path.display()));
    printer.table(
        &EVIDENCE_COLUMNS,
        report.profile.evidence.iter().map(evidence_row),
    )?;
    Ok(Outcome::Done)
}
