//! `tastemaker edit`: clips and photos into a film on the beat, with its plan beside it.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::choice::Decision;
use crate::commands::flags_in_messages;
use crate::commands::options::{DryRunOption, ForceOption, JsonOption, RequiredOutput, output};
use crate::commands::output::Printer;
use crate::commands::render::Encoding;
use crate::commands::session::{Outcome, Session};
use crate::commands::values;
use crate::commands::verify::print_checks;
use crate::edit::{CutExpression, Denoiser, FramingChoice, Hook};
use crate::jobs::{
    CaptionWish, Config, EditJob, FileStretch, FilmReport, FramingWish, GuideTrack, LookWish,
    PlannedEdit, Preference, TransitionWish, finish_edit, plan_beside, plan_edit,
};
use crate::picture::Background;

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
    /// A track to cut to and to leave out, because it is added inside an app; its start is printed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["music", "over_music"])]
    pub guide_track: Option<PathBuf>,
    /// What the film is to feel like and its music to sound like, such as "quiet guitar"
    #[arg(long, value_name = "TEXT")]
    pub words: Option<String>,
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
    /// What has to be shown whole, such as clip.mp4@0:12-0:20; may be repeated
    #[arg(long, value_name = "FILE@IN-OUT", value_parser = values::file_stretch)]
    pub must: Vec<FileStretch>,
    /// What must not be shown, such as clip.mp4@0:12-0:20; may be repeated
    #[arg(long, value_name = "FILE@IN-OUT", value_parser = values::file_stretch)]
    pub never: Vec<FileStretch>,
    /// What is cut out of recordings, such as "silence(-34dB, 0.3s) and not motion(0.02)", see docs/cutting.md
    #[arg(long, value_name = "EXPRESSION", value_parser = CutExpression::parse)]
    pub cut: Option<CutExpression>,
    /// What takes noise off speech (default: that of the style, where the room is noisy)
    #[arg(long, value_name = "NETWORK", value_parser = values::denoiser())]
    pub denoise: Option<Denoiser>,
    /// Transition between shots, such as dissolve, whip or dip-to-black; `none` for cuts alone (default: the style's)
    #[arg(long, value_name = "NAME")]
    pub transition: Option<String>,
    /// `auto`, `none`, the name of a look or the path of one
    #[arg(long, value_name = "LOOK", default_value = "auto")]
    pub look: String,
    /// Caption what is said, in a style of `tastemaker list captions`; `none` for no captions
    #[arg(long, value_name = "STYLE")]
    pub captions: Option<String>,
    /// How near and how still the picture is framed (default: usual, or what the profile prefers)
    #[arg(long, value_name = "FRAMING", value_parser = values::framing())]
    pub framing: Option<FramingChoice>,
    /// Whose taste counts, see `tastemaker profile list`; `none` for nobody's
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Give what the profile knows little of a chance: other choices for other seeds
    #[arg(long)]
    pub curious: bool,
    /// What shows where clips and photos are transparent: a basic color of CSS, such as white, or #rrggbb
    /// (default: black, or that of the plan)
    #[arg(long, value_name = "COLOR", value_parser = values::background)]
    pub background: Option<Background>,
    /// 0 for the best film that is found, other numbers for other films (default: 0, or that of the plan)
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Make so many films that really differ: OUT-1.mp4, OUT-2.mp4 …
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=20))]
    pub variations: Option<u8>,
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
pub(super) struct EditDocument<'a> {
    schema: &'static str,
    plan: String,
    choices: Vec<Choice<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hook: Option<&'a Hook>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guide_track: Option<&'a GuideTrack>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distance: Option<f64>,
    #[serde(flatten)]
    made: Option<&'a FilmReport>,
}

#[derive(Serialize)]
struct Choice<'a> {
    flag: String,
    reason: &'a str,
}

pub fn run(verb: &Edit, session: &Session) -> Result<Outcome> {
    let (printer, workshop) = (&session.printer, &session.workshop);
    let job = verb.job(&workshop.config()?);
    job.refuse_conflicts()?;
    let task = session.task(&verb.print);
    let planned = plan_edit(&job, workshop, &task)?;
    let mut findings = false;
    for film in &planned {
        if planned.len() > 1 {
            printer.talk(&format!("\n{}", film.target.plan.display()));
        }
        print_plan(film, printer);
        findings |= film.failed;
        if verb.mode.dry_run {
            continue;
        }
        let made = finish_edit(&job, film, workshop, &task)?;
        if let Some(made) = &made {
            print_checks(&made.verify, printer);
        }
        if verb.print.json {
            printer.json(&document(film, made.as_ref()))?;
        }
        findings |= made.is_some_and(|made| !made.verify.passed());
    }
    Ok(Outcome::with_findings(findings))
}

pub(super) fn document<'a>(
    film: &'a PlannedEdit,
    made: Option<&'a FilmReport>,
) -> EditDocument<'a> {
    EditDocument {
        schema: "tastemaker.edit/1",
        plan: film.target.plan.display().to_string(),
        choices: film.decisions.iter().map(choice).collect(),
        hook: film.hook.as_ref(),
        guide_track: film.guide_track.as_ref(),
        distance: film.distance,
        made,
    }
}

impl Edit {
    /// What was typed, with the person's defaults where nothing was.
    fn job(&self, config: &Config) -> EditJob {
        EditJob {
            files: self.files.clone(),
            music: config.music(self.music.as_ref()),
            guide_track: self.guide_track.clone(),
            words: self.words.clone(),
            over_music: self.over_music,
            stretch: self.stretch.unwrap_or(0.0),
            usage: self.usage.clone(),
            style: Preference {
                asked: self.style.clone(),
                usual: config.style.clone(),
            },
            platform: Preference {
                asked: self.platform.clone(),
                usual: config.platform.clone(),
            },
            aspect: self.aspect,
            length: self.length,
            must: self.must.clone(),
            never: self.never.clone(),
            cut: self.cut.clone(),
            denoise: self.denoise,
            transition: transition_wish(self.transition.as_deref()),
            look: look_wish(&self.look),
            captions: caption_wish(self.captions.as_deref()),
            framing: self.framing.map_or(FramingWish::Unsaid, FramingWish::Named),
            profile: config.profile(self.profile.as_ref()),
            curious: self.curious,
            seed: self.seed,
            variations: self.variations.map(usize::from),
            background: self.background,
            held: None,
            plan: if self.plan_only {
                self.target.output.clone()
            } else {
                plan_beside(&self.target.output)
            },
            overwrite: self.replace.overwrite(),
            film: (!self.plan_only).then(|| {
                let (film, overwrite) = (&self.target.output, self.replace.overwrite());
                self.encoding.target(film, self.sheet.as_ref(), overwrite)
            }),
        }
    }
}

/// The look that was typed.
pub(super) fn look_wish(typed: &str) -> LookWish {
    match typed {
        "auto" => LookWish::Auto,
        "none" => LookWish::None,
        name => LookWish::Named(name.into()),
    }
}

/// The captions that were typed.
pub(super) fn caption_wish(typed: Option<&str>) -> CaptionWish {
    match typed {
        None => CaptionWish::Unsaid,
        Some("none") => CaptionWish::None,
        Some(style) => CaptionWish::Style(style.into()),
    }
}

/// The transition that was typed.
pub(super) fn transition_wish(typed: Option<&str>) -> TransitionWish {
    match typed {
        None => TransitionWish::Unsaid,
        Some("none") => TransitionWish::None,
        Some(name) => TransitionWish::Named(name.into()),
    }
}

pub(super) fn print_plan(planned: &PlannedEdit, printer: &Printer) {
    for decision in &planned.decisions {
        let flag = flags_in_messages::decision_flag(decision);
        printer.talk(&format!("chose {flag} ({})", decision.reason));
    }
    printer.talk(&planned.plan.summary());
}

fn choice(decision: &Decision) -> Choice<'_> {
    Choice {
        flag: flags_in_messages::decision_flag(decision),
        reason: &decision.reason,
    }
}
