//! How much of each pixel a layer covers.

use crate::effects::{LayerArea, LayerState};
use crate::geometry::Size;

/// Shares of a pixel are integers with this many bits after the point.
pub(super) const BITS: u32 = 16;
/// A pixel that is covered wholly.
pub(super) const ONE: u32 = 1 << BITS;
/// Width of the soft edge of an area, as a share of the way that the edge goes.
const SOFT: f64 = 0.03;

/// The shares of a layer, row by row.
pub(super) struct RowCover {
    size: Size,
    area: LayerArea,
    opacity: f64,
    shares: Vec<u32>,
}

impl RowCover {
    pub(super) fn new(size: Size, state: &LayerState) -> Self {
        let mut cover = Self {
            size,
            area: state.area,
            opacity: state.opacity,
            shares: Vec::new(),
        };
        if let LayerArea::FromLeft(share) = state.area {
            // The same in every row.
            cover.shares = (0..size.width)
                .map(|x| cover.share(covered(share, place(x, size.width))))
                .collect();
        }
        cover
    }

    /// The share of every pixel of a row that is covered evenly.
    pub(super) fn opacity(&self) -> u32 {
        self.share(1.0)
    }

    /// The share of each pixel of row `y`; `None` where it is even.
    pub(super) fn of_row(&mut self, y: usize) -> Option<&[u32]> {
        let y = place(y as u32, self.size.height);
        match self.area {
            LayerArea::Whole => return None,
            LayerArea::FromLeft(_) => {}
            LayerArea::FromTop(share) => {
                let even = self.share(covered(share, y));
                self.shares.clear();
                self.shares.resize(self.size.width as usize, even);
            }
            LayerArea::Circle(share) => {
                let (width, height) = (f64::from(self.size.width), f64::from(self.size.height));
                let farthest = (width * width + height * height).sqrt() / 2.0;
                let down = (y - 0.5) * height;
                let shares = (0..self.size.width).map(|x| {
                    let across = (place(x, self.size.width) - 0.5) * width;
                    let distance = (across * across + down * down).sqrt() / farthest;
                    self.share(covered(share, distance))
                });
                self.shares = shares.collect();
            }
        }
        Some(&self.shares)
    }

    /// As an integer, times the layer's opacity.
    fn share(&self, covered: f64) -> u32 {
        (covered.clamp(0.0, 1.0) * self.opacity.clamp(0.0, 1.0) * f64::from(ONE)).round() as u32
    }
}

/// The middle of a pixel, as a share of the side.
fn place(pixel: u32, side: u32) -> f64 {
    (f64::from(pixel) + 0.5) / f64::from(side)
}

/// How much is covered at `place` (0..1) when the edge has gone `share` of its way: nothing anywhere at 0, all at 1.
fn covered(share: f64, place: f64) -> f64 {
    (share.clamp(0.0, 1.0) * (1.0 + SOFT) - place) / SOFT
}
