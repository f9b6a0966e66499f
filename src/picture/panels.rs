//! A frame of two panels, each of which is filled by a part of a picture.

use crate::geometry::{Rect, Size};
use crate::picture::{Filter, Rgb8, crop_resize};

/// The two panels of a frame: its left and right half where it is wide, else its upper and lower half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panels {
    /// Where each begins, in pixels from the left and from the top.
    pub corners: [(u32, u32); 2],
    /// The size of each in pixels, at least 1.
    pub sizes: [Size; 2],
}

impl Panels {
    /// Those of a frame of `size`. An odd pixel belongs to the second.
    pub fn of(size: Size) -> Self {
        let Size { width, height } = size;
        let side_by_side = width > height;
        let half = |side: u32| ((side / 2).max(1), (side - side / 2).max(1));
        if side_by_side {
            let (left, right) = half(width);
            Self {
                corners: [(0, 0), (left, 0)],
                sizes: [Size::new(left, height), Size::new(right, height)],
            }
        } else {
            let (upper, lower) = half(height);
            Self {
                corners: [(0, 0), (0, upper)],
                sizes: [Size::new(width, upper), Size::new(width, lower)],
            }
        }
    }

    /// Where they stand in a frame of `size`, in fractions of it.
    pub fn places(size: Size) -> [Rect; 2] {
        let panels = Self::of(size);
        let (across, down) = (f64::from(size.width), f64::from(size.height));
        [0, 1].map(|number| {
            let ((x, y), panel) = (panels.corners[number], panels.sizes[number]);
            Rect::new(
                f64::from(x) / across,
                f64::from(y) / down,
                f64::from(panel.width) / across,
                f64::from(panel.height) / down,
            )
        })
    }
}

/// The frame of `size` whose panels show `parts` of two pictures, in fractions of them and in the shapes of the panels.
pub fn two_panels(pictures: [&Rgb8; 2], parts: [Rect; 2], size: Size) -> Rgb8 {
    let panels = Panels::of(size);
    let mut frame = Rgb8::black(size);
    let places = panels.corners.into_iter().zip(panels.sizes);
    for ((picture, part), ((left, top), panel)) in pictures.into_iter().zip(parts).zip(places) {
        let shown = crop_resize(picture, part, panel, Filter::Lanczos);
        frame.paste(&shown, left as usize, top as usize);
    }
    frame
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Red on the left, blue on the right.
    fn couple() -> Rgb8 {
        let pixels = (0..40 * 20).map(|at| {
            if at % 40 < 20 {
                [200, 0, 0]
            } else {
                [0, 0, 200]
            }
        });
        Rgb8::new(Size::new(40, 20), pixels.flatten().collect()).unwrap()
    }

    const PARTS: [Rect; 2] = [
        Rect {
            x: 0.1,
            y: 0.0,
            width: 0.2,
            height: 1.0,
        },
        Rect {
            x: 0.7,
            y: 0.0,
            width: 0.2,
            height: 1.0,
        },
    ];

    #[test]
    fn an_upright_frame_has_them_above_each_other_and_a_wide_one_side_by_side() {
        let (red, blue) = ([200, 0, 0], [0, 0, 200]);
        let couple = couple();
        let upright = two_panels([&couple; 2], PARTS, Size::new(18, 32));
        for x in [0, 9, 17] {
            assert_eq!((upright.pixel(x, 0), upright.pixel(x, 15)), (red, red));
            assert_eq!((upright.pixel(x, 16), upright.pixel(x, 31)), (blue, blue));
        }
        let wide = two_panels([&couple; 2], PARTS, Size::new(32, 18));
        for y in [0, 9, 17] {
            assert_eq!((wide.pixel(0, y), wide.pixel(15, y)), (red, red));
            assert_eq!((wide.pixel(16, y), wide.pixel(31, y)), (blue, blue));
        }
    }

    proptest! {
        #[test]
        fn panels_tile_any_frame(width in 2..200_u32, height in 2..200_u32) {
            let size = Size::new(width, height);
            let panels = Panels::of(size);
            let pixels: u64 = panels.sizes.iter().map(|panel| panel.pixels()).sum();
            prop_assert_eq!(pixels, size.pixels());
            let [first, second] = Panels::places(size);
            prop_assert!((first.area() + second.area() - 1.0).abs() < 1e-9);
            prop_assert!((second.x + second.width - 1.0).abs() < 1e-9);
            prop_assert!((second.y + second.height - 1.0).abs() < 1e-9);
        }
    }
}
