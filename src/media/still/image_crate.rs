//! PNG, WebP, GIF and BMP in, by the `image` crate.

use image::codecs::bmp::BmpDecoder;
use image::codecs::gif::GifDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ColorType, ImageDecoder, ImageError};

use super::png_header::PngHeader;
use super::raster::{DecodedStill, PixelLayout, Raster, Samples, picture_bytes};
use super::recognize::CodedFormat;
use super::still_file::{StillFile, StillHeader, image_limits, is_end};
use super::tone_mapped::tone_mapped;
use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::Metadata;
use crate::media::color_meaning::{rgb_to_srgb_8, rgb_to_srgb_16};
use crate::media::metadata::exif;

/// Samples with this value everywhere were not decoded.
const UNTOUCHED: u8 = 0x80;

/// Decodes a file whose header was read and found within the limits.
pub(super) fn decode(source: &mut StillFile, header: &StillHeader) -> Result<DecodedStill> {
    let source = &*source;
    let limits = image_limits(source.limits);
    let fail = |error| source.error(error);
    match source.format {
        CodedFormat::Png => {
            let chunks = PngHeader::read(&mut source.again()?)
                .map_err(|error| Error::read(source.path, error))?
                .unwrap_or_default();
            let decoder = PngDecoder::with_limits(source.again()?, limits).map_err(fail)?;
            let mut decoded = run(decoder, source, header, Some(chunks.interlaced))?;
            decoded.metadata.exif = chunks.exif.map(without_prefix);
            decoded.metadata.xmp = chunks.xmp.or(decoded.metadata.xmp);
            let grey = decoded.raster.channels.is_grey();
            let bright = chunks.color.tone_map().and_then(|map| {
                let raster = &decoded.raster;
                tone_mapped(raster.size, raster.channels, &raster.samples, &map)
            });
            if let Some(samples) = bright {
                decoded.raster.samples = samples;
                decoded.metadata.icc = None;
            } else if let Some(profile) = chunks.color.leading_profile(grey) {
                decoded.metadata.icc = Some(profile);
            } else if decoded.metadata.icc.is_none() {
                decoded.metadata.icc = chunks.color.fallback_profile(grey);
                // A curve without primaries is applied to the samples, as browsers and ImageMagick do.
                if chunks.color.has_primaries_of_srgb() {
                    bring_to_srgb(&mut decoded);
                }
            }
            Ok(decoded)
        }
        CodedFormat::WebP => {
            let decoder = WebPDecoder::new(source.again()?).map_err(fail)?;
            run(decoder, source, header, None)
        }
        CodedFormat::Gif => {
            let decoder = GifDecoder::new(source.again()?).map_err(fail)?;
            run(decoder, source, header, None)
        }
        CodedFormat::Bmp
        | CodedFormat::Tiff
        | CodedFormat::Jpeg
        | CodedFormat::Heic
        | CodedFormat::Avif => {
            let decoder = BmpDecoder::new(source.again()?).map_err(fail)?;
            run(decoder, source, header, None)
        }
    }
}

/// Converts RGB samples to sRGB, and drops the profile if that succeeds.
fn bring_to_srgb(decoded: &mut DecodedStill) {
    let Some(icc) = &decoded.metadata.icc else {
        return;
    };
    let channels = decoded.raster.channels.count();
    let converted = match &decoded.raster.samples {
        _ if decoded.raster.channels.is_grey() => None,
        Samples::Eight(samples) => rgb_to_srgb_8(samples, channels, icc).map(Samples::Eight),
        Samples::Sixteen(samples) => rgb_to_srgb_16(samples, channels, icc).map(Samples::Sixteen),
    };
    if let Some(samples) = converted {
        decoded.raster.samples = samples;
        decoded.metadata.icc = None;
    }
}

/// Runs a decoder. `png_interlaced` is `Some` for PNG only, whose rows come whole or not at all.
fn run(
    mut decoder: impl ImageDecoder,
    source: &StillFile,
    header: &StillHeader,
    png_interlaced: Option<bool>,
) -> Result<DecodedStill> {
    let path = source.path;
    let (width, height) = decoder.dimensions();
    let size = Size::new(width, height);
    source
        .limits
        .check(path, LimitName::Pixels, size.pixels())?;
    let (channels, sample_bytes) = layout(decoder.color_type())
        .ok_or_else(|| Error::unsupported(path, "samples that are neither 8 nor 16 bits"))?;
    let bytes = decoder.total_bytes();
    source.limits.check(
        path,
        LimitName::MemoryBytes,
        bytes.saturating_add(picture_bytes(size, header.bit_depth)),
    )?;
    decoder
        .set_limits(image_limits(source.limits))
        .map_err(|error| source.error(error))?;
    let metadata = Metadata {
        exif: decoder.exif_metadata().ok().flatten().map(without_prefix),
        icc: decoder.icc_profile().ok().flatten(),
        xmp: decoder.xmp_metadata().ok().flatten(),
        ..Metadata::default()
    };

    let length = usize::try_from(bytes).map_err(|_| Error::damaged(path, "it is too large"))?;
    let mut samples = vec![UNTOUCHED; length];
    let mut partial = None;
    let mut big_endian = cfg!(target_endian = "big");
    if let Err(error) = decoder.read_image(&mut samples) {
        if samples.iter().all(|&byte| byte == UNTOUCHED) {
            return Err(source.error(error));
        }
        let row = (length / height.max(1) as usize).max(1);
        let rows = samples
            .chunks(row)
            .rposition(|row| row.iter().any(|&byte| byte != UNTOUCHED))
            .map_or(0, |last| last + 1);
        let ended = ends_early(&error);
        let whole = ended && png_interlaced == Some(false) && rows == height as usize;
        if !whole {
            partial = Some(if ended {
                Error::breaks_off(path, "the picture's data ends early")
            } else {
                source.error(error)
            });
        }
        // The crate swaps the bytes of a PNG only after the last row.
        big_endian |= png_interlaced.is_some();
    }
    Ok(DecodedStill {
        raster: Raster {
            size,
            channels,
            samples: into_samples(samples, sample_bytes, big_endian),
        },
        metadata,
        subsampling: None,
        partial,
    })
}

/// The layout, and bytes a sample; floating-point samples have 4.
fn layout(color: ColorType) -> Option<(PixelLayout, usize)> {
    Some(match color {
        ColorType::L8 => (PixelLayout::Grey, 1),
        ColorType::La8 => (PixelLayout::GreyAlpha, 1),
        ColorType::Rgb8 => (PixelLayout::Rgb, 1),
        ColorType::Rgba8 => (PixelLayout::Rgba, 1),
        ColorType::L16 => (PixelLayout::Grey, 2),
        ColorType::La16 => (PixelLayout::GreyAlpha, 2),
        ColorType::Rgb16 => (PixelLayout::Rgb, 2),
        ColorType::Rgba16 => (PixelLayout::Rgba, 2),
        ColorType::Rgb32F => (PixelLayout::Rgb, 4),
        ColorType::Rgba32F => (PixelLayout::Rgba, 4),
        _ => return None,
    })
}

fn into_samples(bytes: Vec<u8>, sample_bytes: usize, big_endian: bool) -> Samples {
    match sample_bytes {
        1 => Samples::Eight(bytes),
        2 => {
            let (pairs, _) = bytes.as_chunks::<2>();
            Samples::Sixteen(
                pairs
                    .iter()
                    .map(|&pair| {
                        if big_endian {
                            u16::from_be_bytes(pair)
                        } else {
                            u16::from_le_bytes(pair)
                        }
                    })
                    .collect(),
            )
        }
        _ => {
            let (numbers, _) = bytes.as_chunks::<4>();
            // `as` turns NaN into 0.
            Samples::Sixteen(
                numbers
                    .iter()
                    .map(|&number| {
                        (f32::from_ne_bytes(number).clamp(0.0, 1.0) * 65_535.0).round() as u16
                    })
                    .collect(),
            )
        }
    }
}

fn without_prefix(block: Vec<u8>) -> Vec<u8> {
    exif::without_prefix(&block).to_vec()
}

/// True if the error or one of its causes is the end of the file.
fn ends_early(error: &ImageError) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<std::io::Error>().is_some_and(is_end) {
            return true;
        }
        cause = error.source();
    }
    matches!(error, ImageError::IoError(error) if is_end(error))
}
