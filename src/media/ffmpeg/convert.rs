//! Frames of any pixel format to 8-bit RGB at any size, by swscale.

use std::ptr;

use ffmpeg::{ffi, frame};
use ffmpeg_next as ffmpeg;

use crate::geometry::Size;
use crate::media::color_tags::{Matrix, matrix};
use crate::picture::Rgb8;

/// What a converter is made for: any difference needs another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Job {
    from: Size,
    from_format: i32,
    matrix: Matrix,
    full_range: bool,
    /// `AVChromaLocation`.
    chroma: u32,
    to: Size,
    to_format: Format,
}

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
    made: Vec<(Job, Scaler)>,
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
        let raw = unsafe_facts(frame)?;
        let job = Job {
            from: Size::new(frame.width(), frame.height()),
            from_format: raw.format,
            matrix: matrix(raw.matrix, frame.height()),
            full_range: raw.full_range,
            chroma: raw.chroma,
            to,
            to_format: format,
        };
        // SAFETY: the frame was decoded by FFmpeg: its planes are as large as its format and size say, and padded.
        unsafe { self.run(job, raw.data, raw.strides) }
    }

    /// `picture` at `to`.
    pub fn resize(&mut self, picture: &Rgb8, to: Size) -> Option<Rgb8> {
        let job = Job {
            from: picture.size(),
            from_format: Format::Rgb24.raw() as i32,
            matrix: Matrix::Bt709,
            full_range: true,
            chroma: 0,
            to,
            to_format: Format::Rgb24,
        };
        let mut lines = Lines::default();
        let stride = lines.fit(picture.size(), 3)?;
        let width = picture.width() * 3;
        for (line, row) in picture
            .samples()
            .chunks_exact(width)
            .zip(lines.bytes_mut().chunks_exact_mut(stride))
        {
            row[..width].copy_from_slice(line);
        }
        let mut data = [ptr::null(); 4];
        data[0] = lines.bytes_mut().as_ptr();
        let strides = [i32::try_from(stride).ok()?, 0, 0, 0];
        // SAFETY: `lines` holds the whole picture with padding, and lives until the end of this function.
        let samples = unsafe { self.run(job, data, strides)? };
        Rgb8::new(to, samples)
    }

    /// # Safety
    /// `data` and `strides` describe a picture of the job's source size and format, with padding after each line.
    unsafe fn run(&mut self, job: Job, data: [*const u8; 4], strides: [i32; 4]) -> Option<Vec<u8>> {
        let place = match self.made.iter().position(|(made, _)| *made == job) {
            Some(place) => place,
            None => {
                if self.made.len() >= MOST_CONVERTERS {
                    self.made.remove(0);
                }
                self.made.push((job, Scaler::new(job)?));
                self.made.len() - 1
            }
        };
        let stride = self.lines.fit(job.to, job.to_format.bytes())?;
        let scaler = &self.made.get(place)?.1;
        let target = [
            self.lines.bytes_mut().as_mut_ptr(),
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
        ];
        let target_strides = [i32::try_from(stride).ok()?, 0, 0, 0];
        // SAFETY: the caller vouches for the source; `lines` was fitted to the target.
        let rows = unsafe {
            ffi::sws_scale(
                scaler.0,
                data.as_ptr(),
                strides.as_ptr(),
                0,
                i32::try_from(job.from.height).ok()?,
                target.as_ptr(),
                target_strides.as_ptr(),
            )
        };
        if rows != i32::try_from(job.to.height).ok()? {
            return None;
        }
        let width = job.to.width as usize * job.to_format.bytes();
        let mut samples = Vec::with_capacity(width * job.to.height as usize);
        for line in self
            .lines
            .bytes_mut()
            .chunks_exact(stride)
            .take(job.to.height as usize)
        {
            samples.extend_from_slice(&line[..width]);
        }
        Some(samples)
    }
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

fn unsafe_facts(frame: &frame::Video) -> Option<RawFacts> {
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

/// Lines that vector code may overrun.
#[derive(Default)]
struct Lines(Vec<Block>);

#[repr(C, align(64))]
#[derive(Clone, Copy)]
struct Block([u8; 64]);

impl Lines {
    /// Makes room for a picture and a margin; gives the bytes from one line to the next.
    fn fit(&mut self, size: Size, bytes: usize) -> Option<usize> {
        let blocks = (size.width as usize).checked_mul(bytes)?.div_ceil(64) + 1;
        let all = blocks.checked_mul(size.height as usize)?.checked_add(4)?;
        if self.0.len() < all {
            self.0.resize(all, Block([0; 64]));
        }
        Some(blocks * 64)
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        self.0.as_flattened_bytes()
    }
}

trait Flatten {
    fn as_flattened_bytes(&mut self) -> &mut [u8];
}

impl Flatten for Vec<Block> {
    fn as_flattened_bytes(&mut self) -> &mut [u8] {
        // SAFETY: a block is 64 plain bytes without padding.
        unsafe { std::slice::from_raw_parts_mut(self.as_mut_ptr().cast(), self.len() * 64) }
    }
}

/// An swscale context.
struct Scaler(*mut ffi::SwsContext);

// SAFETY: the context is owned by this value alone and used through `&mut Converters`.
unsafe impl Send for Scaler {}

impl Drop for Scaler {
    fn drop(&mut self) {
        // SAFETY: made by `sws_alloc_context`, freed once.
        unsafe { ffi::sws_freeContext(self.0) }
    }
}

impl Scaler {
    fn new(job: Job) -> Option<Self> {
        let flags = ffi::SWS_BICUBIC | ffi::SWS_ACCURATE_RND | ffi::SWS_FULL_CHR_H_INT;
        // SAFETY: the context is owned from its allocation on; option names are zero-terminated; the tables that
        // `sws_getCoefficients` gives are static.
        unsafe {
            let scaler = Self(ffi::sws_alloc_context());
            if scaler.0.is_null() {
                return None;
            }
            let set = |name: &std::ffi::CStr, value: i64| {
                ffi::av_opt_set_int(scaler.0.cast(), name.as_ptr(), value, 0) >= 0
            };
            let known = set(c"srcw", i64::from(job.from.width))
                && set(c"srch", i64::from(job.from.height))
                && set(c"src_format", i64::from(job.from_format))
                && set(c"dstw", i64::from(job.to.width))
                && set(c"dsth", i64::from(job.to.height))
                && set(c"dst_format", job.to_format.raw() as i64)
                && set(c"sws_flags", i64::from(flags))
                && set(c"src_range", i64::from(job.full_range))
                && set(c"dst_range", 1);
            // Where chroma sits, in 1/256 of a luma sample (ITU-T H.273, 8.7); left for what says nothing.
            let (across, down) = match job.chroma {
                2 => (128, -513),
                3 => (0, 0),
                4 => (128, 0),
                5 => (0, 256),
                6 => (128, 256),
                _ => (0, -513),
            };
            if subsampled(job.from_format) {
                set(c"src_h_chr_pos", across);
                set(c"src_v_chr_pos", down);
            }
            if !known || ffi::sws_init_context(scaler.0, ptr::null_mut(), ptr::null_mut()) < 0 {
                return None;
            }
            let table = match job.matrix {
                Matrix::Bt709 => ffi::SWS_CS_ITU709,
                Matrix::Bt601 => ffi::SWS_CS_ITU601,
                Matrix::Bt2020 => ffi::SWS_CS_BT2020,
                Matrix::Smpte240 => ffi::SWS_CS_SMPTE240M,
                Matrix::Fcc => ffi::SWS_CS_FCC,
            };
            // Refused between RGB formats, where there is nothing to set.
            ffi::sws_setColorspaceDetails(
                scaler.0,
                ffi::sws_getCoefficients(table),
                i32::from(job.full_range),
                ffi::sws_getCoefficients(ffi::SWS_CS_ITU709),
                1,
                0,
                1 << 16,
                1 << 16,
            );
            Some(scaler)
        }
    }
}

/// The format has half as many chroma samples across or down.
fn subsampled(format: i32) -> bool {
    let (mut across, mut down) = (0, 0);
    if !(0..ffi::AVPixelFormat::AV_PIX_FMT_NB as i32).contains(&format) {
        return false;
    }
    // SAFETY: the number is within the enum.
    unsafe {
        let format = std::mem::transmute::<i32, ffi::AVPixelFormat>(format);
        ffi::av_pix_fmt_get_chroma_sub_sample(format, &mut across, &mut down) >= 0
            && (across > 0 || down > 0)
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
