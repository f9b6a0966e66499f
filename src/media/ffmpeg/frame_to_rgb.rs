//! Converts frames of any pixel format to RGB at any size, with swscale.

use std::ptr;

use ffmpeg::{ffi, frame};
use ffmpeg_next as ffmpeg;

use super::frame_facts::{RawFacts, half, is_rgb, raw_facts};
use super::scale::{Lines, Scaler, Side};
use crate::geometry::Size;
use crate::media::block_mean::{BlockMean, factor, reduce};
use crate::media::color_meaning::{FilmColor, Matrix};
use crate::picture::Rgb8;

/// Target formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RgbFormat {
    /// Luma only, 8 bits.
    Grey,
    Rgb24,
    Rgba,
    Rgb48,
    Rgba64,
}

impl RgbFormat {
    fn bytes(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb24 => 3,
            Self::Rgba => 4,
            Self::Rgb48 => 6,
            Self::Rgba64 => 8,
        }
    }

    fn raw(self) -> ffi::AVPixelFormat {
        match self {
            Self::Grey => ffi::AVPixelFormat::AV_PIX_FMT_GRAY8,
            Self::Rgb24 => ffi::AVPixelFormat::AV_PIX_FMT_RGB24,
            Self::Rgba => ffi::AVPixelFormat::AV_PIX_FMT_RGBA,
            Self::Rgb48 => ffi::AVPixelFormat::AV_PIX_FMT_RGB48LE,
            Self::Rgba64 => ffi::AVPixelFormat::AV_PIX_FMT_RGBA64LE,
        }
    }
}

/// Cache of converters, newest last.
#[derive(Default)]
pub(in crate::media) struct Converters {
    made: Vec<Scaler>,
    lines: Lines,
    /// Reduced planes of the current frame.
    reduced: ReducedPlanes,
}

/// A 4:2:0 frame with each plane reduced by a whole factor; a factor of 0 means there is none.
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

/// More sizes than any analysis asks for. Bounds the cache for films whose format keeps changing.
const MOST_CONVERTERS: usize = 12;

impl Converters {
    /// Converts `frame` to size `to`. Rows have no padding, and the transfer curve stays that of the frame. `None` for
    /// a format that swscale does not support.
    pub(super) fn convert(
        &mut self,
        frame: &frame::Video,
        color: FilmColor,
        to: Size,
        format: RgbFormat,
    ) -> Option<Vec<u8>> {
        let raw = raw_facts(frame)?;
        // swscale scales RGB in YUV, so both sides need the same matrix.
        let (matrix, full_range) = match is_rgb(frame) {
            true => (Matrix::Bt709, true),
            false => (color.matrix, color.full_range),
        };
        let from = Side {
            size: Size::new(frame.width(), frame.height()),
            format: raw.format,
            matrix,
            full_range,
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

    /// Drops the reduced planes of the previous frame.
    pub(super) fn next_frame(&mut self) {
        self.reduced.by = 0;
    }

    /// Returns reduced planes if `to` is at most half the size of the frame. Planes already reduced by a smaller factor
    /// are reused.
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

    /// Resizes `picture` to `to`.
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
