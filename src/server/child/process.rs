//! The service's side of a child: starts it, gives it a job, and ends it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::protocol::{
    ChildAnswer, ChildTask, INPUT, LONGEST_LINE, OUTPUT, PROFILES, ServiceLine, SpentTime,
};
use super::sandbox::SandboxMode;
use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::jobs::{Evidence, Fingerprints, SandboxReport, Screening};
use crate::store::{empty_folder, link_or_copy, make_private_folder, remove_folder};

/// Loading ONNX Runtime takes less than a second; a machine under load may take long.
const START: Duration = Duration::from_secs(60);

/// How the program is started as a child.
#[derive(Debug, Clone)]
pub struct ChildProgram {
    /// This program.
    pub program: PathBuf,
    /// Its arguments but for its folder, which comes last.
    pub arguments: Vec<OsString>,
    /// All that it sees of the environment.
    pub environment: Vec<(OsString, OsString)>,
}

/// The folders of one child.
#[derive(Debug)]
pub struct ChildFolders {
    root: PathBuf,
}

impl ChildFolders {
    /// Makes them in `root`, which is theirs alone.
    pub fn create(root: PathBuf) -> Result<Self> {
        make_private_folder(&root.join(INPUT))?;
        make_private_folder(&root.join(OUTPUT))?;
        make_private_folder(&root.join(PROFILES))?;
        Ok(Self { root })
    }

    /// Replaces what an earlier job left with the files of the next.
    fn fill(&self, inputs: &ChildInputs) -> Result<()> {
        let profiles = self.root.join(PROFILES);
        self.forget_inputs()?;
        empty_folder(&self.output())?;
        for (path, name) in &inputs.files {
            link_or_copy(path, &self.input().join(name))?;
        }
        match &inputs.profile {
            Some(path) => {
                let name = path.file_name().unwrap_or_default();
                link_or_copy(path, &profiles.join(name))
            }
            None => Ok(()),
        }
    }

    fn forget_inputs(&self) -> Result<()> {
        empty_folder(&self.input())?;
        empty_folder(&self.root.join(PROFILES))
    }

    fn input(&self) -> PathBuf {
        self.root.join(INPUT)
    }

    /// The folder of the results.
    pub fn output(&self) -> PathBuf {
        self.root.join(OUTPUT)
    }
}

impl Drop for ChildFolders {
    fn drop(&mut self) {
        let _ = remove_folder(&self.root);
    }
}

/// What a job reads.
#[derive(Debug, Default)]
pub struct ChildInputs {
    /// Files, and the names that they have for the child.
    pub files: Vec<(PathBuf, String)>,
    /// The file of the creator's profile.
    pub profile: Option<PathBuf>,
}

/// What is told of a job while it is done.
pub trait JobWatcher {
    /// Tells what the file is recognized as.
    fn recognize(&mut self, prints: Fingerprints) -> Result<Vec<Evidence>>;
    /// Hears the verdict as soon as it is known.
    fn screened(&mut self, screening: &Screening) -> Result<()>;
    /// Hears where the time went, as the process says, once the job is done.
    fn done(&mut self, _: &SpentTime) {}
}

/// Why a job did not come to an answer.
#[derive(Debug)]
pub enum JobStop {
    /// The file cannot be done.
    Failed {
        /// As in `tastemaker.error/1`.
        code: String,
        /// One sentence.
        message: String,
        /// True where no file could be done.
        fatal: bool,
    },
    /// The child ended, or said something that makes no sense.
    Died,
}

/// A running child. Dropping it kills it.
pub struct ChildProcess {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    folders: ChildFolders,
    /// What it gave up.
    pub sandbox: SandboxReport,
    /// Version of ONNX Runtime.
    pub runtime: String,
    /// Jobs that it was given.
    pub jobs: u32,
    /// Processor time that each job may take, of all its threads; absent: any.
    pub processor_time: Option<Duration>,
}

impl ChildProcess {
    /// Starts a child in `folders`, and waits until it can begin.
    ///
    /// Errors: `Runtime` where it does not come to that.
    pub async fn start(program: &ChildProgram, folders: ChildFolders) -> Result<Self> {
        let told = |problem| Error::read(&program.program, problem);
        let mut process = Command::new(&program.program)
            .args(&program.arguments)
            .arg(&folders.root)
            .env_clear()
            .envs(program.environment.iter().cloned())
            .current_dir(folders.input())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(told)?;
        let broken = || told(std::io::ErrorKind::BrokenPipe.into());
        let requests = process.stdin.take().ok_or_else(broken)?;
        let answers = BufReader::new(process.stdout.take().ok_or_else(broken)?);
        let mut child = Self {
            process,
            requests,
            answers,
            folders,
            sandbox: SandboxReport::none(),
            runtime: String::new(),
            jobs: 0,
            processor_time: None,
        };
        match tokio::time::timeout(START, child.answer()).await {
            Ok(Some(ChildAnswer::Ready {
                posture,
                refused,
                runtime,
            })) => {
                child.sandbox = SandboxReport { posture, refused };
                child.runtime = runtime;
                Ok(child)
            }
            Ok(Some(ChildAnswer::Failed { message, .. })) => Err(Error::Runtime { what: message }),
            _ => Err(Error::Runtime {
                what: "a process for the work on files does not start".into(),
            }),
        }
    }

    /// Does one job. The results are in [`Self::results`].
    pub async fn work(
        &mut self,
        task: &ChildTask,
        inputs: &ChildInputs,
        watcher: &mut impl JobWatcher,
    ) -> Result<Result<(), JobStop>> {
        self.jobs = self.jobs.saturating_add(1);
        if let (Some(process), Some(most)) = (self.process.id(), self.processor_time) {
            // Where this cannot be limited, the deadline still holds.
            let _ = limit_processor_time(process, most);
        }
        tokio::task::block_in_place(|| self.folders.fill(inputs))?;
        if self
            .say(&ServiceLine::Task(Box::new(task.clone())))
            .await
            .is_none()
        {
            return Ok(Err(JobStop::Died));
        }
        loop {
            match self.answer().await {
                Some(ChildAnswer::Screened { screening }) => {
                    tokio::task::block_in_place(|| watcher.screened(&screening))?;
                }
                Some(ChildAnswer::Recognize { prints }) => {
                    let found = tokio::task::block_in_place(|| watcher.recognize(prints));
                    if let Err(problem) = &found {
                        tracing::error!(code = problem.code(), "recognition: {problem}");
                    }
                    let answer = ServiceLine::Recognized(found.ok());
                    if self.say(&answer).await.is_none() {
                        return Ok(Err(JobStop::Died));
                    }
                }
                Some(ChildAnswer::Done { spent }) => {
                    watcher.done(&spent);
                    return Ok(Ok(()));
                }
                Some(ChildAnswer::Failed {
                    code,
                    message,
                    fatal,
                }) => {
                    return Ok(Err(JobStop::Failed {
                        code,
                        message,
                        fatal,
                    }));
                }
                Some(ChildAnswer::Ready { .. }) | None => return Ok(Err(JobStop::Died)),
            }
        }
    }

    /// The folder with the results of the job that was done last.
    ///
    /// Errors: `Damaged` where there is not one folder of plain files: the child may be in the hands of the file.
    pub fn results(&self) -> Result<PathBuf> {
        let output = self.folders.output();
        let told = |problem| Error::read(&output, problem);
        let strange = || Error::damaged(&output, "its results are not plain files");
        let mut folders = std::fs::read_dir(&output).map_err(told)?;
        let folder = folders.next().ok_or_else(strange)?.map_err(told)?;
        if folders.next().is_some() || !folder.file_type().map_err(told)?.is_dir() {
            return Err(strange());
        }
        for entry in std::fs::read_dir(folder.path()).map_err(told)? {
            if !entry
                .and_then(|entry| entry.file_type())
                .map_err(told)?
                .is_file()
            {
                return Err(strange());
            }
        }
        Ok(folder.path())
    }

    /// Removes the files of the job that was done last: an upload is kept for its job alone.
    pub fn forget_inputs(&self) -> Result<()> {
        self.folders.forget_inputs()
    }

    /// Removes what that job left, where its results were not taken.
    pub fn forget_outputs(&self) -> Result<()> {
        empty_folder(&self.folders.output())
    }

    /// Fails where all of the sandbox is required and the machine refused a part.
    pub fn require(&self, mode: SandboxMode) -> Result<()> {
        if mode != SandboxMode::Require || self.sandbox.refused.is_empty() {
            return Ok(());
        }
        Err(Error::Usage {
            what: format!("this machine refuses {}", self.sandbox.refused.join(", ")),
            hint: Hint::LowerSandbox,
        })
    }

    /// Ends it at once, and waits until it is gone.
    pub async fn kill(mut self) {
        let _ = self.process.kill().await;
    }

    async fn say(&mut self, line: &ServiceLine) -> Option<()> {
        let mut line = serde_json::to_vec(line).ok()?;
        line.push(b'\n');
        self.requests.write_all(&line).await.ok()?;
        self.requests.flush().await.ok()
    }

    /// The next line; `None` where there is none, or one that makes no sense.
    async fn answer(&mut self) -> Option<ChildAnswer> {
        let mut line = Vec::new();
        let mut limited = (&mut self.answers).take(LONGEST_LINE as u64);
        limited.read_until(b'\n', &mut line).await.ok()?;
        serde_json::from_slice(&line).ok()
    }
}

/// Lets `process` compute for `most` from now on; beyond that the system ends it. The service sets this for each job,
/// since a process that has done many has used much.
#[cfg(target_os = "linux")]
fn limit_processor_time(process: u32, most: Duration) -> Option<()> {
    /// Of `/proc/PID/stat`, on every architecture.
    const TICKS_A_SECOND: u64 = 100;
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program, in brackets, may hold anything. Behind it are the fields from the third on.
    let (_, fields) = text.rsplit_once(") ")?;
    let ticks = fields.split(' ').skip(11).take(2);
    let used: u64 = ticks.filter_map(|it| it.parse::<u64>().ok()).sum();
    let seconds = (used / TICKS_A_SECOND).saturating_add(most.as_secs().saturating_add(1));
    let process = i32::try_from(process).ok()?;
    let limit = Some((seconds, rlimit::INFINITY));
    rlimit::prlimit(process, rlimit::Resource::CPU, limit, None).ok()
}

#[cfg(not(target_os = "linux"))]
fn limit_processor_time(_: u32, _: Duration) -> Option<()> {
    None
}

#[cfg(all(test, target_os = "linux"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn a_process_that_computes_for_too_long_is_ended() {
        let mut process = std::process::Command::new("sh")
            .args(["-c", "while :; do :; done"])
            .spawn()
            .unwrap();
        limit_processor_time(process.id(), Duration::ZERO).unwrap();
        assert_eq!(process.wait().unwrap().signal(), Some(libc::SIGXCPU));
    }
}
