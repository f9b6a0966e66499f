//! What happens in a film: shots, motion, moments, black and frozen runs, from one decode.

use std::path::Path;

use crate::analysis::{AnalysisContext, VideoReport};
use crate::error::{Error, Result};

/// The facts, and the error the film broke off with, if it did.
pub fn watch(context: &AnalysisContext<'_>, path: &Path) -> Result<(VideoReport, Option<Error>)> {
    let _ = (context, path);
    unimplemented!()
}
