//! Planes made smaller by a whole number: the mean of blocks, ahead of a resampling that is given less to do.
//!
//! A bicubic filter over a 1080p frame for a thumbnail reads every sample many times; the mean of blocks reads each once,
//! at the speed of memory. What follows resamples the rest of the way, from at least twice the size that is wanted.

use crate::geometry::Size;
use crate::media::yuv::Plane;

/// More than this and sums would not fit.
const MOST: u32 = 64;
/// What is left is at least this many times the size that is wanted.
const SPARE: u32 = 2;

/// The largest number that a 4:2:0 frame of size `from` can be divided by without a rest in any plane, so that still twice
/// `to` is left; 1 where there is none.
pub(super) fn factor(from: Size, to: Size) -> u32 {
    let (width, height) = (to.width.max(1) * SPARE, to.height.max(1) * SPARE);
    let most = (from.width / width).min(from.height / height).min(MOST);
    let whole = |by: u32| from.width.is_multiple_of(2 * by) && from.height.is_multiple_of(2 * by);
    (2..=most).rev().find(|&by| whole(by)).unwrap_or(1)
}

/// The mean of each block of `by` × `by` samples of a plane of `width` × `height`, both multiples of `by`; rows of `into`
/// are `stride` apart. `None` where a plane is too short.
pub(super) fn reduce(
    plane: Plane<'_>,
    width: usize,
    height: usize,
    by: usize,
    into: &mut [u8],
    stride: usize,
) -> Option<()> {
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
            reduce(plane, width, height, by, &mut into, 8).unwrap();
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
        reduce(plane, 64, 64, 64, &mut into, 1).unwrap();
        assert_eq!(into, [255]);
        assert!(reduce(plane, 64, 128, 64, &mut [0; 2], 1).is_none());
    }
}
