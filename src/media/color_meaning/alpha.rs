//! Opacity that colors were multiplied with (associated, premultiplied alpha): every room here works on straight colors.

/// Divides the colors of RGBA pixels by their opacity, of which `most` is the whole. What is fully transparent stays.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_divided_once_and_never_pass_the_whole() {
        let mut samples = [64u8, 128, 200, 128, 9, 9, 9, 0];
        divide_by_alpha(&mut samples, u8::MAX);
        assert_eq!(samples, [128, 255, 255, 128, 9, 9, 9, 0]);
    }
}
