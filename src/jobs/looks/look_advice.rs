//! Which looks fit a photo, and what should be corrected first.

use std::path::{Path, PathBuf};

use crate::analysis::Analysis;
use crate::error::{Error, Result};
use crate::jobs::{Workshop, learned_taste, read_sources};
use crate::looks::{Correction, Finish};
use crate::media::{Limits, decode_still, to_srgb};
use crate::picture::Background;
use crate::profile::TasteKind;
use crate::suggest::{LookRequest, LookSuggestions, suggest_looks};
use crate::task::Task;

/// Photos to advise on, each by itself.
pub struct AdviseJob {
    /// Photos and folders of them.
    pub photos: Vec<PathBuf>,
    /// The profile whose taste counts.
    pub profile: Option<String>,
}

impl AdviseJob {
    /// Fails where the profile, the looks or the networks are missing.
    pub fn check(&self, workshop: &Workshop, task: &Task) -> Result<()> {
        workshop.models()?;
        workshop.looks()?;
        learned_taste(self.profile.as_deref(), &[TasteKind::Look], workshop, task)?;
        Ok(())
    }
}

/// Calls `each` with the suggestions for every photo, in order. A photo that fails goes to the task; the others go on.
/// Returns whether one failed.
///
/// Errors: those that end the whole run, and those of `each`.
pub fn advise_on_photos<E: From<Error>>(
    job: &AdviseJob,
    workshop: &Workshop,
    task: &Task,
    mut each: impl FnMut(LookSuggestions) -> Result<(), E>,
) -> Result<bool, E> {
    let taste = learned_taste(job.profile.as_deref(), &[TasteKind::Look], workshop, task)?;
    let sources = read_sources(&job.photos, Background::BLACK, workshop, task)?;
    let mut failed = sources.failed;
    for file in &sources.items {
        match measure(file, workshop.limits()) {
            Ok((correction, finish)) => each(suggest_looks(&LookRequest {
                file,
                correction: &correction,
                finish,
                looks: workshop.looks()?.looks(),
                taste: taste.as_ref(),
                models: workshop.models()?,
            })?)?,
            Err(problem) if problem.is_fatal() => return Err(problem.into()),
            Err(problem) => {
                failed = true;
                task.failure(Path::new(&file.file.path), &problem);
            }
        }
    }
    Ok(failed)
}

/// What the pixels of a photo need, and whether they look finished already.
fn measure(file: &Analysis, limits: &Limits) -> Result<(Correction, Option<Finish>)> {
    let path = Path::new(&file.file.path);
    let photo = to_srgb(&decode_still(path, limits)?.picture);
    Ok((Correction::measure(&photo), Finish::of(&photo)))
}
