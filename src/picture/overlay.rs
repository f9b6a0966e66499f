//! A picture with opacity that lies over a part of a larger one.

use crate::geometry::Size;
use crate::picture::Rgb8;

/// A picture with opacity at a place in a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// Pixels from the left edge of the frame.
    x: u32,
    /// Pixels from its upper edge.
    y: u32,
    size: Size,
    /// Red, green and blue multiplied with opacity, and opacity, of each pixel.
    samples: Vec<u8>,
}

impl Overlay {
    /// Takes the samples; `None` unless there are exactly four for each pixel.
    pub fn new(x: u32, y: u32, size: Size, samples: Vec<u8>) -> Option<Self> {
        let wanted = size.pixels().checked_mul(4)?;
        (wanted > 0 && wanted == samples.len() as u64).then_some(Self {
            x,
            y,
            size,
            samples,
        })
    }

    /// Draws it over `frame`, as far as it lies inside.
    pub fn draw_over(&self, frame: &mut Rgb8) {
        let (width, height) = (frame.width(), frame.height());
        let (left, top) = (self.x as usize, self.y as usize);
        let row_samples = self.size.width as usize * 4;
        let rows = frame.samples_mut().chunks_exact_mut(width * 3).skip(top);
        let own_rows = self.samples.chunks_exact(row_samples);
        for (row, own) in rows.zip(own_rows).take(height.saturating_sub(top)) {
            let pixels = row.chunks_exact_mut(3).skip(left);
            for (pixel, own) in pixels.zip(own.chunks_exact(4)) {
                let rest = 255 - u32::from(own[3]);
                if rest == 255 {
                    continue;
                }
                for (sample, over) in pixel.iter_mut().zip(own) {
                    let under = (u32::from(*sample) * rest + 127) / 255;
                    *sample = (u32::from(*over) + under).min(255) as u8;
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn it_covers_what_is_inside_by_its_opacity() {
        let mut frame = Rgb8::new(Size::new(3, 2), vec![100; 18]).unwrap();
        let samples = [[255, 0, 0, 255], [50, 50, 50, 127], [0; 4], [9; 4]].concat();
        Overlay::new(1, 1, Size::new(4, 1), samples)
            .unwrap()
            .draw_over(&mut frame);
        assert_eq!(frame.pixel(0, 1), [100; 3]);
        assert_eq!(frame.pixel(1, 1), [255, 0, 0]);
        assert_eq!(frame.pixel(2, 1), [100; 3]);
        assert_eq!(frame.pixel(2, 0), [100; 3]);
        assert_eq!(Overlay::new(0, 0, Size::new(2, 2), vec![0; 15]), None);
    }
}
