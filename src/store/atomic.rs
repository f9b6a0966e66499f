//! A target appears whole or not at all: temporary file beside it, fsync, rename.

use std::path::Path;

use crate::error::Result;

/// What happens when the target is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Fail with `Exists`.
    Refuse,
    /// Replace it at the end.
    Force,
}

/// A file in the making. Dropped without [`Output::commit`], it leaves nothing.
#[derive(Debug)]
pub struct Output {}

impl Output {
    /// Reserves `target` (its folder is made if missing) and creates an empty temporary file beside it.
    pub fn create(target: &Path, overwrite: Overwrite) -> Result<Self> {
        let _ = (target, overwrite);
        unimplemented!()
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        unimplemented!()
    }

    /// Syncs and renames onto the target.
    pub fn commit(self) -> Result<()> {
        unimplemented!()
    }
}

/// Writes `bytes` to `target` in one go.
pub fn write_atomic(target: &Path, bytes: &[u8], overwrite: Overwrite) -> Result<()> {
    let _ = (target, bytes, overwrite);
    unimplemented!()
}

/// Removes every temporary file of this process: for Ctrl-C and other sudden ends.
pub fn remove_unfinished() {
    unimplemented!()
}
