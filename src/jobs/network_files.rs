//! The files of the networks, and whether each is the pinned one.

use serde::Serialize;

use crate::models::{ModelEntry, Models};

/// A network of the manifest, `tastemaker.model/1`.
#[derive(Debug, Serialize)]
pub struct NetworkReport<'a> {
    schema: &'static str,
    /// Its name.
    pub name: &'a str,
    /// Its file in the folder of the networks.
    pub file: &'a str,
    /// What it does.
    pub task: &'a str,
    /// SPDX.
    pub license: &'a str,
    /// Size of the file.
    pub bytes: u64,
    /// The pin.
    pub sha256: &'a str,
    /// Whether the file is the pinned one; absent where it was not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intact: Option<bool>,
    /// What is wrong with the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// The networks in the order of the manifest. With `check`, each file is compared with its pin as its turn comes.
pub fn network_reports(models: &Models, check: bool) -> impl Iterator<Item = NetworkReport<'_>> {
    let entries = models.manifest().models.iter();
    entries.map(move |entry| network_report(models, entry, check))
}

fn network_report<'a>(models: &Models, entry: &'a ModelEntry, check: bool) -> NetworkReport<'a> {
    let checked = check.then(|| models.check(&entry.name));
    NetworkReport {
        schema: "tastemaker.model/1",
        name: &entry.name,
        file: &entry.file,
        task: &entry.task,
        license: &entry.license,
        bytes: entry.bytes,
        sha256: &entry.sha256,
        intact: checked.as_ref().map(Result::is_ok),
        problem: checked
            .and_then(Result::err)
            .map(|problem| problem.to_string()),
    }
}
