//! Shaken frames: the camera jumps to and fro from one frame to the next.
//!
//! A frame jolts where the camera's speed differs from the mean of the speeds before and after it. A pan, however fast,
//! has hardly any jolts, since its speed changes over many frames; a cut has three, since one step across it means
//! nothing. A frame is shaken where four of the five frames around it jolt and the run lasts ([`super::spoiled`]).

use std::collections::VecDeque;

use crate::analysis::video::motion::TimedMotion;

/// Difference of speeds, in picture widths a second, from which a frame jolts. Walking with a phone in hand stays below
/// 0.3; a camera that swings by 2 % of the width seven times a second reaches 0.9.
const JOLT: f32 = 0.45;
/// Frames that are looked at together.
const AROUND: usize = 5;

/// Finds shaken frames. Answers a few frames late.
#[derive(Debug, Default)]
pub(super) struct ShakeDetector {
    /// Speeds of the last two frames, widths a second.
    speeds: VecDeque<[f32; 2]>,
    /// Whether the last frames jolt.
    jolts: VecDeque<bool>,
}

impl ShakeDetector {
    /// Frames between a frame and its answer.
    pub const DELAY: u64 = 3;

    /// Takes the step to the next frame; says whether the frame [`Self::DELAY`] before it is shaken, once there is one.
    /// A frame that repeats the one before has no motion of its own and counts as moving like it.
    pub fn push(&mut self, (step, seconds): &TimedMotion, repeats: bool) -> Option<bool> {
        let seconds = seconds.clamp(1.0 / 120.0, 0.2);
        let speed = match self.speeds.back() {
            Some(&before) if repeats => before,
            _ => [step.x / seconds, step.y / seconds],
        };
        let before = (self.speeds.front().copied(), self.speeds.back().copied());
        self.speeds.push_back(speed);
        if self.speeds.len() > 2 {
            self.speeds.pop_front();
        }
        let (Some(first), Some(middle)) = before else {
            return None;
        };
        let off = |axis: usize| middle[axis] - (first[axis] + speed[axis]) / 2.0;
        self.jolts.push_back(off(0).hypot(off(1)) >= JOLT);
        if self.jolts.len() > AROUND {
            self.jolts.pop_front();
        }
        (self.jolts.len() > AROUND / 2).then(|| self.mostly())
    }

    /// The answers that are still due, in order of frames.
    pub fn finish(mut self) -> Vec<bool> {
        if self.speeds.is_empty() {
            return Vec::new();
        }
        let mut answers: Vec<bool> = Vec::new();
        for _ in 0..self.jolts.len().min(AROUND / 2) {
            if self.jolts.len() > AROUND / 2 + 1 {
                self.jolts.pop_front();
            }
            answers.push(self.mostly());
        }
        answers.push(answers.last().copied().unwrap_or(false));
        answers
    }

    fn mostly(&self) -> bool {
        let jolting = self.jolts.iter().filter(|jolts| **jolts).count();
        5 * jolting >= 4 * self.jolts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::video::motion::FrameMotion;

    /// Which of the frames with these horizontal speeds (widths a second) are shaken.
    fn shaken(speeds: &[f32]) -> Vec<bool> {
        let mut detector = ShakeDetector::default();
        let mut answers = Vec::new();
        for speed in speeds {
            let motion = FrameMotion {
                x: speed * 0.04,
                ..FrameMotion::default()
            };
            answers.extend(detector.push(&(motion, 0.04), false));
        }
        answers.extend(detector.finish());
        answers
    }

    #[test]
    fn every_frame_gets_an_answer() {
        for count in 0..20 {
            assert_eq!(shaken(&vec![0.0; count]).len(), count, "{count}");
        }
    }

    #[test]
    fn swings_are_shake_and_pans_and_cuts_are_not() {
        let swings: Vec<f32> = (0..40)
            .map(|n| match n {
                10..30 if n % 2 == 0 => 1.2,
                10..30 => -0.9,
                _ => 0.0,
            })
            .collect();
        let found = shaken(&swings);
        let first = found.iter().position(|shaken| *shaken);
        let last = found.iter().rposition(|shaken| *shaken);
        assert!(
            first.is_some_and(|first| (8..=12).contains(&first)),
            "{found:?}"
        );
        assert!(
            last.is_some_and(|last| (28..=31).contains(&last)),
            "{found:?}"
        );
        let whip: Vec<f32> = (0..40)
            .map(|n| (n.clamp(10, 20) - 10) as f32 * 0.4)
            .collect();
        assert!(shaken(&whip).iter().all(|shaken| !shaken));
        let mut cut = vec![0.1; 40];
        cut[20] = 5.0;
        let frames = shaken(&cut).iter().filter(|shaken| **shaken).count();
        assert_eq!(frames, 0);
    }
}
