//! Stills in: JPEG, PNG, WebP, HEIC, AVIF, GIF, TIFF, BMP, upright and in their own colors.

mod gif_header;
mod headers;
#[cfg(feature = "heic")]
mod heif;
#[cfg(not(feature = "heic"))]
#[path = "without_heif.rs"]
mod heif;
mod image_crate;
mod jpeg;
mod jpeg_header;
mod jpeg_parts;
pub(in crate::media) mod orientation;
mod png_header;
mod raster;
mod recognize;
mod still_file;
mod tiff;
mod tone_mapped;

use std::path::Path;

use crate::error::{Error, Result};
use crate::media::{ChromaSubsampling, Limits, Metadata};
use crate::picture::Picture;

pub(super) use headers::still_facts;

use headers::read_header;
use recognize::CodedFormat;
use still_file::StillFile;

/// A decoded still.
#[derive(Debug)]
pub struct Still {
    /// Upright, in its own color space and depth.
    pub picture: Picture,
    /// EXIF, ICC and XMP as found in the file. Without the profile of grey and CMYK, which were converted to sRGB.
    pub metadata: Metadata,
    /// How the file stores the picture, by EXIF: 1 upright, 2..8 turned or mirrored. `picture` is upright.
    pub orientation: u8,
    /// Chroma subsampling of a JPEG; `None` for other files and for uncommon factors.
    pub subsampling: Option<ChromaSubsampling>,
    /// Set if the data breaks off: the rest of the picture is missing.
    pub partial: Option<Error>,
}

/// Decodes `path`; of an animation, its first frame.
///
/// Fails with `Unsupported`, `Damaged` where nothing can be shown, `Read`, or `Limit` before anything is decoded.
pub fn decode_still(path: &Path, limits: &Limits) -> Result<Still> {
    decode(open(path, limits)?, None)
}

/// Decodes a picture that lies inside the file at `path`, which may be of any kind: errors name that file.
///
/// Fails like [`decode_still`].
pub fn decode_still_inside(path: &Path, picture: Vec<u8>, limits: &Limits) -> Result<Still> {
    let source = StillFile::inside(path, picture, limits)?;
    let unknown = || Error::unsupported(path, "the picture in it is of no kind that is known here");
    decode(source.ok_or_else(unknown)?, None)
}

/// Like [`decode_still`], for a thumbnail: decodes a JPEG at an eighth, a quarter or half of its size, as long as its
/// longer side keeps `least` pixels. Other formats are decoded in full.
pub fn decode_small(path: &Path, limits: &Limits, least: u32) -> Result<Still> {
    decode(open(path, limits)?, Some(least))
}

fn open<'a>(path: &'a Path, limits: &'a Limits) -> Result<StillFile<'a>> {
    StillFile::open(path, limits)?.ok_or_else(|| not_a_still(path))
}

fn decode(mut source: StillFile<'_>, least: Option<u32>) -> Result<Still> {
    let header = read_header(&mut source)?;
    let mut decoded = match source.format {
        CodedFormat::Jpeg => jpeg::decode(&mut source, &header, least)?,
        CodedFormat::Tiff => tiff::decode(&source, &header)?,
        CodedFormat::Heic | CodedFormat::Avif => heif::decode(&mut source, &header)?,
        _ => image_crate::decode(&mut source, &header)?,
    };
    let made = decoded
        .raster
        .into_picture(decoded.metadata.icc.as_deref(), header.orientation)
        .ok_or_else(|| Error::damaged(source.path, "the picture does not have the size it says"))?;
    if made.left_profile {
        decoded.metadata.icc = None;
    }
    Ok(Still {
        picture: made.picture,
        metadata: decoded.metadata,
        orientation: header.orientation,
        subsampling: decoded.subsampling,
        partial: decoded.partial,
    })
}

fn not_a_still(path: &Path) -> Error {
    match std::fs::metadata(path) {
        Ok(facts) if facts.len() == 0 => Error::damaged(path, "it is empty"),
        _ => Error::unsupported(path, "it is no still picture that is known here"),
    }
}
