//! The child's side: enters the sandbox, then does one job after another until its stdin ends.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use super::analysis::analyze;
use super::film::make_film;
use super::protocol::{ChildAnswer, ChildTask, LONGEST_LINE, OUTPUT, ServiceLine, SpentTime};
use super::sandbox::{Needs, SandboxMode, enter, system_files};
use crate::analysis::{Effort, Scope};
use crate::error::{Error, Result};
use crate::jobs::{
    Evidence, Fingerprints, IngestJob, IngestStep, KnownMedia, SandboxReport, StepSeconds,
    SuggestionSources, Workshop, ingest_files,
};
use crate::models::Models;
use crate::notice::Notice;
use crate::store::{self, Overwrite};
use crate::task::{Listener, ProgressReceiver, Stage, Task};

/// Beside what decoding may hold: networks, their work, and frames on their way.
const MEMORY_BESIDE: u64 = 4 << 30;

/// How a child is to be.
pub struct ChildSettings {
    /// Its own folder. It stands in the folder of its input.
    pub folder: PathBuf,
    /// How much of the sandbox is asked for.
    pub sandbox: SandboxMode,
    /// Files of presets that it may be asked for.
    pub presets: Vec<PathBuf>,
}

/// Does jobs until the service closes stdin, which it also does by dying.
pub fn run_child(settings: &ChildSettings, workshop: &Workshop) -> Result<()> {
    // Loaded now: inside the sandbox the library cannot be found any more.
    let runtime = match workshop.models().and_then(|models| models.runtime()) {
        Ok(runtime) => runtime,
        Err(problem) => return say(&failed(&problem)),
    };
    let output = settings.folder.join(OUTPUT);
    let mut read = system_files();
    read.extend([
        workshop.models_folder().to_path_buf(),
        settings.folder.clone(),
    ]);
    read.extend(settings.presets.iter().cloned());
    let needs = Needs {
        read,
        write: output,
        memory: workshop.limits().memory.saturating_add(MEMORY_BESIDE),
    };
    let sandbox = enter(&needs, settings.sandbox);
    say(&ChildAnswer::Ready {
        posture: sandbox.posture.clone(),
        refused: sandbox.refused.clone(),
        runtime: runtime.version.clone(),
    })?;
    let lines = Arc::new(ServiceLines {
        lines: Mutex::new(lines()),
    });
    while let Some(line) = lines.next() {
        let ServiceLine::Task(task) = line else {
            continue;
        };
        let before = networks(workshop);
        let done = match task.as_ref() {
            ChildTask::Ingest {
                preset,
                file,
                profile,
            } => {
                let mut job = ingest_job(preset, file, &sandbox, lines.clone());
                job.sources.profile.clone_from(profile);
                ingest(&job, file, workshop)
            }
            ChildTask::Analyze { file, only, fast } => {
                let effort = if *fast { Effort::Fast } else { Effort::Full };
                let scope = Scope::new(only.clone(), effort);
                let found = analyze(file, scope, workshop);
                found
                    .map(|()| BTreeMap::new())
                    .map_err(|problem| failed(&problem))
            }
            ChildTask::Edit { wish, profile } => {
                let made = make_film(wish, profile.as_deref(), workshop, &sandbox);
                made.map(|()| BTreeMap::new())
                    .map_err(|problem| failed(&problem))
            }
        };
        let answer = done.map(|steps| ChildAnswer::Done {
            spent: SpentTime {
                steps,
                networks: since(&before, networks(workshop)),
            },
        });
        say(&answer.unwrap_or_else(|failure| failure))?;
    }
    Ok(())
}

/// How long networks ran until now, by name.
fn networks(workshop: &Workshop) -> BTreeMap<String, Duration> {
    let models = workshop.models();
    models.map_or_else(|_| BTreeMap::new(), Models::spent)
}

/// Seconds that were added to `before`, where there are any.
fn since(
    before: &BTreeMap<String, Duration>,
    now: BTreeMap<String, Duration>,
) -> BTreeMap<String, f64> {
    let added = now.into_iter().map(|(name, spent)| {
        let before = before.get(&name).copied().unwrap_or_default();
        (name, spent.saturating_sub(before).as_secs_f64())
    });
    added.filter(|(_, seconds)| *seconds > 0.0).collect()
}

/// Seconds by step.
fn steps(spent: &StepSeconds) -> BTreeMap<String, f64> {
    let steps = [
        ("analysis", Some(spent.analysis)),
        ("screening", Some(spent.screening)),
        ("suggestions", spent.suggestions),
        ("renditions", spent.renditions),
    ];
    let named = |(name, seconds): (&str, Option<f64>)| Some((name.to_owned(), seconds?));
    steps.into_iter().filter_map(named).collect()
}

/// True where it is not the file's fault.
fn is_fatal(problem: &Error) -> bool {
    matches!(
        problem,
        Error::ModelMissing { .. }
            | Error::ModelMismatch { .. }
            | Error::Runtime { .. }
            | Error::Write { .. }
    )
}

/// What the service says, line by line.
struct ServiceLines {
    lines: Mutex<mpsc::Receiver<ServiceLine>>,
}

impl ServiceLines {
    /// The next line; `None` where there are no more.
    fn next(&self) -> Option<ServiceLine> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.recv().ok()
    }
}

impl fmt::Debug for ServiceLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceLines")
    }
}

impl KnownMedia for ServiceLines {
    fn matches(&self, prints: &Fingerprints) -> Result<Vec<Evidence>> {
        say(&ChildAnswer::Recognize {
            prints: prints.clone(),
        })?;
        match self.next() {
            Some(ServiceLine::Recognized(Some(evidence))) => Ok(evidence),
            _ => Err(Error::damaged("lists", "they could not be searched")),
        }
    }
}

/// Reads lines on a thread of its own. When there are no more, the service is gone or wants the child gone: the
/// process ends at once, in the middle of a job or not.
fn lines() -> mpsc::Receiver<ServiceLine> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut input = BufReader::new(io::stdin());
        loop {
            let mut line = Vec::new();
            let limit = LONGEST_LINE as u64;
            let whole = (&mut input).take(limit).read_until(b'\n', &mut line);
            let line = whole.ok().and_then(|_| serde_json::from_slice(&line).ok());
            let is_sent = line.is_some_and(|line| sender.send(line).is_ok());
            if !is_sent {
                store::remove_unfinished();
                std::process::exit(0);
            }
        }
    });
    receiver
}

fn say(answer: &ChildAnswer) -> Result<()> {
    let told = |problem: io::Error| Error::write("the service", problem);
    let mut line = serde_json::to_string(answer).map_err(|problem| told(problem.into()))?;
    line.push('\n');
    let mut output = io::stdout().lock();
    output
        .write_all(line.as_bytes())
        .and_then(|()| output.flush())
        .map_err(told)
}

fn ingest_job(
    preset: &str,
    file: &str,
    sandbox: &SandboxReport,
    known: Arc<ServiceLines>,
) -> IngestJob {
    IngestJob {
        preset: preset.into(),
        files: vec![PathBuf::from(file)],
        output: Path::new("..").join(OUTPUT),
        overwrite: Overwrite::Force,
        sandbox: sandbox.clone(),
        known: Some(known),
        // Catalogs stay with the service.
        sources: SuggestionSources::default(),
        apart: None,
    }
}

/// Seconds by step, or what it answers where the file cannot be done.
fn ingest(
    job: &IngestJob,
    file: &str,
    workshop: &Workshop,
) -> Result<BTreeMap<String, f64>, ChildAnswer> {
    let first = Arc::new(FirstFailure::default());
    let task = Task::default().heard_by(first.clone());
    let mut finished = Vec::new();
    let report = ingest_files(job, workshop, &task, |step| -> Result<()> {
        match step {
            IngestStep::Screened(ingested) => say(&ChildAnswer::Screened {
                screening: ingested.screening.clone(),
            }),
            IngestStep::Finished(ingested) => {
                finished.push(steps(&ingested.seconds));
                Ok(())
            }
            IngestStep::FinishedApart(_) => Ok(()),
        }
    });
    let kept = first.take();
    let report = report.map_err(|problem| failed(&problem))?;
    match (finished.pop(), finished.pop()) {
        (Some(steps), None) if report.failed == 0 => Ok(steps),
        _ => {
            let nothing = || failed(&Error::unsupported(file, "there is nothing in it"));
            Err(kept.unwrap_or_else(nothing))
        }
    }
}

fn failed(problem: &Error) -> ChildAnswer {
    ChildAnswer::Failed {
        code: problem.code().into(),
        message: problem.to_string(),
        fatal: is_fatal(problem),
    }
}

/// Keeps the first failure of a job.
#[derive(Default)]
struct FirstFailure {
    answer: Mutex<Option<ChildAnswer>>,
}

impl FirstFailure {
    fn take(&self) -> Option<ChildAnswer> {
        self.answer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

impl Listener for FirstFailure {
    fn notice(&self, _: &Notice) {}

    fn failure(&self, _: &Path, error: &Error) {
        let mut first = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert_with(|| failed(error));
    }

    fn stage(&self, _: Stage) -> ProgressReceiver {
        Arc::new(|_| {})
    }
}
