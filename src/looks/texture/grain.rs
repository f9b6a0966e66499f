//! Film grain: a tile of soft noise, laid out anew on every frame.
//!
//! As in AV1's film grain synthesis, one tile is made per look and size, and each block of the picture takes a part of
//! it at a place that a hash of (seed, frame, block) gives. The tile wraps around, and noise so soft has no visible
//! seams.

use crate::geometry::Size;

/// A side of the tile.
const TILE: usize = 256;
/// A side of a block.
pub(super) const BLOCK: usize = 32;
/// One standard deviation of the tile's values.
pub(super) const DEVIATION: f32 = 32.0;

/// Noise with mean 0.
#[derive(Debug)]
pub(super) struct Tile {
    /// Rows of `TILE + BLOCK` values: the first block is repeated at the end.
    values: Vec<i8>,
}

impl Tile {
    /// Noise for pictures of `size`, whose grains are `grain_size` times that of a 1080-line picture's pixel.
    pub(super) fn new(size: Size, grain_size: f64) -> Self {
        let lines = f64::from(size.width.min(size.height));
        let deviation = (0.45 * grain_size * lines / 1080.0).clamp(0.3, 20.0);
        let noise: Vec<f64> = (0..TILE * TILE)
            .map(|place| bell(scramble(place as u64)))
            .collect();
        let across = blurred(&noise, deviation, 1, TILE);
        let mut soft = blurred(&across, deviation, TILE, 1);
        let count = soft.len() as f64;
        let mean = soft.iter().sum::<f64>() / count;
        let variance = soft
            .iter()
            .map(|value| (value - mean) * (value - mean))
            .sum::<f64>()
            / count;
        let scale = f64::from(DEVIATION) / variance.sqrt().max(1e-9);
        for value in &mut soft {
            *value = ((*value - mean) * scale).round().clamp(-127.0, 127.0);
        }
        let values = soft
            .chunks_exact(TILE)
            .flat_map(|row| row.iter().chain(&row[..BLOCK]))
            .map(|value| *value as i8)
            .collect();
        Self { values }
    }

    /// The noise of a block's row: `line` within the block that `place` belongs to.
    pub(super) fn row(&self, place: u64, line: usize) -> &[i8] {
        let x = (place & 0xff) as usize;
        let y = ((place >> 8 & 0xff) as usize + line) % TILE;
        let start = y * (TILE + BLOCK) + x;
        &self.values[start..start + BLOCK]
    }
}

/// The seed of a file's grain: the first 64 bits of its BLAKE3 hash (`blake3`, in hex), so that the same content always
/// gets the same grain. 0 where there is no hash.
pub fn grain_seed(blake3: &str) -> u64 {
    let digits = blake3.get(..16).unwrap_or_default();
    u64::from_str_radix(digits, 16).unwrap_or(0)
}

/// Where in the tile the block at (`x`, `y`), counted in blocks, finds its noise.
pub(super) fn place(seed: u64, frame: u64, x: usize, y: usize) -> u64 {
    scramble(scramble(scramble(seed) ^ frame) ^ ((y as u64) << 32 | x as u64))
}

/// A finalizer that spreads every bit over all others (S. Vigna's SplitMix64).
fn scramble(value: u64) -> u64 {
    let mut value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}

/// The sum of eight even bytes is close to a bell curve.
fn bell(bits: u64) -> f64 {
    bits.to_le_bytes().iter().map(|byte| f64::from(*byte)).sum()
}

/// Blurs the tile along one direction, whose neighbors lie `step` apart; it wraps around.
fn blurred(values: &[f64], deviation: f64, step: usize, other: usize) -> Vec<f64> {
    let reach = ((3.0 * deviation).ceil() as usize).min(TILE / 2 - 1);
    let weights: Vec<f64> = (0..=2 * reach)
        .map(|place| {
            let away = place as f64 - reach as f64;
            libm::exp(-away * away / (2.0 * deviation * deviation))
        })
        .collect();
    let mut soft = vec![0.0; TILE * TILE];
    for line in 0..TILE {
        for at in 0..TILE {
            let sum: f64 = weights
                .iter()
                .enumerate()
                .map(|(place, weight)| {
                    let from = (at + TILE + place - reach) % TILE;
                    weight * values[line * other + from * step]
                })
                .sum();
            soft[line * other + at * step] = sum;
        }
    }
    soft
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tile_is_even_and_as_strong_as_it_says() {
        let tile = Tile::new(Size::new(1920, 1080), 1.0);
        let count = tile.values.len() as f64;
        let mean = tile.values.iter().map(|v| f64::from(*v)).sum::<f64>() / count;
        let power = tile
            .values
            .iter()
            .map(|v| f64::from(*v).powi(2))
            .sum::<f64>()
            / count;
        assert!(mean.abs() < 1.0, "{mean}");
        assert!((power.sqrt() - 32.0).abs() < 1.0, "{power}");
    }

    #[test]
    fn the_seed_is_the_start_of_the_hash() {
        assert_eq!(
            grain_seed(&format!("00000000000001ff{}", "a".repeat(48))),
            511
        );
        assert_eq!(grain_seed(""), 0);
    }

    #[test]
    fn frames_and_seeds_move_the_tile() {
        let places = [place(1, 0, 0, 0), place(1, 1, 0, 0), place(2, 0, 0, 0)];
        assert!(places[0] != places[1] && places[0] != places[2]);
    }
}
