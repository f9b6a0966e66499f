//! Files of the command line, worked on in the same sandboxed processes as uploads.

mod analysis;
mod ingest;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::child::{
    ChildFolders, ChildInputs, ChildProcess, ChildProgram, ChildTask, JobStop, JobWatcher,
    SandboxMode,
};
use super::identifiers::{random_id, safe_file_name};
use super::threads::runtime;
use crate::error::{Error, Result};
use crate::jobs::{Evidence, Fingerprints, Screening};
use crate::store::{make_new_folder, remove_folder};
use crate::task::Task;

pub use analysis::ApartAnalyzer;
pub use ingest::ApartIngester;

/// How long one file may take: a film of hours on a slow machine.
const DEADLINE: Duration = Duration::from_secs(6 * 3600);
/// How often it is looked whether the person wants no more.
const SIGNAL: Duration = Duration::from_millis(100);
/// Most bytes of a document. A process that was in the hands of the file wrote it.
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

/// Processes that are kept apart from the machine.
#[derive(Debug, Clone)]
pub struct ApartProcesses {
    /// How one is started.
    pub program: ChildProgram,
    /// How far it is kept apart.
    pub sandbox: SandboxMode,
    /// How many.
    pub workers: usize,
    /// Where the folder of the processes is made.
    pub temporary: PathBuf,
}

/// Work of one kind on files.
trait ApartWork: Clone + Send + Sync + 'static {
    /// What becomes of a file.
    type Found: Send + 'static;

    /// What a process is told to do with the file that it knows as `name`.
    fn task(&self, name: String) -> ChildTask;

    /// The file of the profile that it reads.
    fn profile(&self) -> Option<PathBuf>;

    /// What a process found for file number `at`, which is `file`, in the folder of its results.
    fn found(&self, at: usize, file: &Path, results: &Path) -> Result<Self::Found>;
}

impl ApartProcesses {
    /// Does `work` on each file, and calls `each` with its number and what became of it, in order, until it returns
    /// false.
    fn run<W: ApartWork>(
        &self,
        work: &W,
        files: &[PathBuf],
        task: &Task,
        each: &mut dyn FnMut(usize, Result<W::Found>) -> bool,
    ) -> Result<()> {
        let scratch = temporary_folder(&self.temporary)?;
        let workers = (0..self.workers.max(1).min(files.len())).map(|number| ApartWorker {
            work: work.clone(),
            processes: self.clone(),
            folder: scratch.join(number.to_string()),
            files: files.to_vec(),
        });
        let run = match runtime() {
            Ok(runtime) => runtime.block_on(all(workers.collect(), task, each)),
            Err(problem) => Err(problem),
        };
        let removed = remove_folder(&scratch);
        run.and(removed)
    }
}

async fn all<W: ApartWork>(
    workers: Vec<ApartWorker<W>>,
    task: &Task,
    each: &mut dyn FnMut(usize, Result<W::Found>) -> bool,
) -> Result<()> {
    let (sender, mut receiver) = mpsc::channel(workers.len().max(1));
    let next = Arc::new(AtomicUsize::new(0));
    let mut running = JoinSet::new();
    for worker in workers {
        running.spawn(worker.run(next.clone(), sender.clone()));
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
    while let Some(ended) = running.join_next().await {
        let broken = |problem| Error::read("a process apart", std::io::Error::other(problem));
        ended.map_err(broken)??;
    }
    Ok(())
}

/// One process, and the files that it may be given.
struct ApartWorker<W> {
    work: W,
    processes: ApartProcesses,
    /// Of the process.
    folder: PathBuf,
    files: Vec<PathBuf>,
}

impl<W: ApartWork> ApartWorker<W> {
    /// Takes the `next` file until there are no more, and tells what it `found`.
    async fn run(
        self,
        next: Arc<AtomicUsize>,
        found: mpsc::Sender<(usize, Result<W::Found>)>,
    ) -> Result<()> {
        let mut child: Option<ChildProcess> = None;
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = self.files.get(at) else {
                break;
            };
            let mut running = match child.take() {
                Some(running) => running,
                None => self.start().await?,
            };
            let result = match self.work_on(&mut running, at, file).await {
                Ok(Ok(found)) => {
                    child = Some(running);
                    Ok(found)
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
            if found.send((at, result)).await.is_err() {
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
        let child = ChildProcess::start(&self.processes.program, folders).await?;
        child.require(self.processes.sandbox)?;
        Ok(child)
    }

    async fn work_on(
        &self,
        child: &mut ChildProcess,
        at: usize,
        file: &Path,
    ) -> Result<Result<W::Found, Stop>> {
        let name = safe_file_name(&file.file_name().unwrap_or_default().to_string_lossy());
        let task = self.work.task(name.clone());
        let inputs = ChildInputs {
            files: vec![(file.to_path_buf(), name)],
            profile: self.work.profile(),
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
            None => self.work.found(at, file, &child.results()?).map(Ok),
        }
    }
}

/// Why there are no results.
enum Stop {
    /// The process goes on.
    Failed(Error),
    /// It does not.
    Ended(Error),
}

/// Hears nothing: no list is there to ask, and the verdict comes with the rest.
struct Nobody;

impl JobWatcher for Nobody {
    fn recognize(&mut self, _: Fingerprints) -> Result<Vec<Evidence>> {
        Ok(Vec::new())
    }

    fn screened(&mut self, _: &Screening) -> Result<()> {
        Ok(())
    }
}

/// The document at `path`, which is about `file`.
fn read_document<T: DeserializeOwned>(path: &Path, file: &Path) -> Result<T> {
    let told = |problem| Error::read(path, problem);
    let mut text = String::new();
    let document = File::open(path).map_err(told)?;
    document
        .take(MOST_BYTES)
        .read_to_string(&mut text)
        .map_err(told)?;
    serde_json::from_str(&text).map_err(|problem| Error::damaged(file, problem))
}
