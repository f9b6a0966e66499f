//! Replays a log of choices: how well taste would have foretold them. Nothing is stored.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::Path;

use serde::Serialize;

use crate::error::{Error, LimitName, Result};
use crate::profile::{ChoiceOffer, KindTally, Replay, Top3Interval};
use crate::report::{ForetoldKind, score_page};
use crate::store::{Overwrite, write_atomic};
use crate::task::Task;
use crate::time::rounded;

/// Longest line of a log, in bytes: 256 candidates with 128 features each fit.
const LONGEST_LINE: u64 = 4 << 20;

/// One choice of a log, `tastemaker.replay/1`.
#[derive(Debug, Serialize)]
pub struct ReplayedChoice<'a> {
    schema: &'static str,
    choice: usize,
    kind: &'a str,
    ranked: Vec<&'a str>,
    chosen: &'a str,
    rank: usize,
    prior_rank: usize,
    confidence: f64,
}

/// How well each kind of choice was foretold.
pub struct ReplayReport {
    /// Kinds in the order of their names.
    pub kinds: Vec<(String, KindTally)>,
}

impl ReplayReport {
    /// Writes a page with the course of each kind of choice. Fails where a file is in the way.
    pub fn write_page(&self, page: &Path, overwrite: Overwrite) -> Result<()> {
        let kinds: Vec<ForetoldKind<'_>> = self
            .kinds
            .iter()
            .map(|(name, tally)| {
                let interval = tally.interval();
                ForetoldKind {
                    name,
                    choices: tally.choices,
                    what: "among the first three",
                    curve: &tally.curve,
                    shares: [tally.share(tally.top3), tally.share(tally.prior_top3)],
                    interval: [interval.low, interval.high],
                    is_better: tally.better_than_prior(),
                }
            })
            .collect();
        let text = score_page("How well a log of choices is foretold", &kinds, &[], None);
        write_atomic(page, text.as_bytes(), overwrite)
    }

    /// For machines.
    pub fn document(&self) -> ReplaySummary<'_> {
        ReplaySummary {
            schema: "tastemaker.replay-summary/1",
            kinds: self.kinds.iter().map(ReplayedKind::of).collect(),
        }
    }
}

/// How well each kind of choice was foretold, `tastemaker.replay-summary/1`.
#[derive(Serialize)]
pub struct ReplaySummary<'a> {
    schema: &'static str,
    kinds: Vec<ReplayedKind<'a>>,
}

#[derive(Serialize)]
struct ReplayedKind<'a> {
    kind: &'a str,
    choices: usize,
    top1: f64,
    top3: f64,
    prior_top1: f64,
    prior_top3: f64,
    /// 95 %, of `top3` minus `prior_top3`.
    interval: ShareInterval,
    better_than_prior: bool,
}

#[derive(Serialize)]
struct ShareInterval {
    low: f64,
    high: f64,
}

/// Replays the log at `path`, one choice a line, oldest first; each is handed on as soon as it is ranked.
///
/// Errors: `Read`, `Limit` for a line that is too long, `Document` with the line of what is no choice.
pub fn replay_choices<E: From<Error>>(
    path: &Path,
    task: &Task,
    mut each: impl FnMut(&ReplayedChoice<'_>) -> std::result::Result<(), E>,
) -> std::result::Result<ReplayReport, E> {
    let file = File::open(path).map_err(|problem| Error::read(path, problem))?;
    let mut reader = BufReader::new(file);
    let mut replay = Replay::default();
    let mut number = 0;
    while let Some(line) = next_line(&mut reader, path)? {
        task.check()?;
        number += 1;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let offer = parse(path, number, &line)?;
        let ranked = replay.next(&offer).map_err(|what| Error::Document {
            path: path.into(),
            line: number,
            column: 1,
            what,
        })?;
        let ids = ranked.order.iter();
        each(&ReplayedChoice {
            schema: "tastemaker.replay/1",
            choice: ranked.choice,
            kind: &offer.kind,
            ranked: ids.map(|at| offer.candidates[*at].id.as_str()).collect(),
            chosen: &offer.chosen,
            rank: ranked.rank,
            prior_rank: ranked.prior_rank,
            confidence: rounded(ranked.confidence),
        })?;
    }
    let kinds = replay.kinds();
    Ok(ReplayReport {
        kinds: kinds
            .map(|(kind, tally)| (kind.to_owned(), tally.clone()))
            .collect(),
    })
}

fn next_line(reader: &mut impl BufRead, path: &Path) -> Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    reader
        .take(LONGEST_LINE + 1)
        .read_until(b'\n', &mut line)
        .map_err(|problem| Error::read(path, problem))?;
    if line.len() as u64 > LONGEST_LINE {
        return Err(Error::Limit {
            path: path.into(),
            limit: LimitName::Bytes,
            found: line.len() as u64,
            allowed: LONGEST_LINE,
        });
    }
    Ok((!line.is_empty()).then_some(line))
}

fn parse(path: &Path, number: usize, line: &[u8]) -> Result<ChoiceOffer> {
    serde_json::from_slice(line).map_err(|problem| Error::Document {
        path: path.into(),
        line: number,
        column: problem.column().max(1),
        what: problem.to_string(),
    })
}

impl<'a> ReplayedKind<'a> {
    fn of((kind, tally): &'a (String, KindTally)) -> Self {
        let share = |count| rounded(tally.share(count));
        Self {
            kind,
            choices: tally.choices,
            top1: share(tally.top1),
            top3: share(tally.top3),
            prior_top1: share(tally.prior_top1),
            prior_top3: share(tally.prior_top3),
            interval: tally.interval().into(),
            better_than_prior: tally.better_than_prior(),
        }
    }
}

impl From<Top3Interval> for ShareInterval {
    fn from(interval: Top3Interval) -> Self {
        Self {
            low: rounded(interval.low),
            high: rounded(interval.high),
        }
    }
}
