//! Jobs on looks: importing and exporting tables, learning looks, showing a photo in many of them, advising on a photo.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::media::{Limits, Still, decode_still};

mod finish_learning;
mod look_advice;
mod look_differences;
mod pair_learning;
mod photo_gallery;
mod table_export;
mod table_import;

pub use finish_learning::{LearnFinishJob, learn_from_finished};
pub use look_advice::{AdviseJob, advise_on_photos};
pub use look_differences::{LearnReport, LookDifferences};
pub(super) use pair_learning::read_pair;
pub use pair_learning::{LearnPairsJob, learn_from_pairs};
pub use photo_gallery::{GalleryJob, gallery_looks, write_gallery};
pub use table_export::{ExportTableJob, export_table};
pub use table_import::{ImportTableJob, ImportTableReport, import_table};

/// Extension of look files.
const LOOK_ENDING: &str = "toml";

pub(super) fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension()
        .is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

/// The path of the table beside a look file, which must end in `.toml`.
fn table_beside(look: &Path) -> Result<PathBuf> {
    if has_ending(look, LOOK_ENDING) && look.file_stem().is_some() {
        return Ok(look.with_extension("cube"));
    }
    Err(Error::Usage {
        what: format!("{} does not end in .toml", look.display()),
        hint: Hint::NameLookAndTable,
    })
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// A still that is complete. A look that was learned from half a picture, or a table with missing rows, would be wrong
/// without a sign of it.
fn whole_still(path: &Path, limits: &Limits) -> Result<Still> {
    let still = decode_still(path, limits)?;
    match still.partial {
        Some(problem) => Err(problem),
        None => Ok(still),
    }
}
