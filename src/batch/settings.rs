//! What is done to every file, and the fingerprint that tells two such settings apart.

use crate::geometry::Size;
use crate::looks::Look;
use crate::media::{ChromaSubsampling, Limits, MetadataPolicy};

/// Grows whenever the same settings give other bytes, so that no result of an older version counts as finished.
const REVISION: u32 = 3;

/// JPEG and WebP quality where none is set: differences from the original can hardly be seen.
const QUALITY: u8 = 92;

/// Formats that can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ResultFormat {
    Jpeg,
    Png,
    WebP,
    Mp4,
    Mov,
}

impl ResultFormat {
    /// Its name, as a probe gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
        }
    }

    /// File name endings of the format, the usual one first.
    pub(super) fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png"],
            Self::WebP => &["webp"],
            Self::Mp4 => &["mp4", "m4v"],
            Self::Mov => &["mov", "qt"],
        }
    }
}

/// Which format a still becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatChoice {
    /// Its own; where that one is read but not written, JPEG for a photo (HEIC, AVIF), PNG for others (TIFF, BMP, GIF).
    Keep,
    /// This one.
    Fixed(ResultFormat),
}

impl FormatChoice {
    /// The format of a still that is a `container` (the name that a probe gives).
    pub(super) fn of(self, container: &str) -> ResultFormat {
        match (self, container) {
            (Self::Fixed(format), _) => format,
            (Self::Keep, "jpeg" | "heic" | "avif") => ResultFormat::Jpeg,
            (Self::Keep, "webp") => ResultFormat::WebP,
            (Self::Keep, _) => ResultFormat::Png,
        }
    }
}

/// What is done to files beyond the look so that they match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// Nothing.
    None,
    /// Each is corrected by itself, and the look is weakened where it would do harm.
    Each,
    /// Photos of one scene are brought to one exposure and white balance.
    Set,
}

/// How large results may be. Nothing is made larger than it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeLimit {
    /// The longer side.
    LongSide(u32),
    /// Both sides.
    Within(Size),
}

impl SizeLimit {
    /// The size that a picture of `size` gets; its shape is kept.
    pub(super) fn of(self, size: Size) -> Size {
        match self {
            Self::LongSide(side) => size.within(side),
            Self::Within(most) => {
                let across = u64::from(size.width) * u64::from(most.height);
                let down = u64::from(size.height) * u64::from(most.width);
                let long = if across >= down {
                    (size.width, most.width)
                } else {
                    (size.height, most.height)
                };
                let (have, want) = (u64::from(long.0.max(1)), u64::from(long.1.min(long.0)));
                let scaled = |side: u32| {
                    let side = (u64::from(side) * want + have / 2) / have;
                    u32::try_from(side).unwrap_or(u32::MAX).max(1)
                };
                Size::new(scaled(size.width), scaled(size.height))
            }
        }
    }
}

/// What is done to every file.
#[derive(Debug, Clone)]
pub struct BatchSettings {
    /// The look.
    pub look: Look,
    /// 0..2; 1 is the look as written.
    pub strength: f64,
    /// What is done beyond the look.
    pub matching: Matching,
    /// The shape that pictures are cropped to, around their subject: width and height.
    pub aspect: Option<(u32, u32)>,
    /// How large results may be.
    pub fit: Option<SizeLimit>,
    /// The format of stills.
    pub format: FormatChoice,
    /// 1..100 for JPEG and WebP; `None` is 92, and lets a file that stays unchanged be copied.
    pub quality: Option<u8>,
    /// `None` keeps a JPEG's own; other pictures keep all of their color.
    pub subsampling: Option<ChromaSubsampling>,
    /// Which metadata results carry.
    pub metadata: MetadataPolicy,
    /// Files that break off are written as far as they go; otherwise they fail.
    pub partial: bool,
    /// What one file may cost.
    pub limits: Limits,
}

impl BatchSettings {
    /// The quality that is encoded with.
    pub(super) fn quality(&self) -> u8 {
        self.quality.unwrap_or(QUALITY)
    }

    /// Tells apart everything but the source that the bytes of a result depend on. It is a hash, since a look may hold
    /// large tables.
    pub(super) fn fingerprint(&self) -> String {
        let all = format!(
            "{REVISION} {} {:?} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
            env!("CARGO_PKG_VERSION"),
            self.look,
            self.strength,
            self.matching,
            self.aspect,
            self.fit,
            self.format,
            self.quality,
            self.subsampling,
            self.metadata,
            self.partial
        );
        blake3::hash(all.as_bytes()).to_hex().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_fit_and_keep_their_shape() {
        let size = Size::new;
        for (fit, from, to) in [
            (SizeLimit::LongSide(100), size(400, 300), size(100, 75)),
            (SizeLimit::LongSide(100), size(30, 90), size(30, 90)),
            (
                SizeLimit::Within(size(100, 100)),
                size(400, 300),
                size(100, 75),
            ),
            (
                SizeLimit::Within(size(100, 30)),
                size(400, 300),
                size(40, 30),
            ),
            (
                SizeLimit::Within(size(1000, 1000)),
                size(400, 300),
                size(400, 300),
            ),
            (
                SizeLimit::Within(size(10, 1000)),
                size(4000, 3),
                size(10, 1),
            ),
        ] {
            assert_eq!(fit.of(from), to, "{fit:?} {from:?}");
        }
    }
}
