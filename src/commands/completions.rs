//! `tastemaker completions SHELL`.

use anyhow::Result;
use clap::Args;
use clap_complete::Shell;

use crate::commands::output::Printer;
use crate::commands::session::Outcome;

/// Print a shell's completions
#[derive(Debug, Args)]
pub struct Completions {
    /// Which shell
    pub shell: Shell,
}

pub fn run(verb: &Completions, mut program: clap::Command, printer: &Printer) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(verb.shell, &mut program, "tastemaker", &mut script);
    printer.data(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
