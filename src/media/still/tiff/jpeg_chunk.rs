//! A strip or tile that is a JPEG stream (TIFF technical note 2), whose tables may stand in the directory.

use std::io::{self, Cursor, Read};

use turbojpeg::{Decompressor, Image, PixelFormat};

use super::chunk_picture::ChunkPicture;
use super::layout::{TiffColor, TiffLayout};
use crate::geometry::Size;
use crate::media::still::jpeg_header::JpegHeader;

/// As of JPEG files: thousands of empty scans are an attack.
const MOST_SCANS: u32 = 100;
/// How far a stream may be larger than its strip: encoders round up to whole blocks.
const MOST_ROUNDING: u32 = 64;

const START: &[u8] = b"\xff\xd8";
const END: &[u8] = b"\xff\xd9";

/// What a stream's components are, which the directory says and not the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum JpegColor {
    /// One component.
    Single,
    Rgb,
    YCbCr,
    Inks,
}

/// What the components of a layout's streams are.
pub(super) fn color(layout: &TiffLayout) -> JpegColor {
    match layout.color {
        _ if layout.planar => JpegColor::Single,
        TiffColor::Grey { .. } | TiffColor::Palette(_) => JpegColor::Single,
        TiffColor::Rgb | TiffColor::Lab(_) => JpegColor::Rgb,
        TiffColor::YCbCr(_) | TiffColor::JpegYCbCr => JpegColor::YCbCr,
        TiffColor::Inks => JpegColor::Inks,
    }
}

/// Decodes a stream for a strip or tile of `place`'s size.
pub(super) fn decode(
    packed: &mut impl Read,
    tables: &[u8],
    color: JpegColor,
    place: Size,
) -> io::Result<ChunkPicture> {
    let mut stream = Vec::new();
    packed.read_to_end(&mut stream)?;
    let (bytes, header) = joined(&stream, tables, color)?;
    let (format, samples) = match color {
        JpegColor::Single => (PixelFormat::GRAY, 1),
        JpegColor::Rgb | JpegColor::YCbCr => (PixelFormat::RGB, 3),
        JpegColor::Inks => (PixelFormat::CMYK, 4),
    };
    if header.precision != 8 || header.sampling.len() != samples {
        return Err(bad("a JPEG in it is of another kind than it says"));
    }
    let size = Size::new(header.width.into(), header.height.into());
    let fits = |side: u32, most: u32| side <= most.saturating_add(MOST_ROUNDING);
    if size.pixels() == 0 || !fits(size.width, place.width) || !fits(size.height, place.height) {
        return Err(bad("a JPEG in it is larger than its place"));
    }
    let width = size.width as usize;
    let mut image = Image {
        pixels: vec![0x80; size.pixels() as usize * samples],
        width,
        pitch: width * samples,
        height: size.height as usize,
        format,
    };
    let outcome = Decompressor::new().and_then(|mut decompressor| {
        decompressor.set_scan_limit(MOST_SCANS)?;
        decompressor.decompress(&bytes, image.as_deref_mut())
    });
    let problem = outcome.err().map(|error| error.to_string());
    if let Some(what) = &problem
        && image.pixels.iter().all(|&sample| sample == 0x80)
    {
        return Err(bad(what));
    }
    Ok(ChunkPicture {
        size,
        samples,
        bytes: image.pixels,
        problem,
    })
}

/// The stream behind its tables, with Adobe's mark for its color in front of its first scan, where none overrules it.
fn joined(stream: &[u8], tables: &[u8], color: JpegColor) -> io::Result<(Vec<u8>, JpegHeader)> {
    let mut all = START.to_vec();
    let tables = tables.strip_prefix(START).unwrap_or(tables);
    all.extend(tables.strip_suffix(END).unwrap_or(tables));
    all.extend(stream.strip_prefix(START).unwrap_or(stream));
    let header = JpegHeader::read(&mut Cursor::new(&all))?
        .ok_or_else(|| bad("a JPEG in it has no header"))?;
    let scans = usize::try_from(header.scan_at).unwrap_or(usize::MAX);
    let scans = all.get(scans..).filter(|_| scans > 0).unwrap_or_default();
    let mut bytes = header.essence.clone();
    let transform = match color {
        JpegColor::Single => None,
        JpegColor::Rgb | JpegColor::Inks => Some(0),
        JpegColor::YCbCr => Some(1),
    };
    if let Some(transform) = transform {
        // APP14, 14 bytes: "Adobe", version 100, two words of flags, the color transform.
        bytes.extend(b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00");
        bytes.push(transform);
    }
    bytes.extend(scans);
    if !scans.ends_with(END) {
        bytes.extend(END);
    }
    Ok((bytes, header))
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
