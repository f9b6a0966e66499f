//! Detects whether a file has changed, without reading it.

use std::path::Path;
use std::time::SystemTime;

use crate::error::{Error, Result};

/// Size and time of last change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileStamp {
    /// Size in bytes.
    pub bytes: u64,
    /// Modification time, in nanoseconds since the beginning of 1970; 0 if the file system has none.
    pub modified: i64,
}

impl FileStamp {
    /// The stamp of the file at `path`, following links. Fails with `Read`, and with `Unsupported` for anything but a
    /// regular file.
    pub fn of(path: &Path) -> Result<Self> {
        let facts = std::fs::metadata(path).map_err(|problem| Error::read(path, problem))?;
        if !facts.is_file() {
            return Err(Error::unsupported(path, "it is not a regular file"));
        }
        let modified = facts.modified().ok().map_or(0, nanoseconds);
        Ok(Self {
            bytes: facts.len(),
            modified,
        })
    }
}

fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}
