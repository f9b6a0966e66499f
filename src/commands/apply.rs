//! `tastemaker apply`: one look over many files.

mod preview;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::batch::{
    Batch, BatchInput, BatchItem, BatchResult, BatchSettings, FormatChoice, Matching, NameTemplate,
    NamingRules, ResultFormat, ResultStatus, RunMode, SizeLimit, assign_targets,
};
use crate::commands::options::{
    Common, DryRunOption, ForceOption, JsonOption, RequiredOutput, output,
};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::places;
use crate::commands::progress::Progress;
use crate::commands::table::table;
use crate::commands::values;
use crate::error::Error;
use crate::jobs::{Input, expand, is_bystander};
use crate::looks::{Look, LookLibrary};
use crate::media::{ChromaSubsampling, MetadataPolicy};
use crate::task::Task;

/// Apply a look to pictures and clips, one or ten thousand
#[derive(Debug, Args)]
#[command(mut_arg(
    "output",
    output("DIR", "Folder of the results: FOLDER/x/y.jpg becomes DIR/x/y.jpg")
))]
pub struct Apply {
    /// Name of a look (see `tastemaker list looks`), path of one, several joined with `+`, or `none`
    #[arg(value_name = "LOOK")]
    pub look: String,
    /// Pictures, clips and folders of them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub target: RequiredOutput,
    /// How much of the look: 0 changes nothing, 1 is as written
    #[arg(long, value_name = "0-2", default_value_t = 1.0, value_parser = values::strength)]
    pub strength: f64,
    /// Make files match: `each` corrects light and color of each and holds the look back where it would do harm,
    /// `set` evens light and color over the photos of one scene
    #[arg(long = "match", value_name = "HOW", value_enum, default_value_t = Match::None)]
    pub matching: Match,
    /// Cut stills to a shape, such as 4:5, around their subject
    #[arg(long, value_name = "W:H", value_parser = values::aspect)]
    pub aspect: Option<(u32, u32)>,
    /// Make pictures and clips smaller: the longer side, such as 2048, or both, such as 1920x1080
    #[arg(long, value_name = "N|WxH", value_parser = values::fit)]
    pub resize: Option<SizeLimit>,
    /// Format of stills
    #[arg(long, value_enum, default_value_t = StillKind::Keep)]
    pub format: StillKind,
    /// Quality of JPEG and WebP (default: 92)
    #[arg(long, value_name = "1-100", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub quality: Option<u8>,
    /// How the color of a JPEG is thinned out
    #[arg(long, value_enum, default_value_t = Subsampling::Keep)]
    pub subsampling: Subsampling,
    /// What comes out of what the camera wrote
    #[arg(long, value_enum, default_value_t = MetadataChoice::Keep)]
    pub metadata: MetadataChoice,
    /// Names of the results, such as "{stem}-{look}.{ext}"
    #[arg(long, value_name = "TEMPLATE")]
    pub name: Option<String>,
    /// Write pictures that break off as far as they go
    #[arg(long)]
    pub partial: bool,
    /// Go on with a run that was stopped: what is finished stays
    #[arg(long, conflicts_with = "force")]
    pub resume: bool,
    #[command(flatten)]
    pub replace: ForceOption,
    /// Show the look on N photos that differ most, in one page, DIR/preview.html, and write nothing else
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=60))]
    #[arg(num_args = 0..=1, default_missing_value = "12", conflicts_with_all = ["resume", "dry_run"])]
    pub preview: Option<u8>,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

/// What is done beyond the look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Match {
    None,
    Each,
    Set,
}

impl Match {
    /// As the library takes it.
    pub fn choice(self) -> Matching {
        match self {
            Self::None => Matching::None,
            Self::Each => Matching::Each,
            Self::Set => Matching::Set,
        }
    }
}

/// Formats that stills are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum StillKind {
    Keep,
    #[value(alias = "jpg")]
    Jpeg,
    Png,
    Webp,
}

impl StillKind {
    /// As the library takes it.
    pub fn choice(self) -> FormatChoice {
        match self {
            Self::Keep => FormatChoice::Keep,
            Self::Jpeg => FormatChoice::Fixed(ResultFormat::Jpeg),
            Self::Png => FormatChoice::Fixed(ResultFormat::Png),
            Self::Webp => FormatChoice::Fixed(ResultFormat::WebP),
        }
    }
}

/// How the color of a JPEG is thinned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)]
pub enum Subsampling {
    Keep,
    #[value(name = "444")]
    Full444,
    #[value(name = "422")]
    Half422,
    #[value(name = "420")]
    Quarter420,
}

impl Subsampling {
    /// As the library takes it.
    pub fn choice(self) -> Option<ChromaSubsampling> {
        match self {
            Self::Keep => None,
            Self::Full444 => Some(ChromaSubsampling::Full444),
            Self::Half422 => Some(ChromaSubsampling::Half422),
            Self::Quarter420 => Some(ChromaSubsampling::Quarter420),
        }
    }
}

/// What comes out of EXIF and XMP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MetadataChoice {
    /// Everything, with the orientation reset
    Keep,
    /// Everything but where it was taken
    StripLocation,
    /// Only the color profile
    Strip,
}

impl MetadataChoice {
    /// As the library takes it.
    pub fn policy(self) -> MetadataPolicy {
        match self {
            Self::Keep => MetadataPolicy::Keep,
            Self::StripLocation => MetadataPolicy::StripLocation,
            Self::Strip => MetadataPolicy::Strip,
        }
    }
}

/// A result, for machines.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    file: String,
    output: String,
    look: &'a str,
    strength: f64,
    format: &'static str,
    #[serde(flatten)]
    applied: &'a BatchResult,
}

/// A result that would be made, for machines.
#[derive(Serialize)]
struct Planned<'a> {
    schema: &'static str,
    file: String,
    output: String,
    look: &'a str,
    strength: f64,
    format: &'static str,
    status: &'static str,
}

const SCHEMA: &str = "tastemaker.applied/1";

/// What became of the files.
#[derive(Default)]
struct Counts {
    written: usize,
    finished: usize,
    partial: usize,
    failed: usize,
    location: usize,
    bystanders: usize,
}

pub fn run(verb: &Apply, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let look = find(&LookLibrary::open(places::looks_folder())?, &verb.look)?;
    let template = verb.name.as_deref().map(NameTemplate::parse).transpose()?;
    let settings = BatchSettings {
        look,
        strength: verb.strength,
        matching: verb.matching.choice(),
        aspect: verb.aspect,
        fit: verb.resize,
        format: verb.format.choice(),
        quality: verb.quality,
        subsampling: verb.subsampling.choice(),
        metadata: verb.metadata.policy(),
        partial: verb.partial,
        limits: common.limits.limits(),
    };
    let inputs = expand(&verb.files)?;
    let origins: Vec<BatchInput> = inputs
        .iter()
        .map(|input| BatchInput {
            path: input.path.clone(),
            folder: input.folder.clone(),
        })
        .collect();
    let naming = NamingRules {
        out: &verb.target.output,
        template: template.as_ref(),
        look: &settings.look.id,
        format: settings.format,
        limits: &settings.limits,
    };
    let (mut jobs, mut problems, mut counts) = (Vec::new(), Vec::new(), Counts::default());
    for (origin, planned) in assign_targets(&origins, &naming)? {
        task.check()?;
        match planned {
            Ok(job) => {
                jobs.push(Some(job));
                problems.push(None);
            }
            Err(problem) => {
                let input = Input {
                    path: origin.path.clone(),
                    folder: origin.folder,
                };
                if is_bystander(&input, &problem) {
                    counts.bystanders += 1;
                } else {
                    jobs.push(None);
                    problems.push(Some((origin.path, problem)));
                }
            }
        }
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let needs_networks = verb.aspect.is_some() || settings.look.check_networks(None).is_err();
    let models = needs_networks
        .then(|| places::open_models(common))
        .transpose()?;
    let batch = Batch {
        settings: &settings,
        models: models.as_ref(),
        out: &verb.target.output,
        mode: match (verb.resume, verb.replace.force) {
            (true, _) => RunMode::Resume,
            (_, true) => RunMode::Force,
            _ => RunMode::Fresh,
        },
        workers: common.jobs.map_or(cores, usize::from),
        task,
    };
    let progress = Progress::new("apply", common.quiet);
    let batch = Batch {
        task: &progress.task(task),
        ..batch
    };
    let jobs: Vec<Option<&BatchItem>> = jobs.iter().map(Option::as_ref).collect();
    let talk = Talk {
        verb,
        settings: &settings,
        printer,
    };
    if let Some(count) = verb.preview {
        let shown = batch.preview(&jobs, count.into())?;
        preview::write(verb, &settings.look.id, shown, jobs.len(), printer)?;
        return Ok(Outcome::Done);
    }
    if verb.mode.dry_run {
        batch.refuse_conflicts(jobs.iter().copied().flatten())?;
        for (job, problem) in jobs.iter().zip(problems) {
            match (job, problem) {
                (Some(job), _) => talk.planned(job)?,
                (None, Some((path, problem))) => talk.failed(&path, &problem, &mut counts)?,
                (None, None) => {}
            }
        }
        return Ok(counts.outcome());
    }
    batch.run(&jobs, |at, answer| -> Result<()> {
        match (answer, jobs.get(at).copied().flatten()) {
            (Some(Ok(applied)), Some(job)) => talk.applied(job, &applied, &mut counts),
            (Some(Err(problem)), Some(job)) => talk.failed(&job.source, &problem, &mut counts),
            _ => match problems.get_mut(at).and_then(Option::take) {
                Some((path, problem)) => talk.failed(&path, &problem, &mut counts),
                None => Ok(()),
            },
        }
    })?;
    progress.finish();
    talk.summary(&counts)?;
    Ok(counts.outcome())
}

/// One look, or several joined with `+`, applied one after the other.
fn find(library: &LookLibrary, name: &str) -> Result<Look, Error> {
    if !name.contains('+') || Path::new(name).is_file() {
        return library.find(name);
    }
    let looks = name.split('+').map(|one| library.find(one.trim()));
    Ok(Look::stacked(&looks.collect::<Result<Vec<_>, _>>()?))
}

impl Counts {
    fn outcome(&self) -> Outcome {
        Outcome::with_findings(self.failed + self.partial > 0)
    }
}

/// How the run is told.
struct Talk<'a> {
    verb: &'a Apply,
    settings: &'a BatchSettings,
    printer: &'a Printer,
}

impl Talk<'_> {
    fn planned(&self, job: &BatchItem) -> Result<()> {
        let (file, output) = (
            job.source.display().to_string(),
            job.target.display().to_string(),
        );
        if self.verb.print.json {
            return self.printer.json(&Planned {
                schema: SCHEMA,
                file,
                output,
                look: &self.settings.look.id,
                strength: self.settings.strength,
                format: job.format.name(),
                status: "planned",
            });
        }
        self.printer.data(&format!("{file} -> {output}\n"))
    }

    fn applied(&self, job: &BatchItem, applied: &BatchResult, counts: &mut Counts) -> Result<()> {
        match applied.status {
            ResultStatus::Written => counts.written += 1,
            ResultStatus::Finished => counts.finished += 1,
        }
        counts.location += usize::from(applied.location);
        if let Some(partial) = &applied.partial {
            counts.partial += 1;
            self.printer.note(&format!(
                "only a part of it was written: {}",
                partial.message
            ));
        }
        if self.verb.print.json {
            self.printer.json(&Document {
                schema: SCHEMA,
                file: job.source.display().to_string(),
                output: job.target.display().to_string(),
                look: &self.settings.look.id,
                strength: self.settings.strength,
                format: job.format.name(),
                applied,
            })?;
        }
        Ok(())
    }

    fn failed(&self, path: &Path, problem: &Error, counts: &mut Counts) -> Result<()> {
        counts.failed += 1;
        if self.verb.print.json {
            self.printer.error_json(path, problem)?;
        }
        self.printer.error(problem);
        Ok(())
    }

    fn summary(&self, counts: &Counts) -> Result<()> {
        let mut table = table(&["files", "what became of them"]);
        let rows = [
            (counts.written, "written"),
            (counts.finished, "finished before, not written again"),
            (
                counts.partial,
                "of these only a part, because the original breaks off",
            ),
            (
                counts.location,
                "of these say where they were taken (--metadata strip-location takes it out)",
            ),
            (counts.failed, "failed"),
            (counts.bystanders, "no pictures, left alone"),
        ];
        for (count, what) in rows {
            if count > 0 || what == "written" {
                table.add_row([count.to_string(), what.to_owned()]);
            }
        }
        if self.verb.print.json {
            self.printer.talk(&table.to_string());
            return Ok(());
        }
        self.printer.data(&format!("{table}\n"))
    }
}
