//! Luma thumbnails at three sizes, and their difference when one is shifted.
//!
//! Comparisons run many times for every frame of a film. The compiler turns `abs_diff` into vectorized sums of absolute
//! differences over sixteen bytes, and a comparison stops once it is worse than the best one.

use crate::analysis::picture::luma8;
use crate::picture::Rgb8;

/// After this many rows a comparison checks whether it can stop.
const ROWS_AT_ONCE: usize = 4;
/// Largest difference of luma (of 255) of two equal pixels.
const SAME_LUMA: u8 = 5;

/// Luma, row by row.
#[derive(Debug, Clone, Default)]
pub(crate) struct LumaPlane {
    pub width: usize,
    pub height: usize,
    pub luma: Vec<u8>,
}

/// Columns and rows, ends exclusive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area {
    pub left: usize,
    pub top: usize,
    pub right: usize,
    pub bottom: usize,
}

impl Area {
    fn pixels(&self) -> usize {
        self.bottom.saturating_sub(self.top) * self.right.saturating_sub(self.left)
    }
}

impl LumaPlane {
    pub fn of(picture: &Rgb8) -> Self {
        Self {
            width: picture.width(),
            height: picture.height(),
            luma: picture.pixels().map(luma8).collect(),
        }
    }

    /// Share of the pixels whose luma differs by more than `step`; 1 where the sizes differ.
    pub fn changed(&self, other: &Self, step: u8) -> f64 {
        if self.luma.len() != other.luma.len() || self.luma.is_empty() {
            return 1.0;
        }
        let pairs = self.luma.iter().zip(&other.luma);
        let changed = pairs.filter(|(a, b)| a.abs_diff(**b) > step).count();
        changed as f64 / self.luma.len() as f64
    }

    /// Reduced to half the size, each pixel the mean of four.
    fn halved(&self) -> Self {
        let (width, height) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mut luma = Vec::with_capacity(width * height);
        for y in 0..height {
            let row = |y: usize| {
                let start = y.min(self.height.saturating_sub(1)) * self.width;
                self.luma.get(start..start + self.width).unwrap_or(&[])
            };
            let (upper, lower) = (row(2 * y), row(2 * y + 1));
            let pairs = upper.chunks(2).zip(lower.chunks(2)).take(width);
            luma.extend(pairs.map(|(a, b)| {
                let sum = |pair: &[u8]| match *pair {
                    [left, right] => u32::from(left) + u32::from(right),
                    [only] => 2 * u32::from(only),
                    _ => 0,
                };
                ((sum(a) + sum(b) + 2) / 4) as u8
            }));
        }
        Self {
            width,
            height,
            luma,
        }
    }

    pub fn whole(&self) -> Area {
        Area {
            left: 0,
            top: 0,
            right: self.width,
            bottom: self.height,
        }
    }

    /// Mean absolute difference over the part of `area` that overlaps `other` after the shift. Infinite if less than a
    /// quarter of the area does, or once the difference is known not to be below `least`.
    pub fn mismatch(&self, other: &Self, shift: (i32, i32), area: &Area, least: f32) -> f32 {
        let (dx, dy) = shift;
        let range = |from: usize, to: usize, side: usize, shift: i32| {
            let low = (from as i32).max(-shift).max(0);
            let high = (to as i32).min(side as i32 - shift).min(side as i32);
            (low as usize)..(high.max(low) as usize)
        };
        let rows = range(area.top, area.bottom, self.height.min(other.height), dy);
        let columns = range(area.left, area.right, self.width.min(other.width), dx);
        let count = rows.len() * columns.len();
        if count == 0 || count * 4 < area.pixels() {
            return f32::INFINITY;
        }
        let enough = least * count as f32;
        let mut sum = 0_u32;
        let mut mine = rows.start * self.width + columns.start;
        let mut theirs =
            (rows.start as i32 + dy) as usize * other.width + (columns.start as i32 + dx) as usize;
        let mut left = rows.len();
        while left > 0 {
            for _ in 0..left.min(ROWS_AT_ONCE) {
                sum += differences(
                    &self.luma[mine..mine + columns.len()],
                    &other.luma[theirs..theirs + columns.len()],
                );
                mine += self.width;
                theirs += other.width;
            }
            left -= left.min(ROWS_AT_ONCE);
            if sum as f32 >= enough {
                return f32::INFINITY;
            }
        }
        sum as f32 / count as f32
    }

    /// True where `area` has enough texture for its shift to be measured.
    pub fn has_texture(&self, area: &Area) -> bool {
        let mut steps = 0_u32;
        for y in area.top..area.bottom {
            let row = &self.luma[y * self.width + area.left..y * self.width + area.right];
            steps += differences(row, row.get(1..).unwrap_or(&[]));
        }
        steps as usize > 2 * area.pixels()
    }
}

/// Sum of absolute differences over the length of the shorter slice.
fn differences(a: &[u8], b: &[u8]) -> u32 {
    a.iter()
        .zip(b)
        .map(|(&a, &b)| u32::from(a.abs_diff(b)))
        .sum()
}

/// A thumbnail at three sizes.
#[derive(Debug, Clone)]
pub(crate) struct ThumbPyramid {
    pub full: LumaPlane,
    pub half: LumaPlane,
    pub quarter: LumaPlane,
}

impl ThumbPyramid {
    pub fn new(picture: &Rgb8) -> Self {
        let full = LumaPlane::of(picture);
        let half = full.halved();
        let quarter = half.halved();
        Self {
            full,
            half,
            quarter,
        }
    }

    /// True where nothing changed since `before`.
    pub fn is_same_as(&self, before: &Self) -> bool {
        let pixels = self.full.luma.len().max(1);
        let chunks = self.full.luma.chunks(255).zip(before.full.luma.chunks(255));
        let differing: usize = chunks
            .map(|(a, b)| {
                let count: u8 = a
                    .iter()
                    .zip(b)
                    .map(|(a, b)| u8::from(a.abs_diff(*b) > SAME_LUMA))
                    .sum();
                usize::from(count)
            })
            .sum();
        differing * 2000 <= pixels
    }
}
