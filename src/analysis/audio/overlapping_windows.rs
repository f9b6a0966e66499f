//! Cuts a stream into windows with context, so that networks process hours of sound in bounded memory.

use std::ops::Range;

/// Cuts a stream of samples into cores of equal length that tile it, each returned with the samples around it.
///
/// If `before` and `after` cover the receptive field of a network, its output over the core is the same as if it had
/// processed the whole stream.
pub(super) struct OverlappingWindows {
    samples: Vec<f32>,
    /// Position of `samples[0]` in the stream.
    first: usize,
    /// Position of the next core in the stream.
    next: usize,
    core: usize,
    before: usize,
    after: usize,
}

/// A core and the samples around it.
pub(super) struct ContextWindow<'a> {
    /// The core with its context.
    pub samples: &'a [f32],
    /// Where the core lies in `samples`.
    pub core: Range<usize>,
    /// Position of the core in the stream.
    pub start: usize,
}

impl OverlappingWindows {
    /// All lengths in samples.
    pub fn new(core: usize, before: usize, after: usize) -> Self {
        Self {
            samples: Vec::new(),
            first: 0,
            next: 0,
            core: core.max(1),
            before,
            after,
        }
    }

    /// Where the next samples of the stream are appended.
    pub fn buffer(&mut self) -> &mut Vec<f32> {
        &mut self.samples
    }

    /// The next whole window, once its context has arrived.
    pub fn ready(&mut self) -> Option<ContextWindow<'_>> {
        let end = self.next + self.core + self.after;
        if self.first + self.samples.len() < end {
            return None;
        }
        Some(self.take(self.core, end))
    }

    /// The next window after the end of the stream; call it until it returns `None`.
    pub fn rest(&mut self) -> Option<ContextWindow<'_>> {
        let end = self.first + self.samples.len();
        if self.next >= end {
            return None;
        }
        // A short remainder joins the core before it, which gives the network more context.
        let left = end - self.next;
        let core = if left <= self.core + self.core / 2 {
            left
        } else {
            self.core
        };
        let until = end.min(self.next + core + self.after);
        Some(self.take(core, until))
    }

    fn take(&mut self, core: usize, end: usize) -> ContextWindow<'_> {
        let begin = self.next.saturating_sub(self.before).max(self.first);
        self.samples.drain(..begin - self.first);
        self.first = begin;
        let start = self.next;
        self.next += core;
        ContextWindow {
            samples: &self.samples[..end - begin],
            core: start - begin..start - begin + core,
            start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds 0, 1, 2 … in pieces and gives back what the cores hold.
    fn cores(length: usize, piece: usize, windows: &mut OverlappingWindows) -> Vec<f32> {
        let stream: Vec<f32> = (0..length).map(|value| value as f32).collect();
        let mut heard = Vec::new();
        let mut collect = |window: ContextWindow<'_>| {
            assert_eq!(window.samples[window.core.start], window.start as f32);
            assert!(window.core.start <= 7);
            heard.extend_from_slice(&window.samples[window.core]);
        };
        for part in stream.chunks(piece) {
            windows.buffer().extend_from_slice(part);
            while let Some(window) = windows.ready() {
                collect(window);
            }
        }
        while let Some(window) = windows.rest() {
            collect(window);
        }
        heard
    }

    #[test]
    fn cores_tile_the_stream() {
        for length in [0, 1, 19, 20, 23, 29, 30, 31, 59, 60, 61, 100] {
            for piece in [1, 7, 64] {
                let heard = cores(length, piece, &mut OverlappingWindows::new(20, 7, 3));
                let wanted: Vec<f32> = (0..length).map(|value| value as f32).collect();
                assert_eq!(heard, wanted, "{length} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn holds_no_more_than_a_window_and_a_piece() {
        let mut windows = OverlappingWindows::new(20, 7, 3);
        cores(10_000, 5, &mut windows);
        assert!(windows.samples.len() <= 20 + 7 + 3 + 20 + 5);
    }
}
