//! Technical quality: sharpness, noise, exposure, and one score of them.
//!
//! Score = 0.45 × sharpness + 0.20 × (1 − noise) + 0.35 × exposure.

use crate::analysis::Quality;
use crate::analysis::picture::color::{Tone, luma8};
use crate::analysis::picture::ramp;
use crate::geometry::Rect;
use crate::picture::Rgb8;
use crate::time::rounded;

/// Weights of the score.
const SHARPNESS_WEIGHT: f64 = 0.45;
const NOISE_WEIGHT: f64 = 0.20;
const EXPOSURE_WEIGHT: f64 = 0.35;

/// Cells each way that sharpness is judged in.
const CELLS: usize = 8;
/// Parts of a cell each way, so that small subjects can be told from what is around them.
const PARTS: usize = 3;
const ACROSS: usize = CELLS * PARTS;
/// Share of the cells with the most detail that count: a sharp face before a blurred garden is a sharp picture.
const SHARPEST: f64 = 0.25;
/// Mean step between neighbors (0..255) below which a cell has too little texture to be judged.
const TEXTURE: f64 = 1.2;
/// Steps of this size are noise rather than detail.
const STEP_FLOOR: i32 = 2;
/// Shares of detail lost by blurring again that stand for 0 and 1. Of 30 corpus photos the median loses 0.78; after a
/// Gaussian blur of 1.2 pixels 0.58, of 2 pixels 0.39, of 3 pixels 0.25.
const BLURRED: f64 = 0.20;
const SHARP: f64 = 0.76;

/// Standard deviations of noise (of 255) that stand for 0 and 1.
const NO_NOISE: f64 = 1.0;
const FULL_NOISE: f64 = 12.0;
/// Side of the tiles noise is measured in, at the picture's own size, and how many there are each way.
const TILE: usize = 32;
const TILES: usize = 12;

/// Measures `picture` (noise and `compression`, which reducing hides) and `working` (sharpness, as a viewer sees it).
pub(crate) fn measure(
    picture: &Rgb8,
    detail: &SharpnessMap,
    tone: &Tone,
    compression: Option<f64>,
) -> Quality {
    let sharpness = detail.sharpness();
    let noise = ramp(noise_deviation(picture), NO_NOISE, FULL_NOISE);
    let exposure = exposure(tone);
    let score =
        SHARPNESS_WEIGHT * sharpness + NOISE_WEIGHT * (1.0 - noise) + EXPOSURE_WEIGHT * exposure;
    Quality {
        sharpness: rounded(sharpness),
        noise: rounded(noise),
        exposure: rounded(exposure),
        score: rounded(score),
        compression: compression.map(rounded),
        subject_sharpness: None,
        background_sharpness: None,
    }
}

/// 0 blurred .. 1 sharp, see [`SharpnessMap::sharpness`].
pub(crate) fn sharpness(picture: &Rgb8) -> f64 {
    SharpnessMap::of(picture).sharpness()
}

/// How much of its detail a picture loses in each cell when it is blurred again (Crété-Roffet et al., "The blur effect: perception and
/// estimation with a new no-reference perceptual blur metric", 2007).
pub(crate) struct SharpnessMap {
    /// Each way `CELLS × PARTS`, row by row.
    cells: Vec<Cell>,
}

impl SharpnessMap {
    pub(crate) fn of(picture: &Rgb8) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let luma: Vec<u8> = picture.pixels().map(luma8).collect();
        let mut cells = vec![Cell::default(); ACROSS * ACROSS];
        add_losses(&luma, width, height, &mut cells, false);
        add_losses(
            &transposed(&luma, width, height),
            height,
            width,
            &mut cells,
            true,
        );
        Self { cells }
    }

    /// 0 blurred .. 1 sharp: the share of detail lost, over the cells with the most detail. As a share it does not depend on how much texture
    /// there is; 0.5 where there is none at all.
    pub(crate) fn sharpness(&self) -> f64 {
        let mut whole = vec![Cell::default(); CELLS * CELLS];
        for (at, part) in self.cells.iter().enumerate() {
            let (column, row) = (at % ACROSS / PARTS, at / ACROSS / PARTS);
            whole[row * CELLS + column].add(part);
        }
        sharpest(
            whole.iter(),
            ((CELLS * CELLS) as f64 * SHARPEST).ceil() as usize,
        )
        .unwrap_or(0.5)
    }

    /// The same inside and outside of a box, each by its own sharpest quarter; `None` where there is no texture.
    pub(crate) fn apart(&self, bounds: Rect) -> (Option<f64>, Option<f64>) {
        let place = |at: usize| (at as f64 + 0.5) / ACROSS as f64;
        let inside = |at: usize| {
            let (x, y) = (place(at % ACROSS), place(at / ACROSS));
            (bounds.x..bounds.x + bounds.width).contains(&x)
                && (bounds.y..bounds.y + bounds.height).contains(&y)
        };
        let of = |wanted: bool| {
            let cells: Vec<&Cell> = self
                .cells
                .iter()
                .enumerate()
                .filter(|&(at, _)| inside(at) == wanted)
                .map(|(_, cell)| cell)
                .collect();
            let most = (cells.len() as f64 * SHARPEST).ceil() as usize;
            sharpest(cells.into_iter(), most)
        };
        (of(true), of(false))
    }
}

/// Sharpness over the `most` cells that lose most; `None` when no cell has enough texture to be judged.
fn sharpest<'a>(cells: impl Iterator<Item = &'a Cell>, most: usize) -> Option<f64> {
    let mut judged: Vec<&Cell> = cells
        .filter(|cell| cell.steps > TEXTURE * cell.count)
        .collect();
    judged.sort_by(|a, b| b.lost.total_cmp(&a.lost));
    judged.truncate(most.max(1));
    let (lost, steps) = judged.iter().fold((0.0, 0.0), |(lost, steps), cell| {
        (lost + cell.lost, steps + cell.steps)
    });
    (steps > 0.0).then(|| ramp(lost / steps, BLURRED, SHARP))
}

/// Sums over one cell.
#[derive(Clone, Default)]
struct Cell {
    /// Of the steps between neighbors.
    steps: f64,
    /// Of what blurring takes off them.
    lost: f64,
    count: f64,
}

impl Cell {
    fn add(&mut self, part: &Self) {
        self.steps += part.steps;
        self.lost += part.lost;
        self.count += part.count;
    }
}

/// Blurs each row with a box of 9 and adds what the steps along it lose.
fn add_losses(luma: &[u8], width: usize, height: usize, cells: &mut [Cell], turned: bool) {
    const HALF: usize = 4;
    const BOX: i32 = 2 * HALF as i32 + 1;
    if width < 2 * HALF + 3 || height < CELLS {
        return;
    }
    for (y, row) in luma.chunks_exact(width).enumerate() {
        let down = y * ACROSS / height;
        // The blurred step at x is (row[x + 4] - row[x - 5]) / 9: the box's running sum cancels out.
        for x in HALF + 1..width - HALF {
            let step = (i32::from(row[x]) - i32::from(row[x - 1])).abs();
            let blurred = (i32::from(row[x + HALF]) - i32::from(row[x - HALF - 1])).abs() / BOX;
            let across = x * ACROSS / width;
            let at = if turned {
                across * ACROSS + down
            } else {
                down * ACROSS + across
            };
            let cell = &mut cells[at];
            cell.count += 1.0;
            if step > STEP_FLOOR {
                cell.steps += f64::from(step);
                cell.lost += f64::from((step - blurred).max(0));
            }
        }
    }
}

fn transposed(luma: &[u8], width: usize, height: usize) -> Vec<u8> {
    let mut out = vec![0; luma.len()];
    for (y, row) in luma.chunks_exact(width).enumerate() {
        for (x, &value) in row.iter().enumerate() {
            out[x * height + y] = value;
        }
    }
    out
}

/// Standard deviation of the noise of luma, 0..255: Immerkær's Laplacian mask ("Fast noise variance estimation", 1996)
/// in tiles at the picture's own size, the lower quartile of the tiles: texture adds to the estimate, so the smoothest
/// tiles tell the noise. Tiles at either end of the range, where noise is clipped off, do not count.
pub(crate) fn noise_deviation(picture: &Rgb8) -> f64 {
    let (width, height) = (picture.width(), picture.height());
    if width < TILE || height < TILE {
        return 0.0;
    }
    let starts = |side: usize| {
        let count = (side / TILE).clamp(1, TILES);
        (0..count).map(move |n| (side - TILE) * (2 * n + 1) / (2 * count))
    };
    let mut deviations = Vec::new();
    for top in starts(height) {
        for left in starts(width) {
            if let Some(deviation) = tile_deviation(picture, left, top) {
                deviations.push(deviation);
            }
        }
    }
    deviations.sort_by(f64::total_cmp);
    deviations.get(deviations.len() / 4).copied().unwrap_or(0.0)
}

fn tile_deviation(picture: &Rgb8, left: usize, top: usize) -> Option<f64> {
    let mut luma = [[0_i32; TILE]; TILE];
    let mut sum = 0;
    for (y, row) in luma.iter_mut().enumerate() {
        for (x, value) in row.iter_mut().enumerate() {
            *value = i32::from(luma8(picture.pixel(left + x, top + y)));
            sum += *value;
        }
    }
    let mean = sum / (TILE * TILE) as i32;
    if !(12..=243).contains(&mean) {
        return None;
    }
    let mut total = 0_i64;
    for y in 1..TILE - 1 {
        for x in 1..TILE - 1 {
            let value = luma[y - 1][x - 1] - 2 * luma[y - 1][x] + luma[y - 1][x + 1]
                - 2 * luma[y][x - 1]
                + 4 * luma[y][x]
                - 2 * luma[y][x + 1]
                + luma[y + 1][x - 1]
                - 2 * luma[y + 1][x]
                + luma[y + 1][x + 1];
            total += i64::from(value.abs());
        }
    }
    let inner = ((TILE - 2) * (TILE - 2)) as f64;
    Some((std::f64::consts::FRAC_PI_2).sqrt() / (6.0 * inner) * total as f64)
}

/// 1 well exposed. Falls with a mean far from mid grey, with lost highlights (from 1 % on) and lost shadows (from 8 % on,
/// since black is often meant), and with a range that uses little of the scale.
pub(crate) fn exposure(tone: &Tone) -> f64 {
    let middle = ramp(tone.luma, 0.06, 0.30) * ramp(tone.luma, 0.96, 0.70);
    let highlights = 1.0 - ramp(tone.clipping.high, 0.01, 0.25);
    let shadows = 1.0 - 0.6 * ramp(tone.clipping.low, 0.08, 0.50);
    let range = 0.6 + 0.4 * ramp(tone.highlights - tone.shadows, 0.15, 0.50);
    middle * highlights * shadows * range
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    /// Repeatable noise, about uniform in -1..1.
    fn noise(seed: u32) -> f64 {
        let mut value = seed.wrapping_mul(2_654_435_761) ^ 0x9e37_79b9;
        value ^= value >> 15;
        value = value.wrapping_mul(0x85eb_ca6b);
        value ^= value >> 13;
        f64::from(value) / f64::from(u32::MAX) * 2.0 - 1.0
    }

    fn picture(width: u32, height: u32, value: impl Fn(u32, u32) -> f64) -> Rgb8 {
        let samples = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| [value(x, y).round().clamp(0.0, 255.0) as u8; 3])
            .collect();
        Rgb8::new(Size::new(width, height), samples).unwrap()
    }

    #[test]
    fn noise_of_known_deviation_is_found() {
        // Uniform noise in ±a has the deviation a / √3.
        for wanted in [2.0, 5.0, 10.0] {
            let amplitude = wanted * 3.0_f64.sqrt();
            let made = picture(300, 200, |x, y| 128.0 + amplitude * noise(y * 1000 + x));
            let found = noise_deviation(&made);
            assert!((found / wanted - 1.0).abs() < 0.15, "{found} for {wanted}");
        }
    }

    #[test]
    fn texture_in_half_the_picture_is_not_noise() {
        let made = picture(320, 320, |x, y| {
            if x < 160 {
                f64::from((x / 2 + y / 2) % 2) * 90.0 + 60.0
            } else {
                120.0
            }
        });
        assert!(noise_deviation(&made) < 1.0);
    }

    #[test]
    fn a_sharp_subject_before_a_soft_background_is_told_apart() {
        let made = picture(320, 240, |x, y| {
            let sharp = (120..200).contains(&x) && (80..160).contains(&y);
            let wave = |v: u32| {
                if sharp {
                    f64::from(v / 10 % 2) * 2.0 - 1.0
                } else {
                    (f64::from(v) * std::f64::consts::TAU / 80.0).sin()
                }
            };
            128.0 + 60.0 * (wave(x) + wave(y))
        });
        let bounds = Rect::new(0.375, 0.3333, 0.25, 0.3333);
        let (inside, outside) = SharpnessMap::of(&made).apart(bounds);
        let (inside, outside) = (inside.unwrap(), outside.unwrap());
        assert!(inside > 0.8 && outside < 0.6 * inside, "{inside} {outside}");
        let plain = SharpnessMap::of(&picture(200, 200, |_, _| 70.0));
        assert_eq!(plain.apart(bounds), (None, None));
    }

    #[test]
    fn soft_edges_are_less_sharp_than_hard_ones() {
        let edges = |soft: f64| {
            picture(320, 240, move |x, y| {
                let wave = |v: u32| ((f64::from(v % 40) - 20.0).abs() - 10.0) / soft;
                128.0 + 100.0 * (wave(x) + wave(y)).clamp(-1.0, 1.0)
            })
        };
        let (hard, soft, softer) = (
            sharpness(&edges(0.5)),
            sharpness(&edges(5.0)),
            sharpness(&edges(20.0)),
        );
        assert!(
            hard > 0.9 && hard > soft && soft > softer,
            "{hard} {soft} {softer}"
        );
        assert_eq!(sharpness(&picture(200, 200, |_, _| 70.0)), 0.5);
    }
}
