//! `tastemaker edit`: clips and photos into a film on the beat, with its plan beside it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde::Serialize;

use crate::analysis::Analysis;
use crate::commands::Outcome;
use crate::commands::analyzed::Analyzer;
use crate::commands::arguments::{Common, Edit};
use crate::commands::config::Config;
use crate::commands::material;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::profile::taste;
use crate::commands::render::{Film, Made, make, refuse_conflicts};
use crate::commands::suggest::DEFAULT_PLATFORM;
use crate::commands::usage;
use crate::commands::verify::plan_beside;
use crate::edit::{
    EditOutcome, EditRequest, LookChoice, MusicChoice, Platform, SourceFile, Style, plan,
};
use crate::error::Error;
use crate::looks::LookLibrary;
use crate::music::Track;
use crate::store::{Overwrite, write_atomic};
use crate::suggest::{self, SuggestRequest, Suggestions, suggest};
use crate::task::Task;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    plan: String,
    choices: Vec<Choice<'a>>,
    #[serde(flatten)]
    made: Option<&'a Made>,
}

#[derive(Serialize)]
struct Choice<'a> {
    flag: &'a str,
    reason: &'a str,
}

pub fn run(verb: &Edit, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let overwrite = if verb.force {
        Overwrite::Force
    } else {
        Overwrite::Refuse
    };
    let plan_path = if verb.plan_only {
        verb.output.clone()
    } else {
        plan_beside(&verb.output)
    };
    refuse_conflicts(
        [Some(&verb.output), Some(&plan_path), verb.sheet.as_ref()],
        overwrite,
    )?;
    let config = Config::read(common.config.as_deref())?;
    let looks = LookLibrary::open(places::looks_folder())?;
    if !matches!(verb.look.as_str(), "auto" | "none") {
        looks.find(&verb.look)?;
    }
    let named = verb.platform.as_deref().or(config.platform.as_deref());
    let platform = Platform::find(named.unwrap_or(DEFAULT_PLATFORM))?;
    let usage = usage::read(verb.usage.as_deref(), named)?;
    let style = Style::find(pick(&verb.style, &config.style, DEFAULT_STYLE))?;
    let taste = taste(verb.profile.as_ref(), config.profile.as_ref(), printer)?;
    let music = verb
        .music
        .clone()
        .or(config.music)
        .filter(|place| place.as_os_str() != "none");

    let models = places::open_models(common)?;
    let analyzer = Analyzer::new(common, &models, task);
    let sources = material::sources(&verb.files, &analyzer, printer, common.quiet)?;
    let tracks = match &music {
        Some(place) => Some(material::tracks(
            place,
            &analyzer,
            printer,
            common.quiet,
            task,
        )?),
        None => None,
    };
    let failed = sources.failed || tracks.as_ref().is_some_and(|tracks| tracks.failed);
    let tracks = tracks.map_or_else(Vec::new, |tracks| tracks.items);
    let suggestions = suggest(&SuggestRequest {
        files: &sources.items,
        tracks: &tracks,
        looks: &looks,
        taste: taste.as_ref(),
        models: &models,
        target_lufs: platform.loudness_lufs,
        film: suggest::Film {
            length: verb.length,
            arc: style.arc,
            pace: Some(style.pace()),
            over_music: verb.over_music,
            ..suggest::Film::default()
        },
        usage: usage.as_ref(),
        today: usage::today(),
        seed: verb.seed,
    })?;
    usage::say(&suggestions, printer);
    if suggestions.music.is_empty() && !tracks.is_empty() {
        let why = suggestions
            .abstained
            .iter()
            .find(|abstained| abstained.what == "music");
        let why = why.map_or("", |abstained| abstained.why.as_str());
        printer.note(&format!("no music: {why} The clips keep their own sound."));
    }
    task.check()?;

    let plan_folder = plan_path.parent().unwrap_or(Path::new("")).to_path_buf();
    let outcome = planned(
        verb,
        &sources.items,
        &tracks,
        &suggestions,
        &looks,
        (style, platform),
        &plan_folder,
    )?;
    let choices = choices(verb, &outcome, (style, platform));
    for (flag, reason) in &choices {
        printer.talk(&format!("chose {flag} ({reason})"));
    }
    printer.talk(&outcome.plan.summary());
    if verb.dry_run {
        return Ok(if failed {
            Outcome::Findings
        } else {
            Outcome::Done
        });
    }

    let made = if verb.plan_only {
        None
    } else {
        let film = Film {
            plan: &outcome.plan,
            folder: &plan_folder,
            target: &verb.output,
            sheet: verb.sheet.as_deref(),
        };
        Some(make(
            &film,
            &verb.encoding,
            overwrite,
            common,
            printer,
            task,
        )?)
    };
    write_atomic(&plan_path, outcome.plan.to_json()?.as_bytes(), overwrite)?;
    // A plan alone is no use yet.
    if made.is_some()
        && let Some(used) = suggestions.music.first()
    {
        material::mark_used(music.as_deref(), &used.choice.id, printer);
    }
    if verb.json {
        printer.json(&Document {
            schema: "tastemaker.edit/1",
            plan: plan_path.display().to_string(),
            choices: choices
                .iter()
                .map(|(flag, reason)| Choice { flag, reason })
                .collect(),
            made: made.as_ref(),
        })?;
    }
    let verified = made.as_ref().is_none_or(|made| made.verify.passed());
    Ok(if failed || !verified {
        Outcome::Findings
    } else {
        Outcome::Done
    })
}

/// The style where none is named.
const DEFAULT_STYLE: &str = "steady";

fn pick<'a>(flag: &'a Option<String>, config: &'a Option<String>, usual: &'a str) -> &'a str {
    flag.as_deref().or(config.as_deref()).unwrap_or(usual)
}

fn planned(
    verb: &Edit,
    sources: &[Analysis],
    tracks: &[Track],
    suggestions: &Suggestions,
    looks: &LookLibrary,
    (style, platform): (&Style, &Platform),
    plan_folder: &Path,
) -> Result<EditOutcome> {
    let mut files = Vec::new();
    for analysis in sources {
        let path = path_in_plan(Path::new(&analysis.file.path), plan_folder)?;
        files.push(SourceFile {
            path,
            analysis: analysis.clone(),
        });
    }
    let best = suggestions.music.first();
    let chosen = best.and_then(|best| tracks.iter().find(|track| track.id() == best.choice.id));
    let chosen = match chosen {
        Some(track) => {
            let mut track = track.clone();
            track.path = path_in_plan(&track.path, plan_folder)?;
            Some(track)
        }
        None => None,
    };
    let music = chosen.as_ref().map(|track| MusicChoice {
        track,
        reasons: best
            .map(|best| best.choice.reasons.clone())
            .unwrap_or_default(),
    });
    let look = match verb.look.as_str() {
        "none" => LookChoice::None,
        "auto" => LookChoice::auto(&suggestions.looks, looks),
        named => LookChoice::Named(named.to_owned()),
    };
    Ok(plan(&EditRequest {
        sources: &files,
        music,
        style,
        platform,
        aspect: verb.aspect,
        length: verb.length,
        look,
        seed: verb.seed,
    })?)
}

/// As a path stands in a plan: relative where the file lies below the plan's folder, so that both can be moved
/// together; else absolute, so that the plan can.
fn path_in_plan(file: &Path, plan_folder: &Path) -> Result<PathBuf, Error> {
    let file = file
        .canonicalize()
        .map_err(|problem| Error::read(file, problem))?;
    let folder = if plan_folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        plan_folder
    };
    // A folder that is still to be made holds no sources.
    let Ok(folder) = folder.canonicalize() else {
        return Ok(file);
    };
    Ok(file
        .strip_prefix(&folder)
        .map(Path::to_path_buf)
        .unwrap_or(file))
}

/// Everything that was decided without being asked, as flags.
fn choices(
    verb: &Edit,
    outcome: &EditOutcome,
    (style, platform): (&Style, &Platform),
) -> Vec<(String, String)> {
    let mut choices = Vec::new();
    if verb.platform.is_none() {
        choices.push((
            format!("--platform {}", platform.id),
            "your default, or the most common one".to_owned(),
        ));
    }
    if verb.style.is_none() {
        choices.push((format!("--style {}", style.id), style.summary.clone()));
    }
    choices.extend(outcome.choices.iter().cloned());
    choices
}
