//! `tastemaker verify`: is a film what its plan says?

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::JsonOption;
use crate::commands::output::Printer;
use crate::commands::session::{Outcome, Session};
use crate::jobs::verify_film;
use crate::render::VerifyReport;

/// Check that a film is what its plan says
#[derive(Debug, Args)]
pub struct Verify {
    /// The film
    #[arg(value_name = "FILM")]
    pub film: PathBuf,
    /// Its plan (default: FILM.plan.json)
    #[arg(long, value_name = "PLAN")]
    pub plan: Option<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(verb: &Verify, session: &Session) -> Result<Outcome> {
    let (workshop, task) = (&session.workshop, session.task(&verb.print));
    let verified = verify_film(&verb.film, verb.plan.as_deref(), workshop, &task)?;
    if verb.print.json {
        session.printer.json(&verified)?;
    }
    print_checks(&verified.report, &session.printer);
    Ok(Outcome::with_findings(!verified.report.passed()))
}

/// Prints every check and what it found.
pub fn print_checks(report: &VerifyReport, printer: &Printer) {
    for check in &report.checks {
        printer.check(check.passed, &check.name, &check.detail);
    }
}
