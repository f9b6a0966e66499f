//! `--match each`, which corrects each file by itself, with reasons; and several looks in a row.

use tastemaker::looks::{CompiledLook, Exposure, Look, LookStep, WhiteBalance};
use tastemaker::media::{Metadata, StillFormat, to_srgb};
use tastemaker::picture::{Picture, Pixels, Rgb8};

use crate::support::{Home, decode, mean_difference, media, results, write_picture};

/// A sample photo, spoiled by these steps.
fn spoiled(home: &Home, name: &str, photo: &str, steps: Vec<LookStep>) -> Rgb8 {
    let mut picture: Picture = decode(&media(&format!("photos/{photo}.jpg"))).picture;
    let original = to_srgb(&picture);
    let look = Look {
        steps,
        ..Look::none()
    };
    CompiledLook::new(&look, 1.0)
        .unwrap()
        .apply_picture(&mut picture, 0);
    write_picture(
        &home.path(name),
        &picture,
        StillFormat::Png,
        &Metadata::default(),
    );
    original
}

#[test]
fn what_is_dark_or_tinted_comes_nearer_to_what_it_was() {
    let home = Home::new();
    let dark = || vec![LookStep::Exposure(Exposure { stops: -1.5 })];
    let blue = || {
        let cast = WhiteBalance {
            temperature: -100.0,
            tint: 0.0,
        };
        vec![
            LookStep::WhiteBalance(cast.clone()),
            LookStep::WhiteBalance(cast),
        ]
    };
    let (mut before, mut after) = (0.0, 0.0);
    for photo in ["coffee", "dogs", "cat", "meadow"] {
        for (kind, steps) in [("dark", dark()), ("blue", blue())] {
            let name = format!("{kind}-{photo}.png");
            let original = spoiled(&home, &format!("in/{name}"), photo, steps);
            let out = format!("out/{name}");
            let file = format!("in/{name}");
            let run = home
                .apply(&[
                    "none", &file, "-o", "out", "--match", "each", "--json", "--resume",
                ])
                .exits(0);
            let line = &run.documents()[0];
            let reasons = line["adjusted"]["reasons"].as_array().unwrap();
            assert!(!reasons.is_empty() && reasons.iter().all(|reason| reason["text"].is_string()));
            let spoiled = to_srgb(&decode(&home.path(&file)).picture);
            let corrected = to_srgb(&decode(&home.path(&out)).picture);
            before += mean_difference(&original, &spoiled);
            after += mean_difference(&original, &corrected);
        }
    }
    assert!(after < before * 0.8, "{before} before, {after} after");
}

#[test]
fn what_was_adjusted_is_told_again_when_it_is_not_done_again() {
    let home = Home::new();
    home.photos("in", &[("a.jpg", "cat"), ("b.jpg", "storm")]);
    let arguments = ["noir", "in", "-o", "out", "--match", "each", "--json"];
    let first = home.apply(&arguments).exits(0).documents();
    let again = home
        .apply(&[&arguments[..], &["--resume"]].concat())
        .exits(0)
        .documents();
    for (first, again) in first.iter().zip(&again) {
        assert_eq!(again["status"], "finished");
        assert_eq!(first["adjusted"], again["adjusted"]);
        assert!(first["adjusted"]["strength"].as_f64().unwrap() <= 1.0);
    }
    // Without it, another result.
    home.apply(&["noir", "in", "-o", "plain"]).exits(0);
    let plain = home
        .apply(&["noir", "in", "-o", "plain", "--resume", "--json"])
        .run()
        .documents();
    assert!(plain[0]["adjusted"].is_null());
    home.apply(&[&arguments[..4], &["--match", "each", "-j", "1", "--force"]].concat())
        .exits(0);
    assert_eq!(results(&home.path("out")).len(), 2);
}

#[test]
fn a_clip_has_one_correction() {
    let home = Home::new();
    let clip = media("clips/carphone.mp4");
    let run = home
        .apply(&[
            "none",
            clip.to_str().unwrap(),
            "-o",
            "out",
            "--match",
            "each",
            "--json",
        ])
        .exits(0);
    let adjusted = &run.documents()[0]["adjusted"];
    assert!(adjusted["stops"].is_number() && !adjusted["reasons"].as_array().unwrap().is_empty());
}

#[test]
fn looks_are_joined_and_named_so() {
    let home = Home::new();
    home.photos("in", &[("a.jpg", "cat")]);
    let name = ["--name", "{stem}-{look}.{ext}"];
    home.apply(&[&["film-faded+silver", "in", "-o", "both"], &name[..]].concat())
        .exits(0);
    home.apply(&["film-faded", "in", "-o", "one"]).exits(0);
    home.apply(&["silver", "in", "-o", "two"]).exits(0);
    let both = results(&home.path("both"));
    let bytes = &both["a-film-faded+silver.jpg"];
    assert!(*bytes != results(&home.path("one"))["a.jpg"]);
    assert!(*bytes != results(&home.path("two"))["a.jpg"]);
    let run = home.apply(&["silver+nori", "in", "-o", "x"]).exits(2);
    assert!(
        run.stderr().contains("no look named nori"),
        "{}",
        run.stderr()
    );
}

#[test]
fn a_look_that_lifts_noise_is_held_back_on_a_noisy_photo_alone() {
    let home = Home::new();
    let clean = decode(&media("photos/sunset.jpg")).picture;
    let clean = clean.resized(clean.size().within(900));
    let mut noisy = clean.clone();
    let Pixels::Eight(pixels) = &mut noisy.pixels else {
        panic!("a JPEG has 8 bits")
    };
    let mut state = 7_u32;
    for pixel in pixels.samples_mut().chunks_exact_mut(3) {
        // The difference of two even numbers, of a deviation of about 6.
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            i32::try_from(state >> 28).unwrap()
        };
        let noise = random() - random();
        for sample in pixel {
            *sample = (i32::from(*sample) + noise).clamp(0, 255) as u8;
        }
    }
    for (name, picture) in [("clean", &clean), ("noisy", &noisy)] {
        let path = home.path(&format!("in/{name}.png"));
        write_picture(&path, picture, StillFormat::Png, &Metadata::default());
    }
    let look = "schema = \"tastemaker.look/1\"\nsummary = \"Lifts.\"\nfamily = \"test\"\n\
        [[step]]\nkind = \"highlights_shadows\"\nshadows = 40\n[[step]]\nkind = \"sharpen\"\namount = 60\n";
    std::fs::write(home.path("lift.toml"), look).unwrap();
    let run = home
        .apply(&[
            "./lift.toml",
            "in",
            "-o",
            "out",
            "--match",
            "each",
            "--json",
        ])
        .exits(0);
    let lines = run.documents();
    let codes = |line: &serde_json::Value| -> Vec<String> {
        let reasons = line["adjusted"]["reasons"].as_array().unwrap();
        let codes = reasons
            .iter()
            .map(|reason| reason["code"].as_str().unwrap().into());
        codes.collect()
    };
    let held = |at: usize| lines[at]["adjusted"]["strength"].as_f64().unwrap();
    assert!(
        !codes(&lines[0]).contains(&"guard_noise".into()),
        "{}",
        lines[0]
    );
    assert!(
        codes(&lines[1]).contains(&"guard_noise".into()),
        "{}",
        lines[1]
    );
    assert!(held(1) < held(0), "{} and {}", held(0), held(1));
}
