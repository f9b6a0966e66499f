//! What `analyze` is asked for: `--only`, `--fast`, and that nothing else is told.

use std::path::Path;

use serde_json::Value;

use crate::support::{media, tastemaker};

fn answer(home: &Path, flags: &[&str], file: &str) -> Value {
    let run = tastemaker(home)
        .args(["analyze", "--json"])
        .args(flags)
        .arg(media(file))
        .output()
        .unwrap();
    assert!(run.status.success(), "{flags:?}: {run:?}");
    serde_json::from_slice(&run.stdout).unwrap()
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
    // What was kept of that does not answer for the whole.
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
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    let talk = String::from_utf8_lossy(&run.stderr);
    assert!(
        talk.contains("weather") && talk.contains("transcript"),
        "{talk}"
    );
    let both = tastemaker(home.path())
        .args(["analyze", "--fast", "--full"])
        .arg(media("photos/coffee.jpg"))
        .output()
        .unwrap();
    assert_eq!(both.status.code(), Some(2));
}
