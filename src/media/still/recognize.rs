//! Recognizes the format of a still by its first bytes. File names are not considered.

use crate::media::metadata::exif;

/// A format that can be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodedFormat {
    Jpeg,
    Png,
    WebP,
    Gif,
    Tiff,
    Bmp,
    /// HEVC in a HEIF file.
    Heic,
    /// AV1 in a HEIF file.
    Avif,
}

impl CodedFormat {
    /// The container's name in a probe.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Gif => "gif",
            Self::Tiff => "tiff",
            Self::Bmp => "bmp",
            Self::Heic => "heic",
            Self::Avif => "avif",
        }
    }
}

/// What the first bytes say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileHead {
    /// A still that is decoded here.
    Still(CodedFormat),
    /// A still in a format that cannot be decoded; its name for messages.
    Foreign(&'static str),
    /// A still whose first bytes were altered in transfer; how.
    Bent(&'static str),
    /// Not a still, or one that its first bytes do not identify.
    Other,
}

/// Number of first bytes that [`recognize`] needs.
pub(super) const HEAD_BYTES: usize = 4096;

/// Recognizes a file by its first [`HEAD_BYTES`], or fewer if the file is shorter.
pub(super) fn recognize(head: &[u8]) -> FileHead {
    let starts = |magic: &[u8]| head.starts_with(magic);
    if starts(b"\xff\xd8\xff") {
        return FileHead::Still(CodedFormat::Jpeg);
    }
    if starts(b"\x89PNG\r\n\x1a\n") {
        return FileHead::Still(CodedFormat::Png);
    }
    if starts(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return FileHead::Still(CodedFormat::WebP);
    }
    if starts(b"GIF87a") || starts(b"GIF89a") {
        return FileHead::Still(CodedFormat::Gif);
    }
    if let Some(name) = raw_name(head) {
        return FileHead::Foreign(name);
    }
    if starts(b"II\x2a\x00")
        || starts(b"MM\x00\x2a")
        || starts(b"II\x2b\x00")
        || starts(b"MM\x00\x2b")
    {
        return FileHead::Still(CodedFormat::Tiff);
    }
    if is_bitmap(head) {
        return FileHead::Still(CodedFormat::Bmp);
    }
    if let Some(recognized) = iso(head) {
        return recognized;
    }
    if let Some(name) = foreign_name(head) {
        return FileHead::Foreign(name);
    }
    // The signature of PNG is designed to break if line ends are converted or the eighth bit is lost.
    let chunk_near_start = head
        .get(6..18)
        .is_some_and(|near| near.windows(4).any(|kind| kind == b"IHDR"));
    if chunk_near_start {
        return FileHead::Bent("its PNG signature was changed, as by a transfer as text");
    }
    FileHead::Other
}

/// `BM` may also begin a text, so the size of the second header is checked too.
fn is_bitmap(head: &[u8]) -> bool {
    let header_size = head
        .get(14..18)
        .and_then(|bytes| bytes.try_into().ok())
        .map(u32::from_le_bytes);
    head.starts_with(b"BM") && matches!(header_size, Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

fn raw_name(head: &[u8]) -> Option<&'static str> {
    let canon = head.get(8..11) == Some(b"CR\x02") && head.starts_with(b"II\x2a\x00");
    let raw = canon
        || head.starts_with(b"FUJIFILMCCD-RAW")
        || head.starts_with(b"IIRO")
        || head.starts_with(b"IIRS")
        || head.starts_with(b"IIU\x00")
        || head.get(6..14) == Some(b"HEAPCCDR")
        || exif::is_camera_raw(head);
    raw.then_some("a camera raw picture")
}

fn foreign_name(head: &[u8]) -> Option<&'static str> {
    const BY_MAGIC: &[(&[u8], &str)] = &[
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xff\x4f\xff\x51", "JPEG 2000"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\xff\x0a", "JPEG XL"),
        (b"8BPS\x00\x01", "a Photoshop document"),
        (b"8BPS\x00\x02", "a Photoshop document"),
        (b"%!PS", "PostScript"),
        (b"\xc5\xd0\xd3\xc6", "PostScript"),
        (b"%PDF-", "PDF"),
        (b"\x76\x2f\x31\x01", "OpenEXR"),
        (b"#?RADIANCE", "Radiance HDR"),
        (b"#?RGBE", "Radiance HDR"),
        (b"qoif", "QOI"),
        (b"DDS ", "DirectDraw surface"),
        (b"SIMPLE  =", "FITS"),
        (b"gimp xcf", "a GIMP picture"),
        (b"icns", "an Apple icon"),
        (b"DanM", "Windows Paint"),
        (b"LinS", "Windows Paint"),
        (b"\x8aMNG\r\n\x1a\n", "MNG"),
        (b"\x8bJNG\r\n\x1a\n", "JNG"),
        (b"farbfeld", "farbfeld"),
    ];
    if let Some((_, name)) = BY_MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(name);
    }
    icon_name(head)
        .or_else(|| netpbm_name(head))
        .or_else(|| silicon_graphics_name(head))
        .or_else(|| vector_name(head))
}

/// HEIC and AVIF are ISO base media files like MP4; only their brands differ (ISO/IEC 14496-12, 23008-12).
fn iso(head: &[u8]) -> Option<FileHead> {
    if head.get(4..8) != Some(b"ftyp") {
        return None;
    }
    let length: [u8; 4] = head.get(..4)?.try_into().ok()?;
    let length = (u32::from_be_bytes(length) as usize).clamp(16, 1024);
    let major = head.get(8..12)?;
    let compatible = head.get(16..length.min(head.len())).unwrap_or_default();
    let also = |brand: &[u8]| compatible.chunks_exact(4).any(|other| other == brand);
    let (heic, avif) = (
        Some(FileHead::Still(CodedFormat::Heic)),
        Some(FileHead::Still(CodedFormat::Avif)),
    );
    match major {
        b"avif" | b"avis" => avif,
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => heic,
        b"mif1" | b"msf1" | b"mif2" | b"miaf" => {
            if also(b"avif") || also(b"avis") {
                avif
            } else if also(b"heic") || also(b"heix") || also(b"hevc") {
                heic
            } else {
                Some(FileHead::Foreign("HEIF"))
            }
        }
        b"crx " => Some(FileHead::Foreign("a camera raw picture")),
        _ => None,
    }
}

fn icon_name(head: &[u8]) -> Option<&'static str> {
    let icon = head.starts_with(b"\x00\x00\x01\x00") || head.starts_with(b"\x00\x00\x02\x00");
    // At least one picture, and the reserved byte of the first entry is 0.
    let count = u16::from_le_bytes(head.get(4..6)?.try_into().ok()?);
    (icon && (1..256).contains(&count) && head.get(9) == Some(&0)).then_some("a Windows icon")
}

fn netpbm_name(head: &[u8]) -> Option<&'static str> {
    let [b'P', kind, space, next, ..] = *head else {
        return None;
    };
    let plain = matches!(kind, b'1'..=b'7') && space.is_ascii_whitespace();
    let telling =
        next.is_ascii_digit() || next.is_ascii_whitespace() || matches!(next, b'#' | b'W' | b'-');
    (plain && telling).then_some("a Netpbm picture")
}

fn silicon_graphics_name(head: &[u8]) -> Option<&'static str> {
    let [0x01, 0xda, storage, bytes, ..] = *head else {
        return None;
    };
    (storage <= 1 && matches!(bytes, 1 | 2)).then_some("SGI")
}

fn vector_name(head: &[u8]) -> Option<&'static str> {
    let text = std::str::from_utf8(head.get(..512).unwrap_or(head)).ok()?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let xml = text.starts_with("<?xml") || text.starts_with("<!DOCTYPE svg");
    (text.starts_with("<svg") || (xml && text.contains("<svg"))).then_some("SVG")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brands_tell_heif_from_mp4() {
        let file = |major: &[u8; 4], compatible: &[&[u8; 4]]| {
            let mut bytes = (16 + 4 * compatible.len() as u32).to_be_bytes().to_vec();
            bytes.extend(b"ftyp");
            bytes.extend(major);
            bytes.extend([0; 4]);
            bytes.extend(compatible.iter().flat_map(|brand| brand.iter()));
            bytes.extend([0; 64]);
            bytes
        };
        let told = |major, compatible: &[&[u8; 4]]| recognize(&file(major, compatible));
        let (heic, avif) = (
            FileHead::Still(CodedFormat::Heic),
            FileHead::Still(CodedFormat::Avif),
        );
        assert_eq!(told(b"heic", &[]), heic);
        assert_eq!(told(b"mif1", &[b"heic"]), heic);
        assert_eq!(told(b"mif1", &[b"avif"]), avif);
        assert_eq!(told(b"avis", &[]), avif);
        assert_eq!(told(b"mif1", &[b"jpeg"]), FileHead::Foreign("HEIF"));
        for brand in [b"isom", b"mp42", b"qt  ", b"M4A ", b"iso6"] {
            assert_eq!(told(brand, &[b"mp41", b"hvc1"]), FileHead::Other);
        }
    }

    #[test]
    fn text_that_begins_with_bm_is_no_bitmap() {
        assert_eq!(recognize(b"BMW drivers are people too"), FileHead::Other);
        assert_eq!(recognize(b"P3 is a color space"), FileHead::Other);
        assert_eq!(recognize(b""), FileHead::Other);
    }
}
