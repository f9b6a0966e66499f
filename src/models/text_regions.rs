//! PP-OCRv4 detection: finds text, but does not read it.
//!
//! The network scores clouds, windows and faces as high as letters. Text is still detected at a smaller size, textures
//! are not: of 100 regions in 57 of 151 photos (30 of them text by eye), a second run with a longer side of 480 pixels,
//! with limits on score and height, keeps 20 that are text and 4 that are not. Captions drawn on 11 photos, with
//! letters 2.2 %, 3 % and 4.5 % of the longer side high, were kept in 10, 11 and 11.

use crate::error::Result;
use crate::geometry::{Rect, Size};
use crate::models::Models;
use crate::models::preprocessing::planes;
use crate::models::session::NetworkInput;
use crate::picture::{Filter, Rgb8, resize};

const NETWORK: &str = "ppocr-v4-det";
/// Longer side of the picture in the first run, in pixels.
const LONG: f64 = 640.0;
/// Longer side of the picture in the second run, in pixels.
const FARTHER: f64 = 480.0;
/// Ratio of the share of a region's cells that the second run marks to the share that the first one does.
const STAYS: std::ops::RangeInclusive<f64> = 0.46..=1.5;
/// Least score of a lasting region, and its largest height, relative to the longer side.
const LASTING_SCORE: f32 = 0.85;
const LASTING_HEIGHT: f64 = 0.30;
/// Both sides of the network's input are multiples of this, in pixels.
const STEP: f64 = 32.0;
/// Mean and deviation of the pictures that the network was trained on, 0..1.
const MEAN: [f64; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f64; 3] = [0.229, 0.224, 0.225];
/// A cell above this belongs to a region.
const CELL: f32 = 0.3;
/// A region must have more cells than this, and a higher mean than the score.
const LEAST_CELLS: usize = 20;
const LEAST_SCORE: f64 = 0.5;
/// The network marks the core of a line; its box is enlarged by this times area over perimeter.
const GROWTH: f64 = 1.5;

/// A line or word of text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextRegion {
    /// The box, inside the picture.
    pub bounds: Rect,
    /// 0..1, above 0.5.
    pub score: f32,
}

/// What of a picture is text at both sizes.
#[derive(Debug, Clone, PartialEq)]
pub struct LastingText {
    /// Those of [`Models::text_regions`] that are also found at the smaller size. Letters lower than about a 45th of
    /// the longer side, hand-drawn lettering and letters that fill the picture are missed.
    pub regions: Vec<TextRegion>,
    /// The smaller size has marks of text at all: letters that are missed above, and some textures.
    pub is_possible: bool,
}

impl Models {
    /// Text in a picture (sRGB, any size), ordered by the topmost cell, then by the leftmost. Letters lower than about
    /// a 60th of the longer side are missed.
    pub fn text_regions(&self, picture: &Rgb8) -> Result<Vec<TextRegion>> {
        Ok(self.text_map(picture, LONG)?.regions())
    }

    /// Text in a picture that is found at both sizes. The smaller size runs first: at half the cost, it decides most
    /// pictures without text.
    pub fn lasting_text(&self, picture: &Rgb8) -> Result<LastingText> {
        let far = self.text_map(picture, FARTHER)?;
        if far.is_blank() {
            return Ok(LastingText {
                regions: Vec::new(),
                is_possible: false,
            });
        }
        let near = self.text_map(picture, LONG)?;
        let mut regions = near.regions();
        let size = picture.size();
        let high = f64::from(size.height) / f64::from(size.width.max(size.height).max(1));
        regions.retain(|region| {
            let marked = near.marked(region.bounds);
            region.score >= LASTING_SCORE
                && region.bounds.height * high <= LASTING_HEIGHT
                && marked > 0.0
                && STAYS.contains(&(far.marked(region.bounds) / marked))
        });
        Ok(LastingText {
            regions,
            is_possible: true,
        })
    }

    fn text_map(&self, picture: &Rgb8, long: f64) -> Result<TextMap> {
        let size = input_size(picture.size(), long);
        let (width, height) = (size.width as usize, size.height as usize);
        let numbers = input(picture, size);
        let [values] = self.run(
            NETWORK,
            &[NetworkInput::floats("x", &[1, 3, height, width], &numbers)],
            [("sigmoid_0.tmp_0", width * height)],
        )?;
        Ok(TextMap { values, width })
    }
}

/// Probability of text at each cell.
struct TextMap {
    values: Vec<f32>,
    width: usize,
}

impl TextMap {
    fn regions(&self) -> Vec<TextRegion> {
        regions(&self.values, self.width)
    }

    /// True when it has fewer cells of text than even the smallest region of the larger size would leave.
    fn is_blank(&self) -> bool {
        let cells = self.values.iter().filter(|&&value| value > CELL).count() as f64;
        let area = (FARTHER / LONG) * (FARTHER / LONG);
        cells < LEAST_CELLS as f64 * area * STAYS.start()
    }

    /// Share of the cells in `bounds` that are text.
    fn marked(&self, bounds: Rect) -> f64 {
        let width = self.width.max(1);
        let height = self.values.len() / width;
        let span = |from: f64, length: f64, side: usize| {
            let first = ((from * side as f64).max(0.0) as usize).min(side);
            let last = (((from + length) * side as f64).ceil().max(0.0) as usize).min(side);
            first..last.max(first)
        };
        let (mut text, mut all) = (0_u32, 0_u32);
        for y in span(bounds.y, bounds.height, height) {
            for x in span(bounds.x, bounds.width, width) {
                all += 1;
                text += u32::from(self.values[y * width + x] > CELL);
            }
        }
        f64::from(text) / f64::from(all.max(1))
    }
}

/// The size with a longer side of `long`, both sides multiples of 32.
fn input_size(picture: Size, long: f64) -> Size {
    let scale = long / f64::from(picture.width.max(picture.height));
    let side = |pixels: u32| {
        (f64::from(pixels) * scale / STEP)
            .round_ties_even()
            .max(1.0)
            * STEP
    };
    Size::new(side(picture.width) as u32, side(picture.height) as u32)
}

/// Planes B, G, R. The constants are meant for R, G, B, but the network was trained with them in this order.
fn input(picture: &Rgb8, size: Size) -> Vec<f32> {
    let resized = resize(picture, size, Filter::Bilinear);
    planes(&resized, [2, 1, 0], |channel, sample| {
        ((f64::from(sample) / 255.0 - MEAN[channel]) / DEVIATION[channel]) as f32
    })
}

/// Boxes of the connected regions (8-connected) of a map of `width` columns.
fn regions(map: &[f32], width: usize) -> Vec<TextRegion> {
    let height = map.len() / width.max(1);
    let mut seen = vec![false; map.len()];
    let mut found = Vec::new();
    let mut open = Vec::new();
    for first in 0..map.len() {
        if seen[first] || map[first] <= CELL {
            continue;
        }
        seen[first] = true;
        open.push(first);
        let (mut cells, mut sum) = (0, 0.0);
        let (mut left, mut right, mut top, mut bottom) = (width, 0, height, 0);
        while let Some(cell) = open.pop() {
            let (x, y) = (cell % width, cell / width);
            cells += 1;
            sum += f64::from(map[cell]);
            (left, right) = (left.min(x), right.max(x + 1));
            (top, bottom) = (top.min(y), bottom.max(y + 1));
            for row in y.saturating_sub(1)..(y + 2).min(height) {
                for column in x.saturating_sub(1)..(x + 2).min(width) {
                    let neighbor = row * width + column;
                    if !seen[neighbor] && map[neighbor] > CELL {
                        seen[neighbor] = true;
                        open.push(neighbor);
                    }
                }
            }
        }
        let score = sum / cells as f64;
        if cells <= LEAST_CELLS || score <= LEAST_SCORE {
            continue;
        }
        let (across, down) = ((right - left) as f64, (bottom - top) as f64);
        let growth = across * down * GROWTH / (2.0 * (across + down));
        let bounds = Rect::new(
            (left as f64 - growth) / width as f64,
            (top as f64 - growth) / height as f64,
            (across + 2.0 * growth) / width as f64,
            (down + 2.0 * growth) / height as f64,
        );
        found.push(TextRegion {
            bounds: bounds.clipped(),
            score: score as f32,
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn preprocessing_matches_the_reference() {
        for name in ["china-caption", "china"] {
            let picture = reference_cases::picture(&format!("{name}.png"));
            let size = input_size(picture.size(), LONG);
            let case = reference_cases::case(&format!("ppocr-v4-det.{name}"));
            reference_cases::compare(&case, "x", &input(&picture, size), 0.02, 0.005);
        }
    }

    #[test]
    fn any_shape_becomes_a_shape_it_takes() {
        assert_eq!(input_size(Size::new(640, 427), LONG), Size::new(640, 416));
        assert_eq!(input_size(Size::new(1, 1), LONG), Size::new(640, 640));
        assert_eq!(input_size(Size::new(60_000, 1), LONG), Size::new(640, 32));
    }

    #[test]
    fn touching_cells_are_one_region_and_specks_none() {
        let (width, height) = (40, 20);
        let mut map = vec![0.0; width * height];
        for y in 5..9 {
            for x in 3..13 {
                map[y * width + x] = 0.9;
            }
        }
        // Touches by a corner.
        map[9 * width + 13] = 0.8;
        // A speck, and a region that is not sure enough.
        map[2] = 0.9;
        for x in 0..width {
            map[17 * width + x] = 0.4;
        }
        let found = regions(&map, width);
        assert_eq!(found.len(), 1);
        assert!((found[0].score - (40.0 * 0.9 + 0.8) / 41.0).abs() < 1e-5);
        // 11 × 5 cells grown by 55 · 1.5 / 32.
        let growth = 55.0 * 1.5 / 32.0;
        assert!((found[0].bounds.x * 40.0 - (3.0 - growth)).abs() < 1e-9);
        assert!((found[0].bounds.height * 20.0 - (5.0 + 2.0 * growth)).abs() < 1e-9);
    }
}
