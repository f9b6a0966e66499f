//! The files that a folder of music holds.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::music::NOTES_FILE;
use crate::music::rights::{LICENSES_FILE, SIDECAR_ENDING};

/// Most levels of folders. No music folder is deeper, and the limit ends cycles of mounts.
const DEEPEST: usize = 32;

/// The file itself, or every regular file below a folder except hidden ones and what is written about tracks
/// (`tracks.toml`, `LICENSES.tsv`, `song.ogg.license`), sorted by path.
///
/// No file is left out by its extension, since names say little about content: the caller probes the files.
/// Links to folders are not followed.
pub fn find_tracks(path: &Path) -> Result<Vec<PathBuf>> {
    let facts = std::fs::metadata(path).map_err(|error| Error::read(path, error))?;
    if !facts.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    collect(path, DEEPEST, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::read(folder, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Error::read(folder, error))?;
        let name = entry.file_name();
        let text = name.to_string_lossy();
        let is_note = name == NOTES_FILE || name == LICENSES_FILE || text.ends_with(SIDECAR_ENDING);
        if text.starts_with('.') || is_note {
            continue;
        }
        let path = entry.path();
        let kind = entry
            .file_type()
            .map_err(|error| Error::read(&path, error))?;
        if kind.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, found)?;
            }
        } else if path.is_file() {
            found.push(path);
        }
    }
    Ok(())
}
