//! The gain map of an Ultra HDR photo: a second JPEG behind the first one, which says how much brighter each part of
//! the picture becomes on an HDR display.
//!
//! The map covers the whole picture at its own resolution. So it stays valid if the picture is scaled, is turned with
//! the picture, and does not fit a crop. The result announces it in both ways that readers use: the item directory in
//! XMP (Ultra HDR Image Format, version 1.1) and the index of the Multi-Picture Format (CIPA DC-007).

use img_parts::jpeg::{Jpeg, markers};
use turbojpeg::{Decompressor, Image, PixelFormat};

use super::xmp_tree::Tree;
use crate::geometry::Size;
use crate::media::still::orientation::{upright, upright_size};

/// JPEG quality of a map that was turned: the loss is about one step in 255.
const QUALITY: i32 = 95;
/// Real maps have at most a quarter of a photo's pixels. Larger ones are not decoded.
const MOST_PIXELS: u64 = 1 << 26;

/// A gain map as it stood in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GainMap {
    jpeg: Vec<u8>,
}

/// The item directory; `LENGTH` is filled in. The first item is the picture itself.
const CLAIM: &str = r#"<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:Container="http://ns.google.com/photos/1.0/container/"
 xmlns:Item="http://ns.google.com/photos/1.0/container/item/" hdrgm:Version="1.0"><Container:Directory><rdf:Seq>
<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>
<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg"
 Item:Length="LENGTH"/></rdf:li>
</rdf:Seq></Container:Directory></rdf:Description>"#;

/// A packet for a picture that has none.
const EMPTY_PACKET: &str = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF></x:xmpmeta>"#;

impl GainMap {
    /// A map of these bytes, which are a JPEG.
    pub(in crate::media) fn new(jpeg: Vec<u8>) -> Self {
        Self { jpeg }
    }

    /// The map for the upright picture, where the original was stored with this EXIF orientation. `None` if the map
    /// cannot be decoded.
    pub(super) fn turned_upright(self, orientation: u8) -> Option<Self> {
        if orientation <= 1 {
            return Some(self);
        }
        let mut decompressor = Decompressor::new().ok()?;
        let header = decompressor.read_header(&self.jpeg).ok()?;
        let grey = header.colorspace == turbojpeg::Colorspace::Gray;
        let (format, samples) = match grey {
            true => (PixelFormat::GRAY, 1),
            false => (PixelFormat::RGB, 3),
        };
        let size = Size::new(
            u32::try_from(header.width).ok()?,
            u32::try_from(header.height).ok()?,
        );
        if size.pixels() > MOST_PIXELS {
            return None;
        }
        let mut image = Image {
            pixels: vec![
                0;
                header
                    .width
                    .checked_mul(header.height)?
                    .checked_mul(samples)?
            ],
            width: header.width,
            pitch: header.width * samples,
            height: header.height,
            format,
        };
        decompressor
            .decompress(&self.jpeg, image.as_deref_mut())
            .ok()?;
        let pixels = upright(image.pixels, size, samples, orientation);
        let size = upright_size(size, orientation);
        let mut compressor = turbojpeg::Compressor::new().ok()?;
        compressor.set_quality(QUALITY).ok()?;
        compressor
            .set_subsamp(match grey {
                true => turbojpeg::Subsamp::Gray,
                false => turbojpeg::Subsamp::None,
            })
            .ok()?;
        let width = size.width as usize;
        let turned = compressor.compress_to_vec(Image {
            pixels: pixels.as_slice(),
            width,
            pitch: width * samples,
            height: size.height as usize,
            format,
        });
        // The map's parameters are in its metadata segments.
        Some(Self {
            jpeg: with_segments(turned.ok()?, &self.jpeg)?,
        })
    }

    /// `packet` with the directory that announces the map; `None` if `packet` cannot be edited.
    pub(super) fn announced_in(&self, packet: Option<&[u8]>) -> Option<Vec<u8>> {
        let claim = CLAIM.replace("LENGTH", &self.jpeg.len().to_string());
        let mut tree = match packet {
            Some(packet) => Tree::parse(packet)?,
            None => Tree::parse(EMPTY_PACKET.as_bytes())?,
        };
        tree.add_description(&claim)
            .then(|| tree.to_bytes())
            .flatten()
    }

    /// Appends the map to `picture`, a JPEG with an [`index_segment`], and fills in the index.
    pub(super) fn behind(&self, mut picture: Vec<u8>) -> Option<Vec<u8>> {
        let segment = picture
            .windows(INDEX_HEAD.len())
            .position(|part| part == INDEX_HEAD)?;
        // Offsets count from the byte order mark.
        let base = segment + INDEX_HEAD.len() - 8;
        let (length, map_length) = (
            u32::try_from(picture.len()).ok()?,
            u32::try_from(self.jpeg.len()).ok()?,
        );
        let offset = length.checked_sub(u32::try_from(base).ok()?)?;
        let mut fill = |at: usize, value: u32| -> Option<()> {
            let place = picture.get_mut(base + at..base + at + 4)?;
            place.copy_from_slice(&value.to_be_bytes());
            Some(())
        };
        fill(ENTRIES_AT + 4, length)?;
        fill(ENTRIES_AT + 20, map_length)?;
        fill(ENTRIES_AT + 24, offset)?;
        picture.extend(&self.jpeg);
        Some(picture)
    }
}

/// `encoded` with the metadata segments of `original`.
fn with_segments(encoded: Vec<u8>, original: &[u8]) -> Option<Vec<u8>> {
    let mut jpeg = Jpeg::from_bytes(encoded.into()).ok()?;
    let original = Jpeg::from_bytes(original.to_vec().into()).ok()?;
    let says = |marker: u8| matches!(marker, markers::APP1 | markers::APP2);
    let is_index = |contents: &[u8]| contents.starts_with(b"MPF\0");
    let kept: Vec<_> = original
        .segments()
        .iter()
        .filter(|segment| says(segment.marker()) && !is_index(segment.contents()))
        .cloned()
        .collect();
    // Behind the JFIF segment.
    let place = 1.min(jpeg.segments().len());
    jpeg.segments_mut().splice(place..place, kept);
    Some(jpeg.encoder().bytes().to_vec())
}

/// The start of the index: its name, and a big-endian TIFF header.
const INDEX_HEAD: &[u8] = b"MPF\0MM\0\x2a\0\0\0\x08";
/// Offset of the two entries of 16 bytes, behind the header and a directory of three entries.
const ENTRIES_AT: usize = 8 + 2 + 3 * 12 + 4;

/// The contents of an APP2 segment with an index of two pictures; lengths and offsets are 0 until filled in.
pub(super) fn index_segment() -> Vec<u8> {
    let mut segment = INDEX_HEAD.to_vec();
    segment.extend([0, 3]);
    // MPFVersion "0100", NumberOfImages 2, MPEntry of 32 bytes.
    segment.extend(b"\xb0\x00\x00\x07\x00\x00\x00\x040100");
    segment.extend(b"\xb0\x01\x00\x04\x00\x00\x00\x01\x00\x00\x00\x02");
    segment.extend(b"\xb0\x02\x00\x07\x00\x00\x00\x20\x00\x00\x00");
    segment.push(ENTRIES_AT as u8);
    segment.extend([0; 4]);
    // The attribute of the first one: the baseline picture, a JPEG.
    segment.extend(b"\x00\x03\x00\x00");
    segment.extend([0; 28]);
    segment
}
