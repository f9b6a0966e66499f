//! EXIF blocks of both byte orders, changed in place.

use super::*;
use crate::media::metadata::exif_block::EXIF_DIRECTORY;

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

/// A first directory with a size and a comment, and EXIF's own with a size, a maker note and a subject; in both byte
/// orders.
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

fn numbers(exif: &[u8], which: ExifDirectory, tag: u16) -> Option<u32> {
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
            (ExifDirectory::First, 0x0100, 0x0101),
            (ExifDirectory::Exif, 0xa002, 0xa003),
        ] {
            assert_eq!(numbers(&exif, which, width), Some(70_000));
            assert_eq!(numbers(&exif, which, height), Some(200));
        }
        assert_eq!(numbers(&exif, ExifDirectory::Exif, 0x9214), None);
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
        assert_eq!(numbers(&exif, ExifDirectory::Exif, 0xa002), Some(400));
    }
}

#[test]
fn positions_in_wide_text_go_too() {
    let wide = |text: &str, low_first: bool| -> Vec<u8> {
        let units = text.encode_utf16();
        units
            .flat_map(|unit| match low_first {
                true => unit.to_le_bytes(),
                false => unit.to_be_bytes(),
            })
            .collect()
    };
    let place = "seen at 48.2082, 16.3738";
    // XPComment, and UserComment in either order of bytes.
    for (tag, kind, text) in [
        (0x9c9c_u16, 1_u16, wide(place, true)),
        (
            0x9286,
            7,
            [b"UNICODE\0".to_vec(), wide(place, true)].concat(),
        ),
        (
            0x9286,
            7,
            [b"UNICODE\0".to_vec(), wide(place, false)].concat(),
        ),
        (0x9286, 7, [b"ASCII\0\0\0".to_vec(), place.into()].concat()),
    ] {
        let mut exif = b"II\x2a\x00\x08\0\0\0\x01\0".to_vec();
        exif.extend(tag.to_le_bytes());
        exif.extend(kind.to_le_bytes());
        exif.extend((text.len() as u32).to_le_bytes());
        exif.extend(26_u32.to_le_bytes());
        exif.extend([0; 4]);
        exif.extend(&text);
        assert!(has_location(&exif), "{tag:x}");
        remove_location(&mut exif);
        assert!(!has_location(&exif), "{tag:x}");
        let left = exif.windows(text.len()).any(|bytes| bytes == text);
        assert!(!left, "{tag:x}");
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
