//! Requests that are refused before any work, and failures of single files.

use std::fs;
use std::path::Path;

use crate::support::{Home, contents, results};

#[test]
fn two_results_of_one_name_are_refused() {
    let home = Home::new();
    home.photos("one", &[("a.jpg", "cat")]);
    home.photos("two", &[("a.jpg", "coffee"), ("b.jpg", "cat")]);
    let run = home.apply(&["noir", "one", "two", "-o", "out"]).exits(2);
    assert!(
        run.stderr()
            .contains("one/a.jpg and two/a.jpg would both be written to out/a.jpg"),
        "{}",
        run.stderr()
    );
    home.apply(&["noir", "two", "-o", "out", "--name", "{look}.{ext}"])
        .exits(2);
    assert!(!home.path("out").exists());
}

#[test]
fn a_folder_that_holds_results_is_refused_and_the_way_out_named() {
    let home = Home::new();
    home.photos("photos", &[("a.jpg", "cat"), ("b.jpg", "coffee")]);
    home.apply(&["noir", "photos/b.jpg", "-o", "out"]).exits(0);
    let before = contents(&home.path("out"));
    for more in [&[][..], &["--dry-run"][..]] {
        let run = home
            .apply(&[&["silver", "photos", "-o", "out"], more].concat())
            .exits(2);
        let told = run.stderr();
        assert!(
            told.contains("--resume") && told.contains("--force"),
            "{told}"
        );
    }
    assert_eq!(contents(&home.path("out")), before, "nothing was begun");
    home.apply(&["silver", "photos", "-o", "out", "--force"])
        .exits(0);
    let after = results(&home.path("out"));
    assert_eq!(after.len(), 2);
    assert_ne!(after["b.jpg"], before["b.jpg"]);
    home.apply(&["silver", "photos", "-o", "out", "--force", "--resume"])
        .exits(2);
}

#[test]
#[cfg(unix)]
fn originals_are_safe_from_every_side() {
    use std::os::unix::fs::symlink;
    let home = Home::new();
    let photos = home.photos("photos", &[("a.jpg", "cat"), ("x/b.jpg", "coffee")]);
    symlink(&photos, home.path("linked")).unwrap();
    fs::create_dir(home.path("mixed")).unwrap();
    symlink(photos.join("x"), home.path("mixed/x")).unwrap();
    fs::create_dir(home.path("single")).unwrap();
    symlink(photos.join("a.jpg"), home.path("single/a.jpg")).unwrap();
    let before = contents(&photos);
    for out in ["photos", "photos/x/..", "linked", "mixed", "single"] {
        for flag in ["--force", "--resume"] {
            let run = home.apply(&["noir", "photos", "-o", out, flag]).exits(2);
            assert!(run.stderr().contains("original"), "{out}: {}", run.stderr());
        }
    }
    // The link itself is what was typed.
    let run = home
        .apply(&["noir", "single/a.jpg", "-o", "single", "--force"])
        .exits(2);
    assert!(run.stderr().contains("original"));
    assert_eq!(contents(&photos), before);
}

#[test]
fn wrong_arguments_end_with_2_and_a_hint() {
    let home = Home::new();
    home.photos("photos", &[("a.jpg", "cat")]);
    fs::write(home.path("file"), "x").unwrap();
    for (arguments, told) in [
        (&["nori", "photos", "-o", "out"][..], "known: "),
        (
            &["noir", "photos", "-o", "out", "--strength", "3"][..],
            "0 to 2",
        ),
        (
            &["noir", "photos", "-o", "out", "--quality", "0"][..],
            "1..=100",
        ),
        (&["noir", "photos", "-o", "out", "--name", "x"][..], "{ext}"),
        (&["noir", "photos", "-o", "file"][..], "is not a folder"),
        (&["noir", "photos"][..], "--output"),
    ] {
        let run = home.apply(arguments).exits(2);
        assert!(
            run.stderr().contains(told),
            "{arguments:?}: {}",
            run.stderr()
        );
    }
    assert!(!home.path("out").exists());
}

/// The first part of a file.
fn cut(path: &Path, share: f64) {
    let bytes = fs::read(path).unwrap();
    fs::write(path, &bytes[..(bytes.len() as f64 * share) as usize]).unwrap();
}

#[test]
fn one_bad_file_never_stops_the_rest() {
    let home = Home::new();
    let photos = home.photos(
        "photos",
        &[("a.jpg", "cat"), ("b.jpg", "coffee"), ("c.jpg", "rocket")],
    );
    cut(&photos.join("b.jpg"), 0.6);
    fs::write(photos.join("empty.jpg"), b"").unwrap();
    let more = ["missing.jpg", "-o", "out", "--json"];
    let run = home
        .apply(&[&["noir", "photos"], &more[..]].concat())
        .exits(1);
    let lines = run.documents();
    let files: Vec<&str> = lines
        .iter()
        .map(|line| line["file"].as_str().unwrap())
        .collect();
    assert_eq!(
        files,
        [
            "photos/a.jpg",
            "photos/b.jpg",
            "photos/c.jpg",
            "photos/empty.jpg",
            "missing.jpg"
        ]
    );
    let codes: Vec<Option<&str>> = lines.iter().map(|line| line["code"].as_str()).collect();
    assert_eq!(
        codes,
        [
            None,
            Some("breaks_off"),
            None,
            Some("damaged"),
            Some("not_found")
        ]
    );
    assert_eq!(lines[1]["schema"], "tastemaker.error/1");
    let names: Vec<String> = results(&home.path("out")).into_keys().collect();
    assert_eq!(names, ["a.jpg", "c.jpg"]);
    assert!(
        run.stderr().contains("b.jpg breaks off"),
        "{}",
        run.stderr()
    );
}

#[test]
fn what_breaks_off_is_written_only_when_asked_for() {
    let home = Home::new();
    let photos = home.photos("photos", &[("a.jpg", "cat"), ("b.jpg", "coffee")]);
    cut(&photos.join("b.jpg"), 0.6);
    let arguments = ["noir", "photos", "-o", "out", "--partial", "--json"];
    let run = home.apply(&arguments).exits(1);
    let lines = run.documents();
    assert_eq!(lines[1]["code"], "partly_written");
    assert_eq!(lines[2]["partial"]["code"], "breaks_off");
    assert_eq!(results(&home.path("out")).len(), 2);
    // It stays a part, also when it is not written again.
    let run = home
        .apply(&[&arguments[..], &["--resume"]].concat())
        .exits(1);
    let lines = run.documents();
    assert_eq!(lines[2]["status"], "finished");
    assert_eq!(lines[2]["partial"]["code"], "breaks_off");
    // Without the flag it is no result of this run, and the old one is not taken for one.
    home.apply(&["noir", "photos", "-o", "out", "--resume"])
        .exits(1);
}

#[test]
fn sound_is_named_as_such() {
    let home = Home::new();
    let sound = crate::support::media("speech/austen.flac");
    let run = home
        .apply(&["noir", sound.to_str().unwrap(), "-o", "out"])
        .exits(1);
    assert!(run.stderr().contains("it is sound"), "{}", run.stderr());
    assert!(results(&home.path("out")).is_empty());
}
