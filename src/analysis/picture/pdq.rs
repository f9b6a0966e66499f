//! The PDQ hash: lists of known pictures are exchanged as these hashes.
//!
//! After "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm" (Facebook, 2019): luma is smoothed by
//! two passes of a box filter in each direction, so that each of 64×64 samples stands for its surroundings; the 16×16
//! lowest frequencies of their cosine transform, without the constant, give one bit each, set above the median. The last
//! bit is written first. On 16 photos 0 to 8 of the 256 bits differ from those of the reference implementation, 4 in the
//! middle (`tests/cli/analysis/fingerprints.rs`); a copy may differ in 31.

use std::f64::consts::PI;

use crate::analysis::PdqHash;
use crate::picture::Rgb8;

/// Samples in each direction.
const SIDE: usize = 64;
/// Frequencies in each direction.
const FREQUENCIES: usize = 16;
/// Passes of the box filter in each direction.
const PASSES: usize = 2;
/// Steps between neighboring samples, in percent of the range, that make one point of quality.
const STEPS_OF_A_POINT: i64 = 90;

/// The hash of `picture`.
pub(super) fn of(picture: &Rgb8) -> PdqHash {
    let samples = samples(picture);
    let strengths = transform(&samples);
    let mut sorted = strengths.clone();
    sorted.sort_by(f64::total_cmp);
    // The lower of the two in the middle, as in the reference implementation.
    let middle = (sorted.len() / 2).saturating_sub(1);
    let median = sorted.get(middle).copied().unwrap_or(0.0);
    let bits: Vec<bool> = strengths.iter().rev().map(|it| *it > median).collect();
    let digit = |bits: &[bool]| {
        bits.iter()
            .fold(0_u8, |digit, bit| digit << 1 | u8::from(*bit))
    };
    PdqHash {
        hash: bits
            .chunks(4)
            .map(|bits| format!("{:x}", digit(bits)))
            .collect(),
        quality: quality(&samples),
    }
}

/// 64 rows of 64 samples of smoothed luma, 0..255.
fn samples(picture: &Rgb8) -> Vec<f64> {
    let (width, height) = (
        picture.size().width as usize,
        picture.size().height as usize,
    );
    let weigh =
        |[r, g, b]: [u8; 3]| 0.299 * f64::from(r) + 0.587 * f64::from(g) + 0.114 * f64::from(b);
    let mut luma: Vec<f64> = picture.pixels().map(weigh).collect();
    for _ in 0..PASSES {
        for row in luma.chunks_mut(width.max(1)) {
            smooth(row, width.div_ceil(2 * SIDE));
        }
        let mut column = vec![0.0; height];
        for at in 0..width {
            let places = || (at..).step_by(width);
            for (value, place) in column.iter_mut().zip(places()) {
                *value = luma.get(place).copied().unwrap_or(0.0);
            }
            smooth(&mut column, height.div_ceil(2 * SIDE));
            for (value, place) in column.iter().zip(places()) {
                if let Some(place) = luma.get_mut(place) {
                    *place = *value;
                }
            }
        }
    }
    let place = |at: usize, of: usize| (2 * at + 1) * of / (2 * SIDE);
    let mut samples = Vec::with_capacity(SIDE * SIDE);
    for y in 0..SIDE {
        for x in 0..SIDE {
            let at = place(y, height) * width + place(x, width);
            samples.push(luma.get(at).copied().unwrap_or(0.0));
        }
    }
    samples
}

/// Replaces each value by the mean of the `window` around it. A window of an even size reaches one further behind; at
/// the ends it is shorter.
fn smooth(values: &mut [f64], window: usize) {
    let ahead = window.saturating_add(2) / 2;
    let behind = window.saturating_sub(ahead);
    let mut sums = Vec::with_capacity(values.len() + 1);
    sums.push(0.0);
    let mut sum = 0.0;
    for value in values.iter() {
        sum += value;
        sums.push(sum);
    }
    let count = values.len();
    for (at, value) in values.iter_mut().enumerate() {
        let (first, end) = (
            at.saturating_sub(behind),
            count.min(at.saturating_add(ahead)),
        );
        if let (Some(before), Some(through)) = (sums.get(first), sums.get(end)) {
            *value = (through - before) / end.saturating_sub(first).max(1) as f64;
        }
    }
}

/// The 16×16 lowest frequencies that are constant in no direction, in rows by vertical frequency.
fn transform(samples: &[f64]) -> Vec<f64> {
    let waves: Vec<[f64; SIDE]> = (1..=FREQUENCIES)
        .map(|frequency| {
            std::array::from_fn(|at| {
                libm::cos(PI / (2 * SIDE) as f64 * (frequency * (2 * at + 1)) as f64)
            })
        })
        .collect();
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let across: Vec<Vec<f64>> = waves
        .iter()
        .map(|wave| samples.chunks(SIDE).map(|row| product(row, wave)).collect())
        .collect();
    let down = |wave: &[f64; SIDE]| -> Vec<f64> {
        across.iter().map(|column| product(column, wave)).collect()
    };
    waves.iter().flat_map(down).collect()
}

/// How much detail there is.
fn quality(samples: &[f64]) -> u8 {
    let step = |(a, b): (&f64, &f64)| ((a - b) * 100.0 / 255.0).abs() as i64;
    let rows: i64 = samples
        .iter()
        .zip(samples.iter().skip(SIDE))
        .map(step)
        .sum();
    let within = |row: &[f64]| row.iter().zip(row.iter().skip(1)).map(step).sum::<i64>();
    let columns: i64 = samples.chunks(SIDE).map(within).sum();
    let points = (rows + columns) / STEPS_OF_A_POINT;
    u8::try_from(points.min(100)).unwrap_or(100)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    #[test]
    fn what_has_no_detail_says_so() {
        let plain = of(&Rgb8::black(Size::new(40, 30)));
        assert_eq!((plain.quality, plain.hash.len()), (0, 64));
        assert_eq!(of(&Rgb8::black(Size::new(1, 1))).hash.len(), 64);
    }

    #[test]
    fn the_other_way_round_is_another_picture() {
        let size = Size::new(300, 200);
        let draw = |place: &dyn Fn(u32, u32) -> u32| {
            let pixels = (0..60_000).flat_map(|at| {
                let (x, y) = (at % 300, at / 300);
                [(place(x, y) * 31 % 251) as u8; 3]
            });
            Rgb8::new(size, pixels.collect()).unwrap()
        };
        let plain = of(&draw(&|x, y| x / 30 + y / 25 * 7));
        let turned = of(&draw(&|x, y| (299 - x) / 30 + y / 25 * 7));
        assert!(plain.quality > 50);
        let digits = |hash: &str| u128::from_str_radix(&hash[..32], 16).unwrap();
        assert!((digits(&plain.hash) ^ digits(&turned.hash)).count_ones() > 31);
    }
}
