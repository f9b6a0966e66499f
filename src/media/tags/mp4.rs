//! MP4 and MOV: items of iTunes (`moov/udta/meta/ilst`), keys of QuickTime (`moov/meta`), texts of QuickTime and 3GPP
//! (`moov/udta`), and XMP (Apple, "QuickTime File Format Specification: Metadata"; 3GPP TS 26.244, section 8).

use std::ops::Range;

use super::fields::{Field, TagFields, field_named, utf8_or_latin1, utf16};
use super::source::TagSource;
use super::xmp;

/// No real file has more boxes side by side.
const MOST_BOXES: usize = 5000;
/// The `uuid` of a box with XMP (XMP specification, part 3).
const XMP_UUID: [u8; 16] = [
    0xbe, 0x7a, 0xcf, 0xcb, 0x97, 0xa9, 0x42, 0xe8, 0x9c, 0x71, 0x99, 0x94, 0x91, 0xe3, 0xaf, 0xac,
];

/// A box: its name and where its content is.
struct IsoBox {
    name: [u8; 4],
    content: Range<u64>,
}

/// The tags from all of these places.
pub(super) fn read(source: &mut TagSource<'_>, at: u64, artwork: bool) -> TagFields {
    let mut fields = TagFields::default();
    let end = source.bytes();
    for part in boxes(source, at..end) {
        match &part.name {
            b"moov" => read_movie(source, part.content, artwork, &mut fields),
            b"uuid" if source.array(part.content.start) == Some(XMP_UUID) => {
                let packet = content(source, part.content.start + 16..part.content.end);
                fields.extend(xmp::read(&packet));
            }
            b"meta" => read_meta(source, part.content, artwork, &mut fields),
            _ => {}
        }
    }
    fields
}

fn read_movie(
    source: &mut TagSource<'_>,
    range: Range<u64>,
    artwork: bool,
    fields: &mut TagFields,
) {
    for part in boxes(source, range) {
        match &part.name {
            b"udta" => read_user_data(source, part.content, artwork, fields),
            b"meta" => read_meta(source, part.content, artwork, fields),
            _ => {}
        }
    }
}

fn read_user_data(
    source: &mut TagSource<'_>,
    range: Range<u64>,
    artwork: bool,
    fields: &mut TagFields,
) {
    for part in boxes(source, range) {
        match &part.name {
            b"meta" => read_meta(source, part.content, artwork, fields),
            b"XMP_" => fields.extend(xmp::read(&content(source, part.content))),
            name => {
                if let Some(field) = field_of(name) {
                    let text = content(source, part.content);
                    let own = name[0] == 0xa9;
                    let text = if own {
                        quicktime_text(&text)
                    } else {
                        mobile_text(&text)
                    };
                    fields.add(field, &text.unwrap_or_default());
                }
            }
        }
    }
}

/// The field of a four-letter name, of Apple (whose texts begin with ©) or 3GPP.
fn field_of(name: &[u8; 4]) -> Option<Field> {
    Some(match name {
        b"\xa9nam" | b"titl" => Field::Title,
        b"\xa9ART" | b"\xa9aut" | b"perf" | b"auth" => Field::Artist,
        b"\xa9alb" | b"albm" => Field::Album,
        b"\xa9cpy" | b"cprt" => Field::Copyright,
        b"\xa9lic" => Field::License,
        b"\xa9cmt" | b"\xa9des" | b"desc" | b"dscp" => Field::Comment,
        _ => return None,
    })
}

/// A length of two bytes, a language, and the text.
fn quicktime_text(bytes: &[u8]) -> Option<String> {
    let (&[l1, l0, _, _], rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::from(u16::from_be_bytes([l1, l0]));
    Some(utf8_or_latin1(rest.get(..length).unwrap_or(rest)))
}

/// Version, flags, a language, and the text in UTF-8 or, with a mark, in UTF-16.
fn mobile_text(bytes: &[u8]) -> Option<String> {
    let text = bytes.get(6..)?;
    Some(match text {
        [0xfe, 0xff, text @ ..] => utf16(text, true),
        [0xff, 0xfe, text @ ..] => utf16(text, false),
        text => {
            let end = text
                .iter()
                .position(|&byte| byte == 0)
                .unwrap_or(text.len());
            utf8_or_latin1(&text[..end])
        }
    })
}

/// A `meta` box: of ISO with version and flags, of QuickTime without.
fn read_meta(source: &mut TagSource<'_>, range: Range<u64>, artwork: bool, fields: &mut TagFields) {
    let full = source
        .array::<8>(range.start)
        .is_some_and(|head| &head[4..] != b"hdlr");
    let range = range.start + if full { 4 } else { 0 }..range.end;
    let mut keys = Vec::new();
    for part in boxes(source, range) {
        match &part.name {
            b"keys" => keys = read_keys(&content(source, part.content)),
            b"ilst" => {
                for item in boxes(source, part.content) {
                    read_item(source, &item, &keys, artwork, fields);
                }
            }
            _ => {}
        }
    }
}

/// The names that the items of a QuickTime list refer to by number, from 1.
fn read_keys(bytes: &[u8]) -> Vec<String> {
    let mut keys = Vec::new();
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let Some((&[s3, s2, s1, s0, _, _, _, _], behind)) = rest.split_first_chunk::<8>() {
        let length = (u32::from_be_bytes([s3, s2, s1, s0]) as usize).saturating_sub(8);
        let (name, behind) = behind.split_at(length.min(behind.len()));
        keys.push(utf8_or_latin1(name));
        rest = behind;
        if keys.len() >= MOST_BOXES {
            break;
        }
    }
    keys
}

/// One item of a list: its values lie in `data` boxes, and a freeform item (`----`) has its name in another box.
fn read_item(
    source: &mut TagSource<'_>,
    item: &IsoBox,
    keys: &[String],
    artwork: bool,
    fields: &mut TagFields,
) {
    let parts = boxes(source, item.content.clone());
    let number = u32::from_be_bytes(item.name) as usize;
    let key = number.checked_sub(1).and_then(|number| keys.get(number));
    let mut name = key.map(|key| key.rsplit('.').next().unwrap_or(key).to_owned());
    if &item.name == b"----"
        && let Some(part) = parts.iter().find(|part| &part.name == b"name")
    {
        let bytes = content(source, part.content.clone());
        name = Some(utf8_or_latin1(bytes.get(4..).unwrap_or_default()));
    }
    let field = match &name {
        Some(name) => field_named(name),
        None => field_of(&item.name),
    };
    let cover = &item.name == b"covr" || name.as_deref() == Some("artwork");
    for part in parts.iter().filter(|part| &part.name == b"data") {
        if cover && artwork {
            let data = content(source, part.content.clone());
            fields.add_picture(false, data.get(8..).unwrap_or_default());
        } else if let Some(field) = field {
            let data = content(source, part.content.clone());
            if let Some((&[_, _, _, kind, _, _, _, _], text)) = data.split_first_chunk::<8>() {
                // 1 is UTF-8, 2 is UTF-16; writers that leave the kind at 0 mean UTF-8.
                let text = if kind == 2 {
                    utf16(text, true)
                } else {
                    utf8_or_latin1(text)
                };
                fields.add(field, &text);
            }
        }
    }
}

fn content(source: &mut TagSource<'_>, range: Range<u64>) -> Vec<u8> {
    source.up_to(range.start, range.end.saturating_sub(range.start))
}

/// The boxes within `range`. A size of 0 and one that reaches past the range mean "to its end".
fn boxes(source: &mut TagSource<'_>, range: Range<u64>) -> Vec<IsoBox> {
    let mut found = Vec::new();
    let mut at = range.start;
    while found.len() < MOST_BOXES && at.saturating_add(8) <= range.end {
        let Some([s3, s2, s1, s0, name @ ..]) = source.array::<8>(at) else {
            break;
        };
        let (mut size, mut header) = (u64::from(u32::from_be_bytes([s3, s2, s1, s0])), 8);
        if size == 1 {
            let Some(large) = source.array(at + 8) else {
                break;
            };
            (size, header) = (u64::from_be_bytes(large), 16);
        } else if size == 0 {
            // In `udta`, a size of 0 marks the end (an old convention).
            size = range.end - at;
        }
        if size < header {
            break;
        }
        let end = at.saturating_add(size).min(range.end);
        found.push(IsoBox {
            name,
            content: at.saturating_add(header).min(end)..end,
        });
        at = end;
    }
    found
}
