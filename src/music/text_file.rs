//! Small text files beside tracks: notes, tables of licenses, sidecars.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Largest size of such a file, in bytes. A table with a row for each of 30,000 tracks is smaller.
const LARGEST: u64 = 4 << 20;

/// The text of the file at `path`, with its path; `None` where there is no such file.
pub(super) fn read_text_file(path: &Path) -> Result<Option<(String, PathBuf)>> {
    // Ignore a folder of that name, or a pipe, which may never end.
    if !path.is_file() {
        return Ok(None);
    }
    let read = |error| Error::read(path, error);
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(read)?;
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(read)?;
    if bytes.len() as u64 > LARGEST {
        let what = format!("it is larger than {} MiB", LARGEST >> 20);
        return Err(Error::document(path, "", 0, what));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes());
        Error::document(path, &text, valid, "it is not UTF-8 from here on")
    })?;
    Ok(Some((text, path.to_owned())))
}
