//! Files that are ingested somewhere else than in this process.

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::arrival::Arrival;
use super::document::Rendition;
use super::screening::Screening;
use crate::error::{Error, Result};
use crate::task::Task;

/// Ingests files somewhere else than in this process.
pub trait FileIngester {
    /// Calls `each` with the number of a file and its document, in order, until it returns false; the renditions are in
    /// the folder of the file then. A file that fails has its own error.
    ///
    /// Errors: those that end the whole run.
    fn run(
        &self,
        files: &[Arrival],
        task: &Task,
        each: &mut dyn FnMut(usize, Result<Value>) -> bool,
    ) -> Result<()>;
}

/// What was found and made of a file by another process.
#[derive(Debug)]
pub struct IngestedApart {
    /// `tastemaker.ingested/1`.
    pub document: Value,
    /// The parts of it that are shown to people.
    pub facts: IngestedFacts,
}

/// What people are shown of a file that arrived.
#[derive(Debug, Deserialize)]
pub struct IngestedFacts {
    /// The file.
    pub file: String,
    /// Whether it may be shown.
    pub screening: Screening,
    /// What was made of it.
    pub renditions: Vec<Rendition>,
}

impl IngestedApart {
    /// A document that another process wrote, with the name that the file has here.
    ///
    /// Errors: `Damaged` where it makes no sense: that process was in the hands of the file.
    pub(super) fn of(mut document: Value, path: &Path) -> Result<Self> {
        for pointer in ["/file", "/analysis/file/path"] {
            let missing = || Error::damaged(path, format!("{pointer} is missing in its results"));
            let name = document.pointer_mut(pointer).ok_or_else(missing)?;
            *name = path.display().to_string().into();
        }
        if let Some(name) = document.pointer_mut("/suggestions/files/0") {
            *name = path.display().to_string().into();
        }
        let facts = IngestedFacts::deserialize(&document);
        let facts = facts.map_err(|problem| Error::damaged(path, problem))?;
        Ok(Self { document, facts })
    }
}
