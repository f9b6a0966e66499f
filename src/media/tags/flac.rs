//! FLAC: metadata blocks in front of the sound (RFC 9639, section 8).

use super::fields::TagFields;
use super::source::TagSource;
use super::vorbis::{read_comments, read_picture};

/// No real file has more blocks.
const MOST_BLOCKS: usize = 1000;
const COMMENTS: u8 = 4;
const PICTURE: u8 = 6;

/// The comments and pictures of the FLAC stream at `at`, whose mark is `fLaC`.
pub(super) fn read(source: &mut TagSource<'_>, mut at: u64, artwork: bool) -> TagFields {
    let mut fields = TagFields::default();
    at += 4;
    for _ in 0..MOST_BLOCKS {
        let Some([kind, l2, l1, l0]) = source.array(at) else {
            break;
        };
        let length = u64::from(u32::from_be_bytes([0, l2, l1, l0]));
        at += 4;
        match kind & 0x7f {
            COMMENTS => fields.extend(read_comments(&source.up_to(at, length), artwork)),
            PICTURE if artwork => read_picture(&source.up_to(at, length), &mut fields),
            127 => break,
            _ => {}
        }
        at += length;
        if kind & 0x80 != 0 {
            break;
        }
    }
    fields
}
