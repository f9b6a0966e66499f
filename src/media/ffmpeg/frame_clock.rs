//! Turns timestamps into frame times.

use super::demuxer::Demuxer;
use super::increasing_ticks::IncreasingTicks;
use crate::media::VideoFacts;
use crate::time::Rational;

/// Turns timestamps into strictly increasing times.
pub(super) struct FrameClock {
    zero: Rational,
    base: Rational,
    ticks: IncreasingTicks,
}

impl FrameClock {
    pub fn new(input: &Demuxer, facts: &VideoFacts) -> Self {
        let usual = facts.frame_rate * facts.time_base;
        Self {
            zero: input.zero(),
            base: facts.time_base,
            ticks: IncreasingTicks::new(usual.inverse().map_or(1, Rational::round)),
        }
    }

    /// Start and end of a frame with timestamp `stamp` and a duration of `duration` units.
    pub fn place(&mut self, stamp: Option<i64>, duration: i64) -> (Rational, Rational) {
        let (start, end) = self.ticks.place(stamp, duration);
        (self.time(start), self.time(end))
    }

    /// The end of the last frame.
    pub fn reached(&self) -> Rational {
        self.time(self.ticks.end())
    }

    fn time(&self, ticks: i64) -> Rational {
        Rational::whole(ticks) * self.base - self.zero
    }
}
