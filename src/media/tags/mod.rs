//! What the tags in a sound file say, and the picture they carry.
//!
//! Tags are read wherever `lofty` knows them: Ogg (Vorbis, Opus, Speex), FLAC, MP4, MP3 (ID3v2, ID3v1, APE), WAV, AIFF and
//! others. Whatever is wrong with tags, there are none: nobody's music fails because of them. Reading is bounded, and the
//! library is built without unpacking ID3 frames that are compressed, since a few of their bytes can stand for gigabytes.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::panic::AssertUnwindSafe;
use std::path::Path;

use lofty::config::{GlobalOptions, ParseOptions, apply_global_options};
use lofty::file::{FileType, TaggedFile, TaggedFileExt as _};
use lofty::picture::PictureType;
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag};

/// Bytes of a file that may be read for its tags.
const MOST_READ: u64 = 48 << 20;
/// Bytes of one item, when texts are wanted and when the picture is.
const LARGEST_TEXT: usize = 4 << 20;
const LARGEST_ARTWORK: usize = 20 << 20;
/// Letters of a text that are kept.
const LONGEST: usize = 500;

/// Texts on one line, without control characters; empty where the tags do not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct SoundTags {
    pub title: String,
    pub artist: String,
    pub album: String,
    /// A name or an address of a license.
    pub license: String,
    /// The address of a copyright notice.
    pub copyright_address: String,
    pub copyright: String,
}

impl SoundTags {
    /// Of the file at `path`.
    pub fn read(path: &Path) -> Self {
        match File::open(path) {
            Ok(file) => Self::from_bytes(file),
            Err(_) => Self::default(),
        }
    }

    /// Of the content of a file.
    pub fn from_bytes(content: impl Read + Seek) -> Self {
        quietly(|| {
            let file = read(content, false)?;
            Some(texts(file.primary_tag().or_else(|| file.first_tag())?))
        })
        .unwrap_or_default()
    }
}

/// The picture that the sound file at `path` carries, as it lies there, mostly a JPEG or a PNG: the front cover, or else
/// the first one. `None` where there is none, where it is larger than 20 MiB and where tags are damaged.
pub fn sound_artwork(path: &Path) -> Option<Vec<u8>> {
    artwork(File::open(path).ok()?)
}

fn artwork(content: impl Read + Seek) -> Option<Vec<u8>> {
    quietly(|| {
        let file = read(content, true)?;
        let pictures = || file.tags().iter().flat_map(Tag::pictures);
        let front = pictures().find(|picture| picture.pic_type() == PictureType::CoverFront);
        let data = front.or_else(|| pictures().next())?.data();
        (!data.is_empty()).then(|| data.to_vec())
    })
}

/// Other people's parsers: should one panic on hostile tags, there are none.
fn quietly<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    std::panic::catch_unwind(AssertUnwindSafe(read))
        .ok()
        .flatten()
}

fn read(mut content: impl Read + Seek, artwork: bool) -> Option<TaggedFile> {
    let largest = if artwork {
        LARGEST_ARTWORK
    } else {
        LARGEST_TEXT
    };
    // For this thread only, and set for each file.
    apply_global_options(
        GlobalOptions::new()
            .use_custom_resolvers(false)
            .preserve_format_specific_items(false)
            .allocation_limit(largest),
    );
    let options = ParseOptions::new()
        .read_properties(false)
        .read_cover_art(artwork);
    if let Some(tag) = front_id3(&mut content) {
        let tag = Cursor::new(tag);
        let file = Probe::with_file_type(tag, FileType::Mpeg).options(options);
        return file.read().ok();
    }
    content.rewind().ok()?;
    let content = BufReader::new(BoundedReader {
        content,
        left: MOST_READ,
    });
    let probe = Probe::new(content).options(options);
    probe.guess_file_type().ok()?.read().ok()
}

fn texts(tag: &Tag) -> SoundTags {
    let text = |key| one_line(tag.get_string(key).unwrap_or(""));
    SoundTags {
        title: text(ItemKey::TrackTitle),
        artist: text(ItemKey::TrackArtist),
        album: text(ItemKey::AlbumTitle),
        license: text(ItemKey::License),
        copyright_address: tag
            .get(ItemKey::CopyrightUrl)
            .and_then(|item| item.value().locator().or_else(|| item.value().text()))
            .map(one_line)
            .unwrap_or_default(),
        copyright: text(ItemKey::CopyrightMessage),
    }
}

/// Words apart by single spaces: nothing that moves a terminal's cursor or turns the direction of writing.
fn one_line(text: &str) -> String {
    let plain = |letter: char| match letter {
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' => ' ',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    let start: String = text.chars().take(LONGEST).map(plain).collect();
    start.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The ID3v2 tag that a file begins with, alone (ID3v2.4, section 3.1), so that nothing behind it is looked for in the
/// sound; `None` where there is none.
fn front_id3(content: &mut impl Read) -> Option<Vec<u8>> {
    let mut tag = vec![0; 10];
    content.read_exact(&mut tag).ok()?;
    let [b'I', b'D', b'3', _, _, _, size @ ..] = tag.as_slice() else {
        return None;
    };
    // Seven bits a byte.
    let size = size
        .iter()
        .fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
    content
        .take(size.min(MOST_READ))
        .read_to_end(&mut tag)
        .ok()?;
    Some(tag)
}

/// Ends after so many bytes, wherever they lie.
struct BoundedReader<R> {
    content: R,
    left: u64,
}

impl<R: Read> Read for BoundedReader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(to.len());
        let count = self.content.read(to.get_mut(..most).unwrap_or_default())?;
        self.left = self.left.saturating_sub(count as u64);
        Ok(count)
    }
}

impl<R: Seek> Seek for BoundedReader<R> {
    fn seek(&mut self, place: SeekFrom) -> io::Result<u64> {
        self.content.seek(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id3(version: u8, frames: &[(&[u8; 4], u8, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, flags, content) in frames {
            body.extend_from_slice(*name);
            body.extend_from_slice(&[0, 0, 0, content.len() as u8, 0, *flags]);
            body.extend_from_slice(content);
        }
        body.extend_from_slice(&[0; 20]);
        let mut tag = vec![b'I', b'D', b'3', version, 0, 0, 0, 0, 0, body.len() as u8];
        tag.extend(body);
        tag
    }

    #[test]
    fn id3_tells_title_and_license() {
        let tag = id3(
            4,
            &[
                (b"TIT2", 0, b"\x03Rain\x1b[2J \xe2\x80\xaefall"),
                (b"TPE1", 0, b"\x03Jane"),
                (b"WCOP", 0, b"https://creativecommons.org/licenses/by/4.0/"),
            ],
        );
        let tags = SoundTags::from_bytes(Cursor::new(tag));
        assert_eq!(
            (tags.title.as_str(), tags.artist.as_str()),
            ("Rain [2J fall", "Jane")
        );
        assert_eq!(
            tags.copyright_address,
            "https://creativecommons.org/licenses/by/4.0/"
        );
    }

    #[test]
    fn compressed_frames_are_not_unpacked() {
        for (version, flag) in [(3, 0x80), (4, 0x08)] {
            let frames: [(&[u8; 4], u8, &[u8]); 2] = [
                (b"TPE1", 0, b"\x03Jane"),
                (
                    b"TIT2",
                    flag,
                    b"\x00\x00\x00\x05x\x9c\x63\x0e\x4a\xcc\xcc\x03\x00\x04\x8c\x01\x8f",
                ),
            ];
            assert_eq!(
                SoundTags::from_bytes(Cursor::new(id3(version, &frames))),
                SoundTags::default()
            );
        }
    }

    #[test]
    fn the_front_cover_is_the_artwork() {
        let picture =
            |kind: u8, data: &[u8]| [b"\0image/png\0".as_slice(), &[kind, 0], data].concat();
        let (back, front) = (picture(4, b"back"), picture(3, b"front"));
        let both = id3(4, &[(b"APIC", 0, &back), (b"APIC", 0, &front)]);
        assert_eq!(artwork(Cursor::new(both)).as_deref(), Some(&b"front"[..]));
        let one = id3(4, &[(b"APIC", 0, &back)]);
        assert_eq!(artwork(Cursor::new(one)).as_deref(), Some(&b"back"[..]));
        let none = id3(4, &[(b"TIT2", 0, b"\x03Rain")]);
        assert_eq!(artwork(Cursor::new(none)), None);
    }

    #[test]
    fn a_wav_and_the_end_of_an_mp3_tell_titles() {
        let name = b"INAM\x05\0\0\0Rain\0\0";
        let info = [b"LIST\x12\0\0\0INFO".as_slice(), name].concat();
        let size = (4 + info.len() as u32).to_le_bytes();
        let wav = [b"RIFF".as_slice(), &size, b"WAVE", &info].concat();
        assert_eq!(SoundTags::from_bytes(Cursor::new(wav)).title, "Rain");

        // Two empty frames of MPEG 1, layer III, 128 kbit/s at 44.1 kHz: 417 bytes each.
        let frame = [&[0xff, 0xfb, 0x90, 0x00][..], &[0; 413]].concat();
        let mut tag = [b"TAG".as_slice(), b"Rain"].concat();
        tag.resize(128, 0);
        let mp3 = [frame.clone(), frame, tag].concat();
        assert_eq!(SoundTags::from_bytes(Cursor::new(mp3)).title, "Rain");
    }

    #[test]
    fn broken_tags_are_no_tags() {
        let whole = id3(4, &[(b"TIT2", 0, b"\x03Rain")]);
        for length in 0..whole.len() {
            let _ = SoundTags::from_bytes(Cursor::new(whole.get(..length).unwrap_or_default()));
        }
        // A frame that says it is longer than the tag is read as far as there is something.
        let mut endless = whole.clone();
        endless.splice(14..18, [0x7f; 4]);
        assert_eq!(SoundTags::from_bytes(Cursor::new(endless)).title, "Rain");
    }
}
