//! `tastemaker models list|check`: the networks and their pins.

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::commands::options::JsonOption;
use crate::commands::session::{Outcome, Session};
use crate::jobs::network_reports;

/// List the networks, or check their files
#[derive(Debug, Args)]
pub struct ModelsVerb {
    #[command(subcommand)]
    pub what: ModelsWhat,
}

/// What `models` does.
#[derive(Debug, Subcommand)]
pub enum ModelsWhat {
    /// Name, task, license and size of each
    List {
        #[command(flatten)]
        print: JsonOption,
    },
    /// Compare every file with its pinned sha256
    Check {
        #[command(flatten)]
        print: JsonOption,
    },
}

pub fn run(verb: &ModelsVerb, session: &Session) -> Result<Outcome> {
    match &verb.what {
        ModelsWhat::List { print } => list(print, session),
        ModelsWhat::Check { print } => check(print, session),
    }
}

fn list(print: &JsonOption, session: &Session) -> Result<Outcome> {
    let models = session.workshop.models()?;
    let reports = network_reports(models, false);
    if print.json {
        for report in reports {
            session.printer.json(&report)?;
        }
        return Ok(Outcome::Done);
    }
    let rows = reports.map(|report| {
        let megabytes = format!("{:.1}", report.bytes as f64 / 1e6);
        [report.name, report.task, report.license, &megabytes].map(str::to_owned)
    });
    let head = ["name", "task", "license", "MB"];
    session.printer.table(&head, rows)?;
    Ok(Outcome::Done)
}

fn check(print: &JsonOption, session: &Session) -> Result<Outcome> {
    let mut outcome = Outcome::Done;
    for report in network_reports(session.workshop.models()?, true) {
        let problem = report.problem.as_deref();
        if print.json {
            session.printer.json(&report)?;
        } else {
            let detail = problem.unwrap_or("as pinned");
            session
                .printer
                .check(problem.is_none(), report.name, detail);
        }
        if problem.is_some() {
            outcome = Outcome::Findings;
        }
    }
    Ok(outcome)
}
