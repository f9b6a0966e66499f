//! One file from path to [`Analysis`].

use std::path::Path;

use crate::analysis::Analysis;
use crate::error::Result;
use crate::media::Limits;
use crate::models::Models;
use crate::task::Task;

/// What analysis works with.
#[derive(Clone)]
pub struct AnalysisContext<'a> {
    /// The networks.
    pub models: &'a Models,
    /// The limits.
    pub limits: Limits,
    /// Progress and cancel.
    pub task: Task,
    /// Decoder threads; 0 = as many as there are cores.
    pub threads: usize,
}

/// Everything the contract asks of one file. A file that breaks off gives what was read, with `file.partial`.
pub fn analyze(context: &AnalysisContext<'_>, path: &Path) -> Result<Analysis> {
    let _ = (context, path);
    unimplemented!()
}
