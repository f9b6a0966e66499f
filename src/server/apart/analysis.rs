//! Analyses in processes apart.

use std::path::{Path, PathBuf};

use super::{ApartProcesses, ApartWork, read_document};
use crate::analysis::{Analysis, Part};
use crate::error::Result;
use crate::jobs::FileAnalyzer;
use crate::server::child::{ANALYSIS, ChildTask};
use crate::task::Task;

/// Analyzes files in processes apart.
#[derive(Debug, Clone)]
pub struct ApartAnalyzer {
    /// The processes.
    pub processes: ApartProcesses,
    /// The parts that are looked for; absent: the usual ones.
    pub only: Option<Vec<Part>>,
    /// Speed first.
    pub fast: bool,
}

impl FileAnalyzer for ApartAnalyzer {
    fn run(
        &self,
        files: &[PathBuf],
        task: &Task,
        each: &mut dyn FnMut(usize, Result<Analysis>) -> bool,
    ) -> Result<()> {
        self.processes.run(self, files, task, each)
    }
}

impl ApartWork for ApartAnalyzer {
    type Found = Analysis;

    fn task(&self, name: String) -> ChildTask {
        ChildTask::Analyze {
            file: name,
            only: self.only.clone(),
            fast: self.fast,
        }
    }

    fn profile(&self) -> Option<PathBuf> {
        None
    }

    /// What was found, of the file as it was named.
    fn found(&self, _: usize, file: &Path, results: &Path) -> Result<Analysis> {
        let mut analysis: Analysis = read_document(&results.join(ANALYSIS), file)?;
        analysis.file.path = file.display().to_string();
        Ok(analysis)
    }
}
