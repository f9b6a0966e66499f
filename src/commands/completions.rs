//! `tastemaker completions SHELL`.

use anyhow::Result;
use clap::CommandFactory as _;

use crate::commands::Outcome;
use crate::commands::arguments::{Arguments, Completions};
use crate::commands::output::Printer;

pub fn run(verb: &Completions, printer: &Printer) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(
        verb.shell,
        &mut Arguments::command(),
        "tastemaker",
        &mut script,
    );
    printer.data(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
