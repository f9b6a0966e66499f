//! Ingests in processes apart.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::{ApartProcesses, ApartWork, read_document};
use crate::error::{Error, Result};
use crate::jobs::{Arrival, FileIngester};
use crate::server::child::ChildTask;
use crate::server::queue::JobWork;
use crate::store::{Output, Overwrite};
use crate::task::Task;

/// Ingests files in processes apart.
#[derive(Debug, Clone)]
pub struct ApartIngester {
    /// The processes. They may read the file of the preset.
    pub processes: ApartProcesses,
    /// Id of the preset, or the absolute path of one.
    pub preset: String,
    /// Whose taste counts: the name of the profile and its file.
    pub profile: Option<(String, PathBuf)>,
}

impl FileIngester for ApartIngester {
    fn run(
        &self,
        files: &[Arrival],
        task: &Task,
        each: &mut dyn FnMut(usize, Result<Value>) -> bool,
    ) -> Result<()> {
        let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
        let work = IngestWork {
            preset: self.preset.clone(),
            profile: self.profile.clone(),
            arrivals: files.into(),
        };
        self.processes.run(&work, &paths, task, each)
    }
}

/// What the processes do.
#[derive(Clone)]
struct IngestWork {
    preset: String,
    profile: Option<(String, PathBuf)>,
    arrivals: Arc<[Arrival]>,
}

impl ApartWork for IngestWork {
    type Found = Value;

    fn task(&self, name: String) -> ChildTask {
        ChildTask::Ingest {
            preset: self.preset.clone(),
            file: name,
            profile: self.profile.as_ref().map(|(name, _)| name.clone()),
        }
    }

    fn profile(&self) -> Option<PathBuf> {
        self.profile.as_ref().map(|(_, path)| path.clone())
    }

    /// The document; the renditions go to the folder of the file.
    fn found(&self, at: usize, file: &Path, results: &Path) -> Result<Value> {
        let arrival = self.arrivals.get(at);
        let arrival = arrival.ok_or_else(|| Error::damaged(file, "it was not asked for"))?;
        let document = JobWork::Ingest.document();
        let told = |problem| Error::read(results, problem);
        for entry in results.read_dir().map_err(told)? {
            let name = entry.map_err(told)?.file_name();
            if name != document {
                // No document of the file was there, so what has this name is of a run that was killed.
                let copy = Output::create(&arrival.folder.join(&name), Overwrite::Force)?;
                copy.copy_of(&results.join(&name))?;
                copy.commit()?;
            }
        }
        read_document(&results.join(document), file)
    }
}
