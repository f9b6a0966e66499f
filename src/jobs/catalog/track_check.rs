//! What is wrong in a catalog: files that are missing or changed, recordings that are there twice, old analyses.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::error::Result;
use crate::music::catalog::{Catalog, Filters, duplicates};
use crate::store::{FileStamp, hash_file};
use crate::task::Task;
use crate::time::rounded;

/// Something that a person may want to put right, `tastemaker.music-finding/1`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CatalogFinding {
    schema: &'static str,
    /// What is wrong.
    pub kind: FindingKind,
    /// The track.
    pub id: String,
    /// Its file.
    pub path: String,
    /// Of a duplicate: the other file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// Of a duplicate: cosine of the embeddings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likeness: Option<f64>,
}

/// The kinds of [`CatalogFinding`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The file is gone.
    Missing,
    /// The file holds something else.
    Changed,
    /// Another file holds the same recording.
    Duplicate,
    /// Another version of the analysis wrote it.
    Outdated,
}

impl FindingKind {
    /// Its word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::Duplicate => "duplicate",
            Self::Outdated => "outdated",
        }
    }
}

impl CatalogFinding {
    /// What a person can do about it.
    pub fn advice(&self) -> String {
        match (self.kind, &self.other) {
            (FindingKind::Missing, _) => "add the folder it is in now, or remove it".into(),
            (FindingKind::Duplicate, Some(other)) => {
                format!("sounds like {other}: remove one of them")
            }
            (FindingKind::Outdated, _) => "add it again: an older version listened to it".into(),
            (FindingKind::Changed | FindingKind::Duplicate, _) => "add it again".into(),
        }
    }
}

/// Everything that is wrong in `catalog`. Files whose size and time are as they were are not read.
pub fn check_catalog(catalog: &Catalog, task: &Task) -> Result<Vec<CatalogFinding>> {
    let finding = |kind, id: &str, path: String| CatalogFinding {
        schema: "tastemaker.music-finding/1",
        kind,
        id: id.to_owned(),
        path,
        other: None,
        likeness: None,
    };
    let mut findings = Vec::new();
    for (id, file) in catalog.files()? {
        let path = file.path.display().to_string();
        let Ok(stamp) = FileStamp::of(&file.path) else {
            findings.push(finding(FindingKind::Missing, &id, path));
            continue;
        };
        if stamp != file.stamp
            && (stamp.bytes != file.stamp.bytes || hash_file(&file.path, task)? != id)
        {
            findings.push(finding(FindingKind::Changed, &id, path));
        }
    }
    let entries = catalog.list(&Filters::default())?;
    let paths: BTreeMap<&str, String> = entries
        .iter()
        .map(|entry| (entry.id.as_str(), entry.path.display().to_string()))
        .collect();
    let path = |id: &str| paths.get(id).cloned().unwrap_or_default();
    for pair in duplicates(&entries, &catalog.embeddings()?) {
        let [first, second] = &pair.ids;
        findings.push(CatalogFinding {
            other: Some(path(first)),
            likeness: Some(rounded(pair.likeness)),
            ..finding(FindingKind::Duplicate, second, path(second))
        });
    }
    for id in catalog.outdated()? {
        findings.push(finding(FindingKind::Outdated, &id, path(&id)));
    }
    Ok(findings)
}
