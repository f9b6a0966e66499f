//! A render that is killed goes on where it was.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Home, ffmpeg, media, tastemaker};

/// Bytes of encoded pictures, at least, after which a run is killed: some groups of two seconds.
const ENOUGH: u64 = 150_000;

/// A plan of ten seconds with music, small enough to be rendered in a few seconds.
fn small_plan(home: &Home) -> PathBuf {
    let path = home.path("film.plan.json");
    tastemaker(home)
        .arg("edit")
        .arg(media("clips/bikes.mp4"))
        .args(["--style", "whole", "--platform", "youtube", "--music"])
        .arg(media("music/tropical.ogg"))
        .args(["--plan-only", "-o"])
        .arg(&path)
        .exits(0);
    let mut plan: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    (plan["output"]["width"], plan["output"]["height"]) = (426.into(), 240.into());
    fs::write(&path, plan.to_string()).unwrap();
    path
}

/// Renders and kills, once there are enough pictures.
fn killed(home: &Home, plan: &Path, film: &Path, more: &[&str]) {
    let log = log_of(film);
    let mut running = tastemaker(home)
        .arg("render")
        .arg(plan)
        .arg("-o")
        .arg(film)
        .args(more)
        .spawn();
    let begun = Instant::now();
    while fs::metadata(&log).map_or(0, |facts| facts.len()) < ENOUGH {
        assert!(begun.elapsed() < Duration::from_secs(120));
        assert!(running.try_wait().unwrap().is_none(), "it was not killed");
        std::thread::sleep(Duration::from_millis(1));
    }
    running.kill().unwrap();
    running.wait().unwrap();
    assert!(log.is_file() && !film.exists());
}

fn log_of(film: &Path) -> PathBuf {
    let name = film.file_name().unwrap().to_str().unwrap();
    film.with_file_name(format!(".{name}.frames"))
}

fn rendered(home: &Home, plan: &Path, film: &Path, more: &[&str]) -> Value {
    tastemaker(home)
        .args(["render", "--json"])
        .arg(plan)
        .arg("-o")
        .arg(film)
        .args(more)
        .exits(0)
        .last_document()
}

/// A hash of each decoded picture.
fn pictures(film: &Path) -> Vec<String> {
    let told = ffmpeg().input(film).words("-map 0:v -f framemd5 -").bytes();
    let told = String::from_utf8(told).unwrap();
    let lines = told.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.rsplit(',').next().unwrap().trim().to_owned())
        .collect()
}

/// A hash of all of the sound.
fn sound(film: &Path) -> Vec<u8> {
    ffmpeg().input(film).words("-map 0:a -f md5 -").bytes()
}

/// How like the pictures of two films are, in decibels.
fn likeness(film: &Path, other: &Path) -> f64 {
    let told = ffmpeg()
        .input(film)
        .input(other)
        .words("-lavfi psnr=stats_file=- -f null -")
        .bytes();
    let told = String::from_utf8(told).unwrap();
    let each = told
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("psnr_avg:"));
    each.map(|value| value.parse().unwrap_or(f64::INFINITY))
        .fold(f64::INFINITY, f64::min)
}

#[test]
fn a_killed_render_goes_on_after_the_last_whole_group() {
    let home = Home::new();
    let plan = small_plan(&home);
    for encoder in ["h264", "h265", "vp9"] {
        let more = ["--quality", "20", "--encoder", encoder];
        let calm = home.path(&format!("calm-{encoder}.mp4"));
        let whole = rendered(&home, &plan, &calm, &more);
        assert_eq!(whole["render"]["resumed_frames"], Value::Null);
        assert!(!log_of(&calm).exists());

        let film = home.path(&format!("{encoder}.mp4"));
        killed(&home, &plan, &film, &more);
        let made = rendered(&home, &plan, &film, &more);
        let resumed = made["render"]["resumed_frames"].as_u64().unwrap() as usize;
        assert!(resumed > 0, "{encoder}");
        assert_eq!(made["render"]["frames"], whole["render"]["frames"]);
        let (before, after) = (pictures(&calm), pictures(&film));
        assert_eq!(before.len(), after.len(), "{encoder}");
        assert!(resumed < before.len(), "{encoder}");
        // What was encoded before the kill is taken as it is.
        assert_eq!(before[..resumed], after[..resumed], "{encoder}");
        assert!(likeness(&calm, &film) > 36.0, "{encoder}");
        assert_eq!(sound(&calm), sound(&film), "{encoder}");
        let left: Vec<_> = fs::read_dir(home.path(""))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with(&format!(".{encoder}")))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn what_was_made_otherwise_is_begun_anew() {
    let home = Home::new();
    let plan = small_plan(&home);
    let film = home.path("film.mp4");
    killed(&home, &plan, &film, &["--quality", "20"]);
    let kept = fs::read(log_of(&film)).unwrap();
    let again = |more: &[&str]| {
        fs::write(log_of(&film), &kept).unwrap();
        rendered(&home, &plan, &film, &[more, &["--force"]].concat())["render"]["resumed_frames"]
            .clone()
    };
    assert_ne!(again(&["--quality", "20"]), Value::Null);
    assert_eq!(again(&["--quality", "24"]), Value::Null);
    let mut changed: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    changed["picture"][0]["look"] = "noir".into();
    fs::write(&plan, changed.to_string()).unwrap();
    assert_eq!(again(&["--quality", "20"]), Value::Null);
}
