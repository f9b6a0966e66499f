//! The library of looks: found by name (built in, or in the person's folder) or by path.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::{Dir, include_dir};

use crate::error::{Error, LimitName, Result};
use crate::looks::look::Look;
use crate::looks::lut::Lut;
use crate::looks::steps::LookStep;

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/presets/looks");

/// Most bytes of a look file: a thousand times what a person writes.
const MOST_BYTES: u64 = 1 << 20;
/// Most bytes of a table's file: 256³ rows of 30 bytes.
const MOST_CUBE_BYTES: u64 = 1 << 29;

/// The origin of a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookSource {
    /// Compiled into the program from `presets/looks`.
    BuiltIn,
    /// A file.
    File(PathBuf),
}

/// All looks that can be named.
#[derive(Debug, Clone)]
pub struct LookLibrary {
    looks: Vec<Look>,
    /// Parallel to `looks`.
    sources: Vec<LookSource>,
    /// Files in the person's folder that are not valid looks, by id.
    broken: BTreeMap<String, PathBuf>,
}

impl LookLibrary {
    /// The built-in looks and those of `folder`, which take precedence. A folder that does not exist counts as empty.
    ///
    /// An invalid file in the folder does not affect the others: [`Self::broken`] lists it, and finding it by name
    /// fails with its error, even if a built-in look has that name.
    pub fn open(folder: Option<PathBuf>) -> Result<Self> {
        let mut found = BTreeMap::new();
        for file in BUILT_IN.files() {
            let path = Path::new("presets/looks").join(file.path());
            let id = id(&path);
            let text = file.contents_utf8().unwrap_or_default();
            found.insert(
                id.clone(),
                (Look::parse(&id, &path, text)?, LookSource::BuiltIn),
            );
        }
        let mut broken = BTreeMap::new();
        for path in folder.as_deref().map_or_else(|| Ok(vec![]), look_files)? {
            let id = id(&path);
            match read(&path) {
                Ok(look) if id != "none" => {
                    found.insert(id, (look, LookSource::File(path)));
                }
                _ => {
                    found.remove(&id);
                    broken.insert(id, path);
                }
            }
        }
        let (looks, sources) = found.into_values().unzip();
        Ok(Self {
            looks,
            sources,
            broken,
        })
    }

    /// All looks, by id; without `none`, which every library knows.
    pub fn looks(&self) -> &[Look] {
        &self.looks
    }

    /// The origin of the look `id`.
    pub fn source(&self, id: &str) -> Option<&LookSource> {
        self.looks
            .iter()
            .position(|look| look.id == id)
            .and_then(|number| self.sources.get(number))
    }

    /// The error of each invalid file in the person's folder.
    pub fn broken(&self) -> Vec<Error> {
        self.broken
            .values()
            .filter_map(|path| read_named(path).err())
            .collect()
    }

    /// Finds a look by id, or by path if the name ends in `.toml` or has a separator.
    pub fn find(&self, name: &str) -> Result<Look> {
        if name.ends_with(".toml") || name.contains(['/', '\\']) {
            return read(Path::new(name));
        }
        if name == "none" {
            return Ok(Look::none());
        }
        if let Some(path) = self.broken.get(name) {
            return read_named(path);
        }
        self.looks
            .iter()
            .find(|look| look.id == name)
            .cloned()
            .ok_or_else(|| Error::UnknownName {
                kind: "look",
                name: name.into(),
                known: std::iter::once("none")
                    .chain(self.looks.iter().map(|look| &*look.id))
                    .map(String::from)
                    .collect(),
            })
    }
}

/// The file name without extension.
fn id(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The `.toml` files of a folder, by name.
fn look_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(Error::read(folder, error)),
    };
    let mut files = vec![];
    for entry in entries {
        let path = entry.map_err(|error| Error::read(folder, error))?.path();
        if path.extension() == Some(OsStr::new("toml")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a file of the person's folder; the name `none` is reserved.
fn read_named(path: &Path) -> Result<Look> {
    let look = read(path)?;
    if look.id == "none" {
        return Err(Error::Document {
            path: path.into(),
            line: 1,
            column: 1,
            what: "none is the look that does nothing: give this one another name".into(),
        });
    }
    Ok(look)
}

fn read(path: &Path) -> Result<Look> {
    let text = String::from_utf8(bytes_of(path, MOST_BYTES)?).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = &error.as_bytes()[..valid];
        Error::Document {
            path: path.into(),
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: String::from_utf8_lossy(before)
                .rsplit('\n')
                .next()
                .map_or(0, |line| line.chars().count())
                + 1,
            what: "this is not UTF-8 text".into(),
        }
    })?;
    let mut look = Look::parse(&id(path), path, &text)?;
    for step in &mut look.steps {
        if let LookStep::Lut(lut) = step.unmasked_mut() {
            let file = path.with_file_name(&lut.file);
            let (table, bytes) = read_cube(&file)?;
            let hash = blake3::hash(&bytes).to_hex().to_string();
            if let Some(wanted) = &lut.blake3
                && !wanted.eq_ignore_ascii_case(&hash)
            {
                return Err(Error::document(
                    path,
                    &text,
                    text.find(wanted).unwrap_or(0),
                    format!("blake3 is not that of {}, which is {hash}", lut.file),
                ));
            }
            lut.table = Some(Arc::new(table));
        }
    }
    Ok(look)
}

/// Reads a `.cube` file and returns its bytes, too.
pub fn read_cube(path: &Path) -> Result<(Lut, Vec<u8>)> {
    let bytes = bytes_of(path, MOST_CUBE_BYTES)?;
    // A title may be in any encoding; everything else is ASCII.
    let table = Lut::parse_cube(path, &String::from_utf8_lossy(&bytes))?;
    Ok((table, bytes))
}

/// Reads a table of colors by the ending of its name: `.cube`, `.3dl` or `.csp`. Also returns the bytes of an
/// equivalent `.cube` file, which are the file's own if it is one.
pub fn read_lut(path: &Path) -> Result<(Lut, Vec<u8>)> {
    let ends = |ending: &str| {
        path.extension()
            .is_some_and(|own| own.eq_ignore_ascii_case(ending))
    };
    if !ends("3dl") && !ends("csp") {
        return read_cube(path);
    }
    let bytes = bytes_of(path, MOST_CUBE_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    let table = if ends("3dl") {
        Lut::parse_3dl(path, &text)?
    } else {
        Lut::parse_csp(path, &text)?
    };
    let cube = table.to_cube().into_bytes();
    Ok((table, cube))
}

fn bytes_of(path: &Path, most: u64) -> Result<Vec<u8>> {
    let file = std::fs::File::open(path).map_err(|error| Error::read(path, error))?;
    let mut bytes = vec![];
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Error::read(path, error))?;
    if bytes.len() as u64 > most {
        return Err(Error::Limit {
            path: path.into(),
            limit: LimitName::Bytes,
            found: bytes.len() as u64,
            allowed: most,
        });
    }
    Ok(bytes)
}
