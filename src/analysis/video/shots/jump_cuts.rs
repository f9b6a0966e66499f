//! Jump cuts: a piece was removed from a take, so that the subject is suddenly elsewhere.
//!
//! The step is smaller than at a cut to another scene, and often smaller than a quick move, so it is measured relative
//! to the motion around it. Its *size* is the difference that neither a change of exposure nor a small move of the
//! camera explains, in the quarter of the picture that differs most ([`Signal::unexplained`]). The least over several
//! pairs of frames across the step counts, which excludes flashes, jolts and single bad frames. *Over motion* is the
//! ratio of the size to the largest such difference between neighboring frames within six frames: real motion lasts
//! longer than one frame, even where frames were dropped or doubled to change the rate. *Displacement* is the same
//! without compensating for a move of the camera, which finds jumps in handheld takes.
//!
//! On takes with pieces removed (`scripts/measure-jump-cuts`, docs/shots.md), 26 of 30 jumps in the half that the rule
//! was tuned on are at least 1.8 × the motion around them. Within takes the largest step is 1.7 ×, including film
//! converted from 30 to 25 frames a second (every sixth step is a double one), nodding birds and flying balls.

use super::flashes::light_returns;
use crate::analysis::video::change_signal::Signal;

/// Pairs of frames across the step: frames before it, and frames after.
const PAIRS: [(usize, usize); 8] = [
    (1, 0),
    (2, 1),
    (1, 2),
    (3, 0),
    (1, 5),
    (6, 0),
    (1, 8),
    (9, 0),
];
/// Fewest frames on either side for motion to be measured.
const KNOWN: usize = 4;
/// Noise (of 255), added to motion so that not every step looks large in a still picture.
const NOISE: f32 = 0.5;

/// The conditions for a difference across a step to be a jump.
struct JumpRule {
    /// Least difference (of 255).
    least_size: f32,
    /// Least ratio of the difference to the motion around it.
    over_motion: f32,
    /// Frames on either side over which motion is measured.
    around: usize,
    /// The difference of two frames.
    differs: fn(&Signal, &Signal) -> f32,
}

/// For the difference that neither exposure nor a small move of the camera explains. Within takes of the corpus it
/// reaches 1.7 × the motion.
const SIZE: JumpRule = JumpRule {
    least_size: 3.0,
    over_motion: 1.8,
    around: 6,
    differs: Signal::unexplained,
};
/// For the difference without compensation for a move of the camera. A bump of the camera reaches 2.1 × the motion, so
/// the limit is higher.
const DISPLACEMENT: JumpRule = JumpRule {
    least_size: 6.0,
    over_motion: 2.6,
    around: 8,
    differs: Signal::differs_in_place,
};

/// How far the step into frame `at` of `frames` exceeds the motion around it, 1 at the limit; `None` if it is not a
/// jump.
pub(super) fn jump(frames: &[&Signal], at: usize) -> Option<f32> {
    let (before, after) = (frames.get(at.checked_sub(1)?)?, frames.get(at)?);
    if at < KNOWN
        || frames.len() < at + KNOWN
        || after.local < SIZE.least_size
        || light_returns(frames, at)
    {
        return None;
    }
    let displaced = DISPLACEMENT.over_motion(frames, at, after.local);
    let over = SIZE.over_motion(frames, at, before.unexplained(after));
    let most = displaced.unwrap_or(0.0).max(over.unwrap_or(0.0));
    (most >= 1.0).then_some(most)
}

impl JumpRule {
    /// The least of `size` (the difference at the step itself) and the differences of pairs across it, divided by the
    /// largest difference around it and by [`Self::over_motion`]; `None` as soon as that is below 1.
    fn over_motion(&self, frames: &[&Signal], at: usize, mut size: f32) -> Option<f32> {
        if size < self.least_size {
            return None;
        }
        let motion = self.motion_around(frames, at, size)?;
        for (back, on) in PAIRS {
            let pair = (
                at.checked_sub(back).and_then(|n| frames.get(n)),
                frames.get(at + on),
            );
            if let (Some(from), Some(to)) = pair {
                size = size.min((self.differs)(from, to));
                if size < self.over_motion * motion || size < self.least_size {
                    return None;
                }
            }
        }
        Some(size / motion / self.over_motion)
    }

    /// The largest difference between neighbors around the step; `None` as soon as `size` does not exceed it enough.
    fn motion_around(&self, frames: &[&Signal], at: usize, size: f32) -> Option<f32> {
        let mut motion = NOISE;
        // From the step outwards, since the largest motion is usually near.
        for far in 1..=self.around {
            for number in [at.checked_sub(far), at.checked_add(far)] {
                let Some(number) = number else { continue };
                let pair = (
                    number.checked_sub(1).and_then(|n| frames.get(n)),
                    frames.get(number),
                );
                if let (Some(from), Some(to)) = pair {
                    // The difference in place is an upper bound of the one with moves compensated, and cheaper.
                    if size / self.over_motion < NOISE + to.local {
                        motion = motion.max(NOISE + (self.differs)(from, to));
                    }
                    if size < self.over_motion * motion {
                        return None;
                    }
                }
            }
        }
        Some(motion)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::SHOT_FRAME;
    use crate::picture::Rgb8;

    /// A textured wall with a block before it whose left edge is at `x`, seen by a camera that is `pan` pixels to the
    /// right.
    fn scene(x: f32, pan: usize, light: f32) -> Rgb8 {
        let (width, height) = (SHOT_FRAME.width as usize, SHOT_FRAME.height as usize);
        let mut samples = Vec::new();
        for row in 0..height {
            for column in 0..width {
                let place = (column + pan) as f32;
                let wall = 100.0 + 60.0 * (place * 0.55).sin() * (row as f32 * 0.4).cos();
                let on_block = (x..x + 12.0).contains(&place) && (6..22).contains(&row);
                let value = if on_block {
                    20.0 + row as f32 * 8.0
                } else {
                    wall
                };
                samples.extend([(value * light).clamp(0.0, 255.0) as u8; 3]);
            }
        }
        Rgb8::new(SHOT_FRAME, samples).unwrap()
    }

    /// Frames at which the film jumps.
    fn jumps(film: Vec<Rgb8>) -> Vec<usize> {
        let mut signals: Vec<Signal> = Vec::new();
        for frame in film {
            let signal = Signal::new(frame, signals.last()).unwrap();
            signals.push(signal);
        }
        let all: Vec<&Signal> = signals.iter().collect();
        (0..all.len())
            .filter(|&at| jump(&all, at).is_some())
            .collect()
    }

    #[test]
    fn something_that_is_suddenly_elsewhere_has_jumped() {
        let film = (0..40).map(|n| {
            let gone = if n < 20 { 0.0 } else { 14.0 };
            scene(4.0 + 0.2 * n as f32 + gone, 0, 1.0)
        });
        assert_eq!(jumps(film.collect()), [20]);
    }

    #[test]
    fn what_moves_fast_has_not_even_when_frames_are_missing() {
        let even = (0..40).map(|n| scene(n as f32, 0, 1.0));
        assert_eq!(jumps(even.collect()), [] as [usize; 0]);
        // 25 frames a second made of 30: every sixth is missing.
        let dropped = (0..40)
            .filter(|n| n % 6 != 3)
            .map(|n| scene(n as f32, 0, 1.0));
        assert_eq!(jumps(dropped.collect()), [] as [usize; 0]);
        // And of 15: every frame is there twice.
        let doubled = (0..40).map(|n| scene(2.0 * (n / 2) as f32, 0, 1.0));
        assert_eq!(jumps(doubled.collect()), [] as [usize; 0]);
    }

    #[test]
    fn what_passes_or_only_changes_the_light_has_not() {
        let jolt = (0..40).map(|n| scene(10.0, if n == 20 { 9 } else { 0 }, 1.0));
        assert_eq!(jumps(jolt.collect()), [] as [usize; 0]);
        let flash = (0..40).map(|n| {
            let light = if (20..22).contains(&n) { 2.2 } else { 1.0 };
            scene(10.0 + 0.3 * n as f32, 0, light)
        });
        assert_eq!(jumps(flash.collect()), [] as [usize; 0]);
        let dimmed = (0..40).map(|n| scene(10.0, 0, if n < 20 { 1.0 } else { 0.6 }));
        assert_eq!(jumps(dimmed.collect()), [] as [usize; 0]);
    }

    #[test]
    fn a_camera_that_stands_elsewhere_has_jumped() {
        let film = (0..40).map(|n| scene(30.0, if n < 20 { n / 8 } else { 7 + n / 8 }, 1.0));
        assert_eq!(jumps(film.collect()), [20]);
    }

    #[test]
    fn the_ends_of_a_film_tell_nothing() {
        let film = (0..20).map(|n| scene(if (2..18).contains(&n) { 24.0 } else { 4.0 }, 0, 1.0));
        assert_eq!(jumps(film.collect()), [] as [usize; 0]);
        assert_eq!(jumps(Vec::new()), [] as [usize; 0]);
    }
}
