//! Stills in: JPEG, PNG, WebP, GIF, TIFF, BMP, upright and in their own colors.

mod gif_header;
mod jpeg_header;
mod png_header;
mod recognize;
mod source;

use std::path::Path;

use crate::error::{Error, Result};
use crate::media::{Limits, Metadata};
use crate::picture::{Picture, Rgb8};

pub(in crate::media) use source::still_facts;

/// A decoded still.
#[derive(Debug)]
pub struct Still {
    /// Upright, in its own color space and depth.
    pub picture: Picture,
    /// EXIF, ICC and XMP as they were found.
    pub metadata: Metadata,
    /// Set when the data broke off: the rest of the picture is missing.
    pub partial: Option<Error>,
}

/// Decodes `path`.
pub fn decode_still(path: &Path, limits: &Limits) -> Result<Still> {
    let _ = (path, limits);
    unimplemented!()
}

/// 8-bit sRGB, for analysis. Opaque: alpha is laid over mid grey.
pub fn to_srgb(picture: &Picture) -> Rgb8 {
    let _ = picture;
    unimplemented!()
}
