//! `tastemaker look list|show|import|export|learn|gallery|suggest`: looks as things to keep, to read and to carry to other programs.

mod finished;
mod gallery;
mod learned;
mod suggested;

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;

use crate::commands::Outcome;
use crate::commands::arguments::{Common, LookExport, LookImport, LookVerb, LookWhat};
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::render::refuse_conflicts;
use crate::commands::table::table;
use crate::error::Error;
use crate::looks::{Look, LookLibrary, Lut, read_cube};
use crate::media::{Limits, Metadata, StillFormat, decode_still, encode_still};
use crate::picture::{ColorSpace, Picture, Pixels};
use crate::store::{Output, Overwrite, write_atomic};
use crate::task::Task;

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
        LookWhat::List { json } => list(*json, printer),
        LookWhat::Show { look } => {
            let look = library()?.find(look)?;
            printer.data(&look.to_toml()?)?;
            Ok(Outcome::Done)
        }
        LookWhat::Import(verb) => import(verb, &limits, printer),
        LookWhat::Export(verb) => export(verb, printer),
        LookWhat::Gallery(verb) => gallery::run(verb, common, &limits, printer),
        LookWhat::Suggest(verb) => suggested::run(verb, common, &limits, printer, task),
        LookWhat::Learn(verb) if !verb.from.is_empty() => finished::run(verb, &limits, printer),
        LookWhat::Learn(verb) => learned::run(verb, &limits, printer),
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
    Ok(if broken {
        Outcome::Findings
    } else {
        Outcome::Done
    })
}

fn overwrite(force: bool) -> Overwrite {
    if force {
        Overwrite::Force
    } else {
        Overwrite::Refuse
    }
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

/// The look that runs colors through the `.cube` beside it.
fn look_of_table(target: &Path, summary: String, table: &Path, blake3: &str) -> Result<Look> {
    // Written as a person would, and read back: what is written is a look in any case.
    let text = format!(
        "schema = \"tastemaker.look/1\"\nsummary = {}\nfamily = \"imported\"\n\n[[step]]\nkind = \"lut\"\nfile = {}\nblake3 = \"{blake3}\"\n",
        toml::Value::String(summary),
        toml::Value::String(name_of(table)),
    );
    let id = target.file_stem().unwrap_or_default().to_string_lossy();
    Ok(Look::parse(&id, target, &text)?)
}

fn import(verb: &LookImport, limits: &Limits, printer: &Printer) -> Result<Outcome> {
    let overwrite = overwrite(verb.force);
    let table = table_beside(&verb.output)?;
    let stays = is_same_file(&verb.file, &table);
    let written = (!stays).then_some(&table);
    refuse_conflicts([Some(&verb.output), written], overwrite)?;
    let (lut, bytes) = read_table(&verb.file, limits)?;
    let source = name_of(&verb.file);
    let summary = format!("Imported from {source}: {}.", lut.described());
    let hash = blake3::hash(&bytes).to_hex();
    let look = look_of_table(&verb.output, summary, &table, &hash)?;
    let text = look.to_toml()?;
    if verb.dry_run {
        for path in [Some(&verb.output), written].into_iter().flatten() {
            printer.data(&format!("would write {}\n", path.display()))?;
        }
        return Ok(Outcome::Done);
    }
    if let Some(table) = written {
        write_atomic(table, &bytes, overwrite)?;
    }
    write_atomic(&verb.output, text.as_bytes(), overwrite)?;
    printer.note(&format!(
        "{} uses {}: {}",
        verb.output.display(),
        name_of(&table),
        lut.described()
    ));
    Ok(Outcome::Done)
}

/// A table, and the bytes of a `.cube` file that says the same: the file's own where it is one.
fn read_table(path: &Path, limits: &Limits) -> Result<(Lut, Vec<u8>), Error> {
    if has_ending(path, "cube") {
        return read_cube(path);
    }
    let still = decode_still(path, limits)?;
    if let Some(problem) = still.partial {
        return Err(problem);
    }
    let mut lut = Lut::from_hald(path, &still.picture.pixels)?;
    lut.title = name_of(path);
    let bytes = lut.to_cube().into_bytes();
    Ok((lut, bytes))
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}

fn export(verb: &LookExport, printer: &Printer) -> Result<Outcome> {
    let overwrite = overwrite(verb.force);
    let is_image = has_ending(&verb.output, "png");
    if !is_image && !has_ending(&verb.output, "cube") {
        return Err(Error::Usage {
            what: format!("{} is neither .cube nor .png", verb.output.display()),
            hint: "end the name in .cube for a table, in .png for a Hald image".into(),
        }
        .into());
    }
    refuse_conflicts([Some(&verb.output)], overwrite)?;
    let look = library()?.find(&verb.look)?;
    for step in look.steps.iter().filter(|step| !step.fits_a_table()) {
        let masks = step.masks().iter().filter(|mask| !mask.fits_a_table());
        let masks: Vec<&str> = masks.map(|mask| mask.kind()).collect();
        let masked = match masks.as_slice() {
            [] => String::new(),
            masks => format!(" under a mask of {}", masks.join(" and ")),
        };
        printer.note(&format!("a table cannot carry {}{masked}", step.kind()));
    }
    if verb.dry_run {
        printer.data(&format!("would write {}\n", verb.output.display()))?;
        return Ok(Outcome::Done);
    }
    let mut lut = Lut::of_look(&look, verb.size.into());
    lut.title.clone_from(&look.id);
    if is_image {
        // A Hald image has a square number of nodes a side: 36 and 64 are next to the usual sizes.
        let level = if verb.size <= 36 { 6 } else { 8 };
        let image = Lut::of_look(&look, level * level).to_hald(level);
        write_png(&verb.output, Pixels::Sixteen(image), overwrite)?;
    } else {
        write_atomic(&verb.output, lut.to_cube().as_bytes(), overwrite)?;
    }
    Ok(Outcome::Done)
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
