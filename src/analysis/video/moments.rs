//! Moments: the parts of a shot that are worth keeping.
//!
//! Windows of 1 to 4 seconds are placed along the shot, away from its transitions and from black, and scored:
//!
//! ```text
//! score = 0.28·quality + 0.22·faces + 0.12·subject + 0.20·action + 0.18·steadiness
//! ```
//!
//! *quality* is the mean of sharpness and exposure of the samples in the window; *faces* and *subject* are how
//! prominent faces and other subjects are; *action* is the motion in the picture relative to the rest of the shot, with
//! its peak, times steadiness; *steadiness* is the absence of shake. Frames that are black, blown out, blurred or
//! shaken take the square of their share from the score. The best window is taken, then the best of those that do not
//! overlap it, and so on.

use crate::analysis::Moment;
use crate::analysis::ramp::ramp;
use crate::analysis::video::camera_motion::{PEAK_OVER_MEAN, SMALLEST_PEAK, shakiness};
use crate::analysis::video::motion::{TimedMotion, subject_energy};
use crate::analysis::video::spoiled::FrameDefects;
use crate::time::rounded;

const QUALITY_WEIGHT: f64 = 0.28;
const FACES_WEIGHT: f64 = 0.22;
const SUBJECT_WEIGHT: f64 = 0.12;
const ACTION_WEIGHT: f64 = 0.20;
const STEADY_WEIGHT: f64 = 0.18;

/// Lengths of windows in seconds, and the factor of their score: short ones show little, long ones drag.
const LENGTHS: [(f64, f64); 5] = [
    (3.0, 1.0),
    (2.0, 1.0),
    (4.0, 0.97),
    (1.5, 0.95),
    (1.0, 0.90),
];
/// Seconds between the starts of windows.
const STRIDE: f64 = 0.25;
/// Distance from a transition, in seconds.
const MARGIN: f64 = 0.12;
/// Most moments of one shot.
const MOST: usize = 24;
/// Least value of a part, 0..1, for it to be given as a reason.
const REASON: f64 = 0.55;

/// One frame of the shot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FrameMeasures {
    /// Seconds.
    pub time: f64,
    /// The step from the frame before, with its length.
    pub step: TimedMotion,
    /// True for a black or nearly black frame.
    pub dark: bool,
    /// Exposure and sharpness.
    pub defects: FrameDefects,
    /// True where the camera shakes.
    pub shaken: bool,
    /// True where it is less sharp than its shot.
    pub blurred: bool,
}

impl FrameMeasures {
    /// True for a frame that nobody wants to see.
    fn is_spoiled(&self) -> bool {
        self.dark || self.shaken || self.blurred || self.defects.seems_blown_out()
    }
}

/// One sampled frame of the shot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SampleMeasures {
    /// Seconds.
    pub time: f64,
    /// 0..1.
    pub sharpness: f64,
    /// 0..1.
    pub exposure: f64,
    /// Prominence of the best face, 0..1.
    pub face: f64,
    /// Prominence of the best object, 0..1.
    pub subject: f64,
}

/// The part of a shot that moments may lie in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct UsableSpan {
    /// Seconds, after the transition in.
    pub start: f64,
    /// Seconds, before the next transition.
    pub end: f64,
}

/// Non-overlapping moments, best first.
pub(crate) fn find(
    frames: &[FrameMeasures],
    samples: &[SampleMeasures],
    usable: UsableSpan,
) -> Vec<Moment> {
    let margin = MARGIN.min((usable.end - usable.start).max(0.0) / 8.0);
    let (start, end) = (usable.start + margin, usable.end - margin);
    let typical = typical_action(frames);
    let mut windows: Vec<(f64, Moment)> = Vec::new();
    for (length, factor) in LENGTHS {
        let mut at = start;
        while at + length <= end + 1e-9 {
            if let Some(moment) = score(frames, samples, at, at + length, typical) {
                windows.push((moment.score * factor, moment));
            }
            at += STRIDE;
        }
    }
    if windows.is_empty()
        && end - start >= 0.15
        && let Some(moment) = score(frames, samples, start, end, typical)
    {
        windows.push((moment.score, moment));
    }
    // No window fits between transitions and black: take all that is left.
    if windows.is_empty()
        && let Some((start, end)) = longest_light(frames)
        && let Some(moment) = score(frames, samples, start, end, typical)
    {
        windows.push((moment.score, moment));
    }
    // The sort is stable: among equals the first wins.
    windows.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut chosen: Vec<Moment> = Vec::new();
    for (_, moment) in windows {
        let free = chosen
            .iter()
            .all(|other| moment.end <= other.start + 1e-6 || moment.start >= other.end - 1e-6);
        if free {
            chosen.push(moment);
            if chosen.len() == MOST {
                break;
            }
        }
    }
    chosen.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.start.total_cmp(&b.start))
    });
    chosen
}

/// The longest run of frames that are not black; `None` where all are.
fn longest_light(frames: &[FrameMeasures]) -> Option<(f64, f64)> {
    let runs = frames.chunk_by(|a, b| a.dark == b.dark);
    let light = runs.filter(|run| !run.first().is_none_or(|frame| frame.dark));
    let mut best: Option<(f64, f64)> = None;
    for run in light {
        let (first, last) = (run.first()?, run.last()?);
        let span = (first.time, last.time + f64::from(last.step.1));
        if best.is_none_or(|(start, end)| span.1 - span.0 > end - start) {
            best = Some(span);
        }
    }
    best
}

/// The median action of the frames.
fn typical_action(frames: &[FrameMeasures]) -> f64 {
    let mut actions: Vec<f64> = frames.iter().map(action).collect();
    actions.sort_by(f64::total_cmp);
    actions.get(actions.len() / 2).copied().unwrap_or(0.0)
}

fn action(frame: &FrameMeasures) -> f64 {
    f64::from(subject_energy(&frame.step.0, frame.step.1))
}

/// The score of a window; `None` where it is mostly black or holds no frame.
fn score(
    frames: &[FrameMeasures],
    samples: &[SampleMeasures],
    start: f64,
    end: f64,
    typical: f64,
) -> Option<Moment> {
    let first = frames.partition_point(|frame| frame.time < start);
    let last = frames.partition_point(|frame| frame.time < end);
    let inside = frames.get(first..last)?;
    if inside.is_empty() {
        return None;
    }
    let dark = inside.iter().filter(|frame| frame.dark).count();
    if dark * 4 > inside.len() {
        return None;
    }
    let near = nearby(samples, start, end);
    let mean = |value: fn(&SampleMeasures) -> f64| {
        near.iter().map(value).sum::<f64>() / near.len().max(1) as f64
    };
    let (quality, faces, subject) = if near.is_empty() {
        (0.5, 0.0, 0.0)
    } else {
        (
            mean(|s| 0.6 * s.sharpness + 0.4 * s.exposure),
            mean(|s| s.face),
            mean(|s| s.subject),
        )
    };
    let steps: Vec<(f64, TimedMotion)> = inside
        .iter()
        .map(|frame| (frame.time, frame.step))
        .collect();
    let steady = 1.0 - shakiness(&steps);
    let (mean_action, peak, peak_time) = peak_of(inside);
    let stands_out = peak >= SMALLEST_PEAK && peak >= PEAK_OVER_MEAN * mean_action;
    let lively =
        0.5 * ramp(mean_action, 0.0, 0.35) + 0.5 * ramp(mean_action, typical, 3.0 * typical + 0.05);
    // A shaken camera moves everything, which is no action.
    let action = steady * (lively + if stands_out { 0.25 } else { 0.0 }).min(1.0);

    let parts = [
        ("sharp", QUALITY_WEIGHT, quality),
        ("face", FACES_WEIGHT, faces),
        ("subject", SUBJECT_WEIGHT, subject),
        ("action", ACTION_WEIGHT, action),
        ("steady", STEADY_WEIGHT, steady),
    ];
    let mut total: f64 = parts.iter().map(|(_, weight, value)| weight * value).sum();
    let spoiled = inside.iter().filter(|frame| frame.is_spoiled()).count();
    total *= (1.0 - spoiled as f64 / inside.len() as f64).powi(2);
    let mut reasons: Vec<(&str, f64)> = parts
        .iter()
        .filter(|(_, _, value)| *value >= REASON)
        .map(|&(name, weight, value)| (name, weight * value))
        .collect();
    if stands_out {
        reasons.push(("peak", ACTION_WEIGHT * ramp(peak, 0.0, 0.5)));
    }
    reasons.sort_by(|a, b| b.1.total_cmp(&a.1));
    Some(Moment {
        start: rounded(start),
        end: rounded(end),
        score: rounded(total.clamp(0.0, 1.0)),
        reasons: reasons
            .into_iter()
            .map(|(name, _)| name.to_owned())
            .collect(),
        peak: stands_out.then(|| rounded(peak_time)),
    })
}

/// The samples in the window, or the nearest one if there are none.
fn nearby(samples: &[SampleMeasures], start: f64, end: f64) -> &[SampleMeasures] {
    let first = samples.partition_point(|sample| sample.time < start);
    let last = samples.partition_point(|sample| sample.time < end);
    if first < last {
        return &samples[first..last];
    }
    let at = first.min(samples.len().saturating_sub(1));
    samples.get(at..at + 1).unwrap_or(&[])
}

/// Mean and highest action, smoothed over five frames, and when it is highest.
fn peak_of(frames: &[FrameMeasures]) -> (f64, f64, f64) {
    let actions: Vec<f64> = frames.iter().map(action).collect();
    let mean = actions.iter().sum::<f64>() / actions.len().max(1) as f64;
    let mut best = (0.0, 0.0);
    for (at, frame) in frames.iter().enumerate() {
        let near = &actions[at.saturating_sub(2)..(at + 3).min(actions.len())];
        let smooth = near.iter().sum::<f64>() / near.len() as f64;
        if smooth > best.0 {
            best = (smooth, frame.time);
        }
    }
    (mean, best.0, best.1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::analysis::video::motion::FrameMotion;

    fn frames(seconds: f64, rest: impl Fn(f64) -> f32) -> Vec<FrameMeasures> {
        (0..(seconds * 25.0) as usize)
            .map(|n| {
                let time = n as f64 / 25.0;
                FrameMeasures {
                    time,
                    step: (
                        FrameMotion {
                            subject: rest(time),
                            ..FrameMotion::default()
                        },
                        0.04,
                    ),
                    dark: false,
                    defects: FrameDefects::default(),
                    shaken: false,
                    blurred: false,
                }
            })
            .collect()
    }

    fn samples(seconds: f64, sharpness: impl Fn(f64) -> f64) -> Vec<SampleMeasures> {
        (0..(seconds / 0.4) as usize)
            .map(|n| {
                let time = n as f64 * 0.4;
                SampleMeasures {
                    time,
                    sharpness: sharpness(time),
                    exposure: 1.0,
                    face: 0.0,
                    subject: 0.0,
                }
            })
            .collect()
    }

    #[test]
    fn the_sharp_part_is_best_and_moments_never_overlap() {
        let sharpness = |time: f64| if (6.0..9.0).contains(&time) { 0.9 } else { 0.2 };
        let found = find(
            &frames(12.0, |_| 0.5),
            &samples(12.0, sharpness),
            UsableSpan {
                start: 0.0,
                end: 12.0,
            },
        );
        assert!(
            found[0].start >= 5.6 && found[0].end <= 9.4,
            "{:?}",
            found[0]
        );
        assert!(found.len() >= 3 && found.windows(2).all(|pair| pair[0].score >= pair[1].score));
        for (n, a) in found.iter().enumerate() {
            assert!(a.start >= 0.0 && a.end <= 12.0);
            for b in &found[n + 1..] {
                assert!(
                    a.end <= b.start + 1e-6 || b.end <= a.start + 1e-6,
                    "{a:?} {b:?}"
                );
            }
        }
    }

    #[test]
    fn a_jump_is_a_peak_and_black_is_no_moment() {
        let rest = |time: f64| {
            if (4.0..4.3).contains(&time) {
                12.0
            } else {
                0.4
            }
        };
        let mut frames = frames(8.0, rest);
        for frame in &mut frames {
            frame.dark = frame.time >= 6.0;
        }
        let found = find(
            &frames,
            &samples(8.0, |_| 0.7),
            UsableSpan {
                start: 0.0,
                end: 8.0,
            },
        );
        let with_peak = found.iter().find(|moment| moment.peak.is_some()).unwrap();
        assert!(
            (with_peak.peak.unwrap() - 4.14).abs() < 0.2,
            "{with_peak:?}"
        );
        assert!(found.iter().all(|moment| moment.end <= 6.8), "{found:?}");
    }

    #[test]
    fn what_is_left_between_black_is_a_moment_and_black_alone_has_none() {
        let usable = UsableSpan {
            start: 0.0,
            end: 3.0,
        };
        let mut frames = frames(3.0, |_| 0.5);
        for frame in &mut frames {
            frame.dark = !(1.2..1.8).contains(&frame.time);
        }
        let found = find(&frames, &samples(3.0, |_| 0.6), usable);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].start >= 1.15 && found[0].end <= 1.85 && found[0].score > 0.2);
        for frame in &mut frames {
            frame.dark = true;
        }
        assert!(find(&frames, &samples(3.0, |_| 0.6), usable).is_empty());
        // The transitions cover the whole shot.
        for frame in &mut frames {
            frame.dark = false;
        }
        let nothing = UsableSpan {
            start: 1.5,
            end: 1.5,
        };
        assert_eq!(find(&frames, &samples(3.0, |_| 0.6), nothing).len(), 1);
    }

    #[test]
    fn the_published_weights_are_these() {
        let published = include_str!("../../../docs/json.md");
        for (reason, weight) in [
            ("sharp", QUALITY_WEIGHT),
            ("face", FACES_WEIGHT),
            ("action", ACTION_WEIGHT),
            ("steady", STEADY_WEIGHT),
            ("subject", SUBJECT_WEIGHT),
        ] {
            let row = format!("| `{reason}` | {weight:.2} |");
            assert!(published.contains(&row), "{row}");
        }
        let sum = QUALITY_WEIGHT + FACES_WEIGHT + ACTION_WEIGHT + STEADY_WEIGHT + SUBJECT_WEIGHT;
        assert!((sum - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_short_shot_is_one_moment() {
        let found = find(
            &frames(0.8, |_| 1.0),
            &samples(0.8, |_| 0.5),
            UsableSpan {
                start: 0.0,
                end: 0.8,
            },
        );
        assert_eq!(found.len(), 1);
    }
}
