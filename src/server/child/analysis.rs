//! The child's side of an analysis.

use std::path::{Path, PathBuf};

use super::protocol::{ANALYSIS, OUTPUT};
use crate::analysis::{Analysis, Scope};
use crate::error::{Error, Result};
use crate::jobs::{Analyzer, Workshop};
use crate::store::{Overwrite, make_private_folder, write_atomic};
use crate::task::{Stage, Task};

/// The folder of the results in that of the output.
const FOLDER: &str = "analysis";

/// Analyzes a file in this folder, and writes what was found.
pub fn analyze(file: &str, scope: Scope, workshop: &Workshop) -> Result<()> {
    let folder = Path::new("..").join(OUTPUT).join(FOLDER);
    make_private_folder(&folder)?;
    let task = Task::default();
    let mut found: Option<Result<Analysis>> = None;
    let analyzer = Analyzer::new(workshop, &task)?.with_scope(scope);
    analyzer.run(&[PathBuf::from(file)], Stage::Analyze, |_, result| {
        found = Some(result);
        Ok::<(), Error>(())
    })?;
    let nothing = || Error::unsupported(file, "there is nothing in it");
    let analysis = found.ok_or_else(nothing)??;
    let target = folder.join(ANALYSIS);
    let text =
        serde_json::to_vec(&analysis).map_err(|problem| Error::write(&target, problem.into()))?;
    write_atomic(&target, &text, Overwrite::Force)
}
