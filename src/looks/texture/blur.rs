//! Reduced, blurred copies of a picture, and reading them at full size.
//!
//! A wide Gaussian is computed on a copy that is halved until the standard deviation is 1.25 to 2.5 pixels, so its cost
//! does not depend on the radius. Halving is a box mean; reading is bilinear, which is invisible on such a smooth copy.

use rayon::prelude::*;

use crate::geometry::Size;

/// Greatest reduction of a copy, per side. The widest blur (10 % of the shorter side) reaches it at 1600 lines.
const MOST: usize = 64;

/// A wide Gaussian: its reduced copy, and the kernel there.
#[derive(Debug, Clone)]
pub(in crate::looks) struct Blur {
    /// Picture pixels per pixel of the copy, along a side: a power of two.
    pub(in crate::looks) factor: usize,
    /// Size of the copy in pixels.
    pub(in crate::looks) width: usize,
    pub(in crate::looks) height: usize,
    /// The kernel: symmetric, of odd length, with a sum of 1.
    kernel: Vec<f32>,
    /// For the picture columns between the centers of two copy pixels: the share of the right one.
    shares: Vec<f32>,
}

impl Blur {
    /// A blur with a standard deviation of `radius` percent of the shorter side, for pictures of `size`.
    pub(in crate::looks) fn new(size: Size, radius: f64) -> Self {
        let deviation = radius / 100.0 * f64::from(size.width.min(size.height));
        let mut factor = 1;
        while factor < MOST && deviation / (2 * factor) as f64 >= 1.25 {
            factor *= 2;
        }
        let deviation = (deviation / factor as f64).max(0.3);
        let reach = (2.5 * deviation).ceil() as usize;
        let weights: Vec<f64> = (0..=2 * reach)
            .map(|place| {
                let away = place as f64 - reach as f64;
                libm::exp(-away * away / (2.0 * deviation * deviation))
            })
            .collect();
        let sum: f64 = weights.iter().sum();
        Self {
            factor,
            width: (size.width as usize).div_ceil(factor),
            height: (size.height as usize).div_ceil(factor),
            kernel: weights.iter().map(|weight| (weight / sum) as f32).collect(),
            shares: (0..factor).map(|column| share(column, factor)).collect(),
        }
    }

    /// Samples of one plane.
    pub(in crate::looks) fn area(&self) -> usize {
        self.width * self.height
    }

    /// Blurs `planes` (stacked one below the other) in place; `spare` is scratch of the same length.
    pub(in crate::looks) fn blur(&self, planes: &mut [f32], spare: &mut [f32]) {
        let (width, height) = (self.width, self.height);
        let reach = self.kernel.len() / 2;
        planes
            .par_chunks(width)
            .zip(spare.par_chunks_mut(width))
            .for_each(|(row, soft)| {
                soft.fill(0.0);
                for (place, weight) in self.kernel.iter().enumerate() {
                    // Columns whose neighbor lies inside; outside, the edge pixel is repeated.
                    let from = reach.saturating_sub(place).min(width);
                    let to = (width + reach).saturating_sub(place).min(width).max(from);
                    let first = row[0] * weight;
                    let last = row[width - 1] * weight;
                    soft[..from].iter_mut().for_each(|value| *value += first);
                    if from < to {
                        let inside = &row[from + place - reach..to + place - reach];
                        for (value, neighbor) in soft[from..to].iter_mut().zip(inside) {
                            *value += neighbor * weight;
                        }
                    }
                    soft[to..].iter_mut().for_each(|value| *value += last);
                }
            });
        let across = &*spare;
        planes
            .par_chunks_mut(width)
            .enumerate()
            .for_each(|(number, soft)| {
                let (plane, line) = (number / height, number % height);
                soft.fill(0.0);
                for (place, weight) in self.kernel.iter().enumerate() {
                    let from = (line + place).saturating_sub(reach).min(height - 1);
                    let start = (plane * height + from) * width;
                    let row = &across[start..start + width];
                    for (value, neighbor) in soft.iter_mut().zip(row) {
                        *value += neighbor * weight;
                    }
                }
            });
    }

    /// Writes the picture's row `line` of `plane` into `wide`, through `narrow` (a row of the copy).
    #[inline(always)]
    pub(in crate::looks) fn read(
        &self,
        plane: &[f32],
        line: usize,
        narrow: &mut [f32],
        wide: &mut [f32],
    ) {
        let lead = self.factor / 2;
        let (above, share) = match line.checked_sub(lead) {
            Some(line) => (line / self.factor, self.shares[line % self.factor]),
            None => (0, 0.0),
        };
        let row = |line: usize| {
            let line = line.min(self.height - 1);
            &plane[line * self.width..(line + 1) * self.width]
        };
        let narrow = &mut narrow[..self.width];
        for ((value, a), b) in narrow.iter_mut().zip(row(above)).zip(row(above + 1)) {
            *value = a + (b - a) * share;
        }
        // With a length that is known these short loops become vector code. Other factors are rare.
        match self.factor {
            2 => widen::<2>(narrow, &self.shares, wide),
            4 => widen::<4>(narrow, &self.shares, wide),
            8 => widen::<8>(narrow, &self.shares, wide),
            16 => widen::<16>(narrow, &self.shares, wide),
            _ => widen_by_any(narrow, &self.shares, wide),
        }
    }
}

/// Writes the row `narrow` of a copy at `FACTOR` times its width; `shares` has as many entries.
#[inline(always)]
fn widen<const FACTOR: usize>(narrow: &[f32], shares: &[f32], wide: &mut [f32]) {
    let (Ok(shares), Some(blocks)) = (
        <&[f32; FACTOR]>::try_from(shares),
        narrow.len().checked_sub(1),
    ) else {
        return widen_by_any(narrow, shares, wide);
    };
    let lead = (FACTOR / 2).min(wide.len());
    let (first, rest) = wide.split_at_mut(lead);
    let (inner, end) = rest.split_at_mut((blocks * FACTOR).min(rest.len()));
    first.fill(narrow[0]);
    let (inner, cut) = inner.as_chunks_mut::<FACTOR>();
    let pairs = || narrow.iter().zip(&narrow[1..]);
    for (values, (left, right)) in inner.iter_mut().zip(pairs()) {
        let step = right - left;
        for (value, share) in values.iter_mut().zip(shares) {
            *value = left + step * share;
        }
    }
    if let Some((left, right)) = pairs().nth(inner.len()) {
        for (value, share) in cut.iter_mut().zip(shares) {
            *value = left + (right - left) * share;
        }
    }
    end.fill(narrow[blocks]);
}

#[inline(always)]
fn widen_by_any(narrow: &[f32], shares: &[f32], wide: &mut [f32]) {
    let factor = shares.len();
    let lead = (factor / 2).min(wide.len());
    wide[..lead].fill(narrow[0]);
    let last = narrow.len() - 1;
    for (place, values) in wide[lead..].chunks_mut(factor).enumerate() {
        let left = narrow[place.min(last)];
        let step = narrow[(place + 1).min(last)] - left;
        for (value, share) in values.iter_mut().zip(shares) {
            *value = left + step * share;
        }
    }
}

/// The position of picture column `column`, counted from the center of a copy pixel, on the way to the next one, 0..1.
fn share(column: usize, factor: usize) -> f32 {
    if factor == 1 {
        0.0
    } else {
        (column as f32 + 0.5) / factor as f32
    }
}

/// Halves each side of `planes` stacked planes of `size` into `to`.
pub(in crate::looks) fn halve(planes: usize, size: (usize, usize), from: &[f32], to: &mut [f32]) {
    let (width, height) = size;
    let (new_width, new_height) = (width.div_ceil(2), height.div_ceil(2));
    for plane in 0..planes {
        for line in 0..new_height {
            let row = |line: usize| {
                let start = (plane * height + line.min(height - 1)) * width;
                &from[start..start + width]
            };
            let (above, below) = (row(2 * line), row(2 * line + 1));
            let start = (plane * new_height + line) * new_width;
            for (column, value) in to[start..start + new_width].iter_mut().enumerate() {
                let (left, right) = (2 * column, (2 * column + 1).min(width - 1));
                *value = 0.25 * (above[left] + above[right] + below[left] + below[right]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_picture_stays_even() {
        for (width, height, radius) in [(1, 1, 10.0), (7, 300, 3.0), (640, 360, 0.5)] {
            let scale = Blur::new(Size::new(width, height), radius);
            let mut planes = vec![0.25; 2 * scale.area()];
            let mut spare = vec![0.0; planes.len()];
            scale.blur(&mut planes, &mut spare);
            let mut narrow = vec![0.0; scale.width];
            let mut wide = vec![0.0; width as usize];
            for line in 0..height as usize {
                scale.read(&planes[scale.area()..], line, &mut narrow, &mut wide);
                assert!(wide.iter().all(|value| (value - 0.25).abs() < 1e-5));
            }
        }
    }

    #[test]
    fn a_point_spreads_to_the_radius_it_says() {
        let scale = Blur::new(Size::new(400, 400), 2.0);
        assert_eq!(scale.factor, 4);
        let mut planes = vec![0.0; scale.area()];
        planes[50 * scale.width + 50] = 1.0;
        let mut spare = vec![0.0; planes.len()];
        scale.blur(&mut planes, &mut spare);
        let (mut sum, mut spread) = (0.0, 0.0);
        for (place, value) in planes.iter().enumerate() {
            let away = (place % scale.width) as f32 - 50.0;
            sum += value;
            spread += value * away * away;
        }
        assert!((sum - 1.0).abs() < 1e-4);
        assert!((spread.sqrt() * 4.0 - 8.0).abs() < 0.5, "{}", spread.sqrt());
    }
}
