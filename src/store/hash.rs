//! Content hashes.

use std::path::Path;

use crate::error::Result;
use crate::task::Task;

/// BLAKE3 of a file, lower-case hex.
pub fn hash_file(path: &Path, task: &Task) -> Result<String> {
    let _ = (path, task);
    unimplemented!()
}
