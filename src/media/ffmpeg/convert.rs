//! Frames of any pixel format to 8-bit RGB at any size, by swscale.

use std::ptr;

use ffmpeg::{ffi, frame};
use ffmpeg_next as ffmpeg;

use super::scale::{Lines, Scaler, Side};
use crate::geometry::Size;
use crate::media::color_tags::{Transfer, matrix, transfer};
use crate::media::yuv::{Plane, Yuv420, to_rgb};
use crate::picture::Rgb8;

/// Formats that are converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Rgb24,
    Rgba,
    Rgb48,
}

impl Format {
    fn bytes(self) -> usize {
        match self {
            Self::Rgb24 => 3,
            Self::Rgba => 4,
            Self::Rgb48 => 6,
        }
    }

    fn raw(self) -> ffi::AVPixelFormat {
        match self {
            Self::Rgb24 => ffi::AVPixelFormat::AV_PIX_FMT_RGB24,
            Self::Rgba => ffi::AVPixelFormat::AV_PIX_FMT_RGBA,
            Self::Rgb48 => ffi::AVPixelFormat::AV_PIX_FMT_RGB48LE,
        }
    }
}

/// Converters that have been made, newest last.
#[derive(Default)]
pub(in crate::media) struct Converters {
    made: Vec<Scaler>,
    lines: Lines,
}

/// More sizes than any analysis asks for; films that change their format all the time make no more.
const MOST_CONVERTERS: usize = 12;

impl Converters {
    /// Samples of `frame` at `to`, rows without padding; `None` for a format that swscale does not know.
    pub(super) fn convert(
        &mut self,
        frame: &frame::Video,
        to: Size,
        format: Format,
    ) -> Option<Vec<u8>> {
        let raw = raw_facts(frame)?;
        let from = Side {
            size: Size::new(frame.width(), frame.height()),
            format: raw.format,
            matrix: matrix(raw.matrix, frame.height()),
            full_range: raw.full_range,
            chroma: raw.chroma,
        };
        // SAFETY: the frame was decoded by FFmpeg: its planes are as large as its format and size say, and padded.
        unsafe { self.run(from, to, format, raw.data, raw.strides) }
    }

    /// `picture` at `to`.
    pub fn resize(&mut self, picture: &Rgb8, to: Size) -> Option<Rgb8> {
        let mut lines = Lines::default();
        let stride = lines.take(picture)?;
        let mut data = [ptr::null(); 4];
        data[0] = lines.bytes_mut().as_ptr();
        let strides = [i32::try_from(stride).ok()?, 0, 0, 0];
        let from = Side::rgb(picture.size(), Format::Rgb24.raw());
        // SAFETY: `lines` holds the whole picture with padding, and lives until the end of this function.
        let samples = unsafe { self.run(from, to, Format::Rgb24, data, strides)? };
        Rgb8::new(to, samples)
    }

    /// # Safety
    /// `data` and `strides` describe a picture of the size and format of `from`, with padding after each line.
    unsafe fn run(
        &mut self,
        from: Side,
        to: Size,
        format: Format,
        data: [*const u8; 4],
        strides: [i32; 4],
    ) -> Option<Vec<u8>> {
        let target = Side::rgb(to, format.raw());
        let place = match self.made.iter().position(|made| made.is_for(from, target)) {
            Some(place) => place,
            None => {
                if self.made.len() >= MOST_CONVERTERS {
                    self.made.remove(0);
                }
                self.made.push(Scaler::new(from, target)?);
                self.made.len() - 1
            }
        };
        let stride = self.lines.fit(to, format.bytes())?;
        let mut lines = [ptr::null_mut(); 4];
        lines[0] = self.lines.bytes_mut().as_mut_ptr();
        let line_strides = [i32::try_from(stride).ok()?, 0, 0, 0];
        let scaler = self.made.get(place)?;
        // SAFETY: the caller vouches for the source; `lines` was fitted to the target.
        if !unsafe { scaler.run(data, strides, lines, line_strides) } {
            return None;
        }
        let width = to.width as usize * format.bytes();
        let height = to.height as usize;
        let mut samples = Vec::with_capacity(width * height);
        for line in self.lines.bytes_mut().chunks_exact(stride).take(height) {
            samples.extend_from_slice(&line[..width]);
        }
        Some(samples)
    }
}

/// `frame` in RGB at its own size, if it is of the most common kind; `None` for swscale to do it.
pub(super) fn common(frame: &frame::Video) -> Option<Rgb8> {
    let raw = raw_facts(frame)?;
    let plain = ffi::AVPixelFormat::AV_PIX_FMT_YUV420P as i32;
    let full = ffi::AVPixelFormat::AV_PIX_FMT_YUVJ420P as i32;
    let centered = match raw.chroma {
        0 | 1 => false,
        2 => true,
        _ => return None,
    };
    if raw.format != plain && raw.format != full {
        return None;
    }
    let size = Size::new(frame.width(), frame.height());
    let plane = |number: usize, width: u32, height: u32| {
        let (width, height) = (width as usize, height as usize);
        let stride = usize::try_from(raw.strides[number]).ok()?;
        if stride < width || raw.data[number].is_null() {
            return None;
        }
        let length = stride.checked_mul(height - 1)?.checked_add(width)?;
        // SAFETY: FFmpeg's planes of this format have so many rows, this far apart, each at least so wide; they live
        // as long as the frame, which is borrowed.
        let samples = unsafe { std::slice::from_raw_parts(raw.data[number], length) };
        Some(Plane { samples, stride })
    };
    let (across, down) = (size.width.div_ceil(2), size.height.div_ceil(2));
    to_rgb(&Yuv420 {
        size,
        planes: [
            plane(0, size.width, size.height)?,
            plane(1, across, down)?,
            plane(2, across, down)?,
        ],
        matrix: matrix(raw.matrix, size.height),
        full_range: raw.full_range,
        centered,
    })
}

/// How light is told from samples, and whether primaries are those of BT.2020.
pub(super) fn transfer_of(frame: &frame::Video) -> (Transfer, bool) {
    // SAFETY: the frame is valid for the borrow; enums that come from the file are read as integers.
    let (code, primaries) = unsafe {
        let raw = frame.as_ptr();
        (
            ptr::addr_of!((*raw).color_trc).cast::<u32>().read(),
            ptr::addr_of!((*raw).color_primaries).cast::<u32>().read(),
        )
    };
    (
        transfer(code),
        primaries == ffi::AVColorPrimaries::AVCOL_PRI_BT2020 as u32,
    )
}

/// Fields of a frame that the binding would read as enums.
struct RawFacts {
    format: i32,
    matrix: u32,
    full_range: bool,
    chroma: u32,
    data: [*const u8; 4],
    strides: [i32; 4],
}

fn raw_facts(frame: &frame::Video) -> Option<RawFacts> {
    use ffi::AVPixelFormat::{
        AV_PIX_FMT_YUVJ411P, AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ440P,
        AV_PIX_FMT_YUVJ444P,
    };
    const FULL: [i32; 5] = [
        AV_PIX_FMT_YUVJ411P as i32,
        AV_PIX_FMT_YUVJ420P as i32,
        AV_PIX_FMT_YUVJ422P as i32,
        AV_PIX_FMT_YUVJ440P as i32,
        AV_PIX_FMT_YUVJ444P as i32,
    ];
    // SAFETY: the frame is valid for the borrow; numbers and pointers are copied out. Enums that come from the file
    // are read as integers.
    unsafe {
        let raw = frame.as_ptr();
        let format = (*raw).format;
        let range = ptr::addr_of!((*raw).color_range).cast::<u32>().read();
        let mut data = [ptr::null(); 4];
        let mut strides = [0; 4];
        for plane in 0..4 {
            data[plane] = (*raw).data[plane].cast_const();
            strides[plane] = (*raw).linesize[plane];
        }
        let usable = (*raw).width > 0 && (*raw).height > 0 && format >= 0 && !data[0].is_null();
        usable.then(|| RawFacts {
            format,
            matrix: ptr::addr_of!((*raw).colorspace).cast::<u32>().read(),
            full_range: range == ffi::AVColorRange::AVCOL_RANGE_JPEG as u32
                || FULL.contains(&format),
            chroma: ptr::addr_of!((*raw).chroma_location).cast::<u32>().read(),
            data,
            strides,
        })
    }
}

/// The frame's pixels may be transparent.
pub(super) fn has_alpha(frame: &frame::Video) -> bool {
    // SAFETY: a frame from a decoder has a valid format; the descriptor is static.
    unsafe {
        let descriptor = ffi::av_pix_fmt_desc_get(frame.format().into());
        let flags = u64::from(ffi::AV_PIX_FMT_FLAG_ALPHA as u32 | ffi::AV_PIX_FMT_FLAG_PAL as u32);
        !descriptor.is_null() && (*descriptor).flags & flags != 0
    }
}

/// RGB from RGBA (not premultiplied), laid over black as players do with films.
pub(in crate::media) fn over_black(size: Size, samples: &[u8]) -> Option<Rgb8> {
    let laid = samples.chunks_exact(4).flat_map(|pixel| {
        let alpha = u32::from(pixel[3]);
        [0, 1, 2].map(|channel| ((u32::from(pixel[channel]) * alpha + 127) / 255) as u8)
    });
    Rgb8::new(size, laid.collect())
}
