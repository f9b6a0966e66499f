//! Small planes of weights, and their resampling.

use crate::geometry::{Rect, Size};
use crate::models;
use crate::picture::{Filter, Rgb8, resize};

/// Longer side of a measured plane, in pixels: U2-Net-p's output has 320.
pub(super) const SIDE: u32 = 320;

/// Weights of a mask, stretched over the whole picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaskPlane {
    size: Size,
    values: Vec<u8>,
}

impl MaskPlane {
    /// A plane of weights (0 to 255), row by row; `None` unless there is one for each pixel, and at least one.
    pub fn new(size: Size, values: Vec<u8>) -> Option<Self> {
        let fits = size.pixels() > 0 && size.pixels() == values.len() as u64;
        fits.then_some(Self { size, values })
    }

    /// Columns and rows.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Row by row.
    pub fn values(&self) -> &[u8] {
        &self.values
    }

    /// The mean weight, 0..1.
    pub fn coverage(&self) -> f64 {
        let sum: u64 = self.values.iter().map(|value| u64::from(*value)).sum();
        sum as f64 / (255.0 * self.values.len().max(1) as f64)
    }

    /// A plane of weights 0..1.
    pub(super) fn of(size: Size, weights: &[f32]) -> Option<Self> {
        let narrow = |weight: &f32| (weight.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        Self::new(size, weights.iter().map(narrow).collect())
    }

    /// The weights, 0..1, at another size, interpolated bilinearly.
    pub(in crate::looks) fn at_size(&self, size: Size) -> Vec<f32> {
        let values: Vec<f32> = (self.values.iter())
            .map(|value| f32::from(*value) * (1.0 / 255.0))
            .collect();
        resampled(&values, self.size, size)
    }
}

/// The size of the plane for a picture of `size`.
pub(super) fn plane_size(size: Size) -> Size {
    size.within(SIDE)
}

/// Resamples `values` from one size to another, bilinearly between the centers of pixels.
pub(super) fn resampled(values: &[f32], from: Size, to: Size) -> Vec<f32> {
    if from == to {
        return values.to_vec();
    }
    let columns = neighbors(from.width, to.width);
    let width = from.width as usize;
    let mut all = Vec::with_capacity(to.pixels() as usize);
    for (above, below, down) in neighbors(from.height, to.height) {
        let row = |line: usize| values.get(line * width..(line + 1) * width).unwrap_or(&[]);
        let (above, below) = (row(above), row(below));
        let at = |row: &[f32], column: usize| row.get(column).copied().unwrap_or(0.0);
        all.extend(columns.iter().map(|&(left, right, across)| {
            let top = at(above, left) + (at(above, right) - at(above, left)) * across;
            let bottom = at(below, left) + (at(below, right) - at(below, left)) * across;
            top + (bottom - top) * down
        }));
    }
    all
}

/// Two neighbors in a small row or column, and the share of the second.
pub(super) type Neighbors = (usize, usize, f32);

/// For each of `to` pixels in a row or column, the two of `from` around it.
pub(super) fn neighbors(from: u32, to: u32) -> Vec<Neighbors> {
    let last = from.saturating_sub(1) as usize;
    let scale = f64::from(from) / f64::from(to.max(1));
    (0..to)
        .map(|number| neighbors_of(f64::from(number), scale, last))
        .collect()
}

/// The two pixels, in a coarse row or column that ends at `last`, around pixel `number` of a fine one; `scale` is the
/// ratio of their sizes.
pub(super) fn neighbors_of(number: f64, scale: f64, last: usize) -> Neighbors {
    let position = ((number + 0.5) * scale - 0.5).max(0.0);
    let first = (position as usize).min(last);
    let share = (position - first as f64) as f32;
    (first, (first + 1).min(last), share)
}

/// A network's mask of `part` of a picture, on a plane of `size` for the whole picture; 0 outside.
pub(super) fn pasted(mask: &models::ForegroundMask, part: Rect, size: Size) -> Vec<f32> {
    let from = Size::new(mask.width as u32, mask.height as u32);
    let (w, h) = (f64::from(size.width), f64::from(size.height));
    let (left, top) = ((part.x * w).round() as usize, (part.y * h).round() as usize);
    let right = ((part.x + part.width) * w).round().min(w) as usize;
    let bottom = ((part.y + part.height) * h).round().min(h) as usize;
    let mut all = vec![0.0; size.pixels() as usize];
    if right <= left || bottom <= top {
        return all;
    }
    let inner = Size::new((right - left) as u32, (bottom - top) as u32);
    let scaled = resampled(&mask.values, from, inner);
    let rows = all.chunks_exact_mut(size.width.max(1) as usize).skip(top);
    for (row, from) in rows.zip(scaled.chunks_exact(inner.width as usize)) {
        if let Some(row) = row.get_mut(left..right) {
            row.copy_from_slice(from);
        }
    }
    all
}

/// `picture` reduced to the size of its planes.
pub(super) fn reduced(picture: &Rgb8) -> Rgb8 {
    let size = plane_size(picture.size());
    if size == picture.size() {
        picture.clone()
    } else {
        resize(picture, size, Filter::Box)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resampling_keeps_an_even_plane_and_the_way_of_a_ramp() {
        let (from, to) = (Size::new(5, 3), Size::new(23, 17));
        assert!(
            resampled(&[0.5; 15], from, to)
                .iter()
                .all(|value| *value == 0.5)
        );
        let ramp: Vec<f32> = (0..15).map(|at| (at % 5) as f32 / 4.0).collect();
        let wide = resampled(&ramp, from, to);
        assert!(wide[..23].windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!((wide[0], wide[22]), (0.0, 1.0));
    }

    #[test]
    fn a_part_lands_where_it_belongs() {
        let mask = models::ForegroundMask {
            width: 2,
            height: 2,
            values: vec![1.0; 4],
        };
        let pasted = pasted(&mask, Rect::new(0.5, 0.0, 0.5, 0.5), Size::new(8, 4));
        let sum: f32 = pasted.iter().sum();
        assert_eq!(
            (sum, pasted[4], pasted[3], pasted[20]),
            (8.0, 1.0, 0.0, 0.0)
        );
    }
}
