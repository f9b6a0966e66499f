//! Presets in TOML files that are compiled into the program, each named by its file: styles, platforms and
//! caption styles.

use std::path::Path;
use std::sync::LazyLock;

use include_dir::Dir;

use crate::error::{Error, Result};
use crate::hint::Hint;

/// One kind of preset.
pub(crate) trait Preset: Sized {
    /// The folder of its files, for messages.
    const FOLDER: &'static str;

    /// The file name without extension.
    fn id(&self) -> &str;

    /// Parses one file; `path` is named in errors.
    fn parse(text: &str, path: &Path, id: &str) -> Result<Self>;
}

/// Every `.toml` of `files`, by id.
pub(crate) fn read_all<P: Preset>(files: &Dir<'_>) -> Result<Vec<P>> {
    let mut all = Vec::new();
    for file in files.files() {
        let name = file.path();
        let (Some(stem), Some(text)) = (name.file_stem(), file.contents_utf8()) else {
            continue;
        };
        if name
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let path = Path::new(P::FOLDER).join(name);
            all.push(P::parse(text, &path, &stem.to_string_lossy())?);
        }
    }
    all.sort_by(|a, b| a.id().cmp(b.id()));
    Ok(all)
}

/// All presets, or the error with which one of them failed.
pub(crate) fn all<P>(presets: &'static LazyLock<Result<Vec<P>>>) -> Result<&'static [P]> {
    match &**presets {
        Ok(all) => Ok(all),
        // The presets are part of the program, so this would be a bug; a test reads them all.
        Err(error) => Err(Error::Nothing {
            what: format!("a preset of this program is wrong: {error}"),
            hint: Hint::RebuildProgram,
        }),
    }
}

/// By id.
pub(crate) fn find<P: Preset>(
    all: &'static [P],
    kind: &'static str,
    id: &str,
) -> Result<&'static P> {
    all.iter()
        .find(|preset| preset.id() == id)
        .ok_or_else(|| Error::UnknownName {
            kind,
            name: id.to_owned(),
            known: all.iter().map(|preset| preset.id().to_owned()).collect(),
        })
}

/// The error of a field whose value is out of range, at the line that sets it.
pub(crate) fn wrong(path: &Path, text: &str, field: &str, what: &str) -> Error {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let name = line.split('=').next().unwrap_or_default().trim();
        if line.contains('=') && name == field {
            break;
        }
        offset += line.len();
    }
    Error::document(path, text, offset, format!("{field} {what}"))
}
