//! `tastemaker render`: the film of a plan, verified.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::commands::options::{DryRunOption, ForceOption, JsonOption, RequiredOutput, output};
use crate::commands::session::{Outcome, Session};
use crate::commands::values;
use crate::commands::verify::print_checks;
use crate::jobs::{FilmReport, FilmTarget, read_plan, render_film};
use crate::media::{DynamicRange, FilmCodec};
use crate::store::Overwrite;

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
    /// How the picture is encoded
    #[arg(long, value_name = "CODEC", default_value = "h264", value_parser = values::film_codec())]
    pub encoder: FilmCodec,
    /// What becomes of high dynamic range, wide gamut and 10 bits
    #[arg(long, value_name = "RANGE", default_value = "standard", value_parser = values::dynamic_range())]
    pub dynamic_range: DynamicRange,
    /// Constant rate factor of the encoder, up to 51, 63 for av1 and vp9: lower is better and larger (default: 20 for
    /// h264, 23 for h265, 30 for av1, 31 for vp9). With it all is encoded; without, what a plan leaves as it is may be
    /// copied
    #[arg(long, value_name = "0-63", value_parser = clap::value_parser!(u8).range(0..=63))]
    pub quality: Option<u8>,
    /// The encoder's speed
    #[arg(long, default_value = "veryfast", value_parser = values::encoder_preset())]
    pub speed: &'static str,
    /// A quarter of the pixels at the encoder's fastest, to look at the cut
    #[arg(long, conflicts_with = "speed")]
    pub draft: bool,
}

impl Encoding {
    /// The target of a film, with its contact sheet where one is wanted.
    pub fn target(&self, film: &Path, sheet: Option<&PathBuf>, overwrite: Overwrite) -> FilmTarget {
        FilmTarget {
            film: film.into(),
            sheet: sheet.cloned(),
            codec: self.encoder,
            dynamic_range: self.dynamic_range,
            quality: self.quality.unwrap_or(self.encoder.usual_quality()),
            copies: self.quality.is_none(),
            preset: self.speed,
            draft: self.draft,
            resumes: true,
            overwrite,
        }
    }
}

#[derive(Serialize)]
struct RenderedDocument<'a> {
    schema: &'static str,
    plan: String,
    #[serde(flatten)]
    made: &'a FilmReport,
}

pub fn run(verb: &Render, session: &Session) -> Result<Outcome> {
    let overwrite = verb.replace.overwrite();
    let film = &verb.target.output;
    let target = verb.encoding.target(film, verb.sheet.as_ref(), overwrite);
    target.refuse_conflicts()?;
    let (plan, folder) = read_plan(&verb.plan)?;
    if verb.mode.dry_run {
        session.printer.data(&plan.summary())?;
        return Ok(Outcome::Done);
    }
    let (workshop, task) = (&session.workshop, session.task(&verb.print));
    let made = render_film(&plan, &folder, &target, workshop, &task)?;
    print_checks(&made.verify, &session.printer);
    if verb.print.json {
        session.printer.json(&RenderedDocument {
            schema: "tastemaker.render/1",
            plan: verb.plan.display().to_string(),
            made: &made,
        })?;
    }
    Ok(Outcome::with_findings(!made.verify.passed()))
}
