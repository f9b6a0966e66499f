//! Alpha: premultiplied colors made straight, and transparent pictures laid over a background.

use crate::geometry::Size;
use crate::picture::Rgb8;

/// Turns premultiplied RGBA into straight RGBA. `most` is full opacity. Fully transparent pixels stay as they are.
pub(in crate::media) fn divide_by_alpha<T: Copy + Into<u64> + TryFrom<u64>>(
    samples: &mut [T],
    most: T,
) {
    let most: u64 = most.into();
    for pixel in samples.chunks_exact_mut(4) {
        let [colors @ .., alpha] = pixel else {
            continue;
        };
        let alpha: u64 = (*alpha).into();
        if alpha == 0 {
            continue;
        }
        for color in colors {
            let whole = (((*color).into() * most + alpha / 2) / alpha).min(most);
            *color = T::try_from(whole).unwrap_or(*color);
        }
    }
}

/// Composes straight RGB over `color`, with one alpha value per pixel. `most` is full opacity.
pub(in crate::media) fn lay_over<T: Copy + Into<u64>>(
    samples: &mut [u8],
    alpha: &[T],
    most: T,
    color: [u8; 3],
) {
    let most: u64 = most.into();
    for (pixel, &alpha) in samples.chunks_exact_mut(3).zip(alpha) {
        let over: u64 = alpha.into();
        let under = most.saturating_sub(over);
        for (sample, below) in pixel.iter_mut().zip(color) {
            let mixed = u64::from(*sample) * over + u64::from(below) * under;
            *sample = ((mixed + most / 2) / most.max(1)) as u8;
        }
    }
}

/// Composes straight 8-bit RGBA over `color`. `None` unless the number of pixels fits `size`.
pub(in crate::media) fn rgba_over_color(size: Size, pixels: &[u8], color: [u8; 3]) -> Option<Rgb8> {
    let pixels = pixels.chunks_exact(4);
    let colors = pixels.clone().flat_map(|pixel| &pixel[..3]).copied();
    let mut picture = Rgb8::new(size, colors.collect())?;
    let alpha: Vec<u8> = pixels.map(|pixel| pixel[3]).collect();
    lay_over(picture.samples_mut(), &alpha, u8::MAX, color);
    Some(picture)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_divided_once_and_never_pass_the_whole() {
        let mut samples = [64u8, 128, 200, 128, 9, 9, 9, 0];
        divide_by_alpha(&mut samples, u8::MAX);
        assert_eq!(samples, [128, 255, 255, 128, 9, 9, 9, 0]);
    }

    #[test]
    fn both_depths_of_opacity_show_the_same() {
        let (mut shallow, mut deep) = ([200u8; 9], [200u8; 9]);
        lay_over(&mut shallow, &[0, 128, 255], u8::MAX, [10, 20, 30]);
        lay_over(&mut deep, &[0, 128 * 257, 65_535], u16::MAX, [10, 20, 30]);
        assert_eq!(shallow, [10, 20, 30, 105, 110, 115, 200, 200, 200]);
        assert_eq!(deep, shallow);
    }
}
