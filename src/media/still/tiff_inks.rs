//! TIFF in inks, decoded without the `image` crate: that one turns inks into RGB itself, without the profile that says
//! what they look like.

use std::io::BufReader;

use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::raster::{DecodedStill, PixelLayout, Raster, Samples, picture_bytes};
use super::still_file::{StillBytes, StillFile, StillHeader, is_end};
use crate::error::{Error, LimitName, Result};
use crate::media::Metadata;
use crate::media::color_meaning::eight_bit;

/// True when the first sample beyond the colors is opacity that these were multiplied with (TIFF 6.0, ExtraSamples 1).
pub(super) fn has_associated_alpha(reader: BufReader<StillBytes>) -> bool {
    const ASSOCIATED: u16 = 1;
    let extra = |mut decoder: Decoder<_>| decoder.find_tag_unsigned_vec::<u16>(Tag::ExtraSamples);
    let extra = Decoder::new(reader).and_then(extra);
    matches!(extra, Ok(Some(kinds)) if kinds.first() == Some(&ASSOCIATED))
}

/// Decodes a TIFF in cyan, magenta, yellow and black; `None` for any other.
pub(super) fn decode(
    source: &StillFile,
    header: &StillHeader,
    reader: BufReader<StillBytes>,
) -> Result<Option<DecodedStill>> {
    let path = source.path;
    let Ok(mut decoder) = Decoder::new(reader) else {
        return Ok(None);
    };
    let planes = decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration);
    let sample_bytes = match decoder.colortype() {
        Ok(ColorType::CMYK(8)) => 1,
        Ok(ColorType::CMYK(16)) => 2,
        _ => return Ok(None),
    };
    if !matches!(planes, Ok(None | Some(1))) {
        return Ok(None);
    }
    let bytes = header.size.pixels() * 4 * sample_bytes;
    source.limits.check(
        path,
        LimitName::MemoryBytes,
        bytes.saturating_add(picture_bytes(header.size, 8)),
    )?;
    let most = usize::try_from(source.limits.memory).unwrap_or(usize::MAX);
    let mut limits = tiff::decoder::Limits::default();
    limits.decoding_buffer_size = most;
    limits.intermediate_buffer_size = most;
    limits.ifd_value_size = most;
    let mut decoder = decoder.with_limits(limits);
    let icc = decoder.get_tag_u8_vec(Tag::IccProfile).ok();
    let samples = match decoder.read_image() {
        Ok(DecodingResult::U8(samples)) => samples,
        Ok(DecodingResult::U16(samples)) => samples.into_iter().map(eight_bit).collect(),
        Ok(_) => return Err(Error::unsupported(path, "inks that are no whole numbers")),
        Err(TiffError::IoError(error)) if is_end(&error) => {
            return Err(Error::damaged(path, "the picture's data ends early"));
        }
        Err(TiffError::UnsupportedError(what)) => return Err(Error::unsupported(path, what)),
        Err(error) => return Err(Error::damaged(path, error)),
    };
    Ok(Some(DecodedStill {
        raster: Raster {
            size: header.size,
            channels: PixelLayout::Inks,
            samples: Samples::Eight(samples),
        },
        subsampling: None,
        metadata: Metadata {
            exif: None,
            icc,
            xmp: None,
        },
        partial: None,
    }))
}
