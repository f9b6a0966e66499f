//! `tastemaker suggest`: music, looks and effects for a set of files.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::choice::Candidate;
use crate::commands::config::Config;
use crate::commands::options::{
    Common, DryRunOption, ForceOption, JsonOption, OptionalOutput, output,
};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::progress::on_terminal;
use crate::commands::table::table;
use crate::commands::values;
use crate::commands::workshop::workshop;
use crate::jobs::{SuggestJob, refuse_conflicts, suggest_for_files};
use crate::store::write_atomic;
use crate::suggest::Suggestions;
use crate::task::Task;

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

pub fn run(verb: &Suggest, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    refuse_conflicts([verb.target.output.as_ref()], verb.replace.overwrite())?;
    let job = job(verb, &Config::read(common.config.as_deref())?);
    let workshop = workshop(common);
    job.check(&workshop)?;
    if verb.mode.dry_run {
        for file in &verb.files {
            printer.data(&format!("{}\n", file.display()))?;
        }
        return Ok(Outcome::Done);
    }
    let task = on_terminal(task, printer, verb.print.json);
    let report = suggest_for_files(&job, &workshop, &task)?;
    if let Some(target) = &verb.target.output {
        let mut bytes = serde_json::to_vec_pretty(&report.suggestions)?;
        bytes.push(b'\n');
        write_atomic(target, &bytes, verb.replace.overwrite())?;
    }
    if verb.print.json {
        printer.json(&report.suggestions)?;
    } else if verb.target.output.is_none() {
        print(&report.suggestions, printer)?;
    }
    Ok(Outcome::with_findings(report.failed))
}

/// What was typed, with the person's defaults where nothing was.
fn job(verb: &Suggest, config: &Config) -> SuggestJob {
    SuggestJob {
        files: verb.files.clone(),
        music: config.music(verb.music.as_ref()),
        words: verb.words.clone(),
        over_music: verb.over_music,
        stretch: verb.stretch.unwrap_or(0.0),
        platform: verb.platform.clone().or(config.platform.clone()),
        usage: verb.usage.clone(),
        length: verb.length,
        profile: config.profile(verb.profile.as_ref()),
        seed: verb.seed,
    }
}

fn print(suggestions: &Suggestions, printer: &Printer) -> Result<()> {
    let mut table = table(&["", "choice", "score", "sure", "because"]);
    for music in suggestions.music.iter().take(SHOWN) {
        let played = if music.speed == 1.0 {
            String::new()
        } else {
            format!(" at {:.1} % of its speed", music.speed * 100.0)
        };
        let name = format!(
            "{} from {:.1} s{played} ({})",
            music.title, music.start, music.license
        );
        table.add_row(row("music", &name, &music.choice));
    }
    for look in suggestions.looks.iter().take(SHOWN) {
        table.add_row(row("look", &look.id, look));
    }
    for effect in suggestions.effects.iter().take(SHOWN) {
        let at = effect
            .at
            .map_or(String::new(), |at| format!(" at {at:.1} s"));
        table.add_row(row(
            "effect",
            &format!("{} on {}{at}", effect.choice.id, effect.path),
            &effect.choice,
        ));
    }
    printer.data(&format!("{table}\n"))?;
    for abstained in &suggestions.abstained {
        printer.note(&format!("no {}: {}", abstained.what, abstained.why));
        for near in &abstained.nearest {
            printer.note(&format!(
                "  {} ({:.2}): {}",
                near.title, near.score, near.wrong
            ));
        }
    }
    Ok(())
}

fn row(kind: &str, name: &str, choice: &Candidate) -> [String; 5] {
    let reasons: Vec<&str> = choice
        .reasons
        .iter()
        .take(2)
        .map(|reason| reason.text.as_str())
        .collect();
    [
        kind.into(),
        name.into(),
        format!("{:.2}", choice.score),
        format!("{:.2}", choice.confidence),
        reasons.join("; "),
    ]
}
