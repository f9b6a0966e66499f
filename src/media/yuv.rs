//! 8-bit YUV 4:2:0 to RGB at its own size: what nearly every frame of an edit goes through.
//!
//! swscale with exact rounding and full chroma takes four times as long, and without them loses colors at edges. Chroma
//! is interpolated between where its samples really sit (ITU-T H.273, 8.7); sums are exact to 1/65536. The loops over a
//! row are compiled for wide vectors too, which makes them several times as fast with the same results.

use fearless_simd::dispatch;
use rayon::prelude::*;

use crate::geometry::Size;
use crate::media::color_meaning::Matrix;
use crate::picture::{Rgb8, vector_level};

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

/// The picture, in the buffer `samples`. `None` when a plane is too short, or of more than 8 bits.
pub(super) fn to_rgb(frame: &Yuv420<'_>, mut samples: Vec<u8>) -> Option<Rgb8> {
    if frame.bits != 8 {
        return None;
    }
    let (width, height) = (frame.size.width as usize, frame.size.height as usize);
    let weights = Weights::new(frame.matrix, frame.full_range);
    samples.resize(width.checked_mul(height)?.checked_mul(3)?, 0);
    let done = samples
        .par_chunks_mut((width * 3 * ROWS).max(1))
        .enumerate()
        .all(|(part, rows)| {
            let mut chroma = ChromaRows::new(width);
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

/// The chroma of one row.
struct ChromaRows {
    /// Four times the samples at the row's height, with the outermost ones repeated beyond the edges.
    mixed: Vec<i16>,
    /// Blue and red difference of every pixel: 16 times the samples, less the middle of the range.
    spread: [Vec<[i16; 2]>; 2],
}

impl ChromaRows {
    fn new(width: usize) -> Self {
        let columns = width.div_ceil(2);
        Self {
            mixed: vec![0; columns + 2],
            spread: [vec![[0; 2]; columns], vec![[0; 2]; columns]],
        }
    }
}

fn convert_row(
    frame: &Yuv420<'_>,
    weights: &Weights,
    row: usize,
    chroma: &mut ChromaRows,
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
    let ChromaRows { mixed, spread } = chroma;
    for (plane, spread) in frame.planes[1..].iter().zip(&mut *spread) {
        let rows = [plane.row(near, columns)?, plane.row(far, columns)?];
        dispatch!(vector_level(), _ => spread_chroma(rows, frame.centered, mixed, spread));
    }
    let luma = frame.planes[0].row(row, width)?;
    let chroma = spread.each_ref().map(|spread| spread.as_flattened());
    dispatch!(vector_level(), _ => weights.to_rgb(luma, chroma, into));
    Some(())
}

/// Interpolates the chroma of a row from the nearer and the farther row of its samples.
#[inline(always)]
fn spread_chroma(
    [near, far]: [&[u8]; 2],
    centered: bool,
    mixed: &mut [i16],
    spread: &mut [[i16; 2]],
) {
    let columns = near.len();
    let inner = mixed.iter_mut().skip(1);
    for (mixed, (near, far)) in inner.zip(near.iter().zip(far)) {
        *mixed = 3 * i16::from(*near) + i16::from(*far);
    }
    mixed[0] = mixed[1];
    mixed[columns + 1] = mixed[columns];
    let (before, here, after) = (&mixed[..columns], &mixed[1..=columns], &mixed[2..]);
    if centered {
        let neighbors = before.iter().zip(here).zip(after);
        for (pair, ((before, here), after)) in spread.iter_mut().zip(neighbors) {
            *pair = [3 * here + before - 2048, 3 * here + after - 2048];
        }
    } else {
        for (pair, (here, after)) in spread.iter_mut().zip(here.iter().zip(after)) {
            *pair = [4 * here - 2048, 2 * (here + after) - 2048];
        }
    }
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

    /// Converts a row with its interpolated blue and red difference.
    #[inline(always)]
    fn to_rgb(&self, luma: &[u8], [blue, red]: [&[i16]; 2], into: &mut [u8]) {
        let pixels = into.as_chunks_mut::<3>().0.iter_mut();
        for (pixel, ((luma, blue), red)) in pixels.zip(luma.iter().zip(blue).zip(red)) {
            let (blue, red) = (i32::from(*blue), i32::from(*red));
            let base = self.luma * (i32::from(*luma) - self.black) + (1 << 15);
            let level = |sum: i32| (sum >> 16).clamp(0, 255) as u8;
            *pixel = [
                level(base + self.red * red),
                level(base - self.green_blue * blue - self.green_red * red),
                level(base + self.blue * blue),
            ];
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
        let picture = to_rgb(&frame, Vec::new()).expect("planes are long enough");
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
            let picture = to_rgb(&frame, Vec::new()).expect("planes are long enough");
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
        assert!(to_rgb(&frame, Vec::new()).is_none());
    }
}
