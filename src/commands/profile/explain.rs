//! `tastemaker profile explain`: why a profile thinks of a suggestion what it thinks.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::JsonOption;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{ExplainJob, explain_suggestion};

/// What `profile explain` takes.
#[derive(Debug, Args)]
pub struct ProfileExplain {
    /// The profile's name, or a path that ends in .json
    #[arg(value_name = "NAME")]
    pub name: String,
    /// A look or an effect, or the title, path or id of a track in --suggestions
    #[arg(value_name = "SUGGESTION")]
    pub suggestion: String,
    /// What `tastemaker suggest -o FILE` wrote
    #[arg(long, value_name = "FILE")]
    pub suggestions: Option<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(explain: &ProfileExplain, session: &Session) -> Result<Outcome> {
    let printer = &session.printer;
    let explanation = explain_suggestion(
        &ExplainJob {
            profile: explain.name.clone(),
            suggestion: explain.suggestion.clone(),
            suggestions: explain.suggestions.clone(),
        },
        &session.workshop,
    )?;
    if explain.print.json {
        printer.json(&explanation)?;
        return Ok(Outcome::Done);
    }
    printer.talk(&format!(
        "taste moves the score of {} by {:+.2} (liked with probability {:.2}, confidence {:.2})",
        explanation.suggestion, explanation.shift, explanation.liking, explanation.confidence
    ));
    let rows = explanation.parts.iter().map(|part| {
        let value = format!("{:.2}", part.value);
        [
            part.feature.clone(),
            value,
            format!("{:+.3}", part.contribution),
        ]
    });
    printer.table(&["feature", "value", "moves the score by"], rows)?;
    Ok(Outcome::Done)
}
