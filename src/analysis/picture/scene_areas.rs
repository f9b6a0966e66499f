//! Areas of a picture that hint at a scene: sky, greenery, snow, the glow of a sunset, a single tint.

use super::oklab::{luma8, oklab};
use crate::picture::Rgb8;

/// Shares of the picture, 0..1, measured on the reduced copy.
#[derive(Debug, Clone, Default)]
pub(crate) struct SceneAreas {
    /// Connected to the top edge, smooth and blue, grey or bright.
    pub sky: f64,
    /// The part of `sky` that is clearly blue.
    pub blue_sky: f64,
    /// Green.
    pub green: f64,
    /// Bright and nearly colorless in the lower half.
    pub white_ground: f64,
    /// Yellow over red to purple, not dark, in the upper two thirds.
    pub glow: f64,
    /// Pixels that are equal to their right neighbor.
    pub flat: f64,
    /// Standard deviation of Oklab hue direction: 0 for a picture of one tint.
    pub tint_spread: f64,
}

/// Measures a picture reduced to [`COLOR_SIDE`](super::working_size::COLOR_SIDE).
pub(crate) fn measure_areas(small: &Rgb8) -> SceneAreas {
    let (width, height) = (small.width(), small.height());
    let count = (width * height) as f64;
    let (mut green, mut white, mut glow, mut flat) = (0.0, 0.0, 0.0, 0.0);
    let (mut sum_a, mut sum_b, mut squares) = (0.0, 0.0, 0.0);
    for y in 0..height {
        for x in 0..width {
            let pixel = small.pixel(x, y);
            let [light, a, b] = oklab(pixel).map(f64::from);
            let chroma = (a * a + b * b).sqrt();
            sum_a += a;
            sum_b += b;
            squares += a * a + b * b;
            // Hue 105° to 160° without trigonometry: a is negative, b positive, a not much stronger than b.
            if chroma > 0.045 && a < -0.26 * b && b > -0.36 * a {
                green += 1.0;
            }
            if light > 0.82 && chroma < 0.035 && y * 2 > height {
                white += 1.0;
            }
            if light > 0.35 && chroma > 0.05 && b > -0.03 && a > 0.0 && y * 3 < height * 2 {
                glow += 1.0;
            }
            if x + 1 < width && pixel == small.pixel(x + 1, y) {
                flat += 1.0;
            }
        }
    }
    let (mean_a, mean_b) = (sum_a / count, sum_b / count);
    let (sky, blue_sky) = measure_sky(small);
    SceneAreas {
        sky,
        blue_sky,
        green: green / count,
        white_ground: white / count,
        glow: glow / count,
        flat: flat / count,
        tint_spread: (squares / count - mean_a * mean_a - mean_b * mean_b)
            .max(0.0)
            .sqrt(),
    }
}

/// Shares of sky and of blue sky: follows each column down from the top while it is smooth and has the color of a sky.
fn measure_sky(small: &Rgb8) -> (f64, f64) {
    let (width, height) = (small.width(), small.height());
    let (mut sky, mut blue) = (0_u64, 0_u64);
    for x in 0..width {
        let mut above = None;
        for y in 0..height {
            let pixel = small.pixel(x, y);
            let [light, a, b] = oklab(pixel).map(f64::from);
            let chroma = (a * a + b * b).sqrt();
            let is_blue = b < -0.018 && a < 0.03 && light > 0.35;
            let is_cloud = light > 0.62 && chroma < 0.045;
            let is_glow = light > 0.5 && b > 0.0 && a > -0.02 && chroma > 0.03;
            let luma = i32::from(luma8(pixel));
            let smooth = above.is_none_or(|above: i32| (luma - above).abs() <= 14);
            if !smooth || !(is_blue || is_cloud || is_glow) {
                break;
            }
            above = Some(luma);
            sky += 1;
            blue += u64::from(is_blue);
        }
    }
    let count = (width * height).max(1) as f64;
    (sky as f64 / count, blue as f64 / count)
}
