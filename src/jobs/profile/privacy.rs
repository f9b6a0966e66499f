//! Lists exactly what a profile keeps, and where.

use std::path::PathBuf;

use serde::Serialize;

use crate::error::Result;
use crate::jobs::Workshop;
use crate::profile::{Evidence, Profile};

/// What a profile keeps.
pub struct PrivacyReport {
    /// The profile's name.
    pub name: String,
    /// Its file; nothing of it is anywhere else.
    pub path: PathBuf,
    /// The profile itself.
    pub profile: Profile,
}

/// What a profile keeps, `tastemaker.privacy/1`.
#[derive(Serialize)]
pub struct PrivacyDocument<'a> {
    schema: &'static str,
    name: &'a str,
    /// Its file; nothing of it is anywhere else.
    path: String,
    /// Bytes of the file.
    bytes: usize,
    /// Every piece of evidence, oldest first, as the file has it.
    stored: &'a [Evidence],
}

impl PrivacyReport {
    /// For machines.
    pub fn document(&self) -> PrivacyDocument<'_> {
        PrivacyDocument {
            schema: "tastemaker.privacy/1",
            name: &self.name,
            path: self.path.display().to_string(),
            bytes: self.profile.to_json().len(),
            stored: &self.profile.evidence,
        }
    }
}

/// What the profile `name` keeps. Fails where there is none of that name.
pub fn profile_privacy(name: &str, workshop: &Workshop) -> Result<PrivacyReport> {
    let library = workshop.profiles();
    Ok(PrivacyReport {
        name: name.to_owned(),
        path: library.path(name)?,
        profile: library.find(name)?,
    })
}
