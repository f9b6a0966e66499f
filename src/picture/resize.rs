//! Resizing 8-bit pictures the way Pillow does: the filter widens when reducing, half-pixel centers.
//!
//! The networks were trained or verified on pictures resized this way; a plain bilinear sampler gives other results.
//! Like Pillow, columns are done before rows and rounded to bytes in between: more than 99 in 100 samples equal
//! Pillow's, the rest differ by 1 or 2. The arithmetic is in integers, so every CPU gives the same bytes.

use std::ops::Deref;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};

use crate::geometry::{Rect, Size};
use crate::picture::Rgb8;

/// The kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Box: the mean of what a pixel covers.
    Box,
    /// Triangle (Pillow's bilinear).
    Bilinear,
    /// Catmull-Rom (Pillow's bicubic).
    Bicubic,
    /// Lanczos, 3 lobes.
    Lanczos,
    /// A Gaussian of half a pixel: soft, and no edge rings.
    Gaussian,
}

impl Filter {
    fn kernel(self) -> FilterType {
        match self {
            Self::Box => FilterType::Box,
            Self::Bilinear => FilterType::Bilinear,
            Self::Bicubic => FilterType::CatmullRom,
            Self::Lanczos => FilterType::Lanczos3,
            Self::Gaussian => FilterType::Gaussian,
        }
    }

    /// Pixels that the kernel reaches to each side when it is not widened.
    fn reach(self) -> f64 {
        match self {
            Self::Box => 0.5,
            Self::Bilinear => 1.0,
            Self::Bicubic => 2.0,
            Self::Lanczos | Self::Gaussian => 3.0,
        }
    }
}

/// `picture` at `size` (each side at least 1).
pub fn resize(picture: &Rgb8, size: Size, filter: Filter) -> Rgb8 {
    crop_resize(picture, Rect::FULL, size, filter)
}

/// The part `crop` (fractions; clipped to the picture; sub-pixel exact) of `picture` at `size`.
///
/// Near the edges of the crop, the kernel uses pixels of the picture outside of the crop. A crop that is empty or
/// outside of the picture gives the nearest pixels.
pub fn crop_resize(picture: &Rgb8, crop: Rect, size: Size, filter: Filter) -> Rgb8 {
    crop_resize_with(picture, crop, size, filter, &mut ResizeBuffers::default())
}

/// Memory for pictures that are resized one after another: taken anew for each, it would have to be cleared, and would
/// pile up in the allocator's arenas.
#[derive(Debug, Default)]
pub struct ResizeBuffers {
    /// The picture with its columns done.
    columns: Vec<u8>,
    /// The samples of a picture that is done with. The next result takes them.
    pub result: Vec<u8>,
}

/// Like [`crop_resize`], with memory that was used before. The picture is let go as soon as nothing more of it is needed.
pub fn crop_resize_with(
    picture: impl Deref<Target = Rgb8>,
    crop: Rect,
    size: Size,
    filter: Filter,
    buffers: &mut ResizeBuffers,
) -> Rgb8 {
    let from = picture.size();
    let (left, width) = span(crop.x, crop.width, from.width);
    let (top, height) = span(crop.y, crop.height, from.height);

    // Only the rows that the kernel needs.
    let reach = filter.reach() * (height / f64::from(size.height.max(1))).max(1.0) + 1.0;
    let first = (top - reach).floor().max(0.0);
    let last = (top + height + reach).ceil().min(f64::from(from.height));
    let narrow = Size::new(size.width, (last - first) as u32);
    let part = [left, first, width, last - first];
    let columns = resized(narrow, std::mem::take(&mut buffers.columns));
    let columns = pass(&picture, part, columns, filter);
    drop(picture);
    let across = f64::from(columns.size().width);
    let result = resized(size, std::mem::take(&mut buffers.result));
    let result = pass(&columns, [0.0, top - first, across, height], result, filter);
    buffers.columns = columns.into_samples();
    result
}

/// A picture of this size in memory that was used before, with any samples.
fn resized(size: Size, mut samples: Vec<u8>) -> Rgb8 {
    let size = Size::new(size.width.max(1), size.height.max(1));
    samples.resize(size.pixels() as usize * 3, 0);
    Rgb8::new(size, samples).unwrap_or_else(|| Rgb8::black(size))
}

/// One pass over the part `[left, top, width, height]` (pixels, inside the picture) into `resized`.
fn pass(picture: &Rgb8, part: [f64; 4], mut resized: Rgb8, filter: Filter) -> Rgb8 {
    let [left, top, width, height] = part;
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(filter.kernel()))
        .crop(left, top, width, height);
    let (from, to) = (picture.size(), resized.size());
    // Typed images keep code for other kinds of pixels from being compiled into this crate.
    let source = TypedImageRef::<U8x3>::from_buffer(from.width, from.height, picture.samples());
    let target = TypedImage::<U8x3>::from_buffer(to.width, to.height, resized.samples_mut());
    // Neither can fail: `Rgb` has exactly three bytes a pixel, and the part lies inside the picture.
    if let (Ok(source), Ok(mut target)) = (source, target) {
        let done = Resizer::new().resize_typed(&source, &mut target, &options);
        debug_assert!(done.is_ok(), "{done:?}");
    }
    resized
}

/// Start and length in pixels of a crop along one side of `pixels`, in steps of 1/65536 pixel so that sums are exact.
fn span(start: f64, length: f64, pixels: u32) -> (f64, f64) {
    const STEPS: f64 = 65_536.0;
    let all = f64::from(pixels);
    let step = |place: f64| (place * all * STEPS).round() / STEPS;
    // Not `clamp`, which lets NaN through.
    let first = step(start).max(0.0).min(all - 1.0 / STEPS);
    let last = step(start + length).max(first + 1.0 / STEPS).min(all);
    (first, last - first)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn gradient(width: u32, height: u32) -> Rgb8 {
        let mut samples = Vec::new();
        for y in 0..height {
            for x in 0..width {
                samples.extend([
                    (x * 255 / width.max(2)) as u8,
                    (y * 255 / height.max(2)) as u8,
                    ((x * 7 + y * 13) % 256) as u8,
                ]);
            }
        }
        Rgb8::new(Size::new(width, height), samples).unwrap()
    }

    #[test]
    fn memory_of_other_pictures_leaves_no_trace() {
        let mut buffers = ResizeBuffers::default();
        let mut resized = |picture: Rgb8, crop: Rect, size: Size| {
            let filter = Filter::Lanczos;
            let with = crop_resize_with(&picture, crop, size, filter, &mut buffers);
            assert_eq!(with, crop_resize(&picture, crop, size, filter));
            buffers.result = with.into_samples();
        };
        let part = Rect::new(0.2, 0.1, 0.5, 0.6);
        resized(gradient(60, 40), part, Size::new(50, 30));
        // Smaller, larger, and of another shape.
        resized(gradient(20, 10), Rect::FULL, Size::new(7, 9));
        resized(gradient(80, 90), part, Size::new(64, 48));
        resized(gradient(16, 64), Rect::FULL, Size::new(64, 16));
    }

    #[test]
    fn reducing_averages_what_a_pixel_covers() {
        let mut stripes = Rgb8::black(Size::new(64, 64));
        for (index, sample) in stripes.samples_mut().iter_mut().enumerate() {
            *sample = if (index / 3) % 2 == 0 { 255 } else { 0 };
        }
        for filter in [
            Filter::Box,
            Filter::Bilinear,
            Filter::Bicubic,
            Filter::Lanczos,
        ] {
            let small = resize(&stripes, Size::new(4, 4), filter);
            for x in 1..3 {
                let gray = small.pixel(x, 2)[0];
                assert!((126..=129).contains(&gray), "{filter:?} gave {gray}");
            }
        }
    }

    #[test]
    fn a_crop_on_whole_pixels_of_the_same_size_is_a_copy() {
        let picture = gradient(37, 29);
        let crop = Rect::new(5.0 / 37.0, 3.0 / 29.0, 11.0 / 37.0, 13.0 / 29.0);
        let part = crop_resize(&picture, crop, Size::new(11, 13), Filter::Lanczos);
        for y in 0..13 {
            for x in 0..11 {
                assert_eq!(part.pixel(x, y), picture.pixel(x + 5, y + 3));
            }
        }
    }

    #[test]
    fn half_a_pixel_to_the_right_is_the_mean_of_neighbors() {
        let picture = gradient(40, 8);
        let crop = Rect::new(10.5 / 40.0, 0.0, 8.0 / 40.0, 1.0);
        let part = crop_resize(&picture, crop, Size::new(8, 8), Filter::Bilinear);
        for x in 0..8 {
            let (a, b) = (picture.pixel(10 + x, 4)[0], picture.pixel(11 + x, 4)[0]);
            let mean = (u16::from(a) + u16::from(b)).div_ceil(2);
            assert_eq!(u16::from(part.pixel(x, 4)[0]), mean);
        }
    }

    #[test]
    fn crops_outside_or_empty_or_not_numbers_give_a_picture() {
        let picture = gradient(10, 10);
        for crop in [
            Rect::new(2.0, 2.0, 1.0, 1.0),
            Rect::new(-3.0, -3.0, 1.0, 1.0),
            Rect::new(0.5, 0.5, 0.0, 0.0),
            Rect::new(0.5, 0.5, -1.0, 0.2),
            Rect::new(f64::NAN, 0.0, f64::INFINITY, f64::NAN),
            Rect::new(1.0 - 1e-12, 0.0, 1.0, 1.0),
        ] {
            for filter in [Filter::Box, Filter::Lanczos] {
                let part = crop_resize(&picture, crop, Size::new(3, 0), filter);
                assert_eq!(part.size(), Size::new(3, 1));
            }
        }
        let corner = crop_resize(
            &picture,
            Rect::new(2.0, 2.0, 1.0, 1.0),
            Size::new(1, 1),
            Filter::Box,
        );
        assert_eq!(corner.pixel(0, 0), picture.pixel(9, 9));
    }

    #[test]
    fn a_crop_sees_the_same_as_the_whole() {
        let picture = gradient(200, 160);
        for filter in [Filter::Bilinear, Filter::Bicubic, Filter::Lanczos] {
            let whole = resize(&picture, Size::new(50, 40), filter);
            let crop = Rect::new(0.2, 0.5, 0.4, 0.25);
            let part = crop_resize(&picture, crop, Size::new(20, 10), filter);
            for y in 0..10 {
                for x in 0..20 {
                    let (a, b) = (part.pixel(x, y), whole.pixel(x + 10, y + 20));
                    // The fixed point of the weights may differ by a bit.
                    assert!(
                        a.iter().zip(b).all(|(&a, b)| a.abs_diff(b) <= 2),
                        "{filter:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn one_row_and_great_factors_work() {
        let picture = gradient(5000, 1);
        let small = resize(&picture, Size::new(1, 1), Filter::Bicubic);
        assert!((125..=130).contains(&small.pixel(0, 0)[0]));
        let large = resize(&small, Size::new(300, 200), Filter::Lanczos);
        assert!(large.pixels().all(|pixel| pixel == small.pixel(0, 0)));
    }
}
