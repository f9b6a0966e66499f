//! Where faces are in each frame of a clip, so that they can be blurred in all of them.
//!
//! The clip is decoded once before anything is drawn, so a face is covered from before it is first found. Every frame is
//! searched as a whole. The tiles, where smaller faces are, are searched several times a second, and in both frames
//! beside a sudden change, so that nobody is seen for a frame at a new shot. Boxes are linked from frame to frame; in
//! between, a face is on the line from one to the next. Before a face is first found and after it is lost it is covered
//! for a moment more, where it was and where it was going, in a box that grows.
//!
//! Nothing here decides who is who: where two faces cross, both places are covered.

use rayon::ThreadPool;
use rayon::prelude::*;

use crate::batch::face_search::{SearchDepth, cover, needed, search_faces};
use crate::batch::rendition::RenditionRequest;
use crate::error::{Error, Result};
use crate::geometry::{Point, Rect, Size};
use crate::media::{FrameSize, VideoReader};
use crate::models::Models;
use crate::picture::Rgb8;
use crate::task::Task;
use crate::time::Rational;

/// Longer side of the frames that are searched, in pixels: a tile of it is what the network takes.
const SEARCH_SIDE: u32 = 640;
/// Seconds between two searches of the tiles.
const TILES_EVERY: f64 = 0.2;
/// The size at which frames are compared.
const SMALL: Size = Size::new(48, 27);
/// Mean difference of samples from one frame to the next, of 255, from which tiles are searched in both …
const CHANGE: f64 = 8.0;
/// … and from which another shot begins. A flash is one, too: see [`ACROSS_SHOTS`].
const CUT: f64 = 24.0;
/// Frames that are searched side by side.
const AT_A_TIME: usize = 16;

/// A face goes on with a box within this many seconds …
const LONGEST_GAP: f64 = 1.0;
/// … and this distance, in mean diagonals of the boxes, and so much more for each second of the gap.
const NEAR: f64 = 0.75;
const NEAR_PER_SECOND: f64 = 1.0;
/// Seconds for which a face is covered before it is first found, and after it was last found.
const HOLD_BEFORE: f64 = 0.5;
const HOLD_AFTER: f64 = 0.8;
/// The same beyond a cut: the first frames of a shot are often too blocky for a face to be found, and a flash looks like
/// two cuts.
const ACROSS_SHOTS: f64 = 0.12;
/// What a box grows by for each second to the nearest one that was found, as a share of its sides.
const GROWTH: f64 = 0.6;
/// Seconds over which the place of a box is averaged, before and after: detections tremble.
const STEADY: f64 = 0.1;
/// Seconds over which the speed of a face is measured at its ends.
const SPEED_OVER: f64 = 0.2;

/// The faces of a clip.
pub(super) struct ClipFaces {
    /// In order of time.
    frames: Vec<FrameFaces>,
    /// Faces, each from where it is first found to where it is lost.
    pub count: usize,
}

/// What is covered in a frame.
struct FrameFaces {
    time: Rational,
    covers: Vec<Rect>,
}

impl ClipFaces {
    /// Searches all of the clip. A clip that breaks off is searched as far as it goes, where the settings take that.
    pub fn find(request: &RenditionRequest<'_>, threads: &ThreadPool, task: &Task) -> Result<Self> {
        let models = needed(request.models)?;
        let settings = request.settings;
        let decoders = threads.current_num_threads();
        let mut reader = VideoReader::open(&request.item.source, &settings.limits, decoders)?;
        reader.set_background(settings.background);
        let end = reader.facts().duration.map_or(0.0, Rational::seconds);
        let mut search = ClipSearch::new(models, threads);
        loop {
            task.check()?;
            match reader.next_frame() {
                Ok(Some(info)) => {
                    let picture = reader.image(FrameSize::LongSide(SEARCH_SIDE))?;
                    let small = reader.image(FrameSize::Exact(SMALL))?;
                    search.push(info.time, picture, small)?;
                    if end > 0.0 {
                        task.progress(info.time.seconds() / end);
                    }
                }
                Ok(None) => break,
                Err(Error::BreaksOff { .. }) if settings.partial => break,
                Err(problem) => return Err(problem),
            }
        }
        Ok(Self::of(search.finish()?))
    }

    /// Links what was found in the frames.
    fn of(frames: Vec<SearchedFrame>) -> Self {
        let paths = linked(&frames);
        let covers = |frame: &SearchedFrame| {
            let at = |path: &FacePath| path.cover_at(frame.time.seconds(), frame.shot);
            paths.iter().filter_map(at).collect()
        };
        let frames = frames.iter().map(|frame| FrameFaces {
            time: frame.time,
            covers: covers(frame),
        });
        Self {
            frames: frames.collect(),
            count: paths.len(),
        }
    }

    /// What is covered at `time`, in fractions of the clip's frames; `None` for a frame that was not searched.
    pub fn at(&self, time: Rational) -> Option<&[Rect]> {
        let found = self.frames.binary_search_by(|frame| frame.time.cmp(&time));
        let frame = found.ok().and_then(|at| self.frames.get(at))?;
        Some(&frame.covers)
    }
}

/// A frame on its way to be searched.
struct WaitingFrame {
    time: Rational,
    shot: usize,
    depth: SearchDepth,
    picture: Rgb8,
}

/// A frame with the boxes of the faces that were found in it.
struct SearchedFrame {
    time: Rational,
    shot: usize,
    faces: Vec<Rect>,
}

/// Searches frames as they come, several at a time.
struct ClipSearch<'a> {
    models: &'a Models,
    threads: &'a ThreadPool,
    waiting: Vec<WaitingFrame>,
    done: Vec<SearchedFrame>,
    shot: usize,
    before: Option<Rgb8>,
    /// When tiles were last searched, in seconds.
    tiles_at: Option<f64>,
}

impl<'a> ClipSearch<'a> {
    fn new(models: &'a Models, threads: &'a ThreadPool) -> Self {
        Self {
            models,
            threads,
            waiting: Vec::new(),
            done: Vec::new(),
            shot: 0,
            before: None,
            tiles_at: None,
        }
    }

    fn push(&mut self, time: Rational, picture: Rgb8, small: Rgb8) -> Result<()> {
        let change = self
            .before
            .as_ref()
            .map(|before| mean_change(before, &small));
        self.before = Some(small);
        let is_sudden = change.is_some_and(|change| change > CHANGE);
        if is_sudden && let Some(last) = self.waiting.last_mut() {
            last.depth = SearchDepth::Tiles;
        }
        self.shot += usize::from(change.is_some_and(|change| change > CUT));
        let seconds = time.seconds();
        let is_due = |last: f64| seconds - last >= TILES_EVERY - 1e-6;
        let is_deep = is_sudden || self.tiles_at.is_none_or(is_due);
        if is_deep {
            self.tiles_at = Some(seconds);
        }
        self.waiting.push(WaitingFrame {
            time,
            shot: self.shot,
            depth: match is_deep {
                true => SearchDepth::Tiles,
                false => SearchDepth::Whole,
            },
            picture,
        });
        // The last one waits: the next may turn out to be another shot.
        match self.waiting.len() > AT_A_TIME {
            true => self.search(AT_A_TIME),
            false => Ok(()),
        }
    }

    fn search(&mut self, count: usize) -> Result<()> {
        let frames: Vec<WaitingFrame> = self.waiting.drain(..count).collect();
        let models = self.models;
        let search = |frame: &WaitingFrame| {
            Ok(SearchedFrame {
                time: frame.time,
                shot: frame.shot,
                faces: search_faces(models, &frame.picture, frame.depth)?,
            })
        };
        let found: Result<Vec<SearchedFrame>> = self
            .threads
            .install(|| frames.par_iter().map(search).collect());
        self.done.extend(found?);
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<SearchedFrame>> {
        self.search(self.waiting.len())?;
        self.done.sort_by_key(|frame| frame.time);
        Ok(self.done)
    }
}

fn mean_change(before: &Rgb8, after: &Rgb8) -> f64 {
    let pairs = before.samples().iter().zip(after.samples());
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / after.samples().len().max(1) as f64
}

/// A face in one shot, where it was found.
#[derive(Debug)]
struct FacePath {
    shot: usize,
    /// Seconds and boxes, in order of time; at least one.
    points: Vec<(f64, Rect)>,
}

/// Links the boxes of each shot from frame to frame, the nearest first.
fn linked(frames: &[SearchedFrame]) -> Vec<FacePath> {
    let mut paths: Vec<FacePath> = Vec::new();
    // Paths before this one are over.
    let mut live: Vec<usize> = Vec::new();
    for frame in frames {
        let time = frame.time.seconds();
        live.retain(|at| {
            paths
                .get(*at)
                .is_some_and(|path| path.goes_on(time, frame.shot))
        });
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for &at in &live {
            for (number, face) in frame.faces.iter().enumerate() {
                let distance = paths.get(at).and_then(|path| path.distance(time, *face));
                pairs.extend(distance.map(|distance| (distance, at, number)));
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut gone_on, mut taken) = (Vec::new(), Vec::new());
        for (_, at, number) in pairs {
            if gone_on.contains(&at) || taken.contains(&number) {
                continue;
            }
            if let (Some(path), Some(face)) = (paths.get_mut(at), frame.faces.get(number)) {
                path.points.push((time, *face));
                gone_on.push(at);
                taken.push(number);
            }
        }
        for (number, face) in frame.faces.iter().enumerate() {
            if !taken.contains(&number) {
                live.push(paths.len());
                paths.push(FacePath {
                    shot: frame.shot,
                    points: vec![(time, *face)],
                });
            }
        }
    }
    paths
}

impl FacePath {
    fn first(&self) -> (f64, Rect) {
        self.points.first().copied().unwrap_or_default()
    }

    fn last(&self) -> (f64, Rect) {
        self.points.last().copied().unwrap_or_default()
    }

    fn goes_on(&self, time: f64, shot: usize) -> bool {
        self.shot == shot && time - self.last().0 <= LONGEST_GAP
    }

    /// How far a box is from where the face should be by now, in mean diagonals of the boxes; `None` where it is too far
    /// from there and from where the face was last.
    fn distance(&self, time: f64, face: Rect) -> Option<f64> {
        let (then, last) = self.last();
        let seconds = time - then;
        let ahead = moved(last, self.speed(false), seconds);
        let diagonal = |bounds: Rect| bounds.width.hypot(bounds.height);
        let mean = ((diagonal(last) + diagonal(face)) / 2.0).max(1e-6);
        let far = |from: Rect| {
            let (from, to) = (from.center(), face.center());
            (to.x - from.x).hypot(to.y - from.y) / mean
        };
        let reach = NEAR + NEAR_PER_SECOND * seconds;
        (far(ahead).min(far(last)) <= reach).then(|| far(ahead))
    }

    /// What is covered of the face at `time` of a shot; `None` where it is long gone.
    fn cover_at(&self, time: f64, shot: usize) -> Option<Rect> {
        let (first, last) = (self.first().0, self.last().0);
        let hold = |in_shot: f64| match self.shot == shot {
            true => in_shot,
            false => ACROSS_SHOTS,
        };
        if time < first - hold(HOLD_BEFORE) || time > last + hold(HOLD_AFTER) {
            return None;
        }
        let face = if time < first {
            held(self.first().1, self.speed(true), time - first)
        } else if time > last {
            held(self.last().1, self.speed(false), time - last)
        } else {
            self.steady_at(time)
        };
        Some(cover(grown(face, 1.0 + GROWTH * self.away(time))))
    }

    /// Seconds to the nearest box that was found.
    fn away(&self, time: f64) -> f64 {
        let next = self.points.partition_point(|point| point.0 < time);
        let beside = [next.checked_sub(1), Some(next)];
        let points = beside
            .into_iter()
            .flatten()
            .filter_map(|at| self.points.get(at));
        let nearest = points.map(|point| (point.0 - time).abs());
        nearest.fold(f64::INFINITY, f64::min).min(LONGEST_GAP)
    }

    /// The box on the line between those before and after.
    fn at(&self, time: f64) -> Rect {
        let next = self.points.partition_point(|point| point.0 < time);
        let before = next.checked_sub(1).and_then(|at| self.points.get(at));
        match (before, self.points.get(next)) {
            (Some(a), Some(b)) => {
                let share = ((time - a.0) / (b.0 - a.0).max(1e-9)).clamp(0.0, 1.0);
                let mixed = |a: f64, b: f64| a + (b - a) * share;
                Rect::new(
                    mixed(a.1.x, b.1.x),
                    mixed(a.1.y, b.1.y),
                    mixed(a.1.width, b.1.width),
                    mixed(a.1.height, b.1.height),
                )
            }
            (Some(end), None) | (None, Some(end)) => end.1,
            (None, None) => Rect::default(),
        }
    }

    /// The box with its place averaged over a moment, as large as the largest of that moment.
    fn steady_at(&self, time: f64) -> Rect {
        let (first, last) = (self.first().0, self.last().0);
        // The same on both sides, so that a face that moves evenly stays in the middle.
        let reach = STEADY.min(time - first).min(last - time).max(0.0);
        let around = [time - reach, time, time + reach].map(|time| self.at(time));
        let (mut x, mut y, mut width, mut height) = (0.0, 0.0, 0.0, 0.0);
        for bounds in around {
            let middle = bounds.center();
            x += middle.x / 3.0;
            y += middle.y / 3.0;
            width = bounds.width.max(width);
            height = bounds.height.max(height);
        }
        Rect::new(x - width / 2.0, y - height / 2.0, width, height)
    }

    /// Fractions of the frame that the face moves each second at its first or last box.
    fn speed(&self, at_first: bool) -> Point {
        let (end, other) = match at_first {
            true => (self.first().0, self.first().0 + SPEED_OVER),
            false => (self.last().0, self.last().0 - SPEED_OVER),
        };
        let other = other.clamp(self.first().0, self.last().0);
        let seconds = end - other;
        if seconds.abs() < 1e-6 {
            return Point::default();
        }
        let (to, from) = (self.at(end).center(), self.at(other).center());
        Point {
            x: (to.x - from.x) / seconds,
            y: (to.y - from.y) / seconds,
        }
    }
}

/// A box where it was and where it was going, `seconds` later or earlier.
fn held(bounds: Rect, speed: Point, seconds: f64) -> Rect {
    bounds.union(moved(bounds, speed, seconds))
}

/// A box where it was going, `seconds` later or earlier; it goes no further than its own size.
fn moved(bounds: Rect, speed: Point, seconds: f64) -> Rect {
    let step = |speed: f64, side: f64| (speed * seconds).clamp(-side, side);
    Rect {
        x: bounds.x + step(speed.x, bounds.width),
        y: bounds.y + step(speed.y, bounds.height),
        ..bounds
    }
}

fn grown(bounds: Rect, factor: f64) -> Rect {
    let middle = bounds.center();
    let (width, height) = (bounds.width * factor, bounds.height * factor);
    Rect::new(
        middle.x - width / 2.0,
        middle.y - height / 2.0,
        width,
        height,
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Frames of 25 a second; `faces` gives those of each, and `shot` the shot.
    fn frames(
        count: i64,
        faces: impl Fn(i64) -> Vec<Rect>,
        shot: impl Fn(i64) -> usize,
    ) -> Vec<SearchedFrame> {
        let frame = |number: i64| SearchedFrame {
            time: Rational::new(number, 25).unwrap(),
            shot: shot(number),
            faces: faces(number),
        };
        (0..count).map(frame).collect()
    }

    fn moving(number: i64) -> Rect {
        Rect::new(0.1 + 0.004 * number as f64, 0.4, 0.1, 0.1)
    }

    fn holds(covers: &[Rect], face: Rect) -> bool {
        covers.iter().any(|cover| {
            let (middle, inner) = (cover.center(), face.center());
            let across = (inner.x - middle.x).abs() + face.width / 2.0;
            let down = (inner.y - middle.y).abs() + face.height / 2.0;
            across <= cover.width / 2.0 && down <= cover.height / 2.0
        })
    }

    fn at(faces: &ClipFaces, number: i64) -> &[Rect] {
        faces.at(Rational::new(number, 25).unwrap()).unwrap()
    }

    #[test]
    fn a_face_that_is_found_now_and_then_is_covered_in_between_before_and_after() {
        let found = |number: i64| match number {
            20 | 25 | 40 => vec![moving(number)],
            _ => vec![],
        };
        let faces = ClipFaces::of(frames(100, found, |_| 0));
        assert_eq!(faces.count, 1);
        for number in 10..=55 {
            assert!(holds(at(&faces, number), moving(number)), "{number}");
        }
        assert!(at(&faces, 0).is_empty() && at(&faces, 99).is_empty());
        assert!(faces.at(Rational::new(101, 25).unwrap()).is_none());
    }

    #[test]
    fn a_cover_hardly_reaches_into_another_shot() {
        let found = |number: i64| match number {
            50.. => vec![moving(0)],
            _ => vec![],
        };
        let faces = ClipFaces::of(frames(60, found, |number| usize::from(number >= 50)));
        assert!(at(&faces, 45).is_empty());
        // A flash, or a frame too blocky, right before.
        assert!(holds(at(&faces, 48), moving(0)));
        assert!((50..60).all(|number| holds(at(&faces, number), moving(0))));
    }

    #[test]
    fn faces_that_cross_are_both_covered() {
        let other = |number: i64| Rect::new(0.5 - 0.004 * number as f64, 0.4, 0.1, 0.1);
        let found = |number: i64| match number {
            // The detector sees one of them while they overlap.
            45..=55 => vec![moving(number)],
            _ => vec![moving(number), other(number)],
        };
        let faces = ClipFaces::of(frames(100, found, |_| 0));
        for number in 0..100 {
            assert!(holds(at(&faces, number), moving(number)), "{number}");
            assert!(holds(at(&faces, number), other(number)), "{number}");
        }
    }
}
