//! ID3v2.2, 2.3 and 2.4, frame by frame, so that a bad frame loses nothing but itself.
//!
//! From id3.org: "ID3 tag version 2.4.0 - Main Structure", "- Native Frames", and their predecessors. Common
//! deviations are accepted: sizes in 2.4 that use all eight bits (old iTunes), names of three letters in 2.3,
//! extended headers that are announced and not there, tags without padding, several tags in a row. Frames that are
//! compressed or encrypted are left out: a few of their bytes can stand for gigabytes.

use std::fs::File;
use std::io;

use super::fields::{FRONT_COVER, Field, TagFields, field_named, latin1, utf16};
use super::source::TagSource;
use super::xmp;

/// Most tags in a row in front of the sound; more indicate an attack.
const MOST_TAGS: usize = 16;
/// No real tag has more frames.
const MOST_FRAMES: usize = 10_000;
/// Length of a tag's header and of its footer.
const HEADER: u64 = 10;

/// Flags of a whole tag.
const UNSYNCHRONIZED: u8 = 0x80;
const EXTENDED: u8 = 0x40;
const FOOTER: u8 = 0x10;

/// The end of the tags that begin at `at`; `at` if there is none.
pub(super) fn end_of_tags(source: &mut TagSource<'_>, at: u64) -> u64 {
    let mut end = at;
    for _ in 0..MOST_TAGS {
        match source.array(end).as_ref().and_then(tag_length) {
            Some(length) => end = end.saturating_add(length),
            None => break,
        }
    }
    end
}

/// The end of the tags at the start of `file`; 0 if there is none.
pub(in crate::media) fn end_of_tags_in(file: &mut File) -> io::Result<u64> {
    let length = file.metadata()?.len();
    Ok(TagSource::new(file)
        .map_or(0, |mut source| end_of_tags(&mut source, 0))
        .min(length))
}

/// The tags that begin at `at`, with pictures if `artwork` is set.
pub(super) fn read(source: &mut TagSource<'_>, at: u64, artwork: bool) -> TagFields {
    let mut fields = TagFields::default();
    let mut at = at;
    for _ in 0..MOST_TAGS {
        let Some(length) = source.array(at).as_ref().and_then(tag_length) else {
            break;
        };
        fields.extend(parse(&source.up_to(at, length), artwork));
        at = at.saturating_add(length);
    }
    fields
}

/// The tag that ends `end` bytes into the file, as ID3v2.4 may append it: its footer says where it begins.
pub(super) fn read_appended(source: &mut TagSource<'_>, end: u64, artwork: bool) -> TagFields {
    match start_of_appended(source, end) {
        Some(at) => read(source, at, artwork),
        None => TagFields::default(),
    }
}

fn start_of_appended(source: &mut TagSource<'_>, end: u64) -> Option<u64> {
    let mut footer: [u8; HEADER as usize] = source.array(end.checked_sub(HEADER)?)?;
    footer.starts_with(b"3DI").then_some(())?;
    footer[..3].copy_from_slice(b"ID3");
    end.checked_sub(tag_length(&footer)?)
}

/// The length of a tag with header and footer; `None` if `head` is not the header of a tag.
pub(in crate::media) fn tag_length(head: &[u8; HEADER as usize]) -> Option<u64> {
    let &[
        b'I',
        b'D',
        b'3',
        version @ 0..=0xfe,
        0..=0xfe,
        flags,
        size @ ..,
    ] = head
    else {
        return None;
    };
    if size.iter().any(|byte| byte & 0x80 != 0) {
        return None;
    }
    let footer = if version >= 4 && flags & FOOTER != 0 {
        HEADER
    } else {
        0
    };
    Some(HEADER + u64::from(synchsafe(size)) + footer)
}

/// Decodes a number of seven bits a byte.
fn synchsafe(bytes: [u8; 4]) -> u32 {
    bytes
        .iter()
        .fold(0, |size, byte| size << 7 | u32::from(byte & 0x7f))
}

/// Reads a tag from its header on; a truncated one as far as possible.
pub(super) fn parse(tag: &[u8], artwork: bool) -> TagFields {
    let mut fields = TagFields::default();
    let Some((&[b'I', b'D', b'3', version @ 2..=4, _, flags, s0, s1, s2, s3], body)) =
        tag.split_first_chunk::<10>()
    else {
        return fields;
    };
    let size = synchsafe([s0, s1, s2, s3]) as usize;
    let body = body.get(..size).unwrap_or(body);
    // In 2.4 each frame is unsynchronized separately, in earlier versions the whole tag.
    let whole = (flags & UNSYNCHRONIZED != 0 && version < 4).then(|| synchronized(body));
    let body = whole.as_deref().unwrap_or(body);
    let frames = Frames {
        rest: body
            .get(extended_header(version, flags, body)..)
            .unwrap_or_default(),
        version,
        unsynchronized: flags & UNSYNCHRONIZED != 0 && version == 4,
    };
    for frame in frames.take(MOST_FRAMES) {
        read_frame(&frame, artwork, &mut fields);
    }
    fields
}

/// The length of the extended header. Some writers set its flag but leave it out.
fn extended_header(version: u8, flags: u8, body: &[u8]) -> usize {
    let Some(&[a, b, c, d]) = body.first_chunk::<4>() else {
        return 0;
    };
    if flags & EXTENDED == 0 || version < 3 || is_name(&[a, b, c, d]) {
        return 0;
    }
    let length = match version {
        3 => (u32::from_be_bytes([a, b, c, d]) as usize).saturating_add(4),
        _ => synchsafe([a, b, c, d]) as usize,
    };
    length.min(body.len())
}

/// One frame with its unsynchronization undone.
struct Frame {
    /// As in 2.3 and 2.4.
    name: [u8; 4],
    content: Vec<u8>,
}

/// The frames of a tag, one after another.
struct Frames<'a> {
    rest: &'a [u8],
    version: u8,
    unsynchronized: bool,
}

impl Iterator for Frames<'_> {
    type Item = Frame;

    fn next(&mut self) -> Option<Frame> {
        loop {
            let header = if self.version == 2 { 6 } else { 10 };
            let (head, behind) = self.rest.split_at_checked(header)?;
            let name = full_name(head)?;
            let size = self.size(head, behind);
            let (content, rest) = behind.split_at(size.min(behind.len()));
            self.rest = rest;
            let flags = if self.version == 2 { 0 } else { head[9] };
            if let Some(content) = self.unpacked(flags, content) {
                return Some(Frame { name, content });
            }
        }
    }
}

impl Frames<'_> {
    /// The length of a frame's content.
    fn size(&self, head: &[u8], behind: &[u8]) -> usize {
        match *head {
            [_, _, _, a, b, c] => u32::from_be_bytes([0, a, b, c]) as usize,
            [_, _, _, _, a, b, c, d, ..] => {
                let plain = u32::from_be_bytes([a, b, c, d]) as usize;
                let safe = synchsafe([a, b, c, d]) as usize;
                if self.version == 3 || plain == safe {
                    return plain;
                }
                let all_safe = [a, b, c, d].iter().all(|byte| byte & 0x80 == 0);
                // Old iTunes wrote sizes as in 2.3. The bytes behind the frame show which of the two it is.
                if all_safe && (ends_well(behind, safe) || !ends_well(behind, plain)) {
                    safe
                } else {
                    plain
                }
            }
            _ => 0,
        }
    }

    /// The content without the extra bytes that flags announce; `None` if it is compressed or encrypted.
    fn unpacked(&self, flags: u8, content: &[u8]) -> Option<Vec<u8>> {
        let (packed, group, length, unsynchronized) = match self.version {
            4 => (
                flags & 0x0c != 0,
                flags & 0x40 != 0,
                flags & 0x01 != 0,
                flags & 0x02 != 0,
            ),
            _ => (flags & 0xc0 != 0, flags & 0x20 != 0, false, false),
        };
        if packed {
            return None;
        }
        let skipped = usize::from(group) + if length { 4 } else { 0 };
        let content = content.get(skipped..)?;
        // Tag and frame may both set the flag; the content is unsynchronized once all the same.
        Some(if unsynchronized || self.unsynchronized {
            synchronized(content)
        } else {
            content.to_vec()
        })
    }
}

/// Whether a frame of `size` bytes is followed by another one, by padding, or by the end.
fn ends_well(behind: &[u8], size: usize) -> bool {
    match behind.get(size..) {
        Some([]) => true,
        Some([0, ..]) => true,
        Some([a, b, c, d, ..]) => is_name(&[*a, *b, *c, *d]),
        _ => false,
    }
}

fn is_name(name: &[u8; 4]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    name[0].is_ascii_uppercase() && name.iter().all(plain)
}

/// The name as in 2.3; `None` if no frame begins here.
fn full_name(head: &[u8]) -> Option<[u8; 4]> {
    const SHORT: [(&[u8; 3], &[u8; 4]); 9] = [
        (b"TT2", b"TIT2"),
        (b"TP1", b"TPE1"),
        (b"TAL", b"TALB"),
        (b"TCR", b"TCOP"),
        (b"WCP", b"WCOP"),
        (b"TXX", b"TXXX"),
        (b"WXX", b"WXXX"),
        (b"COM", b"COMM"),
        (b"PIC", b"PIC\0"),
    ];
    let name: [u8; 4] = *head.first_chunk()?;
    if head.len() >= 10 && is_name(&name) {
        return Some(name);
    }
    // Three letters, also in 2.3, where iTunes fills them up with 0 or a space.
    if head.len() >= 10 && !matches!(name[3], 0 | b' ') {
        return None;
    }
    let [a, b, c, _] = name;
    is_name(&[a, b, c, b'0']).then_some(())?;
    let known = SHORT.iter().find(|(short, _)| **short == [a, b, c]);
    Some(known.map_or([a, b, c, b'?'], |(_, full)| **full))
}

/// Removes the 0 that unsynchronization puts behind each 0xff. Bytes that contain a sync mark are not unsynchronized,
/// whatever the flags say, and stay unchanged.
fn synchronized(bytes: &[u8]) -> Vec<u8> {
    let sync = |pair: &[u8]| pair[0] == 0xff && pair[1] >= 0xe0;
    if bytes.windows(2).any(sync) {
        return bytes.to_vec();
    }
    let mut plain = Vec::with_capacity(bytes.len());
    let mut last = 0;
    for &byte in bytes {
        if !(last == 0xff && byte == 0) {
            plain.push(byte);
        }
        last = byte;
    }
    plain
}

fn read_frame(frame: &Frame, artwork: bool, fields: &mut TagFields) {
    let content = frame.content.as_slice();
    match &frame.name {
        b"TIT2" => add_texts(Field::Title, content, fields),
        b"TPE1" => add_texts(Field::Artist, content, fields),
        b"TALB" => add_texts(Field::Album, content, fields),
        b"TCOP" => add_texts(Field::Copyright, content, fields),
        b"WCOP" => fields.add(Field::CopyrightAddress, &until_0(content)),
        b"USER" => add_described(Field::License, content, 4, 0, fields),
        b"COMM" => add_described(Field::Comment, content, 4, 1, fields),
        b"TXXX" => add_own_text(content, fields),
        b"WXXX" => add_own_address(content, fields),
        b"PRIV" if content.starts_with(b"XMP\0") => fields.extend(xmp::read(&content[4..])),
        b"APIC" if artwork => add_picture(content, false, fields),
        b"PIC\0" if artwork => add_picture(content, true, fields),
        _ => {}
    }
}

fn add_texts(field: Field, content: &[u8], fields: &mut TagFields) {
    for text in texts(content) {
        fields.add(field, &text);
    }
}

/// Adds the texts of a frame that begins with its encoding and a language (`head` bytes), then so many descriptions.
fn add_described(
    field: Field,
    content: &[u8],
    head: usize,
    descriptions: usize,
    fields: &mut TagFields,
) {
    let (Some(&encoding), Some(rest)) = (content.first(), content.get(head..)) else {
        return;
    };
    let Some(all) = decoded(encoding, rest) else {
        return;
    };
    // A comment without the 0 behind its description is all comment.
    let skipped = descriptions.min(all.len().saturating_sub(1));
    for text in all.iter().skip(skipped) {
        fields.add(field, text);
    }
}

/// A text with a name of its own; titles and artists have frames, so only licenses and copyrights are taken from here.
fn add_own_text(content: &[u8], fields: &mut TagFields) {
    let all = texts(content);
    let Some((name, values)) = all.split_first() else {
        return;
    };
    if let Some(field @ (Field::License | Field::Copyright | Field::CopyrightAddress)) =
        field_named(name)
    {
        for value in values {
            fields.add(field, value);
        }
    }
}

/// An address with a name of its own: of a license where the name says so or the address is one of Creative Commons.
fn add_own_address(content: &[u8], fields: &mut TagFields) {
    let Some((&encoding, rest)) = content.split_first() else {
        return;
    };
    let wide = matches!(encoding, 1 | 2);
    let Some(at) = end_of_text(rest, wide) else {
        return;
    };
    let (name, behind) = rest.split_at(at);
    let address = until_0(behind.get(if wide { 2 } else { 1 }..).unwrap_or_default());
    let name = decoded(encoding, name)
        .and_then(|all| all.into_iter().next())
        .unwrap_or_default();
    match field_named(&name) {
        Some(Field::License) => fields.add(Field::License, &address),
        Some(Field::Copyright | Field::CopyrightAddress) => {
            fields.add(Field::CopyrightAddress, &address)
        }
        _ if address.contains("creativecommons.org/") => {
            fields.add(Field::CopyrightAddress, &address)
        }
        _ => {}
    }
}

/// A picture: encoding, media type (three letters in 2.2), type, description, data.
fn add_picture(content: &[u8], short: bool, fields: &mut TagFields) {
    let mut read = || {
        let (&encoding, rest) = content.split_first()?;
        let (media_type, rest) = if short {
            rest.split_at_checked(3)?
        } else {
            let at = rest.iter().position(|&byte| byte == 0)?;
            (&rest[..at], &rest[at + 1..])
        };
        let (&kind, rest) = rest.split_first()?;
        let wide = matches!(encoding, 1 | 2);
        let at = end_of_text(rest, wide)? + if wide { 2 } else { 1 };
        // Here the data is an address instead of a picture.
        if media_type != b"-->" {
            fields.add_picture(u32::from(kind) == FRONT_COVER, rest.get(at..)?);
        }
        Some(())
    };
    read();
}

/// The texts of a frame that begins with its encoding; none where the encoding is unknown.
fn texts(content: &[u8]) -> Vec<String> {
    content
        .split_first()
        .and_then(|(&encoding, rest)| decoded(encoding, rest))
        .unwrap_or_default()
}

/// Texts that are set apart by 0; `None` for an unknown encoding.
fn decoded(encoding: u8, bytes: &[u8]) -> Option<Vec<String>> {
    Some(match encoding {
        0 => bytes.split(|&byte| byte == 0).map(latin1).collect(),
        3 => {
            let parts = bytes.split(|&byte| byte == 0);
            // Invalid UTF-8 is skipped.
            parts
                .map(|part| std::str::from_utf8(part).unwrap_or_default().to_owned())
                .collect()
        }
        1 | 2 => {
            let mut texts = Vec::new();
            let mut rest = bytes;
            // Without a mark, 1 means little-endian in practice; later texts may lean on the mark of the first.
            let mut big_endian = encoding == 2;
            loop {
                let end = end_of_text(rest, true).unwrap_or(rest.len());
                let (part, behind) = rest.split_at(end);
                let part = match part {
                    [0xff, 0xfe, part @ ..] => {
                        big_endian = false;
                        part
                    }
                    [0xfe, 0xff, part @ ..] => {
                        big_endian = true;
                        part
                    }
                    part => part,
                };
                texts.push(utf16(part, big_endian));
                match behind.get(2..) {
                    Some(behind) if !behind.is_empty() => rest = behind,
                    _ => break,
                }
            }
            texts
        }
        _ => return None,
    })
}

/// Where the 0 stands that ends a text: two bytes on an even place in UTF-16.
fn end_of_text(bytes: &[u8], wide: bool) -> Option<usize> {
    if wide {
        let (pairs, _) = bytes.as_chunks::<2>();
        pairs
            .iter()
            .position(|pair| *pair == [0, 0])
            .map(|at| at * 2)
    } else {
        bytes.iter().position(|&byte| byte == 0)
    }
}

/// Addresses are in Latin-1.
fn until_0(bytes: &[u8]) -> String {
    let end = end_of_text(bytes, false).unwrap_or(bytes.len());
    latin1(bytes.get(..end).unwrap_or_default())
}
