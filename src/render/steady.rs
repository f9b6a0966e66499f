//! Takes the shake out of a segment: its crop follows the picture's fast moves, and leaves its slow ones.
//!
//! The way of the camera is the sum of its steps. Smoothed by a Gaussian it is the way that a steady camera would
//! have taken; the crop is moved by the difference, as far as the effect's enlargement leaves room. Shifts only:
//! roll, zoom and the skew of rolling shutters stay. The segment is decoded once more for it, reduced, when its first
//! frame is due.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use crate::analysis::video::{CameraStep, camera_steps};
use crate::edit::{SourceKind, Timeline, TimelineLayer};
use crate::error::Result;
use crate::geometry::Rect;
use crate::media::Limits;
use crate::task::Task;

/// Standard deviation of the smoothing in seconds: tremor of 2 Hz and more goes, pans and steps of a person stay soft.
const SMOOTH: f64 = 0.4;
/// Standard deviations that the smoothing reaches.
const REACH: f64 = 3.0;

/// The ways of the segments that are held steady.
#[derive(Default)]
pub(super) struct SteadyPaths {
    by_segment: BTreeMap<usize, SteadyPath>,
}

/// `[second of the source, right, down]`: how far a frame's picture lies from where a steady camera would have it, in
/// widths and heights of the picture.
#[derive(Debug, Clone, Default, PartialEq)]
struct SteadyPath(Vec<[f64; 3]>);

/// Where sources are read from.
#[derive(Clone, Copy)]
pub(super) struct SteadySources<'a> {
    pub folder: &'a Path,
    pub limits: &'a Limits,
    pub task: &'a Task,
}

impl SteadyPaths {
    /// `crop` where it shows the picture held steady; as it is where the layer has no such effect.
    pub fn held(
        &mut self,
        crop: Rect,
        timeline: &Timeline<'_>,
        layer: &TimelineLayer,
        sources: SteadySources<'_>,
    ) -> Result<Rect> {
        let entry = timeline.segments.get(layer.segment);
        let Some(entry) = entry.filter(|entry| {
            layer.state.steady_room > 0.0 && entry.source.kind == SourceKind::Video
        }) else {
            return Ok(crop);
        };
        let path = match self.by_segment.entry(layer.segment) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let segment = entry.segment;
                let path = entry.source.path_from(sources.folder);
                let part = [segment.start_exact, segment.end_exact];
                let steps = camera_steps(&path, part, sources.limits, sources.task)?;
                unknown.insert(SteadyPath::new(&steps))
            }
        };
        let shift = path.at(layer.source_time.seconds());
        Ok(moved(crop, shift, layer.state.steady_room))
    }
}

/// `crop`, which was enlarged for the effect, moved by `shift`: at most by `room`, in sizes of what it was before, so
/// that a jolt does not take it off its subject.
fn moved(crop: Rect, shift: [f64; 2], room: f64) -> Rect {
    let place = |start: f64, length: f64, shift: f64| {
        let most = (length * room / (1.0 - 2.0 * room)).max(0.0);
        (start + shift.clamp(-most, most)).clamp(0.0, (1.0 - length).max(0.0))
    };
    Rect::new(
        place(crop.x, crop.width, shift[0]),
        place(crop.y, crop.height, shift[1]),
        crop.width,
        crop.height,
    )
}

impl SteadyPath {
    fn new(steps: &[CameraStep]) -> Self {
        let mut place = [0.0, 0.0];
        let way: Vec<[f64; 3]> = steps
            .iter()
            .map(|step| {
                place = [place[0] + step.x, place[1] + step.y];
                [step.time, place[0], place[1]]
            })
            .collect();
        let shaken = way.iter().enumerate().map(|(number, at)| {
            let smooth = smoothed(&way, number);
            [at[0], at[1] - smooth[0], at[2] - smooth[1]]
        });
        Self(shaken.collect())
    }

    /// Straight between the frames, and as at its ends beyond them.
    fn at(&self, time: f64) -> [f64; 2] {
        let next = self.0.partition_point(|point| point[0] <= time);
        let before = next.checked_sub(1).and_then(|at| self.0.get(at));
        match (before, self.0.get(next)) {
            (Some(before), Some(after)) => {
                let share = (time - before[0]) / (after[0] - before[0]).max(1e-9);
                [1, 2].map(|axis| before[axis] + (after[axis] - before[axis]) * share)
            }
            (Some(point), None) | (None, Some(point)) => [point[1], point[2]],
            (None, None) => [0.0; 2],
        }
    }
}

/// The place of frame `number` on the way of a steady camera. The way is turned about its ends, so that a pan that goes
/// on there is not bent.
fn smoothed(way: &[[f64; 3]], number: usize) -> [f64; 2] {
    let Some(own) = way.get(number) else {
        return [0.0; 2];
    };
    let (mut sum, mut weights) = ([0.0; 2], 0.0);
    for distance in 0..way.len() {
        let (before, after) = (number.checked_sub(distance), number + distance);
        let earlier = before.and_then(|at| way.get(at));
        let later = way.get(after);
        // Beyond one end, the other side is turned about the frame itself: their mean is the frame's own place.
        let (gap, places) = match (earlier, later) {
            (Some(a), Some(b)) => ((b[0] - a[0]) / 2.0, [a[1] + b[1], a[2] + b[2]]),
            (Some(a), None) => (own[0] - a[0], [own[1] * 2.0, own[2] * 2.0]),
            (None, Some(b)) => (b[0] - own[0], [own[1] * 2.0, own[2] * 2.0]),
            (None, None) => break,
        };
        if gap > SMOOTH * REACH {
            break;
        }
        let weight = (-0.5 * (gap / SMOOTH).powi(2)).exp();
        sum = [0, 1].map(|axis| sum[axis] + places[axis] * weight);
        weights += 2.0 * weight;
    }
    sum.map(|sum| sum / f64::max(weights, 1e-9))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three seconds at 30 frames a second; `place` is the way of the picture.
    fn path(place: impl Fn(f64) -> f64) -> SteadyPath {
        let mut before = place(0.0);
        let steps: Vec<CameraStep> = (0..90)
            .map(|frame| {
                let time = f64::from(frame) / 30.0;
                let x = place(time) - before;
                before = place(time);
                CameraStep { time, x, y: 0.0 }
            })
            .collect();
        SteadyPath::new(&steps)
    }

    #[test]
    fn tremor_is_made_up_for_and_a_pan_is_left() {
        let pan = path(|time| 0.1 * time);
        assert!(pan.0.iter().all(|point| point[1].abs() < 1e-9), "{pan:?}");
        // 5 Hz, a hundredth of the width.
        let tremor = |time: f64| 0.01 * (time * 5.0 * std::f64::consts::TAU).sin();
        let shaken = path(|time| 0.1 * time + tremor(time));
        // Near its ends the way is smoothed over less.
        for frame in 24..66 {
            let time = f64::from(frame) / 30.0;
            let left = shaken.at(time)[0] - tremor(time);
            assert!(left.abs() < 0.001, "{left} at {time}");
        }
    }

    #[test]
    fn a_jolt_moves_the_crop_no_farther_than_its_room() {
        // 9:16 of a 16:9 picture, and a tenth of it cut off on each side.
        let plan = Rect::new(0.6, 0.0, 0.32, 1.0);
        let crop = Rect::new(0.632, 0.1, 0.256, 0.8);
        let near = |a: Rect, b: [f64; 4]| {
            let b = Rect::new(b[0], b[1], b[2], b[3]);
            [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height]
                .iter()
                .all(|difference| difference.abs() < 1e-9)
        };
        assert!(near(
            moved(crop, [-0.5, 0.5], 0.1),
            [plan.x, 0.2, 0.256, 0.8]
        ));
        assert!(near(
            moved(crop, [0.5, -0.5], 0.1),
            [0.664, plan.y, 0.256, 0.8]
        ));
        assert!(near(
            moved(crop, [0.02, -0.05], 0.1),
            [0.652, 0.05, 0.256, 0.8]
        ));
        // What other effects moved to the edge stays inside the picture.
        let edge = Rect::new(0.744, 0.2, 0.256, 0.8);
        assert!(near(moved(edge, [0.5, 0.5], 0.1), [0.744, 0.2, 0.256, 0.8]));
    }

    #[test]
    fn a_part_without_frames_is_left_as_it_is() {
        assert_eq!(SteadyPath::new(&[]).at(1.0), [0.0; 2]);
    }
}
