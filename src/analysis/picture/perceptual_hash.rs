//! A perceptual hash: copies of a picture have nearly the same hash, whatever their size and encoding.
//!
//! The DCT hash of Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010: luma at 32×32 is
//! transformed, and each of the 8×8 lowest frequencies that are not constant along an axis gives one bit, set if it is
//! above the median. Bits go in rows by vertical frequency, the most significant first. Unrelated pictures differ in
//! 32 ± 4 bits.

use crate::analysis::picture::oklab::luma8;
use crate::geometry::Size;
use crate::picture::{Filter, Rgb8, resize};

/// Side of the transformed picture, in pixels.
const SIDE: usize = 32;
/// Frequencies used in each direction.
const FREQUENCIES: usize = 8;

/// The hash of `picture`: 64 bits as 16 hex digits.
pub(crate) fn of(picture: &Rgb8) -> String {
    let square = resize(
        picture,
        Size::new(SIDE as u32, SIDE as u32),
        Filter::Bilinear,
    );
    let luma: Vec<f64> = square
        .pixels()
        .map(|pixel| f64::from(luma8(pixel)))
        .collect();
    let wave: Vec<[f64; SIDE]> = (1..=FREQUENCIES)
        .map(|frequency| {
            std::array::from_fn(|at| {
                let turn = std::f64::consts::PI * frequency as f64 * (at as f64 + 0.5);
                libm::cos(turn / SIDE as f64)
            })
        })
        .collect();
    let along: Vec<Vec<f64>> = luma
        .chunks_exact(SIDE)
        .map(|row| {
            wave.iter()
                .map(|wave| row.iter().zip(wave).map(|(a, b)| a * b).sum())
                .collect()
        })
        .collect();
    let mut strengths = Vec::with_capacity(FREQUENCIES * FREQUENCIES);
    for down in &wave {
        for across in 0..FREQUENCIES {
            strengths.push(
                along
                    .iter()
                    .zip(down)
                    .map(|(row, wave)| row.get(across).copied().unwrap_or(0.0) * wave)
                    .sum::<f64>(),
            );
        }
    }
    let mut sorted = strengths.clone();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    let median = (sorted[half - 1] + sorted[half]) / 2.0;
    let bits = strengths.iter().fold(0_u64, |bits, &strength| {
        bits << 1 | u64::from(strength > median)
    });
    format!("{bits:016x}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn bits(picture: &Rgb8) -> u64 {
        u64::from_str_radix(&of(picture), 16).unwrap()
    }

    #[test]
    fn light_and_contrast_do_not_change_it() {
        let size = Size::new(90, 60);
        let value = |n: u32| {
            let (x, y) = (n % 90, n / 90);
            (x * x / 60 + y * 2 + (x / 9 * 5 + y / 7 * 11) % 40) as u8
        };
        let draw = |change: &dyn Fn(u8) -> u8| {
            Rgb8::new(
                size,
                (0..5400).flat_map(|n| [change(value(n)); 3]).collect(),
            )
            .unwrap()
        };
        let plain = bits(&draw(&|value| value / 2));
        let bright = bits(&draw(&|value| value / 2 + 60));
        let mirrored = bits(&draw(&|value| 200 - value / 2));
        assert!((plain ^ bright).count_ones() <= 2);
        assert!((plain ^ mirrored).count_ones() >= 40);
        assert_eq!(of(&Rgb8::black(Size::new(3, 1))), "0".repeat(16));
    }
}
