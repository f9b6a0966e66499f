//! The color meaning of a film's frames, from their tags, or by convention if a tag is missing.
//!
//! - Matrix: as tagged; frames with a rare matrix come here as RGB, if they can be converted. Untagged JPEG and VP8 are
//!   BT.601 by definition; otherwise BT.601 for standard definition and BT.709 above it, as in players.
//! - Primaries: as tagged. Untagged films are BT.2020 if their matrix or transfer belongs to it, BT.601 if they have a
//!   frame size or codec of standard-definition television, else BT.709.
//! - Transfer: as tagged. The curves of standard range differ little and displays show them all alike, so they are
//!   kept. Linear light, digital cinema, PQ and HLG are converted.
//! - Range: full if tagged, or if the pixel format implies it (JPEG).
//!
//! Results are BT.709, and analysis works in sRGB, which has the same primaries. Frames that
//! [are BT.709](FilmColor::is_bt709) pass unchanged; all others go through a [`DisplayMap`](super::DisplayMap).

use super::code_points::{Matrix, Transfer, tagged_matrix, transfer};
use super::light_levels::LightLevels;
use super::video_signal::VideoSignal;
use crate::geometry::Size;
use crate::picture::ChromaPlace;

/// Code points (ITU-T H.273) of a frame or its container, and its light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::media) struct ColorTags {
    pub primaries: u32,
    pub transfer: u32,
    pub matrix: u32,
    pub full_range: bool,
    pub light: LightLevels,
}

/// Code points that are unspecified or reserved in ITU-T H.273.
const UNSPECIFIED: [u32; 3] = [0, 2, 3];
/// Code points of primaries.
const BT709: u32 = 1;
const BT601_625: u32 = 5;
const BT601_525: u32 = 6;
const BT2020: u32 = 9;

/// Standard definition is narrower than the width and at most as high as the height.
const HD_WIDTH: u32 = 1280;
const SD_HEIGHT: u32 = 576;
/// Frame sizes of digital television with 525 and 625 lines. IMX adds lines of blanking (512, 608).
const TELEVISION_WIDTHS: [u32; 3] = [702, 704, 720];
const HEIGHTS_OF_525: [u32; 2] = [480, 486];
const HEIGHTS_OF_625: [u32; 3] = [512, 576, 608];

impl ColorTags {
    /// These tags, with gaps filled from `other`.
    pub fn or(self, other: Self) -> Self {
        let either = |own: u32, other: u32| match UNSPECIFIED.contains(&own) {
            true => other,
            false => own,
        };
        Self {
            primaries: either(self.primaries, other.primaries),
            transfer: either(self.transfer, other.transfer),
            // 0 means RGB here, not "reserved".
            matrix: match self.matrix {
                2 | 3 => other.matrix,
                own => own,
            },
            full_range: self.full_range || other.full_range,
            light: self.light.or(other.light),
        }
    }
}

/// The color meaning of a film's frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::media) struct FilmColor {
    /// Code point of ITU-T H.273, table 2.
    pub primaries: u32,
    pub transfer: Transfer,
    pub matrix: Matrix,
    pub full_range: bool,
    /// PQ: the brightest light in nits, where it is known.
    pub peak: Option<u32>,
}

impl FilmColor {
    /// BT.709 in full range.
    pub const FULL_RANGE_BT709: Self = Self {
        primaries: BT709,
        transfer: Transfer::Standard,
        matrix: Matrix::Bt709,
        full_range: true,
        peak: None,
    };

    /// The meaning of frames with these tags, of coded size `size`, in `codec`.
    pub fn new(tags: ColorTags, size: Size, codec: &str) -> Self {
        let transfer = transfer(tags.transfer);
        Self {
            primaries: match UNSPECIFIED.contains(&tags.primaries) {
                true => usual_primaries(tags, size, codec),
                false => tags.primaries,
            },
            transfer,
            matrix: tagged_matrix(tags.matrix).unwrap_or_else(|| usual_matrix(tags, size, codec)),
            full_range: tags.full_range,
            peak: tags.light.peak().filter(|_| transfer == Transfer::Pq),
        }
    }

    /// This meaning as it is passed on, of frames with these tags and with chroma at `place`.
    pub fn signal(self, tags: ColorTags, place: ChromaPlace) -> VideoSignal {
        let usual = self.transfer == Transfer::Standard && UNSPECIFIED.contains(&tags.transfer);
        VideoSignal {
            primaries: self.primaries,
            transfer: if usual { BT709 } else { tags.transfer },
            matrix: match tagged_matrix(tags.matrix) {
                Some(_) => tags.matrix,
                None => self.matrix.code_point(),
            },
            full_range: self.full_range,
            place,
            light: tags.light,
        }
    }

    /// True if RGB of these frames is BT.709 or sRGB and needs no conversion.
    pub fn is_bt709(self) -> bool {
        self.primaries == BT709 && matches!(self.transfer, Transfer::Standard | Transfer::Srgb)
    }
}

/// True unless the tags name a matrix that swscale does not know. RGB has none.
pub(in crate::media) fn has_usual_matrix(tags: ColorTags) -> bool {
    const RGB: u32 = 0;
    tags.matrix == RGB || UNSPECIFIED.contains(&tags.matrix) || tagged_matrix(tags.matrix).is_some()
}

fn usual_matrix(tags: ColorTags, size: Size, codec: &str) -> Matrix {
    match (tags.primaries, codec) {
        (BT2020, _) => Matrix::Bt2020,
        (_, "mjpeg" | "vp8") => Matrix::Bt601,
        _ if is_standard_definition(size) => Matrix::Bt601,
        _ => Matrix::Bt709,
    }
}

fn usual_primaries(tags: ColorTags, size: Size, codec: &str) -> u32 {
    const MATRICES_OF_2020: [u32; 3] = [9, 10, 14];
    const TRANSFERS_OF_2020: [u32; 4] = [14, 15, 16, 18];
    if MATRICES_OF_2020.contains(&tags.matrix) || TRANSFERS_OF_2020.contains(&tags.transfer) {
        return BT2020;
    }
    let television = TELEVISION_WIDTHS.contains(&size.width)
        || matches!(codec, "mpeg2video" | "dvvideo") && is_standard_definition(size);
    match size.height {
        lines if television && HEIGHTS_OF_525.contains(&lines) => BT601_525,
        lines if television && HEIGHTS_OF_625.contains(&lines) => BT601_625,
        _ => BT709,
    }
}

fn is_standard_definition(size: Size) -> bool {
    size.width < HD_WIDTH && size.height <= SD_HEIGHT
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNTAGGED: ColorTags = ColorTags {
        primaries: 2,
        transfer: 2,
        matrix: 2,
        full_range: false,
        light: LightLevels {
            mastering: None,
            content: None,
        },
    };

    #[test]
    fn missing_tags_get_what_is_usual_for_size_and_codec() {
        for (codec, width, height, matrix, primaries) in [
            ("h264", 1920, 1080, Matrix::Bt709, BT709),
            // The wide screen of 720 lines, letterbox cut off.
            ("h264", 1280, 534, Matrix::Bt709, BT709),
            ("h264", 720, 1280, Matrix::Bt709, BT709),
            ("h264", 640, 480, Matrix::Bt601, BT709),
            ("h264", 720, 576, Matrix::Bt601, BT601_625),
            ("mpeg2video", 720, 480, Matrix::Bt601, BT601_525),
            ("mpeg2video", 480, 576, Matrix::Bt601, BT601_625),
            ("dvvideo", 720, 576, Matrix::Bt601, BT601_625),
            ("mpeg2video", 1920, 1080, Matrix::Bt709, BT709),
            ("mjpeg", 1920, 1080, Matrix::Bt601, BT709),
            ("vp8", 1920, 1080, Matrix::Bt601, BT709),
            ("vp9", 1920, 1080, Matrix::Bt709, BT709),
        ] {
            let color = FilmColor::new(UNTAGGED, Size::new(width, height), codec);
            let found = (color.matrix, color.primaries, color.transfer);
            let wanted = (matrix, primaries, Transfer::Standard);
            assert_eq!(found, wanted, "{codec} {width}x{height}");
        }
    }

    #[test]
    fn one_tag_of_bt2020_tells_of_the_others() {
        let size = Size::new(640, 360);
        for tags in [
            ColorTags {
                matrix: 9,
                ..UNTAGGED
            },
            ColorTags {
                transfer: 14,
                ..UNTAGGED
            },
            ColorTags {
                transfer: 18,
                ..UNTAGGED
            },
        ] {
            assert_eq!(
                FilmColor::new(tags, size, "hevc").primaries,
                BT2020,
                "{tags:?}"
            );
        }
        let tags = ColorTags {
            primaries: 9,
            ..UNTAGGED
        };
        assert_eq!(FilmColor::new(tags, size, "hevc").matrix, Matrix::Bt2020);
    }

    #[test]
    fn what_is_passed_on_is_tagged_whole() {
        let signal = |tags: ColorTags| {
            let color = FilmColor::new(tags, Size::new(1920, 1080), "hevc");
            let signal = color.signal(tags, ChromaPlace::LEFT);
            (signal.primaries, signal.transfer, signal.matrix)
        };
        assert_eq!(signal(UNTAGGED), (1, 1, 1));
        let hlg = ColorTags {
            transfer: 18,
            matrix: 9,
            ..UNTAGGED
        };
        assert_eq!(signal(hlg), (9, 18, 9));
        let wide = ColorTags {
            primaries: 9,
            transfer: 14,
            ..UNTAGGED
        };
        assert_eq!(signal(wide), (9, 14, 9));
    }

    #[test]
    fn the_container_tells_what_the_frames_leave_open() {
        let container = ColorTags {
            primaries: 12,
            transfer: 1,
            matrix: 1,
            full_range: true,
            ..UNTAGGED
        };
        let frame = ColorTags {
            matrix: 6,
            ..UNTAGGED
        };
        let both = frame.or(container);
        assert_eq!((both.primaries, both.transfer, both.matrix), (12, 1, 6));
        assert!(both.full_range);
        let rgb = ColorTags {
            matrix: 0,
            ..UNTAGGED
        };
        assert_eq!(rgb.or(container).matrix, 0);
    }
}
