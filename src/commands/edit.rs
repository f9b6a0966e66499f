//! `tastemaker edit`: clips and photos into a film on the beat, with its plan beside it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::analysis::Analysis;
use crate::choice::{Candidate, Decision, Setting};
use crate::commands::analyzed::Analyzer;
use crate::commands::config::Config;
use crate::commands::fixed_cut::{Draft, FixedCut};
use crate::commands::material::{self, Material};
use crate::commands::options::{
    Common, DryRunOption, ForceOption, JsonOption, RequiredOutput, output,
};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::profile::taste;
use crate::commands::render::{Encoding, Film, Made, make, refuse_conflicts};
use crate::commands::suggest::DEFAULT_PLATFORM;
use crate::commands::usage;
use crate::commands::values;
use crate::commands::verify::plan_beside;
use crate::commands::words;
use crate::edit::{
    EditOutcome, EditRequest, LookChoice, MusicChoice, Platform, RescoreRequest, SourceFile,
    SourceKind, Style, plan, rescore,
};
use crate::error::Error;
use crate::looks::LookLibrary;
use crate::music::Track;
use crate::store::write_atomic;
use crate::suggest::{self, SuggestRequest, Suggestions, suggest};
use crate::task::Task;

/// Cut clips and photos into a film, on the beat of a track
#[derive(Debug, Args)]
#[command(mut_arg("output", output("FILE", "The film (with --plan-only: the plan)")))]
pub struct Edit {
    /// Clips, photos and folders of them; or one plan, whose cut stays and gets music
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Folder of tracks to choose from, one track, or a catalog (see `tastemaker music`); `none` for no music
    #[arg(long, value_name = "PLACE")]
    pub music: Option<PathBuf>,
    /// Lay music even over clips that have some of their own
    #[arg(long)]
    pub over_music: bool,
    /// Where a cut is fixed: the music may be played so many percent faster or slower (4 where no number is given)
    #[arg(long, value_name = "PERCENT", value_parser = values::stretch)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "4")]
    pub stretch: Option<f64>,
    /// What the film is for: commercial, edits, platforms, countries; only music that allows it is taken
    #[arg(long = "use", value_name = "USE")]
    pub usage: Option<String>,
    #[command(flatten)]
    pub target: RequiredOutput,
    /// Recipe for the edit, see `tastemaker list styles`
    #[arg(long, value_name = "ID")]
    pub style: Option<String>,
    /// Where it will be posted, see `tastemaker list platforms`
    #[arg(long, value_name = "ID")]
    pub platform: Option<String>,
    /// Shape of the picture, such as 9:16 (default: the platform's)
    #[arg(long, value_name = "W:H", value_parser = values::aspect)]
    pub aspect: Option<(u32, u32)>,
    /// Length of the film, such as 20s (default: what the material carries)
    #[arg(long, value_name = "TIME", value_parser = values::length)]
    pub length: Option<f64>,
    /// `auto`, `none`, the name of a look or the path of one
    #[arg(long, value_name = "LOOK", default_value = "auto")]
    pub look: String,
    /// Whose taste counts, see `tastemaker profile list`; `none` for nobody's
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Number that breaks ties
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Write the plan, do not render
    #[arg(long)]
    pub plan_only: bool,
    /// Also write a picture of the film's frames
    #[arg(long, value_name = "PNG")]
    pub sheet: Option<PathBuf>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
    #[command(flatten)]
    pub encoding: Encoding,
}

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
    flag: String,
    reason: &'a str,
}

pub fn run(verb: &Edit, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let overwrite = verb.replace.overwrite();
    let plan_path = if verb.plan_only {
        verb.target.output.clone()
    } else {
        plan_beside(&verb.target.output)
    };
    refuse_conflicts(
        [
            Some(&verb.target.output),
            Some(&plan_path),
            verb.sheet.as_ref(),
        ],
        overwrite,
    )?;
    let draft = Draft::read(&verb.files)?;
    if draft.is_some() {
        refuse_changes(verb)?;
    }
    let config = Config::read(common.config.as_deref())?;
    let looks = LookLibrary::open(places::looks_folder())?;
    if !matches!(verb.look.as_str(), "auto" | "none") {
        looks.find(&verb.look)?;
    }
    let planned_for = draft.as_ref().map(|draft| &draft.plan.output);
    let named = verb
        .platform
        .as_deref()
        .or(planned_for.map(|output| output.platform.as_str()))
        .or(config.platform.as_deref());
    let platform = Platform::find(named.unwrap_or(DEFAULT_PLATFORM))?;
    let usage = usage::read(verb.usage.as_deref(), named)?;
    let style = verb
        .style
        .as_deref()
        .or(planned_for.map(|output| output.style.as_str()))
        .or(config.style.as_deref());
    let style = Style::find(style.unwrap_or(DEFAULT_STYLE))?;
    let taste = taste(verb.profile.as_ref(), config.profile.as_ref(), printer)?;
    let music = verb
        .music
        .clone()
        .or(config.music)
        .filter(|place| place.as_os_str() != "none");

    let models = places::open_models(common)?;
    let analyzer = Analyzer::new(common, &models, task);
    let files = draft.as_ref().map_or(&verb.files, |draft| &draft.files);
    let sources = material::sources(files, &analyzer, printer, common.quiet)?;
    let fixed = draft.as_ref().map(|draft| draft.cut(&sources.items));
    let request = SuggestRequest {
        files: &sources.items,
        tracks: &[],
        left_out: &[],
        looks: &looks,
        taste: taste.as_ref(),
        models: &models,
        target_lufs: platform.loudness_lufs,
        film: film(verb, style, fixed.as_ref()),
        usage: usage.as_ref(),
        today: usage::today(),
        seed: verb.seed,
    };
    let tracks = match &music {
        Some(place) => material::tracks(place, &request, &analyzer, printer, common.quiet, task)?,
        None => Material::nothing(),
    };
    let failed = sources.failed || tracks.failed;
    let suggestions = suggest(&SuggestRequest {
        tracks: &tracks.items,
        left_out: &tracks.left_out,
        ..request
    })?;
    let tracks = tracks.items;
    usage::say(&suggestions, printer);
    if suggestions.music.is_empty() && music.is_some() {
        let why = suggestions
            .abstained
            .iter()
            .find(|abstained| abstained.what == "music");
        let why = why.map_or("", |abstained| abstained.why.as_str());
        printer.note(&format!("no music: {why} The clips keep their own sound."));
    }
    task.check()?;

    let plan_folder = plan_path.parent().unwrap_or(Path::new("")).to_path_buf();
    let chosen = chosen(&tracks, &suggestions, &plan_folder)?;
    let choice = chosen.as_ref().map(|(track, best)| MusicChoice {
        track,
        reasons: best.reasons.clone(),
    });
    let outcome = match &draft {
        Some(draft) => scored(verb, draft, &sources.items, choice, style, &plan_folder)?,
        None => {
            let look = match verb.look.as_str() {
                "none" => LookChoice::None,
                "auto" => LookChoice::auto(&suggestions.looks, &looks),
                named => LookChoice::Named(named.to_owned()),
            };
            plan(&EditRequest {
                sources: &source_files(&sources.items, &plan_folder)?,
                music: choice,
                style,
                platform,
                aspect: verb.aspect,
                length: verb.length,
                stretch: verb.stretch.unwrap_or(0.0),
                look,
                seed: verb.seed,
            })?
        }
    };
    let choices = if draft.is_some() {
        outcome.decisions.clone()
    } else {
        choices(verb, &outcome, (style, platform))
    };
    for decision in &choices {
        let flag = words::decision_flag(decision);
        printer.talk(&format!("chose {flag} ({})", decision.reason));
    }
    printer.talk(&outcome.plan.summary());
    if verb.mode.dry_run {
        return Ok(Outcome::with_findings(failed));
    }

    let made = if verb.plan_only {
        None
    } else {
        let film = Film {
            plan: &outcome.plan,
            folder: &plan_folder,
            target: &verb.target.output,
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
    if verb.print.json {
        printer.json(&Document {
            schema: "tastemaker.edit/1",
            plan: plan_path.display().to_string(),
            choices: choices
                .iter()
                .map(|decision| Choice {
                    flag: words::decision_flag(decision),
                    reason: &decision.reason,
                })
                .collect(),
            made: made.as_ref(),
        })?;
    }
    let verified = made.as_ref().is_none_or(|made| made.verify.passed());
    Ok(Outcome::with_findings(failed || !verified))
}

/// The style where none is named.
const DEFAULT_STYLE: &str = "steady";

/// A plan keeps its picture: what would change it is refused rather than left out without a word.
fn refuse_changes(verb: &Edit) -> Result<(), Error> {
    let asked = [
        ("--length", verb.length.is_some()),
        ("--aspect", verb.aspect.is_some()),
        ("--look", verb.look != "auto"),
    ];
    match asked.iter().find(|(_, given)| *given) {
        None => Ok(()),
        Some((flag, _)) => Err(Error::Usage {
            what: format!("{flag} changes the picture, which a plan has already"),
            hint: "give clips and photos in place of the plan, or change the plan in an editor"
                .into(),
        }),
    }
}

/// What is known of the film before its music is chosen.
fn film<'a>(verb: &Edit, style: &Style, fixed: Option<&'a FixedCut>) -> suggest::Film<'a> {
    suggest::Film {
        length: verb.length.or(fixed.map(|cut| cut.length)),
        exact: fixed.is_some(),
        arc: style.arc,
        // What is cut already keeps its own pace.
        pace: fixed.is_none().then(|| style.pace()),
        cuts: fixed.map_or(&[], |cut| &cut.cuts),
        speech: fixed.map_or(&[], |cut| &cut.speech),
        stretch: verb.stretch.unwrap_or(0.0),
        over_music: verb.over_music,
        ..suggest::Film::default()
    }
}

/// The best track, as the plan is to name it, and why.
fn chosen<'a>(
    tracks: &[Track],
    suggestions: &'a Suggestions,
    plan_folder: &Path,
) -> Result<Option<(Track, &'a Candidate)>> {
    let Some(best) = suggestions.music.first() else {
        return Ok(None);
    };
    let Some(track) = tracks.iter().find(|track| track.id() == best.choice.id) else {
        return Ok(None);
    };
    let mut track = track.clone();
    track.path = path_in_plan(&track.path, plan_folder)?;
    Ok(Some((track, &best.choice)))
}

/// The draft with music under it.
fn scored(
    verb: &Edit,
    draft: &Draft,
    sources: &[Analysis],
    music: Option<MusicChoice<'_>>,
    style: &Style,
    plan_folder: &Path,
) -> Result<EditOutcome> {
    let music = music.ok_or_else(|| Error::Nothing {
        what: "there is no music to lay under this plan".into(),
        hint: "name tracks with --music; `tastemaker suggest` says what is wrong with each".into(),
    })?;
    let mut plan = draft.plan.clone();
    for source in &mut plan.sources {
        if source.kind != SourceKind::Audio {
            let path = path_in_plan(&draft.folder.join(&source.path), plan_folder)?;
            source.path = path.to_string_lossy().into_owned();
        }
    }
    Ok(rescore(&RescoreRequest {
        plan: &plan,
        sources,
        music,
        style,
        stretch: verb.stretch.unwrap_or(0.0),
    })?)
}

fn source_files(sources: &[Analysis], plan_folder: &Path) -> Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for analysis in sources {
        let path = path_in_plan(Path::new(&analysis.file.path), plan_folder)?;
        files.push(SourceFile {
            path,
            analysis: analysis.clone(),
        });
    }
    Ok(files)
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

/// Everything that was decided without being asked.
fn choices(
    verb: &Edit,
    outcome: &EditOutcome,
    (style, platform): (&Style, &Platform),
) -> Vec<Decision> {
    let mut decisions = Vec::new();
    if verb.platform.is_none() {
        let why = "your default, or the most common one";
        decisions.push(Decision::new(Setting::Platform, &platform.id, why));
    }
    if verb.style.is_none() {
        decisions.push(Decision::new(Setting::Style, &style.id, &style.summary));
    }
    decisions.extend(outcome.decisions.iter().cloned());
    decisions
}
