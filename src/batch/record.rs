//! What is finished, so that it is not done again.
//!
//! A line is written before its result gets its name, and says what the result's bytes are. So whenever a run is killed, a result
//! with its name has its line; and a line whose result never got its name is seen to be void, because the bytes at that
//! name are missing or others.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::batch::adjust::Adjusted;
use crate::batch::run::Fault;
use crate::error::Result;
use crate::store::Journal;

/// Its name in the folder of the results.
const NAME: &str = ".tastemaker.journal";
const SCHEMA: &str = "tastemaker.journal/1";

/// One result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) schema: String,
    /// The result's path from the folder.
    pub(super) name: String,
    /// BLAKE3 of the source's content and the settings.
    pub(super) key: String,
    /// BLAKE3 of the result.
    pub(super) blake3: String,
    pub(super) bytes: u64,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) location: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) partial: Option<Fault>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) adjusted: Option<Adjusted>,
}

impl Entry {
    pub(super) fn schema() -> String {
        SCHEMA.into()
    }
}

/// The record of a folder, open for this run alone.
#[derive(Debug)]
pub(super) struct Record {
    journal: Journal,
    known: BTreeMap<String, Vec<Entry>>,
}

impl Record {
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let (journal, lines) = Journal::open(&path(folder))?;
        let mut known: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for line in lines {
            if let Ok(entry) = serde_json::from_str::<Entry>(&line)
                && entry.schema == SCHEMA
            {
                known.entry(entry.name.clone()).or_default().push(entry);
            }
        }
        Ok(Self { journal, known })
    }

    /// The entry of `name` that was made by `key` and has the content `blake3`.
    pub(super) fn finished(&self, name: &str, key: &str, blake3: &str) -> Option<&Entry> {
        let of_name = self.known.get(name)?;
        of_name
            .iter()
            .rev()
            .find(|entry| entry.key == key && entry.blake3 == blake3)
    }

    /// True when any run made `name` with the content `blake3`.
    pub(super) fn made(&self, name: &str, blake3: &str) -> bool {
        self.known
            .get(name)
            .is_some_and(|of_name| of_name.iter().any(|entry| entry.blake3 == blake3))
    }

    pub(super) fn add(&self, entry: &Entry) -> Result<()> {
        // Plain texts and numbers: they always make JSON.
        let line = serde_json::to_string(entry).unwrap_or_default();
        self.journal.append(&line)
    }

    pub(super) fn close(self) -> Result<()> {
        self.journal.close()
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}
