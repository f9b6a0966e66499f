//! Tags and artwork of sound files.
//!
//! Each kind of tag has a small reader of its own, so that a bad item loses nothing but itself. A library that reads a
//! tag as a whole or not at all loses the license to a misspelled date.
//!
//! | tag | file | in |
//! |---|---|---|
//! | ID3v2.2 to 2.4 | [`id3v2`] | MP3, AAC, AIFF, WAVE, DSF, and in front of anything |
//! | ID3v1 | [`id3v1`] | the end of MP3 and others |
//! | APEv1, APEv2 | [`ape`] | Monkey's Audio, WavPack, Musepack, the end of MP3 |
//! | Vorbis comments | [`vorbis`], in [`flac`] and [`ogg`] | FLAC, Vorbis, Opus, Speex |
//! | items and keys | [`mp4`] | MP4, M4A, MOV, 3GP |
//! | chunks | [`chunks`] | WAVE, AVI, AIFF |
//! | XMP | [`xmp`] | within ID3v2, WAVE, AIFF, MP4 |
//! | tags and attachments | [`matroska`] | Matroska, WebM |
//! | objects of the header | [`asf`] | WMA, WMV |
//! | all others | FFmpeg's demuxer | CAF, FLV, Wave64, whose tags it reads item by item |
//!
//! A file may hold several tags. Each field comes from the first tag that has it: the format's own tag before one in
//! front of or behind the sound, ID3v2 before APE before ID3v1. Reading is bounded by [`source::TagSource`].

mod ape;
mod asf;
mod chunks;
mod fields;
mod flac;
mod id3v1;
pub(in crate::media) mod id3v2;
mod matroska;
mod mp4;
mod ogg;
mod source;
mod vorbis;
mod xmp;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use self::fields::{Field, TagFields};
use self::source::TagSource;
use crate::media::Limits;
use crate::media::ffmpeg::Demuxer;

/// Most letters of a text.
const LONGEST: usize = 500;
/// Most bytes of a picture.
const LARGEST_ARTWORK: usize = 20 << 20;

/// What the tags say. Each text is one line without control characters, empty if no tag has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SoundTags {
    pub title: String,
    /// Several are separated by `; `.
    pub artist: String,
    pub album: String,
    /// A name or an address of a license.
    pub license: String,
    /// The address of a copyright notice.
    pub copyright_address: String,
    pub copyright: String,
}

impl SoundTags {
    /// Reads the tags of the file at `path`.
    pub fn read(path: &Path) -> Self {
        texts(&tags_of_file(path, false))
    }

    /// Reads the tags from a file's content. Tags that only FFmpeg's demuxers read are missing here: they need a path.
    pub fn from_bytes(mut content: impl Read + Seek) -> Self {
        let tags = TagSource::new(&mut content).and_then(|mut source| own_tags(&mut source, false));
        texts(&tags.unwrap_or_default())
    }
}

/// The picture in the tags of the sound file at `path`, byte for byte, usually a JPEG or PNG: the front cover, or else
/// the first picture. `None` if there is none or if it exceeds 20 MiB.
pub fn sound_artwork(path: &Path) -> Option<Vec<u8>> {
    front_cover(tags_of_file(path, true))
}

fn front_cover(tags: Vec<TagFields>) -> Option<Vec<u8>> {
    let pictures = || tags.iter().flat_map(TagFields::pictures);
    let front = pictures().find(|picture| picture.front);
    let data = &front.or_else(|| pictures().next())?.data;
    (data.len() <= LARGEST_ARTWORK).then(|| data.clone())
}

/// All tags of a file, in descending priority.
fn tags_of_file(path: &Path, artwork: bool) -> Vec<TagFields> {
    let Ok(mut file) = File::open(path) else {
        return Vec::new();
    };
    let Some(mut source) = TagSource::new(&mut file) else {
        return Vec::new();
    };
    match own_tags(&mut source, artwork) {
        Some(tags) => tags,
        None => demuxer_tags(path, artwork).into_iter().collect(),
    }
}

/// The tags that the readers here find; `None` for a container whose tags FFmpeg reads.
fn own_tags(source: &mut TagSource<'_>, artwork: bool) -> Option<Vec<TagFields>> {
    let at = id3v2::end_of_tags(source, 0);
    let head = source.up_to(at, 16);
    let starts = |mark: &[u8]| head.starts_with(mark);
    let form = head.get(8..12);
    let mut tags = Vec::new();
    if starts(b"fLaC") {
        tags.push(flac::read(source, at, artwork));
    } else if starts(b"RIFF") || starts(b"RF64") || starts(b"BW64") {
        tags.extend(chunks::read_riff(source, at, artwork));
    } else if starts(b"FORM") && matches!(form, Some(b"AIFF" | b"AIFC")) {
        tags.extend(chunks::read_aiff(source, at, artwork));
    } else if head.get(4..8).is_some_and(|name| ISO_BOXES.contains(&name)) {
        tags.push(mp4::read(source, at, artwork));
    } else if starts(b"DSD ") {
        // A pointer to ID3v2 behind the sound (Sony, "DSF File Format Specification", 1.01).
        let pointer = source.array(at + 20).map_or(0, u64::from_le_bytes);
        tags.push(id3v2::read(source, pointer, artwork));
    } else if starts(b"\x1a\x45\xdf\xa3") {
        tags.extend(matroska::read(source, at, artwork));
    } else if starts(&asf::HEADER) {
        tags.push(asf::read(source, at, artwork));
    } else if OF_FFMPEG.iter().any(|mark| starts(mark)) {
        return None;
    } else if starts(b"OggS") || !has_sound_mark(&head) {
        // Stray bytes in front of the first page are skipped.
        tags.push(ogg::read(source, at, artwork));
    }
    let ape = ape::read(source, artwork);
    // In these formats it is the native tag.
    if APE_FORMATS.iter().any(|mark| starts(mark)) {
        tags.extend(ape.clone());
    }
    tags.push(id3v2::read(source, 0, artwork));
    let end = source.bytes();
    for end in [end, end.saturating_sub(id3v1::BYTES)] {
        tags.push(id3v2::read_appended(source, end, artwork));
    }
    tags.extend(ape);
    tags.extend(id3v1::read(source));
    Some(tags)
}

/// First boxes of MP4 and MOV.
const ISO_BOXES: [&[u8]; 6] = [b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"];
/// Formats whose own tag is APEv2.
const APE_FORMATS: [&[u8]; 6] = [b"MAC ", b"wvpk", b"MPCK", b"MP+", b"TTA1", b"tBaK"];
/// Formats whose tags FFmpeg's demuxers read: CAF, FLV, Wave64.
const OF_FFMPEG: [&[u8]; 3] = [b"caff", b"FLV\x01", b"riff\x2e\x91\xcf\x11"];

/// Whether the first bytes are those of MPEG audio or AAC without a container, or of a format with APE tags.
fn has_sound_mark(head: &[u8]) -> bool {
    let sync = matches!(head, [0xff, second, ..] if second & 0xe0 == 0xe0);
    sync || APE_FORMATS.iter().any(|mark| head.starts_with(mark))
}

/// The tags of the file and its streams from FFmpeg's demuxer.
fn demuxer_tags(path: &Path, artwork: bool) -> Option<TagFields> {
    let input = Demuxer::open(path, &Limits::default()).ok()?;
    let mut fields = TagFields::default();
    for (name, text) in input.all_texts() {
        fields.add_named(&name, &text);
    }
    if artwork {
        for picture in input.attached_pictures() {
            fields.add_picture(false, &picture);
        }
    }
    Some(fields)
}

fn texts(tags: &[TagFields]) -> SoundTags {
    let first = |field| {
        first_with(tags, field)
            .and_then(|mut values| values.next().map(one_line))
            .unwrap_or_default()
    };
    let joined = |field| {
        let values: Vec<String> = first_with(tags, field)
            .into_iter()
            .flatten()
            .map(one_line)
            .collect();
        one_line(&values.join("; "))
    };
    SoundTags {
        title: joined(Field::Title),
        artist: joined(Field::Artist),
        album: joined(Field::Album),
        license: first(Field::License),
        copyright_address: creative_commons(tags, &[Field::CopyrightAddress])
            .unwrap_or_else(|| first(Field::CopyrightAddress)),
        copyright: creative_commons(tags, &[Field::Copyright, Field::Comment])
            .unwrap_or_else(|| first(Field::Copyright)),
    }
}

/// The values of `field` in the first tag that has one.
fn first_with(tags: &[TagFields], field: Field) -> Option<impl Iterator<Item = &str>> {
    tags.iter()
        .find(|tag| tag.all(field).next().is_some())
        .map(|tag| tag.all(field))
}

/// The first text that contains the address of a Creative Commons license. Publishers put it into copyright notices
/// ("2009 Jane. Licensed to the public under http://creativecommons.org/…") or into comments.
fn creative_commons(tags: &[TagFields], fields: &[Field]) -> Option<String> {
    let texts = fields
        .iter()
        .flat_map(|&field| tags.iter().flat_map(move |tag| tag.all(field)));
    let mut texts = texts.filter_map(|text| {
        let at = text.to_ascii_lowercase().find("creativecommons.org/")?;
        // Cut a long text so that the address stays in it.
        let from = text.floor_char_boundary(at.saturating_sub(LONGEST / 2));
        text.get(from..).map(one_line)
    });
    texts.next()
}

/// Words separated by single spaces, without characters that move a terminal's cursor or change writing direction.
fn one_line(text: &str) -> String {
    let plain = |letter: char| match letter {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => ' ',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    let start: String = text.chars().take(LONGEST).map(plain).collect();
    start.split_whitespace().collect::<Vec<_>>().join(" ")
}
