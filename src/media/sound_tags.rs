//! What the tags in a sound file say. Pictures in them are not read.
//!
//! Tags are read from Ogg (Vorbis, Opus, Speex), FLAC, MP4 and from ID3v2 at the beginning of MP3. Whatever is wrong with
//! tags, there are none: nobody's music fails because of them. Reading is bounded, and ID3 frames that are compressed
//! are not unpacked, since a few of their bytes can stand for gigabytes.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::panic::AssertUnwindSafe;
use std::path::Path;

use lofty::config::{GlobalOptions, ParseOptions, apply_global_options};
use lofty::file::{FileType, TaggedFileExt as _};
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag};

/// Bytes of a file that may be read for its tags.
const MOST_READ: u64 = 32 << 20;
/// Bytes of an ID3v2 tag.
const LARGEST_ID3: u64 = 8 << 20;
/// Bytes of one item.
const LARGEST_ITEM: usize = 4 << 20;
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
        // Other people's parsers: should one panic on hostile tags, there are none.
        std::panic::catch_unwind(AssertUnwindSafe(|| tags(content)))
            .ok()
            .flatten()
            .unwrap_or_default()
    }
}

fn tags(mut content: impl Read + Seek) -> Option<SoundTags> {
    // For this thread only, and the same for each call.
    apply_global_options(
        GlobalOptions::new()
            .use_custom_resolvers(false)
            .preserve_format_specific_items(false)
            .allocation_limit(LARGEST_ITEM),
    );
    let options = ParseOptions::new()
        .read_properties(false)
        .read_cover_art(false);
    let mut begin = [0; 3];
    content.read_exact(&mut begin).ok()?;
    content.rewind().ok()?;
    let file = if &begin == b"ID3" {
        let tag = plain_id3(content)?;
        Probe::with_file_type(Cursor::new(tag), FileType::Mpeg)
            .options(options)
            .read()
            .ok()?
    } else {
        let probe = Probe::new(Bounded {
            content,
            left: MOST_READ,
        })
        .guess_file_type()
        .ok()?;
        let wanted = [
            FileType::Vorbis,
            FileType::Opus,
            FileType::Speex,
            FileType::Flac,
            FileType::Mp4,
        ];
        probe.file_type().filter(|kind| wanted.contains(kind))?;
        probe.options(options).read().ok()?
    };
    Some(texts(file.primary_tag().or_else(|| file.first_tag())?))
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

/// The ID3v2 tag at the beginning, where each frame is found and none is compressed (ID3v2.3, section 3.3.1; ID3v2.4,
/// section 4.1.2).
fn plain_id3(content: impl Read) -> Option<Vec<u8>> {
    let mut content = content.take(10 + LARGEST_ID3);
    let mut tag = vec![0; 10];
    content.read_exact(&mut tag).ok()?;
    let (version, flags) = (*tag.get(3)?, *tag.get(5)?);
    let size = safe_size(tag.get(6..10)?)?;
    content.take(size).read_to_end(&mut tag).ok()?;
    let frames = tag.get(10..)?;
    let plain = match version {
        2 => flags & 0x40 == 0,
        // Frames of an unsynchronized 2.3 tag, and those behind an extended header, are not where they seem to be.
        3 => flags & 0xc0 == 0 && frames_are_plain(frames, 0x80, big_size),
        4 => flags & 0x40 == 0 && frames_are_plain(frames, 0x08, safe_size),
        _ => false,
    };
    plain.then_some(tag)
}

fn frames_are_plain(
    mut frames: &[u8],
    compressed: u8,
    size: impl Fn(&[u8]) -> Option<u64>,
) -> bool {
    while let Some((header, rest)) = frames.split_at_checked(10) {
        let [name @ .., a, b, c, d, _, flags] = header else {
            return false;
        };
        if name == [0; 4] {
            return true;
        }
        let named = name
            .iter()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let length = size(&[*a, *b, *c, *d]).and_then(|length| usize::try_from(length).ok());
        match length.and_then(|length| rest.get(length..)) {
            Some(rest) if named && flags & compressed == 0 => frames = rest,
            _ => return false,
        }
    }
    true
}

/// Seven bits a byte.
fn safe_size(bytes: &[u8]) -> Option<u64> {
    bytes.iter().try_fold(0, |size, byte| {
        (*byte < 0x80).then_some(size << 7 | u64::from(*byte))
    })
}

fn big_size(bytes: &[u8]) -> Option<u64> {
    Some(
        bytes
            .iter()
            .fold(0, |size, byte| size << 8 | u64::from(*byte)),
    )
}

/// Ends after so many bytes, wherever they lie.
struct Bounded<R> {
    content: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left)
            .unwrap_or(usize::MAX)
            .min(to.len());
        let count = self.content.read(to.get_mut(..most).unwrap_or_default())?;
        self.left = self.left.saturating_sub(count as u64);
        Ok(count)
    }
}

impl<R: Seek> Seek for Bounded<R> {
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
                (b"TIT2", flag, b"\x00\x00\x00\x05x\x9c1234"),
            ];
            assert_eq!(
                SoundTags::from_bytes(Cursor::new(id3(version, &frames))),
                SoundTags::default()
            );
        }
    }

    #[test]
    fn broken_tags_are_no_tags() {
        let whole = id3(4, &[(b"TIT2", 0, b"\x03Rain")]);
        for length in 0..whole.len() {
            let _ = SoundTags::from_bytes(Cursor::new(whole.get(..length).unwrap_or_default()));
        }
        let mut endless = whole.clone();
        endless.splice(14..18, [0x7f; 4]);
        assert_eq!(
            SoundTags::from_bytes(Cursor::new(endless)),
            SoundTags::default()
        );
    }
}
