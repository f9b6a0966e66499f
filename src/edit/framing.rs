//! Which part of a picture is shown when the film has another shape: always of exactly the film's shape, inside the
//! picture, around faces and subject.
//!
//! Over time the crop takes the shortest way through a tube around the subject (the taut string of Davies and Kovac,
//! "Local extremes, runs, strings and multiresolution", 2001): it holds still while the subject stays within the tube
//! and pans evenly when it must, which is how a person would turn a camera. Corners are then rounded.

mod crop_path;
mod subject_path;

use crate::analysis::{Face, PictureFacts, Shot};
use crate::edit::framing::crop_path::{Ring, eased, simplified, taut_string};
use crate::edit::framing::subject_path::{at, smoothed, without_outliers};
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

/// The part of a photo that is kept when it gets the shape of `output`: as large as can be, around faces and subject.
pub fn photo_crop(picture: &PictureFacts, output: Size) -> Rect {
    let cut = Cut::new(Size::new(picture.width, picture.height), output);
    let [_, x, y, width, height] = cut.point(0.0, middle_of_picture(cut, picture));
    Rect {
        x,
        y,
        width,
        height,
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
