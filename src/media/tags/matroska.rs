//! Matroska and WebM: tags, attached covers and the title of the segment (RFC 9559, sections 5.1.2, 5.1.6 and 5.1.8).
//!
//! FFmpeg's demuxer is not used for them: it keeps one of several values, renames the items of tags that have a type
//! (`TRACK/TITLE`), and lets an album's title replace the track's.

use std::collections::BTreeSet;

use super::fields::{Field, TagFields, utf8_or_latin1};
use super::source::TagSource;

/// Most elements to look at: a cluster holds some seconds, so this is more than a day.
const MOST_ELEMENTS: usize = 20_000;
/// Most bytes of texts in one element.
const MOST_TAG_BYTES: u64 = 4 << 20;
/// Bytes of the longest head of an element: 4 of its name, 8 of its size.
const HEAD_BYTES: u64 = 12;

const EBML: u32 = 0x1a45_dfa3;
const SEGMENT: u32 = 0x1853_8067;
const SEEK_HEAD: u32 = 0x114d_9b74;
const SEEK: u32 = 0x4dbb;
const SEEK_POSITION: u32 = 0x53ac;
const INFO: u32 = 0x1549_a966;
const SEGMENT_TITLE: u32 = 0x7ba9;
const TAGS: u32 = 0x1254_c367;
const TAG: u32 = 0x7373;
const TARGETS: u32 = 0x63c0;
const TARGET_VALUE: u32 = 0x68ca;
const TARGET_TYPE: u32 = 0x63ca;
const TARGET_TRACK: u32 = 0x63c5;
/// Chapters, editions and attachments: their tags do not describe the file.
const TARGET_PARTS: [u32; 3] = [0x63c4, 0x63c9, 0x63c6];
const SIMPLE_TAG: u32 = 0x67c8;
const TAG_NAME: u32 = 0x45a3;
const TAG_STRING: u32 = 0x4487;
const ATTACHMENTS: u32 = 0x1941_a469;
const ATTACHED_FILE: u32 = 0x61a7;
const FILE_NAME: u32 = 0x466e;
const FILE_TYPE: u32 = 0x4660;
const FILE_DATA: u32 = 0x465c;

/// The target value of an album; a track has 30 (RFC 9559, section 5.1.8.1.1.1).
const ALBUM: u64 = 50;
/// Types of targets that are an album or larger, for tags that give no value.
const ALBUM_TYPES: [&str; 6] = [
    "ALBUM",
    "OPERA",
    "CONCERT",
    "MOVIE",
    "EPISODE",
    "COLLECTION",
];

/// What a tag describes, in descending priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Track,
    /// The file, whether that is a track or an album.
    File,
    Album,
    /// One stream of the file.
    Stream,
}

/// The tags of each level.
#[derive(Default)]
struct Levels([TagFields; 4]);

impl Levels {
    fn of(&mut self, level: Level) -> &mut TagFields {
        let Self([track, file, album, stream]) = self;
        match level {
            Level::Track => track,
            Level::File => file,
            Level::Album => album,
            Level::Stream => stream,
        }
    }
}

/// The tags of the file at `at`: of the track, of the file, of the album, of a stream.
pub(super) fn read(source: &mut TagSource<'_>, at: u64, artwork: bool) -> Vec<TagFields> {
    let mut levels = Levels::default();
    // A file that is truncated within its first headers has no tags.
    let _ = read_segment(source, at, artwork, &mut levels);
    levels.0.into()
}

fn read_segment(
    source: &mut TagSource<'_>,
    at: u64,
    artwork: bool,
    levels: &mut Levels,
) -> Option<()> {
    let head = head_at(source, at).filter(|head| head.id == EBML)?;
    let segment = head_at(source, head.end()?).filter(|head| head.id == SEGMENT)?;
    let (mut at, end) = (segment.content, segment.end().unwrap_or(u64::MAX));
    let mut elsewhere = Vec::new();
    let mut seen = BTreeSet::new();
    for _ in 0..MOST_ELEMENTS {
        let Some(element) = head_at(source, at).filter(|_| at < end) else {
            break;
        };
        seen.insert(at);
        if element.id == SEEK_HEAD {
            elsewhere.extend(positions(&content(source, element)));
        }
        read_element(source, element, artwork, levels);
        // Elements behind a cluster of unknown size are found by the index only.
        let Some(next) = element.end() else { break };
        at = next;
    }
    for position in elsewhere {
        let at = segment.content.saturating_add(position);
        if seen.insert(at)
            && let Some(element) = head_at(source, at)
        {
            read_element(source, element, artwork, levels);
        }
    }
    Some(())
}

fn read_element(source: &mut TagSource<'_>, element: Element, artwork: bool, levels: &mut Levels) {
    match element.id {
        INFO => {
            for (id, text) in children(&content(source, element)) {
                if id == SEGMENT_TITLE {
                    levels
                        .of(Level::File)
                        .add(Field::Title, &utf8_or_latin1(text));
                }
            }
        }
        TAGS => {
            for (id, tag) in children(&content(source, element)) {
                if id == TAG {
                    read_tag(tag, levels);
                }
            }
        }
        ATTACHMENTS if artwork => {
            let length = element.size.unwrap_or(u64::MAX);
            let attached = source.up_to(element.content, length);
            for (id, file) in children(&attached) {
                if id == ATTACHED_FILE {
                    read_attachment(file, levels.of(Level::File));
                }
            }
        }
        _ => {}
    }
}

/// The content of an element that holds texts.
fn content(source: &mut TagSource<'_>, element: Element) -> Vec<u8> {
    let length = element.size.unwrap_or(u64::MAX).min(MOST_TAG_BYTES);
    source.up_to(element.content, length)
}

fn read_tag(tag: &[u8], levels: &mut Levels) {
    let targets = child(tag, TARGETS).unwrap_or_default();
    let Some(level) = level(targets) else { return };
    let fields = levels.of(level);
    for (id, item) in children(tag) {
        let text = |id| child(item, id).map(utf8_or_latin1);
        let (SIMPLE_TAG, Some(name), Some(text)) = (id, text(TAG_NAME), text(TAG_STRING)) else {
            continue;
        };
        if level == Level::Album && name.eq_ignore_ascii_case("TITLE") {
            fields.add(Field::Album, &text);
        }
        fields.add_named(&name, &text);
    }
}

/// What a tag with these targets describes; `None` for chapters, editions and attachments.
fn level(targets: &[u8]) -> Option<Level> {
    let is_of = |id: u32| child(targets, id).is_some_and(|uid| number(uid) != 0);
    if TARGET_PARTS.into_iter().any(is_of) {
        return None;
    }
    if is_of(TARGET_TRACK) {
        return Some(Level::Stream);
    }
    let value = child(targets, TARGET_VALUE).map(number);
    let kind = child(targets, TARGET_TYPE).map(|kind| utf8_or_latin1(kind).to_ascii_uppercase());
    Some(match (value, kind) {
        (Some(value), _) if value >= ALBUM => Level::Album,
        (None, Some(kind)) if ALBUM_TYPES.contains(&kind.as_str()) => Level::Album,
        (Some(_), _) | (None, Some(_)) => Level::Track,
        (None, None) => Level::File,
    })
}

/// Adds an attached picture. The front cover is named `cover` (RFC 9559, section 21.1).
fn read_attachment(file: &[u8], fields: &mut TagFields) {
    let text = |id| child(file, id).map(utf8_or_latin1).unwrap_or_default();
    if text(FILE_TYPE).starts_with("image/") {
        let front = text(FILE_NAME).to_ascii_lowercase().starts_with("cover.");
        fields.add_picture(front, child(file, FILE_DATA).unwrap_or_default());
    }
}

/// The positions in a seek head, relative to the segment's content.
fn positions(seek_head: &[u8]) -> Vec<u64> {
    let entries = children(seek_head).filter(|(id, _)| *id == SEEK);
    let positions = entries.filter_map(|(_, entry)| child(entry, SEEK_POSITION).map(number));
    positions.collect()
}

/// The header of an element.
#[derive(Debug, Clone, Copy)]
struct Element {
    id: u32,
    /// Where its content begins.
    content: u64,
    /// `None` if it is unknown, as in files that were written to a pipe.
    size: Option<u64>,
}

impl Element {
    fn end(self) -> Option<u64> {
        self.content.checked_add(self.size?)
    }
}

fn head_at(source: &mut TagSource<'_>, at: u64) -> Option<Element> {
    let (id, size, length) = head(&source.up_to(at, HEAD_BYTES))?;
    Some(Element {
        id,
        content: at.saturating_add(length as u64),
        size,
    })
}

/// ID, size and length of the element header at the start of `bytes` (RFC 8794, sections 4 to 6).
fn head(bytes: &[u8]) -> Option<(u32, Option<u64>, usize)> {
    let id_length = bytes.first()?.leading_zeros() as usize + 1;
    let id = bytes.get(..id_length).filter(|id| id.len() <= 4)?;
    let size_length = bytes.get(id_length)?.leading_zeros() as usize + 1;
    let size = bytes.get(id_length..id_length + size_length);
    let size = size.filter(|size| size.len() <= 8)?;
    // The first set bit gives the length of the field; all other bits set mean that the size is unknown.
    let open = (1u64 << (7 * size_length)) - 1;
    let size = number(size) & open;
    let id = u32::try_from(number(id)).ok()?;
    Some((id, (size != open).then_some(size), id_length + size_length))
}

/// The elements in `bytes` with their IDs. The last one may be truncated.
fn children(bytes: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (id, size, length) = head(rest)?;
        let content = rest.get(length..)?;
        let size = size.and_then(|size| usize::try_from(size).ok());
        let (content, after) = content.split_at(size.unwrap_or(usize::MAX).min(content.len()));
        rest = after;
        Some((id, content))
    })
}

fn child(bytes: &[u8], wanted: u32) -> Option<&[u8]> {
    let mut all = children(bytes);
    all.find(|(id, _)| *id == wanted)
        .map(|(_, content)| content)
}

/// Decodes a big-endian number.
fn number(bytes: &[u8]) -> u64 {
    let last = bytes.get(bytes.len().saturating_sub(8)..).unwrap_or(bytes);
    last.iter()
        .fold(0, |number, &byte| number << 8 | u64::from(byte))
}
