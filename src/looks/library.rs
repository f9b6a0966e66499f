//! Looks by name (built in, or in the person's folder) or by path.

use std::path::PathBuf;

use crate::error::Result;
use crate::looks::Look;

/// Where a look came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookSource {
    /// Compiled into the program from `presets/looks`.
    BuiltIn,
    /// A file.
    File(PathBuf),
}

/// All looks that can be named.
#[derive(Debug, Clone)]
pub struct LookLibrary {}

impl LookLibrary {
    /// The built-in looks and those of `folder`, which win.
    pub fn open(folder: Option<PathBuf>) -> Result<Self> {
        let _ = folder;
        unimplemented!()
    }

    /// All of them, by id.
    pub fn looks(&self) -> &[Look] {
        unimplemented!()
    }

    /// By id, or by path when the name ends in `.toml` or has a separator.
    pub fn find(&self, name: &str) -> Result<Look> {
        let _ = name;
        unimplemented!()
    }
}
