//! Decides which frames of a film are sampled, that is, analyzed by networks.
//!
//! A sample is due at a steady interval, and just after every sudden change of the picture, so that each shot gets one
//! early.

use crate::picture::Rgb8;

/// Seconds between samples; doubled for fast analyses.
const SAMPLE_EVERY: f64 = 0.4;
/// A change of this mean difference (of 255), and this many times the difference before it, triggers a sample …
const SAMPLE_STEP: f64 = 9.0;
const SAMPLE_STEP_RATIO: f64 = 2.5;
/// … this many frames later, when the codec has caught up: the first frames after a cut are often blocky.
const SAMPLE_AFTER: u64 = 2;

/// Decides, frame by frame, which ones are sampled.
pub(super) struct FrameSampling {
    /// Interval, in seconds.
    every: f64,
    number: u64,
    /// Time of the last sample, in seconds.
    last: Option<f64>,
    before: Option<Rgb8>,
    change: f64,
    /// The frame that a change asked for.
    wanted: Option<u64>,
}

impl FrameSampling {
    pub fn new(fast: bool) -> Self {
        Self {
            every: SAMPLE_EVERY * if fast { 2.0 } else { 1.0 },
            number: 0,
            last: None,
            before: None,
            change: 0.0,
            wanted: None,
        }
    }

    /// True when the next frame, given at 48×27 and shown at `time` (seconds), is to be sampled.
    pub fn is_due(&mut self, small: &Rgb8, time: f64) -> bool {
        let change = self.before.as_ref().map_or(0.0, |before| {
            let pairs = before.samples().iter().zip(small.samples());
            let sum: u64 = pairs.map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
            sum as f64 / small.samples().len().max(1) as f64
        });
        if change > SAMPLE_STEP && change > SAMPLE_STEP_RATIO * self.change {
            self.wanted = Some(self.number + SAMPLE_AFTER);
        }
        let late = self
            .last
            .is_none_or(|last| time - last >= self.every - 1e-6);
        // Skip a regular sample shortly before a triggered one.
        let due = self.wanted == Some(self.number) || (late && self.wanted.is_none());
        if due {
            self.last = Some(time);
            self.wanted = None;
        }
        self.number += 1;
        self.change = change;
        self.before = Some(small.clone());
        due
    }
}
