//! Runs that are stopped at any moment, and resumed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tastemaker::geometry::Size;
use tastemaker::looks::{CompiledLook, Exposure, Look, LookStep};
use tastemaker::media::{ChromaSubsampling, Metadata, StillFormat};
use tastemaker::picture::Background;

use crate::support::{Home, contents, decode, media, results, write_picture};

const RECORD: &str = ".tastemaker.journal";

/// Enough photos that a run can be met in the middle.
fn album(home: &Home) -> PathBuf {
    let mut photos: Vec<PathBuf> = fs::read_dir(media("photos/cat.jpg").parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jpg"))
        .collect();
    photos.sort();
    let folder = home.path("in");
    fs::create_dir_all(folder.join("x")).unwrap();
    for (number, photo) in photos.iter().enumerate() {
        let below = if number % 3 == 0 { "x/" } else { "" };
        fs::copy(photo, folder.join(format!("{below}{number:02}.jpg"))).unwrap();
    }
    folder
}

/// Detects whether a file was written again.
fn marks(folder: &Path) -> BTreeMap<String, (u64, Option<std::time::SystemTime>)> {
    use std::os::unix::fs::MetadataExt as _;
    results(folder)
        .into_keys()
        .map(|name| {
            let facts = fs::metadata(folder.join(&name)).unwrap();
            // A file that is written again is another one. Its status-change time says too much: it moves as well where
            // the temporary name of a result is removed that a kill left over.
            (name, (facts.ino(), facts.created().ok()))
        })
        .collect()
}

fn pictures(folder: &Path) -> usize {
    results(folder)
        .keys()
        .filter(|name| name.ends_with(".jpg"))
        .count()
}

/// Starts the run and sends it `signal` once there are `least` results; gives its exit code.
fn stopped(home: &Home, arguments: &[&str], out: &Path, least: usize, signal: &str) -> Option<i32> {
    let mut running = home.apply(arguments).spawn();
    let begun = Instant::now();
    while pictures(out) < least && running.try_wait().unwrap().is_none() {
        assert!(begun.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(2));
    }
    let sent = std::process::Command::new("kill")
        .args([signal, &running.id().to_string()])
        .status()
        .unwrap();
    assert!(
        sent.success(),
        "the run was over before it could be stopped"
    );
    running.wait().unwrap().code()
}

#[test]
fn a_killed_run_goes_on_and_nothing_is_done_twice() {
    let home = Home::new();
    let originals = album(&home);
    let before = contents(&originals);
    home.apply(&["retro-video", "in", "-o", "calm"]).exits(0);
    let calm = results(&home.path("calm"));
    assert_eq!(calm.len(), 16);
    for (least, jobs) in [(1, "1"), (6, "2")] {
        let name = format!("killed{least}");
        let out = home.path(&name);
        let arguments = ["retro-video", "in", "-o", &name, "-j", jobs];
        assert_eq!(stopped(&home, &arguments, &out, least, "-KILL"), None);
        let kept: BTreeMap<_, _> = marks(&out)
            .into_iter()
            .filter(|(name, _)| calm.contains_key(name))
            .collect();
        assert!(kept.len() >= least && kept.len() < 16, "{}", kept.len());
        for name in kept.keys() {
            assert_eq!(
                fs::read(out.join(name)).unwrap(),
                calm[name],
                "{name} at the kill"
            );
        }
        home.apply(&[&arguments[..], &["--resume"]].concat())
            .exits(0);
        assert!(
            results(&out) == calm,
            "the results differ from those of a calm run"
        );
        let after = marks(&out);
        for (name, mark) in kept {
            assert_eq!(after[&name], mark, "{name} was written again");
        }
    }
    assert_eq!(contents(&originals), before);
}

/// 500 small pictures, each another part of one photo in another light.
fn many(home: &Home) -> PathBuf {
    let photo = decode(&media("photos/meadow.jpg")).picture;
    let photo = photo.resized(Size::new(320, 240));
    let folder = home.path("many");
    for number in 0..500u32 {
        let mut part = photo.cropped(number % 25 * 8, number / 25 * 6, Size::new(96, 72));
        let stops = f64::from(number % 7) * 0.2 - 0.6;
        let look = Look {
            steps: vec![LookStep::Exposure(Exposure { stops })],
            ..Look::none()
        };
        let look = CompiledLook::new(&look, 1.0).unwrap();
        look.apply_picture(&mut part, 0);
        let jpeg = StillFormat::Jpeg {
            background: Background::BLACK,
            quality: 90,
            subsampling: ChromaSubsampling::Quarter420,
        };
        let path = folder.join(format!("{}/{number:03}.jpg", number % 10));
        write_picture(&path, &part, jpeg, &Metadata::default());
    }
    folder
}

#[test]
fn five_hundred_files_killed_twice_are_those_of_a_calm_run_and_none_is_touched_again() {
    let home = Home::new();
    many(&home);
    home.apply(&["retro-video", "many", "-o", "calm"]).exits(0);
    let calm = results(&home.path("calm"));
    assert_eq!(calm.len(), 500);
    let out = home.path("out");
    let arguments = ["retro-video", "many", "-o", "out", "-j", "2"];
    let mut kept: BTreeMap<String, (u64, Option<std::time::SystemTime>)> = BTreeMap::new();
    for (least, more) in [(150, &[][..]), (320, &["--resume"][..])] {
        let arguments = [&arguments[..], more].concat();
        assert_eq!(stopped(&home, &arguments, &out, least, "-KILL"), None);
        let now = marks(&out);
        for (name, mark) in &kept {
            assert_eq!(now[name], *mark, "{name} was written again");
        }
        kept = now
            .into_iter()
            .filter(|(name, _)| calm.contains_key(name))
            .collect();
        assert!(kept.len() >= least && kept.len() < 500, "{}", kept.len());
        for name in kept.keys() {
            assert!(
                fs::read(out.join(name)).unwrap() == calm[name],
                "{name} at the kill"
            );
        }
    }
    home.apply(&[&arguments[..], &["--resume"]].concat())
        .exits(0);
    assert!(
        results(&out) == calm,
        "the results differ from those of a calm run"
    );
    let after = marks(&out);
    for (name, mark) in kept {
        assert_eq!(after[&name], mark, "{name} was written again");
    }
}

#[test]
fn ctrl_c_leaves_whole_results_and_no_others() {
    let home = Home::new();
    album(&home);
    home.apply(&["retro-video", "in", "-o", "calm"]).exits(0);
    let calm = results(&home.path("calm"));
    let out = home.path("out");
    let arguments = ["retro-video", "in", "-o", "out", "-j", "2"];
    assert_eq!(stopped(&home, &arguments, &out, 3, "-INT"), Some(130));
    let left = results(&out);
    assert!(left.len() < 16);
    for (name, bytes) in &left {
        assert!(calm.get(name) == Some(bytes), "{name} was left");
    }
    home.apply(&[&arguments[..], &["--resume"]].concat())
        .exits(0);
    assert!(results(&out) == calm);
}

#[test]
fn what_was_lost_of_the_record_costs_time_and_nothing_else() {
    let home = Home::new();
    home.photos("in", &[("a.jpg", "cat"), ("b.jpg", "coffee")]);
    home.apply(&["noir", "in", "-o", "out"]).exits(0);
    let out = home.path("out");
    let (whole, kept) = (results(&out), marks(&out));
    let record = fs::read(out.join(RECORD)).unwrap();
    // A missing journal, one that breaks off within a line, and one of garbage.
    for left in [
        &b""[..],
        &record[..record.len() - 9],
        b"\xff{]\n\n{\"schema\":1}\n",
    ] {
        fs::write(out.join(RECORD), left).unwrap();
        let run = home
            .apply(&["noir", "in", "-o", "out", "--resume", "--json"])
            .exits(0);
        assert!(
            run.documents()
                .iter()
                .all(|line| line["status"] == "finished")
        );
        assert!(results(&out) == whole && marks(&out) == kept);
    }
    // And from then on it is whole again.
    let run = home
        .apply(&["noir", "in", "-o", "out", "--resume"])
        .exits(0);
    assert!(run.counts("2 finished before"), "{}", run.stdout());
}

#[test]
fn other_settings_and_other_originals_are_done_again() {
    let home = Home::new();
    let photos = home.photos("in", &[("a.jpg", "cat"), ("b.jpg", "coffee")]);
    home.apply(&["noir", "in", "-o", "out"]).exits(0);
    let statuses = |arguments: &[&str]| -> Vec<String> {
        let more = ["in", "-o", "out", "--resume", "--json"];
        let run = home.apply(&[arguments, &more[..]].concat()).exits(0);
        run.documents()
            .iter()
            .map(|line| line["status"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(statuses(&["noir"]), ["finished", "finished"]);
    for settings in [
        &["silver"][..],
        &["silver", "--strength", "0.5"],
        &["silver", "--quality", "80"],
        &["silver", "--quality", "80", "--subsampling", "444"],
    ] {
        assert_eq!(statuses(settings), ["written", "written"], "{settings:?}");
        assert_eq!(statuses(settings), ["finished", "finished"], "{settings:?}");
    }
    fs::copy(media("photos/rocket.jpg"), photos.join("b.jpg")).unwrap();
    assert_eq!(statuses(&["noir"]), ["written", "written"]);
    fs::copy(media("photos/storm.jpg"), photos.join("b.jpg")).unwrap();
    assert_eq!(statuses(&["noir"]), ["finished", "written"]);
    home.apply(&["noir", "in", "-o", "fresh"]).exits(0);
    assert!(results(&home.path("out")) == results(&home.path("fresh")));
    // A look file that was edited is another look under the same name.
    let look = |stops: &str| {
        let text = format!(
            "schema = \"tastemaker.look/1\"\nsummary = \"x\"\nfamily = \"x\"\n\
             [[step]]\nkind = \"exposure\"\nstops = {stops}\n"
        );
        fs::write(home.path("own.toml"), text).unwrap();
    };
    look("0.5");
    assert_eq!(statuses(&["own.toml"]), ["written", "written"]);
    look("0.6");
    assert_eq!(statuses(&["own.toml"]), ["written", "written"]);
}

#[test]
fn files_of_somebody_else_are_not_replaced_by_going_on() {
    let home = Home::new();
    home.photos("in", &[("a.jpg", "cat"), ("b.jpg", "coffee")]);
    home.photos("out", &[("a.jpg", "rocket")]);
    let theirs = fs::read(home.path("out/a.jpg")).unwrap();
    let run = home
        .apply(&["noir", "in", "-o", "out", "--resume"])
        .exits(1);
    assert!(
        run.stderr().contains("out/a.jpg exists already"),
        "{}",
        run.stderr()
    );
    assert_eq!(fs::read(home.path("out/a.jpg")).unwrap(), theirs);
    assert!(home.path("out/b.jpg").exists());
    // Nor is a result that the person has edited.
    fs::write(home.path("out/b.jpg"), &theirs).unwrap();
    home.apply(&["silver", "in", "-o", "out", "--resume"])
        .exits(1);
    assert_eq!(fs::read(home.path("out/b.jpg")).unwrap(), theirs);
    home.apply(&["silver", "in", "-o", "out", "--force"])
        .exits(0);
    assert_ne!(fs::read(home.path("out/b.jpg")).unwrap(), theirs);
}

#[test]
fn what_killed_runs_left_lying_goes() {
    let home = Home::new();
    home.photos("in", &[("a.jpg", "cat"), ("x/b.jpg", "coffee")]);
    let out = home.path("out");
    fs::create_dir_all(out.join("x")).unwrap();
    for name in [
        ".a.jpg.4000000-7.part",
        "x/.b.jpg.4000000-8.part",
        ".mine.jpg.part",
    ] {
        fs::write(out.join(name), b"half").unwrap();
    }
    home.apply(&["noir", "in", "-o", "out", "--resume"])
        .exits(0);
    let names: Vec<String> = results(&out).into_keys().collect();
    assert_eq!(names, [".mine.jpg.part", "a.jpg", "x/b.jpg"]);
}
