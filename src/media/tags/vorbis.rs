//! Vorbis comments: `NAME=value` in UTF-8, in Ogg and FLAC (xiph.org, "Ogg Vorbis I format specification: comment field
//! and header specification"), and the pictures that FLAC and Ogg carry (RFC 9639, section 8.8).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fields::{FRONT_COVER, TagFields};

/// More comments than any file has.
const MOST_COMMENTS: usize = 10_000;

/// The comments of `block`, which begins with the name of the program that wrote it. Pictures in Base64 are read where
/// `artwork` is wanted. A comment that reaches past the end is the last.
pub(super) fn read_comments(block: &[u8], artwork: bool) -> TagFields {
    let mut fields = TagFields::default();
    let Some((_, rest)) = sized(block, u32::from_le_bytes) else {
        return fields;
    };
    let Some((count, mut rest)) = rest.split_first_chunk::<4>() else {
        return fields;
    };
    let count = u32::from_le_bytes(*count) as usize;
    for _ in 0..count.min(MOST_COMMENTS) {
        let Some((comment, after)) = sized(rest, u32::from_le_bytes) else {
            break;
        };
        rest = after;
        let Some(at) = comment.iter().position(|&byte| byte == b'=') else {
            continue;
        };
        let name = String::from_utf8_lossy(&comment[..at]);
        let value = &comment[at + 1..];
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if is("METADATA_BLOCK_PICTURE") || is("COVERART") {
            let picture = artwork
                .then(|| STANDARD.decode(value.trim_ascii()).ok())
                .flatten();
            match picture {
                Some(picture) if is("COVERART") => fields.add_picture(false, &picture),
                Some(picture) => read_picture(&picture, &mut fields),
                None => {}
            }
        } else {
            fields.add_named(&name, &String::from_utf8_lossy(value));
        }
    }
    fields
}

/// A picture block: type, media type, description, four numbers, and the picture.
pub(super) fn read_picture(block: &[u8], fields: &mut TagFields) {
    let read = || {
        let (kind, rest) = block.split_first_chunk::<4>()?;
        let (media_type, rest) = sized(rest, u32::from_be_bytes)?;
        let (_, rest) = sized(rest, u32::from_be_bytes)?;
        let (data, _) = sized(rest.get(16..)?, u32::from_be_bytes)?;
        // The address of a picture is no picture.
        (media_type != b"-->").then_some((u32::from_be_bytes(*kind) == FRONT_COVER, data))
    };
    if let Some((front, data)) = read() {
        fields.add_picture(front, data);
    }
}

/// Bytes behind their length, and the rest.
fn sized(bytes: &[u8], number: fn([u8; 4]) -> u32) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(number(*length) as usize)
}
