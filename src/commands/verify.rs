//! `tastemaker verify`: is a film what its plan says?

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::commands::options::{Common, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::progress::Progress;
use crate::commands::render::read_plan;
use crate::render::{self, VerifyReport};
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
struct Document<'a> {
    schema: &'static str,
    film: String,
    plan: String,
    #[serde(flatten)]
    report: &'a VerifyReport,
}

pub fn run(verb: &Verify, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let plan_path = verb.plan.clone().unwrap_or_else(|| plan_beside(&verb.film));
    let (plan, folder) = read_plan(&plan_path)?;
    let progress = Progress::new("verify", common.quiet);
    let report = render::verify(
        &plan,
        &folder,
        &verb.film,
        &common.limits.limits(),
        &progress.task(task),
    )?;
    progress.finish();
    if verb.print.json {
        printer.json(&Document {
            schema: "tastemaker.verify/1",
            film: verb.film.display().to_string(),
            plan: plan_path.display().to_string(),
            report: &report,
        })?;
    }
    print_checks(&report, printer);
    Ok(Outcome::with_findings(!report.passed()))
}

/// The plan that `edit` leaves beside a film.
pub fn plan_beside(film: &Path) -> PathBuf {
    let mut name = film.as_os_str().to_owned();
    name.push(".plan.json");
    name.into()
}

/// Every check and what it found.
pub fn print_checks(report: &VerifyReport, printer: &Printer) {
    for check in &report.checks {
        printer.check(check.passed, &check.name, &check.detail);
    }
}
