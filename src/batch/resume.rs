//! The record of finished results, which lets a killed run resume.
//!
//! A result's line, with the hash of its bytes, is written before the result is renamed to its final name. So whenever
//! a run is killed, every result with its final name also has its line. A line whose result was never renamed does no
//! harm: the file of that name is missing or has another hash.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::batch::adjustment::Adjustment;
use crate::batch::outcome::PartialReason;
use crate::error::Result;
use crate::media::LeftOutTrack;
use crate::notice::LeftOutPart;
use crate::picture::FilmTreatment;
use crate::store::Journal;

/// File name of the record in the folder of the results.
const NAME: &str = ".tastemaker.journal";
/// The schema of each line.
const SCHEMA: &str = "tastemaker.journal/1";

/// One result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ResumeEntry {
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
    pub(super) partial: Option<PartialReason>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) left_out: Vec<LeftOutTrack>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) parts_left_out: Vec<LeftOutPart>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) treatments: Vec<FilmTreatment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) adjusted: Option<Adjustment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) faces_blurred: Option<usize>,
}

impl ResumeEntry {
    pub(super) fn schema() -> String {
        SCHEMA.into()
    }
}

/// The record of a folder, locked for this run.
#[derive(Debug)]
pub(super) struct ResumeRecord {
    journal: Journal,
    known: BTreeMap<String, Vec<ResumeEntry>>,
}

impl ResumeRecord {
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let (journal, lines) = Journal::open(&path(folder))?;
        let mut known: BTreeMap<String, Vec<ResumeEntry>> = BTreeMap::new();
        for line in lines {
            if let Ok(entry) = serde_json::from_str::<ResumeEntry>(&line)
                && entry.schema == SCHEMA
            {
                known.entry(entry.name.clone()).or_default().push(entry);
            }
        }
        Ok(Self { journal, known })
    }

    /// The entry of `name` that was made under `key` and whose content has the hash `blake3`.
    pub(super) fn finished(&self, name: &str, key: &str, blake3: &str) -> Option<&ResumeEntry> {
        let of_name = self.known.get(name)?;
        of_name
            .iter()
            .rev()
            .find(|entry| entry.key == key && entry.blake3 == blake3)
    }

    /// Whether any run made `name` with content of the hash `blake3`.
    pub(super) fn made(&self, name: &str, blake3: &str) -> bool {
        self.known
            .get(name)
            .is_some_and(|of_name| of_name.iter().any(|entry| entry.blake3 == blake3))
    }

    pub(super) fn add(&self, entry: &ResumeEntry) -> Result<()> {
        // Strings only: serializing them cannot fail.
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
