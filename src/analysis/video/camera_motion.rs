//! The motion of a shot: the kind of camera move, its speeds and shake, and the peaks of action.

use crate::analysis::Motion;
use crate::analysis::ramp::ramp;
use crate::analysis::video::motion::{FrameMotion, TimedMotion, energy, subject_energy};
use crate::time::rounded;

/// Least speeds of a pan or tilt (widths a second), a zoom (growth a second) and a roll (radians a second).
const MOVES: f64 = 0.03;
const ZOOMS: f64 = 0.03;
const ROLLS: f64 = 0.05;
/// A roll moves the edges of the picture by [`EDGE`] times its speed, in widths; that must exceed [`AT_THE_EDGE`] times
/// the speed across.
const EDGE: f64 = 0.4;
const AT_THE_EDGE: f64 = 0.7;
/// Least straightness (length of the sum of steps over the sum of their lengths) of a pan or tilt, and of a zoom or
/// roll.
const STRAIGHT: f64 = 0.5;
const STRAIGHT_ZOOM: f64 = 0.55;
/// Root mean square of the camera's speed around its mean, and mean speed, from which it is handheld (widths a second).
const WOBBLES: f64 = 0.03;
const WANDERS: f64 = 0.06;
/// Wobble (widths a second) that counts as steady, and as fully shaken.
const STEADY: f64 = 0.01;
const SHAKEN: f64 = 0.35;
/// Least energy of a peak, 0..1 …
pub(crate) const SMALLEST_PEAK: f64 = 0.08;
/// … and its least ratio to the mean of the shot.
pub(crate) const PEAK_OVER_MEAN: f64 = 1.8;
/// A peak is the highest within this many seconds on either side.
const PEAK_REACH: f64 = 0.5;
/// Fewest frames between a peak and either end of the shot.
const PEAK_INSIDE: usize = 3;
/// Most peaks of one shot.
const MOST_PEAKS: usize = 24;

/// The motion of a shot. The kind of camera move depends on its mean speed and its straightness: `zoom`, `roll`, `pan`
/// and `tilt` go in one direction, `handheld` shakes, `static` does neither. Each step has the time, in seconds, of the
/// frame that it leads to.
pub(crate) fn summarize(steps: &[(f64, TimedMotion)]) -> Motion {
    if steps.is_empty() {
        return Motion {
            camera: "static".into(),
            ..Motion::default()
        };
    }
    let count = steps.len() as f64;
    let mean = |value: fn(&FrameMotion, f32) -> f32| {
        let values = steps
            .iter()
            .map(|(_, (step, seconds))| f64::from(value(step, *seconds)));
        values.sum::<f64>() / count
    };
    let total = steps
        .iter()
        .map(|(_, (_, seconds))| f64::from(*seconds))
        .sum::<f64>()
        .max(1e-3);
    let going = |value: fn(&FrameMotion) -> f32| {
        let values = || steps.iter().map(|(_, (step, _))| f64::from(value(step)));
        let (net, gross): (f64, f64) = (values().sum(), values().map(f64::abs).sum());
        CameraCourse {
            speed: net / total,
            gross: gross / total,
        }
    };
    let (x, y) = (going(|step| step.x), going(|step| step.y));
    let (zoom, roll) = (going(|step| step.zoom), going(|step| step.roll));
    let across = x.speed.abs().max(y.speed.abs());
    let wobble = shake(steps);
    let camera = if zoom.speed.abs() > ZOOMS
        && zoom.straightness() > STRAIGHT_ZOOM
        && zoom.speed.abs() > across
        && zoom.speed.abs() >= roll.speed.abs()
    {
        "zoom"
    } else if roll.speed.abs() > ROLLS
        && roll.straightness() > STRAIGHT_ZOOM
        && EDGE * roll.speed.abs() > AT_THE_EDGE * across
    {
        "roll"
    } else if x.speed.abs() > MOVES && x.straightness() > STRAIGHT && x.speed.abs() >= y.speed.abs()
    {
        "pan"
    } else if y.speed.abs() > MOVES && y.straightness() > STRAIGHT {
        "tilt"
    } else if wobble > WOBBLES || x.gross + y.gross > WANDERS {
        "handheld"
    } else {
        "static"
    };
    // The picture moves against the camera: left when it turns right, clockwise when it turns counterclockwise.
    Motion {
        energy: rounded(mean(energy)),
        camera: camera.into(),
        shake: rounded(ramp(wobble, STEADY, SHAKEN)),
        pan: signed(-x.speed),
        tilt: signed(y.speed),
        zoom: signed(zoom.speed),
        roll: signed(-roll.speed.to_degrees()),
        subject: rounded(mean(subject_energy)),
        peaks: peaks(steps),
    }
}

/// Rounded, without a negative zero.
fn signed(value: f64) -> f64 {
    rounded(value) + 0.0
}

/// One component of the camera's move.
struct CameraCourse {
    /// Net change a second.
    speed: f64,
    /// Sum of all changes, regardless of direction, a second.
    gross: f64,
}

impl CameraCourse {
    fn straightness(&self) -> f64 {
        if self.gross > 1e-6 {
            self.speed.abs() / self.gross
        } else {
            0.0
        }
    }
}

/// Root mean square of the camera's speed (widths a second) around its mean over 5 frames on either side.
fn shake(steps: &[(f64, TimedMotion)]) -> f64 {
    let speeds: Vec<(f64, f64)> = steps
        .iter()
        .map(|(_, (step, seconds))| {
            let seconds = f64::from(seconds.clamp(1.0 / 120.0, 0.2));
            (f64::from(step.x) / seconds, f64::from(step.y) / seconds)
        })
        .collect();
    let mut total = 0.0;
    for (at, speed) in speeds.iter().enumerate() {
        let near = &speeds[at.saturating_sub(5)..(at + 6).min(speeds.len())];
        let n = near.len() as f64;
        let mean_x = near.iter().map(|s| s.0).sum::<f64>() / n;
        let mean_y = near.iter().map(|s| s.1).sum::<f64>() / n;
        total += (speed.0 - mean_x).powi(2) + (speed.1 - mean_y).powi(2);
    }
    (total / speeds.len().max(1) as f64).sqrt()
}

/// Shake of the camera, 0 steady .. 1.
pub(crate) fn shakiness(steps: &[(f64, TimedMotion)]) -> f64 {
    ramp(shake(steps), STEADY, SHAKEN)
}

/// Times of the peaks of action, the strongest ones, in order of time. At a peak the energy of the subject, a mean of
/// five frames, is the highest within half a second, at least [`SMALLEST_PEAK`] and at least [`PEAK_OVER_MEAN`] times
/// the mean of the shot.
fn peaks(steps: &[(f64, TimedMotion)]) -> Vec<f64> {
    let actions: Vec<(f64, f64)> = steps
        .iter()
        .map(|(time, (step, seconds))| (*time, f64::from(subject_energy(step, *seconds))))
        .collect();
    let smooth: Vec<(f64, f64)> = (0..actions.len())
        .map(|at| {
            let near = &actions[at.saturating_sub(2)..(at + 3).min(actions.len())];
            let sum: f64 = near.iter().map(|(_, action)| action).sum();
            (actions[at].0, sum / near.len() as f64)
        })
        .collect();
    let mean = smooth.iter().map(|(_, action)| action).sum::<f64>() / smooth.len().max(1) as f64;
    let floor = SMALLEST_PEAK.max(PEAK_OVER_MEAN * mean);
    // Changes near the ends may be remains of a transition.
    let inner = PEAK_INSIDE..smooth.len().saturating_sub(PEAK_INSIDE);
    let mut candidates: Vec<(f64, f64)> = inner
        .filter(|&at| {
            let near = &smooth[at.saturating_sub(1)..(at + 2).min(smooth.len())];
            smooth[at].1 >= floor && near.iter().all(|(_, action)| smooth[at].1 >= *action)
        })
        .map(|at| smooth[at])
        .collect();
    // The sort is stable: among equals the first wins.
    candidates.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut chosen: Vec<f64> = Vec::new();
    for (time, _) in candidates {
        if chosen.iter().all(|other| (other - time).abs() > PEAK_REACH) {
            chosen.push(time);
            if chosen.len() == MOST_PEAKS {
                break;
            }
        }
    }
    chosen.sort_by(f64::total_cmp);
    chosen.into_iter().map(rounded).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::video::motion::compare;
    use crate::analysis::video::synthetic_views::{View, view};

    /// 25 frames a second of what `at` sees.
    fn filmed(count: usize, at: impl Fn(f64) -> View) -> Motion {
        let thumbs: Vec<_> = (0..=count).map(|n| view(at(n as f64))).collect();
        let steps: Vec<(f64, TimedMotion)> = thumbs
            .windows(2)
            .enumerate()
            .map(|(n, pair)| ((n + 1) as f64 / 25.0, (compare(&pair[0], &pair[1]), 0.04)))
            .collect();
        summarize(&steps)
    }

    fn near(found: f64, truth: f64, off: f64) -> bool {
        (found - truth).abs() <= off
    }

    #[test]
    fn pans_and_tilts_are_told_with_their_speed_and_direction() {
        // The camera goes right by 3 pixels of 160 a frame.
        let motion = filmed(20, |n| View::at(3.0 * n, 0.0));
        assert_eq!(motion.camera, "pan");
        assert!(near(motion.pan, 3.0 * 25.0 / 160.0, 0.03), "{motion:?}");
        assert!(near(motion.tilt, 0.0, 0.01) && near(motion.roll, 0.0, 1.0));
        let motion = filmed(20, |n| View::at(0.0, -2.0 * n));
        assert_eq!(motion.camera, "tilt");
        assert!(near(motion.tilt, 2.0 * 25.0 / 160.0, 0.03), "{motion:?}");
    }

    #[test]
    fn zooms_and_rolls_are_told_with_their_speed() {
        let zoomed = |n: f64| View {
            scale: 1.01_f64.powf(n),
            ..View::default()
        };
        let motion = filmed(20, zoomed);
        assert_eq!(motion.camera, "zoom");
        assert!(near(motion.zoom, 0.25, 0.03), "{motion:?}");
        // The picture turns clockwise by half a degree a frame: the camera the other way.
        let rolled = |n: f64| View {
            roll: (0.5 * n).to_radians(),
            ..View::default()
        };
        let motion = filmed(20, rolled);
        assert_eq!(motion.camera, "roll");
        assert!(near(motion.roll, -12.5, 1.5), "{motion:?}");
        assert!(near(motion.pan, 0.0, 0.02) && near(motion.zoom, 0.0, 0.02));
    }

    #[test]
    fn shaking_is_handheld_and_nothing_is_static() {
        let place = |n: usize| [0.0, 5.0, -4.0, 6.0, -6.0, 3.0, -2.0, 4.0][n % 8];
        let shaken = filmed(24, |n| View::at(place(n as usize), place(n as usize + 7)));
        assert_eq!(shaken.camera, "handheld");
        assert!(shaken.shake > 0.5, "{shaken:?}");
        let rest = filmed(10, |_| View::default());
        assert_eq!(rest.camera, "static");
        assert!(rest.energy < 0.005 && rest.shake == 0.0, "{rest:?}");
        assert!(rest.peaks.is_empty());
    }

    #[test]
    fn a_subject_that_starts_is_a_peak() {
        let motion = filmed(75, |n| View {
            patch: Some(if (40.0..46.0).contains(&n) {
                12.0 * (n - 40.0)
            } else {
                0.0
            }),
            ..View::default()
        });
        assert_eq!(motion.peaks.len(), 1, "{motion:?}");
        assert!(near(motion.peaks[0], 1.72, 0.16), "{motion:?}");
        assert_eq!(motion.camera, "static");
    }
}
