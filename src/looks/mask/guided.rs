//! Edges: a rough plane becomes a mask that follows the picture.
//!
//! A guided filter with a color guide (K. He, J. Sun, X. Tang, "Guided image filtering", 2010 and 2013, equations 19–21) whose
//! coefficients are found on a small copy and applied to the picture itself (K. He, J. Sun, "Fast guided filter", 2015):
//! weight = a · color + b, with a and b read between the small pixels. Only a row of them exists at full size.

use rayon::prelude::*;

use crate::geometry::Size;
use crate::looks::mask::plane::places;
use crate::looks::texture::Depth;
use crate::picture::Rgb;

/// The longer side of the copy that guides.
const SIDE: u32 = 512;
/// Neighborhoods reach so far, as a part of the copy's longer side.
const REACH: u32 = 64;
/// Variance of color below which a neighborhood counts as even.
const EVEN: f32 = 1e-4;
/// A guided weight strays around 0 and 1 where the picture has texture; below and above these it is whole.
const NOTHING: f32 = 0.15;
const WHOLE: f32 = 0.9;
/// Rows that are summed by one thread.
const STRIP: usize = 64;

/// A small copy of a picture, as fractions of white.
pub(super) struct Guide {
    pub(super) size: Size,
    pub(super) colors: Vec<[f32; 3]>,
}

impl Guide {
    /// Box means of `picture`.
    pub(super) fn new<T: Depth>(picture: &Rgb<T>) -> Self {
        let size = picture.size().within(SIDE);
        let (width, height) = (picture.width(), picture.height());
        let edge = |place: usize, small: u32, large: usize| place * large / small.max(1) as usize;
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
        Self { size, colors }
    }
}

/// A mask ready to be read at full size.
#[derive(Debug)]
pub(super) struct Refined {
    size: Size,
    /// Of red, green and blue, and the constant.
    coefficients: Vec<[f32; 4]>,
}

impl Refined {
    /// `plane` (weights 0..1, of the guide's size) at the edges of `guide`.
    pub(super) fn new(guide: &Guide, plane: &[f32]) -> Self {
        Self {
            size: guide.size,
            coefficients: coefficients(guide, plane),
        }
    }

    /// The same, softened by `feather` (percent of the shorter side): nothing is left of texture then.
    pub(super) fn feathered(&self, guide: &Guide, feather: f64) -> Self {
        let size = guide.size;
        let sharp: Vec<[f32; 1]> = (self.coefficients.iter().zip(&guide.colors))
            .map(|(coefficients, color)| [weight(coefficients, *color)])
            .collect();
        let deviation = feather / 100.0 * f64::from(size.width.min(size.height));
        // Three box means are close to a bell curve; a mean over 2r + 1 places has a variance of r (r + 1) / 3.
        let reach = (0.25 + deviation * deviation).sqrt() - 0.5;
        let reach = (reach + 0.5) as usize;
        let soft = (0..3).fold(sharp, |plane, _| box_mean(&plane, size, reach.max(1)));
        // Read back without stretching: 0 and 1 are reached already.
        let flat = |[value]: [f32; 1]| [0.0, 0.0, 0.0, NOTHING + value * (WHOLE - NOTHING)];
        Self {
            size,
            coefficients: soft.into_iter().map(flat).collect(),
        }
    }

    /// Columns of a picture `width` pixels wide, for [`Self::row`].
    pub(super) fn columns(&self, width: u32) -> Vec<(usize, usize, f32)> {
        places(self.size.width, width)
    }

    /// Writes the weights of the row `samples`, the row `line` of a picture of `height` rows; `narrow` is scratch.
    pub(super) fn row<T: Depth>(
        &self,
        (line, height): (usize, u32),
        columns: &[(usize, usize, f32)],
        samples: &[T],
        narrow: &mut Vec<[f32; 4]>,
        weights: &mut [f32],
    ) {
        let width = self.size.width as usize;
        let (above, below, share) = place(line, self.size.height, height);
        let row = |line: usize| {
            self.coefficients
                .get(line * width..(line + 1) * width)
                .unwrap_or(&[])
        };
        narrow.clear();
        narrow.extend((row(above).iter().zip(row(below))).map(|(a, b)| between(a, b, share)));
        let nothing = [0.0; 4];
        for ((weight, pixel), &(left, right, share)) in
            weights.iter_mut().zip(samples.chunks_exact(3)).zip(columns)
        {
            let left = narrow.get(left).unwrap_or(&nothing);
            let right = narrow.get(right).unwrap_or(&nothing);
            let color = [0, 1, 2].map(|channel| {
                let sample: &T = &pixel[channel];
                f32::from(sample.widen()) * (1.0 / 65535.0)
            });
            *weight = self::weight(&between(left, right, share), color);
        }
    }
}

/// The two rows of `small` around the row `line` of `large`, and the share of the second.
fn place(line: usize, small: u32, large: u32) -> (usize, usize, f32) {
    let last = small.saturating_sub(1) as usize;
    let scale = f64::from(small) / f64::from(large.max(1));
    let at = ((line as f64 + 0.5) * scale - 0.5).max(0.0);
    let first = (at as usize).min(last);
    (first, (first + 1).min(last), (at - first as f64) as f32)
}

#[inline(always)]
fn between(a: &[f32; 4], b: &[f32; 4], share: f32) -> [f32; 4] {
    [0, 1, 2, 3].map(|place| a[place] + (b[place] - a[place]) * share)
}

#[inline(always)]
fn weight(coefficients: &[f32; 4], color: [f32; 3]) -> f32 {
    let [red, green, blue, constant] = coefficients;
    let guided = red * color[0] + green * color[1] + blue * color[2] + constant;
    ((guided - NOTHING) * (1.0 / (WHOLE - NOTHING))).clamp(0.0, 1.0)
}

/// The mean coefficients of the neighborhoods around each pixel.
fn coefficients(guide: &Guide, plane: &[f32]) -> Vec<[f32; 4]> {
    let size = guide.size;
    let reach = size.width.max(size.height).div_ceil(REACH).max(1) as usize;
    let moments: Vec<[f32; 13]> = (guide.colors.iter().zip(plane))
        .map(|(&[r, g, b], &p)| {
            [
                r,
                g,
                b,
                p,
                r * p,
                g * p,
                b * p,
                r * r,
                r * g,
                r * b,
                g * g,
                g * b,
                b * b,
            ]
        })
        .collect();
    let means = box_mean(&moments, size, reach);
    let fitted: Vec<[f32; 4]> = means.par_iter().map(fitted).collect();
    box_mean(&fitted, size, reach)
}

/// The line through a neighborhood's colors that gives its weights, by least squares with a ridge.
fn fitted(means: &[f32; 13]) -> [f32; 4] {
    let [r, g, b, p, rp, gp, bp, rr, rg, rb, gg, gb, bb] = *means;
    let covariance = [rp - r * p, gp - g * p, bp - b * p];
    let (rr, gg, bb) = (rr - r * r + EVEN, gg - g * g + EVEN, bb - b * b + EVEN);
    let (rg, rb, gb) = (rg - r * g, rb - r * b, gb - g * b);
    // The inverse of a symmetric matrix, whose determinant the ridge keeps from 0.
    let minors = [
        gg * bb - gb * gb,
        rb * gb - rg * bb,
        rg * gb - rb * gg,
        rr * bb - rb * rb,
        rb * rg - rr * gb,
        rr * gg - rg * rg,
    ];
    let determinant = rr * minors[0] + rg * minors[1] + rb * minors[2];
    let scale = 1.0 / determinant.max(EVEN * EVEN * EVEN * 0.5);
    let [x, y, z] = covariance;
    let red = (minors[0] * x + minors[1] * y + minors[2] * z) * scale;
    let green = (minors[1] * x + minors[3] * y + minors[4] * z) * scale;
    let blue = (minors[2] * x + minors[4] * y + minors[5] * z) * scale;
    [red, green, blue, p - red * r - green * g - blue * b]
}

/// Means over the places at most `reach` away in both directions, fewer at the edges. Sums run in one order: down in whole
/// rows, a strip of them a thread, then across.
fn box_mean<const N: usize>(values: &[[f32; N]], size: Size, reach: usize) -> Vec<[f32; N]> {
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

/// Adds `share` of a row to sums.
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
    use proptest::prelude::*;

    /// Two halves of different color, each with some texture.
    fn halves(width: u32, height: u32, edge: u32) -> Rgb<u8> {
        let mut picture = Rgb::black(Size::new(width, height));
        let wide = picture.width();
        for (number, pixel) in picture.samples_mut().chunks_exact_mut(3).enumerate() {
            let (x, y) = ((number % wide) as u32, (number / wide) as u32);
            let texture = ((x * 7 + y * 13) % 5) as u8;
            let color = if x < edge {
                [40, 60, 90]
            } else {
                [170, 150, 120]
            };
            for (to, from) in pixel.iter_mut().zip(color) {
                *to = from + texture;
            }
        }
        picture
    }

    fn weights(refined: &Refined, picture: &Rgb<u8>) -> Vec<Vec<f32>> {
        let columns = refined.columns(picture.size().width);
        let mut narrow = vec![];
        (picture
            .samples()
            .chunks_exact(3 * picture.width())
            .enumerate())
        .map(|(line, samples)| {
            let mut weights = vec![0.0; picture.width()];
            let place = (line, picture.size().height);
            refined.row(place, &columns, samples, &mut narrow, &mut weights);
            weights
        })
        .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_constant_stays_constant(value in 0.0_f32..1.0, feather in prop_oneof![Just(0.0), 0.5..20.0],
                                     width in 1_u32..70, height in 1_u32..70, edge in 0_u32..70) {
            let picture = halves(width, height, edge);
            let guide = Guide::new(&picture);
            let refined = Refined::new(&guide, &vec![value; guide.colors.len()]);
            let refined = if feather > 0.0 { refined.feathered(&guide, feather) } else { refined };
            let wanted = ((value - NOTHING) / (WHOLE - NOTHING)).clamp(0.0, 1.0);
            for row in weights(&refined, &picture) {
                for weight in row {
                    prop_assert!((weight - wanted).abs() < 2e-3, "{weight} {wanted}");
                }
            }
        }
    }

    #[test]
    fn a_blurred_plane_gets_the_edge_of_the_picture_at_full_size() {
        let picture = halves(900, 300, 450);
        let guide = Guide::new(&picture);
        // Six small pixels of blur, and off by two.
        let middle = guide.size.width as f32 / 2.0 + 2.0;
        let width = guide.size.width as usize;
        let plane: Vec<f32> = (0..guide.colors.len())
            .map(|at| (((at % width) as f32 - middle) / 6.0 + 0.5).clamp(0.0, 1.0))
            .collect();
        let sharp = Refined::new(&guide, &plane);
        let row = weights(&sharp, &picture).swap_remove(150);
        assert!(row[446] < 0.1 && row[454] > 0.9, "{:?}", &row[440..460]);
        assert!(row[100] < 0.02 && row[800] > 0.98);
        // Feathered, the way from one to the other is long and monotone.
        let soft = weights(&sharp.feathered(&guide, 5.0), &picture).swap_remove(150);
        assert!(soft[430] > 0.05 && soft[470] < 0.95);
        assert!(soft.windows(2).all(|pair| pair[1] >= pair[0] - 1e-4));
    }

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
