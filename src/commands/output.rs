//! What goes to stdout (data) and stderr (talk). A closed pipe ends the run quietly.

use std::io::{self, Write as _};

use anstream::{AutoStream, stderr, stdout};
use clap::builder::styling::{AnsiColor, Style};
use schemars::JsonSchema;
use serde::Serialize;

use crate::commands::flag_names;
use crate::error::Error;
use crate::notice::Notice;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default();
const PASS: Style = AnsiColor::Green.on_default();

/// Prints for machines and people.
#[derive(Clone, Copy)]
pub struct Printer {
    quiet: bool,
}

/// The schema of [`ErrorLine`].
pub const ERROR_SCHEMA: &str = "tastemaker.error/1";

/// Stands in the place of a file that failed; the other files go on.
#[derive(Serialize, JsonSchema)]
pub struct ErrorLine<'a> {
    schema: &'static str,
    /// Path as it was given.
    file: String,
    /// Stable word.
    code: &'a str,
    /// What happened, to which file.
    message: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// The schema of [`NoticeLine`].
pub const NOTICE_SCHEMA: &str = "tastemaker.notice/1";

/// Something worth knowing about work that went on all the same.
#[derive(Serialize, JsonSchema)]
pub struct NoticeLine<'a> {
    schema: &'static str,
    #[serde(flatten)]
    notice: &'a Notice,
    /// One plain sentence.
    message: String,
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

    /// The error of one file, as a JSON line.
    pub fn error_json(&self, file: &std::path::Path, problem: &Error) -> anyhow::Result<()> {
        self.json(&ErrorLine {
            schema: ERROR_SCHEMA,
            file: file.display().to_string(),
            code: problem.code(),
            message: problem.to_string(),
            hint: problem.hint().as_ref().map(flag_names::hint),
        })
    }

    /// A notice, as a JSON line.
    pub fn notice_json(&self, notice: &Notice) -> anyhow::Result<()> {
        self.json(&NoticeLine {
            schema: NOTICE_SCHEMA,
            notice,
            message: notice.to_string(),
        })
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

    /// A check and how it went: the word tells it, color only helps.
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
            let _ = writeln!(stderr(), "hint: {}", flag_names::hint(&hint));
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
