//! One process at a time changes the files of a folder.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use crate::error::{Error, Result};

/// The lock of a folder, held until it is dropped. The system releases it however the process ends, and nothing is
/// left in the folder.
#[derive(Debug)]
pub struct FolderLock {
    /// Absent where folders cannot be locked: some network file systems, Windows. Concurrent changes then overwrite
    /// each other, but each file stays whole.
    _folder: Option<File>,
}

impl FolderLock {
    /// The lock of `folder`, which is made where it does not exist.
    ///
    /// Errors: `Busy` where another process holds it.
    pub fn take(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|problem| Error::write(folder, problem))?;
        let opened = File::open(folder).map_err(|problem| Error::read(folder, problem))?;
        match opened.try_lock() {
            Err(TryLockError::WouldBlock) => Err(Error::Busy {
                path: folder.into(),
            }),
            locked => Ok(Self {
                _folder: locked.is_ok().then_some(opened),
            }),
        }
    }

    /// Waits for the lock of `folder`, which is made where it does not exist.
    pub fn wait(folder: &Path) -> Result<Self> {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        fs::create_dir_all(folder).map_err(|problem| Error::write(folder, problem))?;
        let locked = File::open(folder).and_then(|folder| folder.lock().map(|()| folder));
        Ok(Self {
            _folder: locked.ok(),
        })
    }
}
