//! `tastemaker apply`: one look over many files.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::batch::{BatchResult, FormatChoice, Matching, ResultFormat, RunMode, SizeLimit};
use crate::commands::options::{
    Common, DryRunOption, ForceOption, JsonOption, RequiredOutput, output,
};
use crate::commands::outcome::Outcome;
use crate::commands::output::Printer;
use crate::commands::progress::on_terminal;
use crate::commands::table::table;
use crate::commands::values;
use crate::commands::workshop::workshop;
use crate::jobs::{ApplyJob, ApplyReport, ApplyResult, apply_look, plan_apply, preview_apply};
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
    /// ResultFormat of stills
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
    state: State<'a>,
}

/// What became of the file.
#[derive(Serialize)]
#[serde(untagged)]
enum State<'a> {
    Planned { status: &'static str },
    Applied(&'a BatchResult),
}

pub fn run(verb: &Apply, common: &Common, printer: &Printer, task: &Task) -> Result<Outcome> {
    let workshop = workshop(common);
    let task = &on_terminal(task, printer, verb.print.json);
    let job = verb.job();
    if let Some(count) = verb.preview {
        let page = preview_apply(&job, count.into(), &workshop, task)?;
        printer.data(&format!("{}\n", page.display()))?;
        return Ok(Outcome::Done);
    }
    let each = |result: ApplyResult<'_>| verb.print_result(&result, printer);
    if verb.mode.dry_run {
        let report = plan_apply(&job, &workshop, task, each)?;
        return Ok(Outcome::with_findings(report.has_findings()));
    }
    let report = apply_look(&job, &workshop, task, each)?;
    verb.print_summary(&report, printer)?;
    Ok(Outcome::with_findings(report.has_findings()))
}

impl Apply {
    fn job(&self) -> ApplyJob {
        ApplyJob {
            look: self.look.clone(),
            files: self.files.clone(),
            output: self.target.output.clone(),
            template: self.name.clone(),
            strength: self.strength,
            matching: self.matching.choice(),
            aspect: self.aspect,
            fit: self.resize,
            format: self.format.choice(),
            quality: self.quality,
            subsampling: self.subsampling.choice(),
            metadata: self.metadata.policy(),
            partial: self.partial,
            mode: match (self.resume, self.replace.force) {
                (true, _) => RunMode::Resume,
                (_, true) => RunMode::Force,
                _ => RunMode::Fresh,
            },
        }
    }

    fn print_result(&self, result: &ApplyResult<'_>, printer: &Printer) -> Result<()> {
        let file = result.job.source.display().to_string();
        let output = result.job.target.display().to_string();
        if self.print.json {
            return printer.json(&Document {
                schema: "tastemaker.applied/1",
                file,
                output,
                look: result.look,
                strength: self.strength,
                format: result.job.format.name(),
                state: result
                    .applied
                    .map_or(State::Planned { status: "planned" }, State::Applied),
            });
        }
        match result.applied {
            None => printer.data(&format!("{file} -> {output}\n")),
            Some(_) => Ok(()),
        }
    }

    fn print_summary(&self, report: &ApplyReport, printer: &Printer) -> Result<()> {
        let mut table = table(&["files", "what became of them"]);
        let rows = [
            (report.written, "written"),
            (report.finished, "finished before, not written again"),
            (
                report.partial,
                "of these only a part, because the original breaks off",
            ),
            (
                report.location,
                "of these say where they were taken (--metadata strip-location takes it out)",
            ),
            (report.failed, "failed"),
            (report.bystanders, "no pictures, left alone"),
        ];
        for (count, what) in rows {
            if count > 0 || what == "written" {
                table.add_row([count.to_string(), what.to_owned()]);
            }
        }
        if self.print.json {
            printer.talk(&table.to_string());
            return Ok(());
        }
        printer.data(&format!("{table}\n"))
    }
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
