//! The terminal: one file a verb; arguments, progress, printing.
//!
//! Only here is anything printed, the clock or the environment read. stdout is data, stderr is talk.

mod analyze;
mod analyzed;
mod arguments;
mod completions;
mod config;
mod doctor;
mod edit;
mod files;
mod help;
mod interrupt;
mod list;
mod man;
mod material;
mod models;
mod output;
mod places;
mod progress;
mod render;
mod suggest;
mod table;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use crate::error::Error;
use arguments::{Arguments, Verb};
use output::Printer;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Everything was done.
    Done,
    /// Done, but some inputs failed or a check found something.
    Findings,
}

/// Runs the command line and gives the exit code: 0 done, 1 done but some inputs failed or a check found something,
/// 2 could not run, 130 interrupted.
pub fn main() -> ExitCode {
    silence_runtime();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(problem) => {
            let code = if problem.use_stderr() { 2 } else { 0 };
            // Nothing is left to be told when even this cannot be printed.
            let _ = problem.print();
            return ExitCode::from(code);
        }
    };
    let printer = Printer::new(arguments.common.quiet);
    let interrupt = interrupt::watch();
    let result = run(&arguments, &printer, &interrupt);
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(problem) => {
            let cancelled = matches!(problem.downcast_ref::<Error>(), Some(Error::Cancelled));
            printer.problem(&problem);
            ExitCode::from(if cancelled { 130 } else { 2 })
        }
    }
}

fn run(
    arguments: &Arguments,
    printer: &Printer,
    task: &crate::task::Task,
) -> anyhow::Result<Outcome> {
    let common = &arguments.common;
    match &arguments.verb {
        Verb::Analyze(verb) => analyze::run(verb, common, printer, task),
        Verb::Suggest(verb) => suggest::run(verb, common, printer, task),
        Verb::Edit(verb) => edit::run(verb, common, printer, task),
        Verb::Render(verb) => render::run(verb, common, printer, task),
        Verb::Verify(verb) => verify::run(verb, common, printer, task),
        Verb::List(verb) => list::run(verb, common, printer),
        Verb::Models(verb) => models::run(verb, common, printer),
        Verb::Doctor(verb) => doctor::run(verb, common, printer),
        Verb::Completions(verb) => completions::run(verb, printer),
        Verb::Man(verb) => man::run(verb, printer),
        Verb::Help(verb) => help::run(verb, printer),
    }
}
