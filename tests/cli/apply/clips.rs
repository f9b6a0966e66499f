//! Clips: the look changes the pictures, and everything else is kept.

use std::fs;
use std::path::{Path, PathBuf};

use tastemaker::geometry::Size;
use tastemaker::media::{FrameSize, Limits, VideoReader};
use tastemaker::picture::Rgb8;

use crate::support::{Home, ffmpeg, ffprobe, mean_difference, media, results};

/// What ffprobe says, a line a packet or frame.
fn probe(path: &Path, stream: &str, arguments: &[&str]) -> String {
    ffprobe(path, [&["-select_streams", stream], arguments].concat())
}

fn frame_times(path: &Path) -> String {
    probe(
        path,
        "v:0",
        &["-show_entries", "frame=best_effort_timestamp_time"],
    )
}

/// Content and times of all packets of sound.
fn sound(path: &Path) -> String {
    let entries = "packet=pts_time,dts_time,duration_time,data_hash";
    probe(
        path,
        "a",
        &[
            "-show_packets",
            "-show_data_hash",
            "md5",
            "-show_entries",
            entries,
        ],
    )
}

fn first_frame(path: &Path) -> Rgb8 {
    let mut reader = VideoReader::open(path, &Limits::default(), 1).unwrap();
    reader.next_frame().unwrap().unwrap();
    reader.image(FrameSize::Full).unwrap()
}

/// A home with a folder "in", and [`uneven`] at `name` in it.
fn home_with_clip(name: &str) -> (Home, PathBuf) {
    let home = Home::new();
    fs::create_dir(home.path("in")).unwrap();
    let clip = home.path(name);
    uneven(&clip);
    (home, clip)
}

/// A second of a clip with uneven frames, sound that begins before them, and a place.
fn uneven(path: &Path) {
    let clip = media("clips/carphone.mp4");
    ffmpeg()
        .args([
            "-i",
            clip.to_str().unwrap(),
            "-f",
            "lavfi",
            "-i",
            "sine=frequency=440:sample_rate=44100:duration=1.5",
            "-vf",
            "select='mod(n,5)*mod(n,7)',scale=160:128,setsar=1",
            "-fps_mode",
            "vfr",
            "-video_track_timescale",
            "90000",
            "-frames:v",
            "25",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-bf",
            "2",
            "-c:a",
            "aac",
            "-metadata",
            "location=+52.5200+013.4050/",
            "-metadata",
            "title=Ride",
        ])
        .writes(path);
}

#[test]
fn times_and_sound_stay_exactly_as_they_were() {
    let (home, _) = home_with_clip("in/a.mp4");
    let steps: Vec<f64> = frame_times(&home.path("in/a.mp4"))
        .lines()
        .filter_map(|line| line.trim_end_matches(',').parse().ok())
        .collect();
    assert_eq!(steps.len(), 25);
    let even = steps
        .windows(2)
        .all(|pair| (pair[1] - pair[0] - steps[1] + steps[0]).abs() < 1e-3);
    assert!(!even, "the clip is not uneven: {steps:?}");
    let run = home
        .apply(&["silver", "in", "-o", "out", "--json"])
        .exits(0);
    let line = &run.documents()[0];
    assert_eq!(
        (&line["format"], &line["width"]),
        (&"mp4".into(), &160.into())
    );
    let (before, after) = (home.path("in/a.mp4"), home.path("out/a.mp4"));
    assert_eq!(frame_times(&before), frame_times(&after));
    assert!(sound(&before).lines().count() > 20);
    assert_eq!(sound(&before), sound(&after));
    // A monochrome look, in the tags that the frames are encoded by.
    let frame = first_frame(&after);
    let colorful = frame.pixels().filter(|p| p[0].abs_diff(p[2]) > 24).count();
    assert!(colorful * 50 < frame.samples().len(), "{colorful}");
    let tags = probe(
        &after,
        "v:0",
        &[
            "-show_entries",
            "stream=color_space,color_transfer,color_primaries",
        ],
    );
    assert_eq!(tags.trim(), "bt709,bt709,bt709");
}

#[test]
fn a_look_of_nothing_gives_the_file_itself_or_what_encoding_gives() {
    let (home, original) = home_with_clip("in/a.mp4");
    home.apply(&["none", "in", "-o", "same"]).exits(0);
    assert!(fs::read(home.path("same/a.mp4")).unwrap() == fs::read(&original).unwrap());
    home.apply(&["none", "in", "-o", "new", "--metadata", "strip"])
        .exits(0);
    let (before, after) = (first_frame(&original), first_frame(&home.path("new/a.mp4")));
    let difference = mean_difference(&before, &after);
    assert!(difference < 3.0, "{difference}");
}

#[test]
fn a_look_that_evens_measures_the_clip_once() {
    let (home, plain) = home_with_clip("plain.mp4");
    let dark = [
        "-i",
        plain.to_str().unwrap(),
        "-vf",
        "lutyuv=y=16+(val-16)/2.5",
    ];
    ffmpeg().args(dark).writes(home.path("in/a.mp4"));
    fs::write(
        home.path("even.toml"),
        "schema = \"tastemaker.look/1\"\nsummary = \"x\"\nfamily = \"x\"\n[[step]]\nkind = \"even\"\namount = 100\n",
    )
    .unwrap();
    home.apply(&["./even.toml", "in", "-o", "out"]).exits(0);
    let sum = |frame: Rgb8| -> u64 { frame.samples().iter().map(|v| u64::from(*v)).sum() };
    let before = sum(first_frame(&home.path("in/a.mp4")));
    let after = sum(first_frame(&home.path("out/a.mp4")));
    assert!(after * 10 > before * 13, "{before} before, {after} after");
}

#[test]
fn turned_clips_come_out_upright_and_fit() {
    let (home, plain) = home_with_clip("plain.mp4");
    let turn = [
        "-i",
        plain.to_str().unwrap(),
        "-c",
        "copy",
        "-metadata:s:v",
        "rotate=90",
    ];
    ffmpeg().args(turn).writes(home.path("in/a.mov"));
    let before = first_frame(&home.path("in/a.mov"));
    assert_eq!(before.size(), Size::new(128, 160));
    home.apply(&["none", "in", "-o", "out"]).exits(0);
    let after = home.path("out/a.mov");
    let stored = probe(&after, "v:0", &["-show_entries", "stream=width,height"]);
    assert_eq!(stored.trim(), "128,160");
    assert!(mean_difference(&before, &first_frame(&after)) < 3.0);
    assert_eq!(sound(&home.path("in/a.mov")), sound(&after));
    home.apply(&["none", "in", "-o", "small", "--resize", "81"])
        .exits(0);
    assert_eq!(
        first_frame(&home.path("small/a.mov")).size(),
        Size::new(64, 80)
    );
}

#[test]
fn a_clip_is_cut_to_a_shape_by_one_crop_around_its_subject() {
    let (home, plain) = home_with_clip("plain.mp4");
    // The speaker at the right end of a gray wall.
    fs::create_dir_all(home.path("in")).unwrap();
    let pad = [
        "-i",
        plain.to_str().unwrap(),
        "-vf",
        "pad=480:128:320:0:gray",
        "-c:a",
        "copy",
    ];
    ffmpeg().args(pad).writes(home.path("in/a.mp4"));
    home.apply(&["none", "in", "-o", "out", "--aspect", "1:1"])
        .exits(0);
    let after = home.path("out/a.mp4");
    let cut = first_frame(&after);
    assert_eq!(cut.size(), Size::new(128, 128));
    let gray = cut
        .pixels()
        .filter(|pixel| pixel.iter().all(|sample| sample.abs_diff(128) < 6));
    let gray = gray.count();
    assert!(gray < 128 * 128 / 4, "{gray} pixels of the wall are left");
    assert_eq!(frame_times(&home.path("in/a.mp4")), frame_times(&after));
    assert_eq!(sound(&home.path("in/a.mp4")), sound(&after));
}

#[test]
fn what_a_clip_says_of_itself_follows_the_policy() {
    let (home, _) = home_with_clip("in/a.mp4");
    let told = |path: &Path| probe(path, "v:0", &["-show_entries", "format_tags"]);
    assert!(told(&home.path("in/a.mp4")).contains("+52.5200"));
    for (policy, place, title) in [
        ("keep", true, true),
        ("strip-location", false, true),
        ("strip", false, false),
    ] {
        let run = home
            .apply(&["silver", "in", "-o", policy, "--metadata", policy, "--json"])
            .exits(0);
        let path = home.path(policy).join("a.mp4");
        assert_eq!(
            told(&path).contains("+52.5200"),
            place,
            "{policy}: {}",
            told(&path)
        );
        assert_eq!(told(&path).contains("Ride"), title, "{policy}");
        assert_eq!(run.documents()[0]["location"], place, "{policy}");
    }
}

#[test]
fn clips_are_finished_once_and_the_same_for_any_number_at_a_time() {
    let (home, _) = home_with_clip("in/a.mp4");
    home.photos("in", &[("b.jpg", "cat")]);
    home.apply(&["film-faded", "in", "-o", "one", "-j", "1"])
        .exits(0);
    home.apply(&["film-faded", "in", "-o", "two", "-j", "2"])
        .exits(0);
    let one = results(&home.path("one"));
    assert_eq!(one.len(), 2);
    assert!(one == results(&home.path("two")));
    let run = home
        .apply(&["film-faded", "in", "-o", "one", "--resume", "--json"])
        .exits(0);
    assert!(
        run.documents()
            .iter()
            .all(|line| line["status"] == "finished")
    );
    fs::remove_file(home.path("one/.tastemaker.journal")).unwrap();
    let run = home
        .apply(&["film-faded", "in", "-o", "one", "--resume", "--json"])
        .exits(0);
    assert!(
        run.documents()
            .iter()
            .all(|line| line["status"] == "finished")
    );
    assert!(one == results(&home.path("one")));
}

#[test]
fn a_clip_that_breaks_off_is_named_and_written_only_when_asked_for() {
    let (home, whole) = home_with_clip("whole.mp4");
    ffmpeg()
        .args([
            "-i",
            whole.to_str().unwrap(),
            "-c",
            "copy",
            "-movflags",
            "+faststart",
        ])
        .writes(home.path("in/a.mp4"));
    let bytes = fs::read(home.path("in/a.mp4")).unwrap();
    fs::write(home.path("in/a.mp4"), &bytes[..bytes.len() * 2 / 3]).unwrap();
    let run = home.apply(&["silver", "in", "-o", "out"]).exits(1);
    assert!(
        run.stderr().contains("in/a.mp4 breaks off"),
        "{}",
        run.stderr()
    );
    assert!(results(&home.path("out")).is_empty());
    let run = home
        .apply(&["silver", "in", "-o", "out", "--partial", "--json"])
        .exits(1);
    let documents = run.documents();
    assert_eq!(documents[0]["code"], "partly_written");
    assert_eq!(documents[1]["partial"]["code"], "breaks_off");
    first_frame(&home.path("out/a.mp4"));
}

#[test]
fn a_clip_whose_sound_mp4_cannot_hold_becomes_one_that_can() {
    let (home, plain) = home_with_clip("plain.mp4");
    for (name, codec) in [("pcm.mkv", "pcm_s16le"), ("wma.wmv", "wmav2")] {
        ffmpeg()
            .input(&plain)
            .words(&format!("-c:v copy -c:a {codec}"))
            .writes(home.path(&format!("in/{name}")));
    }
    home.apply(&["silver", "in", "-o", "out"]).exits(0);
    for (name, codec) in [("pcm.mov", "pcm_s16le"), ("wma.mkv", "wmav2")] {
        let result = home.path(&format!("out/{name}"));
        let kept = ["-show_entries", "stream=codec_name", "-of", "csv=p=0"];
        assert_eq!(probe(&result, "a", &kept).trim(), codec, "{name}");
    }
}

#[test]
fn sound_that_nothing_knows_costs_no_clip() {
    let home = Home::new();
    let path = home.path("in/unknown.mp4");
    clip_with_tracks(&path, &["aac"]);
    hide_codec(&path);
    let run = home
        .apply(&["silver", "in", "-o", "out", "--json"])
        .exits(0);
    let left_out = &run.answers()[0]["left_out"];
    assert_eq!(
        *left_out,
        serde_json::json!([{"number": 1, "codec": "apac"}])
    );
    first_frame(&home.path("out/unknown.mp4"));
}

/// A clip with the sound tracks of `codecs`, the first in German and the default one, and with two chapters and a
/// timecode.
fn clip_with_tracks(path: &Path, codecs: &[&str]) {
    let chapters = path.with_extension("chapters");
    let text = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=Opening\n\
                [CHAPTER]\nTIMEBASE=1/1000\nSTART=400\nEND=1000\ntitle=The rest\n";
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&chapters, text).unwrap();
    let mut run = ffmpeg().source("testsrc=s=64x48:r=25:d=1");
    for at in 0..codecs.len() {
        run = run.source(&format!("sine=f={}:d=1", 300 + 100 * at));
    }
    run = run.input(&chapters).words("-map 0");
    for (at, codec) in codecs.iter().enumerate() {
        run = run.words(&format!("-map {} -c:a:{at} {codec}", at + 1));
    }
    run.words(&format!(
        "-map_chapters {} -c:v libx264 -timecode 10:00:00:00",
        codecs.len() + 1
    ))
    .words("-metadata:s:a:0 language=deu -disposition:a:0 default")
    .writes(path);
    fs::remove_file(chapters).unwrap();
}

/// Gives the last track of an MP4 four letters that no decoder knows, as phones write for spatial sound, and takes out
/// what would give AAC away.
fn hide_codec(path: &Path) {
    let mut bytes = fs::read(path).unwrap();
    for (letters, other) in [(b"mp4a", b"apac"), (b"esds", b"free")] {
        let last = bytes.windows(4).rposition(|four| four == letters).unwrap();
        bytes[last..last + 4].copy_from_slice(other);
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn one_track_that_cannot_be_held_costs_that_track_alone() {
    let home = Home::new();
    clip_with_tracks(
        &home.path("in/pcm.mkv"),
        &["aac", "pcm_s16le", "libmp3lame"],
    );
    let path = home.path("in/unknown.mp4");
    clip_with_tracks(&path, &["aac", "aac"]);
    hide_codec(&path);

    let run = home
        .apply(&["silver", "in", "-o", "out", "--json"])
        .exits(0);
    let left_out: Vec<_> = run
        .answers()
        .iter()
        .map(|document| document["left_out"].clone())
        .collect();
    assert_eq!(
        left_out[0],
        serde_json::json!([{"number": 2, "codec": "pcm_s16le"}])
    );
    assert_eq!(
        left_out[1],
        serde_json::json!([{"number": 2, "codec": "apac"}])
    );
    assert!(run.stderr().contains("sound track 2 (apac)"), "{run}");
    for (name, tracks) in [("pcm.mp4", "aac\nmp3"), ("unknown.mp4", "aac")] {
        let result = home.path(&format!("out/{name}"));
        let codecs = probe(
            &result,
            "a",
            &["-show_entries", "stream=codec_name", "-of", "csv=p=0"],
        );
        assert_eq!(codecs.trim(), tracks, "{name}");
        let language = probe(
            &result,
            "a:0",
            &["-show_entries", "stream_tags=language", "-of", "csv=p=0"],
        );
        assert_eq!(language.trim(), "deu", "{name}");
        let chapters = ffprobe(&result, ["-show_chapters", "-of", "csv=p=0"]);
        assert!(
            chapters.contains("Opening") && chapters.contains("The rest"),
            "{chapters}"
        );
        let timecode = probe(
            &result,
            "v",
            &["-show_entries", "stream_tags=timecode", "-of", "csv=p=0"],
        );
        assert!(timecode.contains("10:00:00:00"), "{name}: {timecode}");
    }
}
