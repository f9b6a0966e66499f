//! Shrinks planes by a whole factor: takes the mean of blocks, so that the resampling that follows has less to do.
//!
//! A bicubic filter over a 1080p frame for a thumbnail reads every sample many times. The mean of blocks reads each
//! once, at the speed of memory; the filter then does the rest, from at least twice the wanted size.

use crate::geometry::Size;
use crate::media::yuv::Plane;

/// The largest factor: four columns of 64 samples of 255 still fit into a sum of 16 bits.
const MOST: u32 = 64;
/// The result is at least this many times the wanted size, so that the filter that follows has enough detail.
const SPARE: u32 = 2;

/// The largest number that divides all planes of a 4:2:0 frame of size `from` without a rest and leaves twice `to`;
/// 1 where there is none.
pub(super) fn factor(from: Size, to: Size) -> u32 {
    let (width, height) = (to.width.max(1) * SPARE, to.height.max(1) * SPARE);
    let most = (from.width / width).min(from.height / height).min(MOST);
    let whole = |by: u32| from.width.is_multiple_of(2 * by) && from.height.is_multiple_of(2 * by);
    (2..=most).rev().find(|&by| whole(by)).unwrap_or(1)
}

/// A plane of `width` × `height` samples, and the number that divides it.
pub(super) struct BlockMean<'a> {
    pub(super) plane: Plane<'a>,
    pub(super) width: usize,
    pub(super) height: usize,
    /// Divides `width` and `height`.
    pub(super) by: usize,
}

/// Writes the mean of each block into rows that are `stride` apart. `None` where the plane is too short.
pub(super) fn reduce(request: &BlockMean<'_>, into: &mut [u8], stride: usize) -> Option<()> {
    let &BlockMean {
        plane,
        width,
        height,
        by,
    } = request;
    let by = by.clamp(1, MOST as usize);
    let area = (by * by) as u32;
    // Division by multiplication: exact for sums of up to 64 × 64 bytes.
    let inverse = (1_u64 << 32) / u64::from(area) + 1;
    let mut sums = vec![0_u16; width];
    for (row, line) in (0..height / by).zip(into.chunks_mut(stride.max(1))) {
        sums.fill(0);
        for step in 0..by {
            let samples = plane.row(row * by + step, width)?;
            for (sum, &sample) in sums.iter_mut().zip(samples) {
                *sum += u16::from(sample);
            }
        }
        for (into, block) in line.iter_mut().zip(sums.chunks_exact(by)) {
            let sum = block.iter().map(|&sum| u32::from(sum)).sum::<u32>() + area / 2;
            *into = ((u64::from(sum) * inverse) >> 32) as u8;
        }
    }
    Some(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_leaves_twice_the_size_and_no_rest() {
        let by = |from: (u32, u32), to: (u32, u32)| {
            factor(Size::new(from.0, from.1), Size::new(to.0, to.1))
        };
        assert_eq!(by((1920, 1080), (160, 90)), 6);
        assert_eq!(by((1920, 1080), (640, 360)), 1);
        assert_eq!(by((3840, 2160), (640, 360)), 3);
        assert_eq!(by((1080, 1920), (90, 160)), 6);
        assert_eq!(by((640, 360), (160, 90)), 2);
        assert_eq!(by((641, 361), (160, 90)), 1);
        assert_eq!(by((1, 1), (160, 90)), 1);
    }

    #[test]
    fn blocks_become_their_mean_rounded() {
        for by in [1, 2, 3, 6, 64] {
            let (width, height) = (by * 3, by * 2);
            let stride = width + 5;
            let samples: Vec<u8> = (0..stride * height).map(|n| (n * 37 % 251) as u8).collect();
            let plane = Plane {
                samples: &samples,
                stride,
            };
            let mut into = vec![0; 8 * 2];
            let request = BlockMean {
                plane,
                width,
                height,
                by,
            };
            reduce(&request, &mut into, 8).unwrap();
            for (row, column) in (0..2).flat_map(|row| (0..3).map(move |column| (row, column))) {
                let block = (0..by * by).map(|n| {
                    f64::from(samples[(row * by + n / by) * stride + column * by + n % by])
                });
                let mean = block.sum::<f64>() / (by * by) as f64;
                assert_eq!(f64::from(into[row * 8 + column]), (mean + 0.5).floor());
            }
        }
        let white = vec![255; 64 * 64];
        let plane = Plane {
            samples: &white,
            stride: 64,
        };
        let mut into = [0];
        let mut request = BlockMean {
            plane,
            width: 64,
            height: 64,
            by: 64,
        };
        reduce(&request, &mut into, 1).unwrap();
        assert_eq!(into, [255]);
        request.height = 128;
        assert!(reduce(&request, &mut [0; 2], 1).is_none());
    }
}
