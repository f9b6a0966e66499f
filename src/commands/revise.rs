//! `tastemaker revise`: a plan with changes.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::edit::{caption_wish, document, look_wish, print_plan, transition_wish};
use crate::commands::options::{DryRunOption, ForceOption, JsonOption, RequiredOutput, output};
use crate::commands::render::Encoding;
use crate::commands::session::{Outcome, Session};
use crate::commands::values;
use crate::commands::verify::print_checks;
use crate::jobs::{
    Config, EditJob, FramingWish, Preference, ReviseJob, finish_edit, plan_beside, revise_plan,
};

/// Change a plan: other moments, another length, look or pace
#[derive(Debug, Args)]
#[command(mut_arg("output", output("FILE", "The film (with --plan-only: the plan)")))]
pub struct Revise {
    /// The plan; what is not asked for stays as it says
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    #[command(flatten)]
    pub target: RequiredOutput,
    /// Segments that show something else, such as 2 or 3,5-7; all others stay
    #[arg(long, value_name = "N,N-N", value_parser = values::segments)]
    pub again: Option<Segments>,
    /// Segments that go; the film becomes shorter by them and is planned anew
    #[arg(long, value_name = "N,N-N", value_parser = values::segments)]
    pub drop: Option<Segments>,
    /// Length of the film, such as 20s
    #[arg(long, value_name = "TIME", value_parser = values::length)]
    pub length: Option<f64>,
    /// Recipe for the edit, see `tastemaker list styles`
    #[arg(long, value_name = "ID")]
    pub style: Option<String>,
    /// Where it will be posted, see `tastemaker list platforms`
    #[arg(long, value_name = "ID")]
    pub platform: Option<String>,
    /// Shape of the picture, such as 9:16
    #[arg(long, value_name = "W:H", value_parser = values::aspect)]
    pub aspect: Option<(u32, u32)>,
    /// Folder of tracks to choose from, one track, or a catalog; `none` for no music
    #[arg(long, value_name = "PLACE")]
    pub music: Option<PathBuf>,
    /// What the film is to feel like and its music to sound like, such as "quiet guitar"
    #[arg(long, value_name = "TEXT")]
    pub words: Option<String>,
    /// Transition between shots, such as dissolve or whip; `none` for cuts alone
    #[arg(long, value_name = "NAME")]
    pub transition: Option<String>,
    /// `auto`, `none`, the name of a look or the path of one
    #[arg(long, value_name = "LOOK")]
    pub look: Option<String>,
    /// Times as much of the look as now, such as 0.6
    #[arg(long, value_name = "0-2", value_parser = values::strength)]
    pub strength: Option<f64>,
    /// Caption what is said, in a style of `tastemaker list captions`; `none` for no captions
    #[arg(long, value_name = "STYLE")]
    pub captions: Option<String>,
    /// Whose taste counts, see `tastemaker profile list`; `none` for nobody's
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// 0 for the best film that is found, other numbers for other films
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Write the plan, do not render
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

/// Numbers of segments, from 1.
pub type Segments = std::sync::Arc<[usize]>;

pub fn run(verb: &Revise, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let job = verb.job(&workshop.config()?);
    job.edit.refuse_conflicts()?;
    let task = session.task(&verb.print);
    let revised = revise_plan(&job, workshop, &task)?;
    let planned = &revised.planned;
    print_plan(planned, printer);
    let mut findings = planned.failed;
    if !verb.mode.dry_run {
        let made = finish_edit(&revised.job, planned, workshop, &task)?;
        if let Some(made) = &made {
            print_checks(&made.verify, printer);
        }
        if verb.print.json {
            printer.json(&document(planned, made.as_ref()))?;
        }
        findings |= made.is_some_and(|made| !made.verify.passed());
    }
    Ok(Outcome::with_findings(findings))
}

impl Revise {
    fn job(&self, config: &Config) -> ReviseJob {
        let numbers = |typed: &Option<Segments>| typed.as_deref().unwrap_or_default().to_vec();
        let asked = |typed: &Option<String>| Preference {
            asked: typed.clone(),
            usual: None,
        };
        ReviseJob {
            plan: self.plan.clone(),
            again: numbers(&self.again),
            drop: numbers(&self.drop),
            look: self.look.as_deref().map(look_wish),
            strength: self.strength,
            keep_music: self.music.is_none(),
            edit: EditJob {
                files: Vec::new(),
                music: self
                    .music
                    .as_ref()
                    .and_then(|music| config.music(Some(music))),
                words: self.words.clone(),
                guide_track: None,
                over_music: self.music.is_some(),
                stretch: 0.0,
                usage: None,
                style: asked(&self.style),
                platform: asked(&self.platform),
                aspect: self.aspect,
                length: self.length,
                must: Vec::new(),
                never: Vec::new(),
                transition: transition_wish(self.transition.as_deref()),
                cut: None,
                denoise: None,
                look: Default::default(),
                captions: caption_wish(self.captions.as_deref()),
                framing: FramingWish::Unsaid,
                profile: config.profile(self.profile.as_ref()),
                curious: false,
                seed: self.seed,
                variations: None,
                background: None,
                held: None,
                plan: if self.plan_only {
                    self.target.output.clone()
                } else {
                    plan_beside(&self.target.output)
                },
                overwrite: self.replace.overwrite(),
                film: (!self.plan_only).then(|| {
                    let overwrite = self.replace.overwrite();
                    self.encoding.target(&self.target.output, None, overwrite)
                }),
            },
        }
    }
}
