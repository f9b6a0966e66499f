//! EXIF blocks, changed in place: everything but the few bytes concerned stays as the camera wrote it, maker notes and
//! their absolute offsets included.
//!
//! An EXIF block is a small TIFF file (EXIF 2.32, section 4.5): a byte order, then image file directories of 12-byte
//! entries. Everything in it may lie, so each read is checked.

use super::coordinates::is_coordinate;
use crate::geometry::Size;

/// Directory entry: which way is up.
const ORIENTATION: u16 = 0x0112;
const TAKEN: u16 = 0x9003;
/// Directory entry: where the EXIF directory is.
const EXIF_DIRECTORY: u16 = 0x8769;
/// Directory entry: where the GPS directory is.
const GPS_DIRECTORY: u16 = 0x8825;
/// Directory entry: where the interoperability directory is.
const INTEROPERABILITY_DIRECTORY: u16 = 0xa005;
/// Directory entries in a format of the camera's maker: MakerNote, and DNG's private data.
const MAKERS_ENTRIES: [u16; 2] = [0x927c, 0xc634];
/// Entries of the thumbnail's directory: where its JPEG is, and how long.
const THUMBNAIL_OFFSET: u16 = 0x0201;
const THUMBNAIL_LENGTH: u16 = 0x0202;

const ENTRY_BYTES: usize = 12;
/// More entries than any real block has; directories that overlap could otherwise bring entries back for ever.
const MOST_REMOVALS: usize = 10_000;

/// One entry of a directory.
#[derive(Debug, Clone, Copy)]
struct TiffEntry {
    /// Where its 12 bytes are.
    at: usize,
    tag: u16,
    kind: u16,
    count: u32,
}

/// A block that begins like a TIFF file.
struct TiffBlock<'a> {
    bytes: &'a [u8],
    little_endian: bool,
}

impl<'a> TiffBlock<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
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

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.little_endian {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little_endian {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    }

    fn first_directory(&self) -> Option<usize> {
        self.u32(4).map(|offset| offset as usize)
    }

    /// The entries of the directory at `offset` that lie within the block.
    fn entries(&self, offset: usize) -> Vec<TiffEntry> {
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

    fn find(&self, directory: usize, tag: u16) -> Option<TiffEntry> {
        self.entries(directory)
            .into_iter()
            .find(|entry| entry.tag == tag)
    }

    /// The number that an entry holds itself.
    fn value(&self, entry: TiffEntry) -> Option<u32> {
        match entry.kind {
            3 => self.u16(entry.at + 8).map(u32::from),
            4 | 13 => self.u32(entry.at + 8),
            _ => None,
        }
    }

    /// Where the values of an entry are, unless they fit into the entry.
    fn outside_values(&self, entry: TiffEntry) -> Option<(usize, usize)> {
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
    fn main_directories(&self) -> Vec<usize> {
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

    fn two(&self, value: u16) -> Vec<u8> {
        if self.little_endian {
            value.to_le_bytes().to_vec()
        } else {
            value.to_be_bytes().to_vec()
        }
    }

    fn four(&self, value: u32) -> Vec<u8> {
        if self.little_endian {
            value.to_le_bytes().to_vec()
        } else {
            value.to_be_bytes().to_vec()
        }
    }

    /// Each entry of text that is a position, with the directory that it is in.
    fn position_texts(&self) -> Vec<(usize, TiffEntry)> {
        let is_position = |entry: &TiffEntry| {
            let text = self
                .outside_values(*entry)
                .and_then(|(at, length)| self.bytes.get(at..at.checked_add(length)?));
            // UserComment is of kind 7 and has eight bytes for its character set in front.
            let text = match (entry.kind, text) {
                (2, Some(text)) => text,
                (7, Some(text)) => text.get(8..).unwrap_or_default(),
                _ => return false,
            };
            std::str::from_utf8(text).is_ok_and(|text| is_coordinate(text.trim_matches('\0')))
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
    fn gps_entries(&self) -> Vec<(usize, TiffEntry)> {
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

/// The block without the `Exif\0\0` that belongs to JPEG alone but that some writers put into other formats too.
pub(in crate::media) fn without_prefix(exif: &[u8]) -> &[u8] {
    exif.strip_prefix(b"Exif\0\0").unwrap_or(exif)
}

/// Which way is up, 1..8; 1 where the block does not say so validly.
pub(in crate::media) fn orientation(exif: &[u8]) -> u8 {
    let read = || {
        let block = TiffBlock::new(exif)?;
        let entry = block.find(block.first_directory()?, ORIENTATION)?;
        block.value(entry)
    };
    match read() {
        Some(value @ 1..=8) => value as u8,
        _ => 1,
    }
}

/// Seconds from 1970 to when the picture was taken, by `DateTimeOriginal`: "YYYY:MM:DD HH:MM:SS", without a time zone.
pub(super) fn taken(exif: &[u8]) -> Option<i64> {
    let block = TiffBlock::new(exif)?;
    let directories = block.main_directories();
    let entry = directories
        .into_iter()
        .find_map(|directory| block.find(directory, TAKEN))?;
    let (at, length) = block.outside_values(entry).filter(|_| entry.kind == 2)?;
    let text = std::str::from_utf8(exif.get(at..at.checked_add(length.min(19))?)?).ok()?;
    let numbers: Vec<i64> = text
        .split([':', ' '])
        .map(|part| {
            part.parse()
                .ok()
                .filter(|number| (0..10_000).contains(number))
        })
        .collect::<Option<_>>()?;
    let [
        year,
        month @ 1..=12,
        day @ 1..=31,
        hour @ 0..=23,
        minute @ 0..=59,
        second @ 0..=60,
    ] = numbers[..]
    else {
        return None;
    };
    Some(((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second)
}

/// Days from 1970-01-01 in the Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// True when the first directory of a TIFF file says that it holds a camera's raw picture: a DNG, or a reduced
/// picture in front of others (NEF, ARW and their kin).
pub(in crate::media) fn is_camera_raw(head: &[u8]) -> bool {
    const NEW_SUBFILE_TYPE: u16 = 0x00fe;
    const SUB_DIRECTORIES: u16 = 0x014a;
    const DNG_VERSION: u16 = 0xc612;
    let read = || {
        let block = TiffBlock::new(head)?;
        let entries = block.entries(block.first_directory()?);
        let has = |tag| entries.iter().find(|entry| entry.tag == tag).copied();
        let reduced = has(NEW_SUBFILE_TYPE)
            .and_then(|entry| block.value(entry))
            .unwrap_or(0)
            & 1
            == 1;
        Some(has(DNG_VERSION).is_some() || (reduced && has(SUB_DIRECTORIES).is_some()))
    };
    read().unwrap_or(false)
}

/// True when the block names a location that can be read here: what makers note in formats of their own is not looked into.
pub(super) fn has_location(exif: &[u8]) -> bool {
    let Some(block) = TiffBlock::new(exif) else {
        return false;
    };
    !block.position_texts().is_empty()
        || block.gps_entries().into_iter().any(|(_, entry)| {
            block
                .value(entry)
                .is_some_and(|offset| !block.entries(offset as usize).is_empty())
        })
}

/// Sets the orientation to upright and takes the thumbnail out: it shows the picture as it was before it was turned
/// and edited.
pub(super) fn make_upright(exif: &mut [u8]) {
    let mut writes: Vec<(usize, Vec<u8>)> = Vec::new();
    if let Some(block) = TiffBlock::new(exif)
        && let Some(first) = block.first_directory()
    {
        let entries = block.entries(first);
        for entry in entries.iter().filter(|entry| entry.tag == ORIENTATION) {
            let one = match (entry.kind, block.little_endian) {
                (4, true) => vec![1, 0, 0, 0],
                (4, false) => vec![0, 0, 0, 1],
                (_, true) => vec![1, 0],
                (_, false) => vec![0, 1],
            };
            writes.push((entry.at + 8, one));
        }
        let link = first.saturating_add(2 + entries.len() * ENTRY_BYTES);
        if let Some(second) = block.u32(link).filter(|&offset| offset != 0) {
            let second = second as usize;
            let number = |tag| {
                block
                    .find(second, tag)
                    .and_then(|entry| block.value(entry))
                    .map(|value| value as usize)
            };
            if let (Some(offset), Some(length)) =
                (number(THUMBNAIL_OFFSET), number(THUMBNAIL_LENGTH))
            {
                let end = offset.saturating_add(length).min(exif.len());
                // Never the header or the directory itself, whatever a hostile offset says.
                if offset >= link + 4 {
                    writes.push((offset, vec![0; end.saturating_sub(offset)]));
                }
            }
            writes.push((link, vec![0; 4]));
        }
    }
    for (at, bytes) in writes {
        overwrite(exif, at, &bytes);
    }
}

/// What of EXIF is true of a picture of this size alone.
const SIZE_ENTRIES: [(Directory, u16, Axis); 6] = [
    (Directory::First, 0x0100, Axis::Width),
    (Directory::First, 0x0101, Axis::Height),
    (Directory::Exif, 0xa002, Axis::Width),
    (Directory::Exif, 0xa003, Axis::Height),
    (Directory::Interoperability, 0x1001, Axis::Width),
    (Directory::Interoperability, 0x1002, Axis::Height),
];
/// Where the subject is, in pixels of the old picture: SubjectArea and SubjectLocation.
const SUBJECT_ENTRIES: [u16; 2] = [0x9214, 0xa214];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Directory {
    First,
    Exif,
    Interoperability,
}

#[derive(Debug, Clone, Copy)]
enum Axis {
    Width,
    Height,
}

impl TiffBlock<'_> {
    fn directory(&self, which: Directory) -> Option<usize> {
        let linked = |from: usize, tag: u16| {
            let entry = self.find(from, tag)?;
            self.value(entry).map(|offset| offset as usize)
        };
        let first = self.first_directory()?;
        match which {
            Directory::First => Some(first),
            Directory::Exif => linked(first, EXIF_DIRECTORY),
            Directory::Interoperability => {
                linked(linked(first, EXIF_DIRECTORY)?, INTEROPERABILITY_DIRECTORY)
            }
        }
    }
}

/// Writes `size` wherever the block says how large the picture is.
pub(super) fn set_size(exif: &mut [u8], size: Size) {
    let mut writes: Vec<(usize, Vec<u8>)> = Vec::new();
    if let Some(block) = TiffBlock::new(exif) {
        for (which, tag, axis) in SIZE_ENTRIES {
            let Some(directory) = block.directory(which) else {
                continue;
            };
            let pixels = match axis {
                Axis::Width => size.width,
                Axis::Height => size.height,
            };
            for entry in block.entries(directory) {
                if entry.tag == tag {
                    // As one LONG, which holds every size.
                    let bytes = [block.two(tag), block.two(4)].concat();
                    writes.push((
                        entry.at,
                        [bytes, block.four(1), block.four(pixels)].concat(),
                    ));
                }
            }
        }
    }
    for (at, bytes) in writes {
        overwrite(exif, at, &bytes);
    }
}

/// Takes out where the subject was in a picture that has another shape now.
pub(super) fn remove_subject(exif: &mut [u8]) {
    remove(exif, |block| {
        let directory = block.directory(Directory::Exif)?;
        let mut entries = block.entries(directory).into_iter();
        entries
            .find(|entry| SUBJECT_ENTRIES.contains(&entry.tag))
            .map(|entry| (directory, entry))
    });
}

/// Takes out what says where the picture was taken: the GPS directory, text that is a position, and what the maker of the
/// camera noted in a format of its own, where positions and names of places stand in some models.
pub(super) fn remove_location(exif: &mut [u8]) {
    remove(exif, |block| block.gps_entries().into_iter().next());
    remove(exif, |block| block.position_texts().into_iter().next());
    remove(exif, |block| {
        block.main_directories().into_iter().find_map(|directory| {
            let mut entries = block.entries(directory).into_iter();
            entries
                .find(|entry| MAKERS_ENTRIES.contains(&entry.tag))
                .map(|entry| (directory, entry))
        })
    });
}

/// Takes out the entries that `next` finds, one a turn, since taking one out moves those behind it; with the bytes that they
/// point to.
fn remove(exif: &mut [u8], next: impl Fn(&TiffBlock<'_>) -> Option<(usize, TiffEntry)>) {
    for _ in 0..MOST_REMOVALS {
        let mut blank: Vec<(usize, usize)> = Vec::new();
        let (directory, entry, entries) = {
            let Some(block) = TiffBlock::new(exif) else {
                return;
            };
            let Some((directory, entry)) = next(&block) else {
                return;
            };
            blank.extend(block.outside_values(entry));
            if entry.tag == GPS_DIRECTORY
                && let Some(gps) = block.value(entry)
            {
                let positions = block.entries(gps as usize);
                blank.extend(
                    positions
                        .iter()
                        .filter_map(|&position| block.outside_values(position)),
                );
                if !positions.is_empty() {
                    blank.push((gps as usize, 2 + positions.len() * ENTRY_BYTES + 4));
                }
            }
            (directory, entry, block.entries(directory))
        };
        // The header, and the directory that is edited, are not blanked whatever a hostile offset says.
        let directory_end = directory + 2 + entries.len() * ENTRY_BYTES + 4;
        for (at, length) in blank {
            let end = at.saturating_add(length).min(exif.len());
            let meets_directory = at < directory_end && end > directory;
            if at >= 8 && !meets_directory {
                exif[at.min(end)..end].fill(0);
            }
        }
        let end = directory_end.min(exif.len());
        exif.copy_within(entry.at + ENTRY_BYTES..end, entry.at);
        exif[end - ENTRY_BYTES..end].fill(0);
        let left = u16::try_from(entries.len().saturating_sub(1)).unwrap_or(0);
        let count = if exif.starts_with(b"II") {
            left.to_le_bytes()
        } else {
            left.to_be_bytes()
        };
        overwrite(exif, directory, &count);
    }
}

fn overwrite(exif: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(end) = at.checked_add(bytes.len())
        && let Some(place) = exif.get_mut(at..end)
    {
        place.copy_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Orientation 6, a maker, and a GPS directory with one latitude; in both byte orders.
    fn sample(little_endian: bool) -> Vec<u8> {
        let two = |value: u16| {
            if little_endian {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        };
        let four = |value: u32| {
            if little_endian {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        };
        let mut bytes = if little_endian {
            b"II\x2a\x00".to_vec()
        } else {
            b"MM\x00\x2a".to_vec()
        };
        bytes.extend(four(8));
        bytes.extend(two(3));
        // Orientation 6.
        bytes.extend(two(ORIENTATION));
        bytes.extend(two(3));
        bytes.extend(four(1));
        bytes.extend(two(6));
        bytes.extend(two(0));
        // GPS directory at 50.
        bytes.extend(two(GPS_DIRECTORY));
        bytes.extend(two(4));
        bytes.extend(four(1));
        bytes.extend(four(50));
        // An entry behind it: a software name of 3 bytes.
        bytes.extend(two(0xfff0));
        bytes.extend(two(2));
        bytes.extend(four(3));
        bytes.extend(b"ab\0\0");
        bytes.extend(four(0));
        assert_eq!(bytes.len(), 50);
        bytes.extend(two(1));
        bytes.extend(two(2));
        bytes.extend(two(5));
        bytes.extend(four(3));
        bytes.extend(four(68));
        bytes.extend(four(0));
        assert_eq!(bytes.len(), 68);
        for value in [52, 1, 31, 1, 12, 1] {
            bytes.extend(four(value));
        }
        bytes
    }

    #[test]
    fn the_time_is_read_and_nonsense_is_not() {
        let with = |text: &[u8; 20]| {
            let mut block = b"II\x2a\0\x08\0\0\0\x01\0".to_vec();
            block.extend([0x03, 0x90, 2, 0, 20, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0]);
            block.extend(text);
            taken(&block)
        };
        assert_eq!(with(b"1970:01:01 00:00:00\0"), Some(0));
        assert_eq!(with(b"2024:02:29 12:30:05\0"), Some(1_709_209_805));
        for wrong in [
            b"    :  :     :  :  \0",
            b"2024:13:01 00:00:00\0",
            b"2024-02-29T12:30:05\0",
        ] {
            assert_eq!(with(wrong), None);
        }
    }

    #[test]
    fn orientation_is_read_and_reset() {
        for little_endian in [true, false] {
            let mut exif = sample(little_endian);
            assert_eq!(orientation(&exif), 6);
            make_upright(&mut exif);
            assert_eq!(orientation(&exif), 1);
            assert!(has_location(&exif));
        }
    }

    #[test]
    fn no_byte_of_the_place_stays() {
        for little_endian in [true, false] {
            let mut exif = sample(little_endian);
            assert!(has_location(&exif));
            remove_location(&mut exif);
            assert!(!has_location(&exif));
            assert_eq!(orientation(&exif), 6);
            assert!(exif[68..].iter().all(|&byte| byte == 0));
            assert!(exif.windows(2).any(|pair| pair == b"ab"));
        }
    }

    /// A first directory with a size and a comment, and EXIF's own with a size, a maker's note and a subject; in both orders.
    fn sized(little_endian: bool) -> Vec<u8> {
        let two = |value: u16| {
            if little_endian {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        };
        let four = |value: u32| {
            if little_endian {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            }
        };
        let short = |tag: u16, value: u16| {
            [two(tag), two(3)]
                .concat()
                .into_iter()
                .chain(four(1))
                .chain(two(value))
                .chain(two(0))
                .collect::<Vec<u8>>()
        };
        let long = |tag: u16, kind: u16, count: u32, value: u32| {
            [two(tag), two(kind)]
                .concat()
                .into_iter()
                .chain(four(count))
                .chain(four(value))
                .collect::<Vec<u8>>()
        };
        let mut bytes = if little_endian {
            b"II\x2a\x00".to_vec()
        } else {
            b"MM\x00\x2a".to_vec()
        };
        bytes.extend(four(8));
        bytes.extend(two(4));
        bytes.extend(short(0x0100, 400));
        bytes.extend(long(0x0101, 4, 1, 300));
        bytes.extend(long(0x010e, 2, 20, 116));
        bytes.extend(long(EXIF_DIRECTORY, 4, 1, 62));
        bytes.extend(four(0));
        assert_eq!(bytes.len(), 62);
        bytes.extend(two(4));
        bytes.extend(long(0x927c, 7, 9, 136));
        bytes.extend(long(0x9214, 3, 2, 0x0010_0010));
        bytes.extend(short(0xa002, 400));
        bytes.extend(short(0xa003, 300));
        assert_eq!(bytes.len(), 112);
        bytes.extend(four(0));
        bytes.extend(b"12.34567, 98.76543\0\0");
        bytes.extend(b"Landmark\0");
        bytes
    }

    fn numbers(exif: &[u8], which: Directory, tag: u16) -> Option<u32> {
        let block = TiffBlock::new(exif)?;
        let entry = block.find(block.directory(which)?, tag)?;
        block.value(entry)
    }

    #[test]
    fn sizes_are_those_of_the_result_and_the_subject_goes() {
        for little_endian in [true, false] {
            let mut exif = sized(little_endian);
            set_size(&mut exif, Size::new(70_000, 200));
            remove_subject(&mut exif);
            for (which, width, height) in [
                (Directory::First, 0x0100, 0x0101),
                (Directory::Exif, 0xa002, 0xa003),
            ] {
                assert_eq!(numbers(&exif, which, width), Some(70_000));
                assert_eq!(numbers(&exif, which, height), Some(200));
            }
            assert_eq!(numbers(&exif, Directory::Exif, 0x9214), None);
            assert!(exif.windows(8).any(|bytes| bytes == b"Landmark"));
        }
    }

    #[test]
    fn positions_in_text_and_makers_notes_go_with_the_location() {
        for little_endian in [true, false] {
            let mut exif = sized(little_endian);
            assert!(has_location(&exif));
            remove_location(&mut exif);
            assert!(!has_location(&exif));
            for gone in [&b"12.34567"[..], b"Landmark"] {
                assert!(!exif.windows(gone.len()).any(|bytes| bytes == gone));
            }
            assert_eq!(numbers(&exif, Directory::Exif, 0xa002), Some(400));
        }
    }

    #[test]
    fn hostile_blocks_are_harmless() {
        let whole = sample(true);
        for length in 0..whole.len() {
            let mut cut = whole[..length].to_vec();
            orientation(&cut);
            is_camera_raw(&cut);
            make_upright(&mut cut);
            remove_location(&mut cut);
            assert!(!has_location(&cut));
        }
        for at in 0..whole.len() {
            for value in [0, 1, 8, 0x7f, 0x80, 0xff] {
                let mut bent = whole.clone();
                bent[at] = value;
                make_upright(&mut bent);
                remove_location(&mut bent);
                assert!(!has_location(&bent), "byte {at} set to {value}");
            }
        }
        let whole = sized(false);
        for at in 0..whole.len() {
            for value in [0, 1, 8, 0x7f, 0x80, 0xff] {
                let mut bent = whole.clone();
                bent[at] = value;
                set_size(&mut bent, Size::new(1, 2));
                remove_subject(&mut bent);
                remove_location(&mut bent);
                assert!(!has_location(&bent), "byte {at} set to {value}");
            }
        }
    }
}
