//! Palettes: the colors of a picture, or of several, with their shares.

use super::oklab::{from_oklab, oklab};
use crate::analysis::Swatch;
use crate::picture::Rgb8;
use crate::time::rounded;

/// Most colors of a picture's palette.
const SWATCHES: usize = 5;
/// Rounds of k-means; it usually converges sooner.
const ROUNDS: usize = 16;
/// Colors closer than this in Oklab are one swatch.
const SAME_COLOR: f32 = 0.06;
/// Least share of a swatch.
const SMALLEST_SHARE: f64 = 0.02;

/// Up to 5 colors with their shares, largest first.
pub(crate) fn palette(small: &Rgb8) -> Vec<Swatch> {
    clustered(&color_points(small), SWATCHES)
}

/// The colors of several pictures as one palette of up to `most` colors, from colors and how much each counts.
pub fn joint_palette(colors: impl Iterator<Item = ([u8; 3], f64)>, most: usize) -> Vec<Swatch> {
    let points: Vec<ColorPoint> = colors
        .filter(|(_, count)| *count > 0.0)
        .map(|(color, count)| ColorPoint {
            lab: oklab(color),
            count,
        })
        .collect();
    clustered(&points, most)
}

/// Up to `most` colors with their shares, largest first: k-means in Oklab. Seeds are chosen by distance times count, so
/// that a small accent far from the other colors gets a swatch; there is no randomness.
fn clustered(points: &[ColorPoint], most: usize) -> Vec<Swatch> {
    let mut centers = seeds(points, most);
    let mut weights = vec![0.0_f64; centers.len()];
    for _ in 0..ROUNDS {
        let mut sums = vec![[0.0_f64; 3]; centers.len()];
        weights.fill(0.0);
        for point in points {
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
    let total = weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let mut swatches: Vec<Swatch> = merged(centers, weights)
        .into_iter()
        .filter(|&(_, weight)| weight / total >= SMALLEST_SHARE)
        .map(|(center, weight)| Swatch {
            hex: hex(from_oklab(center)),
            // Rounded down, so that the shares never add up to more than 1.
            share: rounded((weight / total * 10_000.0).floor() / 10_000.0),
        })
        .collect();
    swatches.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.hex.cmp(&b.hex)));
    swatches
}

/// A color, and how much it counts: in a picture the mean of a cell of the color cube, and its pixels.
struct ColorPoint {
    lab: [f32; 3],
    count: f64,
}

/// The colors of a picture, reduced to the cells of a coarse color cube.
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

/// The first centers of k-means.
fn seeds(points: &[ColorPoint], most: usize) -> Vec<[f32; 3]> {
    let mut centers: Vec<[f32; 3]> = Vec::new();
    while centers.len() < most {
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

/// Squared distance in Oklab.
fn distance(a: [f32; 3], b: [f32; 3]) -> f32 {
    a.into_iter().zip(b).map(|(x, y)| (x - y) * (x - y)).sum()
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
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
}
