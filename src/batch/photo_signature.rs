//! The distribution of light over a photo: it recognizes photos of one scene despite different exposure and white
//! balance, and measures that difference.
//!
//! The mean light of 12 × 12 cells is expressed in stops: how bright, how warm, how green. Another exposure adds the
//! same amount to the brightness of every cell, another white balance to the color of every cell. So two photos of
//! one view are equal once their means are removed, and the median difference of their cells is what the camera
//! changed.

use std::path::Path;

use crate::error::Result;
use crate::looks::Correction;
use crate::media::{Limits, decode_small, to_srgb};
use crate::picture::Rgb8;

/// Cells a side.
const CELLS: usize = 12;
/// Longer side of the measured copy, in pixels: the size at which the correction was fitted.
const SIDE: u32 = 128;
/// Weight of color against brightness: color varies less from cell to cell but is as informative.
const COLOR: f64 = 2.0;
/// Range of linear light, 0..1; cells outside it are clipped or drowned in noise.
const USABLE: std::ops::Range<f64> = 0.004..0.9;
/// Greatest difference of two cells in stops: a neon sign is no more unlike a lawn than a beach is.
const UNLIKE: f64 = 1.5;
/// Least usable cells in common; with fewer, all cells count.
const LEAST_CELLS: usize = 12;

/// Likeness from which shifted comparisons are worth their time: the camera may just have moved.
const WORTH_MOVING: f64 = 0.2;

/// Cells to the right and down.
type Shift = (isize, isize);
/// A cell in both photos.
type CellPair<'a> = (&'a [f64; 3], &'a [f64; 3]);

/// The measures of one photo.
#[derive(Debug, Clone)]
pub(super) struct PhotoSignature {
    /// The time of capture, in seconds of the camera's clock.
    pub(super) taken: Option<i64>,
    /// The correction of the photo by itself.
    pub(super) correction: Correction,
    /// Brightness, warmth and green of each cell, in stops.
    cells: Vec<[f64; 3]>,
    usable: Vec<bool>,
}

impl PhotoSignature {
    /// Measures a small copy of the photo at `path`.
    pub(super) fn of(path: &Path, limits: &Limits) -> Result<Self> {
        let still = decode_small(path, limits, 2 * SIDE)?;
        let size = still.picture.size().within(SIDE);
        let small = to_srgb(&still.picture.resized(size));
        Ok(Self::measured(&small, still.metadata.taken()))
    }

    fn measured(small: &Rgb8, taken: Option<i64>) -> Self {
        let (width, height) = (small.width(), small.height());
        let mut sums = vec![[0.0_f64; 4]; CELLS * CELLS];
        for (at, pixel) in small.pixels().enumerate() {
            let (x, y) = (at % width, at / width);
            let cell = y * CELLS / height * CELLS + x * CELLS / width;
            if let Some(sum) = sums.get_mut(cell) {
                for (sum, value) in sum.iter_mut().zip(pixel) {
                    *sum += linear(value);
                }
                sum[3] += 1.0;
            }
        }
        let (mut cells, mut usable) = (Vec::new(), Vec::new());
        for [red, green, blue, count] in sums {
            let light = [red, green, blue].map(|sum| sum / count.max(1.0));
            usable.push(light.iter().all(|light| USABLE.contains(light)));
            let [red, green, blue] = light.map(|light| libm::log2(light.max(1e-3)));
            cells.push([
                0.2126 * red + 0.7152 * green + 0.0722 * blue,
                (red - blue) / 2.0,
                green - (red + blue) / 2.0,
            ]);
        }
        Self {
            taken,
            correction: Correction::measure(small),
            cells,
            usable,
        }
    }

    /// The cells usable in both, with `other` shifted.
    fn pairs<'a>(&'a self, other: &'a Self, (right, down): Shift) -> Vec<CellPair<'a>> {
        let moved = |at: usize, by: isize| at.checked_add_signed(by).filter(|at| *at < CELLS);
        let both = (0..CELLS * CELLS).filter_map(|here| {
            let there = moved(here / CELLS, down)? * CELLS + moved(here % CELLS, right)?;
            let usable = *self.usable.get(here)? && *other.usable.get(there)?;
            Some((usable, (self.cells.get(here)?, other.cells.get(there)?)))
        });
        let all: Vec<(bool, CellPair)> = both.collect();
        let strict = all.iter().filter(|(usable, _)| *usable).count() >= LEAST_CELLS;
        all.into_iter()
            .filter(|(usable, _)| *usable || !strict)
            .map(|(_, pair)| pair)
            .collect()
    }

    /// The likeness of two photos, and the shift of `other` at which they are most alike.
    fn aligned(&self, other: &Self) -> (f64, Shift) {
        let here = (correlation(&self.pairs(other, (0, 0))), (0, 0));
        if here.0 < WORTH_MOVING {
            return here;
        }
        let around = (-1..=1).flat_map(|down| (-1..=1).map(move |right| (right, down)));
        around
            .filter(|shift| *shift != (0, 0))
            .fold(here, |best, shift| {
                let moved = correlation(&self.pairs(other, shift));
                if moved > best.0 { (moved, shift) } else { best }
            })
    }

    /// Likeness of two photos regardless of exposure and white balance, −1..1; 1 is the same view.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        self.aligned(other).0
    }

    /// Distance of two photos including exposure and white balance: the mean distance of their cells in stops.
    pub(super) fn distance(&self, other: &Self) -> f64 {
        let cells = self.cells.iter().zip(&other.cells);
        let sum: f64 = cells
            .map(|(a, b)| {
                let [light, warm, green] = [0, 1, 2].map(|axis: usize| a[axis] - b[axis]);
                let apart = light * light + COLOR * COLOR * (warm * warm + green * green);
                libm::sqrt(apart).min(UNLIKE)
            })
            .sum();
        sum / self.cells.len().max(1) as f64
    }

    /// The difference from `other` in stops of light, of warmth and of green.
    pub(super) fn beyond(&self, other: &Self) -> [f64; 3] {
        let pairs = self.pairs(other, self.aligned(other).1);
        [0, 1, 2].map(|axis: usize| median(pairs.iter().map(|(a, b)| a[axis] - b[axis]).collect()))
    }
}

/// The correlation of two photos' cells, light and color together, with their means removed.
fn correlation(pairs: &[CellPair]) -> f64 {
    let count = pairs.len().max(1) as f64;
    let mut means = [[0.0; 2]; 3];
    for (a, b) in pairs {
        for (mean, (a, b)) in means.iter_mut().zip(a.iter().zip(*b)) {
            mean[0] += a / count;
            mean[1] += b / count;
        }
    }
    let (mut product, mut squares) = (0.0, [0.0; 2]);
    for (a, b) in pairs {
        for (at, (mean, (a, b))) in means.iter().zip(a.iter().zip(*b)).enumerate() {
            let weight = if at == 0 { 1.0 } else { COLOR };
            let (a, b) = (weight * (a - mean[0]), weight * (b - mean[1]));
            product += a * b;
            squares[0] += a * a;
            squares[1] += b * b;
        }
    }
    let size = libm::sqrt(squares[0] * squares[1]);
    if size > 1e-9 { product / size } else { 0.0 }
}

/// The median of numbers; 0 without any.
pub(super) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let half = numbers.len() / 2;
    match (numbers.len() % 2, numbers.get(half)) {
        (1, Some(middle)) => *middle,
        (_, Some(upper)) => (upper + numbers.get(half.wrapping_sub(1)).unwrap_or(upper)) / 2.0,
        (_, None) => 0.0,
    }
}

/// Light of a display value (IEC 61966-2-1).
fn linear(value: u8) -> f64 {
    let value = f64::from(value) / 255.0;
    if value <= 0.040_45 {
        value / 12.92
    } else {
        libm::pow((value + 0.055) / 1.055, 2.4)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;
    use crate::geometry::Size;

    /// A distinct view for each `kind`, with its light multiplied by `gains`.
    pub(in crate::batch) fn view(kind: u32, gains: [f64; 3], taken: Option<i64>) -> PhotoSignature {
        let samples = (0..64 * 64u32).flat_map(|at| {
            let cell = (at % 64 / 8) + 8 * (at / 64 / 8) + 97 * kind;
            [0, 1, 2].map(|channel: u32| {
                let mut random = (cell * 3 + channel).wrapping_mul(0x85eb_ca6b);
                random = (random ^ random >> 13).wrapping_mul(0xc2b2_ae35);
                random = (random ^ random >> 16) >> 24;
                let light = (0.05 + 0.3 * f64::from(random) / 255.0) * gains[channel as usize];
                (255.0 * 1.055 * libm::pow(light, 1.0 / 2.4) - 14.0) as u8
            })
        });
        PhotoSignature::measured(
            &Rgb8::new(Size::new(64, 64), samples.collect()).unwrap(),
            taken,
        )
    }

    #[test]
    fn one_view_is_known_in_any_light_and_its_light_is_measured() {
        let here = view(1, [1.0; 3], None);
        let brighter = view(1, [2.0; 3], None);
        let warmer = view(1, [1.25, 1.0, 0.8], None);
        assert!(here.likeness(&brighter) > 0.98 && here.likeness(&warmer) > 0.95);
        assert!(here.likeness(&view(2, [1.0; 3], None)) < 0.4);
        let [stops, warm, green] = brighter.beyond(&here);
        assert!((stops - 1.0).abs() < 0.05 && warm.abs() < 0.03 && green.abs() < 0.03);
        let [_, warm, _] = warmer.beyond(&here);
        assert!((warm - libm::log2(1.25)).abs() < 0.04, "{warm}");
    }

    #[test]
    fn the_middle_is_the_middle() {
        assert_eq!(median(vec![]), 0.0);
        assert_eq!(median(vec![3.0, 1.0]), 2.0);
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
    }
}
