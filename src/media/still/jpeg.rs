//! JPEG in, by libjpeg-turbo. Of a damaged file it gives what can be decoded; libjpeg fills the rest.

use std::io::{self, Read, Seek, SeekFrom};

use turbojpeg::{Decompressor, Image, PixelFormat, ScalingFactor};

use super::jpeg_header::JpegHeader;
use super::jpeg_parts::JpegParts;
use super::raster::{DecodedStill, PixelLayout, Raster, Samples, picture_bytes};
use super::still_file::{StillFile, StillHeader};
use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::{GainMap, Metadata};

/// Real files have about ten scans. Thousands of empty ones would be an attack on processor time.
const MOST_SCANS: u32 = 100;
/// Samples with this value everywhere were not decoded: the grey that libjpeg shows for missing parts.
const UNTOUCHED: u8 = 0x80;

/// Decodes a JPEG whose header was read and found within the limits. With `least`, it decodes at the smallest scale
/// that leaves the longer side this many pixels; libjpeg then uses fewer frequencies of each block.
pub(super) fn decode(
    source: &mut StillFile,
    header: &StillHeader,
    least: Option<u32>,
) -> Result<DecodedStill> {
    let path = source.path;
    let mut segments = JpegHeader::read(&mut source.reader)
        .map_err(|error| Error::read(path, error))?
        .ok_or_else(|| Error::damaged(path, "there is no frame header"))?;
    let (layout, format) = pixel_layout(source, &segments)?;
    let (scale, size) = reduced(header.size, least);
    check_memory(source, &segments, size, layout)?;
    let subsampling = segments.subsampling();
    let stream = JpegStream::read(source, &mut segments)?;
    let gain_map = match least {
        None => gain_map(source, &segments).map_err(|error| Error::read(path, error))?,
        Some(_) => None,
    };

    let width = size.width as usize;
    let mut image = Image {
        pixels: vec![UNTOUCHED; size.pixels() as usize * layout.count()],
        width,
        pitch: width * layout.count(),
        height: size.height as usize,
        format,
    };
    let outcome = Decompressor::new().and_then(|mut decompressor| {
        decompressor.set_scan_limit(MOST_SCANS)?;
        decompressor.set_scaling_factor(scale)?;
        decompressor.decompress(&stream.bytes, image.as_deref_mut())
    });
    let partial = match outcome {
        Err(error) => {
            let untouched = || image.pixels.iter().all(|&sample| sample == UNTOUCHED);
            damage(source, &message(&error), stream.ended, untouched)?
        }
        // Each scan of a progressive picture covers all of it, so only detail is missing.
        Ok(()) if !stream.ended && segments.progressive => {
            Some(Error::breaks_off(path, "the last scans are missing"))
        }
        Ok(()) => None,
    };
    // Adobe's writers store inks inverted.
    if layout == PixelLayout::Inks && segments.adobe {
        image.pixels.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    Ok(DecodedStill {
        subsampling,
        raster: Raster {
            size,
            channels: layout,
            samples: Samples::Eight(image.pixels),
        },
        metadata: Metadata {
            exif: segments.exif,
            icc: segments.icc,
            xmp: segments.xmp,
            gain_map,
        },
        partial,
    })
}

fn gain_map(source: &mut StillFile, segments: &JpegHeader) -> io::Result<Option<GainMap>> {
    let parts = JpegParts::read(&mut source.reader, segments, source.bytes)?;
    let map = parts.gain_map(&mut source.reader)?;
    Ok(map.map(GainMap::new))
}

/// The layout of a pixel by the number of components; `Unsupported` for other numbers and depths.
fn pixel_layout(source: &StillFile, segments: &JpegHeader) -> Result<(PixelLayout, PixelFormat)> {
    if segments.precision != 8 {
        let what = format!("JPEG with {} bits a sample", segments.precision);
        return Err(Error::unsupported(source.path, what));
    }
    match segments.sampling.len() {
        1 => Ok((PixelLayout::Grey, PixelFormat::GRAY)),
        3 => Ok((PixelLayout::Rgb, PixelFormat::RGB)),
        4 => Ok((PixelLayout::Inks, PixelFormat::CMYK)),
        count => {
            let what = format!("JPEG with {count} components");
            Err(Error::unsupported(source.path, what))
        }
    }
}

/// Fails with `Limit` if the file, libjpeg's buffers and the picture need more memory than is allowed.
fn check_memory(
    source: &StillFile,
    segments: &JpegHeader,
    size: Size,
    layout: PixelLayout,
) -> Result<()> {
    // A progressive picture is held as coefficients of two bytes until its last scan.
    let coefficients = if segments.progressive {
        segments.stored_samples() * 2
    } else {
        0
    };
    let decoded = size.pixels() * layout.count() as u64;
    let bytes = source.bytes + decoded + coefficients.max(picture_bytes(size, 8));
    source
        .limits
        .check(source.path, LimitName::MemoryBytes, bytes)
}

/// A JPEG without its metadata, closed with an end marker.
struct JpegStream {
    bytes: Vec<u8>,
    /// The file has the end marker itself.
    ended: bool,
}

impl JpegStream {
    fn read(source: &mut StillFile, segments: &mut JpegHeader) -> Result<Self> {
        let path = source.path;
        let mut scans = Vec::new();
        if segments.scan_at > 0 {
            source
                .reader
                .seek(SeekFrom::Start(segments.scan_at))
                .and_then(|_| {
                    let rest = source.bytes.saturating_sub(segments.scan_at);
                    source.reader.by_ref().take(rest).read_to_end(&mut scans)
                })
                .map_err(|error| Error::read(path, error))?;
        }
        let ended = has_end(&scans);
        let mut bytes = std::mem::take(&mut segments.essence);
        bytes.append(&mut scans);
        if !ended {
            bytes.extend(b"\xff\xd9");
        }
        Ok(Self { bytes, ended })
    }
}

/// Classifies a message of libjpeg: harmless, an incomplete picture, or no picture at all.
fn damage(
    source: &StillFile,
    message: &str,
    ended: bool,
    untouched: impl FnOnce() -> bool,
) -> Result<Option<Error>> {
    let path = source.path;
    if is_harmless(message) {
        Ok(None)
    } else if is_unsupported(message) {
        Err(Error::unsupported(path, message))
    } else if untouched() {
        Err(Error::damaged(path, message))
    } else if !ended {
        let what = "the picture's data ends early";
        Ok(Some(Error::breaks_off(path, what)))
    } else {
        Ok(Some(Error::damaged(path, message)))
    }
}

/// The smallest scale whose longer side is at least `least`, and its size.
fn reduced(size: Size, least: Option<u32>) -> (ScalingFactor, Size) {
    let sides = |scale: ScalingFactor| {
        let side = |side: u32| u32::try_from(scale.scale(side as usize)).unwrap_or(side);
        Size::new(side(size.width), side(size.height))
    };
    let scales = [
        ScalingFactor::ONE_EIGHTH,
        ScalingFactor::ONE_QUARTER,
        ScalingFactor::ONE_HALF,
    ];
    let enough = |scale: &ScalingFactor| {
        let size = sides(*scale);
        least.is_some_and(|least| size.width.max(size.height) >= least)
    };
    let scale = scales
        .into_iter()
        .find(enough)
        .unwrap_or(ScalingFactor::ONE);
    (scale, sides(scale))
}

/// True if the end marker is present. Within a scan these two bytes cannot mean anything else.
fn has_end(scans: &[u8]) -> bool {
    scans.windows(2).rev().any(|pair| pair == b"\xff\xd9")
}

fn message(error: &turbojpeg::Error) -> String {
    match error {
        turbojpeg::Error::TurboJpegError(text) => text
            .split_once("(): ")
            .map_or(text.as_str(), |(_, text)| text)
            .to_string(),
        other => other.to_string(),
    }
}

/// True for warnings of libjpeg about files whose picture is complete.
fn is_harmless(message: &str) -> bool {
    [
        "extraneous bytes before marker",
        "Unknown Adobe color transform",
        "unknown JFIF revision",
        "Invalid SOS parameters",
        "Inconsistent progression sequence",
    ]
    .iter()
    .any(|known| message.contains(known))
}

fn is_unsupported(message: &str) -> bool {
    ["Unsupported", "not supported", "not implemented", "DNL"]
        .iter()
        .any(|known| message.contains(known))
}
