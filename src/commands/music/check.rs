//! `tastemaker music check`: what is missing, changed, there twice, or analyzed by an older version.

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::commands::options::JsonOption;
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::table::table;
use crate::jobs::{CatalogFinding, FindingKind, check_catalog};
use crate::music::catalog::Catalog;
use crate::task::Task;

/// Find files that are missing or changed, and recordings that are there twice
#[derive(Debug, Args)]
pub struct MusicCheck {
    #[command(flatten)]
    pub print: JsonOption,
}

/// A finding, for machines.
#[derive(Serialize)]
struct FindingLine<'a> {
    schema: &'static str,
    #[serde(flatten)]
    finding: &'a CatalogFinding,
}

pub fn run(
    verb: &MusicCheck,
    catalog: &Catalog,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    let findings = check_catalog(catalog, task)?;
    if verb.print.json {
        for finding in &findings {
            let schema = "tastemaker.music-finding/1";
            printer.json(&FindingLine { schema, finding })?;
        }
    } else if !findings.is_empty() {
        let mut table = table(&["finding", "file", "what to do"]);
        table.add_rows(findings.iter().map(|finding| {
            [
                finding.kind.name().to_owned(),
                finding.path.clone(),
                advice(finding),
            ]
        }));
        printer.data(&format!("{table}\n"))?;
    }
    if findings.is_empty() {
        printer.note("every file is there and as it was, and no recording is there twice");
    }
    Ok(Outcome::with_findings(!findings.is_empty()))
}

fn advice(finding: &CatalogFinding) -> String {
    match (finding.kind, &finding.other) {
        (FindingKind::Missing, _) => "add the folder it is in now, or remove it".into(),
        (FindingKind::Duplicate, Some(other)) => {
            format!("sounds like {other}: remove one of them")
        }
        (FindingKind::Outdated, _) => "add it again: an older version listened to it".into(),
        (FindingKind::Changed | FindingKind::Duplicate, _) => "add it again".into(),
    }
}
