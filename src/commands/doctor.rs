//! `tastemaker doctor`: what this installation has, and what is missing.

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::commands::flags_in_messages;
use crate::commands::options::{Common, JsonOption};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{InstallationCheck, check_installation};

/// Tell what this installation has: versions, ONNX Runtime, encoders, networks, threads, cache, sandbox
#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    pub print: JsonOption,
}

#[derive(Serialize)]
struct DoctorDocument {
    schema: &'static str,
    checks: Vec<CheckLine>,
}

#[derive(Serialize)]
struct CheckLine {
    name: &'static str,
    passed: bool,
    detail: String,
}

impl From<InstallationCheck> for CheckLine {
    fn from(check: InstallationCheck) -> Self {
        let InstallationCheck { detail, .. } = check;
        Self {
            name: check.name,
            passed: check.passed,
            detail: match &check.hint {
                Some(hint) => format!("{detail} (hint: {})", flags_in_messages::hint(hint)),
                None => detail,
            },
        }
    }
}

/// What a process for the work on hostile files gives up on this machine.
#[cfg(feature = "server")]
fn sandbox(common: &Common) -> Option<CheckLine> {
    let name = "sandbox";
    Some(match super::serve::sandbox_of_machine(common) {
        Ok(detail) => CheckLine {
            name,
            passed: true,
            detail,
        },
        Err(problem) => CheckLine {
            name,
            passed: false,
            detail: problem.to_string(),
        },
    })
}

/// Without the service there is none.
#[cfg(not(feature = "server"))]
fn sandbox(_: &Common) -> Option<CheckLine> {
    None
}

pub fn run(verb: &Doctor, common: &Common, session: &Session) -> Result<Outcome> {
    let checks = check_installation(&session.workshop).into_iter();
    let mut checks: Vec<CheckLine> = checks.map(CheckLine::from).collect();
    checks.extend(sandbox(common));
    let outcome = Outcome::with_findings(checks.iter().any(|check| !check.passed));
    if verb.print.json {
        let schema = "tastemaker.doctor/1";
        session.printer.json(&DoctorDocument { schema, checks })?;
        return Ok(outcome);
    }
    session.printer.lines(checks.iter().map(|check| {
        let word = if check.passed { "ok" } else { "FAILED" };
        format!("{word:>6}  {}: {}", check.name, check.detail)
    }))?;
    Ok(outcome)
}
