//! swscale: one conversion from a size, format and color matrix to another.

use std::ptr;

use ffmpeg::ffi;
use ffmpeg_next as ffmpeg;

use crate::geometry::Size;
use crate::media::color_meaning::Matrix;
use crate::picture::Rgb8;

/// Size, format and colors on one side of a conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side {
    pub size: Size,
    /// `AVPixelFormat`.
    pub format: i32,
    pub matrix: Matrix,
    pub full_range: bool,
    /// `AVChromaLocation`.
    pub chroma: u32,
    /// Factor by which the planes were reduced before, which shifts the chroma position.
    pub reduced: u32,
}

impl Side {
    /// A side that is RGB.
    pub fn rgb(size: Size, format: ffi::AVPixelFormat) -> Self {
        Self {
            size,
            format: format as i32,
            matrix: Matrix::Bt709,
            full_range: true,
            chroma: 0,
            reduced: 1,
        }
    }

    /// Chroma position in 1/256 of a luma sample (ITU-T H.273, 8.7). Without a tag it is left, as in MPEG-2 and later.
    /// `None` for formats without chroma subsampling.
    fn chroma_place(self) -> Option<(i64, i64)> {
        const MIDDLE: i64 = -513;
        let (mut across, mut down) = (0, 0);
        if !(0..ffi::AVPixelFormat::AV_PIX_FMT_NB as i32).contains(&self.format) {
            return None;
        }
        // SAFETY: the number is within the enum, which has no gaps.
        let known = unsafe {
            let format = std::mem::transmute::<i32, ffi::AVPixelFormat>(self.format);
            ffi::av_pix_fmt_get_chroma_sub_sample(format, &mut across, &mut down) >= 0
        };
        let place = match self.chroma {
            2 => (128, MIDDLE),
            3 => (0, 0),
            4 => (128, 0),
            5 => (0, 256),
            6 => (128, 256),
            _ => (0, MIDDLE),
        };
        // A block of n chroma samples covers 2n luma samples but starts at the same place as a block of n luma samples.
        let by = i64::from(self.reduced.max(1));
        let moved = |place: i64| match place {
            MIDDLE => MIDDLE,
            place => (place + 128 * (by - 1)) / by,
        };
        (known && (across > 0 || down > 0)).then_some((moved(place.0), moved(place.1)))
    }

    fn coefficients(self) -> i32 {
        match self.matrix {
            Matrix::Bt709 => ffi::SWS_CS_ITU709,
            Matrix::Bt601 => ffi::SWS_CS_ITU601,
            Matrix::Bt2020 => ffi::SWS_CS_BT2020,
            Matrix::Smpte240 => ffi::SWS_CS_SMPTE240M,
            Matrix::Fcc => ffi::SWS_CS_FCC,
        }
    }
}

/// A conversion, ready to run.
pub(super) struct Scaler {
    context: *mut ffi::SwsContext,
    from: Side,
    to: Side,
}

// SAFETY: the context is owned by this value alone, and FFmpeg ties it to no thread.
unsafe impl Send for Scaler {}

impl Drop for Scaler {
    fn drop(&mut self) {
        // SAFETY: made by `sws_alloc_context`, freed once.
        unsafe { ffi::sws_freeContext(self.context) }
    }
}

impl Scaler {
    /// Bicubic, with exact rounding, bit-identical on every CPU. `None` if swscale does not support the conversion.
    pub fn new(from: Side, to: Side) -> Option<Self> {
        let flags = ffi::SWS_BICUBIC
            | ffi::SWS_ACCURATE_RND
            | ffi::SWS_BITEXACT
            | ffi::SWS_FULL_CHR_H_INT
            | ffi::SWS_FULL_CHR_H_INP;
        // SAFETY: the context is owned from its allocation on; option names are zero-terminated; the tables that
        // `sws_getCoefficients` gives are static.
        unsafe {
            let context = ffi::sws_alloc_context();
            if context.is_null() {
                return None;
            }
            let scaler = Self { context, from, to };
            let set = |name: &std::ffi::CStr, value: i64| {
                ffi::av_opt_set_int(context.cast(), name.as_ptr(), value, 0) >= 0
            };
            let mut known = set(c"srcw", i64::from(from.size.width))
                && set(c"srch", i64::from(from.size.height))
                && set(c"src_format", i64::from(from.format))
                && set(c"src_range", i64::from(from.full_range))
                && set(c"dstw", i64::from(to.size.width))
                && set(c"dsth", i64::from(to.size.height))
                && set(c"dst_format", i64::from(to.format))
                && set(c"dst_range", i64::from(to.full_range))
                && set(c"sws_flags", i64::from(flags));
            if let Some((across, down)) = from.chroma_place() {
                known &= set(c"src_h_chr_pos", across) && set(c"src_v_chr_pos", down);
            }
            if let Some((across, down)) = to.chroma_place() {
                known &= set(c"dst_h_chr_pos", across) && set(c"dst_v_chr_pos", down);
            }
            if !known || ffi::sws_init_context(context, ptr::null_mut(), ptr::null_mut()) < 0 {
                return None;
            }
            // Fails between RGB formats, where there is nothing to set.
            ffi::sws_setColorspaceDetails(
                context,
                ffi::sws_getCoefficients(from.coefficients()),
                i32::from(from.full_range),
                ffi::sws_getCoefficients(to.coefficients()),
                i32::from(to.full_range),
                0,
                1 << 16,
                1 << 16,
            );
            Some(scaler)
        }
    }

    /// True if this scaler converts `from` to `to`.
    pub fn is_for(&self, from: Side, to: Side) -> bool {
        (self.from, self.to) == (from, to)
    }

    /// Converts one picture. Returns false if FFmpeg fails.
    ///
    /// # Safety
    /// Planes and strides describe pictures of the two sides, with at least 64 bytes of padding behind the last line.
    pub unsafe fn run(
        &self,
        from: [*const u8; 4],
        from_strides: [i32; 4],
        to: [*mut u8; 4],
        to_strides: [i32; 4],
    ) -> bool {
        let (Ok(rows), Ok(made)) = (
            i32::try_from(self.from.size.height),
            i32::try_from(self.to.size.height),
        ) else {
            return false;
        };
        // SAFETY: the caller vouches for the planes; the context is alive.
        unsafe {
            ffi::sws_scale(
                self.context,
                from.as_ptr(),
                from_strides.as_ptr(),
                0,
                rows,
                to.as_ptr(),
                to_strides.as_ptr(),
            ) == made
        }
    }
}

/// Picture lines with padding, because vector code writes past their end.
#[derive(Default)]
pub(super) struct Lines(Vec<AlignedBuffer>);

#[repr(C, align(64))]
#[derive(Clone, Copy)]
struct AlignedBuffer([u8; 64]);

impl Lines {
    /// Makes room for a picture with `bytes` per pixel. Returns the stride.
    pub fn fit(&mut self, size: Size, bytes: usize) -> Option<usize> {
        let blocks = (size.width as usize).checked_mul(bytes)?.div_ceil(64) + 1;
        let all = blocks.checked_mul(size.height as usize)?.checked_add(4)?;
        if self.0.len() < all {
            self.0.resize(all, AlignedBuffer([0; 64]));
        }
        Some(blocks * 64)
    }

    /// Copies `picture` in. Returns the stride.
    pub fn take(&mut self, picture: &Rgb8) -> Option<usize> {
        let stride = self.fit(picture.size(), 3)?;
        let width = picture.width() * 3;
        let rows = self.bytes_mut().chunks_exact_mut(stride);
        for (line, row) in picture.samples().chunks_exact(width).zip(rows) {
            row[..width].copy_from_slice(line);
        }
        Some(stride)
    }

    /// All lines including padding.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        // SAFETY: a block is 64 plain bytes without padding, so the vector is that many bytes in a row.
        unsafe { std::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast(), self.0.len() * 64) }
    }
}
