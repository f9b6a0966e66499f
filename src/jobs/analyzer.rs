//! Analyzes many files in parallel, takes unchanged ones from the cache, and returns results in order.
//!
//! A panic of a decoder on a hostile file ends here and becomes that file's error. A file that breaks off is not kept
//! in the cache: it may be complete the next time.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::analysis::{
    ANALYSIS_REVISION, Analysis, AnalysisContext, BeatOverride, Scope, Transcript, analyze_hashed,
};
use crate::error::{Error, LimitName, Result};
use crate::jobs::Workshop;
use crate::jobs::workshop::cores;
use crate::models::Models;
use crate::task::{Stage, Task, as_done, in_order};

/// Progress on one file is counted in these steps, so that threads can add it up without a lock.
const STEPS: f64 = 1000.0;

/// What all files of a run share.
pub struct Analyzer<'a> {
    workshop: &'a Workshop,
    models: &'a Models,
    task: &'a Task,
    scope: Scope,
    captions: Option<Arc<Transcript>>,
    beats: BTreeMap<PathBuf, BeatOverride>,
}

impl<'a> Analyzer<'a> {
    /// Opens the networks' manifest; loads nothing yet.
    pub fn new(workshop: &'a Workshop, task: &'a Task) -> Result<Self> {
        Ok(Self {
            workshop,
            models: workshop.models()?,
            task,
            scope: Scope::default(),
            captions: None,
            beats: BTreeMap::new(),
        })
    }

    /// Looks for `scope` instead of everything.
    pub fn with_scope(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// Uses captions instead of a transcript, for a run of one file.
    pub fn with_captions(mut self, captions: Option<Transcript>) -> Self {
        self.captions = captions.map(Arc::new);
        self
    }

    /// Uses what a person decided about the beats of some files.
    pub fn with_beats(self, beats: BTreeMap<PathBuf, BeatOverride>) -> Self {
        Self { beats, ..self }
    }

    /// Analyzes `paths` and calls `each` with every result, in order, as soon as it and all before it are there.
    ///
    /// Errors: those that end the whole run, and those of `each`.
    pub fn run<E: From<Error>>(
        &self,
        paths: &[PathBuf],
        stage: Stage,
        mut each: impl FnMut(usize, Result<Analysis>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.run_timed(paths, stage, |at, result, _| each(at, result))
    }

    /// Like [`Self::run`], with how long each file took.
    pub fn run_timed<E: From<Error>>(
        &self,
        paths: &[PathBuf],
        stage: Stage,
        mut each: impl FnMut(usize, Result<Analysis>, Duration) -> Result<(), E>,
    ) -> Result<(), E> {
        let task = self.task.stage(stage);
        let work = self.work(paths, &task);
        in_order(
            paths.len(),
            self.workers(paths.len()),
            work,
            |at, (result, took)| {
                announce(&task, paths, at);
                each(at, or_end(result)?, took)
            },
        )
    }

    /// Like [`Self::run`], but with every result as soon as it is there. A result that waited for those before it would
    /// be lost when the process is killed.
    pub fn run_as_done<E: From<Error>>(
        &self,
        paths: &[PathBuf],
        stage: Stage,
        mut each: impl FnMut(usize, Result<Analysis>) -> Result<(), E>,
    ) -> Result<(), E> {
        let task = self.task.stage(stage);
        let work = self.work(paths, &task);
        as_done(
            paths.len(),
            self.workers(paths.len()),
            work,
            |at, (result, _)| {
                announce(&task, paths, at);
                each(at, or_end(result)?)
            },
        )
    }

    /// Files worked on at a time, of `count`.
    pub fn workers(&self, count: usize) -> usize {
        self.workshop.workers().min(count).max(1)
    }

    /// What a worker does for one of `paths`, and how long that took; it reports the share that is done of all of them.
    fn work(
        &self,
        paths: &[PathBuf],
        stage: &Task,
    ) -> impl Fn(usize) -> (Result<Analysis>, Duration) + Sync {
        let threads = (cores() / self.workers(paths.len())).max(1);
        let done: Arc<Vec<AtomicUsize>> =
            Arc::new(paths.iter().map(|_| AtomicUsize::new(0)).collect());
        let stage = stage.clone();
        move |at: usize| {
            let Some(path) = paths.get(at) else {
                return (Err(Error::Cancelled), Duration::ZERO);
            };
            let (whole, all) = (stage.clone(), done.clone());
            let task = stage.reporting(move |share| {
                if let Some(own) = all.get(at) {
                    own.store((share * STEPS) as usize, Ordering::Relaxed);
                }
                let sum: usize = all.iter().map(|file| file.load(Ordering::Relaxed)).sum();
                whole.progress(sum as f64 / STEPS / all.len().max(1) as f64);
            });
            let timed = self
                .workshop
                .timed(|| self.analyze_file(path, &task, threads));
            task.progress(1.0);
            timed
        }
    }

    fn analyze_file(&self, path: &Path, task: &Task, threads: usize) -> Result<Analysis> {
        task.check()?;
        let context = AnalysisContext {
            models: self.models,
            limits: *self.workshop.limits(),
            task: task.clone(),
            threads,
            language: self.workshop.language().clone(),
            scope: self.scope.clone(),
            captions: self.captions.clone(),
            beats: self.beats_of(path),
        };
        let blake3 = self.hash(path, task)?;
        let Some(cache) = self.workshop.cache() else {
            return guarded(path, || analyze_hashed(&context, path, blake3));
        };
        let key = self.key(path, &blake3);
        let cached = cache.get(&key);
        if let Some(mut known) =
            cached.and_then(|bytes| serde_json::from_slice::<Analysis>(&bytes).ok())
        {
            known.file.path = path.display().to_string();
            return Ok(known);
        }
        let analysis = guarded(path, || analyze_hashed(&context, path, blake3))?;
        if analysis.file.partial.is_none()
            && let Ok(bytes) = serde_json::to_vec(&analysis)
        {
            // A cache that cannot be written costs time, not the result.
            let _ = cache.put(&key, &bytes);
        }
        Ok(analysis)
    }

    fn beats_of(&self, path: &Path) -> BeatOverride {
        self.beats.get(path).copied().unwrap_or_default()
    }

    /// The hash of a file that is no larger than allowed.
    fn hash(&self, path: &Path, task: &Task) -> Result<String> {
        let facts = std::fs::metadata(path).map_err(|problem| Error::read(path, problem))?;
        if !facts.is_file() {
            return Err(Error::unsupported(path, "it is not a regular file"));
        }
        let limits = self.workshop.limits();
        limits.check(path, LimitName::Bytes, facts.len())?;
        self.workshop.hashes().hash(path, task)
    }

    /// Content, networks and everything else that the result depends on.
    fn key(&self, path: &Path, blake3: &str) -> String {
        let captions = self.captions.as_ref().map_or(String::new(), |captions| {
            let words = serde_json::to_vec(captions.as_ref()).unwrap_or_default();
            format!(" captions {}", blake3::hash(&words))
        });
        let decided = self.beats_of(path);
        let beats = if decided.is_none() {
            String::new()
        } else {
            format!(" {decided:?}")
        };
        format!(
            "analysis {ANALYSIS_REVISION} {} {} {:?} {} {:?} {blake3}{captions}{beats}",
            env!("CARGO_PKG_VERSION"),
            self.models.fingerprint(),
            self.workshop.limits(),
            self.workshop.language().0,
            self.scope,
        )
    }
}

/// Decoders are other people's code. When one panics on a hostile file, only that file fails.
fn guarded(path: &Path, work: impl FnOnce() -> Result<Analysis>) -> Result<Analysis> {
    std::panic::catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(Error::damaged(path, "its decoder gave up on it")))
}

fn announce(task: &Task, paths: &[PathBuf], at: usize) {
    if let Some(path) = paths.get(at) {
        task.file(path);
    }
}

/// The result, unless its failure ends the whole run.
fn or_end(result: Result<Analysis>) -> Result<Result<Analysis>> {
    match result {
        Err(problem) if problem.is_fatal() => Err(problem),
        result => Ok(result),
    }
}
