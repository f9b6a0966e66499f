//! What goes to stdout (data) and stderr (talk). A closed pipe ends the run quietly.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;

use anstream::{AutoStream, stderr, stdout};
use clap::builder::styling::{AnsiColor, Style};
use comfy_table::{ContentArrangement, Row, Table, presets};
use serde::Serialize;

use crate::commands::flags_in_messages;
use crate::error::Error;
use crate::jobs::{ErrorLine, NoticeLine};
use crate::notice::Notice;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default();
const PASS: Style = AnsiColor::Green.on_default();

/// Columns that a table is fitted to where stdout is no terminal.
const WIDTH_ELSEWHERE: u16 = 120;

/// Columns below which a table would be one letter wide.
const NARROWEST: u16 = 40;

/// Prints for machines and people.
#[derive(Clone, Copy)]
pub struct Printer {
    quiet: bool,
}

impl Printer {
    /// `quiet` drops notes, never errors.
    pub fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    /// Text for stdout.
    pub fn data(&self, text: &str) -> anyhow::Result<()> {
        let mut out = stdout().lock();
        finish(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// One JSON document on a line of its own.
    pub fn json(&self, document: &impl Serialize) -> anyhow::Result<()> {
        let mut line = serde_json::to_string(document)?;
        line.push('\n');
        let mut out = AutoStream::never(io::stdout()).lock();
        finish(out.write_all(line.as_bytes()).and_then(|()| out.flush()))
    }

    /// Each of `lines` on a line of its own, for stdout.
    pub fn lines(&self, lines: impl IntoIterator<Item = impl Display>) -> anyhow::Result<()> {
        for line in lines {
            self.data(&format!("{line}\n"))?;
        }
        Ok(())
    }

    /// A table for stdout.
    pub fn table(
        &self,
        head: &[&str],
        rows: impl IntoIterator<Item = impl Into<Row>>,
    ) -> anyhow::Result<()> {
        self.lines([table(head, rows)])
    }

    /// The error of one file, as a JSON line.
    pub fn error_json(&self, file: &Path, problem: &Error) -> anyhow::Result<()> {
        let hint = problem.hint().as_ref().map(flags_in_messages::hint);
        self.json(&ErrorLine::new(file, problem, hint))
    }

    /// A notice, as a JSON line.
    pub fn notice_json(&self, notice: &Notice) -> anyhow::Result<()> {
        self.json(&NoticeLine::new(notice))
    }

    /// True when only errors are printed.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Something worth knowing, on stderr.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(stderr(), "{NOTE}note:{NOTE:#} {text}");
        }
    }

    /// A plain line on stderr.
    pub fn talk(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(stderr(), "{text}");
        }
    }

    /// A check and how it went. The word says it; color only helps.
    pub fn check(&self, passed: bool, name: &str, detail: &str) {
        if passed && self.quiet {
            return;
        }
        let (style, word) = if passed {
            (PASS, "ok")
        } else {
            (ERROR, "FAILED")
        };
        let _ = writeln!(stderr(), "{style}{word:>6}{style:#}  {name}: {detail}");
    }

    /// An error of the library, with its hint.
    pub fn error(&self, problem: &Error) {
        let _ = writeln!(stderr(), "{ERROR}error:{ERROR:#} {problem}");
        if let Some(hint) = problem.hint() {
            let _ = writeln!(stderr(), "hint: {}", flags_in_messages::hint(&hint));
        }
    }

    /// Whatever ended the run.
    pub fn problem(&self, problem: &anyhow::Error) {
        if problem.downcast_ref::<ClosedPipe>().is_some() {
            return;
        }
        match problem.downcast_ref::<Error>() {
            Some(known) => self.error(known),
            None => {
                let _ = writeln!(stderr(), "{ERROR}error:{ERROR:#} {problem:#}");
            }
        }
    }
}

/// A table without lines that fits the terminal.
pub fn table(head: &[&str], rows: impl IntoIterator<Item = impl Into<Row>>) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    if is_no_width(table.width()) {
        table.set_width(WIDTH_ELSEWHERE);
    }
    table.set_header(head);
    table.add_rows(rows);
    table
}

/// Whether a table is not to be fitted to this width: there is no terminal, or one that a program made, which often says
/// that it has no columns.
fn is_no_width(width: Option<u16>) -> bool {
    width.is_none_or(|width| width < NARROWEST)
}

/// The reader of stdout has gone away.
#[derive(Debug, thiserror::Error)]
#[error("stdout was closed")]
struct ClosedPipe;

fn finish(result: io::Result<()>) -> anyhow::Result<()> {
    match result {
        Ok(()) => Ok(()),
        Err(problem) if problem.kind() == io::ErrorKind::BrokenPipe => Err(ClosedPipe.into()),
        Err(problem) => Err(Error::write("standard output", problem).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_not_squeezed_into_terminals_without_columns() {
        assert!(is_no_width(None) && is_no_width(Some(0)) && is_no_width(Some(5)));
        assert!(!is_no_width(Some(80)));
    }
}
