//! ASF: WMA and WMV (Microsoft, "Advanced Systems Format Specification", revision 01.20.06, section 3).
//!
//! Up to four objects of the header hold texts. FFmpeg's demuxer is not used for them, since it keeps one of several
//! values.

use super::fields::{FRONT_COVER, Field, TagFields, utf16};
use super::source::TagSource;

/// No real header has more objects.
const MOST_OBJECTS: usize = 1000;
/// No real object has more items.
const MOST_ITEMS: u16 = 10_000;
/// Bytes of an object's GUID and size.
const HEAD_BYTES: u64 = 24;
/// Bytes of the header object in front of the objects in it.
const HEADER_BYTES: u64 = 30;
/// Bytes of the header extension in front of the objects in it.
const EXTENSION_BYTES: u64 = 46;

/// The GUID of the header object, which begins each file.
pub(super) const HEADER: [u8; 16] =
    *b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c";
const DESCRIPTION: [u8; 16] = *b"\x33\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c";
const EXTENDED_DESCRIPTION: [u8; 16] =
    *b"\x40\xa4\xd0\xd2\x07\xe3\xd2\x11\x97\xf0\x00\xa0\xc9\x5e\xa8\x50";
const EXTENSION: [u8; 16] = *b"\xb5\x03\xbf\x5f\x2e\xa9\xcf\x11\x8e\xe3\x00\xc0\x0c\x20\x53\x65";
const METADATA: [u8; 16] = *b"\xea\xcb\xf8\xc5\xaf\x5b\x77\x48\x84\x67\xaa\x8c\x44\xfa\x4c\xca";
const LIBRARY: [u8; 16] = *b"\x94\x1c\x23\x44\x98\x94\xd1\x49\xa1\x41\x1d\x13\x4e\x45\x70\x54";

/// Types of values: text, and bytes.
const TEXT: u16 = 0;
const BYTES: u16 = 1;

/// The tags in the header of the file at `at`.
pub(super) fn read(source: &mut TagSource<'_>, at: u64, artwork: bool) -> TagFields {
    let mut fields = TagFields::default();
    let end = object_end(source, at);
    let mut at = at.saturating_add(HEADER_BYTES);
    for _ in 0..MOST_OBJECTS {
        let Some(mark) = source.array::<16>(at).filter(|_| at < end) else {
            break;
        };
        let next = object_end(source, at);
        // Continue with the objects inside the extension.
        if mark == EXTENSION {
            at = at.saturating_add(EXTENSION_BYTES);
            continue;
        }
        let is_texts = [DESCRIPTION, EXTENDED_DESCRIPTION, METADATA, LIBRARY].contains(&mark);
        if is_texts {
            let content = at.saturating_add(HEAD_BYTES);
            let content = source.up_to(content, next.saturating_sub(content));
            // Items before a truncated one are kept.
            let _ = read_object(&mark, Cursor(&content), artwork, &mut fields);
        }
        at = next;
    }
    fields
}

/// Where the object at `at` ends, behind its head at least.
fn object_end(source: &mut TagSource<'_>, at: u64) -> u64 {
    let size = source
        .array(at.saturating_add(16))
        .map_or(0, u64::from_le_bytes);
    at.saturating_add(size.max(HEAD_BYTES))
}

fn read_object(
    mark: &[u8; 16],
    mut content: Cursor<'_>,
    artwork: bool,
    fields: &mut TagFields,
) -> Option<()> {
    if *mark == DESCRIPTION {
        let names = [
            Field::Title,
            Field::Artist,
            Field::Copyright,
            Field::Comment,
        ];
        let lengths = [
            content.u16()?,
            content.u16()?,
            content.u16()?,
            content.u16()?,
        ];
        content.u16()?;
        for (field, length) in names.into_iter().zip(lengths) {
            fields.add(field, &utf16(content.take(length.into())?, false));
        }
        return Some(());
    }
    for _ in 0..content.u16()?.min(MOST_ITEMS) {
        let (name, kind, value) = if *mark == EXTENDED_DESCRIPTION {
            let length = content.u16()?;
            let name = content.take(length.into())?;
            let (kind, length) = (content.u16()?, content.u16()?);
            (name, kind, content.take(length.into())?)
        } else {
            // Language and stream.
            content.take(4)?;
            let (name, kind, length) = (content.u16()?, content.u16()?, content.u32()?);
            let name = content.take(name.into())?;
            (name, kind, content.take(usize::try_from(length).ok()?)?)
        };
        let name = utf16(name, false);
        let name = name.trim_end_matches('\0');
        match kind {
            TEXT => fields.add_named(name, &utf16(value, false)),
            BYTES if artwork && name == "WM/Picture" => add_picture(value, fields),
            _ => {}
        }
    }
    Some(())
}

/// Adds a picture: its kind as in ID3, its size, media type and description in UTF-16, and its data.
fn add_picture(value: &[u8], fields: &mut TagFields) {
    let [kind, _, _, _, _, rest @ ..] = value else {
        return;
    };
    let (pairs, _) = rest.as_chunks::<2>();
    let mut ends = pairs
        .iter()
        .enumerate()
        .filter(|(_, pair)| **pair == [0, 0]);
    if let Some((at, _)) = ends.nth(1) {
        let data = rest.get(2 * at + 2..).unwrap_or_default();
        fields.add_picture(u32::from(*kind) == FRONT_COVER, data);
    }
}

/// Reads from the front of a slice.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
}
