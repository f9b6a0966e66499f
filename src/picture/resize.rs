//! Resizing 8-bit pictures the way Pillow does: the filter widens when reducing, half-pixel centers.

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
}

/// `picture` at `size` (each side at least 1).
pub fn resize(picture: &Rgb8, size: Size, filter: Filter) -> Rgb8 {
    let _ = (picture, size, filter);
    unimplemented!()
}

/// The part `crop` (fractions; clipped to the picture; sub-pixel exact) of `picture` at `size`.
pub fn crop_resize(picture: &Rgb8, crop: Rect, size: Size, filter: Filter) -> Rgb8 {
    let _ = (picture, crop, size, filter);
    unimplemented!()
}
