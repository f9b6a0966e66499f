//! `tastemaker profile score`: how well a profile foretells its creator.

use anyhow::Result;
use clap::Args;

use crate::commands::options::JsonOption;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{KindScore, score_profile};
use crate::report::{SCORE_COLUMNS, score_row};

/// What `profile score` takes.
#[derive(Debug, Args)]
pub struct ProfileScoring {
    /// Its name, or a path that ends in .json
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(scoring: &ProfileScoring, session: &Session) -> Result<Outcome> {
    let printer = &session.printer;
    let score = score_profile(&scoring.name, &session.workshop)?;
    if scoring.print.json {
        printer.json(&score.document())?;
    } else {
        let rows = score.kinds.iter();
        let row =
            |kind: &KindScore| score_row(kind.kind, kind.choices, [&kind.ahead, &kind.left_out]);
        printer.table(&SCORE_COLUMNS, rows.map(row))?;
    }
    if let Some(edits) = score.edits.filter(|_| !scoring.print.json) {
        printer.lines([format!(
            "own edits: the mean difference (CIEDE2000) to {} of them falls from {:.1} to {:.1} in the look learned \
             from the others, by {:.0} % ({:.0} to {:.0})",
            edits.pairs,
            edits.difference_before,
            edits.difference,
            100.0 * edits.lowered,
            100.0 * edits.interval.low,
            100.0 * edits.interval.high
        )])?;
    }
    Ok(Outcome::Done)
}
