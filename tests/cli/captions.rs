//! `captions`, `export --to srt|vtt|ass|chapters` and captions in plans.

use std::fs;

use serde_json::{Value, json};
use tastemaker::store::hash_file;
use tastemaker::task::Task;

use crate::support::{Home, ffmpeg, media, tastemaker};

const CUES: &str = "1\n00:00:00,200 --> 00:00:01,200\nIt <i>is</i> here\n\n2\n00:00:01,200 --> 00:00:01,400\nnow\n\n\
                    3\n00:00:01,400 --> 00:00:01,500\nor never.\n\n4\n01:00:00,000 --> 01:00:01,000\nToo late\n";

/// A plan of four seconds of one clip with a caption in `home`.
fn plan(home: &Home, text: &str, delivery: &str) {
    let clip = media("clips/bikes.mp4");
    let blake3 = hash_file(&clip, &Task::default()).unwrap();
    let plan = json!({
        "schema": "tastemaker.plan/1",
        "sources": [{ "id": "s1", "path": clip, "blake3": blake3, "kind": "video" }],
        "output": {
            "width": 360, "height": 640, "frame_rate": "25/1", "duration": 4.0, "loudness_lufs": -14.0,
            "true_peak_dbtp": -1.0, "platform": "tiktok", "style": "steady", "seed": 0, "captions": delivery,
        },
        "picture": [{
            "source": "s1", "in": 0.0, "out": 4.0, "crop": [[0.0, 0.0, 0.0, 1.0, 1.0]], "effects": [],
            "transition": "cut", "reasons": [],
        }],
        "sound": [],
        "captions": [{
            "text": text, "start": 0.5, "end": 1.5, "style": "karaoke",
            "words": [
                { "text": "Fish", "start": 0.5, "end": 0.8 }, { "text": "&", "start": 0.8, "end": 0.9 },
                { "text": "chips", "start": 0.9, "end": 1.4 },
            ],
        }],
        "markers": [{ "at": 2.0, "kind": "chapter", "text": "Second  part" }, { "at": 3.0, "kind": "note" }],
    });
    fs::write(home.path("plan.json"), plan.to_string()).unwrap();
}

fn exported(home: &Home, format: &str) -> (String, Value) {
    let target = format!("out.{format}");
    let run = tastemaker(home)
        .args([
            "export",
            "plan.json",
            "--to",
            format,
            "-o",
            &target,
            "--json",
        ])
        .exits(0);
    (
        fs::read_to_string(home.path(&target)).unwrap(),
        run.documents()[0].clone(),
    )
}

#[test]
fn cues_of_a_file_become_captions_that_can_be_read() {
    let home = Home::new();
    fs::write(home.path("cues.srt"), CUES).unwrap();
    let clip = media("clips/bikes.mp4");
    let run = |target: &str| {
        tastemaker(&home)
            .arg("captions")
            .arg(&clip)
            .args(["--from", "cues.srt", "-o", target])
    };
    run("out.srt").exits(0);
    let text = fs::read_to_string(home.path("out.srt")).unwrap();
    assert!(
        text.starts_with("1\n00:00:00,200 --> 00:00:01,200\nIt is here\n\n2\n00:00:01,200 --> "),
        "{text}"
    );
    assert!(
        text.contains("\nnow or never.\n") && !text.contains("Too late"),
        "{text}"
    );
    // What is there stays, and an ending that is no format is refused.
    assert!(run("out.srt").exits(2).stderr().contains("exists already"));
    assert!(run("out.txt").exits(2).stderr().contains(".vtt"));
    fs::write(home.path("cues.srt"), "Dear reader,\n\nthis is a letter.\n").unwrap();
    assert!(run("new.vtt").exits(2).stderr().contains("cues.srt:1"));
}

#[test]
fn captions_of_a_plan_go_out_in_every_format() {
    let home = Home::new();
    plan(&home, "Fish &\nchips", "burned");
    let (srt, losses) = exported(&home, "srt");
    assert_eq!(srt, "1\n00:00:00,500 --> 00:00:01,500\nFish &\nchips\n\n");
    assert_eq!(losses["kept"]["captions"], 1);
    assert_eq!(
        (&losses["kept"]["clips"], &losses["kept"]["markers"]),
        (&json!(0), &json!(0))
    );
    let (vtt, _) = exported(&home, "vtt");
    assert_eq!(
        vtt,
        "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nFish <00:00:00.800>&amp;\n<00:00:00.900>chips\n\n"
    );
    let (ass, _) = exported(&home, "ass");
    assert!(ass.contains("PlayResX: 360\nPlayResY: 640\n"), "{ass}");
    assert!(
        ass.contains("0:00:00.50,0:00:01.50,karaoke,,0,0,0,,{\\k30}Fish {\\k10}&\\N{\\k60}chips\n"),
        "{ass}"
    );
    let (chapters, losses) = exported(&home, "chapters");
    assert_eq!(chapters, "00:00 Start\n00:02 Second part\n");
    assert_eq!(
        (&losses["kept"]["captions"], &losses["kept"]["markers"]),
        (&json!(0), &json!(1))
    );
}

#[test]
fn a_corrected_text_and_another_style_keep_the_times_of_words() {
    let home = Home::new();
    plan(&home, "Fish and chips", "none");
    tastemaker(&home)
        .args([
            "captions",
            "plan.json",
            "--style",
            "highlight",
            "-o",
            "a.vtt",
        ])
        .exits(0);
    let vtt = fs::read_to_string(home.path("a.vtt")).unwrap();
    assert!(
        vtt.contains("Fish <00:00:00.800>and <00:00:00.900>chips"),
        "{vtt}"
    );
}

/// The pixels of a film's frame.
fn frame(home: &Home, film: &str, second: &str) -> Vec<u8> {
    let seek = ffmpeg().args(["-ss", second]).input(home.path(film));
    seek.words("-frames:v 1 -f rawvideo -pix_fmt rgb24 -")
        .bytes()
}

#[test]
fn captions_are_drawn_into_the_film_or_written_beside_it() {
    let home = Home::new();
    for (delivery, film) in [("burned", "a.mp4"), ("sidecar", "b.mp4")] {
        plan(&home, "Fish &\nchips", delivery);
        tastemaker(&home)
            .args(["render", "plan.json", "-o", film, "--force"])
            .exits(0);
    }
    let srt = fs::read_to_string(home.path("b.srt")).unwrap();
    assert_eq!(srt, "1\n00:00:00,500 --> 00:00:01,500\nFish &\nchips\n\n");
    assert!(!home.path("a.srt").exists());
    // White and marked letters, and their dark outline, where the film without them has other pixels.
    let differ = |second: &str| {
        let (with, without) = (frame(&home, "a.mp4", second), frame(&home, "b.mp4", second));
        with.iter()
            .zip(&without)
            .filter(|(a, b)| a.abs_diff(**b) > 60)
            .count()
    };
    assert!(differ("1.0") > 500, "{}", differ("1.0"));
    assert!(differ("2.0") < 100, "{}", differ("2.0"));
}
