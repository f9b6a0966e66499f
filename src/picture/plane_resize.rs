//! Resizes one plane of up to 14 bits a sample from any place in it, by Lanczos with 3 lobes.
//!
//! Chroma of video lies between pixels, so a part of it may begin a fraction of a sample outside of the plane; the
//! outermost samples go on there. Weights and sums are integers: every CPU gives the same result, and a part on whole
//! samples at its own size is a copy.

use std::f64::consts::PI;

use rayon::prelude::*;

use crate::geometry::Size;

/// Lobes of the kernel on each side.
const LOBES: f64 = 3.0;
/// The sum of all weights, and what the sums between both passes are multiplied by.
const ONE_BITS: u32 = 14;
const BETWEEN_BITS: u32 = 4;

/// The part of a plane that is taken.
pub(super) struct PlanePart {
    /// Of the plane.
    pub size: Size,
    /// Where the part begins, and how much of the plane a sample of the result takes, in samples.
    pub across: (f64, f64),
    pub down: (f64, f64),
}

/// Weights of the samples around each sample of a result.
struct Kernels {
    /// Samples of each.
    taps: usize,
    /// The first of them for each sample of the result.
    starts: Vec<usize>,
    weights: Vec<i32>,
}

/// The `part` of the plane `samples` at size `to`; values end at `most`.
pub(super) fn resized_plane(samples: &[u16], part: &PlanePart, to: Size, most: u16) -> Vec<u16> {
    let (width, height) = (part.size.width as usize, part.size.height as usize);
    let (columns, rows) = (to.width as usize, to.height as usize);
    let across = Kernels::new(width, part.across, columns);
    let down = Kernels::new(height, part.down, rows);
    let first = down.starts.iter().copied().min().unwrap_or(0);
    let last = down.starts.iter().copied().max().unwrap_or(0) + down.taps;
    let mut narrow = vec![0_i32; columns * (last - first)];
    narrow
        .par_chunks_mut(columns.max(1))
        .zip(samples.par_chunks(width.max(1)).skip(first))
        .for_each(|(to, from)| across.row(from, to));
    let mut plane = vec![0_u16; columns * rows];
    plane
        .par_chunks_mut(columns.max(1))
        .enumerate()
        .for_each(|(row, to)| {
            let (start, weights) = down.of(row);
            let from = narrow.chunks_exact(columns.max(1)).skip(start - first);
            let mut sums = vec![1_i32 << (ONE_BITS + BETWEEN_BITS - 1); columns];
            for (weight, line) in weights.iter().zip(from).filter(|(weight, _)| **weight != 0) {
                for (sum, sample) in sums.iter_mut().zip(line) {
                    *sum += weight * sample;
                }
            }
            for (to, sum) in to.iter_mut().zip(sums) {
                *to = (sum >> (ONE_BITS + BETWEEN_BITS)).clamp(0, i32::from(most)) as u16;
            }
        });
    plane
}

impl Kernels {
    fn new(from: usize, (start, step): (f64, f64), count: usize) -> Self {
        // Reducing widens the kernel, so that it sees all that a sample covers.
        let wide = step.max(1.0);
        let reach = LOBES * wide;
        let taps = ((2.0 * reach).ceil() as usize + 1).min(from);
        let last_start = (from - taps) as i64;
        let mut kernels = Self {
            taps,
            starts: Vec::with_capacity(count),
            weights: Vec::with_capacity(count * taps),
        };
        for number in 0..count {
            let center = start + (number as f64 + 0.5) * step;
            let nearest = (center - reach).floor() as i64;
            let begin = nearest.clamp(0, last_start);
            let mut shares = vec![0.0; taps];
            for at in nearest..=(center + reach).ceil() as i64 {
                // Beyond its edges the plane goes on as it ends.
                let place = (at.clamp(0, from as i64 - 1) - begin).clamp(0, taps as i64 - 1);
                shares[place as usize] += lanczos((at as f64 + 0.5 - center) / wide);
            }
            kernels.starts.push(begin as usize);
            kernels.weights.extend(whole_weights(&shares));
        }
        kernels
    }

    fn of(&self, number: usize) -> (usize, &[i32]) {
        let weights = self.weights.chunks_exact(self.taps).nth(number);
        let start = self.starts.get(number).copied();
        (start.unwrap_or(0), weights.unwrap_or_default())
    }

    fn row(&self, from: &[u16], to: &mut [i32]) {
        let kernels = self.starts.iter().zip(self.weights.chunks_exact(self.taps));
        for (to, (start, weights)) in to.iter_mut().zip(kernels) {
            let near = from.get(*start..).unwrap_or_default();
            let sum: i32 = weights
                .iter()
                .zip(near)
                .map(|(weight, sample)| weight * i32::from(*sample))
                .sum();
            let kept = ONE_BITS - BETWEEN_BITS;
            *to = (sum + (1 << (kept - 1))) >> kept;
        }
    }
}

/// Integers of these proportions with the sum of one; the greatest takes up what the others are rounded by.
fn whole_weights(shares: &[f64]) -> Vec<i32> {
    let one = 1 << ONE_BITS;
    let sum: f64 = shares.iter().sum();
    let scaled = |share: &f64| (share / sum * f64::from(one)).round() as i32;
    let mut weights: Vec<i32> = shares.iter().map(scaled).collect();
    let missing = one - weights.iter().sum::<i32>();
    if let Some(greatest) = weights.iter_mut().max() {
        *greatest += missing;
    }
    weights
}

fn lanczos(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    if x.abs() >= LOBES {
        return 0.0;
    }
    let angle = PI * x;
    LOBES * libm::sin(angle) * libm::sin(angle / LOBES) / (angle * angle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_planes_stay_flat_at_every_size_and_place() {
        for (step, start) in [(1.0, -0.25), (2.7, 0.0), (0.3, 3.1), (50.0, -0.5)] {
            let part = PlanePart {
                size: Size::new(50, 7),
                across: (start, step),
                down: (0.0, 0.5),
            };
            let plane = resized_plane(&[777; 350], &part, Size::new(9, 14), 1023);
            assert_eq!(plane, [777; 126], "{step} {start}");
        }
    }

    #[test]
    fn reducing_averages_and_overshoot_stays_in_range() {
        let stripes: Vec<u16> = (0..64).map(|x| if x % 2 == 0 { 1023 } else { 0 }).collect();
        let part = |step| PlanePart {
            size: Size::new(64, 1),
            across: (0.0, step),
            down: (0.0, 1.0),
        };
        let small = resized_plane(&stripes, &part(8.0), Size::new(8, 1), 1023);
        // Near the edges the outermost stripes go on.
        let inner = small.iter().skip(2).take(4);
        assert!(
            inner.clone().all(|level| level.abs_diff(512) < 12),
            "{small:?}"
        );
        let large = resized_plane(&stripes, &part(0.5), Size::new(128, 1), 1023);
        assert!(large.iter().all(|level| *level <= 1023));
    }
}
