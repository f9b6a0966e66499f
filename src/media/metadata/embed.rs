//! Putting metadata blocks into encoded stills (img-parts).
//!
//! A block that is longer than the format can hold is left out: 64 KiB in JPEG for EXIF and for XMP.

use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::{
    CHUNK_ALPH, CHUNK_EXIF, CHUNK_ICCP, CHUNK_VP8L, CHUNK_VP8X, CHUNK_XMP, WebP,
};
use img_parts::{Bytes, ImageEXIF, ImageICC};

use super::Metadata;
use super::gain_map::{GainMap, index_segment};

const JPEG_XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
/// Keyword, no compression, no language, no translated keyword (PNG specification, 11.3.3.4).
const PNG_XMP: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";
/// What a JPEG segment holds besides its length.
const SEGMENT_BYTES: usize = 65_533;

type Embedded = Result<Vec<u8>, img_parts::Error>;

fn bytes(block: &Option<Vec<u8>>) -> Option<Bytes> {
    block.clone().map(Bytes::from)
}

/// `packet` with what announces a gain map; `None` where JPEG cannot hold it.
pub(super) fn announced(map: &GainMap, packet: Option<&[u8]>) -> Option<Vec<u8>> {
    let packet = map.announced_in(packet)?;
    (JPEG_XMP.len() + packet.len() <= SEGMENT_BYTES).then_some(packet)
}

/// EXIF, XMP, the index of pictures and the profile follow the JFIF segment; a gain map follows the picture.
pub(in crate::media) fn into_jpeg(encoded: Vec<u8>, metadata: &Metadata) -> Embedded {
    let announced = |map| Some((map, announced(map, metadata.xmp.as_deref())?));
    let Some((map, packet)) = metadata.gain_map.as_ref().and_then(announced) else {
        return jpeg_with(encoded, metadata, metadata.xmp.as_deref(), None);
    };
    let index = Some(index_segment());
    let picture = jpeg_with(encoded.clone(), metadata, Some(&packet), index)?;
    match map.behind(picture) {
        Some(file) => Ok(file),
        None => jpeg_with(encoded, metadata, metadata.xmp.as_deref(), None),
    }
}

fn jpeg_with(
    encoded: Vec<u8>,
    metadata: &Metadata,
    packet: Option<&[u8]>,
    index: Option<Vec<u8>>,
) -> Embedded {
    let mut jpeg = Jpeg::from_bytes(encoded.into())?;
    jpeg.set_icc_profile(bytes(&metadata.icc));
    let after_jfif = jpeg
        .segments()
        .iter()
        .position(|segment| segment.marker() != markers::APP0)
        .unwrap_or(0);
    if let Some(index) = index {
        let segment = JpegSegment::new_with_contents(markers::APP2, index.into());
        jpeg.segments_mut().insert(after_jfif, segment);
    }
    if let Some(packet) = packet {
        let contents = [JPEG_XMP, packet].concat();
        if contents.len() <= SEGMENT_BYTES {
            let segment = JpegSegment::new_with_contents(markers::APP1, contents.into());
            jpeg.segments_mut().insert(after_jfif, segment);
        }
    }
    jpeg.set_exif(bytes(&metadata.exif));
    Ok(jpeg.encoder().bytes().to_vec())
}

/// All blocks stand in front of the picture.
pub(in crate::media) fn into_png(encoded: Vec<u8>, metadata: &Metadata) -> Embedded {
    let mut png = Png::from_bytes(encoded.into())?;
    if let Some(packet) = &metadata.xmp {
        let chunk = PngChunk::new(*b"iTXt", [PNG_XMP, packet].concat().into());
        png.chunks_mut().insert(1, chunk);
    }
    png.set_exif(bytes(&metadata.exif));
    png.set_icc_profile(bytes(&metadata.icc));
    Ok(png.encoder().bytes().to_vec())
}

/// The extended header, the profile, the picture, EXIF and XMP, in the order that the container asks for. `size` is
/// the picture's.
pub(in crate::media) fn into_webp(
    encoded: Vec<u8>,
    (width, height): (u32, u32),
    metadata: &Metadata,
) -> Embedded {
    if metadata.exif.is_none() && metadata.icc.is_none() && metadata.xmp.is_none() {
        return Ok(encoded);
    }
    let mut webp = WebP::from_bytes(encoded.into())?;
    // Bit 4 of a lossless stream's fifth byte says that alpha is used.
    let lossless_alpha = webp
        .chunk_by_id(CHUNK_VP8L)
        .and_then(|chunk| chunk.content().data())
        .and_then(|data| data.get(4))
        .is_some_and(|byte| byte & 0x10 != 0);
    let alpha = lossless_alpha || webp.has_chunk(CHUNK_ALPH);
    let flag = |present: bool, bit: u8| if present { bit } else { 0 };
    let flags = flag(metadata.icc.is_some(), 0x20)
        | flag(alpha, 0x10)
        | flag(metadata.exif.is_some(), 0x08)
        | flag(metadata.xmp.is_some(), 0x04);
    let mut header = vec![flags, 0, 0, 0];
    header.extend(&width.saturating_sub(1).to_le_bytes()[..3]);
    header.extend(&height.saturating_sub(1).to_le_bytes()[..3]);

    let chunk = |id, content: Vec<u8>| RiffChunk::new(id, RiffContent::Data(content.into()));
    webp.remove_chunks_by_id(CHUNK_VP8X);
    let chunks = webp.chunks_mut();
    if let Some(profile) = &metadata.icc {
        chunks.insert(0, chunk(CHUNK_ICCP, profile.clone()));
    }
    chunks.insert(0, chunk(CHUNK_VP8X, header));
    for (id, block) in [(CHUNK_EXIF, &metadata.exif), (CHUNK_XMP, &metadata.xmp)] {
        if let Some(block) = block {
            chunks.push(chunk(id, block.clone()));
        }
    }
    Ok(webp.encoder().bytes().to_vec())
}
