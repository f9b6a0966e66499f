//! The look that suits files, and the taste of a profile, best.

use std::path::PathBuf;

use crate::analysis::Analysis;
use crate::choice::Candidate;
use crate::error::Result;
use crate::jobs::Workshop;
use crate::jobs::inputs::expand;
use crate::jobs::material::read_sources;
use crate::jobs::profile::{learned_taste, own_look};
use crate::looks::Look;
use crate::picture::Background;
use crate::profile::{Taste, TasteKind};
use crate::suggest::{Film, SuggestRequest, suggest};
use crate::task::Task;

/// The name that asks for the best look.
pub(super) const AUTO: &str = "auto";
/// Files that are looked at to find the look of a folder; of more, some from everywhere in it.
const LOOKED_AT: usize = 24;

/// The look for `files`: that of the profile's own pictures before and after, where it has some, or else the best that
/// is suggested; none where nothing fits.
///
/// Errors: those of the profile, the looks and the networks, and `Nothing` where no file can be read.
pub(super) fn look_for(
    files: &[PathBuf],
    profile: Option<&str>,
    workshop: &Workshop,
    task: &Task,
) -> Result<Look> {
    let own = match profile {
        Some(name) => own_look(&workshop.profiles().find(name)?)?,
        None => None,
    };
    if let Some(own) = own {
        return Ok(own);
    }
    let inputs = expand(files)?;
    let every = inputs.len().div_ceil(LOOKED_AT).max(1);
    let some: Vec<PathBuf> = inputs
        .into_iter()
        .step_by(every)
        .map(|it| it.path)
        .collect();
    let sources = read_sources(&some, Background::BLACK, workshop, task)?;
    let looks = suggested_looks(&sources.items, profile, workshop, task)?;
    match looks.first() {
        Some(best) => workshop.looks()?.find(&best.id),
        None => Ok(Look::none()),
    }
}

/// The looks that suit analyzed files, best first.
fn suggested_looks(
    files: &[Analysis],
    profile: Option<&str>,
    workshop: &Workshop,
    task: &Task,
) -> Result<Vec<Candidate>> {
    let taste = learned_taste(profile, &[TasteKind::Look], workshop, task)?;
    looks_by_taste(files, taste.as_ref(), workshop)
}

/// The looks that suit analyzed files and a taste, best first.
pub(super) fn looks_by_taste(
    files: &[Analysis],
    taste: Option<&Taste>,
    workshop: &Workshop,
) -> Result<Vec<Candidate>> {
    let suggestions = suggest(&SuggestRequest {
        files,
        tracks: &[],
        left_out: &[],
        looks: workshop.looks()?,
        taste,
        models: workshop.models()?,
        // No track is laid.
        target_lufs: 0.0,
        film: Film::default(),
        usage: None,
        today: workshop.today(),
        seed: 0,
    })?;
    Ok(suggestions.looks)
}
