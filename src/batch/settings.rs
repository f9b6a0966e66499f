//! The settings of a batch, and their fingerprint.

use serde::Deserialize;

use crate::geometry::Size;
use crate::looks::Look;
use crate::media::{
    CarriedTracks, ChromaSubsampling, ClipContainer, GainMapPolicy, Limits, MetadataPolicy, Probe,
};
use crate::picture::Background;
use crate::time::Rational;

/// Increased whenever the same settings give other bytes, so that no result of an older version counts as finished.
const REVISION: u32 = 5;

/// Increased whenever faces are found or blurred in another way.
const FACES_REVISION: u32 = 1;

/// Default quality of JPEG and WebP: differences from the original are hardly visible.
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
    Matroska,
}

impl ResultFormat {
    /// Its name, as in a probe.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::Matroska => "mkv",
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
            Self::Matroska => &["mkv"],
        }
    }
}

/// The format of a still's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatChoice {
    /// That of the original. If it can be read but not written: JPEG for photos (HEIC, AVIF), PNG for others (TIFF,
    /// BMP, GIF).
    Keep,
    /// This one.
    Fixed(ResultFormat),
}

impl FormatChoice {
    /// The format for a still in `container`, a name from a probe.
    pub(super) fn of(self, container: &str) -> ResultFormat {
        match (self, container) {
            (Self::Fixed(format), _) => format,
            (Self::Keep, "jpeg" | "heic" | "avif") => ResultFormat::Jpeg,
            (Self::Keep, "webp") => ResultFormat::WebP,
            (Self::Keep, _) => ResultFormat::Png,
        }
    }

    /// The format for a frame of a clip.
    pub(super) fn of_frame(self) -> ResultFormat {
        match self {
            Self::Fixed(format) => format,
            Self::Keep => ResultFormat::Jpeg,
        }
    }
}

/// Which container a clip becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerChoice {
    /// What plays everywhere: MP4, and MOV for a MOV. Sound that it cannot hold takes the next container that can.
    Playable,
    /// Its own, if that can hold what is encoded (H.264). A WebM cannot and becomes Matroska, of which it is a subset.
    Keep,
}

impl ContainerChoice {
    /// The format of a clip.
    pub(super) fn of(self, clip: &Probe) -> ResultFormat {
        let wanted = match (self, clip.container.as_str()) {
            (_, "mov") => ClipContainer::Mov,
            (Self::Keep, "mkv" | "webm") => ClipContainer::Matroska,
            _ => ClipContainer::Mp4,
        };
        let sound = clip.audio.as_ref();
        match sound.map_or(wanted, |sound| wanted.for_sound(&sound.codec)) {
            ClipContainer::Mp4 => ResultFormat::Mp4,
            ClipContainer::Mov => ResultFormat::Mov,
            ClipContainer::Matroska => ResultFormat::Matroska,
        }
    }
}

/// How files are matched beyond the look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matching {
    /// Nothing.
    None,
    /// Each file is corrected by itself, and the look is weakened where it would do harm.
    Each,
    /// Photos of one scene are brought to one exposure and white balance.
    Set,
}

/// What becomes of faces.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaceTreatment {
    /// They stay.
    #[default]
    Keep,
    /// They are made unrecognizable.
    Blur,
}

/// What clips become.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ClipForm {
    /// Clips.
    #[default]
    Film,
    /// The frame that is on the screen at a time, as a still.
    Still {
        /// Seconds.
        at: Rational,
    },
    /// A stretch without sound, as an animated WebP.
    Animation(ClipStretch),
}

/// A part of a clip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClipStretch {
    /// Seconds.
    pub from: Rational,
    /// Exclusive.
    pub to: Rational,
}

/// A limit on the size of results. Nothing is enlarged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeLimit {
    /// The longer side.
    LongSide(u32),
    /// Both sides.
    Within(Size),
}

impl SizeLimit {
    /// The size of the result for a picture of `size`; the aspect stays.
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
    /// How files are matched beyond the look.
    pub matching: Matching,
    /// The aspect to which pictures are cropped, around their subject: width and height.
    pub aspect: Option<(u32, u32)>,
    /// The limit on the size of results.
    pub fit: Option<SizeLimit>,
    /// What becomes of faces.
    pub faces: FaceTreatment,
    /// The format of stills.
    pub format: FormatChoice,
    /// The container of clips.
    pub container: ContainerChoice,
    /// What clips become.
    pub clips: ClipForm,
    /// Which tracks of a clip come along beside its pictures.
    pub tracks: CarriedTracks,
    /// 1..100 for JPEG and WebP; `None` means 92, and lets unchanged files be copied.
    pub quality: Option<u8>,
    /// `None` keeps that of a JPEG; other pictures keep their full color resolution.
    pub subsampling: Option<ChromaSubsampling>,
    /// Which metadata results carry.
    pub metadata: MetadataPolicy,
    /// What transparent areas show where the format of the result has no opacity.
    pub background: Background,
    /// Whether gain maps come along.
    pub gain_map: GainMapPolicy,
    /// Whether files that break off are written as far as they go, instead of failing.
    pub partial: bool,
    /// What one file may cost.
    pub limits: Limits,
}

impl BatchSettings {
    /// The quality to encode with.
    pub(super) fn quality(&self) -> u8 {
        self.quality.unwrap_or(QUALITY)
    }

    /// A hash of everything but the source on which the bytes of a result depend. A hash, since a look may hold large
    /// tables.
    pub(super) fn fingerprint(&self) -> String {
        let mut all = format!(
            "{REVISION} {} {:?} {} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
            env!("CARGO_PKG_VERSION"),
            self.look,
            self.strength,
            self.matching,
            self.aspect,
            self.fit,
            self.format,
            self.container,
            self.quality,
            self.subsampling,
            self.metadata,
            self.background,
            self.gain_map,
            self.partial
        );
        if self.clips != ClipForm::Film {
            all.push_str(&format!(" {:?}", self.clips));
        }
        if self.tracks != CarriedTracks::All {
            all.push_str(&format!(" {:?}", self.tracks));
        }
        if self.faces == FaceTreatment::Blur {
            all.push_str(&format!(" {FACES_REVISION} {:?}", self.faces));
        }
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
