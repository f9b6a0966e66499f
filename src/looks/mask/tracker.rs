//! Masks for clips, steady from frame to frame.
//!
//! Masks of consecutive frames differ slightly; this smooths them over time, and saves measuring every frame. A source
//! is measured a few times a second. Each measurement moves the goal: by a third where the picture is still, fully
//! where it moves (a recursive filter with a motion-adaptive gain, as in video noise reduction). Between two
//! measurements the weights approach the goal frame by frame, so no step is visible. The air always moves by a third,
//! since it belongs to the whole picture. A cut starts anew. The guided filter finds the edges of every frame itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::geometry::Size;
use crate::looks::mask::haze::Air;
use crate::looks::mask::plane::{plane_size, reduced, resampled};
use crate::looks::mask::{MaskPlane, MaskSource, Masks};
use crate::models::Models;
use crate::picture::Rgb8;

/// Weight of a new measurement where nothing moves: three measurements make two thirds of the result.
const AT_REST: f32 = 0.3;
/// Differences of luma, 0..1, from which there may be motion, and from which it is certain.
const MOTION: (f32, f32) = (0.03, 0.12);
/// Mean difference of luma between two frames, 0..1, that means a cut.
const CUT: f32 = 0.12;

impl MaskSource {
    /// Seconds between measurements.
    fn period(self) -> f64 {
        match self {
            Self::Subject => 0.25,
            Self::Person => 0.1,
            Self::Sky | Self::Haze => 0.5,
        }
    }
}

/// Provides the masks of each frame of a clip, in order.
pub struct MaskTracker<'a> {
    sources: BTreeSet<MaskSource>,
    models: Option<&'a Models>,
    last: Option<Last>,
}

/// The remembered part of a frame.
struct Frame {
    size: Size,
    luma: Vec<f32>,
    /// Seconds.
    time: f64,
}

/// The frame before, and the state of each source.
struct Last {
    frame: Frame,
    tracks: BTreeMap<MaskSource, MaskTrack>,
}

/// The state of one source.
struct MaskTrack {
    size: Size,
    weights: Vec<f32>,
    goal: Vec<f32>,
    /// The air, for haze.
    air: Option<Air>,
    air_goal: Option<Air>,
    /// The luma of the last measured frame.
    measured_luma: Vec<f32>,
    measured_time: f64,
}

impl<'a> MaskTracker<'a> {
    /// A tracker for `sources`; `models` are needed if networks find one of them.
    pub fn new(sources: BTreeSet<MaskSource>, models: Option<&'a Models>) -> Self {
        Self {
            sources,
            models,
            last: None,
        }
    }

    /// Whether there is nothing to measure on any frame.
    pub fn is_idle(&self) -> bool {
        self.sources.is_empty()
    }

    /// Forgets the state: the next frame is of another shot.
    pub fn reset(&mut self) {
        self.last = None;
    }

    /// The masks of a frame (a copy in sRGB; 320 pixels are enough) at `time` seconds. Errors: those of
    /// [`Masks::measure`].
    pub fn next(&mut self, frame: &Rgb8, time: f64) -> Result<Masks> {
        if self.is_idle() {
            return Ok(Masks::default());
        }
        let now = Frame {
            size: plane_size(frame.size()),
            luma: luma_of(&reduced(frame)),
            time,
        };
        let last = self.last.take().filter(|last| now.continues(&last.frame));
        let (before, mut tracks) = match last {
            Some(last) => (Some(last.frame), last.tracks),
            None => (None, BTreeMap::new()),
        };
        let mut masks = Masks::default();
        for source in &self.sources {
            let track = tracks.remove(source);
            let due = track
                .as_ref()
                .is_none_or(|track| track.is_due(*source, &now));
            let measured = if due {
                Masks::measure(&BTreeSet::from([*source]), frame, self.models)?
            } else {
                Masks::default()
            };
            let Some(track) = followed(*source, track, &measured, before.as_ref(), &now) else {
                continue;
            };
            if let Some(plane) = MaskPlane::of(track.size, &track.weights) {
                masks = masks.with(*source, plane);
            }
            if let Some(air) = track.air {
                masks = masks.with_air(air);
            }
            tracks.insert(*source, track);
        }
        self.last = Some(Last { frame: now, tracks });
        Ok(masks)
    }
}

impl Frame {
    /// Whether there is no cut between `before` and this frame.
    fn continues(&self, before: &Self) -> bool {
        before.size == self.size
            && before.time <= self.time
            && mean_difference(&before.luma, &self.luma) < CUT
    }
}

/// Updates the `track` of a source for the frame `now`, with its new measurement if there is one.
fn followed(
    source: MaskSource,
    track: Option<MaskTrack>,
    measured: &Masks,
    before: Option<&Frame>,
    now: &Frame,
) -> Option<MaskTrack> {
    let plane = measured.get(source);
    let Some(mut track) = track else {
        return plane.map(|plane| MaskTrack::new(plane, measured.air(), now));
    };
    if let Some(plane) = plane.filter(|plane| plane.size() == track.size) {
        track.aim(plane, measured.air(), now);
    }
    if let Some(before) = before {
        track.walk(source, before, now);
    }
    Some(track)
}

impl MaskTrack {
    fn new(plane: &MaskPlane, air: Option<Air>, now: &Frame) -> Self {
        let weights = plane.at_size(plane.size());
        Self {
            size: plane.size(),
            goal: weights.clone(),
            weights,
            air,
            air_goal: air,
            measured_luma: now.luma.clone(),
            measured_time: now.time,
        }
    }

    /// Whether it is time to measure again. A picture that did not change is not measured again.
    fn is_due(&self, source: MaskSource, now: &Frame) -> bool {
        // Half a millisecond of tolerance, since times of frames are rounded.
        now.time - self.measured_time > source.period() - 5e-4 && self.measured_luma != now.luma
    }

    /// Moves the goal toward a new measurement, further where the picture has changed since the last one.
    fn aim(&mut self, plane: &MaskPlane, air: Option<Air>, now: &Frame) {
        let moved = motion(&self.measured_luma, &now.luma, now.size, self.size);
        let measured = plane.at_size(plane.size());
        for ((goal, new), moved) in self.goal.iter_mut().zip(measured).zip(moved) {
            *goal += (AT_REST + (1.0 - AT_REST) * moved) * (new - *goal);
        }
        self.air_goal = match (self.air_goal, air) {
            (Some(goal), Some(new)) => Some(goal.toward(new, AT_REST)),
            (goal, new) => new.or(goal),
        };
        self.measured_luma = now.luma.clone();
        self.measured_time = now.time;
    }

    /// Approaches the goal, which is reached by the next measurement, or at once where the picture moves.
    fn walk(&mut self, source: MaskSource, before: &Frame, now: &Frame) {
        let left = self.measured_time + source.period() - before.time;
        let share = ((now.time - before.time) / left.max(1e-3)).clamp(0.0, 1.0) as f32;
        let moved = motion(&before.luma, &now.luma, now.size, self.size);
        for ((weight, goal), moved) in self.weights.iter_mut().zip(&self.goal).zip(moved) {
            *weight += (share + (1.0 - share) * moved) * (goal - *weight);
        }
        if let (Some(air), Some(goal)) = (self.air, self.air_goal) {
            self.air = Some(air.toward(goal, share));
        }
    }
}

/// The motion between two frames, 0..1, at the size `to` of a plane.
fn motion(before: &[f32], now: &[f32], from: Size, to: Size) -> Vec<f32> {
    let width = from.width.max(1) as usize;
    let height = now.len() / width;
    let differences: Vec<f32> = before.iter().zip(now).map(|(a, b)| (a - b).abs()).collect();
    // The mean over 5 × 5 pixels, so that noise is not motion.
    let near = |line: usize, length: usize| line.saturating_sub(2)..(line + 3).min(length);
    let across: Vec<f32> = (differences.chunks_exact(width))
        .flat_map(|row| {
            (0..width).map(|x| {
                let around = row.get(near(x, width)).unwrap_or(&[]);
                around.iter().sum::<f32>() / around.len().max(1) as f32
            })
        })
        .collect();
    let spread: Vec<f32> = (0..height)
        .flat_map(|y| {
            let across = &across;
            (0..width).map(move |x| {
                let rows = near(y, height);
                let count = rows.len().max(1) as f32;
                let sum: f32 = rows.filter_map(|row| across.get(row * width + x)).sum();
                ((sum / count - MOTION.0) / (MOTION.1 - MOTION.0)).clamp(0.0, 1.0)
            })
        })
        .collect();
    resampled(&spread, from, to)
}

fn luma_of(picture: &Rgb8) -> Vec<f32> {
    (picture.pixels())
        .map(|[red, green, blue]| {
            let sum = 13_933 * u32::from(red) + 46_871 * u32::from(green) + 4_732 * u32::from(blue);
            sum as f32 * (1.0 / (65_536.0 * 255.0))
        })
        .collect()
}

fn mean_difference(before: &[f32], now: &[f32]) -> f32 {
    let sum: f32 = before.iter().zip(now).map(|(a, b)| (a - b).abs()).sum();
    sum / now.len().max(1) as f32
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Sky down to `horizon`, ground below.
    fn scene(horizon: usize) -> Rgb8 {
        let mut picture = Rgb8::black(Size::new(96, 64));
        for (number, pixel) in picture.samples_mut().chunks_exact_mut(3).enumerate() {
            let (x, y) = (number % 96, number / 96);
            let rough = ((x * 37 + y * 91) % 41) as u8;
            let sky = [90 + y as u8, 140 + y as u8, 225];
            let ground = [50 + rough, 80 + rough, 30 + rough / 2];
            pixel.copy_from_slice(if y < horizon { &sky } else { &ground });
        }
        picture
    }

    fn coverage(masks: &Masks) -> f64 {
        masks.get(MaskSource::Sky).unwrap().coverage()
    }

    #[test]
    fn a_resting_picture_keeps_its_mask_and_a_cut_begins_anew() {
        let mut tracker = MaskTracker::new(BTreeSet::from([MaskSource::Sky]), None);
        let still = scene(32);
        let first = tracker.next(&still, 0.0).unwrap();
        for frame in 1..40 {
            let masks = tracker.next(&still, f64::from(frame) / 25.0).unwrap();
            assert_eq!(masks, first, "frame {frame}");
        }
        let mut dark = scene(0);
        dark.samples_mut()
            .iter_mut()
            .for_each(|sample| *sample /= 4);
        assert_eq!(coverage(&tracker.next(&dark, 1.6).unwrap()), 0.0);
        assert!(coverage(&tracker.next(&still, 1.64).unwrap()) > 0.4);
    }

    #[test]
    fn the_color_of_the_air_changes_slowly_and_without_a_step() {
        let source = BTreeSet::from([MaskSource::Haze]);
        // No two frames of a camera are equal: the last sample changes.
        let veiled = |air: u8, frame: u8| {
            let mut picture = scene(32);
            for pixel in picture.samples_mut().chunks_exact_mut(3) {
                pixel[0] = pixel[0] / 2 + air / 2;
                pixel[1] = pixel[1] / 2 + air / 2;
                pixel[2] = pixel[2] / 2 + 110;
            }
            if let Some(last) = picture.samples_mut().last_mut() {
                *last = 100 + frame % 2;
            }
            picture
        };
        let red = |masks: &Masks| masks.air().unwrap().color[0];
        let mut tracker = MaskTracker::new(source.clone(), None);
        let found: Vec<f32> = (0..75_u8)
            .map(|frame| {
                let picture = veiled(if frame < 3 { 200 } else { 220 }, frame);
                red(&tracker.next(&picture, f64::from(frame) / 25.0).unwrap())
            })
            .collect();
        let [first, last] =
            [200, 220].map(|air| red(&Masks::measure(&source, &veiled(air, 0), None).unwrap()));
        assert!(last - first > 0.02, "{first} {last}");
        assert!((found[2] - first).abs() < 1e-6, "{} {first}", found[2]);
        let steps: Vec<f32> = found.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(
            steps
                .iter()
                .all(|step| (-1e-6..0.1 * (last - first)).contains(step)),
            "{steps:?}"
        );
        assert!(
            found[74] > first + 0.5 * (last - first),
            "{} {last}",
            found[74]
        );
    }

    #[test]
    fn a_change_walks_to_its_goal_without_a_step() {
        let mut tracker = MaskTracker::new(BTreeSet::from([MaskSource::Sky]), None);
        let mut seen = vec![];
        for frame in 0..75 {
            let horizon = if frame < 3 { 30 } else { 34 };
            let masks = tracker
                .next(&scene(horizon), f64::from(frame) / 25.0)
                .unwrap();
            seen.push(coverage(&masks));
        }
        let target = coverage(
            &Masks::measure(&BTreeSet::from([MaskSource::Sky]), &scene(34), None).unwrap(),
        );
        assert!((seen[74] - target).abs() < 0.01, "{} {target}", seen[74]);
        assert!(seen.windows(2).all(|pair| pair[1] >= pair[0] - 1e-6));
    }
}
