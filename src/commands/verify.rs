//! `tastemaker verify`: is a film what its plan says?

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::commands::options::{Common, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::progress::on_terminal;
use crate::commands::workshop::workshop;
use crate::jobs::verify_film;
use crate::render::VerifyReport;
use crate::task::Task;

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

#[derive(Serialize)]
struct VerifiedDocument<'a> {
    schema: &'static str,
    film: String,
    plan: String,
    #[serde(flatten)]
    report: &'a VerifyReport,
}

pub fn run(verb: &Verify, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let task = on_terminal(task, printer, verb.print.json);
    let verified = verify_film(&verb.film, verb.plan.as_deref(), &workshop(common), &task)?;
    if verb.print.json {
        printer.json(&VerifiedDocument {
            schema: "tastemaker.verify/1",
            film: verb.film.display().to_string(),
            plan: verified.plan.display().to_string(),
            report: &verified.report,
        })?;
    }
    print_checks(&verified.report, printer);
    Ok(Outcome::with_findings(!verified.report.passed()))
}

/// Every check and what it found.
pub fn print_checks(report: &VerifyReport, printer: &Printer) {
    for check in &report.checks {
        printer.check(check.passed, &check.name, &check.detail);
    }
}
