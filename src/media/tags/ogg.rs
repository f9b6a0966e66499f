//! Ogg (RFC 3533): the comments are the second packet of a stream of Vorbis, Opus, Speex or FLAC.
//!
//! Where one page does not follow another, the next is searched for byte by byte, so stray bytes do no harm.

use std::collections::BTreeMap;

use super::fields::TagFields;
use super::source::TagSource;
use super::vorbis::{read_comments, read_picture};

/// Most streams to look at: one sound, with pictures and captions beside it.
const MOST_STREAMS: usize = 16;
/// Most pages to look at: enough for artwork of 20 MiB in pages of 64 KiB.
const MOST_PAGES: usize = 1000;
/// Stray bytes in front of a page, at most.
const MOST_STRAY: u64 = 1 << 16;
/// Packets of a stream that may hold comments or, of FLAC, pictures.
const MOST_PACKETS: usize = 32;
/// Length of a page's header without its table of segments.
const HEADER: usize = 27;

/// The first packets of one stream.
#[derive(Default)]
struct Packets {
    whole: Vec<Vec<u8>>,
    /// The packet that continues on the next page.
    open: Vec<u8>,
}

/// The comments of the first stream that has any.
pub(super) fn read(source: &mut TagSource<'_>, at: u64, artwork: bool) -> TagFields {
    let streams = first_packets(source, at);
    let mut fields = TagFields::default();
    for packets in streams.values() {
        fields.extend(comments(packets, artwork));
    }
    fields
}

/// Reads pages until each stream's comments are complete.
fn first_packets(source: &mut TagSource<'_>, mut at: u64) -> BTreeMap<usize, Packets> {
    let mut streams: BTreeMap<usize, Packets> = BTreeMap::new();
    // Streams in the order in which they begin.
    let mut serials: Vec<[u8; 4]> = Vec::new();
    for _ in 0..MOST_PAGES {
        let Some((page, header)) = next_page(source, at) else {
            break;
        };
        let sizes = source.up_to(page + HEADER as u64, u64::from(header[26]));
        let body: u64 = sizes.iter().map(|&size| u64::from(size)).sum();
        let body_at = page + HEADER as u64 + sizes.len() as u64;
        at = body_at + body;
        let serial = [header[14], header[15], header[16], header[17]];
        let number = match serials.iter().position(|other| *other == serial) {
            Some(number) => number,
            None if serials.len() < MOST_STREAMS => {
                serials.push(serial);
                serials.len() - 1
            }
            None => continue,
        };
        let packets = streams.entry(number).or_default();
        if packets.whole.len() < packets.wanted() {
            let body = source.up_to(body_at, body);
            packets.add(&sizes, &body);
        }
        // The first pages of all streams come before any other page.
        let done = |packets: &Packets| packets.whole.len() >= packets.wanted();
        if header[5] & 2 == 0 && streams.values().all(done) {
            break;
        }
    }
    streams
}

/// Where the next page begins at or behind `at`, and its header.
fn next_page(source: &mut TagSource<'_>, at: u64) -> Option<(u64, [u8; HEADER])> {
    let header: [u8; HEADER] = source.array(at)?;
    if header.starts_with(b"OggS") {
        return Some((at, header));
    }
    let near = source.up_to(at, MOST_STRAY);
    let found = near.windows(4).position(|window| window == b"OggS")?;
    let at = at + found as u64;
    Some((at, source.array(at)?))
}

impl Packets {
    /// How many packets are needed for all comments and pictures.
    fn wanted(&self) -> usize {
        match self.whole.first() {
            Some(first) if first.starts_with(b"\x7fFLAC") => {
                let last = self
                    .whole
                    .iter()
                    .skip(1)
                    .any(|block| block.first().is_some_and(|kind| kind & 0x80 != 0));
                if last { self.whole.len() } else { MOST_PACKETS }
            }
            _ => 2,
        }
    }

    /// Adds the packets of a page: each ends with the first segment that is shorter than 255 bytes.
    fn add(&mut self, sizes: &[u8], mut body: &[u8]) {
        for &size in sizes {
            let (segment, rest) = body.split_at(body.len().min(usize::from(size)));
            body = rest;
            self.open.extend_from_slice(segment);
            if size < 255 {
                self.whole.push(std::mem::take(&mut self.open));
                if self.whole.len() >= MOST_PACKETS {
                    return;
                }
            }
        }
    }
}

fn comments(packets: &Packets, artwork: bool) -> TagFields {
    let mut fields = TagFields::default();
    let Some(first) = packets.whole.first() else {
        return fields;
    };
    if first.starts_with(b"\x7fFLAC") {
        for block in packets.whole.iter().skip(1) {
            match block.split_first_chunk::<4>() {
                Some(([kind, ..], content)) if kind & 0x7f == 4 => {
                    fields.extend(read_comments(content, artwork))
                }
                Some(([kind, ..], content)) if kind & 0x7f == 6 && artwork => {
                    read_picture(content, &mut fields)
                }
                _ => {}
            }
        }
        return fields;
    }
    // A truncated packet is read as far as possible.
    let Some(second) = packets.whole.get(1).or(Some(&packets.open)) else {
        return fields;
    };
    let marks: [&[u8]; 3] = [b"\x03vorbis", b"OpusTags", b"\x81theora"];
    let behind = marks.iter().find_map(|mark| second.strip_prefix(*mark));
    if let Some(block) = behind.or(first.starts_with(b"Speex   ").then_some(second)) {
        fields.extend(read_comments(block, artwork));
    }
    fields
}
