//! WAVE and AVI (RIFF, RF64, BW64) and AIFF: texts in chunks of their own, a whole ID3v2 tag, or XMP.
//!
//! Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0"; EBU Tech 3306; Apple, "AIFF 1.3".
//! If a writer to a pipe left the size of the sound open (0 or the largest number), the search ends there.

use super::fields::{Field, TagFields, utf8_or_latin1};
use super::source::TagSource;
use super::{id3v2, xmp};

/// No real file has more chunks side by side.
const MOST_CHUNKS: usize = 10_000;

/// Which of two families of chunks a file has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Sizes in little-endian.
    Riff,
    /// Sizes in big-endian.
    Aiff,
}

/// The tags of a RIFF file at `at`, ID3v2 first, since it has the most fields.
pub(super) fn read_riff(source: &mut TagSource<'_>, at: u64, artwork: bool) -> Vec<TagFields> {
    read(source, at, Family::Riff, artwork)
}

/// The tags of an AIFF or AIFF-C file at `at`, ID3v2 first.
pub(super) fn read_aiff(source: &mut TagSource<'_>, at: u64, artwork: bool) -> Vec<TagFields> {
    read(source, at, Family::Aiff, artwork)
}

fn read(source: &mut TagSource<'_>, at: u64, family: Family, artwork: bool) -> Vec<TagFields> {
    let (mut id3, mut own, mut packet) = (
        TagFields::default(),
        TagFields::default(),
        TagFields::default(),
    );
    let mut at = at.saturating_add(12);
    for _ in 0..MOST_CHUNKS {
        let Some([name @ .., s0, s1, s2, s3]) = source.array::<8>(at) else {
            break;
        };
        let size = u64::from(match family {
            Family::Riff => u32::from_le_bytes([s0, s1, s2, s3]),
            Family::Aiff => u32::from_be_bytes([s0, s1, s2, s3]),
        });
        let content = at + 8;
        match &name {
            b"ID3 " | b"id3 " => id3.extend(id3v2::read(source, content, artwork)),
            b"_PMX" => packet.extend(xmp::read(&source.up_to(content, size))),
            b"APPL" if source.array(content) == Some(*b"XMP ") => {
                packet.extend(xmp::read(
                    &source.up_to(content + 4, size.saturating_sub(4)),
                ));
            }
            b"LIST" if source.array(content) == Some(*b"INFO") => {
                read_info(&source.up_to(content + 4, size.saturating_sub(4)), &mut own);
            }
            _ => {
                if let Some(field) = aiff_field(&name).filter(|_| family == Family::Aiff) {
                    own.add(field, &utf8_or_latin1(&source.up_to(content, size)));
                }
            }
        }
        // Chunks begin on even bytes.
        at = content.saturating_add(size).saturating_add(size % 2);
    }
    vec![id3, own, packet]
}

fn aiff_field(name: &[u8; 4]) -> Option<Field> {
    Some(match name {
        b"NAME" => Field::Title,
        b"AUTH" => Field::Artist,
        b"(c) " => Field::Copyright,
        b"ANNO" => Field::Comment,
        _ => return None,
    })
}

/// The list `INFO`: texts by four letters.
fn read_info(mut list: &[u8], fields: &mut TagFields) {
    while let Some((&[a, b, c, d, s0, s1, s2, s3], rest)) = list.split_first_chunk::<8>() {
        let size = u32::from_le_bytes([s0, s1, s2, s3]) as usize;
        let (text, rest) = rest.split_at(size.min(rest.len()));
        let field = match &[a, b, c, d] {
            b"INAM" => Some(Field::Title),
            b"IART" => Some(Field::Artist),
            b"IPRD" | b"IALB" => Some(Field::Album),
            b"ICOP" => Some(Field::Copyright),
            b"ILIC" | b"LICN" => Some(Field::License),
            b"ICMT" => Some(Field::Comment),
            _ => None,
        };
        if let Some(field) = field {
            let end = text
                .iter()
                .position(|&byte| byte == 0)
                .unwrap_or(text.len());
            fields.add(field, &utf8_or_latin1(&text[..end]));
        }
        // Some writers leave out the byte that makes lengths even.
        let pad = size % 2 == 1 && rest.first() == Some(&0);
        list = rest.get(usize::from(pad)..).unwrap_or_default();
    }
}
