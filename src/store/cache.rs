//! Answers kept by key, with a size limit; the longest unused go first.

use std::path::Path;

use crate::error::Result;

/// A folder of answers. Safe to share between processes.
#[derive(Debug)]
pub struct Cache {}

impl Cache {
    /// Opens (and makes) `folder`, kept under `limit` bytes.
    pub fn open(folder: &Path, limit: u64) -> Result<Self> {
        let _ = (folder, limit);
        unimplemented!()
    }

    /// The bytes stored under `key` (any text); `None` when there are none or they are damaged.
    pub fn get(&self, key: &str) -> Option<Vec<u8>> {
        let _ = key;
        unimplemented!()
    }

    /// Stores `bytes` under `key`.
    pub fn put(&self, key: &str, bytes: &[u8]) -> Result<()> {
        let _ = (key, bytes);
        unimplemented!()
    }
}
