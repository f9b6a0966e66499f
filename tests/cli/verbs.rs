//! The verbs as people and machines use them, on the sample media.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{media, tastemaker};

fn json(text: &[u8]) -> Vec<Value> {
    String::from_utf8_lossy(text)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Duration and size by ffprobe.
fn probe(film: &Path) -> (f64, u64, u64, u64) {
    let run = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-select_streams",
            "v:0",
            "-count_frames",
            "-of",
            "json",
        ])
        .args([
            "-show_entries",
            "stream=width,height,nb_read_frames:format=duration",
        ])
        .arg(film)
        .output()
        .unwrap();
    let answer: Value = serde_json::from_slice(&run.stdout).unwrap();
    let stream = &answer["streams"][0];
    (
        answer["format"]["duration"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap(),
        stream["width"].as_u64().unwrap(),
        stream["height"].as_u64().unwrap(),
        stream["nb_read_frames"].as_str().unwrap().parse().unwrap(),
    )
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
        .output()
        .unwrap();
    assert_eq!(
        run.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let lines = json(&run.stdout);
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
        let run = tastemaker(home.path())
            .args(["analyze", "--json"])
            .args(extra)
            .args(&files)
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(0));
        run.stdout
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
        let mut command = tastemaker(home.path());
        command
            .arg("analyze")
            .arg(media("photos/cat.jpg"))
            .arg("-o")
            .arg(&out)
            .args(extra);
        command
    };
    arguments(&["--dry-run"]).assert().success();
    assert!(!out.exists(), "--dry-run wrote something");
    arguments(&[]).assert().success();
    let target = out.join("cat.jpg.json");
    let document: Value = serde_json::from_slice(&fs::read(&target).unwrap()).unwrap();
    assert_eq!(document["schema"], "tastemaker.analysis/1");
    let run = arguments(&[]).output().unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("--force"));
    arguments(&["--force"]).assert().success();
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
            .args(["analyze", "--json", flag, value])
            .arg(media(file))
            .output()
            .unwrap();
        let talk = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(1), "{flag} {file}: {talk}");
        assert_eq!(json(&run.stdout)[0]["code"], "limit", "{flag} {file}");
        assert!(talk.contains(flag), "{flag} {file}: {talk}");
    }
}

#[test]
fn suggest_ranks_with_reasons() {
    let home = tempfile::tempdir().unwrap();
    let run = tastemaker(home.path())
        .args(["suggest", "--json"])
        .args([
            media("photos/sunset.jpg"),
            media("photos/mountains.jpg"),
            media("clips/bikes.mp4"),
        ])
        .arg("--music")
        .arg(media("music"))
        .output()
        .unwrap();
    assert_eq!(
        run.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let document = &json(&run.stdout)[0];
    assert_eq!(document["schema"], "tastemaker.suggestions/1");
    let music = document["music"].as_array().unwrap();
    assert_eq!(music.len(), 8, "every track is ranked");
    for kind in ["music", "looks", "effects"] {
        let choices = document[kind].as_array().unwrap();
        assert!(!choices.is_empty(), "{kind}");
        let scores: Vec<f64> = choices
            .iter()
            .map(|choice| choice["score"].as_f64().unwrap())
            .collect();
        assert!(
            // Tracks that are as good as equal may change places, as the seed decides.
            scores
                .windows(2)
                .all(|pair| pair[0] >= pair[1] - if kind == "music" { 0.0101 } else { 0.0 }),
            "{kind} {scores:?}"
        );
        for choice in choices {
            assert!(
                !choice["reasons"].as_array().unwrap().is_empty(),
                "{kind} {choice}"
            );
            assert!(
                (0.0..=1.0).contains(&choice["confidence"].as_f64().unwrap()),
                "{kind} {choice}"
            );
        }
    }
    assert!(music.iter().all(|track| track["license"] != "unknown"));
}

/// The main job: clips, photos and tracks in; a verified vertical film on the beat out; and the same film from its plan.
#[test]
fn edit_makes_a_verified_film_and_render_makes_it_again() {
    let home = tempfile::tempdir().unwrap();
    let film = home.path().join("reel.mp4");
    let run = tastemaker(home.path())
        .args([
            "edit",
            "--json",
            "--length",
            "9s",
            "--platform",
            "tiktok",
            "--speed",
            "ultrafast",
        ])
        .args([media("clips/bikes.mp4"), media("clips/plaza.mp4")])
        .args([
            media("photos/dogs.jpg"),
            media("photos/sunset.jpg"),
            media("photos/astronaut.jpg"),
        ])
        .arg("--music")
        .arg(media("music"))
        .arg("-o")
        .arg(&film)
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(0), "{talk}");
    let made = &json(&run.stdout)[0];
    assert!(
        made["verify"]["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["passed"] == true),
        "{talk}"
    );

    let plan_path = home.path().join("reel.mp4.plan.json");
    let plan: Value = serde_json::from_slice(&fs::read(&plan_path).unwrap()).unwrap();
    assert_eq!(plan["schema"], "tastemaker.plan/1");
    let (duration, width, height, frames) = probe(&film);
    assert_eq!((width, height), (1080, 1920));
    assert!((duration - plan["output"]["duration"].as_f64().unwrap()).abs() < 1.0 / 30.0);
    assert!(
        frames > 100 && duration <= 9.1,
        "{frames} frames, {duration} s"
    );
    let segments = plan["picture"].as_array().unwrap();
    let used: std::collections::BTreeSet<_> = segments
        .iter()
        .map(|segment| segment["source"].as_str().unwrap())
        .collect();
    assert!(used.len() >= 3, "few sources: {used:?}");
    assert!(
        segments
            .iter()
            .all(|segment| !segment["reasons"].as_array().unwrap().is_empty())
    );
    assert!(
        segments
            .iter()
            .filter(|segment| segment["beat"].is_object())
            .count()
            + 1
            >= segments.len(),
        "cuts off the beat"
    );

    let again = home.path().join("again.mp4");
    tastemaker(home.path())
        .args(["render", "--speed", "ultrafast"])
        .arg(&plan_path)
        .arg("-o")
        .arg(&again)
        .assert()
        .success();
    assert!(
        fs::read(&film).unwrap() == fs::read(&again).unwrap(),
        "render made another film than edit"
    );

    // The plan's cut stays, and gets music.
    let scored = home.path().join("scored.mp4");
    let score = |flag: &str| {
        tastemaker(home.path())
            .args(["edit", "--speed", "ultrafast", flag])
            .arg(&plan_path)
            .arg("--music")
            .arg(media("music"))
            .arg("-o")
            .arg(&scored)
            .output()
            .unwrap()
    };
    let run = score("--look=none");
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("a plan has already"));
    assert_eq!(score("--stretch=5").status.code(), Some(2));
    let run = score("--stretch");
    let talk = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(0), "{talk}");
    let after: Value =
        serde_json::from_slice(&fs::read(home.path().join("scored.mp4.plan.json")).unwrap())
            .unwrap();
    let cut = |plan: &Value| -> Vec<(Value, Value, Value)> {
        let segments = plan["picture"].as_array().unwrap().iter();
        segments
            .map(|s| {
                (
                    s["source"].clone(),
                    s["in_exact"].clone(),
                    s["out_exact"].clone(),
                )
            })
            .collect()
    };
    assert_eq!(cut(&after), cut(&plan));
    assert_eq!(
        after["sources"].as_array().unwrap().last().unwrap()["kind"],
        "audio"
    );
    assert!(!after["sound"].as_array().unwrap().is_empty());

    tastemaker(home.path())
        .arg("verify")
        .arg(&film)
        .assert()
        .success();
    // A film that is not its plan's is told.
    let short = home.path().join("short.mp4");
    let cut = Command::new("ffmpeg")
        .args(["-v", "error", "-t", "4", "-i"])
        .arg(&film)
        .args(["-c", "copy"])
        .arg(&short)
        .status()
        .unwrap();
    assert!(cut.success());
    let run = tastemaker(home.path())
        .arg("verify")
        .arg(&short)
        .arg("--plan")
        .arg(&plan_path)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&run.stderr).contains("FAILED"));

    let run = tastemaker(home.path())
        .arg("render")
        .arg(&plan_path)
        .arg("-o")
        .arg(&film)
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("--force"));
}

#[test]
fn edit_without_music_keeps_source_sound_and_says_its_defaults() {
    let home = tempfile::tempdir().unwrap();
    let plan = home.path().join("plan.json");
    let run = tastemaker(home.path())
        .arg("edit")
        .arg(media("clips/bunny.mp4"))
        .args(["--plan-only", "--aspect", "9:16", "-o"])
        .arg(&plan)
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(0), "{talk}");
    for flag in ["--style", "--platform", "--length", "--look"] {
        assert!(talk.contains(flag), "{flag} is not told: {talk}");
    }
    let plan: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    assert!(!plan["sound"].as_array().unwrap().is_empty());
    assert_eq!(plan["sources"].as_array().unwrap().len(), 1);
}

#[test]
fn a_bad_plan_is_refused_with_line_and_field() {
    let home = tempfile::tempdir().unwrap();
    let plan = home.path().join("plan.json");
    fs::write(
        &plan,
        "{\n  \"schema\": \"tastemaker.plan/1\",\n  \"sauces\": []\n}\n",
    )
    .unwrap();
    let run = tastemaker(home.path())
        .arg("render")
        .arg(&plan)
        .arg("-o")
        .arg(home.path().join("x.mp4"))
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(2));
    assert!(
        talk.contains("plan.json:3:") && talk.contains("sauces"),
        "{talk}"
    );
}

#[test]
fn models_are_listed_and_checked() {
    let home = tempfile::tempdir().unwrap();
    let run = tastemaker(home.path())
        .args(["models", "list", "--json"])
        .output()
        .unwrap();
    assert_eq!(json(&run.stdout).len(), 21);
    tastemaker(home.path())
        .args(["models", "check"])
        .assert()
        .success();

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
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&run.stderr).contains("face-expression"));
}

#[test]
fn a_wrong_network_or_runtime_stops_the_run_with_a_hint() {
    let home = tempfile::tempdir().unwrap();
    let fake = home.path().join("libonnxruntime.so");
    fs::write(&fake, "not a library").unwrap();
    for runtime in [fake, home.path().join("missing.so")] {
        let run = tastemaker(home.path())
            .args(["analyze", "--onnxruntime"])
            .arg(&runtime)
            .arg(media("photos/cat.jpg"))
            .output()
            .unwrap();
        let talk = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(2), "{talk}");
        assert!(
            talk.contains("ONNX Runtime") && talk.contains("hint:") && !talk.contains("panicked"),
            "{talk}"
        );
    }
    let run = tastemaker(home.path())
        .args(["analyze", "--models"])
        .arg(home.path())
        .arg(media("photos/cat.jpg"))
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("hint:"));
}

#[test]
fn doctor_finds_everything_in_place() {
    let home = tempfile::tempdir().unwrap();
    let run = tastemaker(home.path())
        .args(["doctor", "--json"])
        .output()
        .unwrap();
    let report = &json(&run.stdout)[0];
    assert_eq!(run.status.code(), Some(0), "{report}");
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
    ] {
        assert!(names.iter().any(|found| found == name), "{name}");
    }
}

#[test]
fn help_is_the_same_for_people_machines_and_the_manual() {
    let home = tempfile::tempdir().unwrap();
    let run = tastemaker(home.path())
        .args(["help", "--json"])
        .output()
        .unwrap();
    let document = &json(&run.stdout)[0];
    let verbs: Vec<_> = document["verbs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|verb| verb["name"].as_str().unwrap().to_owned())
        .collect();
    for verb in &verbs {
        let run = tastemaker(home.path())
            .args([verb.as_str(), "--help"])
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(0), "{verb}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let run = tastemaker(home.path())
            .args(["completions", shell])
            .output()
            .unwrap();
        let script = String::from_utf8_lossy(&run.stdout).into_owned();
        assert!(
            verbs.iter().all(|verb| script.contains(verb.as_str())),
            "{shell}"
        );
    }
    let pages = home.path().join("man");
    tastemaker(home.path())
        .args(["man", "-o"])
        .arg(&pages)
        .assert()
        .success();
    for verb in &verbs {
        let page = fs::read_to_string(pages.join(format!("tastemaker-{verb}.1"))).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{verb}");
    }
    insta::assert_snapshot!(
        "help",
        String::from_utf8_lossy(
            &tastemaker(home.path())
                .arg("--help")
                .output()
                .unwrap()
                .stdout
        )
    );
    let edit = tastemaker(home.path())
        .args(["edit", "--help"])
        .output()
        .unwrap();
    insta::assert_snapshot!("help_edit", String::from_utf8_lossy(&edit.stdout));
}

#[test]
fn the_configuration_gives_defaults_and_is_checked() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("config/tastemaker");
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("config.toml"),
        "platform = \"square-feed\"\nstyle = \"calm\"\n",
    )
    .unwrap();
    let plan = home.path().join("plan.json");
    tastemaker(home.path())
        .arg("edit")
        .arg(media("photos/dogs.jpg"))
        .args(["--plan-only", "-o"])
        .arg(&plan)
        .assert()
        .success();
    let plan: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    assert_eq!(plan["output"]["platform"], "square-feed");
    assert_eq!(plan["output"]["width"], plan["output"]["height"]);
    fs::write(folder.join("config.toml"), "platfrom = \"tiktok\"\n").unwrap();
    let run = tastemaker(home.path())
        .args(["suggest"])
        .arg(media("photos/dogs.jpg"))
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("config.toml:1:1"));
}

#[test]
fn lists_name_what_can_be_named() {
    let home = tempfile::tempdir().unwrap();
    for (what, least, one) in [
        ("looks", 10, "noir"),
        ("styles", 3, "calm"),
        ("platforms", 5, "tiktok"),
    ] {
        let run = tastemaker(home.path())
            .args(["list", what, "--json"])
            .output()
            .unwrap();
        let ids: Vec<_> = json(&run.stdout)
            .iter()
            .map(|line| line["id"].as_str().unwrap().to_owned())
            .collect();
        assert!(
            ids.len() >= least && ids.contains(&one.to_owned()),
            "{what}: {ids:?}"
        );
    }
    let run = tastemaker(home.path())
        .arg("edit")
        .arg(media("photos/dogs.jpg"))
        .args(["--platform", "myspace", "-o"])
        .arg(home.path().join("x.mp4"))
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("instagram-reels"));
}
