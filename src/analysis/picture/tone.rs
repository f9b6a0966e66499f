//! Tone of a picture: luma, contrast, saturation, warmth, clipping and dynamic range.

use super::oklab::{LINEAR, luma8, oklab};
use crate::analysis::Clipping;
use crate::picture::Rgb8;
use crate::time::rounded;

/// Mean Oklab distance towards orange that counts as fully warm.
const FULL_WARMTH: f64 = 0.10;
/// Share of the pixels at either end that the dynamic range leaves out.
const END_SHARE: f64 = 0.005;
/// Clipping is counted on at most about this many pixels.
const CLIPPING_PIXELS: usize = 1 << 20;
/// Channels below this (of 255) have no saturation: color noise in near black is no color.
const NEAR_BLACK: u8 = 8;
/// Luma (of 255) up to which shadows are clipped, and from which highlights are.
const CLIPPED_LOW: usize = 2;
const CLIPPED_HIGH: usize = 253;

/// Tones that a picture is described by: the middles of its ten tenths from dark to bright.
pub const TONES: usize = 10;

/// Plain measurements of a picture.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tone {
    /// Mean luma, 0..1.
    pub luma: f64,
    /// Standard deviation of luma.
    pub contrast: f64,
    /// Mean chroma over value.
    pub saturation: f64,
    /// -1 blue .. 1 orange.
    pub warmth: f64,
    /// Shares of clipped pixels.
    pub clipping: Clipping,
    /// Luma below which 5 % of the picture lies.
    pub shadows: f64,
    /// Luma below which half of the picture lies.
    pub median: f64,
    /// Luma below which 95 % of the picture lies.
    pub highlights: f64,
    /// Luma below which 5, 15 … 95 % of the picture lie.
    pub tones: [f64; TONES],
    /// Stops between the darkest and the brightest half percent.
    pub dynamic_range: f64,
}

/// Measures `small` (a reduced copy), and clipping on `picture` itself, since reducing hides it.
pub(crate) fn measure_tone(picture: &Rgb8, small: &Rgb8) -> Tone {
    let mut histogram = [0_u64; 256];
    let (mut saturation, mut warmth) = (0.0_f64, 0.0_f64);
    for pixel in small.pixels() {
        histogram[usize::from(luma8(pixel))] += 1;
        let high = pixel.into_iter().max().unwrap_or(0);
        let low = pixel.into_iter().min().unwrap_or(0);
        if high >= NEAR_BLACK {
            saturation += f64::from(high - low) / f64::from(high);
        }
        // Orange lies at 60° in Oklab's a, b plane.
        let [_, a, b] = oklab(pixel);
        warmth += 0.5 * f64::from(a) + 0.866_025 * f64::from(b);
    }
    let count = histogram.iter().sum::<u64>().max(1) as f64;
    let mean = histogram
        .iter()
        .enumerate()
        .map(|(luma, &n)| luma as f64 * n as f64)
        .sum::<f64>()
        / count;
    let variance = histogram
        .iter()
        .enumerate()
        .map(|(luma, &n)| (luma as f64 - mean) * (luma as f64 - mean) * n as f64)
        .sum::<f64>()
        / count;
    let below = |share: f64| {
        let wanted = share * count;
        let mut seen = 0.0;
        for (luma, &n) in histogram.iter().enumerate() {
            seen += n as f64;
            if seen >= wanted {
                return luma as f64 / 255.0;
            }
        }
        1.0
    };
    let (clipping, dynamic_range) = measure_ends(picture);
    Tone {
        luma: mean / 255.0,
        contrast: variance.sqrt() / 255.0,
        saturation: saturation / count,
        warmth: (warmth / count / FULL_WARMTH).clamp(-1.0, 1.0),
        clipping,
        shadows: below(0.05),
        median: below(0.5),
        highlights: below(0.95),
        tones: std::array::from_fn(|tenth| below((tenth as f64 + 0.5) / TONES as f64)),
        dynamic_range,
    }
}

/// Clipping, and the dynamic range in stops.
fn measure_ends(picture: &Rgb8) -> (Clipping, f64) {
    let pixels = picture.width() * picture.height();
    // An odd step visits all columns of pictures of even width.
    let step = (pixels / CLIPPING_PIXELS) | 1;
    let mut histogram = [0_u64; 256];
    for pixel in picture.samples().chunks_exact(3).step_by(step) {
        histogram[usize::from(luma8([pixel[0], pixel[1], pixel[2]]))] += 1;
    }
    let count = histogram.iter().sum::<u64>().max(1);
    let share = |lumas: &[u64]| rounded(lumas.iter().sum::<u64>() as f64 / count as f64);
    let clipping = Clipping {
        low: share(&histogram[..=CLIPPED_LOW]),
        high: share(&histogram[CLIPPED_HIGH..]),
    };
    (clipping, stops(&histogram, count))
}

/// Stops (doublings of light) between the luma that half a percent of the pixels lie below, and the one that half a
/// percent lie above. Black counts as half a step of 8 bits, so that the ratio stays finite.
fn stops(histogram: &[u64; 256], count: u64) -> f64 {
    let enough = count as f64 * END_SHARE;
    let reaches = |seen: &mut u64, n: u64| {
        *seen += n;
        (*seen as f64 > enough).then_some(())
    };
    let mut seen = 0;
    let dark = histogram
        .iter()
        .position(|&n| reaches(&mut seen, n).is_some());
    let mut seen = 0;
    let bright = histogram
        .iter()
        .rposition(|&n| reaches(&mut seen, n).is_some());
    let light = |luma: Option<usize>| match luma {
        None | Some(0) => f64::from(LINEAR[1]) / 2.0,
        Some(luma) => f64::from(LINEAR[luma.min(255)]),
    };
    libm::log2(light(bright) / light(dark)).max(0.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn stripes(colors: &[([u8; 3], u32)]) -> Rgb8 {
        let width: u32 = colors.iter().map(|&(_, columns)| columns).sum();
        let row: Vec<u8> = colors
            .iter()
            .flat_map(|&(color, columns)| std::iter::repeat_n(color, columns as usize))
            .flatten()
            .collect();
        Rgb8::new(Size::new(width, 10), row.repeat(10)).unwrap()
    }

    #[test]
    fn tone_of_known_halves() {
        let picture = stripes(&[([0, 0, 0], 50), ([255, 255, 255], 50)]);
        let tone = measure_tone(&picture, &picture);
        assert!((tone.luma - 0.5).abs() < 1e-6 && (tone.contrast - 0.5).abs() < 1e-6);
        assert_eq!((tone.clipping.low, tone.clipping.high), (0.5, 0.5));
        assert_eq!(tone.saturation, 0.0);
        let warm = stripes(&[([240, 150, 60], 10)]);
        let cold = stripes(&[([60, 120, 240], 10)]);
        assert!(measure_tone(&warm, &warm).warmth > 0.5);
        assert!(measure_tone(&cold, &cold).warmth < -0.5);
    }
}
