//! The frames that are kept in memory, by number.

use std::collections::VecDeque;

use crate::analysis::video::change_signal::Signal;
use crate::picture::Rgb8;

/// The frames around the one that is decided.
#[derive(Default)]
pub(super) struct FrameWindow {
    frames: VecDeque<Signal>,
    /// Number of the first frame in `frames`.
    first: u64,
    /// Number of frames pushed so far.
    pushed: u64,
}

impl FrameWindow {
    /// Takes the next frame; false for one that is not 48×27, which is left out.
    pub fn push(&mut self, frame: Rgb8) -> bool {
        let Some(signal) = Signal::new(frame, self.frames.back()) else {
            return false;
        };
        self.frames.push_back(signal);
        self.pushed += 1;
        true
    }

    /// Drops the frames before `number`.
    pub fn forget_before(&mut self, number: u64) {
        while self.first < number {
            self.frames.pop_front();
            self.first += 1;
        }
    }

    /// Number of the first frame that is kept.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// Number of the last frame pushed; 0 without any.
    pub fn last(&self) -> u64 {
        self.pushed.saturating_sub(1)
    }

    /// How many frames were pushed so far.
    pub fn pushed(&self) -> u64 {
        self.pushed
    }

    /// True if frame `number` is kept.
    pub fn has(&self, number: u64) -> bool {
        number >= self.first && number < self.pushed
    }

    /// Frame `number`, or the nearest kept one. At least one frame must have been pushed.
    pub fn at(&self, number: u64) -> &Signal {
        let last = self.frames.len().saturating_sub(1) as u64;
        &self.frames[number.saturating_sub(self.first).min(last) as usize]
    }

    /// The frame `n` before `t`; the first one before the start of the film.
    pub fn before(&self, t: u64, n: u64) -> &Signal {
        self.at(t.saturating_sub(n))
    }

    /// The frame `n` after `t`; the last one after the end of the film.
    pub fn after(&self, t: u64, n: u64) -> &Signal {
        self.at((t + n).min(self.last()))
    }

    /// The largest difference between neighbors from frame `from` to frame `to`.
    pub fn steepest(&self, from: u64, to: u64) -> f32 {
        (from + 1..=to)
            .map(|n| self.at(n).change)
            .fold(0.0, f32::max)
    }

    /// True if there are frames from `from` to `to` (exclusive) and all are black or white.
    pub fn is_blank_between(&self, from: u64, to: u64) -> bool {
        from >= self.first && from < to && (from..to).all(|n| self.at(n).is_blank())
    }
}
