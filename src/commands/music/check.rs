//! `tastemaker music check`: what is missing, changed, there twice, or heard by an older version.

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::commands::options::JsonOption;
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::table::table;
use crate::music::catalog::{Catalog, Filters, duplicates};
use crate::store::{FileStamp, hash_file};
use crate::task::Task;
use crate::time::rounded;

/// Find files that are missing or changed, and recordings that are there twice
#[derive(Debug, Args)]
pub struct MusicCheck {
    #[command(flatten)]
    pub print: JsonOption,
}

/// Something that a person may want to put right.
#[derive(Serialize)]
struct Finding {
    schema: &'static str,
    /// `missing`, `changed`, `duplicate` or `outdated`.
    kind: &'static str,
    id: String,
    path: String,
    /// Of a duplicate: the other file.
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<String>,
    /// Of a duplicate: cosine of the embeddings.
    #[serde(skip_serializing_if = "Option::is_none")]
    likeness: Option<f64>,
}

pub fn run(
    verb: &MusicCheck,
    catalog: &Catalog,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    let finding = |kind, id: &str, path: String| Finding {
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
            findings.push(finding("missing", &id, path));
            continue;
        };
        if stamp != file.stamp
            && (stamp.bytes != file.stamp.bytes || hash_file(&file.path, task)? != id)
        {
            findings.push(finding("changed", &id, path));
        }
    }
    let entries = catalog.list(&Filters::default())?;
    let places: BTreeMap<&str, String> = entries
        .iter()
        .map(|entry| (entry.id.as_str(), entry.path.display().to_string()))
        .collect();
    let place = |id: &str| places.get(id).cloned().unwrap_or_default();
    for pair in duplicates(&entries, &catalog.embeddings()?) {
        let [first, second] = &pair.ids;
        findings.push(Finding {
            other: Some(place(first)),
            likeness: Some(rounded(pair.likeness)),
            ..finding("duplicate", second, place(second))
        });
    }
    for id in catalog.outdated()? {
        findings.push(finding("outdated", &id, place(&id)));
    }
    if verb.print.json {
        for finding in &findings {
            printer.json(finding)?;
        }
    } else if !findings.is_empty() {
        let mut table = table(&["finding", "file", "what to do"]);
        for finding in &findings {
            table.add_row([
                finding.kind.to_owned(),
                finding.path.clone(),
                advice(finding),
            ]);
        }
        printer.data(&format!("{table}\n"))?;
    }
    if findings.is_empty() {
        printer.note("every file is there and as it was, and no recording is there twice");
        return Ok(Outcome::Done);
    }
    Ok(Outcome::Findings)
}

fn advice(finding: &Finding) -> String {
    match (finding.kind, &finding.other) {
        ("missing", _) => "add the folder it is in now, or remove it".into(),
        ("duplicate", Some(other)) => format!("sounds like {other}: remove one of them"),
        ("outdated", _) => "add it again: an older version listened to it".into(),
        _ => "add it again".into(),
    }
}
