//! The color of a look as a table for other programs: a `.cube` file or a Hald image.

use std::path::PathBuf;

use super::has_ending;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::png_file::{srgb_picture, write_png};
use crate::jobs::{Workshop, refuse_conflicts};
use crate::looks::{Look, Lut};
use crate::notice::Notice;
use crate::picture::Pixels;
use crate::store::{Overwrite, write_atomic};
use crate::task::Task;

/// Largest number of nodes a side that is written as the smaller Hald image.
const SMALL_HALD_NODES: u8 = 36;
/// Levels of the two Hald images: a Hald image of level n has n² nodes a side, and 36 and 64 are next to the usual 33
/// and 65.
const SMALL_HALD: usize = 6;
const LARGE_HALD: usize = 8;

/// A look to export.
pub struct ExportTableJob {
    /// Name or path of the look.
    pub look: String,
    /// The table, which ends in `.cube` or `.png`.
    pub table: PathBuf,
    /// Nodes a side.
    pub nodes: u8,
    /// What happens to a file that is there already.
    pub overwrite: Overwrite,
    /// False: nothing is written.
    pub write: bool,
}

/// Exports the look. Gives notice of each step that a table cannot carry.
pub fn export_table(job: &ExportTableJob, workshop: &Workshop, task: &Task) -> Result<()> {
    let is_image = has_ending(&job.table, "png");
    if !is_image && !has_ending(&job.table, "cube") {
        return Err(Error::Usage {
            what: format!("{} is neither .cube nor .png", job.table.display()),
            hint: Hint::NameTable,
        });
    }
    refuse_conflicts([Some(&job.table)], job.overwrite)?;
    let look = workshop.looks()?.find(&job.look)?;
    notice_losses(&look, task);
    if !job.write {
        return Ok(());
    }
    if is_image {
        let level = if job.nodes <= SMALL_HALD_NODES {
            SMALL_HALD
        } else {
            LARGE_HALD
        };
        let image = Lut::of_look(&look, level * level).to_hald(level);
        let picture = srgb_picture(Pixels::Sixteen(image));
        return write_png(&job.table, &picture, job.overwrite);
    }
    let mut lut = Lut::of_look(&look, job.nodes.into());
    lut.title.clone_from(&look.id);
    write_atomic(&job.table, lut.to_cube().as_bytes(), job.overwrite)
}

fn notice_losses(look: &Look, task: &Task) {
    for step in look.steps.iter().filter(|step| !step.fits_a_table()) {
        let masks = step.masks().iter().filter(|mask| !mask.fits_a_table());
        task.notice(Notice::StepNotInTable {
            step: step.kind().to_owned(),
            masks: masks.map(|mask| mask.kind().to_owned()).collect(),
        });
    }
}
