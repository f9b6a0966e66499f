//! The terminal: one file a verb; arguments, progress, printing.
//!
//! Only here is anything printed, the clock or the environment read. stdout is data, stderr is talk.

mod analyze;
mod apply;
mod arguments;
mod ask;
mod captions;
mod clock;
mod completions;
mod doctor;
mod edit;
mod effect;
mod export;
mod flags_in_messages;
mod help;
mod import;
mod ingest;
mod interrupt;
mod list;
mod look;
mod man;
mod models;
mod music;
mod options;
mod output;
mod places;
mod profile;
mod progress;
mod render;
mod revise;
mod schema;
#[cfg(feature = "server")]
mod serve;
mod session;
mod shorts;
mod suggest;
mod values;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::error::Error;
use arguments::{Arguments, Verb};
use options::Common;
use output::Printer;
use session::{Outcome, Session};

/// Runs the command line and gives the exit code: 0 done, 1 done but some inputs failed or a check found something,
/// 2 could not run, 130 interrupted.
pub fn main() -> ExitCode {
    silence_runtime();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(problem) => {
            let code = if problem.use_stderr() { 2 } else { 0 };
            // When even this cannot be printed, nobody can be told.
            let _ = problem.print();
            return ExitCode::from(code);
        }
    };
    let printer = Printer::new(arguments.common.quiet);
    match run(&arguments, &printer) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(problem) => {
            let cancelled = matches!(problem.downcast_ref::<Error>(), Some(Error::Cancelled));
            printer.problem(&problem);
            ExitCode::from(if cancelled { 130 } else { 2 })
        }
    }
}

/// Makes sure that no ONNX Runtime reports to its maker, whichever library is named: versions from 1.29 on do, unless
/// this variable is set when they are loaded. A running process cannot set its own environment safely, so it restarts
/// itself once.
fn silence_runtime() {
    const SILENCE: &str = "ORT_DISABLE_TELEMETRY";
    #[cfg(unix)]
    if std::env::var_os(SILENCE).is_none()
        && let Ok(program) = std::env::current_exe()
    {
        use std::os::unix::process::CommandExt as _;
        let mut arguments = std::env::args_os();
        let name = arguments.next().unwrap_or_else(|| program.clone().into());
        // This returns only on failure. Then the promise holds for the pinned library, which does not report.
        let _ = std::process::Command::new(program)
            .arg0(name)
            .args(arguments)
            .env(SILENCE, "1")
            .exec();
    }
}

fn run(arguments: &Arguments, printer: &Printer) -> anyhow::Result<Outcome> {
    #[cfg(feature = "server")]
    if let Verb::Serve(verb) = &arguments.verb
        && verb.is_child()
    {
        let session = Session::new(&arguments.common, *printer, interrupt::ignore());
        return serve::run(verb, &arguments.common, &session);
    }
    let session = &Session::new(&arguments.common, *printer, interrupt::watch());
    if let Verb::Ask(verb) = &arguments.verb {
        let Some(command) = ask::prepare(verb, session)? else {
            return Ok(Outcome::Done);
        };
        // The request runs as the command that was shown, with the common options of this run.
        let understood = Arguments::try_parse_from(command)?;
        return run_verb(&understood.verb, &arguments.common, session);
    }
    run_verb(&arguments.verb, &arguments.common, session)
}

fn run_verb(verb: &Verb, common: &Common, session: &Session) -> anyhow::Result<Outcome> {
    let printer = &session.printer;
    match verb {
        Verb::Ask(_) => anyhow::bail!("a request does not stand for another request"),
        Verb::Revise(verb) => revise::run(verb, session),
        Verb::Analyze(verb) => analyze::run(verb, common, session),
        Verb::Suggest(verb) => suggest::run(verb, session),
        Verb::Edit(verb) => edit::run(verb, session),
        Verb::Shorts(verb) => shorts::run(verb, session),
        Verb::Apply(verb) => apply::run(verb, session),
        Verb::Ingest(verb) => ingest::run(verb, common, session),
        Verb::Render(verb) => render::run(verb, session),
        Verb::Verify(verb) => verify::run(verb, session),
        Verb::Export(verb) => export::run(verb, session),
        Verb::Import(verb) => import::run(verb, session),
        Verb::Captions(verb) => captions::run(verb, session),
        Verb::Profile(verb) => profile::run(verb, session),
        Verb::List(verb) => list::run(verb, session),
        Verb::Look(verb) => look::run(verb, session),
        Verb::Effect(verb) => effect::run(verb, session),
        Verb::Music(verb) => music::run(verb, session),
        Verb::Models(verb) => models::run(verb, session),
        Verb::Doctor(verb) => doctor::run(verb, common, session),
        #[cfg(feature = "server")]
        Verb::Serve(verb) => serve::run(verb, common, session),
        Verb::Schema(verb) => schema::run(verb, printer),
        Verb::Completions(verb) => completions::run(verb, Arguments::command(), printer),
        Verb::Man(verb) => man::run(verb, Arguments::command(), printer),
        Verb::Help(verb) => help::run(verb, Arguments::command(), printer),
    }
}
