//! `tastemaker effect`: what there is beyond cuts and colors, and what it looks like.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::commands::options::{DryRunOption, ForceOption, RequiredOutput, output};
use crate::commands::session::{Outcome, Session};
use crate::jobs::{
    CaptionGalleryJob, EffectGalleryJob, shown_effects, write_caption_gallery, write_effect_gallery,
};

/// Show effects and transitions
#[derive(Debug, Args)]
pub struct EffectVerb {
    #[command(subcommand)]
    pub what: EffectWhat,
}

/// What `effect` does.
#[derive(Debug, Subcommand)]
pub enum EffectWhat {
    Gallery(EffectGallery),
    Captions(CaptionGallery),
}

/// Show every effect and transition on your own pictures, with their names
#[derive(Debug, Args)]
#[command(mut_arg(
    "output",
    output("FILE", "The page, NAME.html, or the sheet, NAME.png")
))]
pub struct EffectGallery {
    /// One or two photos or clips; transitions lead from the first to the second
    #[arg(required = true, num_args = 1..=2, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Only this one, by its name; may be given again
    #[arg(long = "effect", value_name = "NAME")]
    pub effects: Vec<String>,
    #[command(flatten)]
    pub target: RequiredOutput,
    #[command(flatten)]
    pub replace: ForceOption,
    #[command(flatten)]
    pub mode: DryRunOption,
}

/// Show every caption style on your own pictures, with their names
#[derive(Debug, Args)]
#[command(mut_arg(
    "output",
    output("FILE", "The page, NAME.html, or the sheet, NAME.png")
))]
pub struct CaptionGallery {
    /// Photos or clips, such as a portrait, a landscape and a dark one
    #[arg(required = true, num_args = 1..=6, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub target: RequiredOutput,
    #[command(flatten)]
    pub replace: ForceOption,
}

pub fn run(verb: &EffectVerb, session: &Session) -> Result<Outcome> {
    match &verb.what {
        EffectWhat::Gallery(verb) => effects(verb, session),
        EffectWhat::Captions(verb) => captions(verb, session),
    }
}

fn captions(verb: &CaptionGallery, session: &Session) -> Result<Outcome> {
    let job = CaptionGalleryJob {
        files: verb.files.clone(),
        target: verb.target.output.clone(),
        overwrite: verb.replace.overwrite(),
    };
    write_caption_gallery(&job, &session.workshop, &session.plain_task())?;
    Ok(Outcome::Done)
}

fn effects(verb: &EffectGallery, session: &Session) -> Result<Outcome> {
    let job = EffectGalleryJob {
        files: verb.files.clone(),
        effects: verb.effects.clone(),
        target: verb.target.output.clone(),
        overwrite: verb.replace.overwrite(),
    };
    if verb.mode.dry_run {
        let shown = shown_effects(&job)?;
        session
            .printer
            .lines(shown.iter().map(|preset| &preset.id))?;
        return Ok(Outcome::Done);
    }
    write_effect_gallery(&job, &session.workshop, &session.plain_task())?;
    Ok(Outcome::Done)
}
