//! Facts and planes of decoded frames, as plain data.

use std::marker::PhantomData;
use std::ptr;

use ffmpeg::{ffi, frame};
use ffmpeg_next as ffmpeg;

use super::light_tags::light_of;
use crate::geometry::Size;
use crate::media::color_meaning::{ColorTags, FilmColor};
use crate::media::yuv::{Plane, Yuv420};

/// The planes of `frame`, if it is 4:2:0 of 8 or 10 bits with left or centered chroma.
pub(super) fn planes(frame: &frame::Video, color: FilmColor) -> Option<Yuv420<'_>> {
    let raw = raw_facts(frame)?;
    let centered = match raw.chroma {
        0 | 1 => false,
        2 => true,
        _ => return None,
    };
    let bits = raw.bits()?;
    let size = Size::new(frame.width(), frame.height());
    Some(Yuv420 {
        size,
        planes: [
            raw.plane(0, size)?,
            raw.plane(1, half(size))?,
            raw.plane(2, half(size))?,
        ],
        bits,
        matrix: color.matrix,
        full_range: color.full_range,
        centered,
    })
}

/// Size of the chroma planes of 4:2:0.
pub(super) fn half(size: Size) -> Size {
    Size::new(size.width.div_ceil(2), size.height.div_ceil(2))
}

/// Color tags of `frame`.
pub(super) fn tags_of(frame: &frame::Video) -> ColorTags {
    // SAFETY: the frame is valid for the borrow; enums that come from the file are read as integers.
    unsafe {
        let raw = frame.as_ptr();
        let range = ptr::addr_of!((*raw).color_range).cast::<u32>().read();
        ColorTags {
            primaries: ptr::addr_of!((*raw).color_primaries).cast::<u32>().read(),
            transfer: ptr::addr_of!((*raw).color_trc).cast::<u32>().read(),
            matrix: ptr::addr_of!((*raw).colorspace).cast::<u32>().read(),
            full_range: range == ffi::AVColorRange::AVCOL_RANGE_JPEG as u32
                || FULL_RANGE.contains(&(*raw).format),
            light: light_of(frame),
        }
    }
}

/// JPEG pixel formats, which imply full range.
const FULL_RANGE: [i32; 5] = {
    use ffi::AVPixelFormat::{
        AV_PIX_FMT_YUVJ411P, AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ440P,
        AV_PIX_FMT_YUVJ444P,
    };
    [
        AV_PIX_FMT_YUVJ411P as i32,
        AV_PIX_FMT_YUVJ420P as i32,
        AV_PIX_FMT_YUVJ422P as i32,
        AV_PIX_FMT_YUVJ440P as i32,
        AV_PIX_FMT_YUVJ444P as i32,
    ]
};

/// Fields of a frame, without the enums of the binding.
pub(super) struct RawFacts<'a> {
    pub format: i32,
    /// `AVChromaLocation`.
    pub chroma: u32,
    pub data: [*const u8; 4],
    pub strides: [i32; 4],
    frame: PhantomData<&'a frame::Video>,
}

impl<'a> RawFacts<'a> {
    /// Bits of a sample, where the frame is 4:2:0 in three planes.
    pub fn bits(&self) -> Option<u32> {
        use ffi::AVPixelFormat::{AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUVJ420P};
        const EIGHT: [i32; 2] = [AV_PIX_FMT_YUV420P as i32, AV_PIX_FMT_YUVJ420P as i32];
        if EIGHT.contains(&self.format) {
            Some(8)
        } else {
            (self.format == AV_PIX_FMT_YUV420P10LE as i32).then_some(10)
        }
    }

    /// Plane `number`, of size `size`, of a frame that has [`Self::bits`].
    pub fn plane(&self, number: usize, size: Size) -> Option<Plane<'a>> {
        let bytes = if self.bits()? > 8 { 2 } else { 1 };
        let (width, height) = (
            (size.width as usize).checked_mul(bytes)?,
            size.height as usize,
        );
        let stride = usize::try_from(*self.strides.get(number)?).ok()?;
        let data = *self.data.get(number)?;
        if stride < width || height == 0 || data.is_null() {
            return None;
        }
        let length = stride.checked_mul(height - 1)?.checked_add(width)?;
        // SAFETY: FFmpeg's planes of this format have so many rows, this far apart, each at least so wide; they live
        // as long as the frame, which is borrowed.
        let samples = unsafe { std::slice::from_raw_parts(data, length) };
        Some(Plane { samples, stride })
    }
}

/// Whether the decoder had to make up for parts of a frame.
pub(super) fn has_decoding_errors(frame: &frame::Video) -> bool {
    // SAFETY: the frame is valid for the borrow; a number is copied out.
    frame.is_corrupt() || unsafe { (*frame.as_ptr()).decode_error_flags != 0 }
}

/// Reads the fields of a frame. `None` if it has no pixels.
pub(super) fn raw_facts(frame: &frame::Video) -> Option<RawFacts<'_>> {
    // SAFETY: the frame is valid for the borrow; numbers and pointers are copied out. Enums that come from the file
    // are read as integers.
    unsafe {
        let raw = frame.as_ptr();
        let format = (*raw).format;
        let mut data = [ptr::null(); 4];
        let mut strides = [0; 4];
        for plane in 0..4 {
            data[plane] = (*raw).data[plane].cast_const();
            strides[plane] = (*raw).linesize[plane];
        }
        let usable = (*raw).width > 0 && (*raw).height > 0 && format >= 0 && !data[0].is_null();
        usable.then(|| RawFacts {
            format,
            chroma: ptr::addr_of!((*raw).chroma_location).cast::<u32>().read(),
            data,
            strides,
            frame: PhantomData,
        })
    }
}

/// True if the pixel format has alpha.
pub(super) fn has_alpha(frame: &frame::Video) -> bool {
    format_flags(frame) & (ffi::AV_PIX_FMT_FLAG_ALPHA | ffi::AV_PIX_FMT_FLAG_PAL) as u64 != 0
}

/// True if the pixel format has red, green and blue, or a palette of them.
pub(super) fn is_rgb(frame: &frame::Video) -> bool {
    format_flags(frame) & (ffi::AV_PIX_FMT_FLAG_RGB | ffi::AV_PIX_FMT_FLAG_PAL) as u64 != 0
}

/// True if the pixel format has luma and chroma.
pub(super) fn is_yuv(frame: &frame::Video) -> bool {
    // SAFETY: a frame from a decoder has a valid format; the descriptor is static.
    let components = unsafe {
        let descriptor = ffi::av_pix_fmt_desc_get(frame.format().into());
        descriptor.as_ref().map_or(0, |known| known.nb_components)
    };
    components >= 3 && !is_rgb(frame)
}

fn format_flags(frame: &frame::Video) -> u64 {
    // SAFETY: a frame from a decoder has a valid format; the descriptor is static.
    unsafe {
        let descriptor = ffi::av_pix_fmt_desc_get(frame.format().into());
        descriptor.as_ref().map_or(0, |known| known.flags)
    }
}
