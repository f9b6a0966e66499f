//! Makes profiles, and carries them between machines.

use std::path::{Path, PathBuf};

use crate::error::Result;
use crate::jobs::Workshop;
use crate::profile::read_profile;
use crate::store::{Overwrite, write_atomic};

/// A profile file that is to become a named profile.
pub struct ImportProfileJob {
    /// The file. It may come from anywhere.
    pub file: PathBuf,
    /// The name of the profile.
    pub name: String,
    /// Whether a profile of that name is replaced.
    pub overwrite: Overwrite,
}

/// Makes an empty profile; returns its path.
///
/// Errors: `Exists` where there is one of that name.
pub fn new_profile(name: &str, workshop: &Workshop) -> Result<PathBuf> {
    workshop.profiles().create(name)
}

/// Writes the profile `name` to `target`.
pub fn export_profile(
    name: &str,
    target: &Path,
    overwrite: Overwrite,
    workshop: &Workshop,
) -> Result<()> {
    let profile = workshop.profiles().find(name)?;
    write_atomic(target, profile.to_json().as_bytes(), overwrite)
}

/// Makes a profile of a file, of this version or the first; returns its path. Nothing is written unless the whole file
/// is a profile within the limits.
///
/// Errors: `Exists` where there is a profile of that name and it must be kept, and those of the file.
pub fn import_profile(job: &ImportProfileJob, workshop: &Workshop) -> Result<PathBuf> {
    let profile = read_profile(&job.file)?;
    workshop
        .profiles()
        .replace(&job.name, &profile, job.overwrite)
}
