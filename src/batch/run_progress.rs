//! The progress of a run, weighted by work: an hour of film counts for more than a photo.

use std::sync::{Arc, Mutex, PoisonError};

use crate::batch::naming::BatchItem;
use crate::task::Task;

/// The work of a still in frames of its size: stills are encoded more carefully.
const STILL_COST_IN_FRAMES: f64 = 4.0;

/// The work of a run, in total and done.
pub(super) struct RunProgress {
    task: Task,
    total: f64,
    done: Arc<Mutex<f64>>,
}

impl RunProgress {
    pub(super) fn new(task: &Task, items: &[Option<&BatchItem>]) -> Self {
        let costs = items.iter().copied().flatten().map(cost);
        Self {
            task: task.clone(),
            total: costs.sum::<f64>().max(1.0),
            done: Arc::default(),
        }
    }

    /// A task whose progress counts for the share of `item` in the run.
    pub(super) fn task_of(&self, item: &BatchItem) -> Task {
        part(&self.task, &self.done, cost(item) / self.total)
    }
}

/// A task that is `share` of `whole`; `done` sums over all parts.
fn part(whole: &Task, done: &Arc<Mutex<f64>>, share: f64) -> Task {
    let (own, done) = (whole.clone(), Arc::clone(done));
    let reported = Mutex::new(0.0_f64);
    whole.reporting(move |now| {
        let mut reported = reported.lock().unwrap_or_else(PoisonError::into_inner);
        let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
        *done += share * (now - *reported);
        *reported = now;
        own.progress(*done);
    })
}

/// The work of a file, in pixels of film frames.
fn cost(item: &BatchItem) -> f64 {
    match (&item.facts.still, &item.facts.video) {
        (Some(still), _) => STILL_COST_IN_FRAMES * still.size.pixels() as f64,
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
