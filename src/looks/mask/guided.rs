//! Refines a rough mask to follow the picture's edges.
//!
//! A guided filter with a color guide (K. He, J. Sun, X. Tang, "Guided image filtering", 2010 and 2013, equations
//! 19–21) whose coefficients are found on a small copy and applied to the picture itself (K. He, J. Sun, "Fast guided
//! filter", 2015): weight = a · color + b, with a and b interpolated between the small pixels. At full size only one
//! row of them exists at a time.

use std::sync::Arc;

use crate::geometry::Size;
use crate::looks::depth::Depth;
use crate::looks::mask::guide::{Guide, box_mean};
use crate::looks::mask::plane::{Neighbors, neighbors, neighbors_of};

/// Weight up to which a guided mask counts as 0: texture makes its weights vary.
const NOTHING: f32 = 0.15;
/// Weight from which it counts as 1.
const WHOLE: f32 = 0.9;

/// A mask that can be evaluated at full size.
#[derive(Debug)]
pub(in crate::looks) struct GuidedMask {
    size: Size,
    /// The coefficients of red, green and blue, and the constant.
    coefficients: Vec<[f32; 4]>,
}

impl GuidedMask {
    /// Refines `plane` (weights 0..1, of the guide's size) at the edges of `guide`.
    pub(super) fn new(guide: &Guide, plane: &[f32]) -> Self {
        // A rough plane is off by some pixels, so the result of a first pass is sharpened and filtered once more.
        let first = guide.coefficients(plane);
        let definite: Vec<f32> = (first.iter().zip(&guide.colors))
            .map(|(coefficients, color)| definite(guided(coefficients, *color)))
            .collect();
        Self {
            size: guide.size,
            coefficients: guide.coefficients(&definite),
        }
    }

    /// Like [`Self::new`], for a plane in which weights between 0 and 1 are meaningful.
    pub(in crate::looks) fn soft(guide: &Guide, plane: &[f32]) -> Self {
        // Undo the stretching of [`NOTHING`] and [`WHOLE`].
        let scale = WHOLE - NOTHING;
        let flat = |[red, green, blue, constant]: [f32; 4]| {
            [
                scale * red,
                scale * green,
                scale * blue,
                NOTHING + scale * constant,
            ]
        };
        Self {
            size: guide.size,
            coefficients: guide.coefficients(plane).into_iter().map(flat).collect(),
        }
    }

    /// The mask softened by `feather` (percent of the shorter side), which also removes texture.
    pub(super) fn feathered(&self, guide: &Guide, feather: f64) -> Self {
        let size = guide.size;
        let sharp: Vec<[f32; 1]> = (self.coefficients.iter().zip(&guide.colors))
            .map(|(coefficients, color)| [weight(coefficients, *color)])
            .collect();
        let deviation = feather / 100.0 * f64::from(size.width.min(size.height));
        // Three box means approximate a Gaussian; a mean over 2r + 1 pixels has a variance of r (r + 1) / 3.
        let reach = (0.25 + deviation * deviation).sqrt() - 0.5;
        let reach = (reach + 0.5) as usize;
        let soft = (0..3).fold(sharp, |plane, _| box_mean(&plane, size, reach.max(1)));
        // Undo the stretching: 0 and 1 are reached already.
        let flat = |[value]: [f32; 1]| [0.0, 0.0, 0.0, NOTHING + value * (WHOLE - NOTHING)];
        Self {
            size,
            coefficients: soft.into_iter().map(flat).collect(),
        }
    }
}

/// A mask evaluated row by row, for pictures of one size.
pub(in crate::looks) struct GuidedRows {
    mask: Arc<GuidedMask>,
    /// The mask's columns to interpolate for each column of the picture.
    columns: Vec<Neighbors>,
    /// Rows of the mask per row of the picture.
    scale: f64,
}

impl GuidedRows {
    pub(in crate::looks) fn new(mask: Arc<GuidedMask>, size: Size) -> Self {
        Self {
            columns: neighbors(mask.size.width, size.width),
            scale: f64::from(mask.size.height) / f64::from(size.height.max(1)),
            mask,
        }
    }

    /// Writes the weights of row `line` of the picture, whose pixels are `samples`; `narrow` is scratch.
    pub(in crate::looks) fn row<T: Depth>(
        &self,
        line: usize,
        samples: &[T],
        narrow: &mut Vec<[f32; 4]>,
        weights: &mut [f32],
    ) {
        let size = self.mask.size;
        let width = size.width as usize;
        let last = size.height.saturating_sub(1) as usize;
        let (above, below, share) = neighbors_of(line as f64, self.scale, last);
        let row = |line: usize| {
            let coefficients = &self.mask.coefficients;
            coefficients
                .get(line * width..(line + 1) * width)
                .unwrap_or(&[])
        };
        narrow.clear();
        narrow.extend((row(above).iter().zip(row(below))).map(|(a, b)| between(a, b, share)));
        let nothing = [0.0; 4];
        for ((weight, pixel), &(left, right, share)) in weights
            .iter_mut()
            .zip(samples.chunks_exact(3))
            .zip(&self.columns)
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

#[inline(always)]
fn between(a: &[f32; 4], b: &[f32; 4], share: f32) -> [f32; 4] {
    [0, 1, 2, 3].map(|at| a[at] + (b[at] - a[at]) * share)
}

#[inline(always)]
fn weight(coefficients: &[f32; 4], color: [f32; 3]) -> f32 {
    ((guided(coefficients, color) - NOTHING) * (1.0 / (WHOLE - NOTHING))).clamp(0.0, 1.0)
}

#[inline(always)]
fn guided([red, green, blue, constant]: &[f32; 4], color: [f32; 3]) -> f32 {
    red * color[0] + green * color[1] + blue * color[2] + constant
}

/// Moves a weight away from 0.5, on a curve that keeps 0, 0.5 and 1.
fn definite(weight: f32) -> f32 {
    let t = weight.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Rgb;
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

    fn weights(mask: GuidedMask, picture: &Rgb<u8>) -> Vec<Vec<f32>> {
        let rows = GuidedRows::new(Arc::new(mask), picture.size());
        let mut narrow = vec![];
        (picture
            .samples()
            .chunks_exact(3 * picture.width())
            .enumerate())
        .map(|(line, samples)| {
            let mut weights = vec![0.0; picture.width()];
            rows.row(line, samples, &mut narrow, &mut weights);
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
            let refined = GuidedMask::new(&guide, &vec![value; guide.colors.len()]);
            let refined = if feather > 0.0 { refined.feathered(&guide, feather) } else { refined };
            // Uniform, only sharper.
            let wanted = ((definite(value) - NOTHING) / (WHOLE - NOTHING)).clamp(0.0, 1.0);
            for row in weights(refined, &picture) {
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
        // Blurred by six small pixels, and off by two.
        let middle = guide.size.width as f32 / 2.0 + 2.0;
        let width = guide.size.width as usize;
        let plane: Vec<f32> = (0..guide.colors.len())
            .map(|at| (((at % width) as f32 - middle) / 6.0 + 0.5).clamp(0.0, 1.0))
            .collect();
        let sharp = GuidedMask::new(&guide, &plane);
        let feathered = sharp.feathered(&guide, 5.0);
        let row = weights(sharp, &picture).swap_remove(150);
        assert!(row[446] < 0.1 && row[454] > 0.9, "{:?}", &row[440..460]);
        assert!(row[100] < 0.02 && row[800] > 0.98);
        // Feathered, the transition is long and monotone.
        let soft = weights(feathered, &picture).swap_remove(150);
        assert!(soft[430] > 0.05 && soft[470] < 0.95);
        assert!(soft.windows(2).all(|pair| pair[1] >= pair[0] - 1e-4));
    }
}
