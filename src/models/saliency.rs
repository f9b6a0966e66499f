//! U2Net-p: the salient foreground.

use crate::error::Result;
use crate::geometry::{Rect, Size};
use crate::models::Models;
use crate::models::preprocessing::planes;
use crate::models::session::NetworkInput;
use crate::picture::{Filter, Rgb8, resize};

const NETWORK: &str = "u2net-p";
/// Side of the square that the network was trained on, in pixels.
const SIDE: usize = 320;
/// Side for frames of films: a quarter of the cost, and crops that follow it keep as much of their subjects within two
/// percent. At 96 the middle of one subject in ten is lost.
const ROUGH_SIDE: usize = 160;
/// Mean and deviation of the pictures that the network was trained on, 0..1.
const MEAN: [f64; 3] = [0.485, 0.456, 0.406];
const DEVIATION: [f64; 3] = [0.229, 0.224, 0.225];

/// A soft mask over a picture or a part of one.
#[derive(Debug, Clone)]
pub struct ForegroundMask {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// 0..1, row by row.
    pub values: Vec<f32>,
}

impl ForegroundMask {
    /// The box around all values above `threshold`; `None` if there are none.
    pub fn bounds(&self, threshold: f32) -> Option<Rect> {
        let (mut left, mut right, mut top, mut bottom) = (usize::MAX, 0, usize::MAX, 0);
        for (y, row) in self.values.chunks_exact(self.width.max(1)).enumerate() {
            let mut above = row.iter().enumerate().filter(|&(_, &v)| v > threshold);
            if let Some((first, _)) = above.next() {
                let last = above.next_back().map_or(first, |(last, _)| last);
                left = left.min(first);
                right = right.max(last + 1);
                top = top.min(y);
                bottom = y + 1;
            }
        }
        (bottom > 0).then(|| {
            let across = |place: usize| place as f64 / self.width as f64;
            let down = |place: usize| place as f64 / self.height.max(1) as f64;
            Rect::new(
                across(left),
                down(top),
                across(right - left),
                down(bottom - top),
            )
        })
    }
}

impl Models {
    /// The salient foreground of a picture (sRGB, any size) as a mask of 320×320. It is never empty.
    pub fn saliency(&self, picture: &Rgb8) -> Result<ForegroundMask> {
        self.saliency_at(SIDE, picture)
    }

    /// The same at 160×160, for many frames: where things are, without fine outlines.
    pub fn rough_saliency(&self, picture: &Rgb8) -> Result<ForegroundMask> {
        self.saliency_at(ROUGH_SIDE, picture)
    }

    fn saliency_at(&self, side: usize, picture: &Rgb8) -> Result<ForegroundMask> {
        let numbers = input(picture, side);
        let [mut values] = self.run(
            NETWORK,
            &[NetworkInput::floats(
                "input.1",
                &[1, 3, side, side],
                &numbers,
            )],
            [("1959", side * side)],
        )?;
        let least = values.iter().copied().fold(f32::INFINITY, f32::min);
        let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let span = (most - least).max(1e-6);
        for value in &mut values {
            *value = (*value - least) / span;
        }
        Ok(ForegroundMask {
            width: side,
            height: side,
            values,
        })
    }
}

/// Planes R, G, B of `side`×`side`, relative to the picture's brightest sample, normalized.
fn input(picture: &Rgb8, side: usize) -> Vec<f32> {
    let square = resize(
        picture,
        Size::new(side as u32, side as u32),
        Filter::Lanczos,
    );
    let brightest = square.samples().iter().copied().max().unwrap_or(0);
    let brightest = f64::from(brightest).max(1e-6);
    planes(&square, [0, 1, 2], |channel, sample| {
        ((f64::from(sample) / brightest - MEAN[channel]) / DEVIATION[channel]) as f32
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::models::reference_cases;

    #[test]
    fn preprocessing_matches_the_reference() {
        for name in ["chelsea", "coffee"] {
            let picture = reference_cases::picture(&format!("{name}.png"));
            let case = reference_cases::case(&format!("u2net-p.{name}"));
            reference_cases::compare(&case, "input.1", &input(&picture, SIDE), 0.02, 0.005);
        }
    }

    #[test]
    fn the_bounds_hold_everything_above_the_threshold() {
        let mut mask = ForegroundMask {
            width: 4,
            height: 5,
            values: vec![0.0; 20],
        };
        assert_eq!(mask.bounds(0.5), None);
        mask.values[4 + 1] = 0.9;
        assert_eq!(mask.bounds(0.5), Some(Rect::new(0.25, 0.2, 0.25, 0.2)));
        mask.values[3 * 4 + 3] = 0.6;
        mask.values[3 * 4] = 0.5;
        assert_eq!(mask.bounds(0.5), Some(Rect::new(0.25, 0.2, 0.75, 0.6)));
    }
}
