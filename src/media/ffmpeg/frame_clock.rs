//! Turns timestamps into frame times.

use super::demuxer::Demuxer;
use crate::media::VideoFacts;
use crate::time::Rational;

/// Turns timestamps into strictly increasing times.
pub(super) struct FrameClock {
    zero: Rational,
    base: Rational,
    /// Frame duration in units of the time base, for packets that state none.
    usual: i64,
    last: Option<i64>,
    end: i64,
    /// Added to all timestamps since they jumped back.
    shift: i64,
}

impl FrameClock {
    pub fn new(input: &Demuxer, facts: &VideoFacts) -> Self {
        let usual = facts.frame_rate * facts.time_base;
        Self {
            zero: input.zero(),
            base: facts.time_base,
            usual: usual.inverse().map_or(1, Rational::round).max(1),
            last: None,
            end: 0,
            shift: 0,
        }
    }

    /// Start and end of a frame with timestamp `stamp` and a duration of `duration` units.
    ///
    /// A timestamp that does not increase is wrong: the frame is placed right after the one before it. So are all
    /// following frames until timestamps catch up (a recorder that restarted its clock).
    pub fn place(&mut self, stamp: Option<i64>, duration: i64) -> (Rational, Rational) {
        let ticks = match (stamp, self.last) {
            (None, None) => 0,
            (None, Some(_)) => self.end,
            (Some(stamp), None) => stamp,
            (Some(stamp), Some(last)) if stamp > last => {
                self.shift = 0;
                stamp
            }
            (Some(stamp), Some(last)) => {
                if stamp.saturating_add(self.shift) <= last {
                    self.shift = self.end.saturating_sub(stamp);
                }
                stamp.saturating_add(self.shift)
            }
        };
        let ticks = self
            .last
            .map_or(ticks, |last| ticks.max(last.saturating_add(1)));
        let duration = if duration > 0 { duration } else { self.usual };
        self.last = Some(ticks);
        self.end = ticks.saturating_add(duration);
        (self.time(ticks), self.time(self.end))
    }

    /// The end of the last frame.
    pub fn reached(&self) -> Rational {
        self.time(self.end)
    }

    fn time(&self, ticks: i64) -> Rational {
        Rational::whole(ticks) * self.base - self.zero
    }
}
