//! Sees to it that there are workers for as long as the service runs.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::server::clock::now;
use crate::server::queue::JobState;
use crate::server::service::Service;
use crate::server::worker::{WorkedJob, Worker};

/// How long to wait before a worker that panicked is replaced: it may panic again at once.
const PAUSE: Duration = Duration::from_millis(500);

/// Works on jobs until the service stops. Where a worker panics, which is a defect of ours, the job that it was at has
/// a strike, and another worker takes its place. `stop` and `number` are as a worker takes them.
pub async fn keep_working(
    service: Arc<Service>,
    stop: watch::Receiver<bool>,
    number: Arc<AtomicU64>,
) {
    loop {
        let at = WorkedJob::default();
        let worker = Worker::new(service.clone(), stop.clone(), number.clone(), at.clone());
        let Err(problem) = tokio::spawn(worker.run()).await else {
            return;
        };
        tracing::error!("a worker is replaced: {problem}");
        let job = at.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(job) = job {
            tokio::task::block_in_place(|| strike(&service, &job));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The job is tried again, or put away.
fn strike(service: &Service, job: &str) {
    match service.queue.strike(job, now()) {
        Ok(JobState::Quarantined) => {
            service.forget_upload(job);
            service.metrics.job_ended(JobState::Quarantined.name());
        }
        Ok(_) => {}
        Err(problem) => tracing::error!(job, code = problem.code(), "strike: {problem}"),
    }
    service.changed.notify_waiters();
    service.outbox.notify_one();
}
