//! Paths and names of results.

use std::fs;

use tastemaker::geometry::Size;
use tastemaker::media::{Metadata, StillFormat};

use crate::support::{Home, decode, eight_bit_picture, results, write_picture};

#[test]
fn folders_keep_their_shape_and_single_files_lie_on_top() {
    let home = Home::new();
    let photos = home.photos("photos", &[("a.JPG", "cat"), ("x/y.jpeg", "coffee")]);
    home.photos("other", &[("deep/z.jpg", "rocket")]);
    fs::write(photos.join("x/notes.txt"), "not a picture").unwrap();
    let run = home
        .apply(&["noir", "photos", "other/deep/z.jpg", "-o", "out"])
        .exits(0);
    let names: Vec<String> = results(&home.path("out")).into_keys().collect();
    assert_eq!(names, ["a.JPG", "x/y.jpeg", "z.jpg"]);
    assert!(run.counts("3 written"), "{}", run.stdout());
    assert!(run.counts("1 no pictures"), "{}", run.stdout());
}

#[test]
fn endings_follow_the_format_and_templates_name_the_look() {
    let home = Home::new();
    home.photos("photos", &[("a.jpg", "cat"), ("b.final", "coffee")]);
    let picture = eight_bit_picture(Size::new(20, 10));
    write_picture(
        &home.path("photos/c.jpg"),
        &picture,
        StillFormat::Png,
        &Metadata::default(),
    );
    let names = |out: &str| -> Vec<String> { results(&home.path(out)).into_keys().collect() };
    home.apply(&["noir", "photos", "-o", "keep"]).exits(0);
    assert_eq!(names("keep"), ["a.jpg", "b.final.jpg", "c.png"]);
    home.apply(&["noir", "photos", "-o", "png", "--format", "png"])
        .exits(0);
    assert_eq!(names("png"), ["a.png", "b.final.png", "c.png"]);
    let template = ["--name", "{stem}-{look}.{ext}", "--format", "webp"];
    home.apply(&[&["noir", "photos", "-o", "named"], &template[..]].concat())
        .exits(0);
    let expected = ["a-noir.webp", "b.final-noir.webp", "c-noir.webp"];
    assert_eq!(names("named"), expected);
    for name in expected {
        decode(&home.path("named").join(name));
    }
}

#[test]
fn results_within_the_folder_are_not_taken_for_originals() {
    let home = Home::new();
    home.photos("photos", &[("a.jpg", "cat")]);
    home.apply(&["noir", "photos", "-o", "photos/out"]).exits(0);
    home.apply(&["noir", "photos", "-o", "photos/out", "--resume"])
        .exits(0);
    let names: Vec<String> = results(&home.path("photos")).into_keys().collect();
    assert_eq!(names, ["a.jpg", "out/.tastemaker.journal", "out/a.jpg"]);
}

#[test]
fn a_dry_run_says_it_all_and_does_nothing() {
    let home = Home::new();
    home.photos("photos", &[("a.jpg", "cat"), ("x/b.jpg", "coffee")]);
    let run = home
        .apply(&["noir", "photos", "-o", "out", "--dry-run"])
        .exits(0);
    assert_eq!(
        run.stdout(),
        "photos/a.jpg -> out/a.jpg\nphotos/x/b.jpg -> out/x/b.jpg\n"
    );
    let run = home
        .apply(&["noir", "photos", "-o", "out", "--dry-run", "--json"])
        .run();
    assert_eq!(run.documents()[1]["output"], "out/x/b.jpg");
    assert_eq!(run.documents()[1]["status"], "planned");
    assert!(!home.path("out").exists());
}
