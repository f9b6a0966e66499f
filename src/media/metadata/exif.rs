//! Edits EXIF blocks in place: all other bytes stay as the camera wrote them, so absolute offsets in maker notes stay
//! valid.
//!
//! An EXIF block is a small TIFF file (EXIF 2.32, section 4.5): a byte order, then image file directories of 12-byte
//! entries. Any value may be wrong, so each read is checked.

use super::exif_block::{ENTRY_BYTES, ExifDirectory, GPS_DIRECTORY, TiffBlock, TiffEntry};
use crate::geometry::Size;

/// Directory entry: orientation, 1..8.
const ORIENTATION: u16 = 0x0112;
/// Directory entry: when the picture was taken, as text.
const TAKEN: u16 = 0x9003;
/// Directory entries in the camera maker's own format: MakerNote, and DNG's private data.
const MAKERS_ENTRIES: [u16; 2] = [0x927c, 0xc634];
/// Entries of the thumbnail's directory: where its JPEG is, and how long.
const THUMBNAIL_OFFSET: u16 = 0x0201;
const THUMBNAIL_LENGTH: u16 = 0x0202;

/// More entries than any real block has. Directories that overlap could otherwise bring entries back forever.
const MOST_REMOVALS: usize = 10_000;

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

/// True if the block contains a location. Maker notes are not parsed.
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

/// Sets the orientation to upright and removes the thumbnail, which shows the picture before it was turned and edited.
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

/// Entries that hold the width or height of the picture.
const SIZE_ENTRIES: [(ExifDirectory, u16, Axis); 6] = [
    (ExifDirectory::First, 0x0100, Axis::Width),
    (ExifDirectory::First, 0x0101, Axis::Height),
    (ExifDirectory::Exif, 0xa002, Axis::Width),
    (ExifDirectory::Exif, 0xa003, Axis::Height),
    (ExifDirectory::Interoperability, 0x1001, Axis::Width),
    (ExifDirectory::Interoperability, 0x1002, Axis::Height),
];
/// The position of the subject in pixels of the original: SubjectArea and SubjectLocation.
const SUBJECT_ENTRIES: [u16; 2] = [0x9214, 0xa214];

#[derive(Debug, Clone, Copy)]
enum Axis {
    Width,
    Height,
}

/// Writes `size` into every entry that holds the size of the picture.
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

/// Removes the position of the subject, for a picture whose shape has changed.
pub(super) fn remove_subject(exif: &mut [u8]) {
    remove(exif, |block| {
        let directory = block.directory(ExifDirectory::Exif)?;
        let mut entries = block.entries(directory).into_iter();
        entries
            .find(|entry| SUBJECT_ENTRIES.contains(&entry.tag))
            .map(|entry| (directory, entry))
    });
}

/// Removes what says where the picture was taken: the GPS directory, text that gives a position, and maker notes, in
/// which some models store positions and names of places.
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

/// Removes the entries that `next` finds, with the bytes that they point to. One entry at a time, because removing one
/// moves those behind it.
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
#[path = "exif_tests.rs"]
mod tests;
