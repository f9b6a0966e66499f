//! `ingest`: what a platform does with each file that arrives.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tastemaker::media::{FrameSize, Limits, VideoReader, probe, to_srgb};
use tastemaker::picture::Rgb8;
use tastemaker::time::Rational;

use crate::support::{
    Home, Run, corpus, decode, exif_with_location, ffmpeg, ffprobe, mean_difference, media, models,
    results, tastemaker,
};

/// Thresholds and words of a preset that takes everything and makes a small picture or clip.
fn preset(home: &Home, screening: &str) -> String {
    let text = format!(
        "schema = \"tastemaker.ingest/1\"\nname = \"Own\"\nsummary = \"Own\"\n\
         takes = [\"image\", \"video\", \"audio\"]\nanalyses = [\"shots\"]\n[screening]\n{screening}\n\
         [[renditions]]\nname = \"small\"\nlong_side = 160\n"
    );
    fs::write(home.path("own.toml"), text).unwrap();
    "own.toml".into()
}

fn ingest(home: &Home, preset: &str, files: &[&Path], code: i32) -> Run {
    tastemaker(home)
        .args(["ingest", preset])
        .args(files)
        .args(["-o", "out", "--json"])
        .exits(code)
}

fn blake3_of(path: &Path) -> String {
    blake3::hash(&fs::read(path).unwrap()).to_hex().to_string()
}

/// Photos as small as this one came back larger.
#[test]
fn a_preview_is_smaller_than_a_photo_of_its_size() {
    let home = Home::new();
    let photo = media("photos/astronaut.jpg");
    let run = ingest(&home, "any-media", &[&photo], 0);
    let documents = run.documents();
    let preview = &documents[0]["renditions"][0];
    assert_eq!(preview["width"], 480);
    let most = fs::metadata(&photo).unwrap().len();
    assert!(preview["bytes"].as_u64().unwrap() < most, "{preview}");
}

fn kinds(ingested: &Value) -> Vec<&str> {
    let evidence = ingested["screening"]["evidence"].as_array().unwrap();
    evidence
        .iter()
        .map(|it| it["kind"].as_str().unwrap())
        .collect()
}

#[test]
fn a_photo_is_described_screened_and_rendered_and_stays_as_it_was() {
    let home = Home::new();
    let photo = home.path("photo.jpg");
    let exif = exif_with_location(1);
    let plain = with_exif(&fs::read(media("photos/dogs.jpg")).unwrap(), &exif);
    fs::write(&photo, &plain).unwrap();
    // A clip is not what this preset takes; the photo goes on.
    let clip = media("clips/bikes.mp4");
    let run = ingest(&home, "photo-feed", &[&clip, &photo], 1);
    let ingested = run
        .documents()
        .into_iter()
        .find(|it| it["schema"] == "tastemaker.ingested/1")
        .unwrap();
    assert!(run.stderr().contains("bikes.mp4"), "{}", run.stderr());
    assert_eq!(ingested["screening"]["verdict"], "pass");
    assert!(ingested["screening"]["scores"]["nudity"].as_f64().unwrap() < 0.2);
    assert_eq!(ingested["blake3"], blake3_of(&photo));
    assert!(ingested["analysis"]["picture"]["faces"].is_array());
    let looks = ingested["suggestions"]["looks"].as_array().unwrap();
    assert_eq!(looks.len(), 3);
    let abstained = ingested["suggestions"]["abstained"].as_array().unwrap();
    assert!(abstained.iter().all(|it| it["what"] != "music"));
    assert!(
        looks
            .iter()
            .all(|look| look["reasons"][0]["text"].is_string())
    );
    assert!(ingested.get("shadow").is_none());
    let made = ingested["renditions"].as_array().unwrap();
    let shapes: Vec<(u64, u64)> = made
        .iter()
        .map(|it| {
            (
                it["width"].as_u64().unwrap(),
                it["height"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(shapes.len(), 2);
    assert!(
        shapes[0].0 * 5 <= shapes[0].1 * 4 + 5 && shapes[0].1 <= 1350,
        "{shapes:?}"
    );
    assert_eq!(shapes[1], (320, 320));
    for rendition in made {
        let path = home
            .path("out/photo")
            .join(rendition["path"].as_str().unwrap());
        assert_eq!(rendition["blake3"], blake3_of(&path));
        assert_eq!(rendition["bytes"], fs::metadata(&path).unwrap().len());
        let bytes = fs::read(&path).unwrap();
        assert!(
            !bytes.windows(4).any(|four| four == b"Exif"),
            "nothing of the camera is kept"
        );
    }
    let document: Value =
        serde_json::from_slice(&fs::read(home.path("out/photo/ingested.json")).unwrap()).unwrap();
    assert_eq!(document, ingested);
    assert_eq!(fs::read(&photo).unwrap(), plain);
    // Results that are there stay.
    let again = ingest(&home, "photo-feed", &[&photo], 2);
    assert!(
        again.stderr().contains("exists already"),
        "{}",
        again.stderr()
    );
}

/// `jpeg` with `exif` in it.
fn with_exif(jpeg: &[u8], exif: &[u8]) -> Vec<u8> {
    let block = [b"Exif\0\0", exif].concat();
    let length = u16::try_from(block.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &block, &jpeg[2..]].concat()
}

#[test]
fn the_same_file_again_gives_the_same_but_for_the_times() {
    let home = Home::new();
    let photo = media("photos/coffee.jpg");
    let run = |output: &str| {
        tastemaker(&home)
            .own_cache(&home)
            .args(["ingest", "photo-feed", "--json", "-o", output])
            .arg(&photo)
            .exits(0)
            .document()
    };
    let (mut first, mut again) = (run("one"), run("two"));
    let times = first["seconds"].take();
    for step in ["analysis", "suggestions", "renditions"] {
        assert!(times[step].as_f64().unwrap() > 0.0, "{step}: {times}");
    }
    assert!(times["screening"].is_f64(), "{times}");
    assert!(again["seconds"].take()["analysis"].is_f64());
    assert_eq!(first, again);
}

#[test]
fn thresholds_decide_and_what_is_blocked_is_not_rendered() {
    let home = Home::new();
    let (photo, clip) = (media("photos/fig.jpg"), media("clips/plaza.mp4"));
    let strict = preset(&home, "review = 0.0\nblock = 1.0");
    let run = ingest(&home, &strict, &[&photo, &clip], 1);
    let documents = run.documents();
    assert_eq!(documents.len(), 2);
    for ingested in &documents {
        assert_eq!(ingested["screening"]["verdict"], "review");
        assert!(kinds(ingested).iter().all(|kind| *kind == "nudity"));
        assert_eq!(ingested["renditions"].as_array().unwrap().len(), 1);
    }
    // Each key frame of the clip was looked at.
    let shots = documents[1]["analysis"]["video"]["shots"]
        .as_array()
        .unwrap();
    assert_eq!(kinds(&documents[1]).len(), shots.len());
    fs::remove_dir_all(home.path("out")).unwrap();
    // A policy on trial says where it differs, and changes nothing.
    let on_trial = preset(
        &home,
        "review = 0.9\nblock = 1.0\n[shadow]\nreview = 0.0\nblock = 0.0",
    );
    let tried = ingest(&home, &on_trial, &[&photo], 0).document();
    assert_eq!(tried["screening"]["verdict"], "pass");
    assert_eq!(tried["shadow"]["verdict"], "block");
    assert_eq!(tried["shadow"]["differs"], true);
    assert_eq!(tried["renditions"].as_array().unwrap().len(), 1);
    fs::remove_dir_all(home.path("out")).unwrap();
    let strictest = preset(&home, "review = 0.0\nblock = 0.0");
    let blocked = ingest(&home, &strictest, &[&photo], 1).document();
    assert_eq!(blocked["screening"]["verdict"], "block");
    assert!(blocked["renditions"].as_array().unwrap().is_empty());
    assert!(blocked["seconds"].get("renditions").is_none());
    let names: Vec<String> = results(&home.path("out/fig")).into_keys().collect();
    assert_eq!(names, ["ingested.json"]);
}

/// A preset that makes a still and an animation of clips.
fn thumbnails(home: &Home) -> String {
    let text = "schema = \"tastemaker.ingest/1\"\nname = \"Own\"\nsummary = \"Own\"\n\
                takes = [\"image\", \"video\"]\nanalyses = [\"loudness\"]\n\
                [screening]\nreview = 1.0\nblock = 1.0\n\
                [[renditions]]\nname = \"still\"\nclips = \"still\"\nformat = \"png\"\n\
                [[renditions]]\nname = \"moving\"\nclips = \"animation\"\nseconds = 2\nquality = 90\n\
                long_side = 640\n";
    fs::write(home.path("thumbnails.toml"), text).unwrap();
    "thumbnails.toml".into()
}

#[test]
fn a_clip_gets_a_reel_of_its_best_moments_and_what_is_too_short_is_its_own() {
    let home = Home::new();
    let text = "schema = \"tastemaker.ingest/1\"\nname = \"Own\"\nsummary = \"Own\"\n\
                takes = [\"image\", \"video\"]\nanalyses = [\"shots\"]\n\
                [screening]\nreview = 1.0\nblock = 1.0\n\
                [[renditions]]\nname = \"reel\"\nclips = \"reel\"\nseconds = 4\naspect = [1, 1]\n";
    fs::write(home.path("own.toml"), text).unwrap();
    let short = ffmpeg()
        .source("testsrc2=size=320x240:rate=25:duration=0.4")
        .writes(home.path("short.mp4"));
    let files = [media("clips/bikes.mp4"), short, media("photos/coffee.jpg")];
    let documents = ingest(
        &home,
        "own.toml",
        &files.each_ref().map(|file| file.as_path()),
        0,
    )
    .documents();
    let reel = &documents[0]["renditions"][0];
    assert_eq!(
        (&reel["path"], &reel["width"], &reel["height"]),
        (&"reel.mp4".into(), &1080.into(), &1080.into())
    );
    let length = |path: &str| {
        let facts = probe(&home.path(path), &Limits::default()).unwrap();
        facts.video.unwrap().duration.unwrap().seconds()
    };
    let seconds = length("out/bikes/reel.mp4");
    assert!((2.0..=4.1).contains(&seconds), "{seconds}");
    let names: Vec<String> = results(&home.path("out/bikes")).into_keys().collect();
    assert_eq!(names, ["ingested.json", "reel.mp4"]);
    assert!((length("out/short/reel.mp4") - 0.4).abs() < 0.05);
    assert_eq!(documents[2]["renditions"][0]["path"], "reel.jpg");
}

/// Subtitles, further sound and covers are looked at by nobody, and some cameras write in subtitles where they are.
#[test]
fn renditions_of_a_clip_have_no_track_that_nobody_looked_at() {
    let home = Home::new();
    let lines = "1\n00:00:00,000 --> 00:00:02,000\n[latitude: 48.13]\n";
    fs::write(home.path("words.srt"), lines).unwrap();
    let clip = ffmpeg()
        .source("testsrc2=size=320x240:rate=25:duration=2")
        .source("sine=f=440:d=2")
        .source("sine=f=880:d=2")
        .input(home.path("words.srt"))
        .input(media("photos/coffee.jpg"))
        .words("-map 0:v -map 1:a -map 2:a -map 3:s -map 4:v -c:a aac -c:s mov_text")
        .words("-c:v:0 libx264 -c:v:1 copy -disposition:v:1 attached_pic")
        .writes(home.path("clip.mp4"));
    let kinds = |path: &Path| {
        let kinds = ffprobe(
            path,
            ["-show_entries", "stream=codec_type", "-of", "csv=p=0"],
        );
        kinds
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds(&clip).len(), 5);
    let screening = "review = 1.0\nblock = 1.0";
    for kept in ["", "metadata = \"all\"\n"] {
        let name = preset(&home, screening);
        let text = fs::read_to_string(home.path(&name)).unwrap();
        fs::write(home.path(&name), text + kept).unwrap();
        tastemaker(&home)
            .args(["ingest", &name, "clip.mp4", "-o", "out", "--force"])
            .exits(0);
        let made = kinds(&home.path("out/clip/small.mp4"));
        assert_eq!(made, ["video", "audio"], "{kept}");
    }
}

/// The frame of a film that is on the screen at `seconds`.
fn frame_at(path: &Path, seconds: f64) -> Rgb8 {
    let mut reader = VideoReader::open(path, &Limits::default(), 1).unwrap();
    reader.seek(Rational::nearest(seconds, 90_000)).unwrap();
    reader.next_frame().unwrap().unwrap();
    reader.image(FrameSize::Full).unwrap()
}

#[test]
fn a_clip_gets_a_still_of_its_best_frame_and_an_animation_of_its_best_moment() {
    let home = Home::new();
    let (clip, photo) = (media("clips/bikes.mp4"), media("photos/coffee.jpg"));
    let name = thumbnails(&home);
    let documents = ingest(&home, &name, &[&clip, &photo], 0).documents();
    let made = &documents[0]["renditions"];
    assert_eq!(made[0]["path"], "still.png");
    // The key frame of a shot, to the byte.
    let at = made[0]["at"].as_f64().unwrap();
    let shots = documents[0]["analysis"]["video"]["shots"]
        .as_array()
        .unwrap();
    let key = |shot: &Value| (shot["key_time"].as_f64().unwrap() - at).abs() < 0.002;
    assert!(shots.iter().any(key), "{at}");
    let still = to_srgb(&decode(&home.path("out/bikes/still.png")).picture);
    assert!(still == frame_at(&clip, at));

    assert_eq!(made[1]["path"], "moving.webp");
    let from = made[1]["at"].as_f64().unwrap();
    let inside = |shot: &Value| {
        let time = |name: &str| shot[name].as_f64().unwrap();
        time("start") <= from && from + 2.0 <= time("end") + 0.01
    };
    assert!(shots.iter().any(inside), "{from}");
    // Another decoder than the encoder's own sees the frames at their times.
    let path = home.path("out/bikes/moving.webp");
    let mut reader = VideoReader::open(&path, &Limits::default(), 1).unwrap();
    let mut frames = 0;
    while let Some(info) = reader.next_frame().unwrap() {
        let seconds = info.time.seconds();
        let there = frame_at(&clip, from + seconds + 0.001);
        let here = reader.image(FrameSize::Full).unwrap();
        let difference = mean_difference(&here, &there);
        assert!(difference < 6.0, "{seconds}: {difference}");
        assert!(
            (seconds - 0.1 * f64::from(frames)).abs() < 0.06,
            "{seconds}"
        );
        frames += 1;
    }
    assert!((19..=21).contains(&frames), "{frames}");
    assert!(fs::metadata(&path).unwrap().len() < 3_000_000);

    // A photo is a still already.
    let made = documents[1]["renditions"].as_array().unwrap();
    let paths: Vec<&str> = made.iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["still.png", "moving.jpg"]);
    assert!(made.iter().all(|it| it.get("at").is_none()));
}

#[test]
fn short_video_makes_what_a_feed_needs() {
    let home = Home::new();
    let clip = media("clips/carphone.mp4");
    let ingested = ingest(&home, "short-video", &[&clip], 0).document();
    let made = ingested["renditions"].as_array().unwrap();
    let paths: Vec<&str> = made.iter().map(|it| it["path"].as_str().unwrap()).collect();
    assert_eq!(
        paths,
        [
            "upright.mp4",
            "preview.mp4",
            "thumbnail.webp",
            "animated.webp"
        ]
    );
    for rendition in [&made[2], &made[3]] {
        let side = |name: &str| rendition[name].as_f64().unwrap();
        let shape = side("width") / side("height");
        assert!((shape - 9.0 / 16.0).abs() < 0.02, "{rendition}");
    }
    // The man who speaks is in the still.
    let still = decode(&home.path("out/carphone/thumbnail.webp"));
    let faces = models().detect_faces(&to_srgb(&still.picture)).unwrap();
    assert_eq!(faces.len(), 1);
    fs::remove_dir_all(home.path("out")).unwrap();
    let again = ingest(&home, "short-video", &[&clip], 0).document();
    assert_eq!(again["renditions"], ingested["renditions"]);
}

#[test]
fn what_a_file_is_about_and_where_it_may_be_interrupted_is_told() {
    let home = Home::new();
    // A sentence, a pause of a second, and two more; the cuts after the first one are in the middle of speech.
    let film = ffmpeg()
        .input(media("clips/plaza.mp4"))
        .input(media("clips/earth.mp4"))
        .input(media("clips/bikes.mp4"))
        .input(media("speech/austen-0870.flac"))
        .input(media("speech/austen-0890.flac"))
        .input(media("speech/austen-0920.flac"))
        .arg("-filter_complex")
        .arg(
            "[0:v]trim=duration=7.6,fps=25,scale=480:270,setsar=1[a];\
             [1:v]trim=duration=2.9,fps=25,scale=480:270,setsar=1[b];\
             [2:v]trim=duration=8.9,fps=25,scale=480:270,setsar=1[c];[a][b][c]concat=n=3[v];\
             [3:a]apad=pad_dur=1,aresample=44100[d];[4:a]aresample=44100[e];[5:a]aresample=44100[f];\
             [d][e][f]concat=n=3:v=0:a=1[s]",
        )
        .words("-map [v] -map [s] -pix_fmt yuv420p -crf 20")
        .writes(home.path("film.mp4"));
    let name = preset(&home, "review = 1.0\nblock = 1.0");
    let text = fs::read_to_string(home.path(&name)).unwrap();
    let parts = "analyses = [\"shots\", \"scene\", \"objects\", \"speech\"]";
    let text = text.replace("analyses = [\"shots\"]", parts);
    fs::write(home.path(&name), text).unwrap();
    let (cup, dogs) = (media("photos/coffee.jpg"), media("photos/dogs.jpg"));
    let documents = ingest(&home, &name, &[&cup, &dogs, &film], 0).documents();
    for (document, topic) in [(&documents[0], "food_and_drink"), (&documents[1], "pets")] {
        let best = &document["topics"][0];
        assert_eq!(best["id"], topic, "{}", document["topics"]);
        assert_eq!(best["reasons"][0]["by"], "scene");
        assert!(document.get("ad_breaks").is_none());
    }
    let breaks = documents[2]["ad_breaks"].as_array().unwrap();
    assert_eq!(breaks.len(), 1, "{breaks:?}");
    let at = breaks[0]["at"].as_f64().unwrap();
    assert!((at - 7.6).abs() < 0.1, "{breaks:?}");
    let reasons = breaks[0]["reasons"].as_array().unwrap();
    let codes: Vec<&str> = reasons
        .iter()
        .map(|it| it["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["cut", "pause"]);
}

#[test]
fn brand_safety_tells_what_was_found_and_what_could_not_be_looked_at() {
    let home = Home::new();
    let name = preset(&home, "review = 1.0\nblock = 1.0");
    let text = fs::read_to_string(home.path(&name)).unwrap();
    let text = text.replace("[\"shots\"]", "[\"shots\", \"text\"]");
    let words = "[brand_words]\ncrime = [\"Selfish\"]\n";
    fs::write(home.path(&name), text + words).unwrap();
    let (photo, said) = (media("photos/meadow.jpg"), media("speech/austen-0890.flac"));
    let documents = ingest(&home, &name, &[&photo, &said], 0).documents();
    let risk = |at: usize, category: &str| {
        let all = documents[at]["brand_safety"].as_array().unwrap();
        let mut all = all.iter();
        all.find(|it| it["category"] == category).unwrap()["risk"].clone()
    };
    assert_eq!(risk(0, "nudity"), "none_found");
    assert_eq!(risk(0, "weapons"), "unknown");
    assert_eq!(risk(1, "profanity"), "none_found");
    assert_eq!(risk(1, "hate"), "unknown");
    // "Unless to be rather cold-hearted and rather selfish is to be ill-disposed."
    assert_eq!(risk(1, "crime"), "strong");
}

#[test]
fn the_first_seconds_of_a_clip_are_rated_where_all_that_counts_was_looked_for() {
    let home = Home::new();
    let clip = media("clips/carphone.mp4");
    let name = preset(&home, "review = 1.0\nblock = 1.0");
    let without = ingest(&home, &name, &[&clip], 0).document();
    assert!(without.get("hook").is_none());
    fs::remove_dir_all(home.path("out")).unwrap();
    let text = fs::read_to_string(home.path(&name)).unwrap();
    let text = text.replace("[\"shots\"]", "[\"shots\", \"faces\", \"text\"]");
    fs::write(home.path(&name), text).unwrap();
    let hook = ingest(&home, &name, &[&clip], 0).document()["hook"].clone();
    assert!(hook["score"].as_f64().unwrap() > 0.5, "{hook}");
    let reasons = hook["reasons"].as_array().unwrap().iter();
    let codes: Vec<&str> = reasons.map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["hook_motion", "hook_face", "hook_contrast"]);
}

#[test]
fn faces_are_blurred_where_the_preset_says_so() {
    let home = Home::new();
    let name = preset(&home, "review = 1.0\nblock = 1.0");
    let text = fs::read_to_string(home.path(&name)).unwrap();
    fs::write(home.path(&name), text + "faces = \"blur\"\n").unwrap();
    let photo = media("photos/astronaut.jpg");
    let ingested = ingest(&home, &name, &[&photo], 0).document();
    assert_eq!(ingested["renditions"][0]["faces_blurred"], 1);
    let small = decode(&home.path("out/astronaut/small.jpg"));
    let found = models().detect_faces(&to_srgb(&small.picture)).unwrap();
    assert!(found.is_empty());
}

#[test]
fn what_breaks_off_never_passes() {
    let home = Home::new();
    let whole = fs::read(media("photos/coffee.jpg")).unwrap();
    fs::write(home.path("half.jpg"), &whole[..whole.len() / 2]).unwrap();
    let lenient = preset(&home, "review = 1.0\nblock = 1.0");
    let ingested = ingest(&home, &lenient, &[&home.path("half.jpg")], 1).last_document();
    assert_eq!(ingested["screening"]["verdict"], "review");
    assert_eq!(kinds(&ingested), ["breaks_off"]);
}

#[test]
fn listed_words_are_found_and_words_nobody_understood_do_not_pass() {
    let Some(corpus) = corpus() else {
        return;
    };
    let home = Home::new();
    let english = corpus.join("speech/librivox_austen_0870.wav");
    let plain = preset(&home, "review = 1.0\nblock = 1.0\nwords = [\"zyzzyva\"]");
    let ingested = ingest(&home, &plain, &[&english], 0).document();
    let words = ingested["analysis"]["audio"]["transcript"]["words"]
        .as_array()
        .unwrap();
    let spoken = words[words.len() / 2]["text"].as_str().unwrap();
    let bare: String = spoken.chars().filter(|it| it.is_alphanumeric()).collect();
    fs::remove_dir_all(home.path("out")).unwrap();
    let listed = preset(
        &home,
        &format!(
            "review = 1.0\nblock = 1.0\nwords = [\"{}\"]",
            bare.to_uppercase()
        ),
    );
    let dutch = corpus.join("speech/fillets_nl");
    let dutch = fs::read_dir(dutch)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .max_by_key(|path| fs::metadata(path).unwrap().len())
        .unwrap();
    let run = ingest(&home, &listed, &[&english, &dutch], 1);
    let documents = run.documents();
    assert_eq!(documents[0]["screening"]["verdict"], "review");
    assert!(kinds(&documents[0]).iter().all(|kind| *kind == "word"));
    let found = &documents[0]["screening"]["evidence"][0];
    assert!(
        words
            .iter()
            .any(|word| word["start"] == found["at"] && word["text"] == found["text"])
    );
    assert_eq!(kinds(&documents[1]), ["words_unchecked"], "{dutch:?}");
}

#[test]
fn listed_words_are_found_in_the_subtitles_of_any_container() {
    let home = Home::new();
    let cues = "1\n00:00:01,000 --> 00:00:02,000\nNothing <i>here</i>\n\n\
                2\n00:00:02,500 --> 00:00:03,000\n{\\an8}a <b>Zyzzy</b>va!\n";
    fs::write(home.path("cues.srt"), cues).unwrap();
    let listed = preset(&home, "review = 1.0\nblock = 1.0\nwords = [\"zyzzyva\"]");
    for (name, codec) in [("a.mkv", "srt"), ("b.mp4", "mov_text"), ("c.mkv", "ass")] {
        let film = ffmpeg()
            .source("color=gray:s=160x120:d=4")
            .input(home.path("cues.srt"))
            .args(["-c:s", codec])
            .writes(home.path(name));
        let ingested = ingest(&home, &listed, &[&film], 1).last_document();
        assert_eq!(kinds(&ingested), ["subtitle_word"], "{name}");
        let found = &ingested["screening"]["evidence"][0];
        assert_eq!(
            (&found["at"], &found["text"]),
            (&2.5.into(), &"Zyzzyva!".into()),
            "{name}"
        );
    }
    let other = preset(&home, "review = 1.0\nblock = 1.0\nwords = [\"zyzzy\"]");
    tastemaker(&home)
        .args(["ingest", &other, "a.mkv", "-o", "other"])
        .exits(0);
}

#[test]
fn what_may_be_written_in_a_picture_is_for_a_person_where_the_preset_says_so() {
    let home = Home::new();
    let strict = preset(&home, "review = 1.0\nblock = 1.0\nwritten = \"review\"");
    let written = home.path("written.png");
    let font = "fontsize=48:fontcolor=white:box=1:boxcolor=black:x=40:y=40";
    let text = format!("drawtext=text='Twelve words that nobody has read':{font}");
    let written = ffmpeg()
        .input(media("photos/dune.jpg"))
        .args(["-vf", &text])
        .writes(written);
    let documents = ingest(&home, &strict, &[&written, &media("photos/dune.jpg")], 1).documents();
    assert_eq!(
        kinds(&documents[0]),
        ["written"],
        "{}",
        documents[0]["screening"]
    );
    assert_eq!(documents[0]["screening"]["verdict"], "review");
    let bounds = &documents[0]["screening"]["evidence"][0]["boxes"][0];
    assert_eq!(
        bounds,
        &documents[0]["analysis"]["picture"]["text"][0]["box"]
    );
    assert!(
        kinds(&documents[1]).is_empty(),
        "{}",
        documents[1]["screening"]
    );
}

#[test]
fn as_many_faces_as_the_preset_names_are_for_a_person() {
    let home = Home::new();
    let files = [media("photos/astronaut.jpg"), media("photos/dune.jpg")];
    let files: Vec<&Path> = files.iter().map(AsRef::as_ref).collect();
    let one = preset(&home, "review = 1.0\nblock = 1.0\nfaces = 1");
    let documents = ingest(&home, &one, &files, 1).documents();
    let found = &documents[0]["screening"]["evidence"][0];
    assert_eq!(
        (&found["kind"], &found["count"]),
        (&"faces".into(), &1.into())
    );
    let face = &documents[0]["analysis"]["picture"]["faces"][0];
    assert_eq!(found["boxes"], serde_json::json!([face["box"]]));
    assert!(
        kinds(&documents[1]).is_empty(),
        "{}",
        documents[1]["screening"]
    );
}

#[test]
fn music_is_suggested_of_a_catalog_for_a_use() {
    let home = Home::new();
    // Away from the list of licenses beside them: nobody knows what may be done with them.
    for name in ["night.ogg", "theme.ogg"] {
        fs::copy(media(&format!("music/{name}")), home.path(name)).unwrap();
    }
    tastemaker(&home)
        .args(["music", "--catalog", "own.catalog", "add"])
        .args(["night.ogg", "theme.ogg"])
        .exits(0);
    let wish = "[suggestions]\nlooks = 1\nmusic = 1\n";
    let own = preset(&home, &format!("review = 1.0\nblock = 1.0\n{wish}"));
    let photo = media("photos/sunset.jpg");
    let run = |output: &str, more: &[&str]| {
        tastemaker(&home)
            .args(["ingest", &own, "--json", "-o", output])
            .arg(&photo)
            .args(more)
            .exits(0)
            .last_document()["suggestions"]
            .clone()
    };
    let none = run("none", &[]);
    assert_eq!(none["music"].as_array().unwrap().len(), 0, "{none}");
    assert_eq!(none["looks"].as_array().unwrap().len(), 1, "{none}");
    let here = run("here", &["--music", "own.catalog"]);
    let music = here["music"].as_array().unwrap();
    assert_eq!(music.len(), 1, "{here}");
    // Where it lies is nobody's business.
    let path = music[0]["path"].as_str().unwrap();
    assert!(["night.ogg", "theme.ogg"].contains(&path), "{path}");
    let apart = ["--music", "own.catalog", "--sandbox", "best-effort"];
    assert_eq!(run("apart", &apart), here);
    let paid = format!("{wish}use = \"commercial\"\ncatalog = \"own.catalog\"\n");
    preset(&home, &format!("review = 1.0\nblock = 1.0\n{paid}"));
    let paid = run("paid", &[]);
    assert_eq!(paid["music"].as_array().unwrap().len(), 0, "{paid}");
    assert!(!paid["left_out"].as_array().unwrap().is_empty(), "{paid}");
    tastemaker(&home)
        .args(["ingest", &own, "--music", "no.catalog", "-o", "no"])
        .arg(&photo)
        .exits(2);
}

#[test]
fn files_are_ingested_apart_as_they_are_here() {
    let home = Home::new();
    let whole = fs::read(media("photos/dogs.jpg")).unwrap();
    fs::write(home.path("broken.jpg"), &whole[..whole.len() / 3]).unwrap();
    let files = [
        media("photos/cat.jpg"),
        "broken.jpg".into(),
        media("clips/bikes.mp4"),
        media("photos/dune.jpg"),
    ];
    let own = preset(&home, "review = 1.0\nblock = 1.0");
    let run = |output: &str, more: &[&str]| {
        let run = tastemaker(&home)
            .own_cache(&home)
            .args(["ingest", &own, "--json", "--jobs", "2", "-o", output])
            .args(&files)
            .args(more)
            .exits(1);
        let mut documents = run.documents();
        // Notices stay with the process that has something to notice.
        documents.retain(|it| it["schema"] == "tastemaker.ingested/1");
        for document in &mut documents {
            let fields = document.as_object_mut().unwrap();
            fields.remove("seconds");
            fields.remove("sandbox");
        }
        documents
    };
    let (here, apart) = (
        run("here", &[]),
        run("apart", &["--sandbox", "best-effort"]),
    );
    assert_eq!(here.len(), files.len());
    assert_eq!(here, apart);
    for ingested in here.iter().filter(|it| it["renditions"].is_array()) {
        let stem = Path::new(ingested["file"].as_str().unwrap())
            .file_stem()
            .unwrap();
        for rendition in ingested["renditions"].as_array().unwrap() {
            let name = rendition["path"].as_str().unwrap();
            let path = home.path("apart").join(stem).join(name);
            assert_eq!(rendition["blake3"], blake3_of(&path), "{name}");
        }
        let document = home.path("apart").join(stem).join("ingested.json");
        let document: Value = serde_json::from_slice(&fs::read(document).unwrap()).unwrap();
        assert_ne!(document["sandbox"]["posture"], "none", "{document}");
        assert_eq!(document["file"], ingested["file"]);
    }
    // Results that are there stay.
    let again = tastemaker(&home)
        .args(["ingest", &own, "-o", "apart", "--sandbox", "off"])
        .arg(&files[0])
        .exits(2);
    assert!(
        again.stderr().contains("exists already"),
        "{}",
        again.stderr()
    );
}

#[test]
fn thresholds_are_calibrated_on_labeled_files() {
    let home = Home::new();
    for (label, photo) in [
        ("safe", "cat.jpg"),
        ("safe", "dune.jpg"),
        ("unsafe", "dogs.jpg"),
    ] {
        let folder = home.path("labeled").join(label);
        fs::create_dir_all(&folder).unwrap();
        fs::copy(media(&format!("photos/{photo}")), folder.join(photo)).unwrap();
    }
    let words = "ingest --calibrate photo-feed --labeled labeled --json";
    let report = tastemaker(&home).args(words.split(' ')).exits(0).document();
    assert_eq!(
        (&report["safe"], &report["unsafe"]),
        (&2.into(), &1.into()),
        "{report}"
    );
    let rows = report["thresholds"].as_array().unwrap();
    let of: Vec<&str> = rows.iter().filter_map(|row| row["of"].as_str()).collect();
    assert_eq!(of, ["review", "block"]);
    // No photo here is unsafe, whatever its label: the highest threshold stops none and misses the one.
    let last = rows.last().unwrap();
    assert_eq!(
        (&last["false_alarms"], &last["misses"]),
        (&0.into(), &1.into()),
        "{report}"
    );
    tastemaker(&home)
        .args([
            "ingest",
            "--calibrate",
            "photo-feed",
            "--labeled",
            "nowhere",
        ])
        .exits(2);
    tastemaker(&home)
        .args(["ingest", "photo-feed", "labeled"])
        .exits(2);
}
