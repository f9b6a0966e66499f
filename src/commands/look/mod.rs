//! `tastemaker look`: looks as files to keep, to read and to carry to other programs. One file for each of its verbs.

mod export;
mod gallery;
mod import;
mod learn;
mod suggest;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::commands::options::{Common, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::progress::on_terminal;
use crate::commands::table::table;
use crate::commands::workshop::workshop;
use crate::jobs::Workshop;
use crate::looks::Look;
use crate::task::Task;
use export::LookExport;
use gallery::LookGallery;
use import::LookImport;
use learn::LookLearn;
use suggest::LookSuggest;

/// List, show, import, export and learn looks
#[derive(Debug, Args)]
pub struct LookVerb {
    #[command(subcommand)]
    pub what: LookWhat,
}

/// What `look` does.
#[derive(Debug, Subcommand)]
pub enum LookWhat {
    /// Name, family and summary of each
    List {
        #[command(flatten)]
        print: JsonOption,
    },
    /// Print a look as the file it could be
    Show {
        /// Name, or path of a look
        look: String,
    },
    Import(LookImport),
    Export(LookExport),
    Learn(LookLearn),
    Gallery(LookGallery),
    Suggest(LookSuggest),
}

/// A look, for machines.
#[derive(Serialize)]
struct LookLine<'a> {
    schema: &'static str,
    name: &'a str,
    #[serde(flatten)]
    look: &'a Look,
}

pub fn run(verb: &LookVerb, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let workshop = &workshop(common);
    let task = &on_terminal(task, printer, verb.what.is_json());
    match &verb.what {
        LookWhat::List { print } => list(print.json, workshop, printer),
        LookWhat::Show { look } => {
            printer.data(&workshop.looks()?.find(look)?.to_toml()?)?;
            Ok(Outcome::Done)
        }
        LookWhat::Import(verb) => import::run(verb, workshop, printer),
        LookWhat::Export(verb) => export::run(verb, workshop, printer, task),
        LookWhat::Gallery(verb) => gallery::run(verb, workshop, printer, task),
        LookWhat::Suggest(verb) => suggest::run(verb, common, workshop, printer, task),
        LookWhat::Learn(verb) => learn::run(verb, workshop, printer, task),
    }
}

impl LookWhat {
    fn is_json(&self) -> bool {
        match self {
            Self::List { print } => print.json,
            Self::Learn(verb) => verb.print.json,
            Self::Suggest(verb) => verb.print.json,
            Self::Show { .. } | Self::Import(_) | Self::Export(_) | Self::Gallery(_) => false,
        }
    }
}

fn list(json: bool, workshop: &Workshop, printer: &Printer) -> Result<Outcome> {
    let library = workshop.looks()?;
    for problem in library.broken() {
        printer.error(&problem);
    }
    if json {
        for look in library.looks() {
            printer.json(&LookLine {
                schema: "tastemaker.look/1",
                name: &look.id,
                look,
            })?;
        }
    } else {
        let mut table = table(&["look", "family", "what it does"]);
        let looks = library.looks().iter();
        table.add_rows(looks.map(|look| [&look.id, &look.family, &look.summary]));
        printer.data(&format!("{table}\n"))?;
    }
    Ok(Outcome::with_findings(!library.broken().is_empty()))
}
