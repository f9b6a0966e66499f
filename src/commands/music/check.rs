//! `tastemaker music check`: what is missing, changed, there twice, or analyzed by an older version.

use anyhow::Result;
use clap::Args;

use crate::commands::options::JsonOption;
use crate::commands::session::{Outcome, Session};
use crate::jobs::check_catalog;
use crate::music::catalog::Catalog;

/// Find files that are missing or changed, and recordings that are there twice
#[derive(Debug, Args)]
pub struct MusicCheck {
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(verb: &MusicCheck, catalog: &Catalog, session: &Session) -> Result<Outcome> {
    let findings = check_catalog(catalog, &session.task(&verb.print))?;
    if verb.print.json {
        for finding in &findings {
            session.printer.json(finding)?;
        }
    } else if !findings.is_empty() {
        let head = ["finding", "file", "what to do"];
        let rows = findings.iter().map(|finding| {
            let kind = finding.kind.name().to_owned();
            [kind, finding.path.clone(), finding.advice()]
        });
        session.printer.table(&head, rows)?;
    }
    if findings.is_empty() {
        let note = "every file is there and as it was, and no recording is there twice";
        session.printer.note(note);
    }
    Ok(Outcome::with_findings(!findings.is_empty()))
}
