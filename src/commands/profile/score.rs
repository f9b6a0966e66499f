//! `tastemaker profile score`: how well a profile foretells its creator, and how well it likes posts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::commands::options::{ForceOption, JsonOption};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{KindScore, PostScore, score_posts, score_profile, write_score_page};
use crate::profile::TasteKind;
use crate::report::{SCORE_COLUMNS, score_row};

/// What `profile score` takes.
#[derive(Debug, Args)]
pub struct ProfileScoring {
    /// Its name, or a path that ends in .json
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Write a page: learning curves, held-out scores, palette, tone curve, lengths of shots, tempo and mood
    #[arg(long, value_name = "FILE.html", conflicts_with = "posts")]
    pub html: Option<PathBuf>,
    /// Tell instead how well these finished posts are to the taste of the profile; nothing is learned from them
    #[arg(long, value_name = "FOLDER", num_args = 1..)]
    pub posts: Vec<PathBuf>,
    #[command(flatten)]
    pub mode: ForceOption,
    #[command(flatten)]
    pub print: JsonOption,
}

pub fn run(scoring: &ProfileScoring, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    if !scoring.posts.is_empty() {
        return run_on_posts(scoring, session);
    }
    let score = score_profile(&scoring.name, workshop)?;
    if let Some(page) = &scoring.html {
        write_score_page(&score, page, scoring.mode.overwrite())?;
        printer.lines([page.display()])?;
    } else if scoring.print.json {
        printer.json(&score.document())?;
    } else {
        let rows = score.kinds.iter();
        let row =
            |kind: &KindScore| score_row(kind.kind, kind.choices, [&kind.ahead, &kind.left_out]);
        printer.table(&SCORE_COLUMNS, rows.map(row))?;
        printer.lines(score.sentences())?;
    }
    Ok(Outcome::Done)
}

fn run_on_posts(scoring: &ProfileScoring, session: &Session) -> Result<Outcome> {
    let (print, printer) = (&scoring.print, &session.printer);
    let task = session.task(print);
    let (scores, failed) = score_posts(&scoring.name, &scoring.posts, &session.workshop, &task)?;
    if print.json {
        scores.iter().try_for_each(|score| printer.json(score))?;
        return Ok(Outcome::with_findings(failed));
    }
    let mut all: BTreeMap<TasteKind, Vec<f64>> = BTreeMap::new();
    for liking in scores.iter().flat_map(|score| &score.kinds) {
        all.entry(liking.kind).or_default().push(liking.liking);
    }
    let columns: Vec<TasteKind> = all.keys().copied().collect();
    let mut head = vec![""];
    head.extend(columns.iter().map(|kind| kind.name()));
    let rows = scores.iter().map(|score| row(score, &columns));
    let mean = |likings: &Vec<f64>| likings.iter().sum::<f64>() / likings.len().max(1) as f64;
    let means = all.values().map(|likings| format!("{:.2}", mean(likings)));
    let last: Vec<String> = std::iter::once("mean".to_owned()).chain(means).collect();
    printer.table(&head, rows.chain([last]))?;
    Ok(Outcome::with_findings(failed))
}

/// A post, and how well it is liked by each kind of choice.
fn row(score: &PostScore, columns: &[TasteKind]) -> Vec<String> {
    let name = Path::new(&score.file).file_name().unwrap_or_default();
    let mut row = vec![name.to_string_lossy().into_owned()];
    row.extend(columns.iter().map(|kind| {
        let liking = score.kinds.iter().find(|liking| liking.kind == *kind);
        liking.map_or_else(|| "-".to_owned(), |liking| format!("{:.2}", liking.liking))
    }));
    row
}
