//! Frames of any pixel format to 8-bit RGB at any size, by swscale.

use std::marker::PhantomData;
use std::ptr;

use ffmpeg::{ffi, frame};
use ffmpeg_next as ffmpeg;

use super::scale::{Lines, Scaler, Side};
use crate::geometry::Size;
use crate::media::block_mean::{BlockMean, factor, reduce};
use crate::media::color_meaning::{Transfer, matrix, transfer};
use crate::media::yuv::{Plane, Yuv420};
use crate::picture::Rgb8;

/// Formats that are converted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RgbFormat {
    Rgb24,
    Rgba,
    Rgb48,
}

impl RgbFormat {
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
    /// Of the frame at hand.
    reduced: ReducedPlanes,
}

/// A 4:2:0 frame with each plane divided by a whole number; 0 when there is none.
#[derive(Default)]
struct ReducedPlanes {
    by: u32,
    planes: [Lines; 3],
    strides: [usize; 3],
}

/// The planes that swscale reads from.
struct SourcePlanes {
    side: Side,
    data: [*const u8; 4],
    /// Bytes from one line of a plane to the next.
    strides: [i32; 4],
}

/// More sizes than any analysis asks for; films that change their format all the time make no more.
const MOST_CONVERTERS: usize = 12;

impl Converters {
    /// Samples of `frame` at `to`, rows without padding; `None` for a format that swscale does not know.
    pub(super) fn convert(
        &mut self,
        frame: &frame::Video,
        to: Size,
        format: RgbFormat,
    ) -> Option<Vec<u8>> {
        let raw = raw_facts(frame)?;
        let from = Side {
            size: Size::new(frame.width(), frame.height()),
            format: raw.format,
            matrix: matrix(raw.matrix, frame.height()),
            full_range: raw.full_range,
            chroma: raw.chroma,
            reduced: 1,
        };
        if let Some(reduced) = self.reduce(&raw, from, to) {
            // SAFETY: the planes were fitted to their reduced size, with padding, and live until the next frame.
            return unsafe { self.run(reduced, to, format) };
        }
        let whole = SourcePlanes {
            side: from,
            data: raw.data,
            strides: raw.strides,
        };
        // SAFETY: the frame was decoded by FFmpeg: its planes are as large as its format and size say, and padded.
        unsafe { self.run(whole, to, format) }
    }

    /// What was made of the frame before is of no use for the next.
    pub(super) fn next_frame(&mut self) {
        self.reduced.by = 0;
    }

    /// The frame with its planes divided, where `to` is so much smaller that this is of use. A frame that has been
    /// divided by less serves again.
    fn reduce(&mut self, raw: &RawFacts<'_>, from: Side, to: Size) -> Option<SourcePlanes> {
        let by = factor(from.size, to);
        if by < 2 || raw.bits() != Some(8) {
            return None;
        }
        let ReducedPlanes {
            by: made,
            planes,
            strides,
        } = &mut self.reduced;
        if *made < 2 || *made > by {
            *made = 0;
            let sides = [from.size, half(from.size), half(from.size)];
            for ((number, side), (plane, stride)) in sides
                .into_iter()
                .enumerate()
                .zip(planes.iter_mut().zip(strides.iter_mut()))
            {
                let small = Size::new(side.width / by, side.height / by);
                *stride = plane.fit(small, 1)?;
                let request = BlockMean {
                    plane: raw.plane(number, side)?,
                    width: side.width as usize,
                    height: side.height as usize,
                    by: by as usize,
                };
                reduce(&request, plane.bytes_mut(), *stride)?;
            }
            *made = by;
        }
        let by = *made;
        let mut data = [ptr::null(); 4];
        let mut lines = [0; 4];
        for (number, (plane, stride)) in planes.iter_mut().zip(strides).enumerate() {
            data[number] = plane.bytes_mut().as_ptr();
            lines[number] = i32::try_from(*stride).ok()?;
        }
        let side = Side {
            size: Size::new(from.size.width / by, from.size.height / by),
            reduced: by,
            ..from
        };
        Some(SourcePlanes {
            side,
            data,
            strides: lines,
        })
    }

    /// `picture` at `to`.
    pub fn resize(&mut self, picture: &Rgb8, to: Size) -> Option<Rgb8> {
        let mut lines = Lines::default();
        let stride = lines.take(picture)?;
        let mut data = [ptr::null(); 4];
        data[0] = lines.bytes_mut().as_ptr();
        let strides = [i32::try_from(stride).ok()?, 0, 0, 0];
        let source = SourcePlanes {
            side: Side::rgb(picture.size(), RgbFormat::Rgb24.raw()),
            data,
            strides,
        };
        // SAFETY: `lines` holds the whole picture with padding, and lives until the end of this function.
        let samples = unsafe { self.run(source, to, RgbFormat::Rgb24)? };
        Rgb8::new(to, samples)
    }

    /// # Safety
    /// The data and strides of `source` describe a picture of the size and format of its side, with padding after
    /// each line.
    unsafe fn run(&mut self, source: SourcePlanes, to: Size, format: RgbFormat) -> Option<Vec<u8>> {
        let from = source.side;
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
        if !unsafe { scaler.run(source.data, source.strides, lines, line_strides) } {
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

/// The planes of `frame`, if it is of the most common kinds.
pub(super) fn planes(frame: &frame::Video) -> Option<Yuv420<'_>> {
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
        matrix: matrix(raw.matrix, size.height),
        full_range: raw.full_range,
        centered,
    })
}

/// Of the chroma planes of 4:2:0.
fn half(size: Size) -> Size {
    Size::new(size.width.div_ceil(2), size.height.div_ceil(2))
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
struct RawFacts<'a> {
    format: i32,
    matrix: u32,
    full_range: bool,
    chroma: u32,
    data: [*const u8; 4],
    strides: [i32; 4],
    frame: PhantomData<&'a frame::Video>,
}

impl<'a> RawFacts<'a> {
    /// Of a sample, where the frame is 4:2:0 in three planes.
    fn bits(&self) -> Option<u32> {
        use ffi::AVPixelFormat::{AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUVJ420P};
        const EIGHT: [i32; 2] = [AV_PIX_FMT_YUV420P as i32, AV_PIX_FMT_YUVJ420P as i32];
        if EIGHT.contains(&self.format) {
            Some(8)
        } else {
            (self.format == AV_PIX_FMT_YUV420P10LE as i32).then_some(10)
        }
    }

    /// Plane `number` of a frame that has [`Self::bits`], where it is of `size`.
    fn plane(&self, number: usize, size: Size) -> Option<Plane<'a>> {
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

fn raw_facts(frame: &frame::Video) -> Option<RawFacts<'_>> {
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
            frame: PhantomData,
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
