//! Caches the hashes of files during one run, so that none is read twice for its hash.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::Result;
use crate::store::{FileStamp, hash_file};
use crate::task::Task;

/// Known hashes, each with the size and time of its file. Share it by reference between threads.
#[derive(Debug, Default)]
pub struct FileHashes {
    known: Mutex<BTreeMap<PathBuf, (FileStamp, String)>>,
}

impl FileHashes {
    /// BLAKE3 of a file, lower-case hex. The file is only read again if its size or time has changed.
    ///
    /// Fails like [`hash_file`].
    pub fn hash(&self, path: &Path, task: &Task) -> Result<String> {
        let stamp = FileStamp::of(path)?;
        // Different names of the same file share one entry.
        let key = path.canonicalize().unwrap_or_else(|_| path.into());
        if let Some((_, hash)) = self.known().get(&key).filter(|(then, _)| *then == stamp) {
            return Ok(hash.clone());
        }
        let hash = hash_file(path, task)?;
        // Do not keep the hash of a file that changed while it was read.
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
