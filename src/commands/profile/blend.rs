//! `tastemaker profile blend`: a profile made of two.

use anyhow::Result;
use clap::Args;

use crate::commands::options::ForceOption;
use crate::commands::session::{Outcome, Session};
use crate::jobs::{BlendJob, blend_profiles};

/// What `profile blend` takes.
#[derive(Debug, Args)]
pub struct ProfileBlend {
    /// Its name, or a path that ends in .json
    #[arg(value_name = "A")]
    pub a: String,
    /// The other one
    #[arg(value_name = "B")]
    pub b: String,
    /// How much each counts, such as 0.7,0.3
    #[arg(long, value_name = "A,B", value_delimiter = ',', default_values_t = [0.5, 0.5])]
    pub weights: Vec<f64>,
    /// The name of the new profile
    #[arg(long, value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub mode: ForceOption,
}

pub fn run(blend: &ProfileBlend, session: &Session) -> Result<Outcome> {
    let [a, b] = blend.weights[..] else {
        anyhow::bail!("--weights takes two numbers");
    };
    let job = BlendJob {
        profiles: [blend.a.clone(), blend.b.clone()],
        weights: [a, b],
        name: blend.name.clone(),
        overwrite: blend.mode.overwrite(),
    };
    let path = blend_profiles(&job, &session.workshop)?;
    session.printer.talk(&format!("made {}", path.display()));
    Ok(Outcome::Done)
}
