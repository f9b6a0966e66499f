//! Color of stills without an ICC profile: color chunks of PNG, and opacity in TIFF.

use std::path::{Path, PathBuf};

use tastemaker::geometry::Size;
use tastemaker::media::{Metadata, StillFormat, encode_still, to_srgb};
use tastemaker::picture::{ColorSpace, Picture, Pixels, Rgb8, Rgb16};

use crate::support::{Home, decode, media, write_picture};

fn flat(color: [u8; 3]) -> Picture {
    let size = Size::new(4, 4);
    Picture {
        pixels: Pixels::Eight(Rgb8::new(size, color.repeat(16)).unwrap()),
        alpha: None,
        color: ColorSpace::Srgb,
    }
}

/// A PNG of one color with these chunks in front of its pixels.
fn png(folder: &Path, color: [u8; 3], chunks: &[(&[u8; 4], &[u8])]) -> PathBuf {
    png_of(folder, &flat(color), chunks)
}

fn png_of(folder: &Path, picture: &Picture, chunks: &[(&[u8; 4], &[u8])]) -> PathBuf {
    let path = folder.join("color.png");
    encode_still(&path, picture, StillFormat::Png, &Metadata::default()).unwrap();
    let plain = std::fs::read(&path).unwrap();
    // The signature and the header's chunk.
    let (head, rest) = plain.split_at(8 + 25);
    let mut bytes = head.to_vec();
    for (kind, body) in chunks {
        bytes.extend((body.len() as u32).to_be_bytes());
        let checked = [kind.as_slice(), body].concat();
        bytes.extend(&checked);
        bytes.extend(crc32(&checked).to_be_bytes());
    }
    bytes.extend(rest);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(crc & 1))
        })
    })
}

/// The kind of a chunk and its body.
type PngChunk = (&'static [u8; 4], Vec<u8>);
/// What is tried, the numbers stored, the chunks in front of them, and the sRGB that they mean.
type PngCase = (&'static str, [u8; 3], Vec<PngChunk>, [u8; 3]);

fn assert_near(found: &[u8], wanted: [u8; 3], what: &str) {
    for (found, wanted) in found.iter().zip(wanted) {
        assert!(found.abs_diff(wanted) <= 2, "{what}: {found} for {wanted}");
    }
}

#[test]
fn color_chunks_of_png_are_followed() {
    let folder = tempfile::tempdir().unwrap();
    let gamma = |value: u32| value.to_be_bytes().to_vec();
    // Display P3 by its chromaticities, with the gamma that stands for sRGB's curve.
    let p3: Vec<u8> = [
        31_270u32, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000,
    ]
    .iter()
    .flat_map(|number| number.to_be_bytes())
    .collect();
    let cases: [PngCase; 6] = [
        // 188 is sRGB's number for half of the light.
        (
            "linear",
            [128, 128, 128],
            vec![(b"gAMA", gamma(100_000))],
            [188, 188, 188],
        ),
        // 0.5 to the power of 1.8 is 0.287 of the light.
        (
            "gamma 1.8",
            [128, 128, 128],
            vec![(b"gAMA", gamma(55_556))],
            [146, 146, 146],
        ),
        (
            "as good as sRGB",
            [128, 64, 32],
            vec![(b"gAMA", gamma(45_455))],
            [128, 64, 32],
        ),
        (
            "sRGB stands above gamma",
            [128, 64, 32],
            vec![(b"sRGB", vec![0]), (b"gAMA", gamma(100_000))],
            [128, 64, 32],
        ),
        (
            "P3 by chromaticities",
            [180, 100, 100],
            vec![(b"gAMA", gamma(45_455)), (b"cHRM", p3)],
            [192, 97, 98],
        ),
        (
            "P3 by code points",
            [180, 100, 100],
            vec![(b"cICP", vec![12, 13, 0, 1])],
            [192, 97, 98],
        ),
    ];
    for (what, color, chunks, wanted) in cases {
        let chunks: Vec<(&[u8; 4], &[u8])> = chunks
            .iter()
            .map(|(kind, body)| (*kind, body.as_slice()))
            .collect();
        let still = decode(&png(folder.path(), color, &chunks));
        assert_near(&to_srgb(&still.picture).samples()[..3], wanted, what);
        assert_eq!(
            still.metadata.icc.is_some(),
            what.starts_with("P3"),
            "{what}"
        );
        if let Some(profile) = &still.metadata.icc {
            // The date of a profile that is made here is the same on every day.
            assert_eq!(profile[24..36], [7, 0xe8, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
        }
        // What is written again looks the same.
        let again = folder.path().join("again.png");
        encode_still(&again, &still.picture, StillFormat::Png, &still.metadata).unwrap();
        assert_near(
            &to_srgb(&decode(&again).picture).samples()[..3],
            wanted,
            what,
        );
    }
}

/// A little-endian TIFF of one RGBA pixel, 8 bits a sample, with this kind of extra sample.
fn tiff(folder: &Path, pixel: [u8; 4], extra: u16) -> PathBuf {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        let mut bytes = tag.to_le_bytes().to_vec();
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
        bytes
    };
    let entries = [
        entry(256, 3, 1, 1),
        entry(257, 3, 1, 1),
        entry(258, 3, 4, 142),
        entry(259, 3, 1, 1),
        entry(262, 3, 1, 2),
        entry(273, 4, 1, 150),
        entry(277, 3, 1, 4),
        entry(278, 3, 1, 1),
        entry(279, 4, 1, 4),
        entry(284, 3, 1, 1),
        entry(338, 3, 1, u32::from(extra)),
    ];
    let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
    bytes.extend((entries.len() as u16).to_le_bytes());
    bytes.extend(entries.concat());
    bytes.resize(142, 0);
    bytes.extend([8, 0, 8, 0, 8, 0, 8, 0]);
    bytes.extend(pixel);
    let path = folder.join(format!("extra-{extra}.tiff"));
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn opacity_that_colors_were_multiplied_with_is_divided_out_once() {
    let folder = tempfile::tempdir().unwrap();
    for (extra, pixel, wanted) in [
        (1, [128, 0, 64, 128], [255, 0, 128]),
        (2, [128, 0, 64, 128], [128, 0, 64]),
    ] {
        let still = decode(&tiff(folder.path(), pixel, extra));
        let Pixels::Eight(pixels) = &still.picture.pixels else {
            panic!("it has 8 bits");
        };
        assert_eq!(pixels.samples(), wanted, "ExtraSamples {extra}");
        assert_eq!(still.picture.alpha.as_deref(), Some(&[128 * 257][..]));
    }
}

/// A picture of one color, in numbers that this profile gives their meaning.
fn write_with_profile(path: &Path, color: [u8; 3], profile: &moxcms::ColorProfile) {
    let mut picture = flat(color);
    picture.color = ColorSpace::Icc(profile.encode().unwrap().into());
    write_picture(path, &picture, StillFormat::Png, &Metadata::default());
}

#[test]
fn profiles_that_are_rgb_in_name_only_are_left_before_a_look() {
    let home = Home::new();
    let swap = |mut profile: moxcms::ColorProfile| {
        std::mem::swap(&mut profile.red_colorant, &mut profile.blue_colorant);
        profile.cicp = None;
        profile
    };
    // Blue, green, red: an orange of sRGB, and a red that only Display P3 has.
    let narrow = swap(moxcms::ColorProfile::new_srgb());
    write_with_profile(&home.path("in/narrow.png"), [32, 128, 224], &narrow);
    let wide = swap(moxcms::ColorProfile::new_display_p3());
    write_with_profile(&home.path("in/wide.png"), [0, 0, 255], &wide);
    home.apply(&["golden-hour", "in", "-o", "out", "--strength", "0.2"])
        .exits(0);
    for (name, wanted, profile) in [
        ("narrow.png", [224, 128, 32], false),
        ("wide.png", [255, 0, 0], true),
    ] {
        let before = decode(&home.path("in").join(name));
        let Pixels::Eight(pixels) = &before.picture.pixels else {
            panic!("it has 8 bits");
        };
        assert_near(&pixels.samples()[..3], wanted, name);
        let after = decode(&home.path("out").join(name));
        assert_eq!(after.metadata.icc.is_some(), profile, "{name}");
        // Red is still the most of it, and the profile that goes along has red in its place.
        let shown = to_srgb(&after.picture).pixel(1, 1);
        assert!(
            shown[0] > 180 && shown[0] > shown[2] + 60,
            "{name}: {shown:?}"
        );
    }
}

/// The numbers that jpegli stores for a color of sRGB, 0..1 (libjxl, lib/jxl/enc_xyb.cc and lib/jxl/cms/opsin_params.h).
fn xyb(color: [u8; 3]) -> [f64; 3] {
    const BIAS: f64 = 0.003_793_073_255_275_449_3;
    let [red, green, blue] = color.map(|value| {
        let value = f64::from(value) / 255.0;
        match value {
            ..=0.040_45 => value / 12.92,
            value => ((value + 0.055) / 1.055).powf(2.4),
        }
    });
    let cone =
        |r: f64, g: f64, b: f64| (r * red + g * green + b * blue + BIAS).cbrt() - BIAS.cbrt();
    let (long, middle) = (cone(0.30, 0.622, 0.078), cone(0.23, 0.692, 0.078));
    let short = cone(
        0.243_422_689_245_478_2,
        0.204_767_444_244_968_2,
        0.551_809_866_509_553_6,
    );
    let (x, y) = ((long - middle) / 2.0, (long + middle) / 2.0);
    [
        (x + 0.015_386_134) * 22.995_788_804,
        y * 1.183_000_077,
        (short - y + 0.277_704_59) * 1.502_141_333,
    ]
}

#[test]
fn xyb_of_jpegli_shows_its_colors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("xyb.png");
    let profile = std::fs::read(media("profiles/xyb.icc")).unwrap();
    let colors: Vec<[u8; 3]> = (0..9 * 9 * 9)
        .map(|at| [at % 9, at / 9 % 9, at / 81].map(|step| (step * 255 / 8) as u8))
        .collect();
    let stored: Vec<f64> = colors.iter().flat_map(|&color| xyb(color)).collect();
    let size = Size::new(27, 27);
    let eight = stored.iter().map(|value| (value * 255.0).round() as u8);
    let sixteen = stored.iter().map(|value| (value * 65_535.0).round() as u16);
    for pixels in [
        Pixels::Eight(Rgb8::new(size, eight.collect()).unwrap()),
        Pixels::Sixteen(Rgb16::new(size, sixteen.collect()).unwrap()),
    ] {
        let picture = Picture {
            pixels,
            alpha: None,
            color: ColorSpace::Icc(profile.clone().into()),
        };
        encode_still(&path, &picture, StillFormat::Png, &Metadata::default()).unwrap();
        let found = to_srgb(&decode(&path).picture);
        let mut sum = 0;
        for (found, wanted) in found.pixels().zip(&colors) {
            let off = |channel: usize| u32::from(found[channel].abs_diff(wanted[channel]));
            sum += off(0) + off(1) + off(2);
            if wanted[0] == wanted[1] && wanted[1] == wanted[2] {
                assert!(
                    off(0).max(off(1)).max(off(2)) <= 4,
                    "{found:?} for {wanted:?}"
                );
            }
        }
        let mean = f64::from(sum) / (colors.len() * 3) as f64;
        assert!(mean < 1.5, "{mean}");
    }
}

#[test]
fn high_dynamic_range_in_png_is_brought_to_srgb() {
    let folder = tempfile::tempdir().unwrap();
    // Reference white and middle grey of BT.2408 and 1000 nits, in PQ and in HLG.
    for (transfer, white, grey, peak) in [(16u8, 148u8, 97u8, 192u8), (18, 191, 97, 255)] {
        let chunks: [(&[u8; 4], &[u8]); 1] = [(b"cICP", &[9, transfer, 0, 1])];
        let shown = |picture: &Picture, x: usize, y: usize| {
            let still = decode(&png_of(folder.path(), picture, &chunks));
            assert_eq!(still.picture.color, ColorSpace::Srgb);
            assert!(still.metadata.icc.is_none());
            to_srgb(&still.picture).pixel(x, y)
        };
        let within = |shown: [u8; 3], least, most| {
            let inside = shown.iter().all(|sample| (least..=most).contains(sample));
            assert!(
                inside,
                "transfer {transfer}: {shown:?}, not {least} to {most}"
            );
        };
        // Without anything brighter white is white.
        for (level, least, most) in [(white, 250, 255), (grey, 90, 130), (0, 0, 0)] {
            within(shown(&flat([level; 3]), 0, 0), least, most);
        }
        // It gives way to what is.
        let mut bright = flat([white; 3]);
        if let Pixels::Eight(pixels) = &mut bright.pixels {
            pixels.samples_mut()[36..].fill(peak);
        }
        within(shown(&bright, 0, 0), 205, 240);
        within(shown(&bright, 3, 3), 253, 255);
    }
}
