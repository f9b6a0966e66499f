//! `tastemaker look list|show|import|export|learn|gallery|suggest`: looks as things to keep, to read and to carry to
//! other programs.

mod export;
mod gallery;
mod import;
mod learn;
mod learn_finished;
mod suggest;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::commands::options::{Common, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::table::table;
use crate::error::Error;
use crate::looks::{Look, LookLibrary};
use crate::media::{Metadata, StillFormat, encode_still};
use crate::picture::{ColorSpace, Picture, Pixels};
use crate::store::{Output, Overwrite};
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

/// A look as one line of JSON.
#[derive(Serialize)]
struct Listed<'a> {
    schema: &'static str,
    name: &'a str,
    #[serde(flatten)]
    look: &'a Look,
}

pub fn run(verb: &LookVerb, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let limits = common.limits.limits();
    match &verb.what {
        LookWhat::List { print } => list(print.json, printer),
        LookWhat::Show { look } => {
            let look = library()?.find(look)?;
            printer.data(&look.to_toml()?)?;
            Ok(Outcome::Done)
        }
        LookWhat::Import(verb) => import::run(verb, &limits, printer),
        LookWhat::Export(verb) => export::run(verb, printer),
        LookWhat::Gallery(verb) => gallery::run(verb, common, &limits, printer),
        LookWhat::Suggest(verb) => suggest::run(verb, common, &limits, printer, task),
        LookWhat::Learn(verb) if !verb.from.is_empty() => {
            learn_finished::run(verb, &limits, printer)
        }
        LookWhat::Learn(verb) => learn::run(verb, &limits, printer),
    }
}

fn library() -> Result<LookLibrary, Error> {
    LookLibrary::open(places::looks_folder())
}

fn list(json: bool, printer: &Printer) -> Result<Outcome> {
    let library = library()?;
    for problem in library.broken() {
        printer.error(&problem);
    }
    if json {
        for look in library.looks() {
            printer.json(&Listed {
                schema: "tastemaker.look/1",
                name: &look.id,
                look,
            })?;
        }
    } else {
        let mut table = table(&["look", "family", "what it does"]);
        table.add_rows(
            library
                .looks()
                .iter()
                .map(|look| [&look.id, &look.family, &look.summary]),
        );
        printer.data(&format!("{table}\n"))?;
    }
    let broken = !library.broken().is_empty();
    Ok(Outcome::with_findings(broken))
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension()
        .is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

/// The place of the table beside a look file, which must end in `.toml`.
fn table_beside(look: &Path) -> Result<PathBuf, Error> {
    if has_ending(look, "toml") && look.file_stem().is_some() {
        return Ok(look.with_extension("cube"));
    }
    Err(Error::Usage {
        what: format!("{} does not end in .toml", look.display()),
        hint: "give the look a name such as my-look.toml; its table is written beside it".into(),
    })
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Writes an sRGB picture as a PNG file.
fn write_png(path: &Path, pixels: Pixels, overwrite: Overwrite) -> Result<(), Error> {
    let picture = Picture {
        pixels,
        alpha: None,
        color: ColorSpace::Srgb,
    };
    let output = Output::create(path, overwrite)?;
    encode_still(
        output.path(),
        &picture,
        StillFormat::Png,
        &Metadata::default(),
    )?;
    output.commit()?;
    Ok(())
}
