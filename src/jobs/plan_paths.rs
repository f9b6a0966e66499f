//! Paths as they stand in a plan.

use std::path::{Path, PathBuf};

use crate::analysis::Analysis;
use crate::edit::SourceFile;
use crate::error::{Error, Result};

/// The analyzed files with their paths as the plan is to name them.
pub(super) fn source_files(sources: &[Analysis], plan_folder: &Path) -> Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for analysis in sources {
        let path = path_in_plan(Path::new(&analysis.file.path), plan_folder)?;
        files.push(SourceFile {
            path,
            analysis: analysis.clone(),
            levels: None,
        });
    }
    Ok(files)
}

/// A path as it stands in a plan: relative where the file lies below the plan's folder, so that both can be moved
/// together; else absolute, so that the plan can be moved alone.
pub(super) fn path_in_plan(file: &Path, plan_folder: &Path) -> Result<PathBuf> {
    let file = file
        .canonicalize()
        .map_err(|problem| Error::read(file, problem))?;
    let folder = if plan_folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        plan_folder
    };
    // A folder that does not exist yet holds no sources.
    let Ok(folder) = folder.canonicalize() else {
        return Ok(file);
    };
    Ok(file
        .strip_prefix(&folder)
        .map(Path::to_path_buf)
        .unwrap_or(file))
}
