//! Blurs what is behind people.
//!
//! The background is blurred without the people in it (a normalized convolution: colors and their weights are blurred
//! alike, then divided), so that nobody has a halo of their own colors. Blurring happens on a copy of at most 480
//! pixels, which is finer than anything that is left of the background. The people come from the mask of looks, refined
//! at the picture's edges and smoothed over time.

use crate::geometry::Size;
use crate::picture::{Filter, Rgb8, resize};

/// Longer side of the copy that is blurred, in pixels.
const SIDE: u32 = 480;
/// Reach of a full blur as a share of the shorter side: three box means of it, a standard deviation of the same size.
const REACH: f64 = 0.035;

/// Blurs what lies behind `people` (their weight at each pixel, 0..255) by `amount`, 0..1.
pub(super) fn blur(frame: &mut Rgb8, people: &[u8], amount: f64) {
    let small = frame.size().within(SIDE);
    let mut planes = reduced(frame, people, small);
    let shorter = f64::from(small.width.min(small.height));
    let reach = ((amount.min(1.0) * REACH * shorter).round() as usize).max(1);
    for _ in 0..3 {
        box_mean(&mut planes, small, reach);
    }
    lay_behind(frame, people, &planes, small);
}

/// Red, green and blue times the weight of the background, and that weight, of each pixel.
type Weighted = [f32; 4];

fn reduced(frame: &Rgb8, people: &[u8], small: Size) -> Vec<Weighted> {
    let mut colors = frame.clone();
    let mut weights = Rgb8::black(frame.size());
    let pixels = colors.samples_mut().chunks_exact_mut(3);
    let pairs = pixels.zip(weights.samples_mut().chunks_exact_mut(3));
    for ((color, weight), person) in pairs.zip(people) {
        let behind = 255 - u32::from(*person);
        for sample in color {
            *sample = ((u32::from(*sample) * behind + 127) / 255) as u8;
        }
        weight.fill(behind as u8);
    }
    let colors = resize(&colors, small, Filter::Box);
    let weights = resize(&weights, small, Filter::Box);
    let pairs = colors.pixels().zip(weights.pixels());
    pairs
        .map(|([red, green, blue], [weight, ..])| [red, green, blue, weight].map(f32::from))
        .collect()
}

/// The mean of each pixel and `reach` around it, across and then down; beyond the edges the outermost pixels go on.
fn box_mean(planes: &mut [Weighted], size: Size, reach: usize) {
    let (width, height) = (size.width as usize, size.height as usize);
    let mut line = Vec::with_capacity(width.max(height));
    for row in planes.chunks_exact_mut(width.max(1)) {
        line.clear();
        line.extend_from_slice(row);
        for (pixel, mean) in row.iter_mut().zip(running_means(&line, reach)) {
            *pixel = mean;
        }
    }
    for column in 0..width {
        line.clear();
        line.extend(planes.iter().skip(column).step_by(width).copied());
        let pixels = planes.iter_mut().skip(column).step_by(width);
        for (pixel, mean) in pixels.zip(running_means(&line, reach)) {
            *pixel = mean;
        }
    }
}

fn running_means(line: &[Weighted], reach: usize) -> impl Iterator<Item = Weighted> + '_ {
    let last = line.len().saturating_sub(1) as isize;
    let at = move |index: isize| {
        let index = index.clamp(0, last) as usize;
        line.get(index).copied().unwrap_or_default()
    };
    let reach = reach as isize;
    let share = 1.0 / (2 * reach + 1) as f32;
    let mut sum: Weighted = (-reach..=reach).map(at).fold([0.0; 4], plus);
    (0..line.len() as isize).map(move |index| {
        let mean = sum.map(|value| value * share);
        let (next, gone) = (at(index + reach + 1), at(index - reach));
        sum = plus(
            sum,
            [0, 1, 2, 3].map(|channel| next[channel] - gone[channel]),
        );
        mean
    })
}

fn plus(a: Weighted, b: Weighted) -> Weighted {
    [0, 1, 2, 3].map(|channel| a[channel] + b[channel])
}

/// Puts the blurred background behind the people.
fn lay_behind(frame: &mut Rgb8, people: &[u8], planes: &[Weighted], small: Size) {
    /// Weight below which a place lies so deep inside people that nothing of the background is known: it is not seen.
    const NOTHING: f32 = 1.0;
    let (width, height) = (frame.width().max(1), frame.height().max(1));
    let columns: Vec<(usize, usize, f32)> =
        (0..width).map(|x| between(x, width, small.width)).collect();
    let wide = small.width as usize;
    let rows = frame.samples_mut().chunks_exact_mut(width * 3);
    for (y, (row, people)) in rows.zip(people.chunks_exact(width)).enumerate() {
        let (above, below, down) = between(y, height, small.height);
        let line = |line: usize| planes.get(line * wide..(line + 1) * wide).unwrap_or(&[]);
        let (above, below) = (line(above), line(below));
        let at = |line: &[Weighted], column: usize| line.get(column).copied().unwrap_or_default();
        let pixels = row.chunks_exact_mut(3).zip(people).zip(&columns);
        for ((pixel, person), &(left, right, across)) in pixels {
            if *person == 255 {
                continue;
            }
            let top = mixed(at(above, left), at(above, right), across);
            let bottom = mixed(at(below, left), at(below, right), across);
            let [red, green, blue, weight] = mixed(top, bottom, down);
            if weight < NOTHING {
                continue;
            }
            let share = f32::from(*person) / 255.0;
            for (sample, color) in pixel.iter_mut().zip([red, green, blue]) {
                let behind = (color / weight * 255.0).min(255.0);
                *sample = (behind + (f32::from(*sample) - behind) * share + 0.5) as u8;
            }
        }
    }
}

fn mixed(a: Weighted, b: Weighted, share: f32) -> Weighted {
    [0, 1, 2, 3].map(|channel| a[channel] + (b[channel] - a[channel]) * share)
}

/// The two of `small` pixels around pixel `number` of `large`, and the share of the second.
fn between(number: usize, large: usize, small: u32) -> (usize, usize, f32) {
    let place = (number as f32 + 0.5) * small as f32 / large as f32 - 0.5;
    let place = place.clamp(0.0, small.saturating_sub(1) as f32);
    let first = place as usize;
    let last = small.saturating_sub(1) as usize;
    (first, (first + 1).min(last), place - first as f32)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::compositor::people::people_weights;
    use crate::looks::{MaskPlane, MaskSource, Masks};

    const SIZE: Size = Size {
        width: 96,
        height: 64,
    };

    /// A red person in the middle third of black and white stripes.
    fn portrait() -> (Rgb8, Masks) {
        let is_person = |x: u32| (32..64).contains(&x);
        let mut samples = Vec::new();
        let mut weights = Vec::new();
        for at in 0..SIZE.width * SIZE.height {
            let x = at % SIZE.width;
            let stripe = if (x / 4).is_multiple_of(2) {
                [0; 3]
            } else {
                [255; 3]
            };
            samples.extend(if is_person(x) { [220, 20, 20] } else { stripe });
            weights.push(if is_person(x) { 255 } else { 0 });
        }
        let plane = MaskPlane::new(SIZE, weights).unwrap();
        let masks = Masks::default().with(MaskSource::Person, plane);
        (Rgb8::new(SIZE, samples).unwrap(), masks)
    }

    #[test]
    fn the_person_stays_and_what_is_behind_is_blurred_without_them() {
        let (frame, masks) = portrait();
        let mut blurred = frame.clone();
        let people = people_weights(&frame, &masks).unwrap();
        blur(&mut blurred, &people, 1.0);
        assert_eq!(blurred.pixel(48, 32), [220, 20, 20]);
        for x in [8, 20, 80] {
            let [red, green, _] = blurred.pixel(x, 32);
            assert!((60..200).contains(&red), "{x}: stripes are gray, not {red}");
            assert!(
                red.abs_diff(green) < 12,
                "{x}: nothing of the red coat shows beside it"
            );
        }
    }
}
