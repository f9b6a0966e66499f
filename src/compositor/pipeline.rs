//! From a source of layers to finished frames, in order.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use rayon::ThreadPool;

use crate::compositor::drawing::Drawing;
use crate::compositor::layer::{FinishedFrame, FrameParts, FrameSource, FrameStamp};
use crate::compositor::shot_masks::ShotMasks;
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::models::Models;
use crate::picture::Planar;
use crate::task::Task;

/// Most drawing threads. More of them only cost memory, since decoding and encoding are the bottleneck.
const MOST_WORKERS: usize = 8;

/// Makes the frames of one film or clip.
#[derive(Clone, Copy)]
pub struct Pipeline<'a> {
    /// Size of the finished frames.
    pub size: Size,
    /// The networks that find masks.
    pub models: Option<&'a Models>,
    /// Cancels the run.
    pub task: &'a Task,
}

/// A frame on its way to a drawing thread.
type Job = (FrameStamp, FrameParts);

impl Pipeline<'_> {
    /// Draws all frames of `source` on the caller's thread, between decoding and encoding, and hands them to `take` in
    /// order. This takes the least memory, and only here the fast path is used. A pool shares the work on one frame.
    pub fn run_on_caller(
        &self,
        source: &mut impl FrameSource,
        pool: Option<&ThreadPool>,
        mut take: impl FnMut(&FinishedFrame, FrameStamp) -> Result<()>,
    ) -> Result<()> {
        let mut masks = ShotMasks::new(self.models, self.size);
        let mut drawing = Drawing::new(self.size);
        // One buffer for all frames of the fast path, made for the first.
        let mut spare: Option<Planar> = None;
        loop {
            self.task.check()?;
            let Some(stamp) = source.advance()? else {
                return Ok(());
            };
            if let Some((planes, look)) = source.planes()
                && let Some(mut planar) = spare.take().or_else(|| Planar::new(self.size))
            {
                if on(pool, || look.apply_planes(&planes, &mut planar)) {
                    let frame = FinishedFrame::Planar(planar);
                    take(&frame, stamp)?;
                    if let FinishedFrame::Planar(planar) = frame {
                        spare = Some(planar);
                    }
                    continue;
                }
                spare = Some(planar);
            }
            let mut parts = FrameParts::of(source)?;
            let frame = on(pool, || {
                masks.add(&mut parts, stamp)?;
                Ok::<_, Error>(drawing.frame(parts, stamp))
            })?;
            take(&FinishedFrame::Rgb(frame), stamp)?;
        }
    }

    /// Decodes, draws and encodes in parallel and hands all frames of a source to `take` in order. `threads` draw (0 =
    /// one per core). The source is opened and closed on the decoding thread; returns what `close` returns.
    ///
    /// Frames are dealt to the drawing threads in turn and collected in turn, which keeps their order.
    pub fn run_on_threads<S: FrameSource, R: Send>(
        &self,
        threads: usize,
        open: impl FnOnce() -> S + Send,
        close: impl FnOnce(S) -> R + Send,
        mut take: impl FnMut(&FinishedFrame, FrameStamp) -> Result<()>,
    ) -> Result<R> {
        let workers = workers(threads);
        std::thread::scope(|scope| {
            let mut jobs: Vec<SyncSender<Job>> = Vec::with_capacity(workers);
            let mut results: Vec<Receiver<(FrameStamp, FinishedFrame)>> =
                Vec::with_capacity(workers);
            for _ in 0..workers {
                // No frame waits to be drawn: each thread holds the one that it works on. One may wait to be encoded,
                // so that drawing goes on while the encoder is busy.
                let (job_in, job_out) = sync_channel::<Job>(0);
                let (result_in, result_out) = sync_channel(1);
                jobs.push(job_in);
                results.push(result_out);
                let mut drawing = Drawing::new(self.size);
                scope.spawn(move || {
                    for (stamp, parts) in job_out {
                        let frame = drawing.encoder_frame(parts, stamp);
                        if result_in.send((stamp, frame)).is_err() {
                            return;
                        }
                    }
                });
            }
            let decoding = scope.spawn(move || {
                let mut source = open();
                self.deal(&mut source, &jobs)?;
                Ok(close(source))
            });
            let mut collect = || {
                for result in results.iter().cycle() {
                    self.task.check()?;
                    // The decoder reached the end, or stopped early: `decoded` below holds the reason.
                    let Ok((stamp, frame)) = result.recv() else {
                        break;
                    };
                    take(&frame, stamp)?;
                }
                Ok(())
            };
            let collected = collect();
            // Without a receiver the other threads end, too.
            drop(results);
            let decoded = decoding.join();
            collected?;
            match decoded {
                Ok(decoded) => decoded,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    /// Decodes frames, finds their masks and deals the layers to the drawing threads in turn.
    fn deal(&self, source: &mut impl FrameSource, jobs: &[SyncSender<Job>]) -> Result<()> {
        let mut masks = ShotMasks::new(self.models, self.size);
        for jobs in jobs.iter().cycle() {
            self.task.check()?;
            let Some(stamp) = source.advance()? else {
                break;
            };
            let mut parts = FrameParts::of(source)?;
            masks.add(&mut parts, stamp)?;
            if jobs.send((stamp, parts)).is_err() {
                // Collecting stopped; `collected` holds the reason.
                break;
            }
        }
        Ok(())
    }
}

fn workers(threads: usize) -> usize {
    let wanted = if threads == 0 {
        std::thread::available_parallelism().map_or(1, usize::from)
    } else {
        threads
    };
    wanted.clamp(1, MOST_WORKERS)
}

/// Runs `work` on the pool, if there is one.
fn on<T: Send>(pool: Option<&ThreadPool>, work: impl FnOnce() -> T + Send) -> T {
    match pool {
        Some(pool) => pool.install(work),
        None => work(),
    }
}
