//! Faces of any size: BlazeFace on the picture, on the picture with a margin, and on overlapping tiles; each candidate
//! is then verified at three scales.
//!
//! At 192×192 the network misses faces smaller than about a twelfth of the picture and those that fill it, and now and
//! then takes a patch of leaves for a face. Tiles find the small ones (Akyon et al., "Slicing Aided Hyper Inference and
//! Fine-tuning for Small Object Detection", 2022), a black margin the large ones. Real faces are detected at every
//! scale, leaves are not. For 43 drawn faces, each also placed as a small part of two large pictures, the score was at
//! least 0.64 at all three scales; in 99 photos without people the median of the three was at most 0.56 (a monkey, and
//! the head of a statue).

use crate::error::Result;
use crate::geometry::{Rect, Size};
use crate::models::Models;
use crate::models::face_detector::{FaceDetection, keep};
use crate::picture::Rgb8;

/// Tiles along the longer side, and the ratio of their side to that of tiles without overlap.
const TILES: f64 = 3.0;
const TILE_SIZE: f64 = 1.4;
/// The step from tile to tile is at most this share of a tile.
const TILE_STEP: f64 = 0.7;
/// Least side of a tile, in pixels: smaller ones than the network's input show nothing new.
const LEAST_TILE: f64 = 192.0;
/// A face this close to an inner edge of a tile (share of the tile) is left to the neighbor, which shows all of it.
const EDGE: f64 = 0.02;
/// Least score of a candidate.
const CANDIDATE: f32 = 0.35;
/// Most candidates that are verified; the best ones are.
const CANDIDATES: usize = 64;
/// Sides of the squares around a candidate, relative to its own longer side.
const ZOOMS: [f64; 3] = [3.2, 4.0, 5.0];
/// Least score that the network reports when it verifies a candidate.
const LEAST_ANSWER: f32 = 0.05;
/// The median of a candidate's three scores must be above this.
pub const FACE_SEARCH_THRESHOLD: f32 = 0.6;
/// The picture with a margin of half its size on every side.
const FARTHER: Rect = Rect::new(-0.5, -0.5, 2.0, 2.0);

impl Models {
    /// Faces of a picture (sRGB, any size), also very small and very large ones, best first; the score is the median of
    /// those at three scales.
    ///
    /// Costs up to eleven times as much as [`Models::detect_faces`], and three times more for each candidate.
    pub fn detect_faces_tiled(&self, picture: &Rgb8) -> Result<Vec<FaceDetection>> {
        let mut candidates = self.faces_in(picture, Rect::FULL, CANDIDATE)?;
        candidates.extend(self.faces_in(picture, FARTHER, CANDIDATE)?);
        for tile in tiles(picture.size()) {
            let found = self.faces_in(picture, tile, CANDIDATE)?;
            candidates.extend(found.into_iter().filter(|face| whole(face.bounds, tile)));
        }
        let mut candidates = keep(candidates, same);
        candidates.truncate(CANDIDATES);

        let mut faces = Vec::new();
        for candidate in &candidates {
            if let Some(face) = self.look_again(picture, candidate)? {
                faces.push(face);
            }
        }
        Ok(keep(faces, same))
    }

    /// The median score of a candidate at three scales, if it is above the threshold.
    fn look_again(
        &self,
        picture: &Rgb8,
        candidate: &FaceDetection,
    ) -> Result<Option<FaceDetection>> {
        let mut looks = Vec::new();
        for zoom in ZOOMS {
            let part = around(candidate.bounds, zoom, picture.size());
            let found = self.faces_in(picture, part, LEAST_ANSWER)?;
            let again = (found.into_iter())
                .filter(|face| face.bounds.overlap(candidate.bounds) > 0.3)
                .max_by(|a, b| a.score.total_cmp(&b.score));
            looks.extend(again);
        }
        looks.sort_by(|a, b| b.score.total_cmp(&a.score));
        let middle = looks.into_iter().nth(ZOOMS.len() / 2);
        Ok(middle.filter(|face| face.score > FACE_SEARCH_THRESHOLD))
    }
}

/// True for boxes of the same face, also when one of them contains only a part of it.
fn same(a: Rect, b: Rect) -> bool {
    let smaller = a.area().min(b.area());
    a.overlap(b) >= 0.3 || a.intersection(b).area() >= 0.6 * smaller
}

/// Overlapping squares over the picture, row by row; none for a picture that is too small for them.
fn tiles(size: Size) -> Vec<Rect> {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let side = width.max(height) / TILES * TILE_SIZE;
    if side < LEAST_TILE {
        return Vec::new();
    }
    let spans = |length: f64| {
        if length <= side {
            return vec![(0.0, 1.0)];
        }
        let steps = ((length - side) / (side * TILE_STEP)).ceil().max(1.0);
        (0..=steps as usize)
            .map(|step| ((1.0 - side / length) * step as f64 / steps, side / length))
            .collect()
    };
    let columns = spans(width);
    let rows = spans(height).into_iter();
    rows.flat_map(|(y, height)| {
        columns
            .iter()
            .map(move |&(x, width)| Rect::new(x, y, width, height))
    })
    .collect()
}

/// True when a box is not close to an edge of the tile, except at edges of the picture.
fn whole(bounds: Rect, tile: Rect) -> bool {
    const INSIDE: f64 = 1e-6;
    let (across, down) = (EDGE * tile.width, EDGE * tile.height);
    let (right, bottom) = (tile.x + tile.width, tile.y + tile.height);
    (tile.x < INSIDE || bounds.x >= tile.x + across)
        && (tile.y < INSIDE || bounds.y >= tile.y + down)
        && (right > 1.0 - INSIDE || bounds.x + bounds.width <= right - across)
        && (bottom > 1.0 - INSIDE || bounds.y + bounds.height <= bottom - down)
}

/// A square around the center of `bounds`, `zoom` times its longer side; it may extend beyond the picture.
fn around(bounds: Rect, zoom: f64, size: Size) -> Rect {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    let side = zoom * (bounds.width * width).max(bounds.height * height).max(1.0);
    let middle = bounds.center();
    Rect::new(
        middle.x - side / width / 2.0,
        middle.y - side / height / 2.0,
        side / width,
        side / height,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_the_picture_and_overlap() {
        for size in [
            Size::new(512, 512),
            Size::new(4000, 3000),
            Size::new(6000, 500),
        ] {
            let tiles = tiles(size);
            for place in 0..100 {
                let (x, y) = (f64::from(place % 10) / 9.0, f64::from(place / 10) / 9.0);
                assert!(
                    tiles.iter().any(|tile| {
                        (tile.x - 1e-9..=tile.x + tile.width + 1e-9).contains(&x)
                            && (tile.y - 1e-9..=tile.y + tile.height + 1e-9).contains(&y)
                    }),
                    "{x} {y}"
                );
            }
            assert!(tiles.len() <= 9, "{size:?}: {}", tiles.len());
        }
        assert!(tiles(Size::new(400, 300)).is_empty());
    }

    #[test]
    fn a_box_at_an_inner_edge_is_left_to_the_neighbor() {
        let tile = Rect::new(0.0, 0.25, 0.5, 0.5);
        assert!(whole(Rect::new(-0.01, 0.4, 0.1, 0.1), tile));
        assert!(!whole(Rect::new(0.42, 0.4, 0.1, 0.1), tile));
        assert!(!whole(Rect::new(0.1, 0.2, 0.1, 0.1), tile));
    }

    #[test]
    fn a_square_is_square_in_pixels() {
        let square = around(Rect::new(0.5, 0.4, 0.05, 0.1), 4.0, Size::new(400, 200));
        assert!((square.width * 400.0 - 80.0).abs() < 1e-9);
        assert!((square.height * 200.0 - 80.0).abs() < 1e-9);
        assert!((square.center().x - 0.525).abs() < 1e-9);
    }
}
