//! A journal of finished work, one line for each fact, that survives a kill at any moment.
//!
//! Lines are only appended, so an abrupt exit can damage no more than the last one; readers skip lines that they cannot
//! parse. Only one process writes at a time: the file is locked, and the system releases the lock however the process
//! ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, LimitName, Result};
use crate::hint::Hint;

/// Largest journal that is read, in bytes: a million lines of a kilobyte.
const MOST_BYTES: u64 = 1 << 30;

/// An open journal. Threads may share it.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Mutex<File>,
}

impl Journal {
    /// Opens `path`, creating it and its folder if missing, and returns the lines in it.
    ///
    /// Fails with `Usage` while another process has it open, with `Write` or `Read`, or with `Limit`.
    pub fn open(path: &Path) -> Result<(Self, Vec<String>)> {
        let folder = path.parent().unwrap_or(Path::new(""));
        if !folder.as_os_str().is_empty() {
            fs::create_dir_all(folder).map_err(|error| Error::write(folder, error))?;
        }
        let write = |error| Error::write(path, error);
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(write)?;
        // Some file systems have no locks; two concurrent runs are then not detected.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(Error::Usage {
                what: format!("another run is writing to {}", folder.display()),
                hint: Hint::WaitOrChooseFolder,
            });
        }
        let text = read(&mut file, path)?;
        if !text.is_empty() && !text.ends_with('\n') {
            // End a torn line, so that the next one starts on its own.
            file.write_all(b"\n").map_err(write)?;
        }
        let journal = Self {
            path: path.into(),
            file: Mutex::new(file),
        };
        Ok((journal, lines(&text)))
    }

    /// Appends a line, which must not contain a line break. Once this returns, the line survives a kill of the process;
    /// a power failure may lose it.
    pub fn append(&self, line: &str) -> Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // In one call, so that lines of several threads never mix.
        file.write_all(format!("{line}\n").as_bytes())
            .map_err(|error| Error::write(&self.path, error))
    }

    /// Syncs the file; a journal without lines is removed.
    pub fn close(self) -> Result<()> {
        let file = self
            .file
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let write = |error| Error::write(&self.path, error);
        if file.metadata().map_err(write)?.len() == 0 {
            return fs::remove_file(&self.path).map_err(write);
        }
        file.sync_all().map_err(write)
    }
}

fn read(file: &mut File, path: &Path) -> Result<String> {
    let read = |error| Error::read(path, error);
    let found = file.metadata().map_err(read)?.len();
    if found > MOST_BYTES {
        return Err(Error::Limit {
            path: path.into(),
            limit: LimitName::Bytes,
            found,
            allowed: MOST_BYTES,
        });
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES)
        .read_to_end(&mut bytes)
        .map_err(read)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(String::from).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_and_a_torn_one_spoils_nothing_behind_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/record");
        let (journal, before) = Journal::open(&path).unwrap();
        assert!(before.is_empty());
        journal.append("one").unwrap();
        drop(journal);
        // Killed in the middle of a line.
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(b"tw\xff").unwrap();
        let (journal, before) = Journal::open(&path).unwrap();
        assert_eq!(before, ["one", "tw\u{fffd}"]);
        journal.append("three").unwrap();
        journal.close().unwrap();
        let (_, after) = Journal::open(&path).unwrap();
        assert_eq!(after, ["one", "tw\u{fffd}", "three"]);
    }

    #[test]
    fn one_writes_at_a_time_and_an_empty_record_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record");
        let (journal, _) = Journal::open(&path).unwrap();
        let second = Journal::open(&path).unwrap_err();
        assert!(matches!(&second, Error::Usage { what, .. } if what.contains("another run")));
        journal.close().unwrap();
        assert!(!path.exists());
    }
}
