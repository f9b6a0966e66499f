//! JPEG in, by libjpeg-turbo: what a damaged file still holds is given, as libjpeg fills the rest.

use std::io::{Read, Seek, SeekFrom};

use turbojpeg::{Decompressor, Image, PixelFormat, ScalingFactor};

use super::DecodedStill;
use super::jpeg_header::JpegHeader;
use super::raster::{PixelLayout, Raster, Samples, picture_bytes};
use super::still_file::{StillFile, StillHeader};
use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::Metadata;

/// Real files have about ten scans; thousands of empty ones are an attack on the processor's time.
const MOST_SCANS: u32 = 100;
/// What is not overwritten was not decoded; grey, as libjpeg shows what is missing.
const UNTOUCHED: u8 = 0x80;

/// Decodes a JPEG whose header was read and found within the limits; with `least`, as small as leaves the longer side so
/// many pixels, which libjpeg does by taking fewer frequencies of each block.
pub(super) fn decode(
    source: &mut StillFile,
    header: &StillHeader,
    least: Option<u32>,
) -> Result<DecodedStill> {
    let path = source.path;
    let read_error = |error| Error::read(path, error);
    let segments = JpegHeader::read(&mut source.reader)
        .map_err(read_error)?
        .ok_or_else(|| Error::damaged(path, "there is no frame header"))?;
    if segments.precision != 8 {
        let what = format!("JPEG with {} bits a sample", segments.precision);
        return Err(Error::unsupported(path, what));
    }
    let (channels, format) = match segments.sampling.len() {
        1 => (PixelLayout::Grey, PixelFormat::GRAY),
        3 => (PixelLayout::Rgb, PixelFormat::RGB),
        4 => (PixelLayout::Inks, PixelFormat::CMYK),
        count => {
            let what = format!("JPEG with {count} components");
            return Err(Error::unsupported(path, what));
        }
    };

    let (scale, size) = reduced(header.size, least);
    let decoded_bytes = size.pixels() * channels.count() as u64;
    let coefficients = if segments.progressive {
        segments.stored_samples() * 2
    } else {
        0
    };
    source.limits.check(
        path,
        LimitName::MemoryBytes,
        source.bytes + decoded_bytes + coefficients.max(picture_bytes(size, 8)),
    )?;
    let mut scans = Vec::new();
    if segments.scan_at > 0 {
        source
            .reader
            .seek(SeekFrom::Start(segments.scan_at))
            .and_then(|_| {
                let rest = source.bytes.saturating_sub(segments.scan_at);
                source.reader.by_ref().take(rest).read_to_end(&mut scans)
            })
            .map_err(read_error)?;
    }
    let ended = has_end(&scans);
    let subsampling = segments.subsampling();
    let mut bytes = segments.essence;
    bytes.append(&mut scans);
    if !ended {
        bytes.extend(b"\xff\xd9");
    }

    let width = size.width as usize;
    let mut image = Image {
        pixels: vec![UNTOUCHED; decoded_bytes as usize],
        width,
        pitch: width * channels.count(),
        height: size.height as usize,
        format,
    };
    let outcome = Decompressor::new().and_then(|mut decompressor| {
        decompressor.set_scan_limit(MOST_SCANS)?;
        decompressor.set_scaling_factor(scale)?;
        decompressor.decompress(&bytes, image.as_deref_mut())
    });
    drop(bytes);
    let untouched = || image.pixels.iter().all(|&sample| sample == UNTOUCHED);
    let partial = match outcome {
        Err(error) => {
            let message = message(&error);
            if is_harmless(&message) {
                None
            } else if is_unsupported(&message) {
                return Err(Error::unsupported(path, message));
            } else if untouched() {
                return Err(Error::damaged(path, message));
            } else if !ended {
                Some(Error::breaks_off(path, "the picture's data ends early"))
            } else {
                Some(Error::damaged(path, message))
            }
        }
        // Each scan of a progressive picture covers all of it: what is missing is detail.
        Ok(()) if !ended && segments.progressive => {
            Some(Error::breaks_off(path, "the last scans are missing"))
        }
        Ok(()) => None,
    };
    if channels == PixelLayout::Inks && segments.adobe {
        image.pixels.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    Ok(DecodedStill {
        subsampling,
        raster: Raster {
            size,
            channels,
            samples: Samples::Eight(image.pixels),
        },
        metadata: Metadata {
            exif: segments.exif,
            icc: segments.icc,
            xmp: segments.xmp,
        },
        partial,
    })
}

/// The scale at which a longer side of at least `least` stays, and the size that it gives.
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

/// Whether the end marker is there; within a scan the two bytes cannot be anything else.
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

/// Warnings of libjpeg about files whose picture is whole all the same.
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
