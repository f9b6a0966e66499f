//! Pictures as PNG files.

use std::path::Path;

use crate::error::Result;
use crate::media::{Metadata, StillFormat, encode_still};
use crate::picture::{ColorSpace, Picture, Pixels};
use crate::store::{Output, Overwrite};

/// Writes a picture without metadata.
pub(super) fn write_png(target: &Path, picture: &Picture, overwrite: Overwrite) -> Result<()> {
    let output = Output::create(target, overwrite)?;
    encode_still(
        output.path(),
        picture,
        StillFormat::Png,
        &Metadata::default(),
    )
    .map_err(|problem| problem.renamed(output.path(), target))?;
    output.commit()
}

/// An opaque sRGB picture.
pub(super) fn srgb_picture(pixels: Pixels) -> Picture {
    Picture {
        pixels,
        alpha: None,
        color: ColorSpace::Srgb,
    }
}
