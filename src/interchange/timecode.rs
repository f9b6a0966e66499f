//! Timecode: `HH:MM:SS:FF`, frames counted at the whole rate above the real one.

use crate::time::Rational;

/// Frames of a day are all that timecode can tell apart.
const HOURS: i64 = 24;
/// Drop-frame timecode skips two numbers a minute at 30, but not every tenth minute.
const TEN_MINUTES: i64 = 10;

/// How frames are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counting {
    /// Frames of a counted second, such as 30 for 30000/1001.
    pub frames: i64,
    /// Whether numbers are skipped to stay beside the clock.
    pub drop: bool,
}

impl Counting {
    /// The counting of `rate` without skipped numbers.
    pub fn of_rate(rate: Rational) -> Self {
        Self {
            frames: -(Rational::ZERO - rate).floor(),
            drop: false,
        }
    }

    /// The timecode of frame `number`, without skipped numbers; hours start over after a day.
    pub fn timecode(self, number: i64) -> String {
        let each = self.frames.max(1);
        let number = number.max(0);
        let (seconds, frame) = (number / each, number % each);
        format!(
            "{:02}:{:02}:{:02}:{frame:02}",
            seconds / 3600 % HOURS,
            seconds / 60 % 60,
            seconds % 60
        )
    }

    /// The frame that a timecode names; a bare number is a frame. `None` where it is neither, or its frames are more
    /// than a second has.
    pub fn frame(self, text: &str) -> Option<i64> {
        if text.len() > 12 || !text.is_ascii() {
            return None;
        }
        if !text.contains([':', ';']) {
            return text.parse().ok().filter(|number| *number >= 0);
        }
        let mut parts = text.split([':', ';', '.']);
        let mut part = || {
            let digits = parts.next()?;
            let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_plain.then(|| digits.parse::<i64>().ok()).flatten()
        };
        let (hours, minutes, seconds, frame) = (part()?, part()?, part()?, part()?);
        if parts.next().is_some() || minutes > 59 || seconds > 59 || frame >= self.frames {
            return None;
        }
        let all_minutes = hours * 60 + minutes;
        let counted = (all_minutes * 60 + seconds) * self.frames + frame;
        if !self.drop {
            return Some(counted);
        }
        let skipped = self.frames / 15;
        Some(counted - skipped * (all_minutes - all_minutes / TEN_MINUTES))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn timecode_and_frames_are_each_others_inverse() {
        for rate in [(24, 1), (25, 1), (30000, 1001), (60, 1)] {
            let counting = Counting::of_rate(Rational::new(rate.0, rate.1).unwrap());
            for number in [0, 1, 24, 1799, 1800, 107_892, 2_000_000] {
                let text = counting.timecode(number);
                assert_eq!(counting.frame(&text), Some(number), "{text} at {rate:?}");
            }
        }
    }

    #[test]
    fn skipped_numbers_keep_to_the_clock() {
        let counting = Counting {
            frames: 30,
            drop: true,
        };
        assert_eq!(counting.frame("00:00:59;29"), Some(1799));
        assert_eq!(counting.frame("00:01:00;02"), Some(1800));
        assert_eq!(counting.frame("01:00:00;00"), Some(107_892));
    }

    #[test]
    fn what_is_no_timecode_is_refused() {
        let counting = Counting::of_rate(Rational::whole(24));
        for text in [
            "99:99:99:99",
            "-1:00:00:00",
            "00:00:00:24",
            "1:2:3",
            "a:b:c:d",
            "00:00:00:00:00",
            "",
            "99999999999999999999",
        ] {
            assert_eq!(counting.frame(text), None, "{text}");
        }
        assert_eq!(counting.frame("120"), Some(120));
    }
}
