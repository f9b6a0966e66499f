//! Reading and writing stills: orientation, color, depth, metadata, damage, limits.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tastemaker::Error;
use tastemaker::error::LimitName;
use tastemaker::geometry::Size;
use tastemaker::media::{
    ChromaSubsampling, Limits, Metadata, MetadataPolicy, Original, Still, StillFormat,
    decode_still, encode_still, to_srgb,
};
use tastemaker::picture::{Background, ColorSpace, Picture, Pixels, Rgb8, Rgb16};

use crate::support::{self, ffmpeg};

const FINE_JPEG: StillFormat = StillFormat::Jpeg {
    background: Background::BLACK,
    quality: 95,
    subsampling: ChromaSubsampling::Full444,
};

fn decode(path: &Path) -> Still {
    decode_still(path, &Limits::default())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// Mean and largest difference of two pictures of one size, in steps of 255.
fn difference(a: &Rgb8, b: &Rgb8) -> (f64, u8) {
    assert_eq!(a.size(), b.size());
    let differences = a
        .samples()
        .iter()
        .zip(b.samples())
        .map(|(a, b)| a.abs_diff(*b));
    let sum: f64 = differences.clone().map(f64::from).sum();
    (sum / a.samples().len() as f64, differences.max().unwrap())
}

/// A picture in which every pixel encodes its position.
fn sample(size: Size) -> Rgb8 {
    let samples = (0..size.height)
        .flat_map(|y| {
            (0..size.width).flat_map(move |x| {
                let wave = |rate: f64| ((f64::from(x + 2 * y) * rate).sin() * 90.0 + 120.0) as u8;
                [(x * 2) as u8, (y * 3) as u8, wave(0.07)]
            })
        })
        .collect();
    Rgb8::new(size, samples).unwrap()
}

fn plain(pixels: Rgb8) -> Picture {
    Picture {
        pixels: Pixels::Eight(pixels),
        alpha: None,
        color: ColorSpace::Srgb,
    }
}

/// The profile of a corpus picture in Display P3.
fn wide_profile(corpus: &Path) -> Vec<u8> {
    let still = decode(&corpus.join("images/formats/sharp_p3.png"));
    assert!(matches!(still.picture.color, ColorSpace::Icc(_)));
    still.metadata.icc.unwrap()
}

#[test]
fn every_orientation_comes_out_upright() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = corpus.join("images/orientation");
    let upright = decode(&folder.join("sharp_Portrait_1.jpg"));
    assert_eq!(upright.picture.size(), Size::new(450, 600));
    // The first one has no profile; the others have one, were turned by an editor and saved once more.
    for turn in 2..=8 {
        let still = decode(&folder.join(format!("sharp_Portrait_{turn}.jpg")));
        assert!(still.partial.is_none());
        let (mean, _) = difference(&to_srgb(&upright.picture), &to_srgb(&still.picture));
        assert!(mean < 6.0, "orientation {turn}: {mean}");
        // What is written from it is not turned again.
        let size = still.picture.size();
        let original = Original {
            size,
            orientation: turn,
        };
        let kept = still
            .metadata
            .filtered(MetadataPolicy::Keep, original, size);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jpg");
        encode_still(&path, &still.picture, FINE_JPEG, &kept).unwrap();
        let again = decode(&path);
        assert!(again.metadata.exif.is_some());
        let (mean, _) = difference(&to_srgb(&still.picture), &to_srgb(&again.picture));
        assert!(mean < 2.0, "orientation {turn} written: {mean}");
    }
}

#[test]
fn known_formats_are_decoded_and_others_named() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let foreign = ["svg", "jp2", "avif"];
    for path in files(&corpus.join("images/formats")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let outcome = decode_still(&path, &Limits::default());
        let decoded = cfg!(feature = "heic") && name.ends_with("avif");
        if foreign.iter().any(|end| name.ends_with(end)) && !decoded {
            let Err(Error::Unsupported { what, .. }) = outcome else {
                panic!("{name}: {outcome:?}");
            };
            assert!(
                ["SVG", "JPEG 2000", "AVIF", "Fax3"]
                    .iter()
                    .any(|known| what.contains(known))
            );
            continue;
        }
        let still = outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(still.partial.is_none(), "{name}: {:?}", still.partial);
        let deep = name.contains("16-bit") || name.contains("16bit");
        if deep {
            assert!(matches!(still.picture.pixels, Pixels::Sixteen(_)), "{name}");
        }
        let kept = ["low-contrast", "p3", "prophoto"]
            .iter()
            .any(|with| name.contains(with));
        let wide = matches!(still.picture.color, ColorSpace::Icc(_));
        assert_eq!(wide, kept && !name.contains("low-contrast"), "{name}");
    }
}

/// Values of littleCMS (perceptual, the embedded profile to sRGB), and of ideal inks where there is no profile.
#[test]
fn inks_look_as_their_profile_says() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let folder = corpus.join("images/formats");
    for (name, wanted) in [
        ("sharp_fogra-0-100-100-0.tif", [227u8, 6, 20]),
        (
            "sharp_Channel_digital_image_CMYK_color_no_profile.jpg",
            [200, 228, 255],
        ),
    ] {
        let still = decode(&folder.join(name));
        assert!(
            still.metadata.icc.is_none(),
            "the profile of inks is left behind"
        );
        for (found, wanted) in to_srgb(&still.picture).pixel(0, 0).into_iter().zip(wanted) {
            assert!(
                found.abs_diff(wanted) <= 4,
                "{name}: {found} is not {wanted}"
            );
        }
    }
}

#[test]
fn deep_pictures_keep_their_depth_and_every_sample() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.png");
    let size = Size::new(61, 37);
    let samples: Vec<u16> = (0..size.pixels() * 3)
        .map(|n| (n * 7919 % 65_536) as u16)
        .collect();
    let alpha: Vec<u16> = (0..size.pixels())
        .map(|n| (n * 31 % 65_536) as u16)
        .collect();
    for alpha in [None, Some(alpha)] {
        let picture = Picture {
            pixels: Pixels::Sixteen(Rgb16::new(size, samples.clone()).unwrap()),
            alpha: alpha.clone(),
            color: ColorSpace::Srgb,
        };
        encode_still(&path, &picture, StillFormat::Png, &Metadata::default()).unwrap();
        let again = decode(&path).picture;
        assert_eq!(again.alpha, alpha);
        let Pixels::Sixteen(pixels) = again.pixels else {
            panic!("the depth is lost");
        };
        assert!(pixels.samples() == samples);
    }
}

#[test]
fn profiles_come_through_byte_for_byte() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let profile = wide_profile(&corpus);
    // Longer than one JPEG segment, as printers' profiles are.
    let mut long = profile.clone();
    long.resize(150_000, 0);
    let folder = tempfile::tempdir().unwrap();
    for profile in [profile, long] {
        let picture = Picture {
            color: ColorSpace::Icc(Arc::from(profile.as_slice())),
            ..plain(sample(Size::new(90, 60)))
        };
        for (name, format) in [
            ("a.jpg", FINE_JPEG),
            ("a.png", StillFormat::Png),
            ("a.webp", StillFormat::WebP { quality: 100 }),
            ("b.webp", StillFormat::WebP { quality: 80 }),
        ] {
            let path = folder.path().join(name);
            encode_still(&path, &picture, format, &Metadata::default()).unwrap();
            let again = decode(&path);
            assert!(again.metadata.icc.as_ref() == Some(&profile), "{name}");
            assert!(again.picture.color == picture.color, "{name}");
        }
    }
}

#[test]
fn an_srgb_picture_is_never_written_with_another_profile() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let metadata = Metadata {
        icc: Some(wide_profile(&corpus)),
        ..Metadata::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jpg");
    encode_still(&path, &plain(sample(Size::new(9, 9))), FINE_JPEG, &metadata).unwrap();
    assert!(decode(&path).metadata.icc.is_none());
}

#[test]
fn wide_gamut_is_converted_as_color_management_does() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    let picture = Picture {
        color: ColorSpace::Icc(Arc::from(wide_profile(&corpus))),
        ..plain(
            Rgb8::new(
                Size::new(3, 1),
                vec![200, 100, 50, 128, 128, 128, 60, 180, 90],
            )
            .unwrap(),
        )
    };
    let converted = to_srgb(&picture);
    // Display P3 to sRGB by the matrices of CSS Color 4.
    let wanted = [[215u8, 93, 31], [128, 128, 128], [0, 183, 78]];
    for (found, wanted) in converted.pixels().zip(wanted) {
        for (found, wanted) in found.into_iter().zip(wanted) {
            assert!(found.abs_diff(wanted) <= 2, "{found} is not {wanted}");
        }
    }
}

#[test]
fn alpha_is_kept_where_the_format_can_and_shows_the_background_where_it_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let size = Size::new(64, 48);
    let alpha: Vec<u16> = (0..size.pixels()).map(|n| (n % 256 * 257) as u16).collect();
    let picture = Picture {
        alpha: Some(alpha.clone()),
        ..plain(sample(size))
    };
    for (name, format) in [
        ("a.png", StillFormat::Png),
        ("a.webp", StillFormat::WebP { quality: 100 }),
    ] {
        let path = folder.path().join(name);
        encode_still(&path, &picture, format, &Metadata::default()).unwrap();
        let again = decode(&path).picture;
        assert!(again.alpha.as_ref() == Some(&alpha), "{name}");
        let Pixels::Eight(pixels) = again.pixels else {
            panic!("8 bits became more");
        };
        assert!(
            pixels == sample(size),
            "{name} is lossless, under transparency too"
        );
    }
    let path = folder.path().join("a.jpg");
    let clear = Picture {
        alpha: Some(vec![0; size.pixels() as usize]),
        ..plain(sample(size))
    };
    for color in [[0, 0, 0], [255, 255, 255], [200, 90, 20]] {
        let format = StillFormat::Jpeg {
            quality: 95,
            subsampling: ChromaSubsampling::Full444,
            background: Background::new(color),
        };
        encode_still(&path, &clear, format, &Metadata::default()).unwrap();
        let shown = to_srgb(&decode(&path).picture).pixel(20, 20);
        for (shown, wanted) in shown.iter().zip(color) {
            assert!(shown.abs_diff(wanted) <= 3, "{shown} is not {wanted}");
        }
    }
}

#[test]
fn quality_and_subsampling_are_what_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let picture = plain(sample(Size::new(320, 200)));
    let path = folder.path().join("a.jpg");
    let mut sizes = Vec::new();
    for subsampling in [
        ChromaSubsampling::Full444,
        ChromaSubsampling::Half422,
        ChromaSubsampling::Half440,
        ChromaSubsampling::Quarter420,
        ChromaSubsampling::Quarter411,
    ] {
        let format = StillFormat::Jpeg {
            background: Background::BLACK,
            quality: 90,
            subsampling,
        };
        encode_still(&path, &picture, format, &Metadata::default()).unwrap();
        assert_eq!(decode(&path).subsampling, Some(subsampling));
        let (mean, _) = difference(
            &sample(Size::new(320, 200)),
            &to_srgb(&decode(&path).picture),
        );
        assert!(mean < 4.0, "{subsampling:?}: {mean}");
        sizes.push(std::fs::metadata(&path).unwrap().len());
    }
    assert!(sizes[0] > sizes[1] && sizes[1] > sizes[3]);
    let png = folder.path().join("a.png");
    encode_still(&png, &picture, StillFormat::Png, &Metadata::default()).unwrap();
    assert_eq!(decode(&png).subsampling, None);
}

/// A block with orientation 6 and a GPS directory that holds one reference ("N").
fn located_exif() -> Vec<u8> {
    let mut block = b"MM\x00\x2a\x00\x00\x00\x08\x00\x02".to_vec();
    block.extend(b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00");
    block.extend(b"\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x26");
    block.extend(b"\x00\x00\x00\x00");
    block.extend(b"\x00\x01\x00\x01\x00\x02\x00\x00\x00\x02N\x00\x00\x00\x00\x00\x00\x00");
    block
}

#[test]
fn metadata_follows_the_policy_in_every_format() {
    let xmp = concat!(
        r#"<x:xmpmeta xmlns:x="adobe:ns:meta/">"#,
        r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">"#,
        r#"<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/""#,
        r#" xmlns:tiff="http://ns.adobe.com/tiff/1.0/""#,
        r#" tiff:Orientation="6" exif:GPSLatitude="52,31N" tiff:Make="Camera"/></rdf:RDF></x:xmpmeta>"#
    )
    .as_bytes();
    let found = Metadata {
        exif: Some(located_exif()),
        xmp: Some(xmp.to_vec()),
        ..Metadata::default()
    };
    assert!(found.has_location());
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in [
        ("a.jpg", FINE_JPEG),
        ("a.png", StillFormat::Png),
        ("a.webp", StillFormat::WebP { quality: 100 }),
        ("b.webp", StillFormat::WebP { quality: 50 }),
    ] {
        let path = folder.path().join(name);
        let picture = plain(sample(Size::new(40, 30)));
        let write = |metadata: &Metadata| {
            encode_still(&path, &picture, format, metadata).unwrap();
            decode(&path)
        };
        let size = Size::new(40, 30);
        let original = Original {
            size,
            orientation: 6,
        };
        let kept = write(&found.filtered(MetadataPolicy::Keep, original, size));
        assert_eq!(
            kept.picture.size(),
            Size::new(40, 30),
            "{name} is turned again"
        );
        assert!(kept.metadata.has_location(), "{name}");
        let packet = String::from_utf8(kept.metadata.xmp.unwrap()).unwrap();
        assert!(packet.contains("tiff:Make=\"Camera\"") && !packet.contains("Orientation"));

        let stripped = write(&found.filtered(MetadataPolicy::StripLocation, original, size));
        assert!(!stripped.metadata.has_location(), "{name}");
        assert!(
            stripped.metadata.exif.is_some() && stripped.metadata.xmp.is_some(),
            "{name}"
        );
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"52,31"), "{name}");

        let bare = write(&found.filtered(MetadataPolicy::Strip, original, size));
        assert!(
            bare.metadata.exif.is_none() && bare.metadata.xmp.is_none(),
            "{name}"
        );
    }
}

#[test]
fn trailing_bytes_and_wrong_names_do_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in [("a.png", FINE_JPEG), ("b.jpg", StillFormat::Png)] {
        let path = folder.path().join(name);
        encode_still(
            &path,
            &plain(sample(Size::new(40, 30))),
            format,
            &Metadata::default(),
        )
        .unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend([0x5a; 1000]);
        std::fs::write(&path, bytes).unwrap();
        assert!(decode(&path).partial.is_none(), "{name}");
    }
}

#[test]
fn limits_are_checked_before_decoding() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    encode_still(
        &path,
        &plain(sample(Size::new(400, 300))),
        StillFormat::Png,
        &Metadata::default(),
    )
    .unwrap();
    let limited = |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        match decode_still(&path, &limits) {
            Err(Error::Limit { limit, .. }) => limit,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(limited(|limits| limits.bytes = 100), LimitName::Bytes);
    assert_eq!(limited(|limits| limits.pixels = 119_999), LimitName::Pixels);
    assert_eq!(
        limited(|limits| limits.memory = 300_000),
        LimitName::MemoryBytes
    );
}

/// Headers that claim 60000 × 60000 pixels, with hardly any data.
#[test]
fn bombs_are_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let side = 60_000u32;
    let mut gif = b"GIF89a".to_vec();
    gif.extend((side as u16).to_le_bytes());
    gif.extend((side as u16).to_le_bytes());
    gif.extend([0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
    let mut bmp = b"BM".to_vec();
    bmp.extend([0; 8]);
    bmp.extend([54, 0, 0, 0, 40, 0, 0, 0]);
    bmp.extend(side.to_le_bytes());
    bmp.extend(side.to_le_bytes());
    bmp.extend([1, 0, 24, 0]);
    bmp.extend([0; 24]);
    let mut jpeg = b"\xff\xd8\xff\xc2\x00\x11\x08".to_vec();
    jpeg.extend((side as u16).to_be_bytes());
    jpeg.extend((side as u16).to_be_bytes());
    jpeg.extend(b"\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00\xff\xda\x00\x0c\x03\x01\x00\x02\x00\x03\x00\x00\x00\x00");
    for (name, bytes) in [("a.gif", gif), ("a.bmp", bmp), ("a.jpg", jpeg)] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let started = Instant::now();
        let outcome = decode_still(&path, &Limits::default());
        assert!(
            matches!(
                outcome,
                Err(Error::Limit {
                    limit: LimitName::Pixels,
                    ..
                })
            ),
            "{name}: {outcome:?}"
        );
        assert!(started.elapsed() < Duration::from_secs(1), "{name}");
    }
}

#[test]
fn an_empty_file_is_damaged_and_text_is_no_picture() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jpg");
    std::fs::write(&path, b"").unwrap();
    let outcome = decode_still(&path, &Limits::default());
    assert!(matches!(outcome, Err(Error::Damaged { .. })), "{outcome:?}");
    std::fs::write(&path, b"This is a letter.").unwrap();
    let outcome = decode_still(&path, &Limits::default());
    assert!(
        matches!(outcome, Err(Error::Unsupported { .. })),
        "{outcome:?}"
    );
    let outcome = decode_still(&folder.path().join("none.jpg"), &Limits::default());
    assert_eq!(outcome.unwrap_err().code(), "not_found");
}

/// Decodes whatever there is: true for a whole picture, false for a part, `None` for a typed error.
fn survive(path: &Path) -> Option<bool> {
    let started = Instant::now();
    let outcome = decode_still(path, &Limits::default());
    let took = started.elapsed();
    assert!(
        took < Duration::from_secs(10),
        "{}: {took:?}",
        path.display()
    );
    match outcome {
        Ok(still) => {
            to_srgb(&still.picture);
            if let Some(partial) = &still.partial {
                let known = matches!(partial, Error::BreaksOff { .. } | Error::Damaged { .. });
                assert!(known, "{}: {partial:?}", path.display());
            }
            Some(still.partial.is_none())
        }
        Err(error) => {
            let known = matches!(
                error,
                Error::Unsupported { .. } | Error::Damaged { .. } | Error::Limit { .. }
            );
            assert!(known, "{}: {error:?}", path.display());
            None
        }
    }
}

#[test]
fn truncated_pictures_give_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source.png");
    encode_still(
        &source,
        &plain(sample(Size::new(160, 120))),
        StillFormat::Png,
        &Metadata::default(),
    )
    .unwrap();
    let jpeg = folder.path().join("a.jpg");
    encode_still(
        &jpeg,
        &plain(sample(Size::new(160, 120))),
        FINE_JPEG,
        &Metadata::default(),
    )
    .unwrap();
    // Name, file, and whether a part can be shown.
    for (path, parts) in [
        (source.clone(), true),
        (jpeg, true),
        (
            converted(
                &source,
                "lossy.webp",
                &["-c:v", "libwebp", "-quality", "80"],
            ),
            false,
        ),
        (
            converted(
                &source,
                "lossless.webp",
                &["-c:v", "libwebp", "-lossless", "1"],
            ),
            false,
        ),
        (converted(&source, "a.gif", &["-frames:v", "1"]), true),
        (
            converted(
                &source,
                "a.tiff",
                &["-c:v", "tiff", "-compression_algo", "deflate"],
            ),
            false,
        ),
        (
            converted(
                &source,
                "raw.tiff",
                &["-c:v", "tiff", "-compression_algo", "raw"],
            ),
            false,
        ),
        (
            converted(&source, "a.bmp", &["-c:v", "bmp", "-pix_fmt", "bgr24"]),
            true,
        ),
    ] {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(survive(&path), Some(true), "{name} is whole");
        let bytes = std::fs::read(&path).unwrap();
        let cut = folder.path().join("cut");
        let mut partial = 0;
        for place in 0..64 {
            std::fs::write(&cut, &bytes[..bytes.len() * place / 64]).unwrap();
            match survive(&cut) {
                // Only what follows the last row is missing.
                Some(true) => assert!(
                    to_srgb(&decode(&cut).picture) == to_srgb(&decode(&path).picture),
                    "{name} cut at {place}/64 says that it is whole"
                ),
                Some(false) => partial += 1,
                None => {}
            }
        }
        assert!(
            !parts || partial > 40,
            "{name}: only {partial} of 64 in part"
        );
    }
}

#[test]
fn what_a_cut_jpeg_or_png_shows_is_right() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in [("a.png", StillFormat::Png), ("a.jpg", FINE_JPEG)] {
        let path = folder.path().join(name);
        let picture = plain(sample(Size::new(160, 120)));
        encode_still(&path, &picture, format, &Metadata::default()).unwrap();
        let whole = to_srgb(&decode(&path).picture);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        let still = decode(&path);
        assert!(
            matches!(still.partial, Some(Error::BreaksOff { .. })),
            "{name}"
        );
        let part = to_srgb(&still.picture);
        let upper = 160 * 30 * 3;
        assert!(
            part.samples()[..upper] == whole.samples()[..upper],
            "{name}"
        );
        assert_eq!(part.pixel(80, 118), [128, 128, 128], "{name}");
    }
}

/// The sample picture, encoded by the ffmpeg program from a PNG.
fn converted(source: &Path, name: &str, arguments: &[&str]) -> PathBuf {
    ffmpeg()
        .input(source)
        .args(arguments)
        .writes(source.with_file_name(name))
}

#[test]
fn bent_pictures_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let metadata = Metadata {
        exif: Some(located_exif()),
        ..Metadata::default()
    };
    let write = |name: &str, format| {
        let path = folder.path().join(name);
        encode_still(&path, &plain(sample(Size::new(32, 24))), format, &metadata).unwrap();
        path
    };
    let png = write("a.png", StillFormat::Png);
    for path in [
        png.clone(),
        write("a.jpg", FINE_JPEG),
        write("a.webp", StillFormat::WebP { quality: 100 }),
        write("b.webp", StillFormat::WebP { quality: 50 }),
        converted(&png, "a.gif", &["-frames:v", "1"]),
        converted(&png, "a.bmp", &["-pix_fmt", "bgr24"]),
        converted(&png, "p.bmp", &["-pix_fmt", "pal8"]),
        converted(&png, "a.tiff", &["-compression_algo", "lzw"]),
        converted(&png, "b.tiff", &["-compression_algo", "raw"]),
    ] {
        let bytes = std::fs::read(&path).unwrap();
        // Headers byte for byte, then samples of the rest.
        let step = bytes.len().div_ceil(150);
        for at in (0..bytes.len().min(120)).chain((120..bytes.len()).step_by(step)) {
            for value in [0xff, bytes[at] ^ 0x10] {
                let mut bent = bytes.clone();
                bent[at] = value;
                std::fs::write(&path, bent).unwrap();
                survive(&path);
            }
        }
    }
}

#[test]
fn bad_files_do_no_harm() {
    let Some(corpus) = support::corpus() else {
        return;
    };
    for path in files(&corpus.join("bad")) {
        let outcome = survive(&path);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("pngsuite_x") {
            assert_ne!(
                outcome,
                Some(true),
                "{name} is broken and must not pass for whole"
            );
        }
    }
}
