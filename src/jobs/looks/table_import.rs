//! A look made of a color table: a `.cube` file or a Hald image.

use std::path::{Path, PathBuf};

use super::{has_ending, name_of, table_beside, whole_still};
use crate::error::Result;
use crate::jobs::{Workshop, refuse_conflicts};
use crate::looks::{Look, Lut, read_lut};
use crate::media::Limits;
use crate::store::{Overwrite, write_atomic};

/// A table to import.
pub struct ImportTableJob {
    /// The `.cube` file, or the Hald image.
    pub table: PathBuf,
    /// The look file, which ends in `.toml`; its table is written beside it.
    pub look: PathBuf,
    /// What happens to files that are there already.
    pub overwrite: Overwrite,
    /// False: nothing is written.
    pub write: bool,
}

/// What was imported.
pub struct ImportTableReport {
    /// The files that are written: the look, and its table unless the table is in place already.
    pub files: Vec<PathBuf>,
    /// The name of the table that the look uses.
    pub table: String,
    /// What the table is, such as its size.
    pub description: String,
}

/// Imports the table. Everything is checked before the first file is written.
pub fn import_table(job: &ImportTableJob, workshop: &Workshop) -> Result<ImportTableReport> {
    let beside = table_beside(&job.look)?;
    let copied = (!is_same_file(&job.table, &beside)).then_some(&beside);
    refuse_conflicts([Some(&job.look), copied], job.overwrite)?;
    let (lut, bytes) = read_table(&job.table, workshop.limits())?;
    let hash = blake3::hash(&bytes).to_hex();
    let source = name_of(&job.table);
    let summary = format!("Imported from {source}: {}.", lut.described());
    let text = table_look(&job.look, summary, &beside, &hash)?.to_toml()?;
    if job.write {
        if let Some(table) = copied {
            write_atomic(table, &bytes, job.overwrite)?;
        }
        write_atomic(&job.look, text.as_bytes(), job.overwrite)?;
    }
    Ok(ImportTableReport {
        files: [Some(&job.look), copied]
            .into_iter()
            .flatten()
            .cloned()
            .collect(),
        table: name_of(&beside),
        description: lut.described(),
    })
}

/// A table, and the bytes of a `.cube` file with the same content: the file's own bytes where it is one.
fn read_table(path: &Path, limits: &Limits) -> Result<(Lut, Vec<u8>)> {
    let table = ["cube", "3dl", "csp"];
    if table.iter().any(|ending| has_ending(path, ending)) {
        return read_lut(path);
    }
    let still = whole_still(path, limits)?;
    let mut lut = Lut::from_hald(path, &still.picture.pixels)?;
    lut.title = name_of(path);
    let bytes = lut.to_cube().into_bytes();
    Ok((lut, bytes))
}

/// The look that runs colors through the `.cube` file beside it.
fn table_look(target: &Path, summary: String, table: &Path, blake3: &str) -> Result<Look> {
    // Written as a person would write it, then parsed, so that the result is a valid look.
    let summary = toml::Value::String(summary);
    let file = toml::Value::String(name_of(table));
    let text = format!(
        "schema = \"tastemaker.look/1\"\nsummary = {summary}\nfamily = \"imported\"\n\n\
         [[step]]\nkind = \"lut\"\nfile = {file}\nblake3 = \"{blake3}\"\n"
    );
    let id = target.file_stem().unwrap_or_default().to_string_lossy();
    Look::parse(&id, target, &text)
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    }
}
