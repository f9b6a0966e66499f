//! Stills out: JPEG (turbojpeg), PNG, WebP.

use std::path::Path;

use crate::error::Result;
use crate::media::Metadata;
use crate::picture::Picture;

/// How the color of a JPEG is thinned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ChromaSubsampling {
    Full444,
    Half422,
    Quarter420,
}

/// The format of a still.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StillFormat {
    /// 8 bit, no alpha.
    Jpeg {
        /// 1..100.
        quality: u8,
        /// How the color is thinned out.
        subsampling: ChromaSubsampling,
    },
    /// 8 or 16 bit, alpha kept.
    Png,
    /// 8 bit, alpha kept; lossless at quality 100.
    WebP {
        /// 1..100.
        quality: u8,
    },
}

/// Encodes `picture` with `metadata` (already filtered by policy) into `path`, which is truncated.
pub fn encode_still(
    path: &Path,
    picture: &Picture,
    format: StillFormat,
    metadata: &Metadata,
) -> Result<()> {
    let _ = (path, picture, format, metadata);
    unimplemented!()
}
