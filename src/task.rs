//! Progress, notices and cancellation of long work, and parallel work with results in order.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

use crate::error::{Error, Result};
use crate::notice::Notice;

/// A step of a job that takes long enough to show its progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Files are analyzed.
    Analyze,
    /// The pictures and clips of a film are analyzed.
    Look,
    /// Tracks are analyzed.
    Listen,
    /// Files are read for their names and licenses.
    Read,
    /// Files are changed one by one.
    Apply,
    /// A film is rendered.
    Render,
    /// A film is compared with its plan.
    Verify,
}

/// Progress of a stage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ProgressUpdate<'a> {
    /// The share that is done, 0..1.
    Share(f64),
    /// The file whose result is complete.
    File(&'a Path),
}

/// Receives the progress of one stage; the stage is over when it is dropped.
pub type ProgressReceiver = Arc<dyn Fn(ProgressUpdate<'_>) + Send + Sync>;

/// The outside of a job: a terminal, a server, a queue.
pub trait Listener: Send + Sync {
    /// Something worth knowing.
    fn notice(&self, notice: &Notice);
    /// A file failed; the others go on.
    fn failure(&self, file: &Path, error: &Error);
    /// A stage begins.
    fn stage(&self, stage: Stage) -> ProgressReceiver;
}

/// Passed to everything that takes long. Cheap to clone.
#[derive(Clone, Default)]
pub struct Task {
    cancelled: Arc<AtomicBool>,
    progress: Option<ProgressReceiver>,
    listener: Option<Arc<dyn Listener>>,
}

impl Task {
    /// A task that stops when `cancelled` turns true.
    pub fn new(cancelled: Arc<AtomicBool>) -> Self {
        Self {
            cancelled,
            ..Self::default()
        }
    }

    /// The same task with a listener.
    pub fn heard_by(&self, listener: Arc<dyn Listener>) -> Self {
        Self {
            listener: Some(listener),
            ..self.clone()
        }
    }

    /// The same task; `report` is called with the share that is done, 0..1.
    pub fn reporting(&self, report: impl Fn(f64) + Send + Sync + 'static) -> Self {
        Self {
            progress: Some(Arc::new(move |progress| {
                if let ProgressUpdate::Share(share) = progress {
                    report(share);
                }
            })),
            ..self.clone()
        }
    }

    /// The task of a stage that begins now and ends when the last clone of the task is dropped.
    pub fn stage(&self, stage: Stage) -> Self {
        Self {
            progress: match &self.listener {
                Some(listener) => Some(listener.stage(stage)),
                None => self.progress.clone(),
            },
            ..self.clone()
        }
    }

    /// Fails with [`Error::Cancelled`] once the work is cancelled. Call it at least every 100 ms.
    pub fn check(&self) -> Result<()> {
        if self.cancelled.load(Ordering::Relaxed) {
            Err(Error::Cancelled)
        } else {
            Ok(())
        }
    }

    /// Reports that `share` (0..1) of the work is done.
    pub fn progress(&self, share: f64) {
        if let Some(progress) = &self.progress {
            progress(ProgressUpdate::Share(share.clamp(0.0, 1.0)));
        }
    }

    /// Reports that the result of `file` is complete.
    pub fn file(&self, file: &Path) {
        if let Some(progress) = &self.progress {
            progress(ProgressUpdate::File(file));
        }
    }

    /// Passes on a notice. Call it from the thread that consumes results in order, never from workers, because the
    /// order of notices is part of the output.
    pub fn notice(&self, notice: Notice) {
        if let Some(listener) = &self.listener {
            listener.notice(&notice);
        }
    }

    /// Reports that `file` failed while the others continue. Call it from the thread that consumes results in order.
    pub fn failure(&self, file: &Path, error: &Error) {
        if let Some(listener) = &self.listener {
            listener.failure(file, error);
        }
    }
}

/// Runs `work` for the numbers 0 to `count`, `workers` at a time, and calls `each` on this thread with every result, in
/// order, as soon as it and all before it are complete. The first failure of `each` stops it: work in progress is
/// finished, nothing new is started.
pub fn in_order<T: Send, E>(
    count: usize,
    workers: usize,
    work: impl Fn(usize) -> T + Sync,
    mut each: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    let mut waiting = BTreeMap::new();
    let mut due = 0;
    as_done(count, workers, work, |at, answer| {
        waiting.insert(at, answer);
        while let Some(answer) = waiting.remove(&due) {
            each(due, answer)?;
            due += 1;
        }
        Ok(())
    })
}

/// Like [`in_order`], but calls `each` with every result as soon as it is complete, regardless of order.
pub fn as_done<T: Send, E>(
    count: usize,
    workers: usize,
    work: impl Fn(usize) -> T + Sync,
    mut each: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..workers.clamp(1, count.max(1)) {
            let sender = sender.clone();
            let (next, stop, work) = (&next, &stop, &work);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count || sender.send((at, work(at))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (at, answer) in receiver {
            if let Err(problem) = each(at, answer) {
                stop.store(true, Ordering::Relaxed);
                return Err(problem);
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_order_whoever_is_first() {
        for workers in [0, 1, 3, 100] {
            let mut seen = Vec::new();
            let work = |at: usize| {
                std::thread::sleep(std::time::Duration::from_millis((at as u64 * 7) % 5));
                at * at
            };
            let done: Result<(), ()> = in_order(20, workers, work, |at, answer| {
                seen.push((at, answer));
                Ok(())
            });
            assert_eq!(done, Ok(()));
            assert_eq!(seen, (0..20).map(|at| (at, at * at)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_failure_ends_it() {
        let begun = AtomicUsize::new(0);
        let work = |_| {
            std::thread::sleep(std::time::Duration::from_millis(1));
            begun.fetch_add(1, Ordering::Relaxed)
        };
        let ended = in_order(
            1000,
            2,
            work,
            |at, _| if at == 3 { Err(at) } else { Ok(()) },
        );
        assert_eq!(ended, Err(3));
        assert!(begun.load(Ordering::Relaxed) < 1000);
    }
}
