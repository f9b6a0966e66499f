//! What clips are written as, and what their containers carry beside pictures and sound.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Home, ffmpeg, ffprobe, results};

fn told(path: &Path, entries: &str) -> Vec<String> {
    let lines = ffprobe(path, ["-show_entries", entries]);
    lines.lines().map(|line| line.trim().to_owned()).collect()
}

fn frame_times(path: &Path) -> Vec<String> {
    let mut lines = told(path, "frame=pts_time");
    // A frame with side data has a second line.
    lines.retain(|line| line.trim_end_matches(',').parse::<f64>().is_ok());
    lines
}

/// What a run of ffmpeg writes to its standard output.
fn taken_out(path: &Path, arguments: &str) -> Vec<u8> {
    ffmpeg().input(path).words(arguments).arg("-").bytes()
}

fn write_chapters(folder: &Path) -> PathBuf {
    let path = folder.join("chapters.txt");
    let text = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=Opening\n\
                [CHAPTER]\nTIMEBASE=1/1000\nSTART=400\nEND=1000\ntitle=The rest\n";
    fs::write(&path, text).unwrap();
    path
}

/// A second of Matroska with AAC, PCM, subtitles, a font, a cover and chapters.
fn full_matroska(home: &Home) -> PathBuf {
    let folder = home.path("made");
    fs::create_dir_all(&folder).unwrap();
    let subtitles = folder.join("words.srt");
    let words = "1\n00:00:00,200 --> 00:00:00,700\nGood morning\n\n";
    fs::write(&subtitles, words).unwrap();
    let font = folder.join("letters.ttf");
    fs::write(&font, [7; 999]).unwrap();
    let cover = ffmpeg()
        .source("color=red:s=32x32")
        .words("-frames:v 1")
        .writes(folder.join("cover.jpg"));
    fs::create_dir_all(home.path("in")).unwrap();
    ffmpeg()
        .source("testsrc=s=64x48:r=25:d=1")
        .source("sine=f=300:d=1")
        .source("sine=f=500:d=1")
        .input(&subtitles)
        .input(write_chapters(&folder))
        .words("-map 0 -map 1 -map 2 -map 3 -map_chapters 4")
        .words("-c:v libx264 -c:a:0 aac -c:a:1 pcm_s16le -c:s srt")
        .words("-metadata:s:a:1 language=fra -metadata:s:s:0 language=eng")
        .arg("-attach")
        .arg(&font)
        .words("-metadata:s:t:0 mimetype=font/ttf -attach")
        .arg(&cover)
        .words("-metadata:s:t:1 mimetype=image/jpeg")
        .writes(home.path("in/a.mkv"))
}

#[test]
fn matroska_keeps_what_mp4_cannot_hold_where_its_container_is_kept() {
    let home = Home::new();
    let original = full_matroska(&home);
    let run = home
        .apply(&["silver", "in", "-o", "out", "--container", "keep", "--json"])
        .exits(0);
    assert_eq!(run.documents()[0]["format"], "mkv");
    assert!(run.documents()[0].get("left_out").is_none());
    let result = home.path("out/a.mkv");
    let container = told(&result, "format=format_name");
    assert!(container[0].contains("matroska"), "{container:?}");
    let codecs = told(&result, "stream=codec_type,codec_name");
    for wanted in [
        "h264,video",
        "aac,audio",
        "pcm_s16le,audio",
        "subrip,subtitle",
    ] {
        assert!(
            codecs.iter().any(|line| line == wanted),
            "{wanted}: {codecs:?}"
        );
    }
    let tags = told(&result, "stream_tags=language,filename,mimetype").join(" ");
    for wanted in [
        "fra",
        "eng",
        "letters.ttf",
        "font/ttf",
        "cover.jpg",
        "image/jpeg",
    ] {
        assert!(tags.contains(wanted), "{wanted}: {tags}");
    }
    let chapters = ffprobe(&result, ["-show_chapters"]);
    assert!(
        chapters.contains("Opening") && chapters.contains("The rest"),
        "{chapters}"
    );
    // Packets, words and pictures as they were.
    for arguments in [
        "-map 0:a:0 -c copy -f md5",
        "-map 0:a:1 -c copy -f md5",
        "-map 0:s:0 -c copy -f srt",
        "-map 0:v:1 -c copy -f image2pipe",
    ] {
        let (before, after) = (
            taken_out(&original, arguments),
            taken_out(&result, arguments),
        );
        assert!(!before.is_empty() && before == after, "{arguments}");
    }
    let font = home.path("font");
    let dump = format!("-dump_attachment:t:0 {} -i", font.display());
    ffmpeg().words(&dump).arg(&result).words("-f null -").run();
    assert_eq!(fs::read(font).unwrap(), [7; 999]);
    assert_eq!(frame_times(&original), frame_times(&result));
}

#[test]
fn containers_stay_where_they_can_and_a_clip_without_change_is_copied() {
    let home = Home::new();
    fs::create_dir(home.path("in")).unwrap();
    let x264 = "-c:v libx264 -c:a aac";
    let kinds = [
        ("a.mkv", "-c:v libx264 -c:a flac", "a.mp4", "a.mkv"),
        (
            "b.webm",
            "-c:v libvpx -deadline realtime -c:a libopus",
            "b.mp4",
            "b.mkv",
        ),
        ("c.mov", x264, "c.mov", "c.mov"),
        ("d.mp4", x264, "d.mp4", "d.mp4"),
        ("e.avi", "-c:v mpeg4 -c:a mp3", "e.mp4", "e.mp4"),
    ];
    for (name, codecs, ..) in kinds {
        ffmpeg()
            .source("testsrc=s=64x48:r=25:d=0.4")
            .source("sine=d=0.4")
            .words(codecs)
            .writes(home.path("in").join(name));
    }
    home.apply(&["silver", "in", "-o", "usual"]).exits(0);
    home.apply(&["silver", "in", "-o", "kept", "--container", "keep"])
        .exits(0);
    let names = |out: &str| -> Vec<String> { results(&home.path(out)).into_keys().collect() };
    assert_eq!(names("usual"), kinds.map(|(_, _, usual, _)| usual));
    assert_eq!(names("kept"), kinds.map(|(_, _, _, kept)| kept));
    // Sound in Opus keeps its packets in Matroska.
    let sound = "-map 0:a -c copy -f md5";
    assert_eq!(
        taken_out(&home.path("in/b.webm"), sound),
        taken_out(&home.path("kept/b.mkv"), sound)
    );

    home.apply(&["none", "in/a.mkv", "-o", "same", "--container", "keep"])
        .exits(0);
    assert!(fs::read(home.path("same/a.mkv")).unwrap() == fs::read(home.path("in/a.mkv")).unwrap());
}

/// Chapters that no writer should make, each in a file of its own: an end before the beginning, no time, a time below
/// zero or beyond all others, and one that lies before the first frame.
#[test]
fn a_bad_chapter_costs_no_clip() {
    let home = Home::new();
    let folder = home.path("in");
    fs::create_dir(&folder).unwrap();
    let chapters = write_chapters(&home.path("."));
    let with_chapters = |name: &str| {
        let path = ffmpeg()
            .source("testsrc=s=64x48:r=25:d=1")
            .input(&chapters)
            .words("-map 0 -map_chapters 1 -c:v libx264")
            .writes(home.path(name));
        fs::read(path).unwrap()
    };
    let place = |bytes: &[u8], wanted: &[u8]| {
        let found = bytes
            .windows(wanted.len())
            .position(|window| window == wanted);
        found.unwrap_or_else(|| panic!("no {wanted:?}"))
    };
    // MP4: without the track of chapters, the list `chpl` counts: 8 bytes of time and one of length before a title.
    let mut mp4 = with_chapters("plain.mp4");
    let reference = place(&mp4, b"chap");
    mp4[reference..reference + 4].copy_from_slice(b"free");
    let list = place(&mp4, b"chpl");
    let title = list + place(&mp4[list..], b"The rest");
    for (name, time) in [("none", i64::MIN), ("negative", -1), ("late", i64::MAX)] {
        let mut bent = mp4.clone();
        bent[title - 9..title - 1].copy_from_slice(&time.to_be_bytes());
        fs::write(folder.join(format!("{name}.mp4")), bent).unwrap();
    }
    // Matroska: ChapterTimeEnd (0x92) of one second, in nanoseconds.
    let mut mkv = with_chapters("plain.mkv");
    let end = place(&mkv, b"\x92\x84\x3b\x9a\xca\x00");
    mkv[end + 2..end + 6].fill(0);
    fs::write(folder.join("ends-before.mkv"), mkv).unwrap();
    ffmpeg()
        .input(home.path("plain.mkv"))
        .words("-c copy -output_ts_offset 1")
        .writes(folder.join("starts-late.mkv"));

    for container in ["mp4", "keep"] {
        let run = home
            .apply(&[
                "silver",
                "in",
                "-o",
                container,
                "--container",
                container,
                "--json",
            ])
            .exits(0);
        assert_eq!(run.answers().len(), 5);
        for (name, _) in results(&home.path(container)) {
            let path = home.path(container).join(&name);
            let frames = frame_times(&path).len();
            assert_eq!(frames, 25, "{container} {name}");
            // The chapter that is whole is there, but where it lies before the first frame.
            let kept = ffprobe(&path, ["-show_chapters"]);
            let good = if name.starts_with("starts-late") {
                ""
            } else {
                "Opening"
            };
            assert!(kept.contains(good), "{container} {name}: {kept}");
        }
    }
}

/// What stands in the document of a result for tracks that are left out.
fn left_out(home: &Home, arguments: &[&str]) -> serde_json::Value {
    let run = home.apply(arguments).exits(0);
    run.answers()[0]["left_out"].clone()
}

#[test]
fn text_subtitles_come_along_and_what_cannot_is_named() {
    let home = Home::new();
    let original = full_matroska(&home);
    let run = home
        .apply(&["silver", "in", "-o", "out", "--json"])
        .exits(0);
    let wanted = serde_json::json!([
        {"number": 2, "codec": "pcm_s16le"},
        {"kind": "attachment", "number": 1, "codec": "letters.ttf"},
    ]);
    assert_eq!(run.answers()[0]["left_out"], wanted);
    let notice = run
        .documents()
        .into_iter()
        .find(|document| document["code"] == "track_left_out" && document["kind"] == "attachment");
    assert!(notice.is_some(), "{run}");
    assert!(
        run.stderr()
            .contains("attachment 1 (letters.ttf) is left out"),
        "{run}"
    );
    let result = home.path("out/a.mp4");
    let subtitles = told(&result, "stream=codec_name:stream_tags=language");
    assert!(
        subtitles.iter().any(|line| line == "mov_text,eng"),
        "{subtitles:?}"
    );
    let words = String::from_utf8(taken_out(&result, "-map 0:s:0 -f srt")).unwrap();
    // Sound begins a little before the pictures, and with it the film.
    for part in ["00:00:00,2", "--> 00:00:00,7", "Good morning"] {
        assert!(words.contains(part), "{words}");
    }
    // The cover is the last video stream.
    let cover = "-map 0:v:1 -c copy -f image2pipe";
    assert!(taken_out(&original, cover) == taken_out(&result, cover));

    // Text goes the other way too, and stays as it is where it can.
    let path = home.path("out/a.mp4");
    let path = path.to_str().unwrap();
    home.apply(&["silver", path, "-o", "again"]).exits(0);
    let again = String::from_utf8(taken_out(&home.path("again/a.mp4"), "-map 0:s:0 -f srt"));
    assert_eq!(again.unwrap(), words);
}

#[test]
fn every_kind_of_subtitles_is_carried_or_named() {
    let home = Home::new();
    fs::create_dir_all(home.path("in")).unwrap();
    let subtitles = home.path("words.srt");
    let words = "1\n00:00:00,100 --> 00:00:00,600\n<i>One</i> & two\n\n\
                 2\n00:00:00,100 --> 00:00:00,900\nAt once\n\n";
    fs::write(&subtitles, words).unwrap();
    ffmpeg()
        .source("testsrc=s=64x48:r=25:d=1")
        .input(&subtitles)
        .words("-map 0 -map 1 -map 1 -map 1 -c:v libx264 -c:s:0 ass -c:s:1 webvtt -c:s:2 srt")
        .writes(home.path("in/text.mkv"));
    // FFmpeg makes no pictures of text: the codec of a text track is renamed.
    let mut bytes = fs::read(home.path("in/text.mkv")).unwrap();
    let name = b"S_TEXT/UTF8";
    let at = bytes.windows(name.len()).position(|window| window == name);
    bytes[at.unwrap()..][..name.len()].copy_from_slice(b"S_HDMV/PGS\0");
    fs::write(home.path("in/disc.mkv"), bytes).unwrap();
    for (name, wanted) in [
        ("text", serde_json::Value::Null),
        (
            "disc",
            serde_json::json!([{"kind": "subtitles", "number": 3, "codec": "hdmv_pgs_subtitle"}]),
        ),
    ] {
        let file = format!("in/{name}.mkv");
        assert_eq!(
            left_out(&home, &["silver", &file, "-o", "out", "--json"]),
            wanted
        );
        let result = home.path(&format!("out/{name}.mp4"));
        let codecs = told(&result, "stream=codec_name");
        let text = codecs.iter().filter(|line| *line == "mov_text").count();
        assert_eq!(text, if name == "text" { 3 } else { 2 }, "{codecs:?}");
        let words = String::from_utf8(taken_out(&result, "-map 0:s:0 -f srt")).unwrap();
        for part in ["One", "two", "At once"] {
            assert!(words.contains(part), "{name}: {words}");
        }
    }
}

/// Recordings with damage repeat and go back in time, and lose parts of packets.
#[test]
fn damaged_sound_beside_pictures_costs_no_clip() {
    let home = Home::new();
    fs::create_dir_all(home.path("in")).unwrap();
    for (name, codecs) in [
        ("a.mpg", "-c:v mpeg2video -c:a mp2"),
        ("b.ts", "-c:v mpeg2video -c:a mp2"),
        ("c.ts", "-c:v libx264 -g 5 -c:a aac"),
        ("d.mkv", "-c:v libx264 -g 5 -c:a aac"),
    ] {
        let path = ffmpeg()
            .source("testsrc2=s=96x64:r=25:d=2")
            .source("sine=d=2")
            .words(codecs)
            .writes(home.path(name));
        let whole = fs::read(path).unwrap();
        let length = whole.len();
        // What came last comes once more, and a part is missing.
        let mut damaged = whole[..length * 2 / 3].to_vec();
        damaged.extend(&whole[length / 3..length * 4 / 5]);
        damaged.extend(&whole[length * 4 / 5 + 777..]);
        for (number, byte) in damaged.iter_mut().enumerate().skip(length / 4) {
            if number % 1931 == 0 {
                *byte ^= 0x55;
            }
        }
        fs::write(home.path("in").join(name), damaged).unwrap();
    }
    let run = home
        .apply(&["silver", "in", "-o", "out", "--partial", "--json"])
        .run();
    assert!(!run.stdout().contains("\"encode\""), "{run}");
    let written: Vec<String> = results(&home.path("out")).into_keys().collect();
    assert_eq!(written, ["a.mp4", "b.mp4", "c.mp4", "d.mp4"]);
    for name in written {
        let result = home.path("out").join(&name);
        let times = ffprobe(
            &result,
            ["-select_streams", "a", "-show_entries", "packet=dts"],
        );
        let times: Vec<i64> = times
            .lines()
            .filter_map(|line| line.trim_end_matches(',').parse().ok())
            .collect();
        assert!(times.len() > 20, "{name}: {times:?}");
        assert!(times.is_sorted_by(|a, b| a < b), "{name}: {times:?}");
    }
}

/// Broadcasts change their size and their sampling between programs.
#[test]
fn frames_that_change_size_or_sampling_midway_are_brought_to_the_first() {
    let home = Home::new();
    fs::create_dir_all(home.path("in")).unwrap();
    let part = |name: &str, size: &str, settings: &str| {
        let path = ffmpeg()
            .source(&format!("testsrc2=s={size}:r=50:d=0.6"))
            .words(settings)
            .words("-f mpegts")
            .writes(home.path(name));
        fs::read(path).unwrap()
    };
    let fields = "-vf tinterlace=interleave_top -c:v mpeg2video -flags +ildct+ilme -top 1";
    let cases = [
        ("fields.ts", fields, "-pix_fmt yuv420p", "-pix_fmt yuv422p"),
        (
            "frames.ts",
            "-r 25 -c:v libx264",
            "-pix_fmt yuv420p",
            "-pix_fmt yuv444p",
        ),
    ];
    for (name, settings, first, second) in cases {
        let mut bytes = part("1", "96x64", &format!("{settings} {first}"));
        bytes.extend(part("2", "64x48", &format!("{settings} {first}")));
        bytes.extend(part("3", "96x64", &format!("{settings} {second}")));
        fs::write(home.path("in").join(name), bytes).unwrap();
    }
    home.apply(&["silver", "in", "-o", "out"]).exits(0);
    for name in ["fields.mp4", "frames.mp4"] {
        let result = home.path("out").join(name);
        let frames = frame_times(&result).len();
        assert!((40..=50).contains(&frames), "{name}: {frames}");
        let mut sizes = told(&result, "frame=width,height");
        // A frame with side data has a second line.
        sizes.retain(|line| !line.is_empty());
        assert!(
            sizes.iter().all(|line| line.starts_with("96,64")),
            "{name}: {sizes:?}"
        );
    }
}

/// AAC changes its rate midway: the result holds one rate, and that is told.
#[test]
fn sound_that_changes_midway_is_told_where_it_is_copied() {
    let home = Home::new();
    let part = |rate: u32| {
        ffmpeg()
            .source("testsrc=s=64x48:r=25:d=1")
            .source("sine=d=1")
            .words(&format!("-c:v mpeg2video -c:a aac -ar {rate} -f mpegts -"))
            .bytes()
    };
    fs::write(home.path("a.ts"), [part(48_000), part(32_000)].concat()).unwrap();
    fs::write(home.path("b.ts"), [part(48_000), part(48_000)].concat()).unwrap();
    let run = home
        .apply(&["silver", "a.ts", "b.ts", "-o", "out", "--json"])
        .exits(0);
    let told = |number: usize| run.answers()[number]["treatments"].clone();
    assert_eq!(told(0), serde_json::json!(["sound_changes"]));
    assert_eq!(told(1), serde_json::Value::Null);
    assert!(run.stderr().contains("changes its rate"), "{run}");
}
