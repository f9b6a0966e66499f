//! The axis along which a picture is cropped: only one side has to shrink to reach the film's aspect.

use crate::analysis::Face;
use crate::geometry::{Rect, Size};
use crate::time::rounded;

/// Aspects that differ by less than this share are the same: less than two pixels of 1920.
const SAME_SHAPE: f64 = 0.001;
/// Space around a face, in face sizes: hair and chin lie outside the detector's box.
const FACE_SPACE: f64 = 0.15;

/// How a picture is cropped to the aspect of a film.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum CropAxis {
    /// The aspects are the same: no crop.
    Whole,
    /// Full height, this share of the width.
    Across(f64),
    /// Full width, this share of the height.
    Down(f64),
}

/// A part of the axis, from and to, in fractions of the picture.
pub(super) type AxisRange = (f64, f64);

impl CropAxis {
    pub fn new(source: Size, output: Size) -> Self {
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
    pub fn size(self) -> f64 {
        match self {
            Self::Whole => 1.0,
            Self::Across(size) | Self::Down(size) => size,
        }
    }

    /// The same axis with this share of it kept.
    pub fn sized(self, size: f64) -> Self {
        match self {
            Self::Across(_) if size < 1.0 => Self::Across(size),
            Self::Down(_) if size < 1.0 => Self::Down(size),
            _ => Self::Whole,
        }
    }

    /// The part of the axis that `bounds` takes up.
    pub fn stretch(self, bounds: Rect) -> AxisRange {
        match self {
            Self::Down(_) => (bounds.y, bounds.y + bounds.height),
            _ => (bounds.x, bounds.x + bounds.width),
        }
    }

    /// The crop at `time` with its middle at `middle`, rounded to four decimals, never outside the picture.
    pub fn point(self, time: f64, middle: f64) -> [f64; 5] {
        let size = rounded(self.size()).clamp(0.0001, 1.0);
        let room = ((1.0 - size) * 10_000.0 + 1e-6).floor() / 10_000.0;
        let start = rounded(middle - size / 2.0).clamp(0.0, room.max(0.0));
        match self {
            Self::Whole => [rounded(time), 0.0, 0.0, 1.0, 1.0],
            Self::Across(_) => [rounded(time), start, 0.0, size, 1.0],
            Self::Down(_) => [rounded(time), 0.0, start, 1.0, size],
        }
    }

    /// The position nearest to `middle` at which the crop lies inside the picture.
    pub fn clamp(self, middle: f64) -> f64 {
        let half = self.size() / 2.0;
        middle.clamp(half, (1.0 - half).max(half))
    }

    /// The range of the crop's middle in which as many faces as possible are whole, largest first. If not even the
    /// largest fits, its middle. `None` without faces.
    pub fn around_faces(self, faces: &[Face]) -> Option<AxisRange> {
        let mut largest: Vec<&Face> = faces.iter().filter(|face| plausible(face.bounds)).collect();
        largest.sort_by(|a, b| b.bounds.area().total_cmp(&a.bounds.area()));
        let mut all: Option<AxisRange> = None;
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

/// Whether a box is not empty and lies in or near the picture: detectors sometimes return others.
pub(super) fn plausible(bounds: Rect) -> bool {
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
