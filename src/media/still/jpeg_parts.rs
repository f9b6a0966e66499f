//! What stands behind the picture of a JPEG file: more pictures, a gain map, a depth map, a film.
//!
//! Three ways to say so are read: the Multi-Picture Format's index (CIPA DC-007, section 5), the directory of items in
//! XMP (Google's dynamic depth, motion photo and Ultra HDR formats), and the trailer of Samsung's phones. What such a
//! list claims counts only where the bytes behind it begin as they must.

use std::io::{self, BufRead, Cursor, Read, Seek, SeekFrom};

use super::jpeg_header::JpegHeader;
use crate::media::metadata::xmp_tree::Tree;
use crate::notice::{LeftOutPart, MediaPart};

const CAMERA: &str = "http://ns.google.com/photos/1.0/camera/";
const CONTAINER: &str = "http://ns.google.com/photos/1.0/container/";
const CONTAINER_ITEM: &str = "http://ns.google.com/photos/1.0/container/item/";
const DEPTH_MAP: &str = "http://ns.google.com/photos/1.0/depthmap/";
const GAIN_MAP: &str = "http://ns.adobe.com/hdr-gain-map/1.0/";
const APPLE_GAIN_MAP: &str = "http://ns.apple.com/HDRGainMap/1.0/";
const APPLE_PIXELS: &str = "http://ns.apple.com/pixeldatainfo/1.0/";
const ISO_GAIN_MAP: &[u8] = b"urn:iso:std:iso:ts:21496:-1\0";

/// Pictures and items that are looked at; files with more are no photos.
const MOST_PARTS: usize = 64;
/// A longer gain map is none: they have a quarter of a photo's pixels, or fewer.
const MOST_GAIN_MAP_BYTES: u64 = 32 << 20;
/// Bytes at the start of a part that hold all that says what it is.
const PART_HEAD_BYTES: u64 = 256 << 10;
/// Bytes of Samsung's trailer that are looked through: its list of some dozens of parts.
const TRAILER_BYTES: u64 = 8 << 10;
/// The type of a film in Samsung's trailer.
const SAMSUNG_FILM: &[u8] = b"\0\0\x30\x0a";

/// A part by its place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct JpegPart {
    part: MediaPart,
    at: u64,
    length: u64,
    /// A gain map that is described as Ultra HDR does, so that it can be written again.
    ultra_hdr: bool,
}

/// All parts of a file.
#[derive(Debug, Default)]
pub(super) struct JpegParts {
    parts: Vec<JpegPart>,
    /// Depth that stands in the metadata.
    depth_in_metadata: bool,
}

impl JpegParts {
    /// Looks behind the picture whose header was read. What cannot be read is not there.
    pub(super) fn read(
        reader: &mut (impl BufRead + Seek),
        header: &JpegHeader,
        bytes: u64,
    ) -> io::Result<Self> {
        let mut parts = Self::default();
        let tree = header.xmp.as_deref().map(Tree::parse_what_is_there);
        for (at, length) in claimed_pictures(header) {
            parts.add(reader, at, length, bytes)?;
        }
        if let Some(tree) = &tree {
            for (at, length) in claimed_items(tree, bytes) {
                parts.add(reader, at, length, bytes)?;
            }
            parts.depth_in_metadata = tree.has(|property| property.namespace == DEPTH_MAP);
        }
        if let Some((at, length)) = samsung_film(reader, bytes)? {
            parts.add(reader, at, length, bytes)?;
        }
        Ok(parts)
    }

    /// What is there besides the picture.
    pub(super) fn left_out(&self) -> Vec<LeftOutPart> {
        let kinds = [
            MediaPart::Pictures,
            MediaPart::GainMap,
            MediaPart::DepthMap,
            MediaPart::Masks,
            MediaPart::Film,
        ];
        let count = |kind: MediaPart| {
            let in_metadata = kind == MediaPart::DepthMap && self.depth_in_metadata;
            let behind = self.parts.iter().filter(|part| part.part == kind).count();
            behind.max(usize::from(in_metadata)) as u64
        };
        let all = kinds.map(|part| LeftOutPart {
            part,
            count: count(part),
        });
        all.into_iter().filter(|part| part.count > 0).collect()
    }

    /// The bytes of a gain map that can be written again.
    pub(super) fn gain_map(&self, reader: &mut (impl Read + Seek)) -> io::Result<Option<Vec<u8>>> {
        let Some(map) = self.parts.iter().find(|part| part.ultra_hdr) else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        reader.seek(SeekFrom::Start(map.at))?;
        reader.by_ref().take(map.length).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Notes what begins at `at`, unless it is known already or nothing that is known here.
    fn add(
        &mut self,
        reader: &mut (impl BufRead + Seek),
        at: u64,
        length: u64,
        bytes: u64,
    ) -> io::Result<()> {
        let inside = at > 0 && length > 0 && at.checked_add(length).is_some_and(|end| end <= bytes);
        let known = self.parts.iter().any(|part| part.at == at);
        if !inside || known || self.parts.len() >= MOST_PARTS {
            return Ok(());
        }
        reader.seek(SeekFrom::Start(at))?;
        let mut head = Vec::new();
        let most = length.min(PART_HEAD_BYTES);
        reader.by_ref().take(most).read_to_end(&mut head)?;
        if head.get(4..8) == Some(b"ftyp") {
            self.parts.push(JpegPart {
                part: MediaPart::Film,
                at,
                length,
                ultra_hdr: false,
            });
        } else if head.starts_with(b"\xff\xd8\xff") {
            let (part, ultra_hdr) = picture_kind(&head);
            let ultra_hdr = ultra_hdr && length <= MOST_GAIN_MAP_BYTES;
            self.parts.push(JpegPart {
                part,
                at,
                length,
                ultra_hdr,
            });
        }
        Ok(())
    }
}

/// What the picture of a part is, and whether it is a gain map as Ultra HDR writes it.
fn picture_kind(head: &[u8]) -> (MediaPart, bool) {
    let header = JpegHeader::read(&mut Cursor::new(head)).ok().flatten();
    let tree = header
        .as_ref()
        .and_then(|header| header.xmp.as_deref())
        .map(Tree::parse_what_is_there);
    let says = |namespace: &str| {
        let is = |tree: &Tree| tree.has(|property| property.namespace == namespace);
        tree.as_ref().is_some_and(is)
    };
    let iso = head
        .windows(ISO_GAIN_MAP.len())
        .any(|part| part == ISO_GAIN_MAP);
    if says(GAIN_MAP) || iso {
        return (MediaPart::GainMap, true);
    }
    let apple = tree
        .as_ref()
        .and_then(|tree| tree.values(APPLE_PIXELS, "AuxiliaryImageType").pop())
        .unwrap_or_default();
    if says(APPLE_GAIN_MAP) || apple.contains("hdrgainmap") {
        (MediaPart::GainMap, false)
    } else if apple.contains("matte") {
        (MediaPart::Masks, false)
    } else if apple.contains("depth") || apple.contains("disparity") {
        (MediaPart::DepthMap, false)
    } else {
        (MediaPart::Pictures, false)
    }
}

/// Where the index of the Multi-Picture Format says that further pictures are, and how long. Smaller copies of the
/// picture for screens are left aside.
fn claimed_pictures(header: &JpegHeader) -> Vec<(u64, u64)> {
    let Some((block, at)) = &header.pictures_index else {
        return Vec::new();
    };
    let little_endian = block.starts_with(b"II");
    let word = |place: usize| -> Option<u32> {
        let bytes: [u8; 4] = block.get(place..place.checked_add(4)?)?.try_into().ok()?;
        Some(if little_endian {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    };
    let short = |place: usize| {
        let bytes: [u8; 2] = block.get(place..place.checked_add(2)?)?.try_into().ok()?;
        Some(if little_endian {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let entries = || {
        let directory = word(4)? as usize;
        let count = usize::from(short(directory)?);
        let tag = (0..count)
            .map(|number| directory + 2 + number * 12)
            .find(|&entry| short(entry) == Some(0xb002))?;
        let (length, list) = (word(tag + 4)? as usize, word(tag + 8)? as usize);
        let entry = |number: usize| {
            let place = list.checked_add(number * 16)?;
            Some((word(place)?, word(place + 4)?, word(place + 8)?))
        };
        Some(
            (1..(length / 16).min(MOST_PARTS))
                .filter_map(entry)
                .collect::<Vec<_>>(),
        )
    };
    // Class 1 of the attribute's last three bytes: a large thumbnail.
    let is_thumbnail = |attribute: u32| attribute & 0x00ff_0000 == 0x0001_0000;
    let all = entries().unwrap_or_default();
    all.into_iter()
        .filter(|(attribute, _, offset)| !is_thumbnail(*attribute) && *offset > 0)
        .map(|(_, length, offset)| (at + u64::from(offset), u64::from(length)))
        .collect()
}

/// Where the directory of items in XMP says that parts are: one behind the other, the last one up to the end.
fn claimed_items(tree: &Tree, bytes: u64) -> Vec<(u64, u64)> {
    let items = tree.elements(CONTAINER, "Item");
    let number = |item: &crate::media::metadata::xmp_tree::Element, name: &str| {
        let text = item.field(CONTAINER_ITEM, name)?;
        text.trim().parse::<u64>().ok()
    };
    let mut end = bytes;
    let mut parts = Vec::new();
    // The first item is the picture, whose length nobody states.
    for item in items.iter().skip(1).take(MOST_PARTS).rev() {
        let length = number(item, "Length").unwrap_or(0);
        let Some(at) = end.checked_sub(length).filter(|_| length > 0) else {
            break;
        };
        parts.push((at, length));
        end = at.saturating_sub(number(item, "Padding").unwrap_or(0));
    }
    // Motion photos before the directory: so many bytes before the end.
    let offset = tree.values(CAMERA, "MicroVideoOffset").pop();
    if let Some(length) = offset.and_then(|text| text.trim().parse::<u64>().ok())
        && let Some(at) = bytes.checked_sub(length)
    {
        parts.push((at, length));
    }
    parts
}

/// The film that Samsung's trailer names: it ends with the list of parts, its length and `SEFT`; an entry is its type,
/// how far before the list its part begins, and its length. A part has its type and its name in front.
fn samsung_film(reader: &mut (impl Read + Seek), bytes: u64) -> io::Result<Option<(u64, u64)>> {
    let start = bytes.saturating_sub(TRAILER_BYTES);
    reader.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    reader.by_ref().take(TRAILER_BYTES).read_to_end(&mut tail)?;
    let word = |at: usize| -> Option<u32> {
        let bytes = tail.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    };
    let find = || {
        if !tail.ends_with(b"SEFT") {
            return None;
        }
        let length = word(tail.len().checked_sub(8)?)? as usize;
        let list = tail.len().checked_sub(length.checked_add(8)?)?;
        (tail.get(list..list + 4)? == b"SEFH").then_some(())?;
        let count = (word(list + 8)? as usize).min(MOST_PARTS);
        let entry = (0..count)
            .map(|number| list + 12 + number * 12)
            .find(|&entry| tail.get(entry..entry + 4) == Some(SAMSUNG_FILM))?;
        let (back, length) = (u64::from(word(entry + 4)?), u64::from(word(entry + 8)?));
        let at = (start + list as u64).checked_sub(back)?;
        Some((at, length))
    };
    let Some((at, length)) = find() else {
        return Ok(None);
    };
    reader.seek(SeekFrom::Start(at))?;
    let mut head = [0; 8];
    if reader.read_exact(&mut head).is_err() {
        return Ok(None);
    }
    let [.., n0, n1, n2, n3] = head;
    let name = 8 + u64::from(u32::from_le_bytes([n0, n1, n2, n3]));
    Ok(length.checked_sub(name).map(|length| (at + name, length)))
}
