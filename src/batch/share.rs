//! How far a run is: a clip of an hour is more of it than a photo.

use std::sync::{Arc, Mutex, PoisonError};

use crate::batch::names::Job;
use crate::task::Task;

/// Frames of its size that a still costs as much as: it is coded better and written with more care.
const STILL: f64 = 4.0;

/// The work of a run, and what of it is done.
pub(super) struct Share {
    task: Task,
    total: f64,
    done: Arc<Mutex<f64>>,
}

impl Share {
    pub(super) fn new(task: &Task, jobs: &[Option<&Job>]) -> Self {
        let costs = jobs.iter().copied().flatten().map(cost);
        Self {
            task: task.clone(),
            total: costs.sum::<f64>().max(1.0),
            done: Arc::default(),
        }
    }

    /// A task that reports the share of `job` as its part of the run.
    pub(super) fn of(&self, job: &Job) -> Task {
        part(&self.task, &self.done, cost(job) / self.total)
    }
}

/// A task of which the whole is `share` of `whole`, what is `done` of that told by all parts together.
fn part(whole: &Task, done: &Arc<Mutex<f64>>, share: f64) -> Task {
    let (own, done) = (whole.clone(), Arc::clone(done));
    let told = Mutex::new(0.0_f64);
    whole.reporting(move |now| {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
        *done += share * (now - *told);
        *told = now;
        own.progress(*done);
    })
}

/// What a file costs, in pixels of frames.
fn cost(job: &Job) -> f64 {
    match (&job.facts.still, &job.facts.video) {
        (Some(still), _) => STILL * still.size.pixels() as f64,
        (None, Some(video)) => {
            let seconds = video.duration.map_or(1.0, |duration| duration.seconds());
            let frames = (seconds * video.frame_rate.seconds()).max(1.0);
            video.size.pixels() as f64 * frames
        }
        (None, None) => 1.0,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_however_they_come() {
        let told = Arc::new(Mutex::new(0.0));
        let last = Arc::clone(&told);
        let whole = Task::default().reporting(move |share| *last.lock().unwrap() = share);
        let done = Arc::default();
        let (long, short) = (part(&whole, &done, 0.75), part(&whole, &done, 0.25));
        long.progress(0.5);
        short.progress(1.0);
        assert_eq!(*told.lock().unwrap(), 0.625);
        long.progress(1.0);
        assert_eq!(*told.lock().unwrap(), 1.0);
    }
}
