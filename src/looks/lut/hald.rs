//! Hald images (Eskil Steenberg): a cube of level² nodes a side laid out as a picture of level³ pixels a side, red
//! fastest, then green, then blue.

use std::path::Path;

use super::{Cube, Domain, Lut};
use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::picture::{Pixels, Rgb16};

/// The levels that are read and written. Level 2 has 4 nodes a side, the smallest useful cube; level 16 has 256, the
/// most of a cube, in a picture of 4096 pixels a side.
const LEVELS: std::ops::RangeInclusive<usize> = 2..=16;

impl Lut {
    /// Reads the pixels of a decoded Hald image; `path` is named in errors.
    ///
    /// Fails with [`Error::Unsupported`] unless the picture is a square of 8, 27, 64 … 4096 pixels a side.
    pub fn from_hald(path: &Path, pixels: &Pixels) -> Result<Self> {
        let size = match pixels {
            Pixels::Eight(pixels) => pixels.size(),
            Pixels::Sixteen(pixels) => pixels.size(),
        };
        let side = size.width as usize;
        let level = LEVELS
            .into_iter()
            .find(|level| size.width == size.height && level * level * level == side)
            .ok_or_else(|| {
                Error::unsupported(
                    path,
                    format!(
                        "a Hald image is a square of 8, 27, 64 … 4096 pixels a side, and this picture has {}×{}",
                        size.width, size.height
                    ),
                )
            })?;
        let nodes = match pixels {
            Pixels::Eight(pixels) => pixels
                .pixels()
                .map(|pixel| pixel.map(|value| f32::from(value) / 255.0))
                .collect(),
            Pixels::Sixteen(pixels) => pixels
                .pixels()
                .map(|pixel| pixel.map(|value| f32::from(value) / 65535.0))
                .collect(),
        };
        Ok(Self {
            title: String::new(),
            curves: None,
            cube: Some(Cube {
                domain: Domain::UNIT,
                size: level * level,
                nodes,
            }),
            ignored: Vec::new(),
        })
    }

    /// The table over 0..1 as a Hald image of 16 bits; `level` 2..16 gives level² nodes a side.
    pub fn to_hald(&self, level: usize) -> Rgb16 {
        let level = level.clamp(*LEVELS.start(), *LEVELS.end());
        let (nodes, side) = (level * level, level * level * level);
        let mut picture = Rgb16::black(Size::new(side as u32, side as u32));
        let scale = 1.0 / (nodes - 1) as f64;
        for (number, pixel) in picture.samples_mut().chunks_exact_mut(3).enumerate() {
            let node = [
                number % nodes,
                number / nodes % nodes,
                number / (nodes * nodes),
            ];
            let color = self.evaluate(node.map(|node| node as f64 * scale));
            for (to, value) in pixel.iter_mut().zip(color) {
                *to = (value.clamp(0.0, 1.0) * 65535.0).round() as u16;
            }
        }
        picture
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::picture::Rgb8;

    #[test]
    fn the_image_of_a_table_is_the_table() {
        let lut = Lut::sampled("", 16, |[red, green, blue]| [green, 1.0 - red, blue * blue]);
        let image = Pixels::Sixteen(lut.to_hald(4));
        let again = Lut::from_hald("x.png".as_ref(), &image).unwrap();
        for color in [[0.0; 3], [0.2, 0.9, 0.4], [1.0, 0.0, 0.53]] {
            let (a, b) = (lut.evaluate(color), again.evaluate(color));
            assert!(
                a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4),
                "{a:?} {b:?}"
            );
        }
    }

    #[test]
    fn other_pictures_are_refused() {
        for (width, height) in [(8, 9), (9, 9), (1, 1), (64, 27)] {
            let pixels = Pixels::Eight(Rgb8::black(Size::new(width, height)));
            let error = Lut::from_hald("x.png".as_ref(), &pixels).unwrap_err();
            assert_eq!(error.code(), "unsupported");
        }
    }
}
