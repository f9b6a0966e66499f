//! How much room there is for what the service keeps.

use std::path::Path;

use crate::error::Result;

/// Bytes that this user may still write in the file system of `path`; `None` on systems that are not asked.
///
/// Errors: `Read` where the file system does not tell.
#[cfg(unix)]
pub fn free_bytes(path: &Path) -> Result<Option<u64>> {
    let facts = rustix::fs::statvfs(path);
    let facts = facts.map_err(|problem| crate::error::Error::read(path, problem.into()))?;
    Ok(Some(facts.f_bavail.saturating_mul(facts.f_frsize)))
}

#[cfg(not(unix))]
pub fn free_bytes(_: &Path) -> Result<Option<u64>> {
    Ok(None)
}
