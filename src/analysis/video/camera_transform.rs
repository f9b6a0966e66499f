//! The move of the camera, fitted robustly to the shifts of blocks.
//!
//! A camera that pans, tilts, zooms and rolls shifts the block at `(x, y)` (from the middle) by
//!
//! ```text
//! dx = X + Z·x − R·y        dy = Y + Z·y + R·x
//! ```
//!
//! Blocks that show a moving object do not fit. Every pair of blocks proposes such a move; the one with the least
//! truncated error over all blocks (MSAC: Torr & Zisserman, *MLESAC*, 2000; all pairs instead of random ones, so that
//! the result is deterministic) is refined by iteratively reweighted least squares with Tukey's biweight (Odobez &
//! Bouthemy, *Robust multiresolution estimation of parametric motion models*, 1995).

/// Squared error (pixels²) from which a block is an outlier.
const OUTSIDE: f32 = 1.0;
/// Fewest blocks for zoom and roll.
const FEWEST: usize = 4;
/// Regularization of zoom and roll, added to the sum of the squared distances (pixels²) of the blocks from their
/// center: shifts are accurate to 0.2 pixels, and a zoom or roll of more than 0.02 a step is rare.
const HOLD: f32 = 100.0;
/// Rounds of reweighting.
const ROUNDS: usize = 3;

/// A block and its shift.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BlockShift {
    /// Position, in pixels from the middle of the picture.
    pub x: f32,
    pub y: f32,
    /// Shift, in pixels.
    pub dx: f32,
    pub dy: f32,
}

/// Shift (pixels), growth and rotation (radians, positive where the picture turns clockwise).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Similarity {
    pub x: f32,
    pub y: f32,
    pub zoom: f32,
    pub roll: f32,
}

impl Similarity {
    /// The shift at `(x, y)` from the middle.
    pub fn shift_at(&self, x: f32, y: f32) -> (f32, f32) {
        (
            self.x + self.zoom * x - self.roll * y,
            self.y + self.zoom * y + self.roll * x,
        )
    }

    fn error(&self, block: &BlockShift) -> f32 {
        let (dx, dy) = self.shift_at(block.x, block.y);
        (dx - block.dx).powi(2) + (dy - block.dy).powi(2)
    }

    fn cost(&self, blocks: &[BlockShift]) -> f32 {
        let errors = blocks.iter().map(|block| self.error(block).min(OUTSIDE));
        errors.sum()
    }

    /// The move that explains the shifts of two blocks.
    fn of_pair(a: &BlockShift, b: &BlockShift) -> Option<Self> {
        let (x, y) = (b.x - a.x, b.y - a.y);
        let (dx, dy) = (b.dx - a.dx, b.dy - a.dy);
        let square = x * x + y * y;
        if square < 1.0 {
            return None;
        }
        let zoom = (dx * x + dy * y) / square;
        let roll = (dy * x - dx * y) / square;
        Some(Self {
            x: a.dx - zoom * a.x + roll * a.y,
            y: a.dy - zoom * a.y - roll * a.x,
            zoom,
            roll,
        })
    }

    /// Weighted least squares over the blocks; `None` where all weights are 0.
    fn weighted(blocks: &[BlockShift], weight: impl Fn(&BlockShift) -> f32) -> Option<Self> {
        let (mut all, mut x, mut y, mut dx, mut dy) = (0.0_f32, 0.0, 0.0, 0.0, 0.0);
        for block in blocks {
            let w = weight(block);
            all += w;
            x += w * block.x;
            y += w * block.y;
            dx += w * block.dx;
            dy += w * block.dy;
        }
        if all < 1.0 {
            return None;
        }
        let (x, y, dx, dy) = (x / all, y / all, dx / all, dy / all);
        let (mut square, mut along, mut across) = (HOLD, 0.0, 0.0);
        for block in blocks {
            let w = weight(block);
            let (px, py) = (block.x - x, block.y - y);
            let (sx, sy) = (block.dx - dx, block.dy - dy);
            square += w * (px * px + py * py);
            along += w * (px * sx + py * sy);
            across += w * (px * sy - py * sx);
        }
        let (zoom, roll) = (along / square, across / square);
        Some(Self {
            x: dx - zoom * x + roll * y,
            y: dy - zoom * y - roll * x,
            zoom,
            roll,
        })
    }
}

/// The camera's move; `None` where there are too few blocks for more than a shift.
pub(crate) fn fit(blocks: &[BlockShift]) -> Option<Similarity> {
    if blocks.len() < FEWEST {
        return None;
    }
    let mut best: Option<(f32, Similarity)> = None;
    for (at, a) in blocks.iter().enumerate() {
        for b in &blocks[at + 1..] {
            let Some(proposed) = Similarity::of_pair(a, b) else {
                continue;
            };
            let cost = proposed.cost(blocks);
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, proposed));
            }
        }
    }
    let (_, mut found) = best?;
    for _ in 0..ROUNDS {
        let before = found;
        let biweight = |block: &BlockShift| {
            let inside = 1.0 - (before.error(block) / OUTSIDE).min(1.0);
            inside * inside
        };
        found = Similarity::weighted(blocks, biweight)?;
    }
    Some(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Blocks as they lie on a picture of 80×45, moved by `by`.
    fn moved(by: Similarity) -> Vec<BlockShift> {
        (0..12)
            .map(|n| {
                let (x, y) = (-30.0 + 20.0 * (n % 4) as f32, -15.0 + 15.0 * (n / 4) as f32);
                let (dx, dy) = by.shift_at(x, y);
                BlockShift { x, y, dx, dy }
            })
            .collect()
    }

    fn near(a: Similarity, b: Similarity) -> bool {
        (a.x - b.x).abs() < 0.1
            && (a.y - b.y).abs() < 0.1
            && (a.zoom - b.zoom).abs() < 0.002
            && (a.roll - b.roll).abs() < 0.002
    }

    #[test]
    fn a_third_of_the_blocks_going_elsewhere_does_not_pull_the_camera() {
        let truth = Similarity {
            x: 1.3,
            y: -0.7,
            zoom: 0.012,
            roll: -0.02,
        };
        let mut blocks = moved(truth);
        assert!(near(fit(&blocks).unwrap(), truth));
        for n in [1, 2, 5, 6] {
            blocks[n].dx += 3.0;
            blocks[n].dy += 1.0;
        }
        let found = fit(&blocks).unwrap();
        assert!(near(found, truth), "{found:?}");
    }

    #[test]
    fn noise_of_a_tenth_of_a_pixel_is_no_zoom_and_no_roll() {
        let mut blocks = moved(Similarity::default());
        for (n, block) in blocks.iter_mut().enumerate() {
            block.dx += 0.1 * ((n * 7 % 5) as f32 - 2.0) / 2.0;
            block.dy += 0.1 * ((n * 3 % 7) as f32 - 3.0) / 3.0;
        }
        let found = fit(&blocks).unwrap();
        assert!(
            found.zoom.abs() < 0.002 && found.roll.abs() < 0.002,
            "{found:?}"
        );
    }

    #[test]
    fn three_blocks_are_too_few() {
        assert_eq!(fit(&moved(Similarity::default())[..3]), None);
    }
}
