//! `tastemaker list looks|styles|platforms`.

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::commands::options::{Common, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::table::table;
use crate::edit::{Platform, Style};
use crate::looks::LookLibrary;

/// List what can be named: looks, styles, platforms
#[derive(Debug, Args)]
pub struct List {
    /// What to list
    pub what: Listed,
    #[command(flatten)]
    pub print: JsonOption,
}

/// What can be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Listed {
    Looks,
    Styles,
    Platforms,
}

pub fn run(verb: &List, _common: &Common, printer: &Printer) -> Result<Outcome> {
    let (head, rows, documents): (&[&str], Vec<Vec<String>>, Vec<serde_json::Value>) = match verb
        .what
    {
        Listed::Looks => {
            let library = LookLibrary::open(places::looks_folder())?;
            for problem in library.broken() {
                printer.error(&problem);
            }
            let looks = library.looks();
            let rows = looks
                .iter()
                .map(|look| vec![look.id.clone(), look.family.clone(), look.summary.clone()])
                .collect();
            let documents = looks
                .iter()
                .map(|look| {
                    json!({
                        "schema": "tastemaker.listed-look/1", "id": look.id, "family": look.family, "summary": look.summary,
                        "tags": look.tags, "mood": look.mood, "suits": look.suits, "avoid": look.avoid,
                        "strength": [look.strength.0, look.strength.1],
                    })
                })
                .collect();
            (&["look", "family", "what it does"], rows, documents)
        }
        Listed::Styles => {
            let styles = Style::all()?;
            let rows = styles
                .iter()
                .map(|style| vec![style.id.clone(), style.summary.clone()])
                .collect();
            let documents = styles
                .iter()
                .map(|style| json!({"schema": "tastemaker.listed-style/1", "id": style.id, "summary": style.summary}))
                .collect();
            (&["style", "what it does"], rows, documents)
        }
        Listed::Platforms => {
            let platforms = Platform::all()?;
            let rows = platforms
                .iter()
                .map(|platform| {
                    vec![
                        platform.id.clone(),
                        platform.name.clone(),
                        format!("{}x{}", platform.width, platform.height),
                        format!("{:.0} s", platform.longest),
                        format!("{:.0} LUFS", platform.loudness_lufs),
                    ]
                })
                .collect();
            let documents = platforms
                .iter()
                .map(|platform| {
                    json!({
                        "schema": "tastemaker.listed-platform/1", "id": platform.id, "name": platform.name,
                        "width": platform.width, "height": platform.height, "longest": platform.longest,
                        "loudness_lufs": platform.loudness_lufs, "true_peak_dbtp": platform.true_peak_dbtp,
                    })
                })
                .collect();
            (
                &["platform", "name", "size", "longest", "loudness"],
                rows,
                documents,
            )
        }
    };
    if verb.print.json {
        for document in &documents {
            printer.json(document)?;
        }
        return Ok(Outcome::Done);
    }
    let mut table = table(head);
    table.add_rows(rows);
    printer.data(&format!("{table}\n"))?;
    Ok(Outcome::Done)
}
