//! What a TIFF file says of its making, as the EXIF block that other formats carry.
//!
//! In TIFF these tags stand among those of the picture, so a block of their own is made of them: description, maker,
//! dates and rights of the page, and its EXIF and GPS directories. Maker notes are left out, because their offsets
//! count from places that the block does not have.

use super::directory::{TagValues, TiffDirectory, TiffFile};

/// Tags of the page: ImageDescription, Make, Model, Software, DateTime, Artist, Copyright, and the resolution.
const KEPT: [u16; 10] = [270, 271, 272, 282, 283, 296, 305, 306, 315, 33_432];
/// Those of them that say nothing of the picture's making.
const RESOLUTION: [u16; 3] = [282, 283, 296];
const EXIF_DIRECTORY: u16 = 34_665;
const GPS_DIRECTORY: u16 = 34_853;
/// Tags of the EXIF directory that are not copied: MakerNote, and the directory of interoperability.
const LEFT_OUT: [u16; 2] = [37_500, 40_965];

/// What a JPEG segment holds for EXIF, with some bytes to spare.
const MOST_BYTES: usize = 65_000;
/// Real directories have some dozens.
const MOST_TAGS: usize = 500;

/// The block; `None` where the file says nothing of its making. A directory that cannot be read is not there.
pub(super) fn exif(file: &mut TiffFile, page: &TiffDirectory) -> Option<Vec<u8>> {
    let mut left = MOST_BYTES;
    let mut own = file.tag_values(page, |tag| KEPT.contains(&tag), MOST_TAGS, &mut left);
    let mut inner = |pointer: u16| {
        let offset = file.number(page, pointer).ok().flatten()?;
        let directory = file.directory_at(offset).ok()?;
        let is_kept = |tag| !LEFT_OUT.contains(&tag);
        let values = file.tag_values(&directory, is_kept, MOST_TAGS, &mut left);
        (!values.is_empty()).then_some(values)
    };
    let inner = [
        (EXIF_DIRECTORY, inner(EXIF_DIRECTORY)),
        (GPS_DIRECTORY, inner(GPS_DIRECTORY)),
    ];
    let says = own.iter().any(|value| !RESOLUTION.contains(&value.tag));
    if !says && inner.iter().all(|(_, values)| values.is_none()) {
        return None;
    }
    let little_endian = file.little_endian;
    let directories: Vec<(u16, Vec<TagValues>)> = inner
        .into_iter()
        .filter_map(|(tag, values)| Some((tag, values?)))
        .collect();
    // The first directory has a pointer to each of the others, which follow it.
    let mut place = HEADER + size(&own) + ENTRY * directories.len();
    for (tag, values) in &directories {
        let offset = u32::try_from(place).ok()?;
        own.push(TagValues {
            tag: *tag,
            kind: LONG,
            count: 1,
            bytes: number(offset.into(), 4, little_endian),
        });
        place += size(values);
    }
    let mut block = match little_endian {
        true => b"II\x2a\x00\x08\x00\x00\x00".to_vec(),
        false => b"MM\x00\x2a\x00\x00\x00\x08".to_vec(),
    };
    write(&mut block, own, little_endian)?;
    for (_, values) in directories {
        write(&mut block, values, little_endian)?;
    }
    Some(block)
}

const HEADER: usize = 8;
const ENTRY: usize = 12;
const LONG: u16 = 4;

/// Bytes of a directory with its values; those that do not fit into an entry begin at even offsets.
fn size(values: &[TagValues]) -> usize {
    let outside = values.iter().map(|value| value.bytes.len());
    let outside: usize = outside
        .filter(|length| *length > 4)
        .map(|length| length + length % 2)
        .sum();
    2 + ENTRY * values.len() + 4 + outside
}

/// Appends a directory and its values to the block.
fn write(block: &mut Vec<u8>, mut values: Vec<TagValues>, little_endian: bool) -> Option<()> {
    values.sort_by_key(|value| value.tag);
    let count = u16::try_from(values.len()).ok()?;
    let mut place = block.len() + 2 + ENTRY * values.len() + 4;
    let mut outside = Vec::new();
    block.extend(number(count.into(), 2, little_endian));
    for value in &values {
        block.extend(number(value.tag.into(), 2, little_endian));
        block.extend(number(value.kind.into(), 2, little_endian));
        block.extend(number(value.count.into(), 4, little_endian));
        if value.bytes.len() <= 4 {
            block.extend(value.bytes.iter().copied().chain([0; 4]).take(4));
            continue;
        }
        block.extend(number(u32::try_from(place).ok()?.into(), 4, little_endian));
        outside.extend(&value.bytes);
        outside.resize(outside.len() + value.bytes.len() % 2, 0);
        place += value.bytes.len() + value.bytes.len() % 2;
    }
    // No further directory.
    block.extend([0; 4]);
    block.extend(outside);
    Some(())
}

/// The lowest bytes of a number.
fn number(value: u64, bytes: usize, little_endian: bool) -> Vec<u8> {
    let little = value.to_le_bytes();
    let part = little.iter().take(bytes).copied();
    match little_endian {
        true => part.collect(),
        false => part.rev().collect(),
    }
}
