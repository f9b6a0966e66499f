//! `tastemaker look import`: a look made of a table.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use super::{has_ending, name_of, table_beside};
use crate::commands::options::{DryRunOption, ForceOption, RequiredOutput, output};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::error::Error;
use crate::jobs::refuse_conflicts;
use crate::looks::{Look, Lut, read_cube};
use crate::media::{Limits, decode_still};
use crate::store::write_atomic;

/// Make a look of a table: a .cube file or a Hald image
#[derive(Debug, Args)]
#[command(mut_arg(
    "output",
    output(
        "LOOK",
        "The look, LOOK.toml; its table is written beside it as LOOK.cube"
    )
))]
pub struct LookImport {
    /// The .cube file, or the Hald image as PNG or TIFF
    pub file: PathBuf,
    #[command(flatten)]
    pub target: RequiredOutput,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(verb: &LookImport, limits: &Limits, printer: &Printer) -> Result<Outcome> {
    let overwrite = verb.replace.overwrite();
    let table = table_beside(&verb.target.output)?;
    let stays = is_same_file(&verb.file, &table);
    let written = (!stays).then_some(&table);
    refuse_conflicts([Some(&verb.target.output), written], overwrite)?;
    let (lut, bytes) = read_table(&verb.file, limits)?;
    let source = name_of(&verb.file);
    let summary = format!("Imported from {source}: {}.", lut.described());
    let hash = blake3::hash(&bytes).to_hex();
    let look = look_of_table(&verb.target.output, summary, &table, &hash)?;
    let text = look.to_toml()?;
    if verb.mode.dry_run {
        for path in [Some(&verb.target.output), written].into_iter().flatten() {
            printer.data(&format!("would write {}\n", path.display()))?;
        }
        return Ok(Outcome::Done);
    }
    if let Some(table) = written {
        write_atomic(table, &bytes, overwrite)?;
    }
    write_atomic(&verb.target.output, text.as_bytes(), overwrite)?;
    printer.note(&format!(
        "{} uses {}: {}",
        verb.target.output.display(),
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
