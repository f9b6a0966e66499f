//! A look learned from finished pictures alone.

use std::path::{Path, PathBuf};

use super::look_differences::{LearnReport, PictureDifferences};
use super::{LOOK_ENDING, has_ending, whole_still};
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::{Workshop, expand, is_bystander, refuse_conflicts};
use crate::looks::{Look, learn_finished};
use crate::media::{Limits, to_srgb};
use crate::picture::{Filter, Rgb8, resize};
use crate::store::{Overwrite, write_atomic};
use crate::task::Task;

/// Pixels on the longer side of the pictures that are measured. Tones and tints do not need more.
const SIDE: u32 = 512;

/// Finished pictures to learn from.
pub struct LearnFinishJob {
    /// Pictures and folders of them.
    pub files: Vec<PathBuf>,
    /// The look file, which ends in `.toml`.
    pub look: PathBuf,
    /// What happens to a file that is there already.
    pub overwrite: Overwrite,
    /// False: nothing is written.
    pub write: bool,
}

/// Learns the look and writes it. A picture that fails goes to the task; the others go on.
pub fn learn_from_finished(
    job: &LearnFinishJob,
    workshop: &Workshop,
    task: &Task,
) -> Result<LearnReport> {
    if !has_ending(&job.look, LOOK_ENDING) {
        return Err(Error::Usage {
            what: format!("{} does not end in .toml", job.look.display()),
            hint: Hint::NameLookFile,
        });
    }
    refuse_conflicts([Some(&job.look)], job.overwrite)?;
    let mut failed = false;
    let (mut paths, mut pictures): (Vec<PathBuf>, Vec<Rgb8>) = (vec![], vec![]);
    for input in expand(&job.files)? {
        task.check()?;
        match small_picture(&input.path, workshop.limits()) {
            Ok(picture) => {
                paths.push(input.path);
                pictures.push(picture);
            }
            Err(problem) if problem.is_fatal() => return Err(problem),
            Err(problem) if is_bystander(&input, &problem) => {}
            Err(problem) => {
                failed = true;
                task.failure(&input.path, &problem);
            }
        }
    }
    let learned = learn_finished(&pictures)?;
    let mut look = Look::none();
    look.summary = format!("Learned from {} finished pictures.", pictures.len());
    look.family = "learned".into();
    look.steps.clone_from(&learned.steps);
    let text = look.to_toml()?;
    if job.write {
        write_atomic(&job.look, text.as_bytes(), job.overwrite)?;
    }
    let pictures = paths.iter().zip(learned.differences);
    Ok(LearnReport {
        steps: Some(learned.steps),
        pictures: pictures
            .map(|(path, difference)| PictureDifferences::new(path, difference))
            .collect(),
        failed,
    })
}

fn small_picture(path: &Path, limits: &Limits) -> Result<Rgb8> {
    let still = whole_still(path, limits)?;
    let size = still.picture.size().within(SIDE);
    let picture = to_srgb(&still.picture);
    Ok(if size == picture.size() {
        picture
    } else {
        resize(&picture, size, Filter::Box)
    })
}
