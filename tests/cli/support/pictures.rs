//! Pictures for tests: made, written, read and compared.

use std::fs;
use std::path::Path;

use tastemaker::geometry::Size;
use tastemaker::media::{Limits, Metadata, Still, StillFormat, decode_still, encode_still};
use tastemaker::picture::{ColorSpace, Picture, Pixels, Rgb, Rgb8, Rgb16};

pub fn decode(path: &Path) -> Still {
    decode_still(path, &Limits::default())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes a picture with these blocks, as they are.
pub fn write_picture(path: &Path, picture: &Picture, format: StillFormat, metadata: &Metadata) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    encode_still(path, picture, format, metadata).unwrap();
}

fn samples<T: Copy + Default>(size: Size, value: impl Fn(u32) -> T) -> Rgb<T> {
    let count = size.width * size.height * 3;
    Rgb::new(size, (0..count).map(value).collect()).unwrap()
}

/// An 8-bit picture in which neighbors differ and every channel reaches far.
pub fn eight_bit_picture(size: Size) -> Picture {
    let pixels: Rgb8 = samples(size, |at| (at.wrapping_mul(2_654_435_761) >> 24) as u8);
    Picture {
        pixels: Pixels::Eight(pixels),
        alpha: None,
        color: ColorSpace::Srgb,
    }
}

/// The same with 16 bits, low bits in use.
pub fn sixteen_bit_picture(size: Size) -> Picture {
    let pixels: Rgb16 = samples(size, |at| (at.wrapping_mul(2_654_435_761) >> 16) as u16);
    Picture {
        pixels: Pixels::Sixteen(pixels),
        alpha: None,
        color: ColorSpace::Srgb,
    }
}

/// Display P3, as a profile.
pub fn wide_profile() -> Vec<u8> {
    moxcms::ColorProfile::new_display_p3().encode().unwrap()
}

/// An EXIF block with this orientation and a GPS directory that holds one reference ("N").
pub fn exif_with_location(orientation: u8) -> Vec<u8> {
    let mut block = b"MM\x00\x2a\x00\x00\x00\x08\x00\x02".to_vec();
    block.extend([1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    block.extend(b"\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x26");
    block.extend(b"\x00\x00\x00\x00");
    block.extend(b"\x00\x01\x00\x01\x00\x02\x00\x00\x00\x02N\x00\x00\x00\x00\x00\x00\x00");
    block
}

/// Mean difference of two pictures' samples, of 255.
pub fn mean_difference(a: &Rgb8, b: &Rgb8) -> f64 {
    assert_eq!(a.size(), b.size());
    let pairs = a.samples().iter().zip(b.samples());
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.samples().len() as f64
}
