//! Effects of a look and its options on pictures.

use std::fs;

use tastemaker::geometry::Size;
use tastemaker::media::{ChromaSubsampling, Metadata, StillFormat, to_srgb};
use tastemaker::picture::{Background, ColorSpace, Picture, Pixels, Rgb8};

use crate::support::{
    Home, contents, decode, eight_bit_picture, exif_with_location, results, sixteen_bit_picture,
    wide_profile, write_picture,
};

fn pixels(picture: &Picture) -> Vec<u16> {
    match &picture.pixels {
        Pixels::Eight(pixels) => pixels.samples().iter().map(|&v| u16::from(v)).collect(),
        Pixels::Sixteen(pixels) => pixels.samples().to_vec(),
    }
}

fn jpeg(subsampling: ChromaSubsampling) -> StillFormat {
    StillFormat::Jpeg {
        background: Background::BLACK,
        quality: 90,
        subsampling,
    }
}

#[test]
fn strength_0_and_the_look_none_keep_every_pixel_of_every_depth() {
    let home = Home::new();
    let size = Size::new(61, 37);
    let alpha: Vec<u16> = (0..size.pixels() as u32)
        .map(|at| (at % 256 * 257) as u16)
        .collect();
    let clear = Picture {
        alpha: Some(alpha.clone()),
        ..eight_bit_picture(size)
    };
    // Turned pictures, so that they are decoded and encoded again.
    let turned = Metadata {
        exif: Some(exif_with_location(3)),
        ..Metadata::default()
    };
    for (name, picture, metadata) in [
        ("eight", &eight_bit_picture(size), &Metadata::default()),
        ("sixteen", &sixteen_bit_picture(size), &Metadata::default()),
        ("alpha", &clear, &Metadata::default()),
        ("turned_eight", &eight_bit_picture(size), &turned),
        ("turned_sixteen", &sixteen_bit_picture(size), &turned),
        ("turned_alpha", &clear, &turned),
    ] {
        write_picture(
            &home.path(&format!("in/{name}.png")),
            picture,
            StillFormat::Png,
            metadata,
        );
    }
    home.apply(&["film-warm", "in", "-o", "zero", "--strength", "0"])
        .exits(0);
    home.apply(&["none", "in", "-o", "none"]).exits(0);
    home.apply(&["film-warm", "in", "-o", "full"]).exits(0);
    for name in results(&home.path("in")).into_keys() {
        let before = decode(&home.path("in").join(&name)).picture;
        for out in ["zero", "none"] {
            let path = home.path(out).join(&name);
            let after = decode(&path);
            assert_eq!(pixels(&before), pixels(&after.picture), "{out} {name}");
            assert_eq!(before.alpha, after.picture.alpha, "{out} {name}");
            assert_eq!(after.orientation, 1, "{out} {name}");
            if !name.starts_with("turned") {
                let (old, new) = (home.path("in").join(&name), fs::read(&path).unwrap());
                assert_eq!(fs::read(old).unwrap(), new, "{out} {name}: the file itself");
            }
        }
        let changed = decode(&home.path("full").join(&name)).picture;
        assert_ne!(pixels(&before), pixels(&changed), "{name}");
        assert_eq!(before.alpha, changed.alpha, "{name}");
    }
}

#[test]
fn every_format_comes_out_upright_with_its_profile_and_without_a_turn_left() {
    let home = Home::new();
    let profile = wide_profile();
    let picture = Picture {
        color: ColorSpace::Icc(profile.clone().into()),
        ..eight_bit_picture(Size::new(64, 40))
    };
    let metadata = Metadata {
        exif: Some(exif_with_location(6)),
        ..Metadata::default()
    };
    write_picture(
        &home.path("in/a.jpg"),
        &picture,
        jpeg(ChromaSubsampling::Quarter420),
        &metadata,
    );
    for format in ["keep", "jpeg", "png", "webp"] {
        let run = home
            .apply(&["silver", "in", "-o", format, "--format", format, "--json"])
            .exits(0);
        let line = &run.documents()[0];
        assert_eq!((&line["width"], &line["height"]), (&40.into(), &64.into()));
        assert_eq!(line["location"], true, "{format}");
        let still = decode(&home.path(line["output"].as_str().unwrap()));
        assert_eq!(still.picture.size(), Size::new(40, 64), "{format}");
        assert_eq!(still.orientation, 1, "{format}");
        assert_eq!(
            still.metadata.icc.as_deref(),
            Some(&profile[..]),
            "{format}"
        );
        assert!(
            matches!(still.picture.color, ColorSpace::Icc(_)),
            "{format}"
        );
    }
    // Turned the right way: the first stored row is the right column of the upright picture.
    home.apply(&["none", "in", "-o", "plain", "--format", "png"])
        .exits(0);
    let upright = decode(&home.path("plain/a.png")).picture;
    let original = decode(&home.path("in/a.jpg")).picture;
    assert_eq!(pixels(&upright), pixels(&original));
}

#[test]
fn metadata_comes_out_by_policy() {
    let home = Home::new();
    let metadata = Metadata {
        exif: Some(exif_with_location(1)),
        ..Metadata::default()
    };
    let format = jpeg(ChromaSubsampling::Full444);
    write_picture(
        &home.path("in/a.jpg"),
        &eight_bit_picture(Size::new(32, 32)),
        format,
        &metadata,
    );
    home.photos("in", &[("b.jpg", "cat")]);
    for (policy, exif, location) in [
        ("keep", true, true),
        ("strip-location", true, false),
        ("strip", false, false),
    ] {
        for look in ["noir", "none"] {
            let out = format!("{policy}-{look}");
            let run = home
                .apply(&[look, "in", "-o", &out, "--metadata", policy])
                .exits(0);
            let still = decode(&home.path(&out).join("a.jpg"));
            assert_eq!(still.metadata.exif.is_some(), exif, "{out}");
            assert_eq!(still.metadata.has_location(), location, "{out}");
            let counted = run.counts("1 of these say where they were taken");
            assert_eq!(counted, location, "{out}: {}", run.stdout());
        }
    }
}

#[test]
fn jpegs_keep_their_sampling_and_others_all_of_their_color() {
    let home = Home::new();
    let picture = eight_bit_picture(Size::new(64, 64));
    let samplings = [
        ChromaSubsampling::Full444,
        ChromaSubsampling::Half422,
        ChromaSubsampling::Half440,
        ChromaSubsampling::Quarter420,
        ChromaSubsampling::Quarter411,
    ];
    for (number, sampling) in samplings.into_iter().enumerate() {
        let path = home.path(&format!("in/{number}.jpg"));
        write_picture(&path, &picture, jpeg(sampling), &Metadata::default());
    }
    write_picture(
        &home.path("in/5.png"),
        &picture,
        StillFormat::Png,
        &Metadata::default(),
    );
    home.apply(&["noir", "in", "-o", "kept", "--format", "jpeg"])
        .exits(0);
    for (number, sampling) in samplings.into_iter().enumerate() {
        let still = decode(&home.path(&format!("kept/{number}.jpg")));
        assert_eq!(still.subsampling, Some(sampling));
    }
    let png = decode(&home.path("kept/5.jpg"));
    assert_eq!(png.subsampling, Some(ChromaSubsampling::Full444));
    home.apply(&[
        "none",
        "in",
        "-o",
        "told",
        "--format",
        "jpeg",
        "--subsampling",
        "420",
    ])
    .exits(0);
    for number in 0..6 {
        let still = decode(&home.path(&format!("told/{number}.jpg")));
        assert_eq!(still.subsampling, Some(ChromaSubsampling::Quarter420));
    }
}

#[test]
fn pictures_are_made_smaller_and_never_larger() {
    let home = Home::new();
    let deep = sixteen_bit_picture(Size::new(300, 200));
    write_picture(
        &home.path("in/deep.png"),
        &deep,
        StillFormat::Png,
        &Metadata::default(),
    );
    home.photos("in", &[("a.jpg", "coffee")]);
    for (resize, photo, other) in [
        ("150", Size::new(150, 100), Size::new(150, 100)),
        ("500x240", Size::new(360, 240), Size::new(300, 200)),
        ("5000", Size::new(600, 400), Size::new(300, 200)),
    ] {
        home.apply(&["none", "in", "-o", resize, "--resize", resize])
            .exits(0);
        let size = |name: &str| decode(&home.path(resize).join(name)).picture.size();
        assert_eq!(size("a.jpg"), photo, "{resize}");
        assert_eq!(size("deep.png"), other, "{resize}");
    }
    let small = decode(&home.path("150/deep.png")).picture;
    assert!(matches!(small.pixels, Pixels::Sixteen(_)));
}

#[test]
fn a_shape_is_cut_around_the_subject() {
    let home = Home::new();
    let astronaut = decode(&crate::support::media("photos/astronaut.jpg")).picture;
    let Pixels::Eight(astronaut) = &astronaut.pixels else {
        panic!("a JPEG has 8 bits")
    };
    // A person at the right end of a gray wall.
    let (side, width) = (astronaut.width(), 3 * astronaut.width());
    let mut wall = vec![128; width * side * 3];
    for (row, person) in wall
        .chunks_exact_mut(width * 3)
        .zip(astronaut.samples().chunks_exact(side * 3))
    {
        row[2 * side * 3..].copy_from_slice(person);
    }
    let wall = Picture {
        pixels: Pixels::Eight(Rgb8::new(Size::new(width as u32, side as u32), wall).unwrap()),
        ..eight_bit_picture(Size::new(1, 1))
    };
    let path = home.path("in/wall.png");
    write_picture(&path, &wall, StillFormat::Png, &Metadata::default());
    home.apply(&[
        "none", "in", "-o", "out", "--aspect", "4:5", "--resize", "200",
    ])
    .exits(0);
    let cut = decode(&home.path("out/wall.png")).picture;
    assert_eq!(cut.size(), Size::new(160, 200));
    let gray = pixels(&cut)
        .chunks_exact(3)
        .filter(|pixel| pixel.iter().all(|sample| sample.abs_diff(128) < 2))
        .count();
    assert!(gray < 160 * 200 / 4, "{gray} pixels of the wall are left");
}

#[test]
fn quality_is_92_unless_told_otherwise() {
    let home = Home::new();
    home.photos("in", &[("a.jpg", "coffee")]);
    let size = |out: &str, more: &[&str]| {
        home.apply(&[&["film-cool", "in", "-o", out], more].concat())
            .exits(0);
        fs::read(home.path(out).join("a.jpg")).unwrap()
    };
    let usual = size("usual", &[]);
    assert_eq!(usual, size("told", &["--quality", "92"]));
    assert!(size("low", &["--quality", "40"]).len() * 2 < usual.len());
}

#[test]
fn the_same_bytes_for_any_number_at_a_time_and_alone() {
    let home = Home::new();
    let names = [
        ("a.jpg", "cat"),
        ("b.jpg", "coffee"),
        ("c.jpg", "rocket"),
        ("d.jpg", "storm"),
    ];
    home.photos("in", &names);
    // Grain, bloom and color in one look.
    home.apply(&["retro-video", "in", "-o", "one", "-j", "1"])
        .exits(0);
    home.apply(&["retro-video", "in", "-o", "three", "-j", "3"])
        .exits(0);
    let one = results(&home.path("one"));
    assert_eq!(one.len(), 4);
    assert_eq!(one, results(&home.path("three")));
    home.apply(&["retro-video", "in/c.jpg", "-o", "alone", "-j", "2"])
        .exits(0);
    assert_eq!(results(&home.path("alone"))["c.jpg"], one["c.jpg"]);
}

#[test]
fn results_have_the_times_of_their_originals_which_stay_as_they_were() {
    let home = Home::new();
    let photos = home.photos("in", &[("a.jpg", "cat"), ("x/b.jpg", "coffee")]);
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_111_111_111);
    for name in ["a.jpg", "x/b.jpg"] {
        let file = fs::File::options()
            .write(true)
            .open(photos.join(name))
            .unwrap();
        file.set_modified(time).unwrap();
    }
    let before = contents(&photos);
    home.apply(&["noir", "in", "-o", "out"]).exits(0);
    for folder in ["in", "out"] {
        for name in ["a.jpg", "x/b.jpg"] {
            let facts = fs::metadata(home.path(folder).join(name)).unwrap();
            assert_eq!(facts.modified().unwrap(), time, "{folder}/{name}");
        }
    }
    assert_eq!(contents(&photos), before);
}

#[test]
fn hostile_files_fail_one_by_one() {
    let Some(corpus) = crate::support::corpus() else {
        return;
    };
    let home = Home::new();
    let bad = corpus.join("bad");
    let run = home
        .apply(&[
            "noir",
            bad.to_str().unwrap(),
            "-o",
            "out",
            "--json",
            "--partial",
        ])
        .run();
    assert!([0, 1].contains(&run.code()), "{}", run.stderr());
    let lines = run.documents();
    assert!(lines.len() > 100, "{}", lines.len());
    let made = lines
        .iter()
        .filter(|line| line["schema"] == "tastemaker.applied/1")
        .count();
    assert_eq!(results(&home.path("out")).len(), made);
    assert!(!run.stderr().contains("panicked"), "{}", run.stderr());
}

#[test]
fn what_is_transparent_shows_the_background_in_a_jpeg_and_stays_elsewhere() {
    let home = Home::new();
    let size = Size::new(48, 32);
    let gray = Rgb8::new(size, vec![128; size.pixels() as usize * 3]).unwrap();
    // Clear on the left, opaque on the right, in a wide space, where a color has other numbers.
    let clear = Picture {
        pixels: Pixels::Eight(gray),
        alpha: Some(
            (0..size.pixels())
                .map(|at| if at % 48 < 24 { 0 } else { u16::MAX })
                .collect(),
        ),
        color: ColorSpace::Icc(wide_profile().into()),
    };
    let path = home.path("in/sticker.png");
    write_picture(&path, &clear, StillFormat::Png, &Metadata::default());
    for (background, color, word) in [
        (None, [0, 0, 0], "laid_over_black"),
        (Some("white"), [255, 255, 255], "laid_over_color"),
        (Some("#c85a14"), [200, 90, 20], "laid_over_color"),
    ] {
        let out = format!("out-{}", background.unwrap_or("none").replace('#', ""));
        let mut typed = vec!["film-warm", "in", "-o", &out, "--format", "jpeg", "--json"];
        typed.extend(background.iter().flat_map(|color| ["--background", color]));
        let run = home.apply(&typed).exits(0);
        let documents = run.documents();
        let notice = documents.first().unwrap();
        assert_eq!(notice["code"], "picture_treated", "{run}");
        assert_eq!(notice["treatment"], word, "{run}");
        assert_eq!(documents[1]["treatments"], serde_json::json!([word]));
        assert_eq!(
            run.stderr().contains("--background chooses another color"),
            background.is_none(),
            "{run}"
        );
        let result = decode(&home.path(&out).join("sticker.jpg")).picture;
        let shown = to_srgb(&result).pixel(8, 16);
        for (shown, wanted) in shown.iter().zip(color) {
            assert!(
                shown.abs_diff(wanted) <= 4,
                "{shown} is not {wanted}: {out}"
            );
        }
    }
    let kept = home
        .apply(&[
            "film-warm",
            "in",
            "-o",
            "kept",
            "--background",
            "red",
            "--json",
        ])
        .exits(0);
    assert_eq!(kept.documents().len(), 1, "{kept}");
    let result = decode(&home.path("kept/sticker.png")).picture;
    assert_eq!(result.alpha, clear.alpha);
    home.apply(&["none", "in", "-o", "no", "--background", "whitish"])
        .exits(2);
}
