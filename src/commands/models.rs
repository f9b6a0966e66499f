//! `tastemaker models list|check`: the networks and their pins.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::commands::options::{Common, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::table::table;
use crate::commands::workshop::workshop;
use crate::error::Error;

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

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    name: &'a str,
    file: &'a str,
    task: &'a str,
    license: &'a str,
    bytes: u64,
    sha256: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    intact: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

pub fn run(verb: &ModelsVerb, common: &Common, printer: &Printer) -> Result<Outcome> {
    let workshop = workshop(common);
    let models = workshop.models()?;
    let (check, json) = match &verb.what {
        ModelsWhat::List { print } => (false, print.json),
        ModelsWhat::Check { print } => (true, print.json),
    };
    let mut table = table(&["name", "task", "license", "MB"]);
    let mut outcome = Outcome::Done;
    for entry in &models.manifest().models {
        let problem: Option<Error> = if check {
            models.check(&entry.name).err()
        } else {
            None
        };
        if json {
            printer.json(&Line {
                schema: "tastemaker.model/1",
                name: &entry.name,
                file: &entry.file,
                task: &entry.task,
                license: &entry.license,
                bytes: entry.bytes,
                sha256: &entry.sha256,
                intact: check.then_some(problem.is_none()),
                problem: problem.as_ref().map(ToString::to_string),
            })?;
        } else if check {
            let detail = problem
                .as_ref()
                .map_or_else(|| "as pinned".into(), ToString::to_string);
            printer.check(problem.is_none(), &entry.name, &detail);
        } else {
            let megabytes = format!("{:.1}", entry.bytes as f64 / 1e6);
            table.add_row([&entry.name, &entry.task, &entry.license, &megabytes]);
        }
        if problem.is_some() {
            outcome = Outcome::Findings;
        }
    }
    if !json && !check {
        printer.data(&format!("{table}\n"))?;
    }
    Ok(outcome)
}
