//! Spans that wait to be sent.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::span::TraceSpan;

/// Spans that wait at most. What comes while it is full is lost.
const WAITING: usize = 4096;

/// Takes spans, and makes nobody wait. Until it is opened it drops them.
#[derive(Default)]
pub struct SpanQueue {
    sender: Mutex<Option<Sender<TraceSpan>>>,
    lost: AtomicU64,
}

impl SpanQueue {
    /// Keeps spans from now on, for who takes them out.
    pub fn open(&self) -> Receiver<TraceSpan> {
        let (sender, receiver) = channel(WAITING);
        *self.sender.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        receiver
    }

    /// Takes no more spans. What waits can still be taken out.
    pub fn close(&self) {
        *self.sender.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Adds what `spans` makes, where anybody wants it.
    pub fn add<I: IntoIterator<Item = TraceSpan>>(&self, spans: impl FnOnce() -> I) {
        let sender = self
            .sender
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Some(sender) = sender else { return };
        for span in spans() {
            if sender.try_send(span).is_err() {
                self.lose(1);
            }
        }
    }

    /// Counts spans that were lost.
    pub(super) fn lose(&self, count: u64) {
        self.lost.fetch_add(count, Ordering::Relaxed);
    }

    /// How many were lost since the last time.
    pub(super) fn take_lost(&self) -> u64 {
        self.lost.swap(0, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_lost_and_nobody_waits() {
        let queue = SpanQueue::default();
        let spans = |count: usize| (0..count).map(|_| TraceSpan::of_job("a", "b", 1, 2));
        queue.add(|| spans(10));
        assert_eq!(queue.take_lost(), 0);
        let mut receiver = queue.open();
        queue.add(|| spans(WAITING + 10));
        assert_eq!((queue.take_lost(), queue.take_lost()), (10, 0));
        queue.close();
        queue.add(|| spans(1));
        let mut taken = 0;
        while receiver.try_recv().is_ok() {
            taken += 1;
        }
        assert_eq!(taken, WAITING);
    }
}
