//! Colors and tones: luma, saturation, warmth, clipping and the palette.
//!
//! Palette and warmth are measured in Oklab (Björn Ottosson, "A perceptual color space for image processing", 2020),
//! where equal distances look about equally different.

use std::sync::LazyLock;

use crate::analysis::{Clipping, Swatch};
use crate::picture::Rgb8;
use crate::time::rounded;

/// Most colors of a palette.
const SWATCHES: usize = 5;
/// Rounds of k-means; it settles long before.
const ROUNDS: usize = 16;
/// Colors closer than this in Oklab are one swatch.
const SAME_COLOR: f32 = 0.06;
/// A swatch needs this share.
const SMALLEST_SHARE: f64 = 0.02;
/// Mean Oklab distance towards orange that counts as fully warm.
const FULL_WARMTH: f64 = 0.10;
/// Share of the pixels at either end that the dynamic range leaves out.
const END_SHARE: f64 = 0.005;
/// Clipping is counted on at most about this many pixels.
const CLIPPING_PIXELS: usize = 1 << 20;

/// Plain measurements of a picture.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tone {
    /// Mean luma, 0..1.
    pub luma: f64,
    /// Standard deviation of luma.
    pub contrast: f64,
    /// Mean chroma over value.
    pub saturation: f64,
    /// -1..1.
    pub warmth: f64,
    /// Shares of lost pixels.
    pub clipping: Clipping,
    /// Luma below which 5 % of the picture lies.
    pub shadows: f64,
    /// Luma below which half of the picture lies.
    pub median: f64,
    /// Luma below which 95 % of the picture lies.
    pub highlights: f64,
    /// Stops between the darkest and the brightest half percent.
    pub dynamic_range: f64,
}

/// Rec. 709 luma of gamma-encoded samples, 0..255.
pub(crate) fn luma8(pixel: [u8; 3]) -> u8 {
    let [red, green, blue] = pixel.map(u32::from);
    // 0.2126, 0.7152, 0.0722 in 1/65536.
    ((red * 13_933 + green * 46_871 + blue * 4_732 + 32_768) >> 16) as u8
}

/// Measures `small` (a reduced copy), and clipping on `picture` itself, since reducing hides it.
pub(crate) fn measure_tone(picture: &Rgb8, small: &Rgb8) -> Tone {
    let mut histogram = [0_u64; 256];
    let (mut saturation, mut warmth) = (0.0_f64, 0.0_f64);
    for pixel in small.pixels() {
        histogram[usize::from(luma8(pixel))] += 1;
        let high = pixel.into_iter().max().unwrap_or(0);
        let low = pixel.into_iter().min().unwrap_or(0);
        // Color noise in near black is no color.
        if high >= 8 {
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
        dynamic_range,
    }
}

/// Clipping, and the dynamic range in stops.
fn measure_ends(picture: &Rgb8) -> (Clipping, f64) {
    let pixels = picture.width() * picture.height();
    // An odd step, so that it does not fall into step with even widths.
    let step = (pixels / CLIPPING_PIXELS) | 1;
    let mut histogram = [0_u64; 256];
    for pixel in picture.samples().chunks_exact(3).step_by(step) {
        histogram[usize::from(luma8([pixel[0], pixel[1], pixel[2]]))] += 1;
    }
    let count = histogram.iter().sum::<u64>().max(1);
    let share = |lumas: &[u64]| rounded(lumas.iter().sum::<u64>() as f64 / count as f64);
    let clipping = Clipping {
        low: share(&histogram[..=2]),
        high: share(&histogram[253..]),
    };
    (clipping, stops(&histogram, count))
}

/// Stops (doublings of light) between the luma that half a percent of the pixels lie below, and that half a percent lie above. Black is
/// half a step of 8 bits, so that it is some light.
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

/// Up to 5 colors with their shares, largest first: k-means in Oklab over the cells of a coarse color cube. Seeds are
/// chosen by distance times count, so a small accent far from the rest gets its swatch; nothing is random.
pub(crate) fn palette(small: &Rgb8) -> Vec<Swatch> {
    let points = color_points(small);
    let mut centers = seeds(&points);
    let mut weights = vec![0.0_f64; centers.len()];
    for _ in 0..ROUNDS {
        let mut sums = vec![[0.0_f64; 3]; centers.len()];
        weights.fill(0.0);
        for point in &points {
            let nearest = nearest(&centers, point.lab).0;
            weights[nearest] += point.count;
            for (sum, value) in sums[nearest].iter_mut().zip(point.lab) {
                *sum += f64::from(value) * point.count;
            }
        }
        let mut moved = false;
        for ((center, sum), &weight) in centers.iter_mut().zip(&sums).zip(&weights) {
            if weight > 0.0 {
                let next = sum.map(|value| (value / weight) as f32);
                moved |= distance(*center, next) > 1e-8;
                *center = next;
            }
        }
        if !moved {
            break;
        }
    }
    let total = weights.iter().sum::<f64>().max(1.0);
    let mut swatches: Vec<Swatch> = merged(centers, weights)
        .into_iter()
        .filter(|&(_, weight)| weight / total >= SMALLEST_SHARE)
        .map(|(center, weight)| Swatch {
            hex: hex(from_oklab(center)),
            // Rounded down, so that shares never add up to more than 1.
            share: rounded((weight / total * 10_000.0).floor() / 10_000.0),
        })
        .collect();
    swatches.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.hex.cmp(&b.hex)));
    swatches
}

/// Mean color of a cell of the color cube, and how many pixels lie in it.
struct ColorPoint {
    lab: [f32; 3],
    count: f64,
}

fn color_points(small: &Rgb8) -> Vec<ColorPoint> {
    // 16 steps a channel: 4096 cells.
    let mut cells = vec![([0_u64; 3], 0_u64); 4096];
    for pixel in small.pixels() {
        let [red, green, blue] = pixel.map(|sample| usize::from(sample >> 4));
        let (sums, count) = &mut cells[red << 8 | green << 4 | blue];
        for (sum, sample) in sums.iter_mut().zip(pixel) {
            *sum += u64::from(sample);
        }
        *count += 1;
    }
    cells
        .into_iter()
        .filter(|&(_, count)| count > 0)
        .map(|(sums, count)| ColorPoint {
            lab: oklab(sums.map(|sum| ((sum + count / 2) / count) as u8)),
            count: count as f64,
        })
        .collect()
}

fn seeds(points: &[ColorPoint]) -> Vec<[f32; 3]> {
    let mut centers: Vec<[f32; 3]> = Vec::new();
    while centers.len() < SWATCHES {
        let mut best: Option<(f64, [f32; 3])> = None;
        for point in points {
            let far = if centers.is_empty() {
                1.0
            } else {
                f64::from(nearest(&centers, point.lab).1)
            };
            let value = far * point.count;
            if value > 0.0 && best.is_none_or(|(top, _)| value > top) {
                best = Some((value, point.lab));
            }
        }
        match best {
            Some((_, lab)) => centers.push(lab),
            None => break,
        }
    }
    centers
}

/// Joins centers that look the same, the heavier absorbing the lighter.
fn merged(centers: Vec<[f32; 3]>, weights: Vec<f64>) -> Vec<([f32; 3], f64)> {
    let mut order: Vec<([f32; 3], f64)> = centers.into_iter().zip(weights).collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut kept: Vec<([f32; 3], f64)> = Vec::new();
    for (center, weight) in order {
        let same = kept
            .iter_mut()
            .find(|(other, _)| distance(*other, center) < SAME_COLOR * SAME_COLOR);
        match same {
            Some((other, total)) => {
                let share = (weight / (*total + weight).max(1e-9)) as f32;
                for (mine, theirs) in other.iter_mut().zip(center) {
                    *mine += (theirs - *mine) * share;
                }
                *total += weight;
            }
            None => kept.push((center, weight)),
        }
    }
    kept
}

/// Index and squared distance of the nearest center, the first of equals.
fn nearest(centers: &[[f32; 3]], lab: [f32; 3]) -> (usize, f32) {
    let mut best = (0, f32::INFINITY);
    for (index, &center) in centers.iter().enumerate() {
        let far = distance(center, lab);
        if far < best.1 {
            best = (index, far);
        }
    }
    best
}

/// Squared.
fn distance(a: [f32; 3], b: [f32; 3]) -> f32 {
    a.into_iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// sRGB transfer function for each sample value.
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|sample| {
        let value = sample as f32 / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            libm::powf((value + 0.055) / 1.055, 2.4)
        }
    })
});

/// L 0..1, a, b.
pub(crate) fn oklab(pixel: [u8; 3]) -> [f32; 3] {
    let [r, g, b] = pixel.map(|sample| LINEAR[usize::from(sample)]);
    let l = libm::cbrtf(0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b);
    let m = libm::cbrtf(0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b);
    let s = libm::cbrtf(0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b);
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

fn from_oklab([light, a, b]: [f32; 3]) -> [u8; 3] {
    let cube = |value: f32| value * value * value;
    let l = cube(light + 0.396_337_78 * a + 0.215_803_76 * b);
    let m = cube(light - 0.105_561_346 * a - 0.063_854_17 * b);
    let s = cube(light - 0.089_484_18 * a - 1.291_485_5 * b);
    [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
        -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ]
    .map(|linear| {
        let value = if linear <= 0.003_130_8 {
            linear * 12.92
        } else {
            1.055 * libm::powf(linear, 1.0 / 2.4) - 0.055
        };
        (value * 255.0).round().clamp(0.0, 255.0) as u8
    })
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
    fn oklab_matches_published_values_and_returns() {
        // From Ottosson's article: white is (1, 0, 0).
        let [l, a, b] = oklab([255, 255, 255]);
        assert!((l - 1.0).abs() < 1e-4 && a.abs() < 1e-4 && b.abs() < 1e-4);
        let [l, a, b] = oklab([255, 0, 0]);
        assert!((l - 0.628).abs() < 1e-3 && (a - 0.2249).abs() < 1e-3 && (b - 0.1258).abs() < 1e-3);
        for color in [[0, 0, 0], [12, 200, 77], [255, 1, 128], [250, 250, 3]] {
            assert_eq!(from_oklab(oklab(color)), color);
        }
    }

    #[test]
    fn a_palette_is_sorted_and_keeps_a_small_accent() {
        let picture = stripes(&[
            ([200, 200, 200], 70),
            ([20, 40, 160], 25),
            ([250, 60, 10], 5),
        ]);
        let swatches = palette(&picture);
        let found: Vec<_> = swatches.iter().map(|s| (s.hex.as_str(), s.share)).collect();
        assert_eq!(
            found,
            [("#c8c8c8", 0.7), ("#1428a0", 0.25), ("#fa3c0a", 0.05)]
        );
    }

    #[test]
    fn one_color_is_one_swatch() {
        let swatches = palette(&stripes(&[([9, 9, 9], 30)]));
        assert_eq!(swatches.len(), 1);
        assert_eq!(
            (swatches[0].hex.as_str(), swatches[0].share),
            ("#090909", 1.0)
        );
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
