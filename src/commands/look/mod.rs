//! `tastemaker look`: looks as files to keep, to read and to carry to other programs. One file for each of its verbs.

mod export;
mod gallery;
mod import;
mod learn;
mod suggest;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::commands::options::JsonOption;
use crate::commands::session::{Outcome, Session};
use crate::looks::Look;
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

/// A look as a line of JSON.
#[derive(Serialize)]
struct LookLine<'a> {
    schema: &'static str,
    name: &'a str,
    #[serde(flatten)]
    look: &'a Look,
}

pub fn run(verb: &LookVerb, session: &Session) -> Result<Outcome> {
    match &verb.what {
        LookWhat::List { print } => list(print, session),
        LookWhat::Show { look } => {
            let look = session.workshop.looks()?.find(look)?;
            session.printer.data(&look.to_toml()?)?;
            Ok(Outcome::Done)
        }
        LookWhat::Import(verb) => import::run(verb, session),
        LookWhat::Export(verb) => export::run(verb, session),
        LookWhat::Gallery(verb) => gallery::run(verb, session),
        LookWhat::Suggest(verb) => suggest::run(verb, session),
        LookWhat::Learn(verb) => learn::run(verb, session),
    }
}

fn list(print: &JsonOption, session: &Session) -> Result<Outcome> {
    let library = session.workshop.looks()?;
    for problem in library.broken() {
        session.printer.error(&problem);
    }
    let looks = library.looks().iter();
    if print.json {
        for look in looks {
            session.printer.json(&LookLine {
                schema: "tastemaker.look/1",
                name: &look.id,
                look,
            })?;
        }
    } else {
        let rows = looks.map(|look| [&look.id, &look.family, &look.summary]);
        session
            .printer
            .table(&["look", "family", "what it does"], rows)?;
    }
    Ok(Outcome::with_findings(!library.broken().is_empty()))
}
