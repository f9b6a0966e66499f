//! Interlaced films: their fields become frames, in the right order, wherever the flags are right, wrong or missing.

use std::path::{Path, PathBuf};

use tastemaker::media::{FrameInfo, FrameSize, KnownFields, Limits, VideoReader};
use tastemaker::picture::{FilmTreatment, Rgb8};
use tastemaker::time::Rational;

use crate::support::{Home, ffmpeg, ffmpeg_report, ffprobe, mean_difference, tastemaker};

/// Patterns that move in several ways, 50 pictures a second.
fn moving(size: &str) -> String {
    format!("testsrc2=s={size}:r=50:d=2,scroll=horizontal=0.01")
}

/// Those pictures, as they are.
fn whole(folder: &Path, size: &str) -> PathBuf {
    ffmpeg()
        .source(&moving(size))
        .words("-pix_fmt yuv420p -c:v libx264 -qp 0 -preset ultrafast")
        .writes(folder.join(format!("whole-{size}.mkv")))
}

/// Two of those pictures in each frame, the first of them in the top or the bottom lines.
fn woven(path: PathBuf, size: &str, first: &str, encoder: &str) -> PathBuf {
    // Before the weaving: afterwards a change of chroma would mix the fields.
    let format = match encoder {
        encoder if encoder.contains("yuv422p10le") => "yuv422p10le",
        encoder if encoder.contains("yuyv422") => "yuv422p",
        _ => "yuv420p",
    };
    let mut filter = format!("format={format},tinterlace=interleave_{first}");
    if path.ends_with("wrong.mp4") {
        filter += ",setfield=bff";
    }
    ffmpeg()
        .source(&moving(size))
        .args(["-vf", &filter])
        .words(encoder)
        .writes(path)
}

fn open(path: &Path) -> VideoReader {
    VideoReader::open(path, &Limits::default(), 2).unwrap_or_else(|error| panic!("{error}"))
}

fn frames(path: &Path) -> (Vec<(FrameInfo, Rgb8)>, Vec<FilmTreatment>) {
    frames_of(open(path))
}

fn frames_of(mut reader: VideoReader) -> (Vec<(FrameInfo, Rgb8)>, Vec<FilmTreatment>) {
    let mut frames = Vec::new();
    while let Some(info) = reader.next_frame().unwrap() {
        frames.push((info, reader.image(FrameSize::Full).unwrap()));
    }
    (frames, reader.treatments())
}

/// Frames as FFmpeg decodes them, without looking at fields.
fn raw(path: &Path, size: (u32, u32)) -> Vec<Rgb8> {
    let bytes = ffmpeg()
        .input(path)
        .words("-f rawvideo -pix_fmt rgb24 -")
        .bytes();
    let size = tastemaker::geometry::Size::new(size.0, size.1);
    let frames = bytes.chunks_exact(size.pixels() as usize * 3);
    frames
        .map(|frame| Rgb8::new(size, frame.to_vec()).unwrap())
        .collect()
}

/// What is told of a film: its file, its size, which field is first, and its encoder.
type Case = (&'static str, &'static str, &'static str, &'static str);

#[test]
fn a_film_that_is_opened_again_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let tape = "-pix_fmt yuv420p -c:v dvvideo";
    let path = woven(folder.path().join("tape.avi"), "720x576", "bottom", tape);
    let known = KnownFields::default();
    let opened = || VideoReader::open_again(&path, &Limits::default(), 2, &known).unwrap();
    let first = frames_of(opened());
    assert_eq!(first.1, [FilmTreatment::Deinterlaced]);
    assert_eq!(first, frames(&path));
    assert_eq!(first, frames_of(opened()));
}

#[test]
fn fields_become_the_frames_of_their_own_moments() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [Case; 9] = [
        (
            "mpeg2-top.mpg",
            "720x576",
            "top",
            "-c:v mpeg2video -flags +ildct+ilme -top 1 -q:v 2",
        ),
        (
            "mpeg2-bottom.ts",
            "720x576",
            "bottom",
            "-c:v mpeg2video -flags +ildct+ilme -top 0 -q:v 2",
        ),
        (
            "tape.avi",
            "720x576",
            "bottom",
            "-pix_fmt yuv420p -c:v dvvideo",
        ),
        (
            "flagged.mp4",
            "640x480",
            "top",
            "-pix_fmt yuv420p -c:v libx264 -qp 10 -flags +ildct+ilme -x264opts tff=1",
        ),
        (
            "flagged.mov",
            "640x480",
            "top",
            "-pix_fmt yuv422p10le -c:v prores_ks -flags +ildct -field_order tt",
        ),
        (
            "top.mp4",
            "640x480",
            "top",
            "-pix_fmt yuv420p -c:v libx264 -qp 10",
        ),
        (
            "bottom.mkv",
            "640x480",
            "bottom",
            "-pix_fmt yuv420p -c:v libx264 -qp 10",
        ),
        (
            "packed.avi",
            "640x480",
            "top",
            "-pix_fmt yuyv422 -c:v rawvideo",
        ),
        // The flags say that the bottom field is first.
        (
            "wrong.mp4",
            "640x480",
            "top",
            "-pix_fmt yuv420p -c:v libx264 -qp 10 -flags +ildct+ilme",
        ),
    ];
    for (name, size, first, encoder) in cases {
        let path = woven(folder.path().join(name), size, first, encoder);
        let (made, treatments) = frames(&path);
        assert_eq!(treatments, [FilmTreatment::Deinterlaced], "{name}");
        let (truth, _) = frames(&whole(folder.path(), size));
        let (width, height) = size.split_once('x').unwrap();
        let combed = raw(&path, (width.parse().unwrap(), height.parse().unwrap()));
        assert_eq!(made.len(), combed.len(), "{name}");
        assert_eq!(made.len(), 50, "{name}");
        let (mut off, mut off_combed) = (0.0, 0.0);
        for (number, (info, picture)) in made.iter().enumerate() {
            // Each frame is at the moment of its first field.
            let moment = Rational::new(number as i64, 25).unwrap();
            assert_eq!(info.time, moment, "{name} {number}");
            off += mean_difference(picture, &truth[number * 2].1);
            off_combed += mean_difference(&combed[number], &truth[number * 2].1);
        }
        println!(
            "{name}: {:.2}, with combs {:.2}",
            off / 50.0,
            off_combed / 50.0
        );
        assert!(off * 1.8 < off_combed, "{name}: {off} {off_combed}");
    }
}

#[test]
fn a_seek_finds_the_same_frame() {
    let folder = tempfile::tempdir().unwrap();
    let path = woven(
        folder.path().join("a.mp4"),
        "640x480",
        "top",
        "-pix_fmt yuv420p -c:v libx264 -qp 14 -g 10 -flags +ildct+ilme -x264opts tff=1",
    );
    let (all, _) = frames(&path);
    let mut reader = open(&path);
    for number in [40, 0, 10, 9, 11, 20, 49, 30, 31] {
        let (info, picture) = &all[number];
        reader.seek(info.time).unwrap();
        let found = reader.next_frame().unwrap().expect("a frame");
        assert_eq!((found.time, found.end), (info.time, info.end), "{number}");
        assert!(
            reader.image(FrameSize::Full).unwrap() == *picture,
            "{number}"
        );
    }
}

/// The planes of all frames, without padding.
fn planes(reader: &mut VideoReader) -> Vec<u8> {
    let mut bytes = Vec::new();
    while reader.next_frame().unwrap().is_some() {
        let planes = reader.planes().expect("4:2:0 as it was decoded");
        let (width, height) = (planes.size.width as usize, planes.size.height as usize);
        for (plane, (width, height)) in planes.planes.iter().zip([
            (width, height),
            (width / 2, height / 2),
            (width / 2, height / 2),
        ]) {
            for row in 0..height {
                bytes.extend(plane.row(row, width).expect("a row"));
            }
        }
    }
    bytes
}

#[test]
fn progressive_films_stay_as_they_are_whatever_their_flags_say() {
    let folder = tempfile::tempdir().unwrap();
    for (name, encoder) in [
        ("plain.mp4", "-c:v libx264 -qp 12"),
        (
            "flagged.mp4",
            "-c:v libx264 -qp 12 -flags +ildct+ilme -x264opts tff=1",
        ),
        (
            "flagged.mpg",
            "-c:v mpeg2video -flags +ildct+ilme -top 1 -q:v 2",
        ),
    ] {
        let path = ffmpeg()
            .source("testsrc2=s=704x576:r=25:d=2,scroll=horizontal=0.013:vertical=0.004")
            .words("-pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709")
            .words(encoder)
            .writes(folder.path().join(name));
        let mut reader = open(&path);
        assert_eq!(reader.treatments(), [], "{name}");
        let found = planes(&mut reader);
        let wanted = ffmpeg()
            .input(&path)
            .words("-f rawvideo -pix_fmt yuv420p -")
            .bytes();
        assert!(found == wanted, "{name}");
    }
}

#[test]
fn pulldown_is_told() {
    let home = Home::new();
    let path = ffmpeg()
        .source("testsrc2=s=640x480:r=24000/1001:d=2,scroll=horizontal=0.02")
        .words("-vf telecine -pix_fmt yuv420p -c:v libx264 -qp 12")
        .writes(home.path("film.mp4"));
    let (_, treatments) = frames(&path);
    let wanted = [FilmTreatment::Deinterlaced, FilmTreatment::Telecine];
    assert_eq!(treatments, wanted);
    let run = tastemaker(&home)
        .args(["analyze", "--only", "shots", "--json", "film.mp4"])
        .exits(0);
    let words = serde_json::json!(["deinterlaced", "telecine"]);
    assert_eq!(run.last_document()["video"]["treatments"], words);
    let notices: Vec<_> = run
        .documents()
        .into_iter()
        .filter(|document| document["code"] == "film_treated")
        .map(|notice| notice["treatment"].clone())
        .collect();
    assert_eq!(serde_json::Value::from(notices), words);
}

#[test]
fn a_clip_made_anew_has_no_combs_and_all_its_frames() {
    let home = Home::new();
    let path = woven(
        home.path("tape.mp4"),
        "640x360",
        "top",
        "-pix_fmt yuv420p -c:v libx264 -qp 10 -flags +ildct+ilme -x264opts tff=1",
    );
    let run = home
        .apply(&["silver", "tape.mp4", "-o", "out", "--json"])
        .exits(0);
    assert_eq!(
        run.answers()[0]["treatments"],
        serde_json::json!(["deinterlaced"])
    );
    assert!(run.stderr().contains("deinterlaced"), "{run}");
    let made = home.path("out/tape.mp4");
    let times = |path: &Path| {
        ffprobe(
            path,
            "-select_streams v -show_entries frame=pts_time".split_whitespace(),
        )
    };
    assert_eq!(times(&path), times(&made));
    // The last line of idet's report: the frames that look like TFF, BFF, progressive and neither.
    let combs = |path: &Path| {
        let report = ffmpeg_report(path, &["-vf", "idet"]);
        let line = report
            .lines()
            .rfind(|line| line.contains("Multi frame"))
            .expect("a report");
        let count = line
            .split("TFF:")
            .nth(1)
            .and_then(|rest| rest.split_whitespace().next());
        count
            .and_then(|count| count.parse::<u32>().ok())
            .expect("a number")
    };
    assert!(combs(&path) >= 45);
    let order = [
        "-select_streams",
        "v",
        "-show_entries",
        "stream=field_order",
    ];
    assert_eq!(ffprobe(&made, order).trim(), "progressive");
    let (frames, treatments) = frames(&made);
    assert_eq!((frames.len(), treatments), (50, vec![]));
}

/// HEVC codes each field as a picture of its own.
#[test]
fn fields_that_are_coded_apart_are_woven() {
    let folder = tempfile::tempdir().unwrap();
    for (first, number) in [("top", 1), ("bottom", 2)] {
        let path = ffmpeg()
            .source(&moving("720x576"))
            .args([
                "-vf",
                &format!("format=yuv420p,tinterlace=interleave_{first},separatefields"),
            ])
            .words(&format!(
                "-c:v libx265 -preset ultrafast -x265-params crf=6:log-level=none:interlace={number}"
            ))
            .writes(folder.path().join(format!("{first}.mkv")));
        let (made, treatments) = frames(&path);
        assert_eq!(treatments, [FilmTreatment::Deinterlaced], "{first}");
        let probed = tastemaker::media::probe(&path, &Limits::default()).unwrap();
        let facts = probed.video.unwrap();
        assert_eq!((facts.size.width, facts.size.height), (720, 576));
        assert_eq!(facts.frame_rate, Rational::whole(25));
        assert_eq!(made.len(), 50, "{first}");
        let (truth, _) = frames(&whole(folder.path(), "720x576"));
        let mut off = 0.0;
        for (number, (info, picture)) in made.iter().enumerate() {
            let moment = Rational::new(number as i64, 25).unwrap();
            // Matroska rounds to a thousandth of a second.
            assert!(
                (info.time - moment).seconds().abs() < 0.0011,
                "{first} {number}"
            );
            off += mean_difference(picture, &truth[number * 2].1) / 50.0;
        }
        println!("{first}: {off:.2}");
        assert!(off < 4.0, "{first}: {off}");
    }
}

/// What is decoded to measure fields is read again: all frames come, once and in order, also where measuring seeks.
#[test]
fn measuring_fields_costs_no_frame() {
    let folder = tempfile::tempdir().unwrap();
    for (name, source) in [
        ("moves.mp4", "testsrc2=s=640x480:r=25:d=5"),
        ("short.mp4", "testsrc2=s=640x480:r=25:d=0.2"),
        ("still.mp4", "color=gray:s=640x480:r=25:d=5"),
    ] {
        let path = ffmpeg()
            .source(source)
            .words("-pix_fmt yuv420p -c:v libx264 -preset ultrafast -g 25 -bf 2")
            .writes(folder.path().join(name));
        let times = ffprobe(
            &path,
            "-select_streams v -show_entries frame=pts_time".split_whitespace(),
        );
        let wanted: Vec<f64> = times
            .lines()
            .filter_map(|line| line.trim_end_matches(',').parse().ok())
            .collect();
        let mut reader = open(&path);
        let mut found = Vec::new();
        while let Some(info) = reader.next_frame().unwrap() {
            assert_eq!(info.index, found.len() as u64);
            found.push(info.time.seconds());
        }
        assert_eq!(found.len(), wanted.len(), "{name}");
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-4;
        assert!(found.iter().zip(&wanted).all(near), "{name}: {found:?}");
    }
}
