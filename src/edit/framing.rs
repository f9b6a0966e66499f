//! Which part of a picture is shown when the film has another shape: always of exactly the film's shape, inside the
//! picture, around faces and subject.
//!
//! Over time the crop takes the shortest way through a tube around the subject (the taut string of Davies and Kovac,
//! "Local extremes, runs, strings and multiresolution", 2001): it holds still while the subject stays within the tube
//! and pans evenly when it must, which is how a person would turn a camera. Corners are then rounded.

use crate::analysis::{Face, PictureFacts, Shot};
use crate::geometry::{Rect, Size};
use crate::time::rounded;

/// Shapes closer than this are the same.
const SAME_SHAPE: f64 = 0.001;
/// Half the tube's width at most, in crop sizes: how far the subject may stray from the middle.
const LOOSE: f64 = 0.2;
/// … and at least, so that a subject as large as the crop does not shake it.
const TIGHT: f64 = 0.1;
/// Seconds between the points of the tube, at most.
const STEP: f64 = 0.2;
/// Seconds over which the found positions of the subject are smoothed.
const SMOOTH: f64 = 0.4;
/// Seconds over which corners of the path are rounded.
const EASE: f64 = 0.5;
/// Points of a path may stray this far from the rounded path, in pictures.
const SIMPLE: f64 = 0.0004;
/// Space around a face, in face sizes.
const FACE_SPACE: f64 = 0.15;
/// Where a face or subject lies in a crop that slides up and down, from the top.
const EYE_LINE: f64 = 0.42;

/// How a picture is cut to a film: along one axis only.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cut {
    /// The shapes are the same.
    Whole,
    /// Full height, this share of the width.
    Across(f64),
    /// Full width, this share of the height.
    Down(f64),
}

/// A part of an axis, from and to.
type Stretch = (f64, f64);

impl Cut {
    fn new(source: Size, output: Size) -> Self {
        let share = output.aspect() / source.aspect();
        if (share - 1.0).abs() < SAME_SHAPE {
            Self::Whole
        } else if share < 1.0 {
            Self::Across(share)
        } else {
            Self::Down(1.0 / share)
        }
    }

    /// The share of the axis that is kept.
    fn size(self) -> f64 {
        match self {
            Self::Whole => 1.0,
            Self::Across(size) | Self::Down(size) => size,
        }
    }

    fn stretch(self, bounds: Rect) -> Stretch {
        match self {
            Self::Down(_) => (bounds.y, bounds.y + bounds.height),
            _ => (bounds.x, bounds.x + bounds.width),
        }
    }

    /// The crop at `time` whose middle is at `middle`, with four decimals, never outside.
    fn point(self, time: f64, middle: f64) -> [f64; 5] {
        let size = rounded(self.size()).clamp(0.0001, 1.0);
        let room = ((1.0 - size) * 10_000.0 + 1e-6).floor() / 10_000.0;
        let start = rounded(middle - size / 2.0).clamp(0.0, room.max(0.0));
        match self {
            Self::Whole => [rounded(time), 0.0, 0.0, 1.0, 1.0],
            Self::Across(_) => [rounded(time), start, 0.0, size, 1.0],
            Self::Down(_) => [rounded(time), 0.0, start, 1.0, size],
        }
    }

    /// The part of a picture's middle positions that a crop can have.
    fn clamp(self, middle: f64) -> f64 {
        let half = self.size() / 2.0;
        middle.clamp(half, (1.0 - half).max(half))
    }

    /// Where the middle must lie so that the faces are whole: of as many as fit, largest first. `None` without faces.
    fn around_faces(self, faces: &[Face]) -> Option<Stretch> {
        let mut largest: Vec<&Face> = faces.iter().filter(|face| sound(face.bounds)).collect();
        largest.sort_by(|a, b| b.bounds.area().total_cmp(&a.bounds.area()));
        let mut all: Option<Stretch> = None;
        for face in largest {
            let (from, to) = self.stretch(face.bounds);
            let space = (to - from) * FACE_SPACE;
            let (from, to) = ((from - space).max(0.0), (to + space).min(1.0));
            let wider = all.map_or((from, to), |(a, b)| (a.min(from), b.max(to)));
            if all.is_none() || wider.1 - wider.0 <= self.size() {
                all = Some(wider);
            }
        }
        let (from, to) = all?;
        let half = self.size() / 2.0;
        Some(if to - from <= self.size() {
            (to - half, from + half)
        } else {
            ((from + to) / 2.0, (from + to) / 2.0)
        })
    }
}

/// A still crop of a photo at `time` 0.
pub(super) fn of_photo(picture: &PictureFacts, output: Size) -> Vec<[f64; 5]> {
    let cut = Cut::new(Size::new(picture.width, picture.height), output);
    vec![cut.point(0.0, middle_of_picture(cut, picture))]
}

fn middle_of_picture(cut: Cut, picture: &PictureFacts) -> f64 {
    let faces = cut.around_faces(&picture.faces);
    let subject = picture
        .subject
        .as_ref()
        .map(|subject| subject.bounds)
        .filter(|bounds| sound(*bounds));
    let line = |middle: f64| match cut {
        Cut::Down(size) => middle + (0.5 - EYE_LINE) * size,
        _ => middle,
    };
    let wish = match (faces, subject) {
        (Some((from, to)), _) if to < from + 0.02 => (from + to) / 2.0,
        (Some((from, to)), subject) => {
            let wish = subject.map_or((from + to) / 2.0, |bounds| {
                let (a, b) = cut.stretch(bounds);
                (a + b) / 2.0
            });
            line(wish).clamp(from.min(to), from.max(to))
        }
        (None, Some(bounds)) => {
            let (from, to) = cut.stretch(bounds);
            let half = cut.size() / 2.0;
            let middle = (from + to) / 2.0;
            if to - from <= cut.size() {
                line(middle).clamp(to - half, from + half)
            } else {
                middle
            }
        }
        // Nobody knows: the middle across; a little above it in what is tall.
        (None, None) => match cut {
            Cut::Down(_) => EYE_LINE,
            _ => 0.5,
        },
    };
    cut.clamp(wish)
}

/// The crop of a shot from second `start` to `end` of its film, of pixels `source`.
pub(super) fn of_shot(
    shot: &Shot,
    source: Size,
    output: Size,
    start: f64,
    end: f64,
) -> Vec<[f64; 5]> {
    let cut = Cut::new(source, output);
    if cut == Cut::Whole {
        return vec![cut.point(start, 0.5)];
    }
    let tube = tube(cut, shot, start, end);
    if tube.len() < 2 {
        let middle = middle_of_picture(cut, &shot.picture);
        return vec![cut.point(start, middle)];
    }
    let corners = taut_string(&tube);
    let mut path: Vec<[f64; 5]> = Vec::new();
    for (time, middle) in simplified(&eased(&corners)) {
        let point = cut.point(time, cut.clamp(middle));
        if path.last().is_none_or(|last| point[0] > last[0]) {
            path.push(point);
        }
    }
    // A crop that holds still is one point.
    if path.windows(2).all(|pair| pair[0][1..] == pair[1][1..]) {
        path.truncate(1);
    }
    path
}

fn sound(bounds: Rect) -> bool {
    let Rect {
        x,
        y,
        width,
        height,
    } = bounds;
    [x, y, width, height]
        .iter()
        .all(|number| number.is_finite())
        && width > 0.0
        && height > 0.0
        && (-1.0..=2.0).contains(&x)
        && (-1.0..=2.0).contains(&y)
}

/// Where the middle of the crop may be at a time.
#[derive(Debug, Clone, Copy)]
struct Ring {
    time: f64,
    low: f64,
    high: f64,
}

/// The tube from `start` to `end`; empty where nothing is known of the subject.
fn tube(cut: Cut, shot: &Shot, start: f64, end: f64) -> Vec<Ring> {
    let mut samples: Vec<(f64, f64, f64)> = shot
        .subject_path
        .iter()
        .filter(|point| {
            point[0].is_finite() && sound(Rect::new(point[1], point[2], point[3], point[4]))
        })
        .map(|&[time, x, y, width, height]| {
            let (from, to) = cut.stretch(Rect::new(x, y, width, height).clipped());
            (time, (from + to) / 2.0, to - from)
        })
        .collect();
    if samples.is_empty() || end - start <= 0.0 {
        return Vec::new();
    }
    samples.sort_by(|a, b| a.0.total_cmp(&b.0));
    let first = samples
        .partition_point(|sample| sample.0 < start - 1.0)
        .saturating_sub(1);
    let last = samples.partition_point(|sample| sample.0 <= end + 1.0) + 1;
    let samples = samples
        .get(first..last.min(samples.len()))
        .unwrap_or(&samples);
    let samples = smoothed(&without_outliers(samples));
    let steps = ((end - start) / STEP).ceil().clamp(1.0, 100_000.0) as usize;
    let faces = cut.around_faces(&shot.picture.faces);
    let size = cut.size();
    (0..=steps)
        .map(|step| {
            let time = start + (end - start) * step as f64 / steps as f64;
            let (middle, extent) = at(&samples, time);
            let free = ((size - extent) / 2.0).clamp(TIGHT * size, LOOSE * size);
            let (mut low, mut high) = (cut.clamp(middle - free), cut.clamp(middle + free));
            // Around the key frame it is known where the faces are.
            if let Some((from, to)) = faces
                && from <= to
                && (time - shot.key_time).abs() <= STEP
            {
                (low, high) = if low.max(from) <= high.min(to) {
                    (low.max(from), high.min(to))
                } else {
                    let near = middle.clamp(from, to);
                    (near, near)
                };
                (low, high) = (cut.clamp(low), cut.clamp(high));
            }
            Ring { time, low, high }
        })
        .collect()
}

/// A sample that differs from both neighbors in the same direction is taken for the middle of the three.
fn without_outliers(samples: &[(f64, f64, f64)]) -> Vec<(f64, f64, f64)> {
    let middle = |a: f64, b: f64, c: f64| a.max(b).min(a.min(b).max(c));
    let mut calm = samples.to_vec();
    for (position, three) in samples.windows(3).enumerate() {
        if let (Some(here), [a, b, c]) = (calm.get_mut(position + 1), three) {
            here.1 = middle(a.1, b.1, c.1);
            here.2 = middle(a.2, b.2, c.2);
        }
    }
    calm
}

/// Each sample becomes the mean of those around it, nearer ones counting more.
fn smoothed(samples: &[(f64, f64, f64)]) -> Vec<(f64, f64, f64)> {
    samples
        .iter()
        .map(|&(time, middle, extent)| {
            // As far to the left as to the right, so that a moving subject is not dragged back at the ends.
            let first = samples.first().map_or(time, |sample| sample.0);
            let last = samples.last().map_or(time, |sample| sample.0);
            let reach = SMOOTH.min(time - first).min(last - time);
            if reach <= 0.0 {
                return (time, middle, extent);
            }
            let (mut weights, mut middles, mut extents) = (0.0, 0.0, 0.0);
            let from = samples.partition_point(|sample| sample.0 < time - reach - 1e-9);
            let near = samples
                .iter()
                .skip(from)
                .take_while(|sample| sample.0 <= time + reach + 1e-9);
            for sample in near {
                let weight = 1.0 - (sample.0 - time).abs() / (reach * 1.5);
                weights += weight;
                middles += weight * sample.1;
                extents += weight * sample.2;
            }
            (time, middles / weights, extents / weights)
        })
        .collect()
}

/// Middle and extent at a time: straight lines between the samples, held at the ends.
fn at(samples: &[(f64, f64, f64)], time: f64) -> (f64, f64) {
    let after = samples.partition_point(|sample| sample.0 <= time);
    let before = after.checked_sub(1).and_then(|before| samples.get(before));
    match (before, samples.get(after)) {
        (Some(a), Some(b)) => {
            let share = (time - a.0) / (b.0 - a.0);
            (a.1 + (b.1 - a.1) * share, a.2 + (b.2 - a.2) * share)
        }
        (Some(one), None) | (None, Some(one)) => (one.1, one.2),
        (None, None) => (0.5, 0.0),
    }
}

/// The shortest way through the tube, as the points where it bends, with a free start and end.
fn taut_string(tube: &[Ring]) -> Vec<(f64, f64)> {
    let Some(first) = tube.first() else {
        return Vec::new();
    };
    // Hold still for as long as one place lies in all rings, at the side where the way goes on.
    let (mut low, mut high) = (first.low, first.high);
    let mut start = (low + high) / 2.0;
    let mut forced = false;
    for ring in tube {
        if ring.low > high {
            (start, forced) = (high, true);
            break;
        }
        if ring.high < low {
            (start, forced) = (low, true);
            break;
        }
        (low, high) = (low.max(ring.low), high.min(ring.high));
    }
    if !forced {
        let mean = tube
            .iter()
            .map(|ring| (ring.low + ring.high) / 2.0)
            .sum::<f64>()
            / tube.len() as f64;
        start = mean.clamp(low, high);
    }
    let mut corners = vec![(first.time, start)];
    let mut from = 0;
    while from + 1 < tube.len() {
        let (time, place) = corners.last().copied().unwrap_or((first.time, start));
        let (mut least, mut most) = (f64::NEG_INFINITY, f64::INFINITY);
        let (mut least_at, mut most_at) = (from, from);
        let mut bend = None;
        for (number, ring) in tube.iter().enumerate().skip(from + 1) {
            let span = (ring.time - time).max(1e-9);
            let (to_low, to_high) = ((ring.low - place) / span, (ring.high - place) / span);
            if to_low > most {
                bend = Some((most_at, tube[most_at].high));
                break;
            }
            if to_high < least {
                bend = Some((least_at, tube[least_at].low));
                break;
            }
            if to_low >= least {
                (least, least_at) = (to_low, number);
            }
            if to_high <= most {
                (most, most_at) = (to_high, number);
            }
        }
        match bend {
            Some((number, to)) if number > from => {
                corners.push((tube[number].time, to));
                from = number;
            }
            _ => {
                // Nothing forces a bend any more: as level as possible to the end.
                let end = tube.last().map_or(time, |ring| ring.time);
                let slope = 0.0_f64.clamp(least, most.max(least));
                corners.push((end, place + slope * (end - time)));
                break;
            }
        }
    }
    corners
}

/// The path with its corners rounded: the mean over a window that is smaller near the ends, sampled closely.
fn eased(corners: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (corners.first(), corners.last()) else {
        return Vec::new();
    };
    let length = last.0 - first.0;
    let steps = (length / (EASE / 5.0)).ceil().clamp(1.0, 200_000.0) as usize;
    // Areas under the path make the mean over any window exact.
    let mut areas = vec![0.0];
    for pair in corners.windows(2) {
        let area = (pair[1].0 - pair[0].0) * (pair[0].1 + pair[1].1) / 2.0;
        areas.push(areas.last().copied().unwrap_or(0.0) + area);
    }
    let place = |time: f64| {
        let after = corners
            .partition_point(|corner| corner.0 <= time)
            .clamp(1, corners.len() - 1);
        let (a, b) = (corners[after - 1], corners[after]);
        let share = ((time - a.0) / (b.0 - a.0).max(1e-9)).clamp(0.0, 1.0);
        (after - 1, a, a.1 + (b.1 - a.1) * share)
    };
    let area_to = |time: f64| {
        let (number, a, here) = place(time);
        areas[number] + (time - a.0) * (a.1 + here) / 2.0
    };
    if corners.len() < 2 {
        return corners.to_vec();
    }
    (0..=steps)
        .map(|step| {
            let time = first.0 + length * step as f64 / steps as f64;
            let reach = (EASE / 2.0).min(time - first.0).min(last.0 - time);
            if reach < 1e-6 {
                return (time, place(time).2);
            }
            let mean = (area_to(time + reach) - area_to(time - reach)) / (2.0 * reach);
            (time, mean)
        })
        .collect()
}

/// Leaves out points that lie on the straight line between their neighbors (Ramer–Douglas–Peucker).
fn simplified(path: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut keep = vec![false; path.len()];
    if let Some(end) = keep.first_mut() {
        *end = true;
    }
    if let Some(end) = keep.last_mut() {
        *end = true;
    }
    let mut open = vec![(0, path.len().saturating_sub(1))];
    while let Some((first, last)) = open.pop() {
        let (Some(a), Some(b)) = (path.get(first), path.get(last)) else {
            continue;
        };
        let off = |point: &(f64, f64)| {
            let share = (point.0 - a.0) / (b.0 - a.0).max(1e-9);
            (a.1 + (b.1 - a.1) * share - point.1).abs()
        };
        let farthest = (first + 1..last).max_by(|x, y| off(&path[*x]).total_cmp(&off(&path[*y])));
        if let Some(middle) = farthest.filter(|middle| off(&path[*middle]) > SIMPLE) {
            keep[middle] = true;
            open.extend([(first, middle), (middle, last)]);
        }
    }
    path.iter()
        .zip(keep)
        .filter_map(|(point, keep)| keep.then_some(*point))
        .collect()
}
