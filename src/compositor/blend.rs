//! Blends the layers of one frame.

use crate::picture::Rgb8;

/// Weights are integers with this many bits after the point, so that every CPU gives the same bytes.
const WEIGHT_BITS: u32 = 16;
/// Samples summed at a time: 16 KiB of sums stay in the first-level cache.
const CHUNK: usize = 4096;

/// The weighted mean of pictures of one size, on gamma-coded values; the weights sum to 1. `None` without pictures.
///
/// A single picture is returned unchanged.
pub(super) fn blend(mut pictures: Vec<(Rgb8, f64)>) -> Option<Rgb8> {
    if pictures.len() < 2 {
        return pictures.pop().map(|(picture, _)| picture);
    }
    let weights = integer_weights(&pictures);
    let mut pictures = pictures.into_iter().map(|(picture, _)| picture);
    let mut first = pictures.next()?;
    let others: Vec<Rgb8> = pictures.collect();
    let half = 1 << (WEIGHT_BITS - 1);
    let mut sums = [0_u32; CHUNK];
    for (number, chunk) in first.samples_mut().chunks_mut(CHUNK).enumerate() {
        let begin = number * CHUNK;
        let weight = weights.first().copied().unwrap_or(0);
        for (sum, sample) in sums.iter_mut().zip(&*chunk) {
            *sum = half + weight * u32::from(*sample);
        }
        for (other, weight) in others.iter().zip(weights.iter().skip(1)) {
            let samples = other.samples().get(begin..).unwrap_or_default();
            for (sum, sample) in sums.iter_mut().zip(samples.iter().take(chunk.len())) {
                *sum += weight * u32::from(*sample);
            }
        }
        for (sample, sum) in chunk.iter_mut().zip(&sums) {
            *sample = (sum >> WEIGHT_BITS) as u8;
        }
    }
    Some(first)
}

/// The weights as integers whose sum is exactly one.
fn integer_weights(pictures: &[(Rgb8, f64)]) -> Vec<u32> {
    let one = 1_u32 << WEIGHT_BITS;
    let mut left = one;
    let mut weights: Vec<u32> = pictures
        .iter()
        .map(|(_, weight)| {
            let weight = ((weight.clamp(0.0, 1.0) * f64::from(one)).round() as u32).min(left);
            left -= weight;
            weight
        })
        .collect();
    if let Some(last) = weights.last_mut() {
        *last += left;
    }
    weights
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn flat(value: u8) -> Rgb8 {
        let size = Size::new(50, 40);
        Rgb8::new(size, vec![value; 50 * 40 * 3]).unwrap()
    }

    #[test]
    fn samples_are_the_weighted_mean() {
        for (weight, expected) in [(0.5, 105), (0.25, 58), (1.0, 200), (0.0, 10)] {
            let blended = blend(vec![(flat(200), weight), (flat(10), 1.0 - weight)]).unwrap();
            assert_eq!(blended, flat(expected), "{weight}");
        }
        let three = vec![(flat(90), 0.2), (flat(20), 0.3), (flat(200), 0.5)];
        assert_eq!(blend(three), Some(flat(124)));
    }

    #[test]
    fn a_single_picture_and_equal_pictures_stay_as_they_are() {
        assert_eq!(blend(vec![(flat(77), 1.0)]), Some(flat(77)));
        for weight in [0.1, 1.0 / 3.0, 0.777] {
            let same = vec![(flat(255), weight), (flat(255), 1.0 - weight)];
            assert_eq!(blend(same), Some(flat(255)));
        }
        assert_eq!(blend(vec![]), None);
    }
}
