//! Noise of a picture, measured at its own size.

use super::oklab::luma8;
use crate::analysis::ramp::ramp;
use crate::picture::Rgb8;

/// Standard deviations of luma noise (of 255) at which the result is 0 and 1.
const NO_NOISE: f64 = 1.0;
const FULL_NOISE: f64 = 12.0;
/// Side of the tiles that noise is measured in, in pixels of the original, and how many there are in each direction.
const TILE: usize = 32;
const TILES: usize = 12;

/// Noise of a picture: 0 none .. 1 very noisy.
pub(super) fn noise(picture: &Rgb8) -> f64 {
    ramp(noise_deviation(picture), NO_NOISE, FULL_NOISE)
}

/// Standard deviation of luma noise, 0..255, by Immerkær's Laplacian mask ("Fast noise variance estimation", 1996).
/// Texture raises the estimate, so it is the lower quartile over tiles: the smoothest tiles show the noise. Tiles that
/// are nearly black or white are left out, because clipping removes their noise.
fn noise_deviation(picture: &Rgb8) -> f64 {
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
}
