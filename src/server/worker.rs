//! Works on jobs: takes the next, has a child do it, and notes how it ended.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::jobs::{Evidence, Fingerprints, Screening};
use crate::server::child::{
    ChildFolders, ChildInputs, ChildProcess, ChildTask, JobStop, JobWatcher, SandboxMode, SpentTime,
};
use crate::server::clock::now;
use crate::server::edit_wish::EditWish;
use crate::server::otlp::{TraceSpan, job_span_id};
use crate::server::queue::{ClaimedJob, JobEnd, JobFailure, JobState, JobWork};
use crate::server::reuse::{
    add_music, ingest_profile, read_document, reuse, reuse_key, write_document,
};
use crate::server::service::{ChildFacts, Service};
use crate::store::move_folder;

/// Jobs after which a child is replaced, so that what leaks or fragments does not add up.
const JOBS_OF_A_CHILD: u32 = 200;
/// How long to wait where no child can be started, or nothing is due: a retry may become due meanwhile.
const PAUSE: Duration = Duration::from_millis(500);

/// How an attempt at a job ended.
enum Attempt {
    /// The folder of its results, and by what the file is recognized.
    Done(PathBuf, Option<Fingerprints>),
    Stopped(JobStop),
    TooLong,
    CalledOff,
    /// The service stops.
    Leaving,
}

/// Hears of a job while a child does it.
struct Watcher<'a> {
    service: &'a Service,
    job: &'a ClaimedJob,
    /// When the verdict was known.
    screened_at: &'a AtomicI64,
    prints: Option<Fingerprints>,
}

impl<'a> Watcher<'a> {
    fn new(service: &'a Service, job: &'a ClaimedJob, screened_at: &'a AtomicI64) -> Self {
        Self {
            service,
            job,
            screened_at,
            prints: None,
        }
    }
}

impl JobWatcher for Watcher<'_> {
    fn recognize(&mut self, prints: Fingerprints) -> Result<Vec<Evidence>> {
        let (tenant, job) = (&self.job.tenant, &self.job.id);
        let found = self.service.known.recognize(tenant, job, &prints);
        self.prints = Some(prints);
        found
    }

    fn screened(&mut self, screening: &Screening) -> Result<()> {
        let service = self.service;
        let now = now();
        service.queue.screened(&self.job.id, screening, now)?;
        self.screened_at.store(now, Ordering::Relaxed);
        let took = now - self.job.made_at;
        service.metrics.job_step("screened", took);
        service.changed.notify_waiters();
        service.outbox.notify_one();
        Ok(())
    }

    fn done(&mut self, spent: &SpentTime) {
        self.service.count_spent(spent);
    }
}

/// Tells where files of a job could not be removed; the next job tries it again.
fn forgotten(job: &ClaimedJob, removed: Result<()>) {
    if let Err(problem) = removed {
        tracing::warn!(job = job.id, code = problem.code(), "left files: {problem}");
    }
}

/// One worker: a child, and the jobs that it is given.
pub struct Worker {
    service: Arc<Service>,
    child: Option<ChildProcess>,
    stop: watch::Receiver<bool>,
    number: Arc<AtomicU64>,
    at: WorkedJob,
    /// When the verdict on that job was known; 0 before.
    screened_at: AtomicI64,
}

/// The id of the job that a worker is at. Who sees it panic puts the job back.
pub type WorkedJob = Arc<Mutex<Option<String>>>;

impl Worker {
    /// `stop` turns true when the service stops; `number` counts the children of all workers.
    pub fn new(
        service: Arc<Service>,
        stop: watch::Receiver<bool>,
        number: Arc<AtomicU64>,
        at: WorkedJob,
    ) -> Self {
        Self {
            service,
            child: None,
            stop,
            number,
            at,
            screened_at: AtomicI64::new(0),
        }
    }

    /// Works until the service stops.
    pub async fn run(mut self) {
        while !*self.stop.borrow() {
            if let Err(problem) = self.turn().await {
                tracing::error!(code = problem.code(), "a worker pauses: {problem}");
                self.pause().await;
            }
        }
        self.end_child("stopped").await;
    }

    fn note_job(&self, job: Option<String>) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = job;
    }

    async fn turn(&mut self) -> Result<()> {
        self.note_job(None);
        // A child is there before a job is taken: where none can be started, jobs wait and do not fail.
        let mut child = match self.child.take() {
            Some(child) => child,
            None => self.start_child().await?,
        };
        let woken = self.service.clone();
        let woken = woken.work.notified();
        let job = tokio::task::block_in_place(|| self.service.queue.claim(now()));
        let Some(job) = job? else {
            self.child = Some(child);
            let mut stop = self.stop.clone();
            tokio::select! {
                () = woken => {}
                () = tokio::time::sleep(PAUSE) => {}
                _ = stop.changed() => {}
            }
            return Ok(());
        };
        self.note_job(Some(job.id.clone()));
        self.screened_at.store(0, Ordering::Relaxed);
        if tokio::task::block_in_place(|| self.reuse(&job)) {
            self.child = Some(child);
            return Ok(());
        }
        let attempt = self.attempt(&mut child, &job).await;
        // Before anybody hears that it has ended: who does may erase it.
        forgotten(&job, tokio::task::block_in_place(|| child.forget_inputs()));
        self.child = Some(child);
        let settled = self.settle(&job, attempt).await;
        if let Some(child) = &self.child {
            forgotten(&job, tokio::task::block_in_place(|| child.forget_outputs()));
        }
        settled
    }

    /// Ends a job with results that are there already; false where there are none. What goes wrong only means that the
    /// work is done.
    fn reuse(&self, job: &ClaimedJob) -> bool {
        match self.try_reuse(job) {
            Ok(reused) => reused,
            Err(problem) => {
                tracing::warn!(job = job.id, code = problem.code(), "reuse: {problem}");
                false
            }
        }
    }

    fn try_reuse(&self, job: &ClaimedJob) -> Result<bool> {
        let service = &self.service;
        let Some(key) = reuse_key(service, job)? else {
            return Ok(false);
        };
        let Some(reused) = reuse(service, job, &key)? else {
            return Ok(false);
        };
        let mut watcher = Watcher::new(service, job, &self.screened_at);
        watcher.screened(&reused.screening)?;
        let end = JobEnd {
            reuse_key: Some(key),
            reused_from: Some(reused.from),
        };
        let state = match service.queue.done(&job.id, &end, now())? {
            true => JobState::Done,
            false => JobState::Canceled,
        };
        if state == JobState::Canceled {
            service.forget_files(&job.id);
        }
        service.metrics.reused();
        self.told(job, state);
        Ok(true)
    }

    async fn attempt(&self, child: &mut ChildProcess, job: &ClaimedJob) -> Result<Attempt> {
        let (task, inputs) = self.work_of(job)?;
        let mut stop = self.stop.clone();
        let grace = self.service.settings.grace;
        let mut watcher = Watcher::new(&self.service, job, &self.screened_at);
        let work = child.work(&task, &inputs, &mut watcher);
        let leaving = async {
            // An error means that the service is gone.
            let _ = stop.wait_for(|stop| *stop).await;
            tokio::time::sleep(grace).await;
        };
        let ended = tokio::select! {
            ended = work => ended?,
            () = tokio::time::sleep(self.service.settings.deadline) => return Ok(Attempt::TooLong),
            () = self.called_off(&job.id) => return Ok(Attempt::CalledOff),
            () = leaving => return Ok(Attempt::Leaving),
        };
        match ended {
            Ok(()) => {
                let folder = child.results()?;
                Ok(Attempt::Done(folder, watcher.prints))
            }
            Err(stopped) => Ok(Attempt::Stopped(stopped)),
        }
    }

    /// What the child is told to do, and with which files.
    fn work_of(&self, job: &ClaimedJob) -> Result<(ChildTask, ChildInputs)> {
        let service = &self.service;
        if job.work == JobWork::Ingest {
            // A preset that is not served any more fails as one that never was.
            let served = service.preset(&job.preset);
            let preset = served.map_or(job.preset.as_str(), |served| &served.source);
            let profile = ingest_profile(service, job);
            let task = ChildTask::Ingest {
                preset: preset.into(),
                file: job.name.clone(),
                profile: profile.as_ref().and(job.creator.clone()),
            };
            let inputs = ChildInputs {
                files: service.upload_files(&job.id, vec![job.name.clone()]),
                profile,
            };
            return Ok((task, inputs));
        }
        let wish: EditWish = serde_json::from_str(job.wish.as_deref().unwrap_or_default())
            .map_err(|problem| Error::damaged("service.db", problem))?;
        let creator = job.creator.as_deref();
        let profile = creator.and_then(|creator| service.profile_file(&job.tenant, creator));
        let names = wish.files.iter().chain(&wish.music).cloned().collect();
        let inputs = ChildInputs {
            files: service.upload_files(&job.id, names),
            profile,
        };
        let task = ChildTask::Edit {
            wish,
            profile: inputs.profile.as_ref().and(job.creator.clone()),
        };
        Ok((task, inputs))
    }

    /// Returns when the job does not run any more.
    async fn called_off(&self, id: &str) {
        loop {
            let changed = self.service.changed.notified();
            let wanted = tokio::task::block_in_place(|| self.service.queue.needs_upload(id));
            if matches!(wanted, Ok(false)) {
                return;
            }
            changed.await;
        }
    }

    /// Notes how a job ended. Where that fails, or its results make no sense, it counts as a strike, so that no job
    /// goes round for ever.
    async fn settle(&mut self, job: &ClaimedJob, attempt: Result<Attempt>) -> Result<()> {
        let ended = match attempt {
            Ok(attempt) => self.conclude(job, attempt).await,
            Err(problem) => Err(problem),
        };
        match ended {
            Ok(Some(state)) => self.told(job, state),
            Ok(None) => {}
            Err(problem) => {
                self.end_child("killed").await;
                let queue = &self.service.queue;
                let state = tokio::task::block_in_place(|| queue.strike(&job.id, now()));
                if matches!(state, Ok(JobState::Quarantined)) {
                    self.told(job, JobState::Quarantined);
                }
                return Err(problem);
            }
        }
        if self
            .child
            .as_ref()
            .is_some_and(|child| child.jobs >= JOBS_OF_A_CHILD)
        {
            self.end_child("recycled").await;
        }
        Ok(())
    }

    /// The state that the job ends in; `None` where it has gone back into the queue.
    async fn conclude(&mut self, job: &ClaimedJob, attempt: Attempt) -> Result<Option<JobState>> {
        match attempt {
            Attempt::Done(folder, prints) => {
                let kept = tokio::task::block_in_place(|| {
                    // Before anybody hears that it is done: who does may name it.
                    self.remember(job, prints.as_ref());
                    if let Err(problem) = self.suggest_music(job, &folder) {
                        // A catalog that cannot be read is not the file's fault: its results are as good without music.
                        tracing::warn!(job = job.id, code = problem.code(), "music: {problem}");
                    }
                    self.keep(job, &folder)
                })?;
                Ok(Some(kept))
            }
            Attempt::Stopped(JobStop::Failed {
                code,
                message,
                fatal: false,
            }) => self.fail(job, JobFailure { code, message }).map(Some),
            Attempt::Stopped(JobStop::Failed { message, .. }) => {
                // Not the file's fault: it waits until the installation is repaired.
                self.give_back(job)?;
                Err(Error::Runtime { what: message })
            }
            Attempt::Stopped(JobStop::Died) => {
                tracing::warn!(job = job.id, "a process died over a job");
                self.end_child("died").await;
                let queue = &self.service.queue;
                let state = tokio::task::block_in_place(|| queue.strike(&job.id, now()))?;
                Ok((state != JobState::Queued).then_some(state))
            }
            Attempt::TooLong => {
                self.end_child("killed").await;
                let failure = JobFailure {
                    code: "deadline".into(),
                    message: "work on the file took too long".into(),
                };
                self.fail(job, failure).map(Some)
            }
            Attempt::CalledOff => {
                self.end_child("killed").await;
                Ok(Some(JobState::Canceled))
            }
            Attempt::Leaving => {
                self.end_child("killed").await;
                self.give_back(job)?;
                Ok(None)
            }
        }
    }

    /// Keeps the results, unless the job was called off meanwhile.
    fn keep(&self, job: &ClaimedJob, folder: &Path) -> Result<JobState> {
        move_folder(folder, &self.service.result(&job.id))?;
        let end = JobEnd {
            reuse_key: reuse_key(&self.service, job)?,
            reused_from: None,
        };
        if self.service.queue.done(&job.id, &end, now())? {
            return Ok(JobState::Done);
        }
        self.service.forget_files(&job.id);
        Ok(JobState::Canceled)
    }

    /// Adds music to what is suggested: the process that worked on the file has not seen the catalog.
    fn suggest_music(&self, job: &ClaimedJob, folder: &Path) -> Result<()> {
        let Some(served) = self.service.preset(&job.preset) else {
            return Ok(());
        };
        if job.work != JobWork::Ingest || !served.preset.suggests_music() {
            return Ok(());
        }
        let path = folder.join(job.work.document());
        let mut document = read_document(&path)?;
        add_music(&self.service, job, &mut document)?;
        write_document(&path, &document)
    }

    /// Keeps by what the file is recognized. Without it a copy is not recognized later; the job is as good.
    fn remember(&self, job: &ClaimedJob, prints: Option<&Fingerprints>) {
        let Some(prints) = prints else { return };
        if let Err(problem) = self.service.known.remember(&job.id, prints) {
            tracing::warn!(
                job = job.id,
                code = problem.code(),
                "fingerprints: {problem}"
            );
        }
    }

    fn fail(&self, job: &ClaimedJob, failure: JobFailure) -> Result<JobState> {
        let queue = &self.service.queue;
        tokio::task::block_in_place(|| queue.failed(&job.id, &failure, now()))?;
        Ok(JobState::Failed)
    }

    fn give_back(&self, job: &ClaimedJob) -> Result<()> {
        let queue = &self.service.queue;
        tokio::task::block_in_place(|| queue.give_back(&job.id, now()))
    }

    /// Counts and logs how a job ended, and wakes those who wait for it.
    fn told(&self, job: &ClaimedJob, state: JobState) {
        let ended = now();
        let took = ended - job.made_at;
        let screened = self.screened_at.load(Ordering::Relaxed);
        let spans = || job_spans(job, state, (screened > 0).then_some(screened), ended);
        self.service.spans.add(spans);
        self.service.forget_upload(&job.id);
        self.service.metrics.job_ended(state.name());
        self.service.metrics.job_step("ended", took);
        self.service.changed.notify_waiters();
        self.service.outbox.notify_one();
        let (job, tenant) = (&job.id, &job.tenant);
        tracing::info!(
            job,
            tenant,
            state = state.name(),
            milliseconds = took,
            "job"
        );
    }

    async fn start_child(&self) -> Result<ChildProcess> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let root = self.service.scratch().join(number.to_string());
        let folders = ChildFolders::create(root)?;
        let mut child = ChildProcess::start(&self.service.settings.child, folders).await?;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let processors = u32::try_from(processors).unwrap_or(1);
        child.processor_time = Some(self.service.settings.deadline.saturating_mul(processors));
        self.service.metrics.child("started");
        let required = self.service.settings.sandbox == SandboxMode::Require;
        if required && child.sandbox.posture != "full" {
            let refused = child.sandbox.refused.join(", ");
            let what = format!("this machine refuses a part of the sandbox: {refused}");
            child.kill().await;
            return Err(Error::Runtime { what });
        }
        self.service.note_child(ChildFacts {
            sandbox: child.sandbox.clone(),
            runtime: child.runtime.clone(),
        });
        Ok(child)
    }

    async fn end_child(&mut self, what: &str) {
        if let Some(child) = self.child.take() {
            child.kill().await;
            self.service.metrics.child(what);
        }
    }

    async fn pause(&self) {
        let mut stop = self.stop.clone();
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.changed() => {}
        }
    }
}

/// The spans of a job that has ended: all of it from its acceptance on, and in that the wait and the work.
fn job_spans(
    job: &ClaimedJob,
    state: JobState,
    screened: Option<i64>,
    ended: i64,
) -> Vec<TraceSpan> {
    let part = |name, start, end| TraceSpan::of_job(&job.id, name, start, end);
    let is_bad = matches!(state, JobState::Failed | JobState::Quarantined);
    let whole = TraceSpan {
        id: job_span_id(&job.id),
        parent: None,
        error: is_bad.then(|| state.name().to_owned()),
        ..part(job.work.name(), job.made_at, ended)
    };
    let whole = whole
        .with("tastemaker.job", job.id.as_str())
        .with("tastemaker.tenant", job.tenant.as_str())
        .with("tastemaker.preset", job.preset.as_str())
        .with("tastemaker.state", state.name());
    let mut spans = vec![whole, part("queued", job.made_at, job.begun_at)];
    match (job.work, screened) {
        (JobWork::Edit, _) => spans.push(part("film", job.begun_at, ended)),
        (JobWork::Ingest, None) => spans.push(part("screening", job.begun_at, ended)),
        (JobWork::Ingest, Some(screened)) => {
            spans.push(part("screening", job.begun_at, screened));
            spans.push(part("renditions", screened, ended));
        }
    }
    spans
}
