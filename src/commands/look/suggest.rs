//! `tastemaker look suggest`: which looks fit a photo, and what should be corrected before.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, JsonOption};
use crate::commands::output::Printer;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{AdviseJob, advise_on_photos};
use crate::report::reason_texts;
use crate::suggest::{Abstention, LookSuggestions};

/// Reasons that are told of a look, the strongest.
const REASONS: usize = 2;

/// Say which looks fit a photo, and what should be corrected before
#[derive(Debug, Args)]
pub struct LookSuggest {
    /// The photos, each judged on its own
    #[arg(required = true)]
    pub photos: Vec<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
    /// Whose taste counts, see `tastemaker profile list`; `none` for nobody's
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(verb: &LookSuggest, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let task = session.task(&verb.print);
    let job = AdviseJob {
        photos: verb.photos.clone(),
        profile: workshop.config()?.profile(verb.profile.as_ref()),
    };
    if verb.mode.dry_run {
        job.check(workshop, &task)?;
        printer.lines(verb.photos.iter().map(|photo| photo.display()))?;
        return Ok(Outcome::Done);
    }
    let failed = advise_on_photos(&job, workshop, &task, |suggestions| {
        if verb.print.json {
            printer.json(&suggestions)
        } else {
            print(&suggestions, printer)
        }
    })?;
    Ok(Outcome::with_findings(failed))
}

fn print(answer: &LookSuggestions, printer: &Printer) -> Result<()> {
    let row = |kind: &str, choice: &str, score: f64, because: String| {
        [kind.into(), choice.into(), format!("{score:.2}"), because]
    };
    let mut rows: Vec<[String; 4]> = Vec::new();
    if let Some(correction) = &answer.correction {
        let because = reason_texts(&correction.reasons, usize::MAX, " ");
        let choice = "apply none --match each";
        rows.push(row("correct", choice, correction.score, because));
    }
    rows.extend(answer.looks.iter().map(|look| {
        let because = reason_texts(&look.reasons, REASONS, " ");
        row("look", &look.id, look.score, because)
    }));
    printer.lines([&answer.file])?;
    printer.table(&["", "choice", "score", "because"], rows)?;
    // The JSON has a reason for each look that was left out; people get their number.
    let (single, whole): (Vec<&Abstention>, Vec<&Abstention>) = answer
        .abstained
        .iter()
        .partition(|abstained| abstained.what.starts_with("look "));
    for abstained in whole {
        printer.note(&format!("no {}: {}", abstained.what, abstained.why));
    }
    if !single.is_empty() {
        let count = single.len();
        printer.note(&format!("{count} looks are not for it; --json says why"));
    }
    Ok(())
}
