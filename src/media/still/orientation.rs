//! Turning a picture upright.

use crate::geometry::Size;

/// The size of a picture once it is upright.
pub(in crate::media) fn upright_size(size: Size, orientation: u8) -> Size {
    if orientation >= 5 {
        Size::new(size.height, size.width)
    } else {
        size
    }
}

/// Turns interleaved samples, `channels` a pixel, by an EXIF orientation of 1..8. `samples` holds `size` exactly.
pub(in crate::media) fn upright<T: Copy>(
    samples: Vec<T>,
    size: Size,
    channels: usize,
    orientation: u8,
) -> Vec<T> {
    if orientation <= 1 {
        return samples;
    }
    let (width, height) = (size.width as isize, size.height as isize);
    let (right, bottom) = (width - 1, (height - 1) * width);
    // Pixel (x, y) of the result is the pixel `first + x × across + y × down` of the source.
    let (first, across, down) = match orientation {
        2 => (right, -1, width),
        3 => (bottom + right, -1, -width),
        4 => (bottom, 1, -width),
        5 => (0, width, 1),
        6 => (bottom, -width, 1),
        7 => (bottom + right, -width, -1),
        _ => (right, width, -1),
    };
    let target = upright_size(size, orientation);
    let mut turned = Vec::with_capacity(samples.len());
    for y in 0..target.height as isize {
        let row = first + y * down;
        for x in 0..target.width as isize {
            let at = (row + x * across) as usize * channels;
            turned.extend_from_slice(&samples[at..at + channels]);
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What EXIF 2.32 says of each orientation: where row 0 and column 0 of the stored picture are seen.
    #[test]
    fn every_orientation_undoes_its_turn() {
        // Upright is A B C over D E F.
        let stored: [(&str, u32, u32); 8] = [
            ("ABCDEF", 3, 2),
            ("CBAFED", 3, 2),
            ("FEDCBA", 3, 2),
            ("DEFABC", 3, 2),
            ("ADBECF", 2, 3),
            ("CFBEAD", 2, 3),
            ("FCEBDA", 2, 3),
            ("DAEBFC", 2, 3),
        ];
        for (orientation, (picture, width, height)) in (1..).zip(stored) {
            let size = Size::new(width, height);
            let turned = upright(picture.as_bytes().to_vec(), size, 1, orientation);
            assert_eq!(turned, b"ABCDEF", "orientation {orientation}");
            assert_eq!(upright_size(size, orientation), Size::new(3, 2));
        }
    }
}
