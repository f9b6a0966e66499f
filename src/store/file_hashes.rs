//! Hashes of the files of one run, so that none is read twice for its hash.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::Result;
use crate::store::{FileStamp, hash_file};
use crate::task::Task;

/// The hashes that are known, each with the size and time that its file had. Share it by reference between threads.
#[derive(Debug, Default)]
pub struct FileHashes {
    known: Mutex<BTreeMap<PathBuf, (FileStamp, String)>>,
}

impl FileHashes {
    /// BLAKE3 of a file, lower-case hex: the known one while size and time are the same, else read anew.
    ///
    /// Fails like [`hash_file`].
    pub fn hash(&self, path: &Path, task: &Task) -> Result<String> {
        let stamp = FileStamp::of(path)?;
        // Other names of the same file lead to the same entry.
        let key = path.canonicalize().unwrap_or_else(|_| path.into());
        if let Some((_, hash)) = self.known().get(&key).filter(|(then, _)| *then == stamp) {
            return Ok(hash.clone());
        }
        let hash = hash_file(path, task)?;
        // A file that was written to meanwhile may have been read half old, half new.
        if FileStamp::of(path)? == stamp {
            self.known().insert(key, (stamp, hash.clone()));
        }
        Ok(hash)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, (FileStamp, String)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_is_read_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let (hashes, task) = (FileHashes::default(), Task::default());
        std::fs::write(&path, "one").unwrap();
        let first = hashes.hash(&path, &task).unwrap();
        assert_eq!(first, hash_file(&path, &task).unwrap());
        assert_eq!(first, hashes.hash(&path, &task).unwrap());
        std::fs::write(&path, "three").unwrap();
        assert_eq!(
            hashes.hash(&path, &task).unwrap(),
            hash_file(&path, &task).unwrap()
        );
    }
}
