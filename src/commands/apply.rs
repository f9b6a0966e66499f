//! `tastemaker apply`: one look over many files.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::batch::{
    ClipForm, ContainerChoice, FaceTreatment, FormatChoice, Matching, RunMode, SizeLimit,
};
use crate::commands::options::{DryRunOption, ForceOption, JsonOption, RequiredOutput, output};
use crate::commands::output::{Printer, table};
use crate::commands::session::{Outcome, Session};
use crate::commands::values;
use crate::jobs::{
    ApplyJob, ApplyReport, ApplyResult, ApplyState, Config, apply_look, plan_apply, preview_apply,
};
use crate::media::{CarriedTracks, GainMapPolicy, MetadataPolicy};
use crate::picture::Background;

/// Apply a look to pictures and clips, one or ten thousand
#[derive(Debug, Args)]
#[command(mut_arg(
    "output",
    output("DIR", "Folder of the results: FOLDER/x/y.jpg becomes DIR/x/y.jpg")
))]
pub struct Apply {
    /// Name of a look (see `tastemaker list looks`), path of one, several joined with `+`, `none`, or `auto` for the one
    /// that suits the files best
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
    #[arg(long = "match", value_name = "HOW", default_value = "none", value_parser = values::matching())]
    pub matching: Matching,
    /// Whose taste counts for `auto`, see `tastemaker profile list`; `none` for nobody's
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// Cut stills to a shape, such as 4:5, around their subject
    #[arg(long, value_name = "W:H", value_parser = values::aspect)]
    pub aspect: Option<(u32, u32)>,
    /// Make pictures and clips smaller: the longer side, such as 2048, or both, such as 1920x1080
    #[arg(long, value_name = "N|WxH", value_parser = values::fit)]
    pub resize: Option<SizeLimit>,
    /// What becomes of faces
    #[arg(long, default_value = "keep", value_parser = values::faces())]
    pub faces: FaceTreatment,
    /// Format of stills
    #[arg(long, default_value = "keep", value_parser = values::still_format())]
    pub format: FormatChoice,
    /// Container of clips
    #[arg(long, default_value = "mp4", value_parser = values::container())]
    pub container: ContainerChoice,
    /// Quality of JPEG and WebP (default: 92)
    #[arg(long, value_name = "1-100", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub quality: Option<u8>,
    /// How the color of a JPEG is thinned out
    #[arg(long, default_value = "keep", value_parser = values::subsampling())]
    pub subsampling: values::JpegSubsampling,
    /// What shows where a picture or clip is transparent and the result cannot be (JPEG, clips): a basic color of
    /// CSS, such as white, or #rrggbb
    #[arg(long, value_name = "COLOR", default_value = "black", value_parser = values::background)]
    pub background: Background,
    /// What comes out of what the camera wrote
    #[arg(long, default_value = "keep", value_parser = values::metadata())]
    pub metadata: MetadataPolicy,
    /// Whether the gain map of an Ultra HDR photo comes along, which brightens it on HDR displays
    #[arg(long, default_value = "keep", value_parser = values::gain_map())]
    pub gain_map: GainMapPolicy,
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

pub fn run(verb: &Apply, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let task = &session.task(&verb.print);
    let job = verb.job(&workshop.config()?);
    if let Some(count) = verb.preview {
        let page = preview_apply(&job, count.into(), workshop, task)?;
        printer.lines([page.display()])?;
        return Ok(Outcome::Done);
    }
    let each = |result: ApplyResult<'_>| verb.print_result(&result, printer);
    let report = if verb.mode.dry_run {
        plan_apply(&job, workshop, task, each)?
    } else {
        let report = apply_look(&job, workshop, task, each)?;
        verb.print_summary(&report, printer)?;
        report
    };
    Ok(Outcome::with_findings(report.has_findings()))
}

impl Apply {
    fn job(&self, config: &Config) -> ApplyJob {
        ApplyJob {
            look: self.look.clone(),
            profile: config.profile(self.profile.as_ref()),
            files: self.files.clone(),
            output: self.target.output.clone(),
            template: self.name.clone(),
            strength: self.strength,
            matching: self.matching,
            aspect: self.aspect,
            fit: self.resize,
            faces: self.faces,
            format: self.format,
            container: self.container,
            clips: ClipForm::Film,
            tracks: CarriedTracks::All,
            quality: self.quality,
            subsampling: self.subsampling,
            metadata: self.metadata,
            background: self.background,
            gain_map: self.gain_map,
            partial: self.partial,
            mode: match (self.resume, self.replace.force) {
                (true, _) => RunMode::Resume,
                (_, true) => RunMode::Force,
                _ => RunMode::Fresh,
            },
        }
    }

    fn print_result(&self, result: &ApplyResult<'_>, printer: &Printer) -> Result<()> {
        match result.state {
            _ if self.print.json => printer.json(result),
            ApplyState::Planned { .. } => {
                printer.lines([format!("{} -> {}", result.file, result.output)])
            }
            ApplyState::Applied(_) => Ok(()),
        }
    }

    fn print_summary(&self, report: &ApplyReport, printer: &Printer) -> Result<()> {
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
            (
                report.laid_over_black,
                "of these show black where the original is transparent (--background chooses another color)",
            ),
            (report.failed, "failed"),
            (report.bystanders, "no pictures, left alone"),
        ];
        let shown = rows
            .into_iter()
            .filter(|(count, what)| *count > 0 || *what == "written")
            .map(|(count, what)| [count.to_string(), what.to_owned()]);
        let table = table(&["files", "what became of them"], shown);
        if self.print.json {
            printer.talk(&table.to_string());
            return Ok(());
        }
        printer.lines([table])
    }
}
