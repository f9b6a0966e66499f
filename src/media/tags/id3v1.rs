//! ID3v1: 128 bytes at the very end, fields of fixed length in Latin-1 (id3.org, "ID3v1").

use super::fields::{Field, TagFields, latin1};
use super::source::TagSource;

/// Length of the tag.
pub(super) const BYTES: u64 = 128;

/// The tag at the end of the file.
pub(super) fn read(source: &mut TagSource<'_>) -> Option<TagFields> {
    let at = source.bytes().checked_sub(BYTES)?;
    let tag = source.exactly(at, BYTES)?;
    tag.starts_with(b"TAG").then_some(())?;
    let mut fields = TagFields::default();
    let parts = [
        (Field::Title, 3..33),
        (Field::Artist, 33..63),
        (Field::Album, 63..93),
        (Field::Comment, 97..127),
    ];
    for (field, range) in parts {
        let text = tag.get(range).unwrap_or_default();
        let end = text
            .iter()
            .position(|&byte| byte == 0)
            .unwrap_or(text.len());
        fields.add(field, &latin1(text.get(..end).unwrap_or_default()));
    }
    Some(fields)
}
