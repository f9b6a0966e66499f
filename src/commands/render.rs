//! `tastemaker render`: the film of a plan, verified.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::commands::options::{
    Common, DryRunOption, ForceOption, JsonOption, RequiredOutput, output,
};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::progress::Progress;
use crate::commands::verify::print_checks;
use crate::edit::Plan;
use crate::error::Error;
use crate::looks::LookLibrary;
use crate::media::{Metadata, StillFormat, encode_still};
use crate::render::{self, RenderReport, RenderRequest, VerifyReport};
use crate::store::{Output, Overwrite};
use crate::task::Task;

/// Make the film of a plan
#[derive(Debug, Args)]
#[command(mut_arg("output", output("FILE", "The film")))]
pub struct Render {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    #[command(flatten)]
    pub target: RequiredOutput,
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

/// How films are encoded.
#[derive(Debug, Args)]
#[command(next_help_heading = "Encoding")]
pub struct Encoding {
    /// x264's constant rate factor: lower is better and larger
    #[arg(long, value_name = "0-51", default_value_t = 20, value_parser = clap::value_parser!(u8).range(0..=51))]
    pub quality: u8,
    /// x264's speed
    #[arg(long, value_enum, default_value_t = Speed::Veryfast)]
    pub speed: Speed,
}

/// x264's presets that make sense here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Speed {
    Ultrafast,
    Veryfast,
    Fast,
    Medium,
    Slow,
}

impl Speed {
    /// x264's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ultrafast => "ultrafast",
            Self::Veryfast => "veryfast",
            Self::Fast => "fast",
            Self::Medium => "medium",
            Self::Slow => "slow",
        }
    }
}

/// Frames across and down on a contact sheet, and its width in pixels.
const SHEET: (u32, u32, u32) = (6, 3, 1200);

/// What was made, for machines.
#[derive(Serialize)]
pub struct Made {
    pub film: String,
    pub render: RenderReport,
    pub verify: VerifyReport,
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    plan: String,
    #[serde(flatten)]
    made: &'a Made,
}

pub fn run(verb: &Render, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let overwrite = verb.replace.overwrite();
    refuse_conflicts([Some(&verb.target.output), verb.sheet.as_ref()], overwrite)?;
    let (plan, folder) = read_plan(&verb.plan)?;
    if verb.mode.dry_run {
        printer.data(&plan.summary())?;
        return Ok(Outcome::Done);
    }
    let film = Film {
        plan: &plan,
        folder: &folder,
        target: &verb.target.output,
        sheet: verb.sheet.as_deref(),
    };
    let made = make(&film, &verb.encoding, overwrite, common, printer, task)?;
    if verb.print.json {
        let plan = verb.plan.display().to_string();
        printer.json(&Document {
            schema: "tastemaker.render/1",
            plan,
            made: &made,
        })?;
    }
    Ok(Outcome::with_findings(!made.verify.passed()))
}

/// Fails, before any work, when one of `targets` is there already and may not be replaced.
pub fn refuse_conflicts<'a>(
    targets: impl IntoIterator<Item = Option<&'a PathBuf>>,
    overwrite: Overwrite,
) -> Result<(), Error> {
    for target in targets.into_iter().flatten() {
        if target.is_dir() || (overwrite == Overwrite::Refuse && target.exists()) {
            return Err(Error::Exists {
                path: target.clone(),
            });
        }
    }
    Ok(())
}

/// A plan and the folder that its relative paths count from.
pub fn read_plan(path: &Path) -> Result<(Plan, PathBuf), Error> {
    /// No plan of a film that anybody watches is larger.
    const MOST_BYTES: u64 = 64_000_000;
    let facts = std::fs::metadata(path).map_err(|problem| Error::read(path, problem))?;
    if !facts.is_file() {
        return Err(Error::unsupported(path, "it is not a regular file"));
    }
    if facts.len() > MOST_BYTES {
        return Err(Error::unsupported(path, "it is too large to be a plan"));
    }
    let bytes = std::fs::read(path).map_err(|problem| Error::read(path, problem))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::unsupported(path, "it is not UTF-8 text, so not a plan"))?;
    let plan = Plan::parse(&text, path)?;
    Ok((plan, path.parent().unwrap_or(Path::new("")).to_path_buf()))
}

/// What is to be made, and where.
pub struct Film<'a> {
    pub plan: &'a Plan,
    pub folder: &'a Path,
    pub target: &'a Path,
    pub sheet: Option<&'a Path>,
}

/// Renders and verifies; the film gets its name when it is whole. What was checked is printed.
pub fn make(
    film: &Film<'_>,
    encoding: &Encoding,
    overwrite: Overwrite,
    common: &Common,
    printer: &Printer,
    task: &Task,
) -> Result<Made> {
    let looks = LookLibrary::open(places::looks_folder())?;
    let limits = common.limits.limits();
    let output = Output::create(film.target, overwrite)?;
    let progress = Progress::new("render", common.quiet);
    // Most looks need none; one that does says what is missing.
    let models = places::open_models(common).ok();
    let request = RenderRequest {
        models: models.as_ref(),
        plan: film.plan,
        folder: film.folder,
        looks: &looks,
        limits,
        task: progress.task(task),
        threads: common.jobs.map_or(0, usize::from),
        quality: encoding.quality,
        preset: encoding.speed.name(),
    };
    let report = render::render(&request, output.path())
        .map_err(|problem| problem.renamed(output.path(), film.target))?;
    progress.finish();
    let progress = Progress::new("verify", common.quiet);
    let verified = render::verify(
        film.plan,
        film.folder,
        output.path(),
        &limits,
        &progress.task(task),
    )
    .map_err(|problem| problem.renamed(output.path(), film.target))?;
    progress.finish();
    if let Some(sheet) = film.sheet {
        let (columns, rows, width) = SHEET;
        let picture = render::contact_sheet(output.path(), columns, rows, width, &limits, task)?;
        let sheet = Output::create(sheet, overwrite)?;
        encode_still(
            sheet.path(),
            &picture,
            StillFormat::Png,
            &Metadata::default(),
        )?;
        sheet.commit()?;
    }
    output.commit()?;
    for note in &report.notes {
        printer.note(note);
    }
    print_checks(&verified, printer);
    Ok(Made {
        film: film.target.display().to_string(),
        render: report,
        verify: verified,
    })
}
