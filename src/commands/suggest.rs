//! `tastemaker suggest`: music, looks and effects for a set of files.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, ForceOption, JsonOption, OptionalOutput, output};
use crate::commands::output::Printer;
use crate::commands::session::{Outcome, Session};
use crate::commands::values;
use crate::jobs::{Config, SuggestJob, suggest_for_files};
use crate::report::{SUGGESTION_COLUMNS, suggestion_rows};
use crate::suggest::Suggestions;

/// Suggest music, looks and effects for a set of files, with reasons
#[derive(Debug, Args)]
#[command(mut_arg("output", output("FILE", "Write the JSON document to a file")))]
pub struct Suggest {
    /// Files and folders
    #[arg(required_unless_present = "words", value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Folder of tracks, one track, or a catalog (see `tastemaker music`)
    #[arg(long, value_name = "PLACE")]
    pub music: Option<PathBuf>,
    /// What the film is to feel like, in words, such as "rainy night drive"
    #[arg(long, value_name = "TEXT")]
    pub words: Option<String>,
    /// Suggest music even where the clips have some of their own
    #[arg(long)]
    pub over_music: bool,
    /// For a cut that is fixed: the music may be played so many percent faster or slower (4 where no number is given)
    #[arg(long, value_name = "PERCENT", value_parser = values::stretch)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "4")]
    pub stretch: Option<f64>,
    /// Number that decides between what is as good as equal
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Where it will be posted
    #[arg(long, value_name = "ID")]
    pub platform: Option<String>,
    /// What the music is for: commercial, edits, platforms, countries; only tracks that allow it are suggested
    #[arg(long = "use", value_name = "USE")]
    pub usage: Option<String>,
    /// Length of the film they are for, such as 20s
    #[arg(long, value_name = "TIME", value_parser = values::length)]
    pub length: Option<f64>,
    /// Whose taste counts, see `tastemaker profile list`; `none` for nobody's
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Give what the profile knows little of a chance: other suggestions for other seeds
    #[arg(long)]
    pub curious: bool,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub target: OptionalOutput,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

/// Choices of a kind that a person is shown.
const SHOWN: usize = 5;

pub fn run(verb: &Suggest, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let job = verb.job(&workshop.config()?);
    job.check(workshop)?;
    if verb.mode.dry_run {
        printer.lines(verb.files.iter().map(|file| file.display()))?;
        return Ok(Outcome::Done);
    }
    let report = suggest_for_files(&job, workshop, &session.task(&verb.print))?;
    if verb.print.json {
        printer.json(&report.suggestions)?;
    } else if verb.target.output.is_none() {
        print(&report.suggestions, printer)?;
    }
    Ok(Outcome::with_findings(report.failed))
}

impl Suggest {
    /// What was typed, with the person's defaults where nothing was.
    fn job(&self, config: &Config) -> SuggestJob {
        SuggestJob {
            files: self.files.clone(),
            music: config.music(self.music.as_ref()),
            words: self.words.clone(),
            over_music: self.over_music,
            stretch: self.stretch.unwrap_or(0.0),
            platform: self.platform.clone().or(config.platform.clone()),
            usage: self.usage.clone(),
            length: self.length,
            profile: config.profile(self.profile.as_ref()),
            curious: self.curious,
            seed: self.seed,
            output: self.target.output.clone(),
            overwrite: self.replace.overwrite(),
        }
    }
}

fn print(suggestions: &Suggestions, printer: &Printer) -> Result<()> {
    printer.table(&SUGGESTION_COLUMNS, suggestion_rows(suggestions, SHOWN))?;
    for abstained in &suggestions.abstained {
        printer.note(&format!("no {}: {}", abstained.what, abstained.why));
        for near in &abstained.nearest {
            let (title, score, wrong) = (&near.title, near.score, &near.wrong);
            printer.note(&format!("  {title} ({score:.2}): {wrong}"));
        }
    }
    Ok(())
}
