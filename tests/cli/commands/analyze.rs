//! `tastemaker analyze`: its documents, `--only` and `--fast`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{media, tastemaker};

fn answer(home: &Path, flags: &[&str], file: &str) -> Value {
    tastemaker(home)
        .args(["analyze", "--json"])
        .args(flags)
        .arg(media(file))
        .exits(0)
        .document()
}

fn shot_bounds(film: &Value) -> Vec<(Value, Value)> {
    let shots = film["video"]["shots"].as_array().unwrap();
    let bounds = |shot: &Value| (shot["start_frame"].clone(), shot["end_frame"].clone());
    shots.iter().map(bounds).collect()
}

#[test]
fn only_what_is_named_is_told() {
    let home = tempfile::tempdir().unwrap();
    let film = answer(home.path(), &["--only", "loudness"], "clips/bunny.mp4");
    assert_eq!(film["file"]["only"], serde_json::json!(["loudness"]));
    assert!(film["video"].is_null());
    assert!(film["audio"]["loudness"]["integrated_lufs"].is_f64());
    assert_eq!(film["audio"]["speech"], serde_json::json!([]));
    assert!(film["audio"]["no_transcript"].is_null());

    let film = answer(home.path(), &["--only", "faces,shots"], "clips/bunny.mp4");
    assert_eq!(film["file"]["only"], serde_json::json!(["shots", "faces"]));
    assert!(film["audio"].is_null());
    for shot in film["video"]["shots"].as_array().unwrap() {
        let picture = &shot["picture"];
        assert!(picture["luma"].as_f64().unwrap() > 0.0);
        assert_eq!(picture["objects"], serde_json::json!([]));
        assert!(picture["subject"].is_null() || !picture["faces"].as_array().unwrap().is_empty());
    }

    let photo = answer(home.path(), &["--only", "scene"], "photos/coffee.jpg");
    assert!(!photo["picture"]["scene"].as_array().unwrap().is_empty());
    assert_eq!(photo["picture"]["objects"], serde_json::json!([]));
    // A cached part does not stand in for the whole.
    let whole = answer(home.path(), &[], "photos/coffee.jpg");
    assert!(whole["file"]["only"].is_null());
    assert!(!whole["picture"]["objects"].as_array().unwrap().is_empty());
    assert!(whole["picture"]["subject"].is_object());

    let sound = answer(home.path(), &["--only", "transcript"], "speech/austen.flac");
    assert!(sound["audio"]["transcript"]["words"].is_array());
    assert!(sound["audio"]["loudness"].as_object().unwrap().is_empty());
}

#[test]
fn speed_first_finds_the_same_shots_and_says_so() {
    let home = tempfile::tempdir().unwrap();
    for clip in ["clips/bunny.mp4", "clips/plaza.mp4"] {
        let fast = answer(home.path(), &["--fast"], clip);
        let full = answer(home.path(), &["--full"], clip);
        assert_eq!(fast["file"]["fast"], true);
        assert!(full["file"]["fast"].is_null());
        assert_eq!(shot_bounds(&fast), shot_bounds(&full));
        assert_eq!(fast["audio"]["loudness"], full["audio"]["loudness"]);
        assert_eq!(fast["audio"]["beats"], full["audio"]["beats"]);
    }
    let fast = answer(home.path(), &["--fast"], "speech/austen.flac");
    assert!(fast["audio"]["transcript"].is_null() && fast["audio"]["no_transcript"].is_null());
    assert_eq!(fast["audio"]["speech"].as_array().unwrap().len(), 1);
}

#[test]
fn a_part_that_is_not_there_is_refused_with_those_that_are() {
    let home = tempfile::tempdir().unwrap();
    let run = tastemaker(home.path())
        .args(["analyze", "--only", "weather"])
        .arg(media("photos/coffee.jpg"))
        .exits(2);
    let talk = run.stderr();
    assert!(
        talk.contains("weather") && talk.contains("transcript"),
        "{talk}"
    );
    tastemaker(home.path())
        .args(["analyze", "--fast", "--full"])
        .arg(media("photos/coffee.jpg"))
        .exits(2);
}

#[test]
fn analyze_prints_one_document_a_file_in_order() {
    let home = tempfile::tempdir().unwrap();
    let files = [
        media("photos/coffee.jpg"),
        media("speech/austen.flac"),
        media("clips/carphone.mp4"),
    ];
    let run = tastemaker(home.path())
        .args(["analyze", "--json"])
        .args(&files)
        .exits(0);
    let lines = run.documents();
    let kinds: Vec<_> = lines
        .iter()
        .map(|line| line["file"]["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["image", "audio", "video"]);
    for (line, file) in lines.iter().zip(&files) {
        assert_eq!(line["file"]["path"].as_str(), file.to_str());
    }
    assert!(lines[0]["audio"].is_null() && lines[0]["picture"].is_object());
    assert!(!lines[1]["audio"]["speech"].as_array().unwrap().is_empty());
    assert_eq!(lines[2]["video"]["frame_rate"], "30000/1001");
    assert_eq!(lines[2]["video"]["frames"], 120);
}

#[test]
fn the_answer_is_the_same_to_the_byte_with_and_without_cache_and_threads() {
    let home = tempfile::tempdir().unwrap();
    let files = [
        media("clips/bikes.mp4"),
        media("photos/dogs.jpg"),
        media("music/chipdisko.ogg"),
    ];
    let run = |extra: &[&str]| {
        tastemaker(home.path())
            .own_cache(home.path())
            .args(["analyze", "--json"])
            .args(extra)
            .args(&files)
            .exits(0)
            .stdout()
    };
    let first = run(&["-j", "1", "--no-cache"]);
    assert!(
        !home.path().join("cache").exists(),
        "--no-cache left a cache"
    );
    assert_eq!(first, run(&["-j", "3"]));
    assert_eq!(first, run(&[]), "from the cache");
}

#[test]
fn analyze_writes_a_document_a_file_and_refuses_to_replace_it() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("out");
    let arguments = |extra: &[&str]| {
        tastemaker(home.path())
            .arg("analyze")
            .arg(media("photos/cat.jpg"))
            .arg("-o")
            .arg(&out)
            .args(extra)
    };
    arguments(&["--dry-run"]).exits(0);
    assert!(!out.exists(), "--dry-run wrote something");
    arguments(&[]).exits(0);
    let target = out.join("cat.jpg.json");
    let document: Value = serde_json::from_slice(&fs::read(&target).unwrap()).unwrap();
    assert_eq!(document["schema"], "tastemaker.analysis/1");
    let run = arguments(&[]).exits(2);
    assert!(run.stderr().contains("--force"));
    arguments(&["--force"]).exits(0);
}

#[test]
fn limits_refuse_before_decode_and_name_their_flag() {
    let home = tempfile::tempdir().unwrap();
    for (flag, value, file) in [
        ("--max-pixels", "1000", "photos/cat.jpg"),
        ("--max-pixels", "1000", "clips/bikes.mp4"),
        ("--max-bytes", "1000", "photos/cat.jpg"),
        ("--max-seconds", "3", "clips/bikes.mp4"),
        ("--max-seconds", "3", "music/night.ogg"),
        ("--max-frames", "10", "clips/bikes.mp4"),
        ("--max-streams", "0", "clips/bikes.mp4"),
        ("--max-memory", "1000", "photos/cat.jpg"),
    ] {
        let run = tastemaker(home.path())
            .own_cache(home.path())
            .args(["analyze", "--json", flag, value])
            .arg(media(file))
            .exits(1);
        let talk = run.stderr();
        assert_eq!(run.documents()[0]["code"], "limit", "{flag} {file}");
        assert!(talk.contains(flag), "{flag} {file}: {talk}");
    }
}
