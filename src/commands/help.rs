//! `tastemaker help`: help for people; with `--json`, every verb and flag for machines.

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::commands::options::JsonOption;
use crate::commands::output::Printer;
use crate::commands::session::Outcome;
use crate::error::Error;

/// Print help of a verb; with --json, of everything, for machines
#[derive(Debug, Args)]
pub struct Help {
    /// The verb
    pub verb: Option<String>,
    #[command(flatten)]
    pub print: JsonOption,
}

#[derive(Serialize)]
struct HelpDocument {
    schema: &'static str,
    version: &'static str,
    #[serde(flatten)]
    program: VerbHelp,
}

#[derive(Serialize)]
struct VerbHelp {
    name: String,
    about: String,
    arguments: Vec<ArgumentHelp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    verbs: Vec<VerbHelp>,
}

#[derive(Serialize)]
struct ArgumentHelp {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    short: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    long: Option<String>,
    help: String,
    required: bool,
    takes_value: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    default: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<String>,
    /// True for options that every verb takes; they are listed at the program only.
    global: bool,
}

pub fn run(verb: &Help, mut program: clap::Command, printer: &Printer) -> Result<Outcome> {
    program.build();
    if verb.print.json {
        let program = entry(&program, true);
        let document = HelpDocument {
            schema: "tastemaker.help/1",
            version: env!("CARGO_PKG_VERSION"),
            program,
        };
        printer.json(&document)?;
        return Ok(Outcome::Done);
    }
    let text = match &verb.verb {
        None => program.render_long_help(),
        Some(name) => match program.find_subcommand_mut(name) {
            Some(command) => command.render_long_help(),
            None => {
                let known = program
                    .get_subcommands()
                    .map(|command| command.get_name().to_owned())
                    .collect();
                return Err(Error::UnknownName {
                    kind: "verb",
                    name: name.clone(),
                    known,
                }
                .into());
            }
        },
    };
    printer.data(&format!("{}", text.ansi()))?;
    Ok(Outcome::Done)
}

fn entry(command: &clap::Command, top: bool) -> VerbHelp {
    VerbHelp {
        name: command.get_name().to_owned(),
        about: command
            .get_about()
            .map(ToString::to_string)
            .unwrap_or_default(),
        arguments: command
            .get_arguments()
            .filter(|argument| {
                (top || !argument.is_global_set())
                    && !matches!(argument.get_id().as_str(), "help" | "version")
            })
            .map(argument)
            .collect(),
        verbs: command
            .get_subcommands()
            .filter(|verb| !verb.is_hide_set())
            .map(|verb| entry(verb, false))
            .collect(),
    }
}

fn argument(argument: &clap::Arg) -> ArgumentHelp {
    let takes_value = argument.get_action().takes_values();
    ArgumentHelp {
        name: argument.get_id().to_string(),
        short: argument.get_short().map(|letter| format!("-{letter}")),
        long: argument.get_long().map(|word| format!("--{word}")),
        help: argument
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default(),
        required: argument.is_required_set(),
        takes_value,
        default: argument
            .get_default_values()
            .iter()
            .map(|value| value.to_string_lossy().into_owned())
            .collect(),
        values: if takes_value {
            argument
                .get_possible_values()
                .iter()
                .map(|value| value.get_name().to_owned())
                .collect()
        } else {
            Vec::new()
        },
        environment: argument
            .get_env()
            .map(|name| name.to_string_lossy().into_owned()),
        global: argument.is_global_set(),
    }
}
