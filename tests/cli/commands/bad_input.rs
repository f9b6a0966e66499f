//! Adverse conditions, through the whole program: damaged files, no input, no permission, no space, Ctrl-C. Nothing
//! panics or hangs, nothing half written stays, and the other files are processed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{Tastemaker, corpus, media, skip, tastemaker};

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path))
        } else {
            found.push(path)
        }
    }
    found.sort();
    found
}

#[test]
fn every_bad_file_is_answered_or_refused_by_name() {
    let Some(corpus) = corpus() else { return };
    let home = tempfile::tempdir().unwrap();
    let folder = corpus.join("bad");
    let files = files_below(&folder);
    assert!(files.len() > 100);
    let run = Tastemaker::limited(home.path(), "ulimit -v 4194304")
        .args(["analyze", "--json"])
        .args(&files)
        .exits(1);
    let talk = run.stderr();
    assert!(!talk.contains("panicked"), "{talk}");
    let lines = run.answers();
    assert_eq!(lines.len(), files.len());
    for (line, file) in lines.iter().zip(&files) {
        let named = match line["schema"].as_str() {
            Some("tastemaker.error/1") => {
                assert!(!line["message"].as_str().unwrap().is_empty());
                line["file"].as_str()
            }
            Some("tastemaker.analysis/1") => line["file"]["path"].as_str(),
            other => panic!("{other:?}"),
        };
        assert_eq!(named, file.to_str());
    }
    let refused = lines
        .iter()
        .filter(|line| line["schema"] == "tastemaker.error/1")
        .count();
    assert!(
        refused > 20 && refused < files.len() - 20,
        "{refused} of {} were refused",
        files.len()
    );
}

#[test]
fn files_cut_short_are_partial_or_refused_and_the_others_go_on() {
    let home = tempfile::tempdir().unwrap();
    let originals = [
        media("clips/bunny.mp4"),
        media("photos/sunset.jpg"),
        media("music/night.ogg"),
        media("speech/austen.flac"),
    ];
    let mut files = vec![media("photos/cat.jpg")];
    for original in &originals {
        let bytes = fs::read(original).unwrap();
        let ending = original.extension().unwrap().to_str().unwrap();
        for (place, share) in [3, 30, 60, 95].into_iter().enumerate() {
            let path = home.path().join(format!("cut{place}.{ending}"));
            fs::write(&path, &bytes[..bytes.len() * share / 100]).unwrap();
            files.push(path);
        }
    }
    let run = tastemaker(home.path())
        .own_cache(home.path())
        .args(["analyze", "--json"])
        .args(&files)
        .exits(1);
    assert!(!run.stderr().contains("panicked"));
    let lines = run.answers();
    assert_eq!(lines.len(), files.len());
    assert_eq!(lines[0]["schema"], "tastemaker.analysis/1");
    let whole = |line: &&serde_json::Value| {
        line["schema"] == "tastemaker.analysis/1" && line["file"]["partial"].is_null()
    };
    let passed: Vec<_> = lines[1..]
        .iter()
        .filter(whole)
        .map(|line| line["file"]["path"].to_string())
        .collect();
    assert!(passed.is_empty(), "taken for whole: {passed:?}");
}

#[test]
fn nothing_to_work_on_is_said() {
    let home = tempfile::tempdir().unwrap();
    let empty = home.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let run = tastemaker(home.path())
        .own_cache(home.path())
        .arg("analyze")
        .arg(&empty)
        .exits(2);
    let talk = run.stderr();
    assert!(
        talk.contains("no files in") && talk.contains("hint:"),
        "{talk}"
    );

    let film = home.path().join("reel.mp4");
    let run = tastemaker(home.path())
        .own_cache(home.path())
        .arg("edit")
        .arg(media("photos/cat.jpg"))
        .args([
            "--music".as_ref(),
            empty.as_os_str(),
            "-o".as_ref(),
            film.as_os_str(),
        ])
        .exits(2);
    let talk = run.stderr();
    assert!(
        talk.contains("no tracks") && talk.contains("hint:"),
        "{talk}"
    );
    assert!(!film.exists());
}

#[test]
fn a_missing_file_fails_alone() {
    let home = tempfile::tempdir().unwrap();
    let run = tastemaker(home.path())
        .own_cache(home.path())
        .args(["analyze", "--json", "/does/not/exist.jpg"])
        .arg(media("photos/cat.jpg"))
        .exits(1);
    let data = run.stdout();
    assert!(
        data.lines()
            .next()
            .unwrap()
            .contains("\"code\":\"not_found\""),
        "{data}"
    );
    assert!(
        data.lines()
            .nth(1)
            .unwrap()
            .contains("tastemaker.analysis/1"),
        "{data}"
    );
}

#[test]
fn an_unreadable_file_fails_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let locked = home.path().join("locked.jpg");
    fs::copy(media("photos/cat.jpg"), &locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&locked).is_ok() {
        skip("this user (root) may read everything");
        return;
    }
    let run = tastemaker(home.path())
        .own_cache(home.path())
        .args(["analyze", "--json"])
        .arg(&locked)
        .exits(1);
    assert!(run.stdout().contains("\"code\":\"no_permission\""));
}

fn edit_arguments(film: &Path) -> Vec<std::ffi::OsString> {
    let mut arguments: Vec<std::ffi::OsString> = vec!["edit".into()];
    arguments.push(media("clips/bikes.mp4").into());
    arguments.push(media("photos/sunset.jpg").into());
    arguments.extend(["--music".into(), media("music/chipdisko.ogg").into()]);
    arguments.extend([
        "--length".into(),
        "6s".into(),
        "--speed".into(),
        "ultrafast".into(),
    ]);
    arguments.extend(["-o".into(), film.into()]);
    arguments
}

#[test]
fn no_space_leaves_nothing_half_written() {
    let home = tempfile::tempdir().unwrap();
    let film = home.path().join("out/reel.mp4");
    // Files may take 200 KiB: less than the film.
    let run = Tastemaker::limited(home.path(), "ulimit -f 200")
        .args(edit_arguments(&film))
        .exits(2);
    let talk = run.stderr();
    assert!(
        talk.contains("reel.mp4") && talk.contains("hint:"),
        "{talk}"
    );
    assert!(!talk.contains("panicked"), "{talk}");
    let left = files_below(&home.path().join("out"));
    assert!(left.is_empty(), "left behind: {left:?}");
}

#[test]
fn interrupting_leaves_nothing_half_written() {
    let home = tempfile::tempdir().unwrap();
    let film = home.path().join("out/reel.mp4");
    // Analyzed once, so that the second run is rendering when it is interrupted.
    let plan = home.path().join("plan.json");
    let mut planning = edit_arguments(&plan);
    planning.push("--plan-only".into());
    tastemaker(home.path())
        .own_cache(home.path())
        .args(&planning)
        .exits(0);
    let mut child = Tastemaker::limited(home.path(), "true")
        .args(edit_arguments(&film))
        .spawn();
    let deadline = Instant::now() + Duration::from_secs(60);
    while files_below(&home.path().join("out")).is_empty() {
        assert!(Instant::now() < deadline, "rendering never began");
        assert!(
            child.try_wait().unwrap().is_none(),
            "it ended before it could be interrupted"
        );
        std::thread::sleep(Duration::from_millis(2));
    }
    let signal = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(signal.success());
    let code = child.wait().unwrap().code();
    assert_eq!(code, Some(130));
    let left = files_below(&home.path().join("out"));
    assert!(left.is_empty(), "left behind: {left:?}");
}
