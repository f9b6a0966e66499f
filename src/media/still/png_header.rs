//! The chunks of a PNG file except the picture's (PNG specification, third edition).

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crate::media::color_meaning::PngColor;

/// What the chunks say, wherever in the file they are.
#[derive(Debug, Default)]
pub(super) struct PngHeader {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bits a sample; of a palette's colors, 8.
    pub(super) bit_depth: u8,
    /// Rows come in seven passes.
    pub(super) interlaced: bool,
    pub(super) icc: bool,
    /// There is an animation of more than one frame.
    pub(super) animated: bool,
    /// The color chunks other than the profile.
    pub(super) color: PngColor,
    pub(super) exif: Option<Vec<u8>>,
    /// From an uncompressed text chunk.
    pub(super) xmp: Option<Vec<u8>>,
}

/// More chunks than any real file has.
const MOST_CHUNKS: usize = 100_000;
/// Longer blocks of metadata are skipped.
const MOST_BYTES: u32 = 64 << 20;

impl PngHeader {
    /// Reads all chunks but the picture's. `None` without a header chunk.
    pub(super) fn read(reader: &mut (impl BufRead + Seek)) -> io::Result<Option<Self>> {
        let mut header = Self::default();
        let mut frames = Frames::default();
        reader.seek(SeekFrom::Start(8))?;
        for _ in 0..MOST_CHUNKS {
            match read_chunk(reader, &mut header, &mut frames) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(error),
            }
        }
        header.animated = frames.announced && frames.count > 1;
        Ok((header.width > 0 && header.height > 0).then_some(header))
    }
}

/// What was seen of an animation.
#[derive(Default)]
struct Frames {
    /// `acTL` comes before the picture, as it must.
    announced: bool,
    picture_begun: bool,
    count: u32,
}

/// Reads one chunk; false at the last.
fn read_chunk(
    reader: &mut (impl BufRead + Seek),
    header: &mut PngHeader,
    frames: &mut Frames,
) -> io::Result<bool> {
    let mut start = [0; 8];
    reader.read_exact(&mut start)?;
    let [l3, l2, l1, l0, kind @ ..] = start;
    let length = u32::from_be_bytes([l3, l2, l1, l0]);
    match &kind {
        b"acTL" => frames.announced |= !frames.picture_begun,
        b"fcTL" => frames.count = frames.count.saturating_add(1),
        b"IDAT" => frames.picture_begun = true,
        _ => {}
    }
    let read = matches!(
        &kind,
        b"IHDR" | b"eXIf" | b"iTXt" | b"cICP" | b"sRGB" | b"gAMA" | b"cHRM"
    );
    if !read || length > MOST_BYTES {
        header.icc |= &kind == b"iCCP";
        reader.seek_relative(i64::from(length) + 4)?;
        return Ok(&kind != b"IEND");
    }
    let mut body = Vec::new();
    reader
        .by_ref()
        .take(u64::from(length))
        .read_to_end(&mut body)?;
    if body.len() < length as usize {
        return Ok(false);
    }
    reader.seek_relative(4)?;
    match &kind {
        b"IHDR" => {
            if let [
                w3,
                w2,
                w1,
                w0,
                h3,
                h2,
                h1,
                h0,
                depth,
                color,
                _,
                _,
                interlace,
            ] = *body
            {
                header.interlaced = interlace != 0;
                header.width = u32::from_be_bytes([w3, w2, w1, w0]);
                header.height = u32::from_be_bytes([h3, h2, h1, h0]);
                header.bit_depth = if color == 3 { 8 } else { depth };
            }
        }
        b"cICP" => header.color.code_points = body.try_into().ok(),
        b"sRGB" => header.color.srgb = true,
        b"gAMA" => header.color.gamma = body.try_into().ok().map(u32::from_be_bytes),
        b"cHRM" => header.color.chromaticities = numbers(&body),
        b"eXIf" => {
            header.exif.get_or_insert(body);
        }
        _ => {
            if let Some(packet) = uncompressed_xmp(&body) {
                header.xmp.get_or_insert(packet.to_vec());
            }
        }
    }
    Ok(true)
}

/// The eight numbers of a `cHRM` chunk.
fn numbers(body: &[u8]) -> Option<[u32; 8]> {
    let (numbers, []) = body.as_chunks::<4>() else {
        return None;
    };
    let numbers: [[u8; 4]; 8] = numbers.try_into().ok()?;
    Some(numbers.map(u32::from_be_bytes))
}

/// The text of an `iTXt` chunk with XMP's keyword: keyword, 0, compression flag and method, language, 0, translated
/// keyword, 0, text.
fn uncompressed_xmp(body: &[u8]) -> Option<&[u8]> {
    let rest = body.strip_prefix(b"XML:com.adobe.xmp\0")?;
    let [0, _, rest @ ..] = rest else {
        return None;
    };
    let mut parts = rest.splitn(3, |&byte| byte == 0);
    parts.next()?;
    parts.next()?;
    parts.next()
}
