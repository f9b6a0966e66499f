//! `tastemaker edit`, and `render` and `verify` after it, on the sample media.

use std::fs;
use std::path::Path;

use serde_json::Value;

use tastemaker::media::to_srgb;
use tastemaker::picture::Rgb8;

use crate::support::{decode, ffmpeg, ffprobe, media, tastemaker};

/// Duration and size by ffprobe.
fn probe(film: &Path) -> (f64, u64, u64, u64) {
    let answer = ffprobe(
        film,
        "-select_streams v:0 -count_frames -of json -show_entries stream=width,height,nb_read_frames:format=duration"
            .split(' '),
    );
    let answer: Value = serde_json::from_str(&answer).unwrap();
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

/// The film has the plan's size and length, several sources, a reason for every segment and its cuts on beats.
fn assert_film_fits_plan(film: &Path, plan: &Value) {
    let (duration, width, height, frames) = probe(film);
    assert_eq!((width, height), (1080, 1920));
    assert!((duration - plan["output"]["duration"].as_f64().unwrap()).abs() < 1.0 / 30.0);
    assert!(
        frames > 100 && duration <= 6.1,
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
}

/// Scoring a plan keeps its cut and adds music; what a plan has decided cannot be asked for again.
fn assert_scoring_keeps_the_cut(home: &Path, plan_path: &Path, plan: &Value) {
    let scored = home.join("scored.plan.json");
    let score = |flag: &str| {
        tastemaker(home)
            .args(["edit", "--plan-only", flag])
            .arg(plan_path)
            .arg("--music")
            .arg(media("music"))
            .arg("-o")
            .arg(&scored)
    };
    let run = score("--look=none").exits(2);
    assert!(run.stderr().contains("a plan has already"));
    let run = score("--platform=square-feed").exits(2);
    assert!(run.stderr().contains("platform"), "{}", run.stderr());
    score("--stretch=5").exits(2);
    let seeded = home.join("seeded.json");
    tastemaker(home)
        .args(["edit", "--plan-only", "--seed=7"])
        .arg(plan_path)
        .arg("--music")
        .arg(media("music"))
        .arg("-o")
        .arg(&seeded)
        .exits(0);
    let seeded: Value = serde_json::from_slice(&fs::read(&seeded).unwrap()).unwrap();
    assert_eq!(seeded["output"]["seed"], 7);
    score("--stretch").exits(0);
    let after: Value = serde_json::from_slice(&fs::read(&scored).unwrap()).unwrap();
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
    assert_eq!(cut(&after), cut(plan));
    assert_eq!(
        after["sources"].as_array().unwrap().last().unwrap()["kind"],
        "audio"
    );
    assert!(!after["sound"].as_array().unwrap().is_empty());
}

/// `verify` accepts the film, and refuses one that is shorter than its plan.
fn assert_verify_tells_a_short_film(home: &Path, film: &Path, plan_path: &Path) {
    tastemaker(home).arg("verify").arg(film).exits(0);
    let short = home.join("short.mp4");
    ffmpeg()
        .args(["-t", "4"])
        .input(film)
        .args(["-c", "copy"])
        .writes(&short);
    let run = tastemaker(home)
        .arg("verify")
        .arg(&short)
        .arg("--plan")
        .arg(plan_path)
        .exits(1);
    assert!(run.stderr().contains("FAILED"));
}

/// The main job: clips, photos and tracks in; a verified vertical film on the beat out; and the same film from its
/// plan.
#[test]
fn edit_makes_a_verified_film_and_render_makes_it_again() {
    let home = tempfile::tempdir().unwrap();
    let film = home.path().join("reel.mp4");
    let run = tastemaker(home.path())
        .args([
            "edit",
            "--json",
            "--length",
            "6s",
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
        .exits(0);
    let talk = run.stderr();
    let made = &run.documents()[0];
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
    assert_film_fits_plan(&film, &plan);

    let again = home.path().join("again.mp4");
    tastemaker(home.path())
        .args(["render", "--speed", "ultrafast"])
        .arg(&plan_path)
        .arg("-o")
        .arg(&again)
        .exits(0);
    assert!(
        fs::read(&film).unwrap() == fs::read(&again).unwrap(),
        "render made another film than edit"
    );

    assert_scoring_keeps_the_cut(home.path(), &plan_path, &plan);
    assert_verify_tells_a_short_film(home.path(), &film, &plan_path);

    let run = tastemaker(home.path())
        .arg("render")
        .arg(&plan_path)
        .arg("-o")
        .arg(&film)
        .exits(2);
    assert!(run.stderr().contains("--force"));
}

#[test]
fn a_film_of_nothing_but_what_has_to_be_shown_is_made() {
    let home = tempfile::tempdir().unwrap();
    let plan = home.path().join("plan.json");
    tastemaker(home.path())
        .arg("edit")
        .args(["photos/dogs.jpg", "photos/cat.jpg"].map(media))
        .args(["--must", "dogs.jpg@0-2", "--must", "cat.jpg@0-2"])
        .args(["--music", "none", "--plan-only", "-o"])
        .arg(&plan)
        .exits(0);
    let plan: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    let segments = plan["picture"].as_array().unwrap().iter();
    let shown: Vec<(f64, f64)> = segments
        .map(|it| (it["in"].as_f64().unwrap(), it["out"].as_f64().unwrap()))
        .collect();
    assert_eq!(shown, [(0.0, 2.0), (0.0, 2.0)], "{plan}");
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
        .exits(0);
    let talk = run.stderr();
    for flag in ["--style", "--platform", "--length", "--look"] {
        assert!(talk.contains(flag), "{flag} is not told: {talk}");
    }
    let plan: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    assert!(!plan["sound"].as_array().unwrap().is_empty());
    assert_eq!(plan["sources"].as_array().unwrap().len(), 1);
}

/// Loud rock under calm landscapes: nobody would suggest it, but it was named.
#[test]
fn a_track_that_is_named_is_laid_even_where_it_fits_poorly() {
    let home = tempfile::tempdir().unwrap();
    let plan = home.path().join("plan.json");
    let photos = ["storm", "stream", "meadow"].map(|name| media(&format!("photos/{name}.jpg")));
    let run = tastemaker(home.path())
        .arg("edit")
        .args(photos)
        .args(["--plan-only", "--json", "--style", "calm", "--music"])
        .arg(media("music/rock.ogg"))
        .arg("-o")
        .arg(&plan)
        .exits(0);
    let notice = run
        .documents()
        .into_iter()
        .find(|document| document["code"] == "track_fits_poorly");
    assert_eq!(notice.expect("a notice")["track"], "rock");
    let plan: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    let music = plan["sound"][0]["source"].as_str().unwrap();
    let sources = plan["sources"].as_array().unwrap();
    let source = sources.iter().find(|source| source["id"] == music).unwrap();
    assert!(source["path"].as_str().unwrap().ends_with("rock.ogg"));
}

/// The brief of the film is known before the music is chosen, so tracks are scored by the part that is played.
#[test]
fn the_part_of_a_track_that_was_judged_is_the_part_that_plays() {
    let home = tempfile::tempdir().unwrap();
    let plan = home.path().join("plan.json");
    tastemaker(home.path())
        .args(["edit", "--plan-only", "--style", "punchy"])
        .args([
            media("clips/bikes.mp4"),
            media("clips/plaza.mp4"),
            media("clips/bunny.mp4"),
        ])
        .args([media("photos/dogs.jpg"), media("photos/sunset.jpg")])
        .arg("--over-music")
        .arg("--music")
        .arg(media("music"))
        .arg("-o")
        .arg(&plan)
        .exits(0);
    let plan: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    let music = plan["sound"]
        .as_array()
        .unwrap()
        .iter()
        .find(|segment| segment["source"] == "music")
        .unwrap();
    let judged = music["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .find(|reason| reason["code"] == "structure_fits")
        .unwrap()["text"]
        .as_str()
        .unwrap();
    let played = format!("from {:.1} s", music["in"].as_f64().unwrap());
    assert!(judged.contains(&played), "{judged} is not {played}");
}

#[test]
fn a_file_that_fails_has_its_error_line_and_the_others_go_on() {
    let home = tempfile::tempdir().unwrap();
    let broken = home.path().join("broken.jpg");
    fs::write(&broken, "no picture").unwrap();
    let run = tastemaker(home.path())
        .args(["edit", "--plan-only", "--json", "-o"])
        .arg(home.path().join("plan.json"))
        .args([&media("photos/dogs.jpg"), &broken])
        .exits(1);
    let documents = run.documents();
    assert_eq!(documents[0]["schema"], "tastemaker.error/1");
    assert_eq!(documents[0]["file"], broken.to_str().unwrap());
    assert_eq!(documents[1]["schema"], "tastemaker.edit/1");
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
        .exits(2);
    let talk = run.stderr();
    assert!(
        talk.contains("plan.json:3:") && talk.contains("sauces"),
        "{talk}"
    );
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
        .exits(0);
    let plan: Value = serde_json::from_slice(&fs::read(&plan).unwrap()).unwrap();
    assert_eq!(plan["output"]["platform"], "square-feed");
    assert_eq!(plan["output"]["width"], plan["output"]["height"]);
    fs::write(folder.join("config.toml"), "platfrom = \"tiktok\"\n").unwrap();
    let run = tastemaker(home.path())
        .args(["suggest"])
        .arg(media("photos/dogs.jpg"))
        .exits(2);
    assert!(run.stderr().contains("config.toml:1:1"));
}

#[test]
fn sound_alone_becomes_sound_that_is_tightened_and_levelled() {
    let home = tempfile::tempdir().unwrap();
    // Two seconds pass before somebody reads.
    let talk = home.path().join("talk.flac");
    ffmpeg()
        .input(media("speech/austen.flac"))
        .words("-t 6 -af adelay=2000|2000,apad=pad_dur=1")
        .writes(&talk);
    let tight = home.path().join("tight.flac");
    let edit = |film: &Path| {
        tastemaker(home.path())
            .args(["edit", "talk.flac", "--json", "-o"])
            .arg(film)
    };
    let document = edit(&tight).exits(0).last_document();
    assert_eq!(document["schema"], "tastemaker.edit/1");
    let plan: Value =
        serde_json::from_slice(&fs::read(home.path().join("tight.flac.plan.json")).unwrap())
            .unwrap();
    assert_eq!(plan["picture"], serde_json::json!([]));
    assert_eq!(plan["output"]["style"], "talk");
    assert!(plan["sound"][0]["in"].as_f64().unwrap() > 1.5, "{plan}");
    let checks = document["verify"]["checks"].as_array().unwrap();
    assert!(
        checks.iter().all(|check| check["passed"] == true),
        "{checks:?}"
    );
    assert!(checks.iter().any(|check| check["name"] == "loudness"));
    // The same plan gives the same sound.
    let again = home.path().join("again.flac");
    tastemaker(home.path())
        .args(["render", "tight.flac.plan.json", "-o"])
        .arg(&again)
        .exits(0);
    assert_eq!(fs::read(&tight).unwrap(), fs::read(&again).unwrap());
    let refused = edit(&home.path().join("tight.ogg")).exits(2);
    assert!(
        refused.stderr().contains("end the name in .flac"),
        "{refused}"
    );
    let styled = edit(&home.path().join("b.flac"))
        .args(["--style", "punchy"])
        .exits(2);
    assert!(styled.stderr().contains("there is only sound"), "{styled}");
}

/// The frame of a film at a second.
fn frame_of(film: &Path, second: f64) -> Rgb8 {
    let still = film.with_extension("png");
    let words = format!("-ss {second} -frames:v 1 -y");
    ffmpeg().input(film).words(&words).arg(&still).run();
    to_srgb(&decode(&still).picture)
}

#[test]
fn sound_becomes_a_film_of_its_artwork_and_a_waveform() {
    let home = tempfile::tempdir().unwrap();
    // A red cover, and speech that begins after two seconds of quiet.
    let cover = home.path().join("cover.png");
    ffmpeg()
        .words("-f lavfi -i color=red:s=64x64 -frames:v 1 -y")
        .arg(&cover)
        .run();
    let talk = home.path().join("talk.m4a");
    ffmpeg()
        .input(media("speech/austen.flac"))
        .input(&cover)
        .words("-map 0:a -map 1:v -c:a aac -c:v png -disposition:v attached_pic")
        .writes(&talk);
    let film = home.path().join("talk.mp4");
    let edit = |files: &[&str], film: &Path, more: &[&str]| {
        tastemaker(home.path())
            .arg("edit")
            .args(files)
            .args([
                "--aspect",
                "9:16",
                "--draft",
                "--captions",
                "none",
                "--json",
                "-o",
            ])
            .arg(film)
            .args(more)
            .exits(0)
    };
    let document = edit(&["talk.m4a"], &film, &[]).last_document();
    let checks = document["verify"]["checks"].as_array().unwrap();
    assert!(
        checks.iter().all(|check| check["passed"] == true),
        "{checks:?}"
    );
    let plan: Value =
        serde_json::from_slice(&fs::read(home.path().join("talk.mp4.plan.json")).unwrap()).unwrap();
    assert_eq!(plan["picture"][0]["source"], plan["sound"][0]["source"]);
    assert_eq!(plan["picture"][0]["effects"][0]["kind"], "waveform");
    // The cover stands in the middle, the bars above it; without a cover there is one dark color.
    let still = |film: &Path| frame_of(film, 2.0);
    let (wide, high) = (540, 960);
    let red = |at: [u8; 3]| at[0] > 200 && at[1] < 60;
    assert!(red(still(&film).pixel(wide / 2, high / 2)));
    let plain = home.path().join("plain.mp4");
    ffmpeg()
        .input(media("speech/austen.flac"))
        .writes(home.path().join("bare.flac"));
    edit(&["bare.flac"], &plain, &[]);
    let bare = still(&plain);
    assert!(
        bare.pixel(wide / 2, high / 2)
            .iter()
            .all(|light| *light < 70)
    );
    let bars = |picture: &Rgb8, x: usize| {
        (0..high / 3)
            .filter(|y| picture.pixel(x, *y).iter().all(|light| *light > 180))
            .count()
    };
    let highest = (0..wide / 2).map(|x| bars(&bare, x)).max().unwrap_or(0);
    assert!((20..=100).contains(&highest), "{highest}");
    // A photo that is given takes the place of the cover.
    fs::copy(media("photos/meadow.jpg"), home.path().join("meadow.jpg")).unwrap();
    let given = home.path().join("given.mp4");
    edit(
        &["talk.m4a", "meadow.jpg"],
        &given,
        &["--plan-only", "--force"],
    );
    let plan: Value = serde_json::from_slice(&fs::read(&given).unwrap()).unwrap();
    let shown = plan["picture"][0]["source"].as_str().unwrap();
    let sources = plan["sources"].as_array().unwrap();
    let shown = sources.iter().find(|source| source["id"] == shown).unwrap();
    assert_eq!(shown["kind"], "image");
}

#[test]
fn what_is_to_be_cut_is_refused_at_its_column() {
    let home = tempfile::tempdir().unwrap();
    let edit = |more: &[&str]| {
        let run = tastemaker(home.path()).args(["edit", "talk.mp4", "-o", "tight.mp4"]);
        run.args(more).exits(2)
    };
    let wrong = edit(&["--cut", "silence(-34dB, 0.3s) and motion(3)"]);
    let talk = wrong.stderr();
    assert!(
        talk.contains("column 33: the number must be 0 to 1"),
        "{talk}"
    );
    let style = edit(&["--cut", "black", "--style", "punchy"]);
    assert!(style.stderr().contains("known: talk"), "{style}");
    let quality = edit(&["--quality", "60"]);
    assert!(quality.stderr().contains("0, the best, to 51"), "{quality}");
}
