//! `models/manifest.toml`: what each network is, its pin, license and words on its use.

use std::path::Path;

use crate::error::Result;

/// The manifest, read and checked for shape.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// In the order of the file.
    pub models: Vec<ModelEntry>,
}

/// One network.
#[derive(Debug, Clone)]
pub struct ModelEntry {
    /// Such as `transnet-v2`.
    pub name: String,
    /// File name in the folder.
    pub file: String,
    /// Pin, lower-case hex.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
    /// What it does.
    pub task: String,
    /// SPDX.
    pub license: String,
    /// Lines for the notices.
    pub attribution: Vec<String>,
}

impl Manifest {
    /// Reads `folder/manifest.toml`.
    pub fn read(folder: &Path) -> Result<Self> {
        let _ = folder;
        unimplemented!()
    }

    /// The entry of that name.
    pub fn find(&self, name: &str) -> Result<&ModelEntry> {
        let _ = name;
        unimplemented!()
    }
}
