//! How the program finds and verifies networks and ONNX Runtime.

use std::fs;

use crate::support::{media, tastemaker};

#[test]
fn models_are_listed_and_checked() {
    let home = tempfile::tempdir().unwrap();
    let run = tastemaker(home.path())
        .args(["models", "list", "--json"])
        .run();
    assert_eq!(run.documents().len(), 21);
    tastemaker(home.path()).args(["models", "check"]).exits(0);

    // One flipped byte in one file is found, and named.
    let folder = home.path().join("models");
    fs::create_dir(&folder).unwrap();
    for entry in fs::read_dir(crate::support::root().join("models")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        }
    }
    let file = folder.join("face-expression.onnx");
    let mut bytes = fs::read(&file).unwrap();
    bytes[1000] ^= 1;
    fs::write(&file, bytes).unwrap();
    let run = tastemaker(home.path())
        .args(["models", "check", "--models"])
        .arg(&folder)
        .exits(1);
    assert!(run.stderr().contains("face-expression"));
}

#[test]
fn a_wrong_network_or_runtime_stops_the_run_with_a_hint() {
    let home = tempfile::tempdir().unwrap();
    let fake = home.path().join("libonnxruntime.so");
    fs::write(&fake, "not a library").unwrap();
    for runtime in [fake, home.path().join("missing.so")] {
        let run = tastemaker(home.path())
            .own_cache(home.path())
            .args(["analyze", "--onnxruntime"])
            .arg(&runtime)
            .arg(media("photos/cat.jpg"))
            .exits(2);
        let talk = run.stderr();
        assert!(
            talk.contains("ONNX Runtime") && talk.contains("hint:") && !talk.contains("panicked"),
            "{talk}"
        );
    }
    let run = tastemaker(home.path())
        .own_cache(home.path())
        .args(["analyze", "--models"])
        .arg(home.path())
        .arg(media("photos/cat.jpg"))
        .exits(2);
    assert!(run.stderr().contains("hint:"));
}

#[test]
fn doctor_finds_everything_in_place() {
    let home = tempfile::tempdir().unwrap();
    let run = tastemaker(home.path()).args(["doctor", "--json"]).exits(0);
    let report = &run.documents()[0];
    let names: Vec<_> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| check["name"].as_str().unwrap().to_owned())
        .collect();
    for name in [
        "tastemaker",
        "FFmpeg",
        "encoder",
        "ONNX Runtime",
        "networks",
        "threads",
        "cache",
        "sandbox",
    ] {
        assert!(names.iter().any(|found| found == name), "{name}");
    }
}
