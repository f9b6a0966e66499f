//! HEIC and AVIF, as phones and Debian's own encoders make them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tastemaker::geometry::Size;
use tastemaker::media::{Limits, MediaKind, Metadata, StillFormat, decode_still, probe, to_srgb};
use tastemaker::picture::{ColorSpace, Pixels, Rgb8};

use crate::support::{
    self, Home, decode, eight_bit_picture, mean_difference, results, write_picture,
};

/// The photo that the committed files were made from, as small as they are.
fn original() -> Rgb8 {
    let whole = decode(&support::media("photos/cat.jpg")).picture;
    to_srgb(&whole.resized(Size::new(160, 106)))
}

/// A HEIC by Debian's encoder; none, saying so, where it is not installed.
fn encoded(picture: &Path, name: &str, arguments: &[&str]) -> Option<PathBuf> {
    let path = picture.with_file_name(name);
    let run = Command::new("heif-enc")
        .args(arguments)
        .arg(picture)
        .arg("-o")
        .arg(&path)
        .output();
    match run {
        Ok(output) if output.status.success() => Some(path),
        Ok(output) => panic!("{}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => {
            support::skip("heif-enc (Debian's libheif-examples) is not installed");
            None
        }
    }
}

/// A copy of a committed file in a folder of its own.
fn photo(home: &Home, file: &str, name: &str) -> PathBuf {
    let path = home.path("in").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::copy(support::media(&format!("photos/{file}")), &path).unwrap();
    path
}

fn contains(whole: &[u8], part: &[u8]) -> bool {
    whole.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_photo_from_a_phone_comes_out_upright_once_with_its_profile_byte_for_byte() {
    let home = Home::new();
    let source = photo(&home, "cat-turned.heic", "x/IMG_1.HEIC");
    let facts = probe(&source, &Limits::default()).unwrap();
    assert_eq!(
        (facts.kind, facts.container.as_str()),
        (MediaKind::Image, "heic")
    );
    let still = facts.still.unwrap();
    assert_eq!(
        (still.size, still.bit_depth, still.icc),
        (Size::new(160, 106), 8, true)
    );

    home.apply(&["none", "in", "-o", "out"]).exits(0);
    let made = decode(&home.path("out/x/IMG_1.jpg"));
    let from = decode(&source);
    assert_eq!(
        (made.orientation, made.picture.size()),
        (1, from.picture.size())
    );
    let profile = made.metadata.icc.as_deref().unwrap();
    assert!(contains(&fs::read(&source).unwrap(), profile));
    assert!(matches!(made.picture.color, ColorSpace::Icc(_)));
    assert!(made.metadata.has_location());
    assert!(contains(
        made.metadata.xmp.as_deref().unwrap(),
        b"dc:format=\"cat\""
    ));
    // The samples are those of the file; only the profile is wider than sRGB.
    let numbers = |still: tastemaker::media::Still| match still.picture.pixels {
        Pixels::Eight(pixels) => pixels,
        Pixels::Sixteen(_) => panic!("it has 8 bits"),
    };
    assert!(mean_difference(&numbers(from), &original()) < 4.0);
    assert!(mean_difference(&numbers(made), &original()) < 5.0);

    let arguments = ["none", "in", "-o", "bare", "--metadata", "strip-location"];
    home.apply(&arguments).exits(0);
    let bare = decode(&home.path("bare/x/IMG_1.jpg")).metadata;
    assert!(!bare.has_location() && bare.exif.is_some() && bare.icc.is_some());
}

#[test]
fn ten_bits_stay_in_16() {
    let home = Home::new();
    photo(&home, "cat-10bit.heic", "a.heic");
    home.apply(&["none", "in", "-o", "out", "--format", "png"])
        .exits(0);
    let picture = decode(&home.path("out/a.png")).picture;
    let Pixels::Sixteen(pixels) = &picture.pixels else {
        panic!("it has 16 bits");
    };
    let levels: std::collections::BTreeSet<u16> = pixels.samples().iter().copied().collect();
    assert!(levels.len() > 300, "{}", levels.len());
    assert!(mean_difference(&to_srgb(&picture), &original()) < 4.0);
}

#[test]
fn what_debian_encodes_is_decoded() {
    let home = Home::new();
    let mut picture = decode(&support::media("photos/cat.jpg")).picture;
    picture = picture.resized(picture.size().within(200));
    picture.alpha = Some(
        (0..picture.size().pixels())
            .map(|at| (at % 200 * 320) as u16)
            .collect(),
    );
    let source = home.path("in/a.png");
    write_picture(&source, &picture, StillFormat::Png, &Metadata::default());
    let Some(heic) = encoded(&source, "b.heic", &["-q", "90"]) else {
        return;
    };
    let avif = encoded(&source, "c.avif", &["-A", "-q", "90"]).unwrap();
    for path in [heic, avif] {
        let still = decode(&path);
        assert!(
            mean_difference(&to_srgb(&still.picture), &to_srgb(&decode(&source).picture)) < 8.0
        );
        let (alpha, wanted) = (
            still.picture.alpha.unwrap(),
            picture.alpha.as_ref().unwrap(),
        );
        let off = alpha
            .iter()
            .zip(wanted)
            .map(|(a, b)| u64::from(a.abs_diff(*b)))
            .sum::<u64>();
        assert!(off / (alpha.len() as u64) < 2500, "{off}");
    }
    home.apply(&["none", "in/b.heic", "in/c.avif", "-o", "out"])
        .exits(0);
    assert_eq!(
        results(&home.path("out")).into_keys().collect::<Vec<_>>(),
        ["b.jpg", "c.jpg"]
    );
}

#[test]
fn limits_hold_and_damage_is_named() {
    let home = Home::new();
    let path = photo(&home, "cat-turned.heic", "a.heic");
    let photos = home.path("in");
    let small = Limits {
        pixels: 1000,
        ..Limits::default()
    };
    let told = decode_still(&path, &small).unwrap_err();
    assert_eq!(told.code(), "limit", "{told}");
    let whole = fs::read(&path).unwrap();
    fs::write(photos.join("cut.heic"), &whole[..whole.len() / 2]).unwrap();
    let run = home.apply(&["none", "in", "-o", "out"]).exits(1);
    assert!(
        run.stderr().contains("cut.heic is damaged"),
        "{}",
        run.stderr()
    );
    assert_eq!(results(&home.path("out")).len(), 1);
    // Every box corrupted somewhere: a result or an error, and nothing else.
    for at in (0..whole.len().min(1500)).step_by(7) {
        let mut bent = whole.clone();
        bent[at] ^= 0x5a;
        let path = photos.join("bent.heic");
        fs::write(&path, &bent).unwrap();
        if let Err(problem) = decode_still(&path, &Limits::default()) {
            assert!(!problem.to_string().contains('\n'), "{problem}");
        }
    }
}

#[test]
fn heic_is_recognized_by_content_and_looked_at() {
    let home = Home::new();
    let path = photo(&home, "cat-turned.heic", "a.jpg");
    home.apply(&["noir", "in", "-o", "out"]).exits(0);
    assert!(home.path("out/a.jpg").is_file());
    let line = support::tastemaker(&home)
        .args(["analyze", "--json", "--only", "faces"])
        .arg(&path)
        .exits(0)
        .document();
    assert_eq!(line["picture"]["width"], 160, "{line}");
    // An ordinary picture of the same size stays what it is.
    write_picture(
        &home.path("o/b.heic"),
        &eight_bit_picture(Size::new(8, 8)),
        StillFormat::Png,
        &Metadata::default(),
    );
    home.apply(&["none", "o", "-o", "out2"]).exits(0);
    assert!(home.path("out2/b.png").is_file());
}
