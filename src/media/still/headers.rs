//! What a still's headers say, read by the parser of its format and checked against the limits.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use image::ImageDecoder;
use image::codecs::bmp::BmpDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;

use super::gif_header::GifHeader;
use super::heif;
use super::jpeg_header::JpegHeader;
use super::jpeg_parts::JpegParts;
use super::orientation::upright_size;
use super::png_header::PngHeader;
use super::recognize::CodedFormat;
use super::still_file::{StillFile, StillHeader, image_limits};
use super::tiff;
use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::metadata::exif;
use crate::media::{Limits, StillFacts};
use crate::notice::LeftOutPart;

/// Reads the headers and checks the limits against them.
pub(super) fn read_header(file: &mut StillFile) -> Result<StillHeader> {
    let read = match file.format {
        CodedFormat::Jpeg => jpeg_header(file),
        CodedFormat::Png => png_header(file),
        CodedFormat::Gif => gif_header(file),
        CodedFormat::WebP => WebPDecoder::new(&mut file.reader).and_then(|mut decoder| {
            let animated = decoder.has_animation();
            decoder_header(&mut decoder, animated)
        }),
        CodedFormat::Tiff => Ok(tiff::header(file)?),
        CodedFormat::Bmp => bitmap_header(file)?,
        CodedFormat::Heic | CodedFormat::Avif => Ok(heif::header(file)?),
    };
    let header = read.map_err(|error| file.error(error))?;
    if header.size.pixels() == 0 {
        return Err(Error::damaged(file.path, "the picture has no size"));
    }
    file.limits
        .check(file.path, LimitName::Pixels, header.size.pixels())?;
    file.reader
        .seek(SeekFrom::Start(0))
        .map_err(|source| Error::read(file.path, source))?;
    Ok(header)
}

fn jpeg_header(file: &mut StillFile) -> image::ImageResult<StillHeader> {
    let header = JpegHeader::read(&mut file.reader)?.ok_or_else(|| missing("frame header"))?;
    let parts = JpegParts::read(&mut file.reader, &header, file.bytes)?;
    Ok(StillHeader {
        left_out: parts.left_out(),
        size: Size::new(header.width.into(), header.height.into()),
        orientation: header.exif.as_deref().map_or(1, exif::orientation),
        bit_depth: header.precision,
        icc: header.icc.is_some(),
        animated: false,
    })
}

fn png_header(file: &mut StillFile) -> image::ImageResult<StillHeader> {
    let header = PngHeader::read(&mut file.reader)?.ok_or_else(|| missing("header chunk"))?;
    // Let the decoder reject a bad header chunk now.
    file.reader.seek(SeekFrom::Start(0))?;
    PngDecoder::with_limits(&mut file.reader, image_limits(file.limits))?;
    Ok(StillHeader {
        size: Size::new(header.width, header.height),
        orientation: header.exif.as_deref().map_or(1, exif::orientation),
        bit_depth: header.bit_depth,
        icc: header.icc,
        animated: header.animated,
        left_out: Vec::new(),
    })
}

fn gif_header(file: &mut StillFile) -> image::ImageResult<StillHeader> {
    let header = GifHeader::read(&mut file.reader)?;
    Ok(StillHeader {
        size: Size::new(header.width.into(), header.height.into()),
        orientation: 1,
        bit_depth: 8,
        icc: false,
        animated: header.animated,
        left_out: Vec::new(),
    })
}

/// Checks the size first, because the decoder reports a picture that is too large as damaged.
fn bitmap_header(file: &mut StillFile) -> Result<image::ImageResult<StillHeader>> {
    let mut head = [0; 26];
    let sides = file.reader.read_exact(&mut head).ok().and_then(|()| {
        let [.., w0, w1, w2, w3, h0, h1, h2, h3] = head;
        let long = head.get(14..18) != Some(&[12, 0, 0, 0]);
        long.then_some((
            u32::from_le_bytes([w0, w1, w2, w3]),
            i32::from_le_bytes([h0, h1, h2, h3]).unsigned_abs(),
        ))
    });
    if let Some((width, height)) = sides {
        let pixels = Size::new(width, height).pixels();
        file.limits.check(file.path, LimitName::Pixels, pixels)?;
    }
    file.reader
        .rewind()
        .map_err(|source| Error::read(file.path, source))?;
    Ok(BmpDecoder::new(&mut file.reader)
        .and_then(|mut decoder| decoder_header(&mut decoder, false)))
}

fn missing(what: &str) -> image::ImageError {
    image::ImageError::IoError(io::Error::new(
        io::ErrorKind::InvalidData,
        format!("there is no {what}"),
    ))
}

fn decoder_header(
    decoder: &mut impl ImageDecoder,
    animated: bool,
) -> image::ImageResult<StillHeader> {
    let (width, height) = decoder.dimensions();
    let color = decoder.color_type();
    let sample_bytes = color.bytes_per_pixel() / color.channel_count().max(1);
    Ok(StillHeader {
        size: Size::new(width, height),
        orientation: orientation(decoder),
        bit_depth: sample_bytes * 8,
        icc: decoder.icc_profile().ok().flatten().is_some(),
        animated,
        left_out: Vec::new(),
    })
}

/// The orientation by the EXIF block, or else by the format's own tag.
pub(super) fn orientation(decoder: &mut impl ImageDecoder) -> u8 {
    match decoder.exif_metadata() {
        Ok(Some(block)) => exif::orientation(exif::without_prefix(&block)),
        _ => decoder.orientation().map_or(1, |turn| turn.to_exif()),
    }
}

/// What a still's headers say, and what else its file holds.
pub(in crate::media) struct StillProbe {
    /// The container's name.
    pub(in crate::media) container: String,
    pub(in crate::media) facts: StillFacts,
    /// There is more than one frame.
    pub(in crate::media) animated: bool,
    pub(in crate::media) left_out: Vec<LeftOutPart>,
}

/// Reads the headers of `path`. `Ok(None)` if its content is not a still; `Unsupported` if it is a still that cannot be
/// decoded.
pub(in crate::media) fn still_facts(path: &Path, limits: &Limits) -> Result<Option<StillProbe>> {
    let Some(mut source) = StillFile::open(path, limits)? else {
        return Ok(None);
    };
    let header = read_header(&mut source)?;
    Ok(Some(StillProbe {
        container: source.format.name().into(),
        facts: StillFacts {
            size: upright_size(header.size, header.orientation),
            orientation: header.orientation,
            bit_depth: header.bit_depth,
            icc: header.icc,
        },
        animated: header.animated,
        left_out: header.left_out,
    }))
}
