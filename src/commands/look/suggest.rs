//! `tastemaker look suggest`: which looks fit a photo, and what should be corrected before.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::analysis::Analysis;
use crate::commands::config::Config;
use crate::commands::options::{Common, DryRunOption, JsonOption};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::progress::on_terminal;
use crate::commands::table::table;
use crate::commands::workshop::workshop;
use crate::error::Error;
use crate::jobs::{learned_taste, read_sources};
use crate::looks::{Correction, Finish};
use crate::media::{Limits, decode_still, to_srgb};
use crate::suggest::{Abstention, LookRequest, LookSuggestions, suggest_looks};
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
    limits: &Limits,
    printer: &Printer,
    task: &Task,
) -> Result<Outcome> {
    let config = Config::read(common.config.as_deref())?;
    let workshop = workshop(common);
    let task = &on_terminal(task, printer, verb.print.json);
    let models = workshop.models()?;
    let looks = workshop.looks()?;
    let profile = config.profile(verb.profile.as_ref());
    let taste = learned_taste(profile.as_deref(), &workshop, task)?;
    if verb.mode.dry_run {
        for file in &verb.photos {
            printer.data(&format!("{}\n", file.display()))?;
        }
        return Ok(Outcome::Done);
    }
    let sources = read_sources(&verb.photos, &workshop, task)?;
    let mut failed = sources.failed;
    for file in &sources.items {
        match judged(file, limits) {
            Ok((correction, finish)) => {
                let answer = suggest_looks(&LookRequest {
                    file,
                    correction: &correction,
                    finish,
                    looks: looks.looks(),
                    taste: taste.as_ref(),
                    models,
                })?;
                if verb.print.json {
                    printer.json(&answer)?;
                } else {
                    tell(&answer, printer)?;
                }
            }
            Err(problem) if problem.is_fatal() => return Err(problem.into()),
            Err(problem) => {
                failed = true;
                task.failure(Path::new(&file.file.path), &problem);
            }
        }
    }
    Ok(Outcome::with_findings(failed))
}

/// What the pixels say.
fn judged(file: &Analysis, limits: &Limits) -> Result<(Correction, Option<Finish>), Error> {
    let path = Path::new(&file.file.path);
    let photo = to_srgb(&decode_still(path, limits)?.picture);
    Ok((Correction::measure(&photo), Finish::of(&photo)))
}

fn tell(answer: &LookSuggestions, printer: &Printer) -> Result<()> {
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
