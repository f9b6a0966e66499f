//! `grain`: film grain, from a tile of soft noise that is rearranged for every frame.
//!
//! As in AV1's film grain synthesis, one tile is made per look and size, and each block of the picture takes a part of
//! it at a position from a hash of (seed, frame, block). The tile wraps around, and noise this soft has no visible
//! seams.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::geometry::Size;
use crate::looks::check::Problem;
use crate::looks::steps::field::{NumberField, check_fields, described};
use crate::looks::steps::{StepStage, Step, StepInfo};
use crate::looks::texture::{FrameView, Row, Texture, TexturePass, row_luma, share, vectorized};

/// Noise in luma, strongest in the midtones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grain {
    /// 0..100; 100 is a standard deviation of 6 % of the range.
    pub amount: f64,
    /// The size of grains, 0.5..4; 1 is about a pixel of a 1080-line picture.
    #[serde(default = "default_size")]
    pub size: f64,
}

const fn default_size() -> f64 {
    1.0
}

static FIELDS: &[NumberField<Grain>] = &[
    NumberField::new("amount", [0.0, 100.0], "%", |step: &Grain| step.amount),
    NumberField::new("size", [0.5, 4.0], "", |step: &Grain| step.size)
        .default(default_size())
        .note("1 is about a pixel of a 1080-line picture"),
];

/// Standard deviation in the midtones at the full amount, as a fraction of the range.
const MOST: f32 = 0.06;

pub(super) const INFO: StepInfo = StepInfo {
    kind: "grain",
    stage: StepStage::Texture,
    takes_masks: false,
    feature: Some("grain"),
    parameters: || described(FIELDS),
    summary: "New on every frame, the same for the same content",
    formula: "noise of a deviation of 0.06 a in the midtones, seeded by content and frame",
    source: "own",
};

impl Step for Grain {
    fn info(&self) -> &'static StepInfo {
        &INFO
    }

    fn check(&self) -> Result<(), Problem> {
        check_fields(self, FIELDS)
    }

    fn texture(&self, strength: f64) -> Option<Arc<dyn Texture>> {
        (self.amount > 0.0).then(|| -> Arc<dyn Texture> {
            Arc::new(Noise {
                amount: MOST * share(self.amount, strength),
                size: self.size,
            })
        })
    }

    fn amount(&self) -> f64 {
        self.amount
    }
}

#[derive(Debug)]
struct Noise {
    /// Standard deviation in the midtones, as a fraction of the range.
    amount: f32,
    size: f64,
}

impl Texture for Noise {
    fn fit(&self, size: Size) -> Box<dyn TexturePass> {
        vectorized(NoisePass {
            amount: self.amount,
            tile: Tile::new(size, self.size),
        })
    }
}

#[derive(Debug)]
struct NoisePass {
    amount: f32,
    tile: Tile,
}

impl TexturePass for NoisePass {
    #[inline(always)]
    fn row(&self, frame: &FrameView<'_>, row: &mut Row<'_>) {
        row.settle();
        let line = row.line;
        // Reducing a picture averages grain away, so a small picture gets weaker grain to match.
        let lines = frame.width.min(frame.height) as f32;
        let amount = self.amount * (lines / 1080.0).clamp(0.35, 1.0) / DEVIATION;
        let blocks = row
            .red
            .chunks_mut(BLOCK)
            .zip(row.green.chunks_mut(BLOCK))
            .zip(row.blue.chunks_mut(BLOCK));
        for (number, ((red, green), blue)) in blocks.enumerate() {
            let position = tile_position(frame.seed, frame.number, number, line / BLOCK);
            let noise = self.tile.row(position, line % BLOCK);
            let pixels = red.iter_mut().zip(green).zip(blue).zip(noise);
            for (((r, g), b), noise) in pixels {
                let luma = row_luma(*r, *g, *b).clamp(0.0, 1.0);
                let weight = 0.15 + 3.4 * luma * (1.0 - luma);
                let lift = amount * f32::from(*noise) * weight;
                *r += lift;
                *g += lift;
                *b += lift;
            }
        }
    }
}

/// Side of the tile in pixels: 256, so that a byte of a hash is a position.
const TILE: usize = 256;
/// Side of a block in pixels.
const BLOCK: usize = 32;
/// Standard deviation of the tile's values: four of them fit a signed byte.
const DEVIATION: f32 = 32.0;

/// Noise with mean 0.
#[derive(Debug)]
struct Tile {
    /// Rows of `TILE + BLOCK` values: the first block is repeated at the end, so that reading need not wrap.
    values: Vec<i8>,
}

impl Tile {
    /// Noise for pictures of `size`, with grains of `grain_size` pixels of a 1080-line picture.
    fn new(size: Size, grain_size: f64) -> Self {
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

    /// The noise for row `line` of a block whose noise is at `position`.
    #[inline(always)]
    fn row(&self, position: u64, line: usize) -> &[i8] {
        let x = (position & 0xff) as usize;
        let y = ((position >> 8 & 0xff) as usize + line) % TILE;
        let start = y * (TILE + BLOCK) + x;
        &self.values[start..start + BLOCK]
    }
}

/// The seed of a file's grain: the first 64 bits of its BLAKE3 hash (`blake3`, in hex), so that the same content always
/// gets the same grain. 0 without a hash.
pub fn grain_seed(blake3: &str) -> u64 {
    let digits = blake3.get(..16).unwrap_or_default();
    u64::from_str_radix(digits, 16).unwrap_or(0)
}

/// The position in the tile of the noise for the block at (`x`, `y`), counted in blocks.
fn tile_position(seed: u64, frame: u64, x: usize, y: usize) -> u64 {
    scramble(scramble(scramble(seed) ^ frame) ^ ((y as u64) << 32 | x as u64))
}

/// A finalizer in which every input bit affects every output bit (S. Vigna's SplitMix64).
fn scramble(value: u64) -> u64 {
    let mut value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}

/// An approximately Gaussian number: the sum of eight uniform bytes.
fn bell(bits: u64) -> f64 {
    bits.to_le_bytes().iter().map(|byte| f64::from(*byte)).sum()
}

/// Blurs the tile along one direction, in which neighbors lie `step` apart, with wrapping.
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
        let positions = [[1, 0], [1, 1], [2, 0]].map(|[seed, frame]| tile_position(seed, frame, 0, 0));
        assert!(positions[0] != positions[1] && positions[0] != positions[2]);
    }
}
