//! EXIF, ICC and XMP blocks, kept or stripped by policy, and true of the picture that they end up in.

mod coordinates;
mod embed;
pub(in crate::media) mod exif;
mod xmp;
mod xmp_tree;

use crate::geometry::Size;

pub(in crate::media) use embed::{into_jpeg, into_png, into_webp};

/// Raw blocks as found in a file.
#[derive(Debug, Clone, Default)]
pub struct Metadata {
    /// TIFF-structured EXIF, without the `Exif\0\0` in front.
    pub exif: Option<Vec<u8>>,
    /// ICC profile.
    pub icc: Option<Vec<u8>>,
    /// XMP packet.
    pub xmp: Option<Vec<u8>>,
}

/// What is written out again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetadataPolicy {
    /// Everything; orientation reset to upright.
    #[default]
    Keep,
    /// Everything but where it was taken.
    StripLocation,
    /// Only the ICC profile, which colors need.
    Strip,
}

impl Metadata {
    /// True when the EXIF block or the XMP packet holds a location, or when a packet may hold one that cannot be read.
    pub fn has_location(&self) -> bool {
        self.exif.as_deref().is_some_and(exif::has_location)
            || self.xmp.as_deref().is_some_and(xmp::has_location)
    }

    /// When the picture was taken by the camera's own clock, in seconds since 1970; `None` where EXIF does not say.
    pub fn taken(&self) -> Option<i64> {
        self.exif.as_deref().and_then(exif::taken)
    }

    /// The blocks that `policy` lets through, true of a picture of `size` that was `original` pixels large before: upright, of
    /// that size, alone in its file.
    ///
    /// The EXIF thumbnail goes too, as it shows the picture before it was turned and edited, and an XMP packet that
    /// cannot be edited for sure is left out.
    pub fn filtered(&self, policy: MetadataPolicy, original: Original, size: Size) -> Self {
        if policy == MetadataPolicy::Strip {
            return Self {
                exif: None,
                icc: self.icc.clone(),
                xmp: None,
            };
        }
        let reshaped = original.turned || original.size != size;
        let mut kept = self.clone();
        kept.xmp = kept
            .xmp
            .as_deref()
            .and_then(|packet| xmp::truthful(packet, reshaped));
        if let Some(block) = &mut kept.exif {
            exif::make_upright(block);
            exif::set_size(block, size);
            if reshaped {
                exif::remove_subject(block);
            }
        }
        if policy == MetadataPolicy::StripLocation {
            kept.xmp = kept.xmp.as_deref().and_then(xmp::without_location);
            if let Some(block) = &mut kept.exif {
                exif::remove_location(block);
            }
        }
        kept
    }
}

/// The picture that metadata described.
#[derive(Debug, Clone, Copy)]
pub struct Original {
    /// Upright.
    pub size: Size,
    /// It was stored turned or mirrored.
    pub turned: bool,
}
