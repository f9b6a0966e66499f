//! Stills out: JPEG (turbojpeg), PNG, WebP.

use std::borrow::Cow;
use std::path::Path;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::media::color_meaning::{background_in, eight_bit, is_srgb_profile, lay_over};
use crate::media::metadata::{into_jpeg, into_png, into_webp};
use crate::media::{ChromaSubsampling, Metadata};
use crate::picture::{Background, ColorSpace, Picture, Pixels};

/// The format of a still.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StillFormat {
    /// 8 bit, no alpha.
    Jpeg {
        /// 1..100.
        quality: u8,
        /// Chroma subsampling.
        subsampling: ChromaSubsampling,
        /// Shown by transparent areas.
        background: Background,
    },
    /// 8 or 16 bit, alpha kept.
    Png,
    /// 8 bit, alpha kept; lossless at quality 100.
    WebP {
        /// 1..100.
        quality: u8,
    },
}

/// The longest sides that the headers of JPEG and WebP can express.
const LONGEST_JPEG: u32 = 65_500;
const LONGEST_WEBP: u32 = 16_383;

/// Encodes `picture` with `metadata` (already filtered by policy) into `path`, which is truncated, as
/// [`still_bytes`] does.
pub fn encode_still(
    path: &Path,
    picture: &Picture,
    format: StillFormat,
    metadata: &Metadata,
) -> Result<()> {
    let bytes = still_bytes(path, picture, format, metadata)?;
    std::fs::write(path, bytes).map_err(|error| Error::write(path, error))
}

/// The file that `picture` with `metadata` (already filtered by policy) makes. `path` only names it in errors.
///
/// The profile that is embedded is the one of the picture's color space, byte for byte. For an sRGB picture it is the
/// profile of `metadata` if that says sRGB, and none if it says anything else. What a JPEG cannot hold is laid over
/// the background (alpha) and rounded (16 bits). Fails with `Encode` when the picture is too large for the format.
pub fn still_bytes(
    path: &Path,
    picture: &Picture,
    format: StillFormat,
    metadata: &Metadata,
) -> Result<Vec<u8>> {
    let mut metadata = metadata.clone();
    metadata.icc = match &picture.color {
        ColorSpace::Icc(profile) => Some(profile.to_vec()),
        ColorSpace::Srgb => metadata.icc.filter(|profile| is_srgb_profile(profile)),
    };
    let size = picture.size();
    let longest = size.width.max(size.height);
    let fits = |most: u32, name: &str| {
        if longest > most {
            let what = format!("{name} holds {most} pixels a side, the picture has {longest}");
            return Err(Error::encode(path, what));
        }
        Ok(())
    };
    let failed = |what: String| Error::encode(path, what);
    match format {
        StillFormat::Jpeg {
            quality,
            subsampling,
            background,
        } => {
            fits(LONGEST_JPEG, "JPEG")?;
            let encoded = encode_jpeg(
                &on_background(picture, background),
                size,
                quality,
                subsampling,
            )
            .map_err(|error| failed(error.to_string()))?;
            into_jpeg(encoded, &metadata).map_err(|error| failed(error.to_string()))
        }
        StillFormat::Png => {
            let encoded = encode_png(picture).map_err(|error| failed(error.to_string()))?;
            into_png(encoded, &metadata).map_err(|error| failed(error.to_string()))
        }
        StillFormat::WebP { quality } => {
            fits(LONGEST_WEBP, "WebP")?;
            let encoded = encode_webp(picture, quality).map_err(failed)?;
            into_webp(encoded, (size.width, size.height), &metadata)
                .map_err(|error| failed(error.to_string()))
        }
    }
}

fn eight_bit_samples(picture: &Picture) -> Cow<'_, [u8]> {
    match &picture.pixels {
        Pixels::Eight(pixels) => Cow::Borrowed(pixels.samples()),
        Pixels::Sixteen(pixels) => pixels.samples().iter().copied().map(eight_bit).collect(),
    }
}

/// 8 bits a sample, with transparent areas showing `background`.
fn on_background(picture: &Picture, background: Background) -> Cow<'_, [u8]> {
    let mut samples = eight_bit_samples(picture);
    if let Some(alpha) = &picture.alpha {
        let color = background_in(&picture.color, background);
        lay_over(samples.to_mut(), alpha, u16::MAX, color);
    }
    samples
}

fn encode_jpeg(
    samples: &[u8],
    size: Size,
    quality: u8,
    subsampling: ChromaSubsampling,
) -> turbojpeg::Result<Vec<u8>> {
    let mut compressor = Compressor::new()?;
    compressor.set_quality(i32::from(quality.clamp(1, 100)))?;
    compressor.set_subsamp(match subsampling {
        ChromaSubsampling::Full444 => Subsamp::None,
        ChromaSubsampling::Half422 => Subsamp::Sub2x1,
        ChromaSubsampling::Half440 => Subsamp::Sub1x2,
        ChromaSubsampling::Quarter411 => Subsamp::Sub4x1,
        ChromaSubsampling::Quarter420 => Subsamp::Sub2x2,
    })?;
    compressor.compress_to_vec(Image {
        pixels: samples,
        width: size.width as usize,
        pitch: size.width as usize * 3,
        height: size.height as usize,
        format: PixelFormat::RGB,
    })
}

/// Interleaved color and alpha, in the layout that the encoders expect.
fn with_alpha<T: Copy>(colors: &[T], alpha: &[u16], narrow: impl Fn(u16) -> T) -> Vec<T> {
    colors
        .chunks_exact(3)
        .zip(alpha)
        .flat_map(|(color, &alpha)| [color[0], color[1], color[2], narrow(alpha)])
        .collect()
}

fn encode_png(picture: &Picture) -> image::ImageResult<Vec<u8>> {
    let size = picture.size();
    let alpha = picture.alpha.as_deref();
    let (samples, color) = match (&picture.pixels, alpha) {
        (Pixels::Eight(pixels), None) => (Cow::Borrowed(pixels.samples()), ExtendedColorType::Rgb8),
        (Pixels::Eight(pixels), Some(alpha)) => (
            with_alpha(pixels.samples(), alpha, eight_bit).into(),
            ExtendedColorType::Rgba8,
        ),
        (Pixels::Sixteen(pixels), None) => {
            (native(pixels.samples()).into(), ExtendedColorType::Rgb16)
        }
        (Pixels::Sixteen(pixels), Some(alpha)) => (
            native(&with_alpha(pixels.samples(), alpha, |alpha| alpha)).into(),
            ExtendedColorType::Rgba16,
        ),
    };
    let mut encoded = Vec::new();
    PngEncoder::new_with_quality(&mut encoded, CompressionType::Default, FilterType::Adaptive)
        .write_image(&samples, size.width, size.height, color)?;
    Ok(encoded)
}

fn native(samples: &[u16]) -> Vec<u8> {
    samples
        .iter()
        .flat_map(|sample| sample.to_ne_bytes())
        .collect()
}

fn encode_webp(picture: &Picture, quality: u8) -> Result<Vec<u8>, String> {
    let size = picture.size();
    let samples = eight_bit_samples(picture);
    let samples = match &picture.alpha {
        Some(alpha) => with_alpha(&samples, alpha, eight_bit).into(),
        None => samples,
    };
    let encoder = if picture.alpha.is_some() {
        webp::Encoder::from_rgba(&samples, size.width, size.height)
    } else {
        webp::Encoder::from_rgb(&samples, size.width, size.height)
    };
    let mut settings =
        webp::WebPConfig::new().map_err(|()| "libwebp does not start".to_string())?;
    settings.lossless = i32::from(quality >= 100);
    // For lossless files this is effort. Colors under full transparency are kept.
    settings.quality = if quality >= 100 {
        75.0
    } else {
        f32::from(quality.max(1))
    };
    settings.exact = 1;
    encoder
        .encode_advanced(&settings)
        .map(|memory| memory.to_vec())
        .map_err(|error| format!("{error:?}"))
}
