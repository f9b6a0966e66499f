//! The structure of an EXIF block: a small TIFF file (EXIF 2.32, section 4.5), read with each offset checked.

use super::coordinates::{is_coordinate, mentions_coordinate};

/// Bytes of an entry: tag, kind, number of values, and the values or where they are.
pub(super) const ENTRY_BYTES: usize = 12;
/// Directory entry: where the EXIF directory is.
pub(super) const EXIF_DIRECTORY: u16 = 0x8769;
/// Directory entry: where the GPS directory is.
pub(super) const GPS_DIRECTORY: u16 = 0x8825;
/// Directory entry: where the interoperability directory is.
pub(super) const INTEROPERABILITY_DIRECTORY: u16 = 0xa005;

/// Directory entries: title, comment, author, keywords and subject as Windows writes them, in UTF-16.
const WINDOWS_TEXTS: std::ops::RangeInclusive<u16> = 0x9c9b..=0x9c9f;

/// One entry of a directory.
#[derive(Debug, Clone, Copy)]
pub(super) struct TiffEntry {
    /// Where its 12 bytes are.
    pub(super) at: usize,
    pub(super) tag: u16,
    pub(super) kind: u16,
    pub(super) count: u32,
}

/// A block that begins like a TIFF file.
pub(super) struct TiffBlock<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) little_endian: bool,
}

impl<'a> TiffBlock<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let little_endian = match bytes.get(..4)? {
            b"II\x2a\x00" => true,
            b"MM\x00\x2a" => false,
            _ => return None,
        };
        Some(Self {
            bytes,
            little_endian,
        })
    }

    pub(super) fn u16(&self, at: usize) -> Option<u16> {
        let bytes: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little_endian {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        let bytes: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little_endian {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    pub(super) fn first_directory(&self) -> Option<usize> {
        self.u32(4).map(|offset| offset as usize)
    }

    /// The entries of the directory at `offset` that lie within the block.
    pub(super) fn entries(&self, offset: usize) -> Vec<TiffEntry> {
        let Some(count) = self.u16(offset) else {
            return Vec::new();
        };
        (0..usize::from(count))
            .map_while(|number| {
                let at = offset.checked_add(2 + number * ENTRY_BYTES)?;
                self.u32(at.checked_add(8)?)?;
                Some(TiffEntry {
                    at,
                    tag: self.u16(at)?,
                    kind: self.u16(at + 2)?,
                    count: self.u32(at + 4)?,
                })
            })
            .collect()
    }

    pub(super) fn find(&self, directory: usize, tag: u16) -> Option<TiffEntry> {
        self.entries(directory)
            .into_iter()
            .find(|entry| entry.tag == tag)
    }

    /// The number that an entry holds itself.
    pub(super) fn value(&self, entry: TiffEntry) -> Option<u32> {
        match entry.kind {
            3 => self.u16(entry.at + 8).map(u32::from),
            4 | 13 => self.u32(entry.at + 8),
            _ => None,
        }
    }

    /// Where the values of an entry are, unless they fit into the entry.
    pub(super) fn outside_values(&self, entry: TiffEntry) -> Option<(usize, usize)> {
        let unit: u64 = match entry.kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        let length = unit * u64::from(entry.count);
        if length <= 4 {
            return None;
        }
        Some((
            self.u32(entry.at + 8)? as usize,
            usize::try_from(length).ok()?,
        ))
    }

    /// The directories that may name a GPS directory: the first one, and EXIF's own.
    pub(super) fn main_directories(&self) -> Vec<usize> {
        let Some(first) = self.first_directory() else {
            return Vec::new();
        };
        let mut directories = vec![first];
        if let Some(exif) = self
            .find(first, EXIF_DIRECTORY)
            .and_then(|entry| self.value(entry))
            && exif as usize != first
        {
            directories.push(exif as usize);
        }
        directories
    }

    pub(super) fn two(&self, value: u16) -> Vec<u8> {
        if self.little_endian {
            value.to_le_bytes().to_vec()
        } else {
            value.to_be_bytes().to_vec()
        }
    }

    pub(super) fn four(&self, value: u32) -> Vec<u8> {
        if self.little_endian {
            value.to_le_bytes().to_vec()
        } else {
            value.to_be_bytes().to_vec()
        }
    }

    /// What an entry says as text, in every way that it may be meant; nothing unless it holds text.
    fn texts(&self, entry: TiffEntry) -> Vec<String> {
        let bytes = self
            .outside_values(entry)
            .and_then(|(at, length)| self.bytes.get(at..at.checked_add(length)?))
            .unwrap_or_default();
        match (entry.kind, bytes) {
            (1 | 7, bytes) if WINDOWS_TEXTS.contains(&entry.tag) => vec![wide_text(bytes, true)],
            // UserComment has eight bytes for its character set in front. Writers disagree on the order of bytes.
            (7, [b'U', b'N', b'I', b'C', b'O', b'D', b'E', 0, text @ ..]) => {
                vec![wide_text(text, true), wide_text(text, false)]
            }
            (7, [_, _, _, _, _, _, _, _, bytes @ ..]) | (2, bytes) => {
                let text = std::str::from_utf8(bytes).map(String::from);
                text.into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Each entry of text that is a position or mentions one, with the directory that it is in.
    pub(super) fn position_texts(&self) -> Vec<(usize, TiffEntry)> {
        let is_position = |entry: &TiffEntry| {
            let texts = self.texts(*entry);
            let mut texts = texts.iter().map(|text| text.trim_matches('\0'));
            texts.any(|text| is_coordinate(text) || mentions_coordinate(text))
        };
        self.main_directories()
            .into_iter()
            .flat_map(|directory| {
                self.entries(directory)
                    .into_iter()
                    .filter(is_position)
                    .map(move |entry| (directory, entry))
            })
            .collect()
    }

    /// Each entry that names a GPS directory, with the directory that it is in.
    pub(super) fn gps_entries(&self) -> Vec<(usize, TiffEntry)> {
        self.main_directories()
            .into_iter()
            .flat_map(|directory| {
                self.entries(directory)
                    .into_iter()
                    .filter(|entry| entry.tag == GPS_DIRECTORY)
                    .map(move |entry| (directory, entry))
            })
            .collect()
    }
}

/// The text of UTF-16, whose lower byte comes first or second.
fn wide_text(bytes: &[u8], low_first: bool) -> String {
    let units = bytes.chunks_exact(2).map(|two| match low_first {
        true => u16::from_le_bytes([two[0], two[1]]),
        false => u16::from_be_bytes([two[0], two[1]]),
    });
    char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// A directory by its place in the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExifDirectory {
    /// The one that the header names.
    First,
    Exif,
    Interoperability,
}

impl TiffBlock<'_> {
    pub(super) fn directory(&self, which: ExifDirectory) -> Option<usize> {
        let linked = |from: usize, tag: u16| {
            let entry = self.find(from, tag)?;
            self.value(entry).map(|offset| offset as usize)
        };
        let first = self.first_directory()?;
        match which {
            ExifDirectory::First => Some(first),
            ExifDirectory::Exif => linked(first, EXIF_DIRECTORY),
            ExifDirectory::Interoperability => {
                linked(linked(first, EXIF_DIRECTORY)?, INTEROPERABILITY_DIRECTORY)
            }
        }
    }
}
