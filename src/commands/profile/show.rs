//! Prints what a profile has learned.

use anyhow::Result;

use crate::commands::options::JsonOption;
use crate::commands::output::Printer;
use crate::jobs::ProfileReport;
use crate::report::{TASTE_COLUMNS, helps_most, taste_row};

pub fn show(report: &ProfileReport, print: &JsonOption, printer: &Printer) -> Result<()> {
    if print.json {
        return printer.json(&report.document());
    }
    printer.lines(&report.portrait.sentences)?;
    printer.table(&TASTE_COLUMNS, report.likings.iter().map(taste_row))?;
    if let Some(help) = helps_most(&report.likings) {
        printer.talk(&help);
    }
    Ok(())
}

/// The same after the profile was written.
pub fn show_saved(report: &ProfileReport, print: &JsonOption, printer: &Printer) -> Result<()> {
    if let Some(path) = &report.saved {
        printer.talk(&format!("noted in {}", path.display()));
    }
    show(report, print, printer)
}
