//! `tastemaker schema`: the JSON Schema of what is printed.

use anyhow::Result;
use clap::Args;

use crate::commands::output::Printer;
use crate::commands::session::Outcome;
use crate::jobs::{DOCUMENT_SCHEMAS, json_schema};

/// Print the JSON Schema of what --json prints, for programs that read it
#[derive(Debug, Args)]
pub struct SchemaVerb {
    /// Such as `analysis`; without, those that there are
    #[arg(value_name = "DOCUMENT")]
    pub document: Option<String>,
}

pub fn run(verb: &SchemaVerb, printer: &Printer) -> Result<Outcome> {
    match &verb.document {
        None => printer.lines(DOCUMENT_SCHEMAS)?,
        Some(name) => printer.lines([serde_json::to_string_pretty(&json_schema(name)?)?])?,
    }
    Ok(Outcome::Done)
}
