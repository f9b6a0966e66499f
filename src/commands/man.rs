//! `tastemaker man`: manual pages from the same table as the parser.

use anyhow::Result;
use clap::Args;
use clap_mangen::Man as Page;

use crate::commands::options::{DryRunOption, ForceOption, OptionalOutput, output};
use crate::commands::output::Printer;
use crate::commands::session::Outcome;
use crate::error::Error;
use crate::store::write_atomic;

/// Print the manual page, or write one for each verb
#[derive(Debug, Args)]
#[command(mut_arg(
    "output",
    output("DIR", "Write tastemaker.1 and tastemaker-VERB.1 into a folder")
))]
pub struct Man {
    #[command(flatten)]
    pub target: OptionalOutput,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

pub fn run(verb: &Man, mut program: clap::Command, printer: &Printer) -> Result<Outcome> {
    program.build();
    let Some(folder) = &verb.target.output else {
        printer.data(&page(program)?)?;
        return Ok(Outcome::Done);
    };
    let mut pages = vec![("tastemaker.1".to_owned(), program.clone())];
    for verb in program.get_subcommands() {
        let name = format!("tastemaker-{}", verb.get_name());
        pages.push((format!("{name}.1"), verb.clone().name(name)));
    }
    let overwrite = verb.replace.overwrite();
    if let Some((name, _)) = pages
        .iter()
        .find(|(name, _)| folder.join(name).exists())
        .filter(|_| !verb.replace.force)
    {
        return Err(Error::Exists {
            path: folder.join(name),
        }
        .into());
    }
    for (name, command) in pages {
        let target = folder.join(&name);
        if verb.mode.dry_run {
            printer.lines([target.display()])?;
        } else {
            write_atomic(&target, page(command)?.as_bytes(), overwrite)?;
        }
    }
    Ok(Outcome::Done)
}

fn page(command: clap::Command) -> Result<String> {
    let mut text = Vec::new();
    Page::new(command).render(&mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}
