//! Many files through analysis: in parallel, from the cache where nothing changed, answers in the order of the files.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::analysis::{
    ANALYSIS_REVISION, Analysis, AnalysisContext, BeatOverride, Language, Scope, Transcript,
    analyze,
};
use crate::commands::options::Common;
use crate::commands::places;
use crate::commands::progress::Progress;
use crate::error::{Error, Result};
use crate::models::Models;
use crate::store::{Cache, hash_file};
use crate::task::{Task, as_done, in_order};

/// What is shared by all files of a run.
pub struct Analyzer<'a> {
    common: &'a Common,
    models: &'a Models,
    cache: Option<Cache>,
    task: &'a Task,
    jobs: usize,
    scope: Scope,
    captions: Option<Arc<Transcript>>,
    beats: BTreeMap<PathBuf, BeatOverride>,
}

impl<'a> Analyzer<'a> {
    /// Opens the cache; loads nothing yet.
    pub fn new(common: &'a Common, models: &'a Models, task: &'a Task) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let jobs = common.jobs.map_or(cores, usize::from);
        Self {
            common,
            models,
            cache: places::open_cache(common),
            task,
            jobs,
            scope: Scope::default(),
            captions: None,
            beats: BTreeMap::new(),
        }
    }

    /// Asks for this instead of everything.
    pub fn asking(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// With what is said in the one file that is analyzed.
    pub fn with_captions(mut self, captions: Transcript) -> Self {
        self.captions = Some(Arc::new(captions));
        self
    }

    /// With what a person decided about the beats of some files.
    pub fn with_beats(self, beats: BTreeMap<PathBuf, BeatOverride>) -> Self {
        Self { beats, ..self }
    }

    /// Analyzes `paths` and calls `each` with every answer, in order, as soon as it and all before it are there.
    /// Fails only when the run as a whole cannot go on.
    pub fn run(
        &self,
        paths: &[PathBuf],
        progress: &Progress,
        mut each: impl FnMut(usize, Result<Analysis>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let work = self.work(paths, progress);
        in_order(paths.len(), self.workers(paths), work, |at, answer| {
            each(at, or_end(answer)?)
        })
    }

    /// Like [`Self::run`], but with every answer as soon as it is there, so that none is lost to those before it when
    /// the process ends.
    pub fn run_as_done(
        &self,
        paths: &[PathBuf],
        progress: &Progress,
        mut each: impl FnMut(usize, Result<Analysis>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let work = self.work(paths, progress);
        as_done(paths.len(), self.workers(paths), work, |at, answer| {
            each(at, or_end(answer)?)
        })
    }

    /// Files worked on at a time.
    pub fn workers(&self, paths: &[PathBuf]) -> usize {
        self.jobs.min(paths.len()).max(1)
    }

    fn work(
        &self,
        paths: &[PathBuf],
        progress: &Progress,
    ) -> impl Fn(usize) -> Result<Analysis> + Sync {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = (cores / self.workers(paths)).max(1);
        let done: Arc<Vec<AtomicUsize>> =
            Arc::new(paths.iter().map(|_| AtomicUsize::new(0)).collect());
        move |at: usize| -> Result<Analysis> {
            let path = paths.get(at).ok_or(Error::Cancelled)?;
            let (bar, all) = (progress.clone(), done.clone());
            let task = self.task.reporting(move |share| {
                if let Some(own) = all.get(at) {
                    own.store((share * 1000.0) as usize, Ordering::Relaxed);
                }
                let sum: usize = all.iter().map(|one| one.load(Ordering::Relaxed)).sum();
                bar.set(sum as f64 / 1000.0 / all.len().max(1) as f64);
            });
            let answer = self.one(path, &task, threads);
            task.progress(1.0);
            answer
        }
    }

    fn one(&self, path: &Path, task: &Task, threads: usize) -> Result<Analysis> {
        task.check()?;
        let key = match &self.cache {
            Some(_) => Some(self.key(path, task)?),
            None => None,
        };
        if let (Some(cache), Some(key)) = (&self.cache, &key)
            && let Some(mut known) = cache
                .get(key)
                .and_then(|bytes| serde_json::from_slice::<Analysis>(&bytes).ok())
        {
            known.file.path = path.display().to_string();
            return Ok(known);
        }
        let context = AnalysisContext {
            models: self.models,
            limits: self.common.limits.limits(),
            task: task.clone(),
            threads,
            language: Language(self.common.language.clone()),
            scope: self.scope.clone(),
            captions: self.captions.clone(),
            beats: self.beats_of(path),
        };
        // The decoders below are other people's code; should one of them panic on a hostile file, only that file fails.
        let answer = std::panic::catch_unwind(AssertUnwindSafe(|| analyze(&context, path)))
            .unwrap_or_else(|_| Err(Error::damaged(path, "its decoder gave up on it")))?;
        if let (Some(cache), Some(key), None) = (&self.cache, &key, &answer.file.partial)
            && let Ok(bytes) = serde_json::to_vec(&answer)
        {
            // A cache that cannot be written costs time, not the answer.
            let _ = cache.put(key, &bytes);
        }
        Ok(answer)
    }

    fn beats_of(&self, path: &Path) -> BeatOverride {
        self.beats.get(path).copied().unwrap_or_default()
    }

    /// Content, networks and everything else that the answer depends on.
    fn key(&self, path: &Path, task: &Task) -> Result<String> {
        let facts = std::fs::metadata(path).map_err(|problem| Error::read(path, problem))?;
        if !facts.is_file() {
            return Err(Error::unsupported(path, "it is not a regular file"));
        }
        let limits = self.common.limits.limits();
        limits.check(path, crate::error::LimitName::Bytes, facts.len())?;
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
        Ok(format!(
            "analysis {ANALYSIS_REVISION} {} {} {limits:?} {} {:?} {}{captions}{beats}",
            env!("CARGO_PKG_VERSION"),
            self.models.fingerprint(),
            self.common.language,
            self.scope,
            hash_file(path, task)?
        ))
    }
}

/// The answer, unless its failure ends the whole run.
fn or_end(answer: Result<Analysis>) -> Result<Result<Analysis>> {
    match answer {
        Err(problem) if problem.is_fatal() => Err(problem),
        answer => Ok(answer),
    }
}
