//! `tastemaker shorts`: the best pieces of a long recording, each a film by itself.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::options::{DryRunOption, ForceOption, JsonOption, RequiredOutput, output};
use crate::commands::output::Printer;
use crate::commands::render::Encoding;
use crate::commands::session::{Outcome, Session};
use crate::commands::values;
use crate::commands::verify::print_checks;
use crate::edit::Denoiser;
use crate::jobs::{Config, Preference, ShortDocument, ShortsJob, finish_short, plan_shorts_of};

/// Cut the best pieces out of a long recording, each a film by itself
#[derive(Debug, Args)]
#[command(mut_arg("output", output("DIR", "Folder of the films")))]
pub struct Shorts {
    /// The recording, in which somebody speaks
    #[arg(value_name = "LONG")]
    pub file: PathBuf,
    #[command(flatten)]
    pub target: RequiredOutput,
    /// Most films
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=50))]
    pub count: u8,
    /// About how long each is
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = values::length)]
    pub length: f64,
    /// Where they will be posted, see `tastemaker list platforms`
    #[arg(long, value_name = "ID")]
    pub platform: Option<String>,
    /// Shape of the picture, such as 9:16 (default: the platform's)
    #[arg(long, value_name = "W:H", value_parser = values::aspect)]
    pub aspect: Option<(u32, u32)>,
    /// The name of a look or the path of one
    #[arg(long, value_name = "LOOK")]
    pub look: Option<String>,
    /// Choose look, captions and framing by the taste of this profile; `none` for nobody's
    #[arg(long, value_name = "PROFILE", conflicts_with = "look")]
    pub profile: Option<String>,
    /// Who watched the recording for how long, a table with the columns `time` and `share`: prefer what held people
    #[arg(long, value_name = "CSV")]
    pub retention: Option<PathBuf>,
    /// What takes noise off speech (default: rnnoise, where the room is noisy)
    #[arg(long, value_name = "NETWORK", value_parser = values::denoiser())]
    pub denoise: Option<Denoiser>,
    /// Write the plans, do not render
    #[arg(long)]
    pub plan_only: bool,
    #[command(flatten)]
    pub print: JsonOption,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
    #[command(flatten)]
    pub encoding: Encoding,
}

pub fn run(verb: &Shorts, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let job = verb.job(&workshop.config()?);
    let task = session.task(&verb.print);
    let report = plan_shorts_of(&job, workshop, &task)?;
    let mut findings = report.failed;
    for (rank, short) in (1..).zip(&report.shorts) {
        print_short(rank, &short.document, printer);
        if verb.mode.dry_run {
            continue;
        }
        let made = finish_short(&job, short, workshop, &task)?;
        if let Some(made) = &made {
            print_checks(&made.verify, printer);
        }
        if verb.print.json {
            printer.json(&short.document)?;
        }
        findings |= made.is_some_and(|made| !made.verify.passed());
    }
    Ok(Outcome::with_findings(findings))
}

impl Shorts {
    fn job(&self, config: &Config) -> ShortsJob {
        let overwrite = self.replace.overwrite();
        ShortsJob {
            file: self.file.clone(),
            count: usize::from(self.count),
            length: self.length,
            platform: Preference {
                asked: self.platform.clone(),
                usual: config.platform.clone(),
            },
            aspect: self.aspect,
            look: self.look.clone(),
            denoise: self.denoise,
            retention: self.retention.clone(),
            profile: self.profile.clone().filter(|name| name != "none"),
            target: self.encoding.target(&self.target.output, None, overwrite),
            plan_only: self.plan_only,
        }
    }
}

fn print_short(rank: usize, short: &ShortDocument, printer: &Printer) {
    printer.talk(&format!(
        "\n{rank}. {} ({:.1} to {:.1} s, score {:.2}, confidence {:.2})",
        short.title, short.start, short.end, short.score, short.confidence
    ));
    for reason in &short.reasons {
        printer.talk(&format!("   {:+.2} {}", reason.weight, reason.text));
    }
}
