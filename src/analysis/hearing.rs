//! What can be heard: loudness, speech and music, beats, key, tags, mood, from one decode.

use std::path::Path;

use crate::analysis::{AnalysisContext, AudioReport};
use crate::error::{Error, Result};

/// The facts, and the error the sound broke off with, if it did.
pub fn listen(context: &AnalysisContext<'_>, path: &Path) -> Result<(AudioReport, Option<Error>)> {
    let _ = (context, path);
    unimplemented!()
}
