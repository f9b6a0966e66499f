//! Files of the command line, analyzed in the same sandboxed processes as uploads.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::child::{
    ANALYSIS, ChildFolders, ChildInputs, ChildProcess, ChildProgram, ChildTask, JobStop,
    JobWatcher, SandboxMode,
};
use super::identifiers::{random_id, safe_file_name};
use super::threads::runtime;
use crate::analysis::{Analysis, Part};
use crate::error::{Error, Result};
use crate::jobs::{Evidence, FileAnalyzer, Fingerprints, Screening};
use crate::store::{make_new_folder, remove_folder};
use crate::task::Task;

/// How long one file may take: a film of hours on a slow machine.
const DEADLINE: Duration = Duration::from_secs(6 * 3600);
/// How often it is looked whether the person wants no more.
const SIGNAL: Duration = Duration::from_millis(100);
/// Most bytes of an analysis. A process that was in the hands of the file wrote it.
const MOST_BYTES: u64 = 256 << 20;
/// What a process may say that went wrong, in the words of `Error::code`, and what the service says.
const CODES: [&str; 12] = [
    "not_found",
    "no_permission",
    "unreadable",
    "unwritable",
    "unsupported",
    "damaged",
    "breaks_off",
    "limit",
    "inference",
    "encode",
    "nothing",
    "usage",
];

/// A new folder in `parent` for a process that no service starts. All users may write beside it: nobody can guess its
/// name, and only this user can enter it.
pub fn temporary_folder(parent: &Path) -> Result<PathBuf> {
    let folder = parent.join(format!("tastemaker-{}", random_id()?));
    make_new_folder(&folder)?;
    Ok(folder)
}

/// Analyzes files in processes apart.
#[derive(Debug, Clone)]
pub struct ApartAnalyzer {
    /// How a process is started.
    pub program: ChildProgram,
    /// How far it is kept apart.
    pub sandbox: SandboxMode,
    /// The parts that are looked for; absent: the usual ones.
    pub only: Option<Vec<Part>>,
    /// Speed first.
    pub fast: bool,
    /// Processes.
    pub workers: usize,
    /// Where the folder of the processes is made.
    pub temporary: PathBuf,
}

impl FileAnalyzer for ApartAnalyzer {
    fn run(
        &self,
        files: &[PathBuf],
        task: &Task,
        each: &mut dyn FnMut(usize, Result<Analysis>) -> bool,
    ) -> Result<()> {
        let scratch = temporary_folder(&self.temporary)?;
        let run = match runtime() {
            Ok(runtime) => runtime.block_on(self.all(files, &scratch, task, each)),
            Err(problem) => Err(problem),
        };
        let removed = remove_folder(&scratch);
        run.and(removed)
    }
}

impl ApartAnalyzer {
    async fn all(
        &self,
        files: &[PathBuf],
        scratch: &Path,
        task: &Task,
        each: &mut dyn FnMut(usize, Result<Analysis>) -> bool,
    ) -> Result<()> {
        let (sender, mut receiver) = mpsc::channel(self.workers.max(1));
        let next = Arc::new(AtomicUsize::new(0));
        let mut workers = JoinSet::new();
        for number in 0..self.workers.max(1).min(files.len()) {
            let worker = ApartWorker {
                settings: self.clone(),
                folder: scratch.join(number.to_string()),
                files: files.to_vec(),
                next: next.clone(),
                found: sender.clone(),
            };
            workers.spawn(worker.run());
        }
        drop(sender);
        let (mut waiting, mut due) = (BTreeMap::new(), 0);
        loop {
            tokio::select! {
                found = receiver.recv() => {
                    let Some((at, result)) = found else { break };
                    waiting.insert(at, result);
                    while let Some(result) = waiting.remove(&due) {
                        if !each(due, result) {
                            return Ok(());
                        }
                        due += 1;
                    }
                }
                () = tokio::time::sleep(SIGNAL) => task.check()?,
            }
        }
        while let Some(ended) = workers.join_next().await {
            let broken = |problem| Error::read("a process apart", std::io::Error::other(problem));
            ended.map_err(broken)??;
        }
        Ok(())
    }
}

/// One process, and the files that it is given.
struct ApartWorker {
    settings: ApartAnalyzer,
    /// Of the process.
    folder: PathBuf,
    files: Vec<PathBuf>,
    next: Arc<AtomicUsize>,
    found: mpsc::Sender<(usize, Result<Analysis>)>,
}

impl ApartWorker {
    async fn run(self) -> Result<()> {
        let mut child: Option<ChildProcess> = None;
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = self.files.get(at) else {
                break;
            };
            let mut running = match child.take() {
                Some(running) => running,
                None => self.start().await?,
            };
            let result = match self.analyze(&mut running, file).await {
                Ok(Ok(analysis)) => {
                    child = Some(running);
                    Ok(analysis)
                }
                Ok(Err(Stop::Failed(problem))) => {
                    child = Some(running);
                    Err(problem)
                }
                Ok(Err(Stop::Ended(problem))) => {
                    running.kill().await;
                    Err(problem)
                }
                Err(problem) => {
                    child = Some(running);
                    Err(problem)
                }
            };
            if let Err(problem @ Error::Runtime { .. }) = result {
                return Err(problem);
            }
            if self.found.send((at, result)).await.is_err() {
                break;
            }
        }
        if let Some(child) = child {
            child.kill().await;
        }
        Ok(())
    }

    async fn start(&self) -> Result<ChildProcess> {
        let folders = ChildFolders::create(self.folder.clone())?;
        let child = ChildProcess::start(&self.settings.program, folders).await?;
        child.require(self.settings.sandbox)?;
        Ok(child)
    }

    async fn analyze(
        &self,
        child: &mut ChildProcess,
        file: &Path,
    ) -> Result<Result<Analysis, Stop>> {
        let name = safe_file_name(&file.file_name().unwrap_or_default().to_string_lossy());
        let task = ChildTask::Analyze {
            file: name.clone(),
            only: self.settings.only.clone(),
            fast: self.settings.fast,
        };
        let inputs = ChildInputs {
            files: vec![(file.to_path_buf(), name)],
            profile: None,
        };
        let ended = |code, what: &str| {
            Stop::Ended(Error::Apart {
                path: file.into(),
                code,
                what: what.into(),
            })
        };
        let mut nobody = Nobody;
        let work = child.work(&task, &inputs, &mut nobody);
        let stopped = match tokio::time::timeout(DEADLINE, work).await {
            Err(_) => return Ok(Err(ended("deadline", "work on it took too long"))),
            Ok(worked) => worked?.err(),
        };
        match stopped {
            Some(JobStop::Died) => Ok(Err(ended(
                "crashed",
                "work on it ended the process that did it",
            ))),
            Some(JobStop::Failed {
                message,
                fatal: true,
                ..
            }) => Err(Error::Runtime { what: message }),
            Some(JobStop::Failed { code, message, .. }) => {
                let known = CODES.into_iter().find(|known| *known == code);
                Ok(Err(Stop::Failed(Error::Apart {
                    path: file.into(),
                    code: known.unwrap_or("damaged"),
                    what: message,
                })))
            }
            None => read(&child.results()?.join(ANALYSIS), file).map(Ok),
        }
    }
}

/// Why there is no analysis.
enum Stop {
    /// The process goes on.
    Failed(Error),
    /// It does not.
    Ended(Error),
}

/// Hears nothing: no verdict is asked for.
struct Nobody;

impl JobWatcher for Nobody {
    fn recognize(&mut self, _: Fingerprints) -> Result<Vec<Evidence>> {
        Ok(Vec::new())
    }

    fn screened(&mut self, _: &Screening) -> Result<()> {
        Ok(())
    }
}

/// What was found, of the file as it was named.
fn read(path: &Path, file: &Path) -> Result<Analysis> {
    let told = |problem| Error::read(path, problem);
    let mut text = String::new();
    let document = File::open(path).map_err(told)?;
    document
        .take(MOST_BYTES)
        .read_to_string(&mut text)
        .map_err(told)?;
    let mut analysis: Analysis =
        serde_json::from_str(&text).map_err(|problem| Error::damaged(file, problem))?;
    analysis.file.path = file.display().to_string();
    Ok(analysis)
}
