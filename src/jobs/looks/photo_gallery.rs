//! One photo in many looks, as a page or as a sheet.

use std::path::PathBuf;

use super::has_ending;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::png_file::{srgb_picture, write_png};
use crate::jobs::{Workshop, refuse_conflicts};
use crate::looks::Look;
use crate::media::{decode_still, to_srgb};
use crate::picture::Pixels;
use crate::report::{gallery_entries, gallery_page, gallery_sheet};
use crate::store::{Overwrite, write_atomic};
use crate::task::Task;

/// A photo and the looks to show it in.
pub struct GalleryJob {
    /// The photo.
    pub photo: PathBuf,
    /// Names or paths of looks; empty: all, or those of the family.
    pub looks: Vec<String>,
    /// Only looks of this family.
    pub family: Option<String>,
    /// Strength of the looks: 0 nothing, 1 as written, at most 2.
    pub strength: f64,
    /// The page (`.html`) or the sheet (`.png`).
    pub target: PathBuf,
    /// What happens to a file that is there already.
    pub overwrite: Overwrite,
}

impl GalleryJob {
    fn is_sheet(&self) -> bool {
        has_ending(&self.target, "png")
    }
}

/// The looks that the job shows. Fails before any work where its target or a name is wrong.
pub fn gallery_looks(job: &GalleryJob, workshop: &Workshop) -> Result<Vec<Look>> {
    if !job.is_sheet() && !has_ending(&job.target, "html") {
        return Err(Error::Usage {
            what: format!("{} is neither .html nor .png", job.target.display()),
            hint: Hint::NamePageOrSheet,
        });
    }
    refuse_conflicts([Some(&job.target)], job.overwrite)?;
    let library = workshop.looks()?;
    if !job.looks.is_empty() {
        return job.looks.iter().map(|name| library.find(name)).collect();
    }
    let Some(family) = &job.family else {
        return Ok(library.looks().to_vec());
    };
    let all = library.looks();
    let looks: Vec<Look> = all
        .iter()
        .filter(|look| look.family == *family)
        .cloned()
        .collect();
    if looks.is_empty() {
        let mut known: Vec<String> = all.iter().map(|look| look.family.clone()).collect();
        known.sort();
        known.dedup();
        return Err(Error::UnknownName {
            kind: "family",
            name: family.clone(),
            known,
        });
    }
    Ok(looks)
}

/// Writes the gallery. Returns false where the photo breaks off: then the gallery shows what was read, and the problem
/// goes to the task.
pub fn write_gallery(job: &GalleryJob, workshop: &Workshop, task: &Task) -> Result<bool> {
    let looks = gallery_looks(job, workshop)?;
    let needs_networks = |look: &Look| look.check_networks(None).is_err();
    let models = looks
        .iter()
        .any(needs_networks)
        .then(|| workshop.models())
        .transpose()?;
    let still = decode_still(&job.photo, workshop.limits())?;
    let shown = gallery_entries(&to_srgb(&still.picture), &looks, job.strength, models)?;
    if job.is_sheet() {
        let sheet = srgb_picture(Pixels::Eight(gallery_sheet(&shown)));
        write_png(&job.target, &sheet, job.overwrite)?;
    } else {
        let name = job.photo.file_name().unwrap_or_default();
        let title = format!("{} in {} looks", name.to_string_lossy(), looks.len());
        let page = gallery_page(&title, &job.photo, &shown)?;
        write_atomic(&job.target, page.as_bytes(), job.overwrite)?;
    }
    if let Some(problem) = &still.partial {
        task.failure(&job.photo, problem);
    }
    Ok(still.partial.is_none())
}
