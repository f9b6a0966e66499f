//! APEv1 and APEv2: items by name at the end of Monkey's Audio, WavPack, Musepack and MP3 files.
//!
//! The footer says how far the items reach back (Hydrogenaudio wiki, "APEv2 specification"). An ID3v1 tag and a Lyrics3
//! block may stand behind it.

use super::fields::{TagFields, utf8_or_latin1};
use super::id3v1;
use super::source::TagSource;

/// Length of the footer.
const FOOTER: u64 = 32;
/// No real tag has more items.
const MOST_ITEMS: usize = 1000;
/// The end of a Lyrics3 v2 block: six digits of length and nine letters.
const LYRICS_END: u64 = 15;

/// The tag at the end of the file, with pictures if `artwork` is set.
pub(super) fn read(source: &mut TagSource<'_>, artwork: bool) -> Option<TagFields> {
    let mut end = source.bytes();
    if end >= id3v1::BYTES && source.array(end - id3v1::BYTES) == Some(*b"TAG") {
        end -= id3v1::BYTES;
    }
    if let Some(at) = end.checked_sub(LYRICS_END)
        && let Some(lyrics) = source.array::<{ LYRICS_END as usize }>(at)
        && lyrics.ends_with(b"LYRICS200")
    {
        let digits = std::str::from_utf8(lyrics.get(..6)?).ok()?;
        end = at.checked_sub(digits.parse().ok()?)?;
    }
    let footer: [u8; FOOTER as usize] = source.array(end.checked_sub(FOOTER)?)?;
    let [
        b'A',
        b'P',
        b'E',
        b'T',
        b'A',
        b'G',
        b'E',
        b'X',
        _,
        _,
        _,
        _,
        s0,
        s1,
        s2,
        s3,
        c0,
        c1,
        c2,
        c3,
        ..,
    ] = footer
    else {
        return None;
    };
    let size = u64::from(u32::from_le_bytes([s0, s1, s2, s3]));
    let count = u32::from_le_bytes([c0, c1, c2, c3]) as usize;
    let length = size.checked_sub(FOOTER)?;
    let items = source.exactly(end.checked_sub(size)?, length)?;
    Some(parse(&items, count, artwork))
}

/// Items: length, flags, a name that ends with 0, and the value.
fn parse(mut items: &[u8], count: usize, artwork: bool) -> TagFields {
    let mut fields = TagFields::default();
    for _ in 0..count.min(MOST_ITEMS) {
        let Some((&[l0, l1, l2, l3, flags, _, _, _], rest)) = items.split_first_chunk::<8>() else {
            break;
        };
        let Some(end) = rest.iter().position(|&byte| byte == 0) else {
            break;
        };
        let (name, rest) = (&rest[..end], &rest[end + 1..]);
        let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        let Some((value, rest)) = rest.split_at_checked(length) else {
            break;
        };
        items = rest;
        let name = utf8_or_latin1(name);
        // Bits 1 and 2: 0 for text, 1 for bytes, 2 for an address.
        if flags >> 1 & 3 != 1 {
            for part in value.split(|&byte| byte == 0) {
                fields.add_named(&name, &utf8_or_latin1(part));
            }
        } else if artwork && name.to_ascii_lowercase().starts_with("cover art") {
            // The name of a file, 0, and the picture.
            let at = value
                .iter()
                .position(|&byte| byte == 0)
                .map_or(0, |at| at + 1);
            let front = name.to_ascii_lowercase().contains("front");
            fields.add_picture(front, value.get(at..).unwrap_or_default());
        }
    }
    fields
}
