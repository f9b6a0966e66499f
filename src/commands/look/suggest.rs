//! `tastemaker look suggest`: which looks fit a photo, and what should be corrected before.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::config::Config;
use crate::commands::options::{Common, DryRunOption, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::table::table;
use crate::jobs::{AdviseJob, Workshop, advise_on_photos};
use crate::suggest::{Abstention, LookSuggestions};
use crate::task::Task;

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

pub fn run(
    verb: &LookSuggest,
    common: &Common,
    workshop: &Workshop,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    let config = Config::read(common.config.as_deref())?;
    let job = AdviseJob {
        photos: verb.photos.clone(),
        profile: config.profile(verb.profile.as_ref()),
    };
    if verb.mode.dry_run {
        job.check(workshop, task)?;
        for photo in &verb.photos {
            printer.data(&format!("{}\n", photo.display()))?;
        }
        return Ok(Outcome::Done);
    }
    let failed = advise_on_photos(&job, workshop, task, |suggestions| {
        if verb.print.json {
            printer.json(&suggestions)
        } else {
            print(&suggestions, printer)
        }
    })?;
    Ok(Outcome::with_findings(failed))
}

fn print(answer: &LookSuggestions, printer: &Printer) -> Result<()> {
    let mut rows = table(&["", "choice", "score", "because"]);
    if let Some(correction) = &answer.correction {
        let texts: Vec<&str> = correction
            .reasons
            .iter()
            .map(|reason| reason.text.as_str())
            .collect();
        rows.add_row([
            "correct",
            "apply none --match each",
            &format!("{:.2}", correction.score),
            &texts.join(" "),
        ]);
    }
    for look in &answer.looks {
        let texts: Vec<&str> = look
            .reasons
            .iter()
            .take(2)
            .map(|reason| reason.text.as_str())
            .collect();
        rows.add_row([
            "look",
            &look.id,
            &format!("{:.2}", look.score),
            &texts.join(" "),
        ]);
    }
    printer.data(&format!("{}\n{rows}\n", answer.file))?;
    // Each look that was left out has its reason in the JSON; a person wants to know of the whole.
    let (single, whole): (Vec<&Abstention>, Vec<&Abstention>) = answer
        .abstained
        .iter()
        .partition(|one| one.what.starts_with("look "));
    for abstained in whole {
        printer.note(&format!("no {}: {}", abstained.what, abstained.why));
    }
    if !single.is_empty() {
        printer.note(&format!(
            "{} looks are not for it; --json says why",
            single.len()
        ));
    }
    Ok(())
}
