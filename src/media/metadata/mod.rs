//! EXIF, ICC and XMP blocks, kept or stripped by policy.

pub(in crate::media) mod exif;

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
    /// True when the EXIF block holds a place.
    pub fn has_location(&self) -> bool {
        unimplemented!()
    }

    /// The blocks that `policy` lets through, orientation reset to 1.
    pub fn filtered(&self, policy: MetadataPolicy) -> Self {
        let _ = policy;
        unimplemented!()
    }
}
