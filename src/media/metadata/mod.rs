//! EXIF, ICC and XMP blocks: kept or stripped by policy, and corrected where the picture has changed.

mod coordinates;
mod embed;
pub(in crate::media) mod exif;
mod exif_block;
mod gain_map;
mod xmp;
pub(in crate::media) mod xmp_tree;

use crate::geometry::Size;

pub use gain_map::GainMap;

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
    /// The gain map behind the picture, which JPEG alone carries here.
    pub gain_map: Option<GainMap>,
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
    /// True if the EXIF block or the XMP packet contains a location. A packet that cannot be parsed counts as one.
    pub fn has_location(&self) -> bool {
        self.exif.as_deref().is_some_and(exif::has_location)
            || self.xmp.as_deref().is_some_and(xmp::has_location)
    }

    /// When the picture was taken by the camera's own clock, in seconds since 1970; `None` where EXIF does not say.
    pub fn taken(&self) -> Option<i64> {
        self.exif.as_deref().and_then(exif::taken)
    }

    /// The blocks that `policy` keeps, corrected for an upright picture of `size` made from `original`.
    ///
    /// Removes the EXIF thumbnail, which shows the picture before it was turned and edited. Drops an XMP packet that
    /// cannot be parsed, and a gain map unless the picture still shows the whole original.
    pub fn filtered(&self, policy: MetadataPolicy, original: Original, size: Size) -> Self {
        if policy == MetadataPolicy::Strip {
            return Self {
                icc: self.icc.clone(),
                ..Self::default()
            };
        }
        let reshaped = original.orientation != 1 || original.size != size;
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
        kept.gain_map = kept
            .gain_map
            .filter(|_| is_scaled(original.size, size))
            .and_then(|map| map.turned_upright(original.orientation))
            .filter(|map| embed::announced(map, kept.xmp.as_deref()).is_some());
        kept
    }
}

/// The picture that metadata described.
#[derive(Debug, Clone, Copy)]
pub struct Original {
    /// Upright.
    pub size: Size,
    /// How it was stored, by EXIF: 1 upright, 2..8 turned or mirrored.
    pub orientation: u8,
}

/// True when a picture of one size shows all that one of the other size shows, as far as rounding lets one know.
fn is_scaled(from: Size, to: Size) -> bool {
    let across = u64::from(from.width) * u64::from(to.height);
    let down = u64::from(from.height) * u64::from(to.width);
    across.abs_diff(down) <= u64::from(from.width.max(from.height))
}

/// Whether a gain map comes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GainMapPolicy {
    /// Where the result is a JPEG that shows the whole picture, and other metadata is kept.
    #[default]
    Keep,
    /// Never.
    Drop,
}
