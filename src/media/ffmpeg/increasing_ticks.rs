//! Makes the timestamps of one stream increase.

/// Timestamps of one stream, in units of its time base.
///
/// A timestamp that does not increase is wrong: what it belongs to is placed right after what came before. So is all
/// that follows until timestamps catch up (a recorder that restarted its clock).
pub(super) struct IncreasingTicks {
    /// Duration of what states none.
    usual: i64,
    last: Option<i64>,
    end: i64,
    /// Added to all timestamps since they jumped back.
    shift: i64,
}

impl IncreasingTicks {
    /// `usual` is the duration of what states none.
    pub fn new(usual: i64) -> Self {
        Self {
            usual: usual.max(1),
            last: None,
            end: 0,
            shift: 0,
        }
    }

    /// Start and end of what has timestamp `stamp` and a duration of `duration` units.
    pub fn place(&mut self, stamp: Option<i64>, duration: i64) -> (i64, i64) {
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
        (ticks, self.end)
    }

    /// The start of what may begin together with what came before, but no earlier.
    pub fn no_earlier(&mut self, stamp: Option<i64>) -> i64 {
        let last = self.last.unwrap_or(i64::MIN);
        let start = stamp.or(self.last).unwrap_or(0).max(last);
        self.last = Some(start);
        start
    }

    /// The end of what was placed last.
    pub fn end(&self) -> i64 {
        self.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_increase_whatever_the_stamps_say() {
        let mut ticks = IncreasingTicks::new(10);
        let stamps = [
            (Some(100), 10),
            (Some(110), 10),
            // The same one again, one that is missing, and a clock that starts anew.
            (Some(110), 10),
            (None, 0),
            (Some(3), 10),
            (Some(13), 10),
            (Some(i64::MIN), 10),
            // The stamps have caught up.
            (Some(500), 10),
            (Some(i64::MAX), 10),
            (Some(i64::MAX), 10),
        ];
        let placed = stamps.map(|(stamp, duration)| ticks.place(stamp, duration).0);
        assert_eq!(placed[..6], [100, 110, 120, 130, 140, 150]);
        assert_eq!(placed[7], 500);
        assert!(placed[..9].is_sorted_by(|a, b| a < b), "{placed:?}");
    }
}
