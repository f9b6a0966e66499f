//! Takes the planes of frames out in 10 bits, with the colors that they have.

use std::ptr;

use ffmpeg::{ffi, frame};
use ffmpeg_next as ffmpeg;

use super::frame_facts::{RawFacts, half, has_alpha, is_yuv, raw_facts};
use super::scale::{Lines, Scaler, Side};
use crate::geometry::Size;
use crate::media::color_meaning::FilmColor;
use crate::media::yuv::Plane;
use crate::picture::{ChromaPlace, DEEP_WHITE, DeepPlanar};

/// Takes planes out of frames, and keeps what that needs between them.
#[derive(Default)]
pub(super) struct DeepFrames {
    scaler: Option<Scaler>,
    lines: [Lines; 3],
}

impl DeepFrames {
    /// The planes of `frame`: those of 4:2:0 as they are, in 8 bits moved up to 10; others by swscale. `None` for
    /// frames that are no opaque YUV.
    pub fn planes(&mut self, frame: &frame::Video, color: FilmColor) -> Option<DeepPlanar> {
        if has_alpha(frame) || !is_yuv(frame) {
            return None;
        }
        let raw = raw_facts(frame)?;
        let size = Size::new(frame.width(), frame.height());
        let Some(bits) = raw.bits() else {
            return self.converted(&raw, size, color);
        };
        let plane = |number, size| samples(raw.plane(number, size)?, size, bits, color.full_range);
        let planes = [
            plane(0, size)?,
            plane(1, half(size))?,
            plane(2, half(size))?,
        ];
        DeepPlanar::new(size, chroma_place(raw.chroma), planes)
    }

    fn converted(
        &mut self,
        raw: &RawFacts<'_>,
        size: Size,
        color: FilmColor,
    ) -> Option<DeepPlanar> {
        let side = |format, chroma| Side {
            size,
            format,
            matrix: color.matrix,
            full_range: color.full_range,
            chroma,
            reduced: 1,
        };
        let from = side(raw.format, raw.chroma);
        let left = ffi::AVChromaLocation::AVCHROMA_LOC_LEFT as u32;
        let to = side(ffi::AVPixelFormat::AV_PIX_FMT_YUV420P10LE as i32, left);
        if !self.scaler.as_ref().is_some_and(|it| it.is_for(from, to)) {
            self.scaler = Scaler::new(from, to);
        }
        let scaler = self.scaler.as_ref()?;
        let sizes = [size, half(size), half(size)];
        let (mut data, mut strides) = ([ptr::null_mut(); 4], [0; 4]);
        for (number, (lines, size)) in self.lines.iter_mut().zip(sizes).enumerate() {
            strides[number] = i32::try_from(lines.fit(size, 2)?).ok()?;
            data[number] = lines.bytes_mut().as_mut_ptr();
        }
        // SAFETY: the frame was decoded by FFmpeg: its planes are as large as its format and size say, and padded; the
        // lines were fitted to the target.
        if !unsafe { scaler.run(raw.data, raw.strides, data, strides) } {
            return None;
        }
        let mut planes = [const { Vec::new() }; 3];
        for (number, (lines, size)) in self.lines.iter_mut().zip(sizes).enumerate() {
            let plane = Plane {
                samples: lines.bytes_mut(),
                stride: usize::try_from(strides[number]).ok()?,
            };
            planes[number] = samples(plane, size, 10, color.full_range)?;
        }
        DeepPlanar::new(size, ChromaPlace::LEFT, planes)
    }
}

/// The samples of a plane of 8 or 10 bits, in 10.
fn samples(plane: Plane<'_>, size: Size, bits: u32, full_range: bool) -> Option<Vec<u16>> {
    let (width, height) = (size.width as usize, size.height as usize);
    let mut samples = Vec::with_capacity(width.checked_mul(height)?);
    for row in 0..height {
        if bits > 8 {
            let pairs = plane.row(row, width.checked_mul(2)?)?.as_chunks::<2>().0;
            // Bits beyond the tenth would pass the range.
            samples.extend(
                pairs
                    .iter()
                    .map(|pair| u16::from_le_bytes(*pair).min(DEEP_WHITE)),
            );
        } else {
            let deeper = |sample: &u8| match full_range {
                true => ((u32::from(*sample) * u32::from(DEEP_WHITE) + 127) / 255) as u16,
                false => u16::from(*sample) << 2,
            };
            samples.extend(plane.row(row, width)?.iter().map(deeper));
        }
    }
    Some(samples)
}

/// Where the chroma of the planes of a frame lies.
pub(super) fn place_of(frame: &frame::Video) -> ChromaPlace {
    let raw = raw_facts(frame).filter(|raw| raw.bits().is_some());
    raw.map_or(ChromaPlace::LEFT, |raw| chroma_place(raw.chroma))
}

/// The place that an `AVChromaLocation` names; without one it is left.
fn chroma_place(location: u32) -> ChromaPlace {
    let (right, below) = match location {
        2 => (1, 1),
        3 => (0, 0),
        4 => (1, 0),
        5 => (0, 2),
        6 => (1, 2),
        _ => return ChromaPlace::LEFT,
    };
    ChromaPlace { right, below }
}

/// The `AVChromaLocation` of a place. `None` for those on the right column, which have none.
pub(super) fn chroma_location(place: ChromaPlace) -> Option<u32> {
    (1..=6).find(|location| chroma_place(*location) == place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_eight_bits_mean_the_same_in_ten() {
        let plane = |samples| Plane { samples, stride: 3 };
        let of = |full| samples(plane(&[16, 235, 0, 128, 255, 0]), Size::new(2, 2), 8, full);
        assert_eq!(of(false), Some(vec![64, 940, 512, 1020]));
        assert_eq!(of(true), Some(vec![64, 943, 514, 1023]));
        let deep = Plane {
            samples: &[0xff, 0x03, 0xff, 0xff],
            stride: 4,
        };
        assert_eq!(
            samples(deep, Size::new(2, 1), 10, false),
            Some(vec![1023; 2])
        );
        assert_eq!(samples(deep, Size::new(2, 2), 10, false), None, "too short");
    }

    #[test]
    fn places_of_chroma_are_named_as_they_were_read() {
        for location in 1..=6 {
            assert_eq!(chroma_location(chroma_place(location)), Some(location));
        }
        assert_eq!(chroma_place(0), ChromaPlace::LEFT);
        let right = ChromaPlace { right: 2, below: 1 };
        assert_eq!(chroma_location(right), None);
    }
}
