//! `tastemaker man`: manual pages from the same table as the parser.

use anyhow::Result;
use clap::CommandFactory as _;
use clap_mangen::Man as Page;

use crate::commands::Outcome;
use crate::commands::arguments::{Arguments, Man};
use crate::commands::output::Printer;
use crate::error::Error;
use crate::store::{Overwrite, write_atomic};

pub fn run(verb: &Man, printer: &Printer) -> Result<Outcome> {
    let mut program = Arguments::command();
    program.build();
    let Some(folder) = &verb.output else {
        printer.data(&page(program)?)?;
        return Ok(Outcome::Done);
    };
    let mut pages = vec![("tastemaker.1".to_owned(), program.clone())];
    for verb in program.get_subcommands() {
        let name = format!("tastemaker-{}", verb.get_name());
        pages.push((format!("{name}.1"), verb.clone().name(name)));
    }
    let overwrite = if verb.force {
        Overwrite::Force
    } else {
        Overwrite::Refuse
    };
    if let Some((name, _)) = pages
        .iter()
        .find(|(name, _)| folder.join(name).exists())
        .filter(|_| !verb.force)
    {
        return Err(Error::Exists {
            path: folder.join(name),
        }
        .into());
    }
    for (name, command) in pages {
        let target = folder.join(&name);
        if verb.dry_run {
            printer.data(&format!("{}\n", target.display()))?;
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
