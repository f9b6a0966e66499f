//! EXIF blocks, changed in place: everything but the few bytes concerned stays as the camera wrote it, maker notes and
//! their absolute offsets included.
//!
//! An EXIF block is a small TIFF file (EXIF 2.32, section 4.5): a byte order, then image file directories of 12-byte
//! entries. Everything in it may lie, so each read is checked.

/// Directory entry: which way is up.
const ORIENTATION: u16 = 0x0112;
const TAKEN: u16 = 0x9003;
/// Directory entry: where the EXIF directory is.
const EXIF_DIRECTORY: u16 = 0x8769;
/// Directory entry: where the GPS directory is.
const GPS_DIRECTORY: u16 = 0x8825;
/// Entries of the thumbnail's directory: where its JPEG is, and how long.
const THUMBNAIL_OFFSET: u16 = 0x0201;
const THUMBNAIL_LENGTH: u16 = 0x0202;

const ENTRY_BYTES: usize = 12;

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

/// True when the block names a place.
pub(super) fn has_location(exif: &[u8]) -> bool {
    let Some(block) = TiffBlock::new(exif) else {
        return false;
    };
    block.gps_entries().into_iter().any(|(_, entry)| {
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

/// Takes the GPS directory out: its entry, its own bytes and what it points to.
pub(super) fn remove_location(exif: &mut [u8]) {
    // One entry a turn, as taking it out moves those behind it.
    loop {
        let mut blank: Vec<(usize, usize)> = Vec::new();
        let (directory, entry, entries) = {
            let Some(block) = TiffBlock::new(exif) else {
                return;
            };
            let Some((directory, entry)) = block.gps_entries().into_iter().next() else {
                return;
            };
            if let Some(gps) = block.value(entry) {
                let places = block.entries(gps as usize);
                blank.extend(
                    places
                        .iter()
                        .filter_map(|&place| block.outside_values(place)),
                );
                if !places.is_empty() {
                    blank.push((gps as usize, 2 + places.len() * ENTRY_BYTES + 4));
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
    }
}
