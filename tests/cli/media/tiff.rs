//! TIFF of every kind, however it is stored: the same pixels, or a refusal that names the kind.

use tastemaker::Error;
use tastemaker::error::LimitName;
use tastemaker::media::{Limits, decode_still, to_srgb};
use tastemaker::picture::Pixels;

use super::tiff_file::{Packing, Storage, Stored, assemble};
use crate::support::decode;

const WIDTH: usize = 37;
const HEIGHT: usize = 29;

const PLAIN: Storage = Storage {
    big_endian: false,
    big_tiff: false,
    tiled: false,
    planar: false,
    packing: Packing::None,
};

/// Red, green, blue and opacity of the picture that all files show.
fn pixel(at: usize) -> [u8; 4] {
    let (x, y) = (at % WIDTH, at / WIDTH);
    [x * 6, y * 8, (x + y) * 3, 255 - x * 5].map(|value| value as u8)
}

type Pixel = [u8; 4];
/// One kind: its name, bits a sample, tags, the samples of a pixel, and the pixel that they mean.
type Kind = (
    &'static str,
    usize,
    Vec<(u16, u16, Vec<u64>)>,
    fn(Pixel) -> Vec<u64>,
    fn(Pixel) -> Pixel,
);

fn grey(pixel: Pixel) -> u8 {
    pixel[2]
}

fn opaque(color: [u8; 3]) -> Pixel {
    [color[0], color[1], color[2], 255]
}

fn cut(value: u8, bits: u32) -> u64 {
    u64::from(value) >> (8 - bits)
}

/// A number of `bits` bits over the range of a byte.
fn spread(value: u8, bits: u32) -> u8 {
    (cut(value, bits) * 255 / ((1 << bits) - 1)) as u8
}

/// 256 colors: red as the index, green against it, blue in waves.
fn palette(bits: usize) -> Vec<u64> {
    let count = 1u64 << bits;
    let step = 255 / (count - 1);
    let red = (0..count).map(|at| at * step * 257);
    let green = (0..count).map(|at| (255 - at * step) * 257);
    let blue = (0..count).map(|at| at * step / 2 * 257);
    red.chain(green).chain(blue).collect()
}

fn of_palette(index: u8) -> Pixel {
    opaque([index, 255 - index, index / 2])
}

#[expect(clippy::too_many_lines, reason = "a table of kinds")]
fn kinds() -> Vec<Kind> {
    let short = |tag: u16, value: u64| (tag, 3, vec![value]);
    let meaning = |value: u64| vec![short(262, value)];
    let with = |value: u64, more: Vec<(u16, u16, Vec<u64>)>| [meaning(value), more].concat();
    vec![
        (
            "grey of 1 bit",
            1,
            meaning(1),
            |p| vec![cut(grey(p), 1)],
            |p| opaque([spread(grey(p), 1); 3]),
        ),
        (
            "grey of 2 bits",
            2,
            meaning(1),
            |p| vec![cut(grey(p), 2)],
            |p| opaque([spread(grey(p), 2); 3]),
        ),
        (
            "grey of 4 bits",
            4,
            meaning(1),
            |p| vec![cut(grey(p), 4)],
            |p| opaque([spread(grey(p), 4); 3]),
        ),
        (
            "grey of 8 bits",
            8,
            meaning(1),
            |p| vec![grey(p).into()],
            |p| opaque([grey(p); 3]),
        ),
        (
            "grey of 16 bits",
            16,
            meaning(1),
            |p| vec![u64::from(grey(p)) * 257],
            |p| opaque([grey(p); 3]),
        ),
        (
            "grey of 32 bits",
            32,
            meaning(1),
            |p| vec![u64::from(grey(p)) * 0x0101_0101],
            |p| opaque([grey(p); 3]),
        ),
        (
            "white is zero, 1 bit",
            1,
            meaning(0),
            |p| vec![1 - cut(grey(p), 1)],
            |p| opaque([spread(grey(p), 1); 3]),
        ),
        (
            "white is zero, 8 bits",
            8,
            meaning(0),
            |p| vec![u64::from(255 - grey(p))],
            |p| opaque([grey(p); 3]),
        ),
        (
            "white is zero, 16 bits",
            16,
            meaning(0),
            |p| vec![u64::from(255 - grey(p)) * 257],
            |p| opaque([grey(p); 3]),
        ),
        (
            "grey with opacity",
            8,
            with(1, vec![short(338, 2)]),
            |p| vec![grey(p).into(), p[3].into()],
            |p| [grey(p), grey(p), grey(p), p[3]],
        ),
        (
            "grey multiplied with its opacity",
            16,
            with(1, vec![short(338, 1)]),
            |p| {
                vec![
                    u64::from(grey(p)) * u64::from(p[3]) * 257 / 255,
                    u64::from(p[3]) * 257,
                ]
            },
            |p| [grey(p), grey(p), grey(p), p[3]],
        ),
        (
            "RGB of 4 bits",
            4,
            meaning(2),
            |p| p[..3].iter().map(|&v| cut(v, 4)).collect(),
            |p| opaque([spread(p[0], 4), spread(p[1], 4), spread(p[2], 4)]),
        ),
        (
            "RGB of 8 bits",
            8,
            meaning(2),
            |p| p[..3].iter().map(|&v| v.into()).collect(),
            |p| opaque([p[0], p[1], p[2]]),
        ),
        (
            "RGB of 16 bits",
            16,
            meaning(2),
            |p| p[..3].iter().map(|&v| u64::from(v) * 257).collect(),
            |p| opaque([p[0], p[1], p[2]]),
        ),
        (
            "RGB of 32 bits in floating point",
            32,
            with(2, vec![(339, 3, vec![3; 3])]),
            |p| {
                p[..3]
                    .iter()
                    .map(|&v| (f32::from(v) / 255.0).to_bits().into())
                    .collect()
            },
            |p| opaque([p[0], p[1], p[2]]),
        ),
        (
            "RGB of 64 bits in floating point",
            64,
            with(2, vec![(339, 3, vec![3; 3])]),
            |p| {
                p[..3]
                    .iter()
                    .map(|&v| (f64::from(v) / 255.0).to_bits())
                    .collect()
            },
            |p| opaque([p[0], p[1], p[2]]),
        ),
        (
            "RGB with opacity",
            8,
            with(2, vec![short(338, 2)]),
            |p| p.iter().map(|&v| v.into()).collect(),
            |p| p,
        ),
        (
            "RGB multiplied with its opacity",
            16,
            with(2, vec![short(338, 1)]),
            |p| {
                let times = |v: u8| u64::from(v) * u64::from(p[3]) * 257 / 255;
                vec![times(p[0]), times(p[1]), times(p[2]), u64::from(p[3]) * 257]
            },
            |p| p,
        ),
        (
            "RGB with a sample that is no opacity",
            8,
            with(2, vec![short(338, 0)]),
            |p| p.iter().map(|&v| v.into()).collect(),
            |p| opaque([p[0], p[1], p[2]]),
        ),
        (
            "palette of 1 bit",
            1,
            with(3, vec![(320, 3, palette(1))]),
            |p| vec![cut(p[0], 1)],
            |p| of_palette(spread(p[0], 1)),
        ),
        (
            "palette of 4 bits",
            4,
            with(3, vec![(320, 3, palette(4))]),
            |p| vec![cut(p[0], 4)],
            |p| of_palette(spread(p[0], 4)),
        ),
        (
            "palette of 8 bits",
            8,
            with(3, vec![(320, 3, palette(8))]),
            |p| vec![p[0].into()],
            |p| of_palette(p[0]),
        ),
        (
            "inks",
            8,
            meaning(5),
            |p| {
                vec![
                    u64::from(255 - p[0]),
                    u64::from(255 - p[1]),
                    u64::from(255 - p[2]),
                    0,
                ]
            },
            |p| opaque([p[0], p[1], p[2]]),
        ),
        (
            "inks of 16 bits",
            16,
            meaning(5),
            |p| {
                [255 - p[0], 255 - p[1], 255 - p[2], 0]
                    .iter()
                    .map(|&v| u64::from(v) * 257)
                    .collect()
            },
            |p| opaque([p[0], p[1], p[2]]),
        ),
        (
            "YCbCr",
            8,
            with(6, vec![(530, 3, vec![1, 1])]),
            |p| {
                let [red, green, blue] = [p[0], p[1], p[2]].map(f64::from);
                let luma = 0.299 * red + 0.587 * green + 0.114 * blue;
                let code = |value: f64| value.round().clamp(0.0, 255.0) as u64;
                vec![
                    code(luma),
                    code(128.0 + (blue - luma) / 1.772),
                    code(128.0 + (red - luma) / 1.402),
                ]
            },
            |p| opaque([p[0], p[1], p[2]]),
        ),
        // Neutral tones of L*a*b* are neutral in sRGB: its own L* 50 is 119.
        (
            "L*a*b* with a sign",
            8,
            meaning(8),
            |_| vec![128, 0, 0],
            |_| opaque([119; 3]),
        ),
        (
            "L*a*b* of ICC",
            8,
            meaning(9),
            |_| vec![128, 128, 128],
            |_| opaque([119; 3]),
        ),
        // L* 60, a* 40, b* -30 under D50, in sRGB by Little CMS.
        (
            "L*a*b* of 16 bits",
            16,
            meaning(8),
            |_| vec![39_321, 40 << 8, (-30i16 << 8) as u16 as u64],
            |_| opaque([193, 117, 199]),
        ),
    ]
}

fn stored(kind: &Kind) -> Stored {
    let (_, bits, tags, samples, _) = kind;
    let values: Vec<u64> = (0..WIDTH * HEIGHT)
        .flat_map(|at| samples(pixel(at)))
        .collect();
    Stored {
        width: WIDTH,
        height: HEIGHT,
        bits: *bits,
        samples: values.len() / (WIDTH * HEIGHT),
        values,
        tags: tags.clone(),
    }
}

fn storages() -> Vec<Storage> {
    let mut all = Vec::new();
    for packing in [
        Packing::None,
        Packing::PackBits,
        Packing::Lzw,
        Packing::Deflate,
        Packing::Predicted,
        Packing::Zstandard,
        Packing::Lzma,
    ] {
        for (big_endian, big_tiff, tiled, planar) in [
            (false, false, false, false),
            (true, false, true, false),
            (false, true, true, true),
            (true, true, false, true),
        ] {
            all.push(Storage {
                big_endian,
                big_tiff,
                tiled,
                planar,
                packing,
            });
        }
    }
    all
}

/// Red, green, blue and opacity of each pixel, 8 bits each.
fn shown(path: &std::path::Path) -> Vec<Pixel> {
    let still = decode(path);
    assert!(still.partial.is_none(), "{:?}", still.partial);
    let alpha = still.picture.alpha.clone();
    let mut picture = still.picture;
    picture.alpha = None;
    let colors = to_srgb(&picture);
    colors
        .pixels()
        .enumerate()
        .map(|(at, [red, green, blue])| {
            let alpha = alpha.as_ref().map_or(255, |alpha| (alpha[at] >> 8) as u8);
            [red, green, blue, alpha]
        })
        .collect()
}

#[test]
fn every_kind_shows_the_same_however_it_is_stored() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kind.tif");
    for kind in kinds() {
        let picture = stored(&kind);
        let (name, bits, .., meaning) = kind;
        for storage in storages() {
            if storage.packing == Packing::Predicted && bits < 8 {
                continue;
            }
            std::fs::write(&path, picture.file(storage)).unwrap();
            for (at, found) in shown(&path).iter().enumerate() {
                let wanted = meaning(pixel(at));
                // Numbers that were multiplied with little opacity have lost their last bits.
                let most = if name.contains("multiplied") { 3 } else { 2 };
                let near = found
                    .iter()
                    .zip(wanted)
                    .all(|(found, wanted)| found.abs_diff(wanted) <= most);
                assert!(
                    near,
                    "{name}, {storage:?}, pixel {at}: {found:?} for {wanted:?}"
                );
            }
        }
    }
}

#[test]
fn sixteen_bits_stay_sixteen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.tif");
    for name in [
        "RGB of 16 bits",
        "grey of 16 bits",
        "RGB of 32 bits in floating point",
    ] {
        let kind = kinds().into_iter().find(|kind| kind.0 == name).unwrap();
        std::fs::write(&path, stored(&kind).file(PLAIN)).unwrap();
        assert!(
            matches!(decode(&path).picture.pixels, Pixels::Sixteen(_)),
            "{name}"
        );
    }
}

/// Luma of a block of pixels, then one pair of color differences, as TIFF 6.0 orders them.
#[test]
fn thinned_color_is_spread_over_its_pixels() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("thinned.tif");
    for (across, down) in [(2, 1), (2, 2), (4, 2), (1, 2), (4, 4)] {
        for (big_endian, lzw) in [(false, false), (true, true)] {
            let mut strip = Vec::new();
            for top in (0..HEIGHT).step_by(down) {
                for left in (0..WIDTH).step_by(across) {
                    for y in top..top + down {
                        strip.extend((left..left + across).map(|x| (x * 3 + y) as u8));
                    }
                    strip.extend([90, 170]);
                }
            }
            let stored = Stored {
                width: WIDTH,
                height: HEIGHT,
                bits: 8,
                samples: 3,
                values: Vec::new(),
                tags: Vec::new(),
            };
            let storage = Storage {
                big_endian,
                ..PLAIN
            };
            if lzw {
                let mut encoder =
                    weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
                strip = encoder.encode(&strip).unwrap();
            }
            let tags = vec![
                (258, 3, vec![8; 3]),
                (259, 3, vec![if lzw { 5 } else { 1 }]),
                (262, 3, vec![6]),
                (277, 3, vec![3]),
                (278, 3, vec![HEIGHT as u64]),
                // The coefficients of BT.709, and luma of 16 to 235.
                (529, 5, vec![2126, 7152, 722]),
                (530, 3, vec![across as u64, down as u64]),
                (
                    532,
                    5,
                    [16, 235, 128, 240, 128, 240]
                        .map(|code| code * 10_000)
                        .to_vec(),
                ),
            ];
            std::fs::write(
                &path,
                assemble(&stored, storage, tags, &[strip], (273, 279)),
            )
            .unwrap();
            for (at, found) in shown(&path).iter().enumerate() {
                let luma = ((at % WIDTH * 3 + at / WIDTH) as f64 - 16.0) * 255.0 / 219.0;
                let part = |code: f64| (code - 128.0) * 127.0 / 112.0;
                let red = luma + 2.0 * (1.0 - 0.2126) * part(170.0);
                let blue = luma + 2.0 * (1.0 - 0.0722) * part(90.0);
                let green = (luma - 0.2126 * red - 0.0722 * blue) / 0.7152;
                for (found, wanted) in found.iter().zip([red, green, blue]) {
                    let wanted = wanted.round().clamp(0.0, 255.0) as u8;
                    assert!(
                        found.abs_diff(wanted) <= 2,
                        "{across}x{down} {at}: {found} for {wanted}"
                    );
                }
            }
        }
    }
}

/// Streams of JPEG say nothing of their color; the directory does.
#[test]
fn jpeg_in_strips_and_tiles_has_the_colors_that_the_directory_says() {
    use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jpeg.tif");
    let side = 32;
    let wanted = |x: usize, y: usize| [x * 3 + 20, 200 - y * 2, 90].map(|value| value as u8);
    let encoded = |top: usize, left: usize, subsampling: Subsamp| {
        let pixels: Vec<u8> = (0..side * side)
            .flat_map(|at| wanted(left + at % side, top + at / side))
            .collect();
        let mut compressor = Compressor::new().unwrap();
        compressor.set_quality(95).unwrap();
        compressor.set_subsamp(subsampling).unwrap();
        let image = Image {
            pixels: pixels.as_slice(),
            width: side,
            pitch: side * 3,
            height: side,
            format: PixelFormat::RGB,
        };
        compressor.compress_to_vec(image).unwrap()
    };
    for subsampling in [Subsamp::None, Subsamp::Sub2x1, Subsamp::Sub2x2] {
        for tiled in [false, true] {
            let places: Vec<(usize, usize)> = match tiled {
                true => vec![(0, 0), (0, 32), (32, 0), (32, 32)],
                false => vec![(0, 0), (32, 0)],
            };
            let mut streams: Vec<Vec<u8>> = places
                .iter()
                .map(|&(top, left)| encoded(top, left, subsampling))
                .collect();
            // The quantization tables stand in the directory alone.
            let tables = quantization_tables(&streams[0]);
            for stream in &mut streams {
                *stream = without_tables_and_jfif(stream);
            }
            let (width, height) = if tiled { (50, 40) } else { (32, 40) };
            let stored = Stored {
                width,
                height,
                bits: 8,
                samples: 3,
                values: Vec::new(),
                tags: Vec::new(),
            };
            let mut tags = vec![
                (258, 3, vec![8; 3]),
                (259, 3, vec![7]),
                (262, 3, vec![6]),
                (277, 3, vec![3]),
                (347, 7, tables.iter().map(|&byte| byte.into()).collect()),
            ];
            let names = if tiled {
                tags.extend([(322, 3, vec![32]), (323, 3, vec![32])]);
                (324, 325)
            } else {
                tags.push((278, 3, vec![32]));
                (273, 279)
            };
            std::fs::write(&path, assemble(&stored, PLAIN, tags, &streams, names)).unwrap();
            for (at, found) in shown(&path).iter().enumerate() {
                let wanted = wanted(at % width, at / width);
                // Thinned color is a mean over pixels, and one-sided at an edge.
                let most = if subsampling == Subsamp::None { 3 } else { 6 };
                let near = found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= most);
                assert!(near, "{subsampling:?} {at}: {found:?} for {wanted:?}");
            }
        }
    }
}

/// The segments of a JPEG in front of its scan, with their markers.
fn segments(stream: &[u8]) -> (Vec<(u8, Vec<u8>)>, Vec<u8>) {
    let (mut at, mut all) = (2, Vec::new());
    while stream[at + 1] != 0xda {
        let length = usize::from(u16::from_be_bytes([stream[at + 2], stream[at + 3]])) + 2;
        all.push((stream[at + 1], stream[at..at + length].to_vec()));
        at += length;
    }
    (all, stream[at..].to_vec())
}

fn quantization_tables(stream: &[u8]) -> Vec<u8> {
    let (segments, _) = segments(stream);
    let tables = segments.into_iter().filter(|(marker, _)| *marker == 0xdb);
    let tables: Vec<u8> = tables.flat_map(|(_, segment)| segment).collect();
    [&b"\xff\xd8"[..], &tables, b"\xff\xd9"].concat()
}

fn without_tables_and_jfif(stream: &[u8]) -> Vec<u8> {
    let (segments, scan) = segments(stream);
    let kept = segments
        .into_iter()
        .filter(|(marker, _)| !matches!(marker, 0xdb | 0xe0));
    let kept: Vec<u8> = kept.flat_map(|(_, segment)| segment).collect();
    [&b"\xff\xd8"[..], &kept, &scan].concat()
}

/// Six rows of 24 pixels, whose runs are as long as the row's number, as libtiff packs them in every way.
#[test]
fn fax_rows_are_those_of_libtiff() {
    let group3 =
        b"\x00\x11\xd0\xe8\x74\x3a\x1d\x0e\x87\x43\xa1\xd0\xe8\x74\x3a\x00\x17\xdf\x7d\xf7\
        \xdf\x00\x18\xa2\x8a\x20\x01\xb7\x6e\xd8\x00\xe1\xe1\xd8\x00\xf1\x71\x00";
    let group4 =
        b"\x23\xa2\x3a\x23\xa2\x3a\x23\xa2\x3a\x23\xa2\x3a\x23\xa2\x3a\x04\x12\xbb\xbb\xbb\
        \xb0\xd5\x86\xac\x30\x61\x2b\x0c\x19\x3b\x61\x83\x24\x6a\x00\x20\x02";
    let two_dimensional = b"\x00\x19\xaa\x1d\x0e\x87\x43\xa1\xd0\xe8\x74\x3a\x1d\x0e\x87\x43\x80\x0a\xee\xee\
        \xee\x00\x33\x5a\x28\xa2\x80\x01\x58\x60\xc2\x50\x01\x9a\x9e\x1e\x30\x01\x58\x60\xcf\x06\xe0";
    let with_fill = b"\x00\x01\x9a\xa1\xd0\xe8\x74\x3a\x1d\x0e\x87\x43\xa1\xd0\xe8\x74\x38\x00\x01\x5d\xdd\xdd\
        \xc0\x01\x9a\xd1\x45\x14\x00\x01\x58\x60\xc2\x50\x01\x9a\x9e\x1e\x30\x01\x58\x60\xcf\x06\xe0";
    let on_bytes =
        b"\x35\x43\xa1\xd0\xe8\x74\x3a\x1d\x0e\x87\x43\xa1\xd0\xe8\x70\x35\xdf\x7d\xf7\xdf\x70\x35\
        \xa2\x8a\x28\x35\x76\xed\xd8\x35\x3c\x3c\x60\x35\x2e\x2e";
    let on_words =
        b"\x1d\x0e\x87\x43\xa1\xd0\xe8\x74\x3a\x1d\x0e\x87\x43\xa0\x7d\xf7\xdf\x7d\xf0\x00\x8a\x28\
        \xa2\x00\xb7\x6e\xd8\x00\xc3\xc3\xb0\x00\xe2\xe2";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fax.tif");
    let stored = Stored {
        width: 24,
        height: 6,
        bits: 1,
        samples: 1,
        values: Vec::new(),
        tags: Vec::new(),
    };
    // Compression, options of group 3, meaning of the bits.
    for (compression, options, meaning, strip) in [
        (3, 0, 1, &group3[..]),
        (3, 1, 0, two_dimensional),
        (3, 5, 0, with_fill),
        (4, 0, 1, group4),
        (2, 0, 0, on_bytes),
        (32_771, 0, 1, on_words),
    ] {
        for reversed in [false, true] {
            let strip: Vec<u8> = match reversed {
                true => strip.iter().map(|byte| byte.reverse_bits()).collect(),
                false => strip.to_vec(),
            };
            let tags = vec![
                (259, 3, vec![compression]),
                (262, 3, vec![meaning]),
                (292, 4, vec![options]),
                (266, 3, vec![if reversed { 2 } else { 1 }]),
            ];
            std::fs::write(&path, assemble(&stored, PLAIN, tags, &[strip], (273, 279))).unwrap();
            for (at, found) in shown(&path).iter().enumerate() {
                let bright = (at % 24 / (at / 24 + 1)) % 2 == 1;
                assert_eq!(
                    *found,
                    opaque([if bright { 255 } else { 0 }; 3]),
                    "{compression} {at}"
                );
            }
        }
    }
}

/// WebP in strips and tiles, with an opacity that encoders leave out where it is full.
#[test]
fn webp_in_strips_and_tiles_is_every_pixel() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("webp.tif");
    for (samples, tiled) in [(3, false), (4, false), (3, true), (4, true)] {
        let value = |x: usize, y: usize| match (x < WIDTH && y < HEIGHT, pixel(y * WIDTH + x)) {
            (true, [red, green, blue, _]) if y < 16 => [red, green, blue, 255],
            (true, pixel) => pixel,
            (false, _) => [0; 4],
        };
        let (across, down) = if tiled { (16, 16) } else { (WIDTH, 16) };
        let mut chunks = Vec::new();
        for top in (0..HEIGHT).step_by(down) {
            let rows = if tiled { down } else { down.min(HEIGHT - top) };
            for left in (0..WIDTH).step_by(across) {
                let bytes: Vec<u8> = (0..across * rows)
                    .flat_map(|at| value(left + at % across, top + at / across)[..samples].to_vec())
                    .collect();
                let (across, rows) = (across as u32, rows as u32);
                let encoder = match samples {
                    3 => webp::Encoder::from_rgb(&bytes, across, rows),
                    _ => webp::Encoder::from_rgba(&bytes, across, rows),
                };
                let mut settings = webp::WebPConfig::new().unwrap();
                (settings.lossless, settings.exact) = (1, 1);
                chunks.push(encoder.encode_advanced(&settings).unwrap().to_vec());
            }
        }
        let stored = Stored {
            width: WIDTH,
            height: HEIGHT,
            bits: 8,
            samples,
            values: Vec::new(),
            tags: Vec::new(),
        };
        let mut tags = vec![
            (258, 3, vec![8; samples]),
            (259, 3, vec![50_001]),
            (262, 3, vec![2]),
            (277, 3, vec![samples as u64]),
        ];
        if samples == 4 {
            tags.push((338, 3, vec![2]));
        }
        let names = if tiled {
            tags.extend([(322, 3, vec![16]), (323, 3, vec![16])]);
            (324, 325)
        } else {
            tags.push((278, 3, vec![16]));
            (273, 279)
        };
        std::fs::write(&path, assemble(&stored, PLAIN, tags, &chunks, names)).unwrap();
        for (at, found) in shown(&path).into_iter().enumerate() {
            let mut wanted = value(at % WIDTH, at / WIDTH);
            if samples == 3 {
                wanted[3] = 255;
            }
            assert_eq!(found, wanted, "{samples} {tiled} {at}");
        }
    }
}

/// One stream for the whole picture, whose scan may stand in strips of its own.
#[test]
fn jpeg_in_the_way_of_tiff_6_is_read_where_it_is_one_stream() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.tif");
    let side = 32;
    let wanted = |at: usize| [at % side * 3 + 20, 200 - at / side * 2, 90].map(|v| v as u8);
    let pixels: Vec<u8> = (0..side * side).flat_map(wanted).collect();
    let image = turbojpeg::Image {
        pixels: pixels.as_slice(),
        width: side,
        pitch: side * 3,
        height: side,
        format: turbojpeg::PixelFormat::RGB,
    };
    let stream = turbojpeg::compress(image, 95, turbojpeg::Subsamp::None).unwrap();
    let stream = stream.to_vec();
    let scan = stream
        .windows(2)
        .position(|two| two == b"\xff\xda")
        .unwrap();
    let data = scan + 2 + usize::from(stream[scan + 3]);
    let stored = Stored {
        width: side,
        height: side,
        bits: 8,
        samples: 3,
        values: Vec::new(),
        tags: Vec::new(),
    };
    let all = stream.len();
    // The length of the stream, and where its strip lies in it.
    for (length, strip) in [
        (all, 0..all),
        (0, 0..all),
        (all, data..all),
        (data, data..all),
        (data, data..data + 100),
    ] {
        let tags = vec![
            (258, 3, vec![8; 3]),
            (259, 3, vec![6]),
            (262, 3, vec![6]),
            (273, 4, vec![8 + strip.start as u64]),
            (277, 3, vec![3]),
            (278, 3, vec![side as u64]),
            (279, 4, vec![strip.len() as u64]),
            (513, 4, vec![8]),
            (514, 4, vec![length as u64]),
        ];
        // The places of the stream go into tags of nobody.
        let file = assemble(
            &stored,
            PLAIN,
            tags,
            std::slice::from_ref(&stream),
            (65_000, 65_001),
        );
        std::fs::write(&path, file).unwrap();
        if strip.end < all {
            assert!(decode(&path).partial.is_some());
            continue;
        }
        for (at, found) in shown(&path).iter().enumerate() {
            let near = found
                .iter()
                .zip(wanted(at))
                .all(|(a, b)| a.abs_diff(b) <= 3);
            assert!(near, "{length} {strip:?} {at}: {found:?}");
        }
    }
}

/// A page with a maker, and behind its strip EXIF and GPS directories; in both byte orders, and as BigTIFF.
#[test]
fn what_a_tiff_says_of_its_making_is_kept_as_exif() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made.tif");
    for (big_endian, big_tiff) in [(false, false), (true, false), (true, true)] {
        let number = |value: u64, bytes: usize| {
            let little = value.to_le_bytes()[..bytes].to_vec();
            match big_endian {
                true => little.into_iter().rev().collect(),
                false => little,
            }
        };
        let (wide, start) = if big_tiff { (8, 16) } else { (4, 8) };
        let entry = |tag: u64, kind: u64, count: u64, value: Vec<u8>| {
            let value: Vec<u8> = value.into_iter().chain([0; 8]).take(wide).collect();
            [number(tag, 2), number(kind, 2), number(count, wide), value].concat()
        };
        let directory = |entries: Vec<Vec<u8>>| {
            let count = number(entries.len() as u64, if big_tiff { 8 } else { 2 });
            [count, entries.concat(), vec![0; wide]].concat()
        };
        // Four pixels, the date, then the directories.
        let mut strip = vec![10, 20, 30, 40];
        let date = start + strip.len();
        strip.extend(b"2024:02:29 12:30:05\0");
        let exif = start + strip.len();
        strip.extend(directory(vec![
            entry(36_867, 2, 20, number(date as u64, wide)),
            entry(37_500, 7, 4, b"note".to_vec()),
        ]));
        let gps = start + strip.len();
        strip.extend(directory(vec![entry(1, 2, 2, b"N\0".to_vec())]));
        let stored = Stored {
            width: 2,
            height: 2,
            bits: 8,
            samples: 1,
            values: Vec::new(),
            tags: Vec::new(),
        };
        let storage = Storage {
            big_endian,
            big_tiff,
            ..PLAIN
        };
        let tags = vec![
            (258, 3, vec![8]),
            (262, 3, vec![1]),
            (
                271,
                2,
                b"A maker of cameras\0"
                    .iter()
                    .map(|&byte| byte.into())
                    .collect(),
            ),
            (274, 3, vec![1]),
            (34_665, 4, vec![exif as u64]),
            (34_853, 4, vec![gps as u64]),
        ];
        let file = assemble(&stored, storage, tags, &[strip], (273, 279));
        std::fs::write(&path, file).unwrap();
        let metadata = decode(&path).metadata;
        assert_eq!(metadata.taken(), Some(1_709_209_805));
        assert!(metadata.has_location());
        let block = metadata.exif.unwrap();
        let has = |text: &[u8]| block.windows(text.len()).any(|part| part == text);
        assert!(has(b"A maker of cameras"));
        assert!(!has(b"note"));
    }
    // A page that says nothing of its making makes no block.
    std::fs::write(&path, stored(&kinds()[3]).file(PLAIN)).unwrap();
    assert!(decode(&path).metadata.exif.is_none());
}

#[test]
fn kinds_that_are_not_read_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("refused.tif");
    let grey = stored(&kinds()[3]);
    let cases: [(u16, u64, &str); 10] = [
        (259, 6, "JPEG in the way of TIFF 6.0"),
        (259, 34_712, "JPEG 2000"),
        (259, 34_887, "LERC"),
        (259, 34_676, "LogLuv"),
        (262, 10, "T.42"),
        (262, 32_845, "LogLuv"),
        (262, 4, "mask"),
        (339, 2, "a sign"),
        (339, 5, "complex"),
        (317, 7, "predictor 7"),
    ];
    for (tag, value, named) in cases {
        let mut picture = grey.clone();
        picture.tags.retain(|(other, ..)| *other != tag);
        let mut tags = picture.tags.clone();
        tags.extend([(258, 3, vec![8]), (278, 3, vec![HEIGHT as u64])]);
        tags.retain(|(other, ..)| *other != tag);
        tags.push((tag, 3, vec![value]));
        let strip: Vec<u8> = grey.values.iter().map(|&value| value as u8).collect();
        std::fs::write(&path, assemble(&picture, PLAIN, tags, &[strip], (273, 279))).unwrap();
        match decode_still(&path, &Limits::default()) {
            Err(Error::Unsupported { what, .. }) => assert!(what.contains(named), "{what}"),
            other => panic!("{named}: {other:?}"),
        }
    }
}

#[test]
fn what_a_cut_file_still_holds_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.tif");
    let picture = stored(&kinds()[12]);
    let strip: Vec<u8> = picture.values.iter().map(|&value| value as u8).collect();
    let tags = vec![(258, 3, vec![8; 3]), (262, 3, vec![2]), (277, 3, vec![3])];
    let mut file = assemble(
        &picture,
        PLAIN,
        tags,
        std::slice::from_ref(&strip),
        (273, 279),
    );
    // The directory in front of the strip, which can then break off.
    let (strip_at, after) = (8, 8 + strip.len());
    let directory = file.split_off(after);
    file.truncate(strip_at);
    let mut moved = file;
    let shift = |at: u32| at - strip.len() as u32;
    let link = shift(u32::from_le_bytes(moved[4..8].try_into().unwrap()));
    moved[4..8].copy_from_slice(&link.to_le_bytes());
    let mut directory = directory;
    let count_at = link as usize - 8;
    let count = usize::from(u16::from_le_bytes([
        directory[count_at],
        directory[count_at + 1],
    ]));
    let new_strip = (8 + directory.len()) as u32;
    for entry in 0..count {
        let at = count_at + 2 + entry * 12;
        let tag = u16::from_le_bytes([directory[at], directory[at + 1]]);
        let number = u32::from_le_bytes(directory[at + 4..at + 8].try_into().unwrap());
        let kind = directory[at + 2];
        let value = u32::from_le_bytes(directory[at + 8..at + 12].try_into().unwrap());
        let value = match tag {
            273 => new_strip,
            _ if kind == 3 && number > 2 => shift(value),
            _ => value,
        };
        directory[at + 8..at + 12].copy_from_slice(&value.to_le_bytes());
    }
    moved.extend(directory);
    moved.extend(&strip[..strip.len() / 2]);
    std::fs::write(&path, moved).unwrap();
    let still = decode(&path);
    assert!(
        matches!(still.partial, Some(Error::BreaksOff { .. })),
        "{:?}",
        still.partial
    );
    let found = to_srgb(&still.picture);
    for (at, color) in found.pixels().enumerate().take(WIDTH * (HEIGHT / 2)) {
        assert_eq!(color, pixel(at)[..3], "pixel {at}");
    }
}

#[test]
fn limits_hold_before_anything_is_decoded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.tif");
    let stored = Stored {
        width: 60_000,
        height: 60_000,
        bits: 8,
        samples: 3,
        values: Vec::new(),
        tags: Vec::new(),
    };
    let tags = |more: Vec<(u16, u16, Vec<u64>)>| {
        [
            vec![(258, 3, vec![8; 3]), (262, 3, vec![2]), (277, 3, vec![3])],
            more,
        ]
        .concat()
    };
    let file = assemble(&stored, PLAIN, tags(vec![]), &[vec![0; 10]], (273, 279));
    std::fs::write(&path, file).unwrap();
    let outcome = decode_still(&path, &Limits::default());
    assert!(
        matches!(
            outcome,
            Err(Error::Limit {
                limit: LimitName::Pixels,
                ..
            })
        ),
        "{outcome:?}"
    );
    // A tile that is far larger than the picture costs no memory.
    let small = Stored {
        width: 4,
        height: 4,
        ..stored
    };
    let huge = vec![
        (322, 4, vec![u64::from(u32::MAX)]),
        (323, 4, vec![u64::from(u32::MAX)]),
    ];
    let file = assemble(&small, PLAIN, tags(huge), &[vec![0; 10]], (324, 325));
    std::fs::write(&path, file).unwrap();
    let outcome = decode_still(&path, &Limits::default());
    assert!(
        matches!(
            outcome,
            Err(Error::Limit {
                limit: LimitName::MemoryBytes,
                ..
            })
        ),
        "{outcome:?}"
    );
}

#[test]
fn bent_files_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bent.tif");
    let limits = Limits {
        memory: 64 << 20,
        ..Limits::default()
    };
    for (kind, storage) in kinds().iter().zip(storages().into_iter().cycle()) {
        let storage = match storage.packing {
            Packing::Predicted => PLAIN,
            _ => storage,
        };
        let whole = stored(kind).file(storage);
        let directory = whole.len().saturating_sub(300);
        for at in (0..32).chain(directory..whole.len()).step_by(7) {
            for value in [0, 0x7f, 0xff] {
                let mut bent = whole.clone();
                bent[at] = value;
                std::fs::write(&path, bent).unwrap();
                let _ = decode_still(&path, &limits);
            }
        }
    }
}

#[test]
fn bent_strips_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bent.tif");
    let limits = Limits {
        memory: 64 << 20,
        ..Limits::default()
    };
    let mut state = 1_u64;
    let mut random = |most: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % most
    };
    for packing in [
        Packing::PackBits,
        Packing::Lzw,
        Packing::Deflate,
        Packing::Predicted,
        Packing::Zstandard,
        Packing::Lzma,
    ] {
        let whole = stored(&kinds()[12]).file(Storage { packing, ..PLAIN });
        for _ in 0..150 {
            let mut bent = whole.clone();
            for _ in 0..1 + random(4) {
                let at = random(bent.len());
                bent[at] = random(256) as u8;
            }
            std::fs::write(&path, bent).unwrap();
            let _ = decode_still(&path, &limits);
        }
    }
}
