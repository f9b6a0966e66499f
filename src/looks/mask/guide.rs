//! The reduced picture that guides a filter, and least squares over its neighborhoods.

use rayon::prelude::*;

use crate::geometry::Size;
use crate::looks::depth::Depth;
use crate::picture::Rgb;

/// Longer side of the copy, in pixels: enough for a branch or a finger, and the cost does not depend on the picture's
/// size.
const SIDE: u32 = 512;
/// Neighborhoods reach one part in this many of the longer side: about the error of a network's mask.
const REACH: u32 = 64;
/// The ridge: a neighborhood whose variance of color is below this counts as even.
const EVEN: f32 = 1e-4;
/// Rows that are summed by one thread.
const STRIP: usize = 64;

/// A reduced picture, as fractions of white, with the statistics of its neighborhoods, which all masks share.
pub(in crate::looks) struct Guide {
    pub(in crate::looks) size: Size,
    pub(super) colors: Vec<[f32; 3]>,
    /// Reach of neighborhoods, in pixels of the copy.
    reach: usize,
    /// For each pixel's neighborhood: the mean color, and the inverse of its covariance plus the ridge (the upper
    /// triangle by rows).
    neighborhoods: Vec<[f32; 9]>,
}

impl Guide {
    /// The guide of `picture` for masks.
    pub(super) fn new<T: Depth>(picture: &Rgb<T>) -> Self {
        Self::with_reach(picture, REACH)
    }

    /// The guide of `picture`, reduced by box means, with neighborhoods that reach one `part`th of the longer side.
    pub(in crate::looks) fn with_reach<T: Depth>(picture: &Rgb<T>, part: u32) -> Self {
        let size = picture.size().within(SIDE);
        let (width, height) = (picture.width(), picture.height());
        let edge = |number: usize, small: u32, large: usize| number * large / small.max(1) as usize;
        let lines = size.height as usize;
        let colors = (0..lines)
            .into_par_iter()
            .flat_map_iter(|line| {
                let rows = edge(line, size.height, height)..edge(line + 1, size.height, height);
                let mut sums = vec![[0_u64; 3]; size.width as usize];
                for row in rows.clone() {
                    let samples = picture.samples().chunks_exact(3).skip(row * width);
                    let mut samples = samples.take(width);
                    for (column, sums) in sums.iter_mut().enumerate() {
                        let count =
                            edge(column + 1, size.width, width) - edge(column, size.width, width);
                        for pixel in samples.by_ref().take(count) {
                            for (sum, sample) in sums.iter_mut().zip(pixel) {
                                *sum += u64::from(sample.widen());
                            }
                        }
                    }
                }
                let tall = rows.len();
                sums.into_iter().enumerate().map(move |(column, sums)| {
                    let wide =
                        edge(column + 1, size.width, width) - edge(column, size.width, width);
                    let scale = 1.0 / (65535.0 * (wide * tall).max(1) as f32);
                    sums.map(|sum| sum as f32 * scale)
                })
            })
            .collect();
        let reach = size.width.max(size.height).div_ceil(part).max(1) as usize;
        Self::of(size, colors, reach)
    }

    fn of(size: Size, colors: Vec<[f32; 3]>, reach: usize) -> Self {
        let moments: Vec<[f32; 9]> = (colors.iter())
            .map(|&[r, g, b]| [r, g, b, r * r, r * g, r * b, g * g, g * b, b * b])
            .collect();
        let means = box_mean(&moments, size, reach);
        Self {
            size,
            colors,
            reach,
            neighborhoods: means.into_par_iter().map(inverse).collect(),
        }
    }

    /// The mean coefficients (of red, green and blue, and the constant) that map the colors around each pixel to the
    /// weights of `plane`, by ridge regression.
    pub(super) fn coefficients(&self, plane: &[f32]) -> Vec<[f32; 4]> {
        let moments: Vec<[f32; 4]> = (self.colors.iter().zip(plane))
            .map(|(&[r, g, b], &p)| [p, r * p, g * p, b * p])
            .collect();
        let means = box_mean(&moments, self.size, self.reach);
        let fitted: Vec<[f32; 4]> = (means.par_iter().zip(&self.neighborhoods))
            .map(|(means, neighborhood)| fitted(means, neighborhood))
            .collect();
        box_mean(&fitted, self.size, self.reach)
    }
}

/// Mean color and inverse covariance from the mean products of colors.
fn inverse([r, g, b, rr, rg, rb, gg, gb, bb]: [f32; 9]) -> [f32; 9] {
    let (rr, gg, bb) = (rr - r * r + EVEN, gg - g * g + EVEN, bb - b * b + EVEN);
    let (rg, rb, gb) = (rg - r * g, rb - r * b, gb - g * b);
    let minors = [
        gg * bb - gb * gb,
        rb * gb - rg * bb,
        rg * gb - rb * gg,
        rr * bb - rb * rb,
        rb * rg - rr * gb,
        rr * gg - rg * rg,
    ];
    // The ridge keeps it above 0.
    let determinant = rr * minors[0] + rg * minors[1] + rb * minors[2];
    let scale = 1.0 / determinant.max(0.5 * EVEN * EVEN * EVEN);
    let [rr, rg, rb, gg, gb, bb] = minors.map(|minor| minor * scale);
    [r, g, b, rr, rg, rb, gg, gb, bb]
}

/// The linear function of a neighborhood's colors that fits its weights.
fn fitted(&[p, rp, gp, bp]: &[f32; 4], &[r, g, b, rr, rg, rb, gg, gb, bb]: &[f32; 9]) -> [f32; 4] {
    let [x, y, z] = [rp - r * p, gp - g * p, bp - b * p];
    let red = rr * x + rg * y + rb * z;
    let green = rg * x + gg * y + gb * z;
    let blue = rb * x + gb * y + bb * z;
    [red, green, blue, p - red * r - green * g - blue * b]
}

/// Means over the pixels at most `reach` away in both directions, fewer at the edges. Sums have a fixed order: down
/// whole rows, in strips of rows for the threads, then across.
pub(super) fn box_mean<const N: usize>(
    values: &[[f32; N]],
    size: Size,
    reach: usize,
) -> Vec<[f32; N]> {
    let width = size.width.max(1) as usize;
    let height = values.len() / width;
    let row = |line: usize| values.get(line * width..(line + 1) * width).unwrap_or(&[]);
    let mut means = vec![[0.0; N]; values.len()];
    means
        .par_chunks_mut(STRIP * width)
        .enumerate()
        .for_each(|(strip, means)| {
            let mut sums = vec![[0.0_f64; N]; width];
            let first = strip * STRIP;
            for line in first.saturating_sub(reach)..(first + reach).min(height) {
                add(&mut sums, row(line), 1.0);
            }
            for (number, means) in means.chunks_exact_mut(width).enumerate() {
                let line = first + number;
                if line + reach < height {
                    add(&mut sums, row(line + reach), 1.0);
                }
                if number > 0 && line > reach {
                    add(&mut sums, row(line - reach - 1), -1.0);
                }
                let rows = (line + reach + 1).min(height) - line.saturating_sub(reach);
                across(&sums, reach, rows, means);
            }
        });
    means
}

/// Adds a row times `share` to the sums.
fn add<const N: usize>(sums: &mut [[f64; N]], row: &[[f32; N]], share: f64) {
    for (sums, values) in sums.iter_mut().zip(row) {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += share * f64::from(*value);
        }
    }
}

/// Running means of column sums, each over `rows` rows.
fn across<const N: usize>(sums: &[[f64; N]], reach: usize, rows: usize, means: &mut [[f32; N]]) {
    let mut total = [0.0_f64; N];
    let mut change = |column: Option<&[f64; N]>, share: f64| -> [f64; N] {
        for (total, sum) in total.iter_mut().zip(column.into_iter().flatten()) {
            *total += share * sum;
        }
        total
    };
    for column in sums.iter().take(reach) {
        change(Some(column), 1.0);
    }
    for (at, mean) in means.iter_mut().enumerate() {
        change(
            at.checked_sub(reach + 1).and_then(|left| sums.get(left)),
            -1.0,
        );
        let total = change(sums.get(at + reach), 1.0);
        let columns = (at + reach + 1).min(sums.len()) - at.saturating_sub(reach);
        let scale = 1.0 / (columns * rows).max(1) as f64;
        *mean = total.map(|sum| (sum * scale) as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_means() {
        let size = Size::new(37, 21);
        let values: Vec<[f32; 1]> = (0..37 * 21).map(|at| [((at * 31) % 17) as f32]).collect();
        let means = box_mean(&values, size, 3);
        for (x, y) in [(0, 0), (36, 20), (18, 9), (35, 2)] {
            let (mut sum, mut count) = (0.0, 0.0);
            for line in y - 3..=y + 3 {
                for column in x - 3..=x + 3 {
                    if (0..37).contains(&column) && (0..21).contains(&line) {
                        sum += values[(line * 37 + column) as usize][0];
                        count += 1.0;
                    }
                }
            }
            assert!((means[(y * 37 + x) as usize][0] - sum / count).abs() < 1e-3);
        }
    }
}
