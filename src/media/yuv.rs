//! 8-bit YUV 4:2:0 to RGB at its own size: what nearly every frame of an edit goes through.
//!
//! swscale with exact rounding and full chroma takes four times as long, and without them loses colors at edges. Chroma
//! is interpolated between where its samples really sit (ITU-T H.273, 8.7); sums are exact to 1/65536.

use rayon::prelude::*;

use crate::geometry::Size;
use crate::media::color_meaning::Matrix;
use crate::picture::Rgb8;

/// One plane: its bytes, and from one row to the next.
#[derive(Debug, Clone, Copy)]
pub struct Plane<'a> {
    /// Samples of 8 bits, or of two bytes each, the lower one first.
    pub samples: &'a [u8],
    /// In bytes.
    pub stride: usize,
}

impl<'a> Plane<'a> {
    /// The first `width` bytes of a row; `None` beyond the plane.
    pub fn row(&self, row: usize, width: usize) -> Option<&'a [u8]> {
        let start = row.checked_mul(self.stride)?;
        self.samples.get(start..start.checked_add(width)?)
    }
}

/// A frame in YUV 4:2:0, as it was decoded.
#[derive(Debug, Clone, Copy)]
pub struct Yuv420<'a> {
    /// Of luma; chroma has half of it, rounded up.
    pub size: Size,
    /// Luma, blue difference, red difference.
    pub planes: [Plane<'a>; 3],
    /// 8 or 10.
    pub bits: u32,
    /// How RGB is told from it.
    pub matrix: Matrix,
    /// Levels go from 0 to the end of the range, not from black at 16 to white at 235 (of 8 bits).
    pub full_range: bool,
    /// Chroma sits in the middle of its two columns (MPEG-1, JPEG), not on the left one.
    pub centered: bool,
}

/// Rows that one thread does at a time.
const ROWS: usize = 32;

/// `None` when a plane is too short, or of more than 8 bits.
pub(super) fn to_rgb(frame: &Yuv420<'_>) -> Option<Rgb8> {
    if frame.bits != 8 {
        return None;
    }
    let (width, height) = (frame.size.width as usize, frame.size.height as usize);
    let weights = Weights::new(frame.matrix, frame.full_range);
    let mut samples = vec![0; width.checked_mul(height)?.checked_mul(3)?];
    let done = samples
        .par_chunks_mut((width * 3 * ROWS).max(1))
        .enumerate()
        .all(|(part, rows)| {
            let mut chroma = [vec![0; width + 2], vec![0; width + 2]];
            rows.chunks_exact_mut(width * 3)
                .enumerate()
                .all(|(row, into)| {
                    convert_row(frame, &weights, part * ROWS + row, &mut chroma, into).is_some()
                })
        });
    if !done {
        return None;
    }
    Rgb8::new(frame.size, samples)
}

fn convert_row(
    frame: &Yuv420<'_>,
    weights: &Weights,
    row: usize,
    chroma: &mut [Vec<i32>; 2],
    into: &mut [u8],
) -> Option<()> {
    let width = frame.size.width as usize;
    let columns = width.div_ceil(2);
    let last = (frame.size.height as usize).div_ceil(2) - 1;
    // Vertically chroma sits between two rows: three parts of the nearer, one of the farther.
    let near = row / 2;
    let far = if row.is_multiple_of(2) {
        near.saturating_sub(1)
    } else {
        (near + 1).min(last)
    };
    for (plane, spread) in frame.planes[1..].iter().zip(chroma.iter_mut()) {
        let (near, far) = (plane.row(near, columns)?, plane.row(far, columns)?);
        let mixed = |column: usize| {
            let column = column.min(columns - 1);
            3 * i32::from(near[column]) + i32::from(far[column])
        };
        // Scaled by 16, minus the middle of the range.
        let mut before = mixed(0);
        let mut here = before;
        for (column, pair) in spread.chunks_exact_mut(2).take(columns).enumerate() {
            let after = mixed(column + 1);
            if frame.centered {
                pair[0] = 3 * here + before - 2048;
                pair[1] = 3 * here + after - 2048;
            } else {
                pair[0] = 4 * here - 2048;
                pair[1] = 2 * (here + after) - 2048;
            }
            (before, here) = (here, after);
        }
    }
    let luma = frame.planes[0].row(row, width)?;
    let [blue, red] = chroma;
    for (((pixel, luma), blue), red) in into
        .chunks_exact_mut(3)
        .zip(luma)
        .zip(blue.iter())
        .zip(red.iter())
    {
        let base = weights.luma * (i32::from(*luma) - weights.black) + (1 << 15);
        let level = |sum: i32| (sum >> 16).clamp(0, 255) as u8;
        pixel[0] = level(base + weights.red * red);
        pixel[1] = level(base - weights.green_blue * blue - weights.green_red * red);
        pixel[2] = level(base + weights.blue * blue);
    }
    Some(())
}

/// Factors of luma, scaled by 65536, and of chroma, scaled by 4096 (its samples are by 16).
struct Weights {
    black: i32,
    luma: i32,
    red: i32,
    blue: i32,
    green_red: i32,
    green_blue: i32,
}

impl Weights {
    /// ITU-T H.273, equations 38 to 43 and their inverse.
    fn new(matrix: Matrix, full_range: bool) -> Self {
        let [red, green, blue] = matrix.luma();
        let (luma_range, chroma_range) = if full_range {
            (255.0, 255.0)
        } else {
            (219.0, 224.0)
        };
        let chroma = |factor: f64| (factor * 255.0 / chroma_range * 4096.0).round() as i32;
        Self {
            black: if full_range { 0 } else { 16 },
            luma: (255.0 / luma_range * 65536.0_f64).round() as i32,
            red: chroma(2.0 * (1.0 - red)),
            blue: chroma(2.0 * (1.0 - blue)),
            green_red: chroma(2.0 * (1.0 - red) * red / green),
            green_blue: chroma(2.0 * (1.0 - blue) * blue / green),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(luma: u8, blue: u8, red: u8, matrix: Matrix, full_range: bool) -> [u8; 3] {
        let size = Size::new(5, 3);
        let (luma, blue, red) = ([luma; 16], [blue; 8], [red; 8]);
        let plane = |samples, stride| Plane { samples, stride };
        let frame = Yuv420 {
            size,
            planes: [plane(&luma[..], 5), plane(&blue[..], 4), plane(&red[..], 4)],
            bits: 8,
            matrix,
            full_range,
            centered: false,
        };
        let picture = to_rgb(&frame).expect("planes are long enough");
        assert!(picture.pixels().all(|pixel| pixel == picture.pixel(0, 0)));
        picture.pixel(0, 0)
    }

    #[test]
    fn bars_of_the_recommendations() {
        assert_eq!(flat(16, 128, 128, Matrix::Bt709, false), [0, 0, 0]);
        assert_eq!(flat(235, 128, 128, Matrix::Bt601, false), [255, 255, 255]);
        assert_eq!(flat(255, 128, 128, Matrix::Bt601, true), [255, 255, 255]);
        // Red, green and blue of 100 % (BT.709) and red of BT.601.
        assert_eq!(flat(63, 102, 240, Matrix::Bt709, false), [255, 1, 0]);
        assert_eq!(flat(173, 42, 26, Matrix::Bt709, false), [0, 255, 1]);
        assert_eq!(flat(32, 240, 118, Matrix::Bt709, false), [1, 0, 255]);
        assert_eq!(flat(81, 90, 240, Matrix::Bt601, false), [254, 0, 0]);
    }

    #[test]
    fn chroma_is_interpolated_from_where_it_sits() {
        // A step of blue difference from 128 to 160 between two columns; green hardly moves, so blue shows it.
        let luma = [126_u8; 8 * 2];
        let step = [128_u8, 128, 160, 160];
        let plain = [128_u8; 4];
        let at = |centered: bool| {
            let frame = Yuv420 {
                size: Size::new(8, 2),
                planes: [
                    Plane {
                        samples: &luma,
                        stride: 8,
                    },
                    Plane {
                        samples: &step,
                        stride: 4,
                    },
                    Plane {
                        samples: &plain,
                        stride: 4,
                    },
                ],
                bits: 8,
                matrix: Matrix::Bt709,
                full_range: true,
                centered,
            };
            let picture = to_rgb(&frame).expect("planes are long enough");
            (0..8).map(|x| picture.pixel(x, 0)[2]).collect::<Vec<_>>()
        };
        // 1.8556 times 0, 16 (half) and 32; centered 8 and 24.
        assert_eq!(at(false), [126, 126, 126, 156, 185, 185, 185, 185]);
        assert_eq!(at(true), [126, 126, 126, 141, 171, 185, 185, 185]);
    }

    #[test]
    fn short_planes_are_refused() {
        let plane = |samples| Plane { samples, stride: 4 };
        let frame = Yuv420 {
            size: Size::new(4, 4),
            planes: [plane(&[0; 16][..]), plane(&[0; 5][..]), plane(&[0; 8][..])],
            bits: 8,
            matrix: Matrix::Bt709,
            full_range: false,
            centered: false,
        };
        assert!(to_rgb(&frame).is_none());
    }
}
