//! Rendering plans to films, inspected by FFmpeg's own programs, and verifying films against their plans.
//!
//! Frames are told apart by numbers painted into them as black and white fields, which survive any encoding: so a film
//! says itself which source frame each of its frames shows.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tastemaker::edit::{
    BeatMark, Fit, OutputSpec, PLAN_SCHEMA, Plan, Segment, SoundSegment, Source, SourceKind,
};
use tastemaker::effects::{
    PunchIn, SegmentTransition, SlowPush, TimedTransition, TransitionEffect,
};
use tastemaker::error::Error;
use tastemaker::geometry::{Rect, Size};
use tastemaker::looks::LookLibrary;
use tastemaker::media::{
    Channels, DynamicRange, FilmCodec, FrameSize, Limits, Metadata, SoundReader, SoundRequest,
    StillFormat, VideoReader, decode_still, encode_still, to_srgb,
};
use tastemaker::picture::{Background, ColorSpace, Filter, Picture, Pixels, Rgb8, crop_resize};
use tastemaker::render::{
    RenderReport, RenderRequest, SheetGrid, VerifyReport, VerifyRequest, contact_sheet, render,
    verify,
};
use tastemaker::store::{FileHashes, Output, Overwrite, hash_file};
use tastemaker::task::Task;
use tastemaker::time::Rational;

mod copied;
mod dynamic_range;
mod panels;

use crate::support::{ffmpeg, ffmpeg_report, ffprobe, media};

fn ratio(numerator: i64, denominator: i64) -> Rational {
    Rational::new(numerator, denominator).unwrap()
}

/// A plan for a film of `width` by `height`.
fn plan(width: u32, height: u32, frame_rate: Rational, sources: &[(&str, &Path)]) -> Plan {
    Plan {
        schema: PLAN_SCHEMA.into(),
        sources: sources
            .iter()
            .map(|(id, path)| Source {
                id: (*id).into(),
                path: path.to_str().unwrap().into(),
                blake3: hash_file(path, &Task::default()).unwrap(),
                kind: match path.extension().and_then(|end| end.to_str()) {
                    Some("jpg" | "png") => SourceKind::Image,
                    Some("ogg" | "flac" | "wav") => SourceKind::Audio,
                    _ => SourceKind::Video,
                },
                title: None,
                license: None,
                attribution: None,
            })
            .collect(),
        output: OutputSpec {
            width,
            height,
            frame_rate,
            duration: 0.0,
            duration_exact: Rational::ZERO,
            loudness_lufs: -14.0,
            true_peak_dbtp: -1.0,
            platform: "test".into(),
            style: "test".into(),
            seed: 0,
            background: Background::BLACK,
            captions: None,
        },
        picture: Vec::new(),
        sound: Vec::new(),
        captions: Vec::new(),
        markers: Vec::new(),
        carried: None,
    }
}

/// Building plans by hand.
trait Parts {
    /// Appends `frames` output frames of `source` from `start`.
    fn show(&mut self, source: &str, start: Rational, frames: i64) -> &mut Segment;
    /// Adds `length` seconds of `source` from `start`, at `at` in the film.
    fn play(&mut self, source: &str, start: Rational, length: Rational, at: f64);
}

impl Parts for Plan {
    fn show(&mut self, source: &str, start: Rational, frames: i64) -> &mut Segment {
        let rate = self.output.frame_rate;
        let length = Rational::whole(frames) * rate.inverse().unwrap();
        self.picture.push(Segment {
            source: source.into(),
            start: start.seconds(),
            start_exact: start,
            end: (start + length).seconds(),
            end_exact: start + length,
            crop: vec![[0.0, 0.0, 0.0, 1.0, 1.0]],
            fit: Fit::Crop,
            second_crop: Vec::new(),
            second_source: None,
            speed: 1.0,
            look: None,
            look_strength: 1.0,
            effects: Vec::new(),
            transition: SegmentTransition::Cut,
            beat: None,
            locked: false,
            reasons: Vec::new(),
            carried: None,
        });
        self.output.duration_exact = self.output.duration_exact + length;
        self.output.duration = self.output.duration_exact.seconds();
        self.picture.last_mut().unwrap()
    }

    fn play(&mut self, source: &str, start: Rational, length: Rational, at: f64) {
        self.sound.push(SoundSegment {
            source: source.into(),
            start: start.seconds(),
            start_exact: start,
            end: (start + length).seconds(),
            end_exact: start + length,
            at,
            speed: 1.0,
            gain: vec![[0.0, 0.0]],
            clean: None,
            reasons: Vec::new(),
        });
    }
}

fn try_render(plan: &Plan, film: &Path, threads: usize, task: Task) -> Result<RenderReport, Error> {
    render_as(FilmCodec::H264, plan, film, threads, task)
}

fn render_as(
    codec: FilmCodec,
    plan: &Plan,
    film: &Path,
    threads: usize,
    task: Task,
) -> Result<RenderReport, Error> {
    render_with(
        Encoding {
            codec,
            dynamic_range: DynamicRange::Standard,
            quality: 18,
            copies: false,
        },
        plan,
        film,
        threads,
        task,
    )
}

/// How pictures are encoded.
struct Encoding {
    codec: FilmCodec,
    dynamic_range: DynamicRange,
    quality: u8,
    copies: bool,
}

fn render_with(
    encoding: Encoding,
    plan: &Plan,
    film: &Path,
    threads: usize,
    task: Task,
) -> Result<RenderReport, Error> {
    let looks = LookLibrary::open(None)?;
    let output = Output::create(film, Overwrite::Force)?;
    let report = render(
        &RenderRequest {
            models: None,
            plan,
            folder: film.parent().unwrap(),
            looks: &looks,
            limits: Limits::default(),
            task,
            threads,
            codec: encoding.codec,
            dynamic_range: encoding.dynamic_range,
            quality: encoding.quality,
            copies: encoding.copies,
            unfinished: None,
            preset: "veryfast",
            hashes: &FileHashes::default(),
        },
        output.path(),
    )?;
    output.commit()?;
    Ok(report)
}

fn rendered(plan: &Plan, film: &Path) -> RenderReport {
    try_render(plan, film, 2, Task::default()).unwrap()
}

fn verified(plan: &Plan, film: &Path) -> VerifyReport {
    verify(&VerifyRequest {
        plan,
        folder: film.parent().unwrap(),
        film,
        limits: &Limits::default(),
        models: None,
        task: &Task::default(),
    })
    .unwrap()
}

/// Names of the checks that failed.
fn failures(report: &VerifyReport) -> Vec<&str> {
    report
        .checks
        .iter()
        .filter(|check| !check.passed)
        .map(|check| check.name.as_str())
        .collect()
}

/// Fields of a stream by ffprobe, without a line end.
fn stream_entries(film: &Path, stream: &str, entries: &str) -> String {
    let entries = format!("stream={entries}");
    ffprobe(
        film,
        [
            "-count_frames",
            "-select_streams",
            stream,
            "-show_entries",
            &entries,
        ],
    )
    .trim()
    .to_owned()
}

/// Fields across and down a numbered frame: ten bits.
const FIELDS: (usize, usize) = (5, 2);
const NUMBERED: Size = Size::new(160, 90);

fn numbered_frame(number: usize) -> Vec<u8> {
    let (width, height) = (NUMBERED.width as usize, NUMBERED.height as usize);
    let mut samples = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            let bit = y * FIELDS.1 / height * FIELDS.0 + x * FIELDS.0 / width;
            samples.extend([if number >> bit & 1 == 1 { 235 } else { 20 }; 3]);
        }
    }
    samples
}

fn number_of(frame: &Rgb8) -> usize {
    let mut number = 0;
    for bit in 0..FIELDS.0 * FIELDS.1 {
        let x = (bit % FIELDS.0 * 2 + 1) * frame.width() / (FIELDS.0 * 2);
        let y = (bit / FIELDS.0 * 2 + 1) * frame.height() / (FIELDS.1 * 2);
        if frame.pixel(x, y)[1] > 128 {
            number |= 1 << bit;
        }
    }
    number
}

/// A film of numbered frames, made by FFmpeg with more `arguments`.
fn numbered_film(path: &Path, rate: &str, frames: usize, arguments: &[&str]) {
    let size = format!("{}x{}", NUMBERED.width, NUMBERED.height);
    let mut all = vec![
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", &size, "-r", rate, "-i", "-",
    ];
    all.extend(arguments);
    all.extend(["-pix_fmt", "yuv420p", path.to_str().unwrap()]);
    let input: Vec<u8> = (0..frames).flat_map(numbered_frame).collect();
    // The -nostdin of `ffmpeg` only keeps it from reading commands.
    ffmpeg().args(&all).reads(&input);
}

fn frames_of(film: &Path) -> Vec<Rgb8> {
    let mut reader = VideoReader::open(film, &Limits::default(), 1).unwrap();
    let mut frames = Vec::new();
    while reader.next_frame().unwrap().is_some() {
        frames.push(reader.image(FrameSize::Full).unwrap());
    }
    frames
}

fn numbers_of(film: &Path) -> Vec<usize> {
    frames_of(film).iter().map(number_of).collect()
}

fn psnr(a: &Rgb8, b: &Rgb8) -> f64 {
    assert_eq!(a.size(), b.size());
    let sum: f64 = a
        .samples()
        .iter()
        .zip(b.samples())
        .map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2))
        .sum();
    10.0 * (255.0 * 255.0 * a.samples().len() as f64 / sum.max(1e-9)).log10()
}

fn samples_of(film: &Path) -> Vec<f32> {
    let request = SoundRequest {
        rate: Some(48_000),
        channels: Channels::Stereo,
    };
    let mut reader = SoundReader::open(film, &Limits::default(), request).unwrap();
    let mut samples = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        samples.extend(block.samples);
    }
    samples
}

#[test]
fn transparent_sources_show_the_background_of_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let size = Size::new(64, 64);
    // Clear on the left half, gray on the right.
    let sticker = Picture {
        pixels: Pixels::Eight(Rgb8::new(size, vec![128; 64 * 64 * 3]).unwrap()),
        alpha: Some(
            (0..64 * 64)
                .map(|at| if at % 64 < 32 { 0 } else { u16::MAX })
                .collect(),
        ),
        color: ColorSpace::Srgb,
    };
    let still = folder.path().join("sticker.png");
    encode_still(&still, &sticker, StillFormat::Png, &Metadata::default()).unwrap();
    let clip = ffmpeg()
        .source("color=c=gray@0.0:s=64x64:r=10:d=1,format=rgba")
        .words("-c:v qtrle -pix_fmt argb")
        .writes(folder.path().join("clear.mov"));
    for color in [[0, 0, 0], [0, 200, 90]] {
        let mut plan = plan(64, 64, ratio(10, 1), &[("still", &still), ("clip", &clip)]);
        plan.output.background = Background::new(color);
        plan.show("still", Rational::ZERO, 5);
        plan.show("clip", Rational::ZERO, 5);
        let film = folder.path().join("film.mp4");
        rendered(&plan, &film);
        for (number, frame) in frames_of(&film).iter().enumerate() {
            let shown = frame.pixel(12, 32);
            for (shown, wanted) in shown.iter().zip(color) {
                assert!(
                    shown.abs_diff(wanted) <= 8,
                    "frame {number}: {shown} for {wanted}"
                );
            }
        }
    }
}

/// Two clips and a photo to music: 5 seconds, four segments, portrait.
fn reel(folder: &Path) -> (Plan, PathBuf) {
    let mut plan = plan(
        180,
        320,
        ratio(30, 1),
        &[
            ("bikes", &media("clips/bikes.mp4")),
            ("plaza", &media("clips/plaza.mp4")),
            ("cat", &media("photos/cat.jpg")),
            ("rock", &media("music/rock.ogg")),
        ],
    );
    plan.show("bikes", ratio(1, 2), 40);
    plan.show("cat", Rational::ZERO, 30).effects = vec![SlowPush { amount: 0.2 }.into()];
    plan.show("plaza", ratio(1, 1), 45);
    plan.show("bikes", ratio(5, 1), 35);
    plan.picture[1].beat = Some(BeatMark {
        time: 1.35,
        downbeat: true,
    });
    plan.play("rock", ratio(3, 1), ratio(5, 1), 0.0);
    (plan, folder.join("reel.mp4"))
}

#[test]
fn a_speed_shows_the_source_faster_or_slower() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    numbered_film(&path("clip.mp4"), "25", 200, &["-c:v", "libx264"]);
    let mut plan = plan(160, 90, ratio(25, 1), &[("clip", &path("clip.mp4"))]);
    // 20 frames of the film at double speed, then 20 at half speed.
    plan.show("clip", ratio(1, 1), 40).speed = 2.0;
    plan.show("clip", ratio(4, 1), 10).speed = 0.5;
    plan.output.duration_exact = ratio(40, 25);
    plan.output.duration = 1.6;
    let film = path("film.mp4");
    rendered(&plan, &film);
    let numbers = numbers_of(&film);
    let (fast, slow) = numbers.split_at(20);
    let expected: Vec<usize> = (0..20).map(|frame| 25 + frame * 2).collect();
    assert_eq!(fast, expected);
    // Between two frames of the source, either is right.
    assert_eq!(slow.len(), 20);
    for (frame, number) in slow.iter().enumerate() {
        assert!((number * 2).abs_diff(200 + frame) <= 1, "{slow:?}");
    }
    assert!(verified(&plan, &film).passed());
}

#[test]
fn a_film_has_the_size_rate_length_and_loudness_of_its_plan() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, film) = reel(folder.path());
    let report = rendered(&plan, &film);
    assert_eq!((report.frames, report.duration), (Some(150), 5.0));
    assert!(report.notes.is_empty(), "{:?}", report.notes);
    assert_eq!(
        stream_entries(&film, "v", "width,height,r_frame_rate,nb_read_frames"),
        "180,320,30/1,150"
    );
    assert_eq!(stream_entries(&film, "v", "duration"), "5.000000");
    assert_eq!(
        stream_entries(&film, "a", "codec_name,sample_rate,channels"),
        "aac,48000,2"
    );
    let seconds: f64 = stream_entries(&film, "a", "duration").parse().unwrap();
    assert!((seconds - 5.0).abs() < 0.03, "{seconds}");

    let (lufs, peak) = loudness(&film);
    assert!((lufs + 14.0).abs() <= 0.5, "{lufs}");
    assert!(peak <= -0.5, "{peak}");

    let report = verified(&plan, &film);
    assert!(report.passed(), "{report:#?}");
    let names: Vec<_> = report
        .checks
        .iter()
        .map(|check| check.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "size",
            "frame_rate",
            "duration",
            "cuts",
            "beats",
            "black",
            "frozen",
            "flashes",
            "content",
            "sound",
            "loudness",
            "true_peak"
        ]
    );
    assert!(report.checks[3].detail.starts_with("3 of 3 cuts found"));
}

/// Integrated loudness and true peak as FFmpeg's own meter says.
fn loudness(film: &Path) -> (f64, f64) {
    let talk = ffmpeg_report(film, &["-af", "ebur128=peak=true"]);
    let summary = &talk[talk.rfind("Summary:").unwrap()..];
    let value = |name: &str| -> f64 {
        let after = &summary[summary.find(name).unwrap() + name.len()..];
        after.split_whitespace().next().unwrap().parse().unwrap()
    };
    (value("I:"), value("Peak:"))
}

/// The number of the frame nearest to `time` in a source of `rate` frames a second, in a film of `film_rate`: a change
/// is seen at the film's frame nearest to it.
fn nearest_number(time: Rational, rate: Rational, film_rate: Rational) -> usize {
    let half = ratio(1, 2);
    let reach = (rate * film_rate.inverse().unwrap()).min(Rational::ONE);
    (time * rate + reach * half).floor() as usize
}

#[test]
fn every_frame_is_the_nearest_to_its_moment() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // Key frames are far apart, so that jumps land between them.
    let x264 = ["-c:v", "libx264", "-g", "60", "-bf", "2"];
    numbered_film(&path("25.mp4"), "25", 250, &x264);
    numbered_film(&path("60.mp4"), "60", 300, &x264);
    numbered_film(&path("29.mp4"), "30000/1001", 300, &x264);
    // Matroska rounds to whole milliseconds.
    numbered_film(&path("30.mkv"), "30", 240, &x264);
    let mut plan = plan(
        160,
        90,
        ratio(30, 1),
        &[
            ("25", &path("25.mp4")),
            ("60", &path("60.mp4")),
            ("30", &path("30.mkv")),
            ("29", &path("29.mp4")),
        ],
    );
    let mut expected = Vec::new();
    let mut show = |source: &str, rate: i64, start: Rational, frames: i64| {
        plan.show(source, start, frames);
        let rate = match rate {
            29 => ratio(30_000, 1001),
            rate => Rational::whole(rate),
        };
        for frame in 0..frames {
            let time = start + ratio(frame, 30);
            expected.push(nearest_number(time, rate, ratio(30, 1)));
        }
    };
    show("25", 25, Rational::ZERO, 12);
    // Goes on, jumps far ahead, back, and a little ahead.
    show("25", 25, ratio(12, 30), 7);
    show("25", 25, ratio(123, 25), 20);
    show("25", 25, ratio(31, 25), 5);
    show("25", 25, ratio(42, 25), 9);
    show("60", 60, ratio(77, 60), 40);
    show("30", 30, ratio(13, 30), 60);
    show("30", 30, ratio(150, 30), 30);
    show("29", 29, Rational::ZERO, 290);
    show("25", 25, ratio(249, 25), 1);
    // Beyond the end the last frame is held.
    plan.show("25", ratio(9, 1), 40);
    for frame in 0..40 {
        let time = ratio(9, 1) + ratio(frame, 30);
        expected.push(nearest_number(time, ratio(25, 1), ratio(30, 1)).min(249));
    }
    // The plan's own times in a film of whole milliseconds are rounded too.
    plan.show("30", ratio(33, 1000), 50);
    expected.extend(1..51);

    let film = path("film.mp4");
    rendered(&plan, &film);
    assert_eq!(numbers_of(&film), expected);
}

#[test]
fn unevenly_spaced_frames_are_shown_from_the_frame_nearest_to_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    // One frame of three is missing, and everything from 60 to 99.
    let kept = |number: usize| number % 3 != 1 && !(60..100).contains(&number);
    for name in ["gaps.mp4", "gaps.mkv"] {
        let select = "select='not(eq(mod(n,3),1))*not(between(n,60,99))'";
        numbered_film(
            &path(name),
            "25",
            200,
            &[
                "-vf", select, "-vsync", "vfr", "-c:v", "libx264", "-g", "50",
            ],
        );
        for rate in [25, 30, 60] {
            let mut plan = plan(160, 90, ratio(rate, 1), &[("gaps", &path(name))]);
            let mut expected = Vec::new();
            for (start, frames) in [(ratio(2, 25), 2 * rate), (ratio(50, 25), 5 * rate)] {
                plan.show("gaps", start, frames);
                for frame in 0..frames {
                    let time = start + ratio(frame, rate);
                    let on_grid = nearest_number(time, ratio(25, 1), ratio(rate, 1));
                    let shown = (0..=on_grid).rev().find(|number| kept(*number)).unwrap();
                    expected.push(shown.min(199));
                }
            }
            let film = path("film.mp4");
            rendered(&plan, &film);
            assert_eq!(numbers_of(&film), expected, "{name} at {rate}");
        }
    }
}

#[test]
fn a_turned_film_is_rendered_upright() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    numbered_film(&path("flat.mp4"), "25", 40, &["-c:v", "libx264"]);
    ffmpeg()
        .args([
            "-i",
            path("flat.mp4").to_str().unwrap(),
            "-c",
            "copy",
            "-metadata:s:v",
            "rotate=90",
            path("turned.mp4").to_str().unwrap(),
        ])
        .run();
    let upright = VideoReader::open(&path("turned.mp4"), &Limits::default(), 1)
        .unwrap()
        .facts()
        .size;
    assert_eq!(upright, Size::new(90, 160));
    let mut plan = plan(90, 160, ratio(25, 1), &[("turned", &path("turned.mp4"))]);
    plan.show("turned", ratio(7, 25), 10);
    let film = path("film.mp4");
    rendered(&plan, &film);
    // FFmpeg turns by itself when it decodes.
    ffmpeg()
        .args([
            "-i",
            path("turned.mp4").to_str().unwrap(),
            path("turned-%02d.png").to_str().unwrap(),
        ])
        .run();
    let frames = frames_of(&film);
    for (number, frame) in frames.iter().enumerate() {
        let png = path(&format!("turned-{:02}.png", number + 8));
        let expected = to_srgb(&decode_still(&png, &Limits::default()).unwrap().picture);
        let likeness = psnr(frame, &expected);
        assert!(likeness > 30.0, "frame {number}: {likeness:.1} dB");
    }
}

#[test]
fn crops_and_effects_show_the_part_that_they_name() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = plan(
        180,
        320,
        ratio(25, 1),
        &[
            ("bikes", &media("clips/bikes.mp4")),
            ("cat", &media("photos/cat.jpg")),
        ],
    );
    let size = {
        let reader = VideoReader::open(&media("clips/bikes.mp4"), &Limits::default(), 1).unwrap();
        reader.facts().size
    };
    // As high as the picture, and as wide as 9:16 needs.
    let width = f64::from(size.height) * 9.0 / 16.0 / f64::from(size.width);
    let segment = plan.show("bikes", ratio(2, 1), 25);
    segment.crop = vec![[2.0, 0.1, 0.0, width, 1.0], [3.0, 0.5, 0.0, width, 1.0]];
    segment.effects = vec![
        PunchIn {
            at: 2.6,
            amount: 0.25,
        }
        .into(),
    ];
    let film = folder.path().join("film.mp4");
    rendered(&plan, &film);
    let frames = frames_of(&film);
    assert_eq!(frames.len(), 25);
    let sources = frames_of(&media("clips/bikes.mp4"));
    for number in [0, 5, 14, 15, 24] {
        let along = 0.1 + 0.4 * number as f64 / 25.0;
        let zoom = if number >= 15 { 1.25 } else { 1.0 };
        let (across, down) = (width / zoom, 1.0 / zoom);
        let crop = Rect::new(
            along + (width - across) / 2.0,
            (1.0 - down) / 2.0,
            across,
            down,
        );
        let at = |source: usize| {
            let expected =
                crop_resize(&sources[source], crop, Size::new(180, 320), Filter::Lanczos);
            psnr(&frames[number], &expected)
        };
        let right = at(50 + number);
        assert!(right > 34.0, "frame {number}: {right:.1} dB");
        for other in [48 + number, 52 + number] {
            assert!(at(other) < right - 1.0, "frame {number} is not {other}");
        }
    }
}

#[test]
fn a_picture_shown_whole_stands_over_a_blurred_and_darker_one() {
    let folder = tempfile::tempdir().unwrap();
    let photo = media("photos/cat.jpg");
    let clip = media("clips/bikes.mp4");
    let size = Size::new(180, 320);
    let mut plan = plan(180, 320, ratio(25, 1), &[("cat", &photo), ("bikes", &clip)]);
    plan.show("cat", ratio(0, 1), 5).fit = Fit::Blurred;
    plan.show("bikes", ratio(2, 1), 5).fit = Fit::Blurred;
    let film = folder.path().join("film.mp4");
    rendered(&plan, &film);
    let frames = frames_of(&film);
    let decoded = decode_still(&photo, &Limits::default()).unwrap().picture;
    let sources = [to_srgb(&decoded), frames_of(&clip).swap_remove(52)];
    for (frame, source) in [&frames[2], &frames[7]].into_iter().zip(&sources) {
        // 180 pixels wide, and as high as its shape makes that.
        let high = (180.0 / source.size().aspect()).round();
        let inner = Size::new(180, high as u32);
        let top = ((320.0 - high) / 2.0).floor();
        let place = Rect::new(0.0, top / 320.0, 1.0, high / 320.0);
        let shown = crop_resize(frame, place, inner, Filter::Box);
        let whole = crop_resize(source, Rect::FULL, inner, Filter::Lanczos);
        let likeness = psnr(&shown, &whole);
        assert!(likeness > 30.0, "{likeness:.1} dB");
        let above = crop_resize(
            frame,
            Rect::new(0.0, 0.0, 1.0, place.y * 0.9),
            Size::new(16, 16),
            Filter::Box,
        );
        let mean = |picture: &Rgb8| {
            let sum: u64 = picture
                .samples()
                .iter()
                .map(|sample| u64::from(*sample))
                .sum();
            sum as f64 / picture.samples().len() as f64
        };
        assert!(
            mean(&above) < mean(&whole),
            "{} {}",
            mean(&above),
            mean(&whole)
        );
        assert!(mean(&above) > 5.0, "something is behind");
        assert_eq!(frame.size(), size);
    }
    let verified = verified(&plan, &film);
    assert!(verified.passed(), "{verified:?}");
}

#[test]
fn two_panels_show_two_parts_of_one_picture() {
    /// Of both parts, as a share of the picture.
    const WIDE: f64 = 0.3;
    let folder = tempfile::tempdir().unwrap();
    let photo = media("photos/dogs.jpg");
    let clip = media("clips/bikes.mp4");
    let decoded = decode_still(&photo, &Limits::default()).unwrap().picture;
    let sources = [to_srgb(&decoded), frames_of(&clip).swap_remove(52)];
    // Upright and wide, with the places of their panels.
    let upright = [Rect::new(0.0, 0.0, 1.0, 0.5), Rect::new(0.0, 0.5, 1.0, 0.5)];
    let wide = [Rect::new(0.0, 0.0, 0.5, 1.0), Rect::new(0.5, 0.0, 0.5, 1.0)];
    for (size, places) in [(Size::new(180, 320), upright), (Size::new(320, 180), wide)] {
        let panel = Size::new(
            (places[0].width * f64::from(size.width)) as u32,
            (places[0].height * f64::from(size.height)) as u32,
        );
        let ids = [("dogs", &*photo), ("bikes", &*clip)];
        let mut plan = plan(size.width, size.height, ratio(25, 1), &ids);
        for ((id, start), source) in [("dogs", 0), ("bikes", 2)].into_iter().zip(&sources) {
            let segment = plan.show(id, ratio(start, 1), 5);
            let high = WIDE * source.size().aspect() / panel.aspect();
            let (start, end) = (start as f64, start as f64 + 0.2);
            segment.crop = vec![[start, 0.05, 0.1, WIDE, high]];
            segment.second_crop = vec![[start, 0.4, 0.1, WIDE, high], [end, 0.5, 0.1, WIDE, high]];
        }
        let film = folder.path().join("film.mp4");
        rendered(&plan, &film);
        let frames = frames_of(&film);
        for (frame, source) in [&frames[2], &frames[7]].into_iter().zip(&sources) {
            let high = WIDE * source.size().aspect() / panel.aspect();
            // The second frame of five moves two fifths of the way.
            for (left, place) in [0.05, 0.44].into_iter().zip(places) {
                let expected = Rect::new(left, 0.1, WIDE, high);
                let expected = crop_resize(source, expected, panel, Filter::Lanczos);
                let likeness = psnr(&crop_resize(frame, place, panel, Filter::Box), &expected);
                assert!(likeness > 30.0, "{size:?} {place:?}: {likeness:.1} dB");
            }
        }
        let verified = verified(&plan, &film);
        assert!(verified.passed(), "{verified:?}");
    }
}

#[test]
fn the_same_plan_gives_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, _) = reel(folder.path());
    let films: Vec<_> = [1, 2, 3, 2]
        .into_iter()
        .enumerate()
        .map(|(number, threads)| {
            let film = folder.path().join(format!("{number}.mp4"));
            try_render(&plan, &film, threads, Task::default()).unwrap();
            std::fs::read(film).unwrap()
        })
        .collect();
    for (number, film) in films.iter().enumerate() {
        assert!(*film == films[0], "film {number}");
    }
}

#[test]
fn every_codec_shows_the_frames_of_the_plan() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("numbers.mp4");
    numbered_film(&source, "30", 24, &["-c:v", "libx264", "-crf", "10"]);
    let mut plan = plan(160, 90, ratio(30, 1), &[("s1", &source)]);
    plan.show("s1", Rational::ZERO, 20);
    for (codec, facts) in [
        (FilmCodec::H264, "h264,avc1"),
        (FilmCodec::H265, "hevc,hvc1"),
        (FilmCodec::Av1, "av1,av01"),
        (FilmCodec::Vp9, "vp9,vp09"),
    ] {
        let film = folder.path().join(format!("{codec:?}.mp4"));
        render_as(codec, &plan, &film, 2, Task::default()).unwrap();
        let fields = "codec_name,codec_tag_string,nb_read_frames,duration,color_space";
        let found = stream_entries(&film, "v", fields);
        for fact in [facts, "bt709", "0.666667", ",20"] {
            assert!(found.contains(fact), "{codec:?}: {fact} in {found}");
        }
        assert_eq!(numbers_of(&film), (0..20).collect::<Vec<_>>(), "{codec:?}");
        let checks = verified(&plan, &film);
        assert_eq!(failures(&checks), Vec::<&str>::new(), "{codec:?}");
    }
}

#[test]
fn masks_of_looks_follow_the_film_on_any_number_of_threads() {
    const LOOK: &str = "schema = \"tastemaker.look/1\"\nsummary = \"Darker sky.\"\nfamily = \"test\"\n\
        [[step]]\nkind = \"exposure\"\nstops = -2\nmask = { kind = \"sky\" }\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sky.toml"), LOOK).unwrap();
    let sources = [media("photos/mountains.jpg"), media("clips/bikes.mp4")];
    let film_of = |look: Option<&str>, name: &str, threads: usize| {
        let ids = [("photo", &*sources[0]), ("clip", &*sources[1])];
        let mut plan = plan(320, 180, ratio(25, 1), &ids);
        for id in ["photo", "clip"] {
            plan.show(id, Rational::ZERO, 12).look = look.map(String::from);
        }
        let film = folder.path().join(name);
        try_render(&plan, &film, threads, Task::default()).map(|_| film)
    };
    let plain = film_of(None, "plain.mp4", 2).unwrap();
    let one = film_of(Some("./sky.toml"), "one.mp4", 1).unwrap();
    let three = film_of(Some("./sky.toml"), "three.mp4", 3).unwrap();
    assert!(std::fs::read(&one).unwrap() == std::fs::read(&three).unwrap());
    let lumas = |film: &Path| {
        let mut reader = VideoReader::open(film, &Limits::default(), 1).unwrap();
        for _ in 0..6 {
            reader.next_frame().unwrap().unwrap();
        }
        let frame = reader.image(FrameSize::Full).unwrap();
        [(300, 4), (160, 170)].map(|(x, y)| i32::from(frame.pixel(x, y)[1]))
    };
    let ([sky, land], [darker, same]) = (lumas(&plain), lumas(&one));
    assert!(darker + 30 < sky, "{sky} {darker}");
    assert!((land - same).abs() < 12, "{land} {same}");

    // A mask that networks find is refused where there are none.
    let person = LOOK.replace("sky", "person");
    std::fs::write(folder.path().join("person.toml"), person).unwrap();
    let error = film_of(Some("./person.toml"), "none.mp4", 1).unwrap_err();
    assert!(matches!(error, Error::Usage { .. }), "{error}");
}

#[test]
fn sound_is_placed_to_the_sample_and_follows_its_gain() {
    let folder = tempfile::tempdir().unwrap();
    let wave = folder.path().join("tone.wav");
    // Silence, and from 1 s on a tone of 1 kHz, at a rate that has to be converted.
    let tone: Vec<u8> = (0..44_100 * 6)
        .flat_map(|at| {
            let time = f64::from(at) / 44_100.0;
            let sample = if time < 1.0 {
                0.0
            } else {
                0.3 * (time * 1000.0 * std::f64::consts::TAU).sin()
            };
            ((sample * 32767.0) as i16).to_le_bytes()
        })
        .collect();
    ffmpeg()
        .args([
            "-f",
            "s16le",
            "-ar",
            "44100",
            "-ac",
            "1",
            "-i",
            "-",
            wave.to_str().unwrap(),
        ])
        .reads(&tone);
    let mut plan = plan(
        160,
        90,
        ratio(25, 1),
        &[("bikes", &media("clips/bikes.mp4")), ("tone", &wave)],
    );
    plan.show("bikes", Rational::ZERO, 100);
    // The tone begins half a second into the segment: at 1.25 s of the film.
    plan.play("tone", ratio(1, 2), ratio(3, 1), 0.75);
    plan.sound[0].gain = vec![[2.0, 0.0], [2.5, -20.0]];
    let film = folder.path().join("film.mp4");
    rendered(&plan, &film);
    let samples = samples_of(&film);
    assert_eq!(samples.len() / 2, 4 * 48_000);
    let left: Vec<f32> = samples.iter().step_by(2).copied().collect();
    let level = |from: f64, to: f64| {
        let range = &left[(from * 48_000.0) as usize..(to * 48_000.0) as usize];
        let sum: f64 = range.iter().map(|sample| f64::from(sample * sample)).sum();
        10.0 * (sum / range.len() as f64).log10()
    };
    let begin = left.iter().position(|sample| sample.abs() > 0.05).unwrap();
    assert!(begin.abs_diff(60_000) < 60, "{begin}");
    assert!(level(0.0, 1.2) < -60.0);
    let fall = level(1.5, 1.9) - level(2.6, 3.6);
    assert!((fall - 20.0).abs() < 0.3, "{fall}");
    let half = level(1.5, 1.9) - level(2.24, 2.26);
    assert!((half - 10.0).abs() < 0.5, "{half}");
    assert!(level(3.8, 4.0) < -60.0, "it ends at 3.75 s");
    assert!(verified(&plan, &film).passed());
}

#[test]
fn music_at_another_speed_keeps_its_pitch_and_meets_the_film() {
    let folder = tempfile::tempdir().unwrap();
    let wave = folder.path().join("strokes.wav");
    // A soft tone, and half a second apart strokes of the tone three octaves above it.
    let hertz = 330.0;
    let sound: Vec<u8> = (0..48_000 * 8)
        .flat_map(|at| {
            let time = f64::from(at) / 48_000.0;
            let angle = time * hertz * std::f64::consts::TAU;
            let stroke = (-(time % 0.5) * 90.0).exp();
            let sample = 0.1 * angle.sin() + 0.5 * stroke * (8.0 * angle).sin();
            ((sample * 32767.0) as i16).to_le_bytes()
        })
        .collect();
    let format = ["-f", "s16le", "-ar", "48000", "-ac", "1", "-i", "-"];
    ffmpeg()
        .args([&format[..], &[wave.to_str().unwrap()]].concat())
        .reads(&sound);
    for speed in [0.96, 1.025] {
        let mut plan = plan(
            160,
            90,
            ratio(25, 1),
            &[("bikes", &media("clips/bikes.mp4")), ("strokes", &wave)],
        );
        plan.show("bikes", Rational::ZERO, 100);
        // From a quarter of a second on, so that the first stroke is a quarter second (of the source) into it.
        let length = Rational::nearest(3.5 * speed, 48_000);
        plan.play("strokes", ratio(1, 4), length, 0.5);
        plan.sound[0].speed = speed;
        let film = folder.path().join(format!("{speed}.mp4"));
        rendered(&plan, &film);
        assert!(verified(&plan, &film).passed());
        let samples = samples_of(&film);
        let left: Vec<f32> = samples.iter().step_by(2).copied().collect();
        assert_eq!(left.len(), 4 * 48_000);
        let most = left
            .iter()
            .fold(0.0_f32, |most, sample| most.max(sample.abs()));
        let mut strokes: Vec<f64> = Vec::new();
        for (at, sample) in left.iter().enumerate() {
            let time = at as f64 / 48_000.0;
            if sample.abs() > 0.6 * most && strokes.last().is_none_or(|last| time - last > 0.3) {
                strokes.push(time);
            }
        }
        let wanted: Vec<f64> = (0..8)
            .map(|stroke| 0.5 + (0.25 + 0.5 * f64::from(stroke)) / speed)
            .filter(|time| *time < 3.95)
            .collect();
        assert_eq!(strokes.len(), wanted.len(), "{strokes:?} {wanted:?}");
        for (stroke, wanted) in strokes.iter().zip(wanted) {
            assert!((stroke - wanted).abs() < 0.015, "{stroke} for {wanted}");
        }
        // The tone between two strokes, where they have died away.
        let from = ((strokes[1] + 0.2) * 48_000.0) as usize;
        let quiet = &left[from..from + 48_000 / 4];
        let rising = quiet
            .windows(2)
            .filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0)
            .count();
        assert!((rising as f64 * 4.0 - hertz).abs() <= 8.0, "{rising}");
    }
}

#[test]
fn a_plan_without_sound_gives_a_film_without_a_sound_track() {
    let folder = tempfile::tempdir().unwrap();
    let (mut plan, film) = reel(folder.path());
    plan.sound.clear();
    let report = rendered(&plan, &film);
    assert_eq!(report.sound, None);
    assert_eq!(stream_entries(&film, "a", "codec_name"), "");
    let report = verified(&plan, &film);
    assert!(report.passed(), "{report:#?}");
}

#[test]
fn silence_stays_silence() {
    let folder = tempfile::tempdir().unwrap();
    let (mut plan, film) = reel(folder.path());
    plan.sound[0].gain = vec![[0.0, -120.0]];
    let report = rendered(&plan, &film);
    assert_eq!(
        report.sound.unwrap().note.as_deref(),
        Some("the sound is silence")
    );
    assert!(samples_of(&film).iter().all(|sample| sample.abs() < 1e-4));
    let report = verified(&plan, &film);
    assert!(report.passed(), "{report:#?}");
}

#[test]
fn a_source_that_is_missing_or_changed_is_named_and_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("clip.mp4");
    std::fs::copy(media("clips/bikes.mp4"), &copy).unwrap();
    let mut plan = plan(160, 90, ratio(25, 1), &[("clip", &copy)]);
    // Relative to the plan's folder, which is the film's in these tests.
    plan.sources[0].path = "clip.mp4".into();
    plan.show("clip", Rational::ZERO, 10);
    let film = folder.path().join("film.mp4");
    rendered(&plan, &film);
    std::fs::remove_file(&film).unwrap();

    let mut bytes = std::fs::read(&copy).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&copy, bytes).unwrap();
    let changed = try_render(&plan, &film, 1, Task::default()).unwrap_err();
    assert!(matches!(&changed, Error::Changed { path } if path.ends_with("clip.mp4")));

    std::fs::remove_file(&copy).unwrap();
    let missing = try_render(&plan, &film, 1, Task::default()).unwrap_err();
    assert_eq!(missing.code(), "not_found");
    assert_eq!(missing.file(), Some(copy.as_path()));

    let (plan, film) = reel(folder.path());
    let stopped = Task::new(Arc::new(AtomicBool::new(true)));
    let error = try_render(&plan, &film, 1, stopped).unwrap_err();
    assert!(matches!(error, Error::Cancelled));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_film_that_is_not_what_its_plan_says_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (plan, film) = reel(folder.path());
    rendered(&plan, &film);
    assert!(verified(&plan, &film).passed());
    let tampered = folder.path().join("tampered.mp4");
    let tamper = |arguments: &[&str]| {
        let mut all = vec!["-i", film.to_str().unwrap()];
        all.extend(arguments);
        all.push(tampered.to_str().unwrap());
        ffmpeg().args(&all).run();
        verified(&plan, &tampered)
    };
    for (what, arguments, expected) in [
        (
            "untouched",
            &["-c:v", "libx264", "-c:a", "aac"][..],
            &[][..],
        ),
        ("shorter", &["-t", "4.8"], &["duration", "sound"]),
        ("smaller", &["-vf", "scale=90:160"], &["size"]),
        ("slower", &["-r", "25"], &["frame_rate", "duration"]),
        (
            "black",
            &["-vf", "drawbox=enable='between(t,3,3.7)':t=fill:c=black"],
            &["black", "frozen"],
        ),
        (
            "frozen",
            &[
                "-filter_complex",
                "[0:v]split[a][b];[a][b]freezeframes=first=75:last=105:replace=75",
            ],
            &["frozen"],
        ),
        (
            "late",
            &["-vf", "tpad=start=6:start_mode=clone,trim=end_frame=150"],
            &["cuts"],
        ),
        ("other pictures", &["-vf", "hflip"], &["content"]),
        ("quiet", &["-af", "volume=-4dB"], &["loudness"]),
        ("loud", &["-af", "volume=6dB"], &["loudness", "true_peak"]),
        (
            "a gap in the sound",
            &["-af", "volume=0:enable='between(t,2,3)'"],
            &["sound"],
        ),
        ("no sound", &["-an"], &["sound"]),
    ] {
        let report = tamper(arguments);
        let failures = failures(&report);
        for name in expected {
            assert!(failures.contains(name), "{what}: {report:#?}");
        }
        if expected.is_empty() {
            assert!(failures.is_empty(), "{what}: {report:#?}");
        }
    }
    // A cut off its beat is the plan's own fault.
    let mut late = plan.clone();
    late.picture[1].beat = Some(BeatMark {
        time: 1.4,
        downbeat: false,
    });
    assert_eq!(failures(&verified(&late, &film)), ["beats"]);
}

#[test]
fn black_still_and_like_pictures_are_no_failure_where_the_source_is_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    ffmpeg()
        .args([
            "-f",
            "lavfi",
            "-i",
            "color=black:s=160x90:r=25:d=2",
            "-pix_fmt",
            "yuv420p",
            path("black.mp4").to_str().unwrap(),
        ])
        .run();
    let mut plan = plan(
        160,
        90,
        ratio(25, 1),
        &[
            ("black", &path("black.mp4")),
            ("cat", &media("photos/cat.jpg")),
        ],
    );
    plan.show("cat", Rational::ZERO, 30);
    plan.show("black", Rational::ZERO, 25);
    // A cut nobody can see.
    plan.show("black", ratio(3, 2), 10);
    let film = path("film.mp4");
    rendered(&plan, &film);
    let report = verified(&plan, &film);
    assert!(report.passed(), "{report:#?}");
    let detail = |name: &str| {
        let check = report.checks.iter().find(|check| check.name == name);
        check.unwrap().detail.clone()
    };
    assert!(detail("cuts").contains("not distinguishable"));
    assert!(detail("black").contains("as the source is"));
    assert!(detail("frozen").contains("still as planned"));
}

#[test]
fn a_contact_sheet_shows_frames_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("numbers.mp4");
    numbered_film(&film, "25", 240, &["-c:v", "libx264", "-g", "60"]);
    let limits = Limits::default();
    let sheet_of = |columns, rows, width| {
        let grid = SheetGrid {
            columns,
            rows,
            width,
        };
        contact_sheet(&film, grid, &limits, &Task::default())
    };
    let sheet = sheet_of(4, 3, 500).unwrap();
    let Pixels::Eight(pixels) = &sheet.pixels else {
        panic!("8 bits a sample");
    };
    // (500 - 5 gaps of 4) / 4 = 120 across, 67.5 down.
    assert_eq!(pixels.size(), Size::new(500, 3 * 72 + 4));
    for number in 0..12 {
        let crop = Rect::new(
            (4.0 + 124.0 * f64::from(number % 4)) / 500.0,
            (4.0 + 72.0 * f64::from(number / 4)) / 220.0,
            120.0 / 500.0,
            68.0 / 220.0,
        );
        let tile = crop_resize(pixels, crop, NUMBERED, Filter::Bilinear);
        assert_eq!(number_of(&tile), 10 + 20 * number as usize);
    }
    assert_eq!(pixels.pixel(0, 0), [24; 3]);
    for (columns, rows, width) in [(0, 3, 500), (4, 3, 20), (4, 3, u32::MAX), (1000, 1, 8000)] {
        let error = sheet_of(columns, rows, width);
        assert!(matches!(error, Err(Error::Usage { .. })));
    }
}

/// Begins the last segment of `plan` with a dissolve of `frames` frames.
fn dissolve(plan: &mut Plan, frames: i64) {
    let rate = plan.output.frame_rate;
    let duration = Rational::whole(frames) * rate.inverse().unwrap();
    let segment = plan.picture.last_mut().unwrap();
    segment.transition = SegmentTransition::Timed(TimedTransition {
        kind: TransitionEffect::Dissolve,
        duration: duration.seconds(),
        duration_exact: duration,
    });
}

/// A clip of one color, two seconds at 25 frames a second.
fn flat_clip(path: &Path, color: &str) {
    let source = format!("color=c={color}:s=160x90:r=25:d=2");
    ffmpeg()
        .source(&source)
        .words("-pix_fmt yuv420p")
        .writes(path);
}

#[test]
fn a_film_of_dark_and_bright_shots_that_change_too_fast_flashes() {
    let folder = tempfile::tempdir().unwrap();
    let [dark, bright] = ["0x303030", "0xd0d0d0"].map(|color| {
        let path = folder.path().join(format!("{color}.mp4"));
        flat_clip(&path, color);
        path
    });
    // Shots of 3 frames change 8 times a second, those of 9 frames 3 times.
    for (frames, flashes) in [(3, true), (9, false)] {
        let ids = [("dark", &*dark), ("bright", &*bright)];
        let mut plan = plan(160, 90, ratio(25, 1), &ids);
        for id in ["dark", "bright"].into_iter().cycle().take(36 / frames) {
            plan.show(id, Rational::ZERO, frames as i64);
        }
        let film = folder.path().join("film.mp4");
        rendered(&plan, &film);
        let report = verified(&plan, &film);
        assert_eq!(
            failures(&report).contains(&"flashes"),
            flashes,
            "{report:?}"
        );
    }
}

#[test]
fn a_dissolve_blends_both_sources_and_verify_finds_it() {
    let folder = tempfile::tempdir().unwrap();
    let [red, blue] = ["red", "blue"].map(|color| {
        let path = folder.path().join(format!("{color}.mp4"));
        flat_clip(&path, color);
        path
    });
    let mut plan = plan(160, 90, ratio(25, 1), &[("red", &red), ("blue", &blue)]);
    plan.show("red", ratio(1, 5), 20);
    plan.show("blue", ratio(1, 2), 20);
    dissolve(&mut plan, 10);
    let film = folder.path().join("film.mp4");
    rendered(&plan, &film);
    let frames = frames_of(&film);
    assert_eq!(frames.len(), 40);
    let color = |number: usize| frames[number].pixel(80, 45).map(f64::from);
    let (from, to) = (color(14), color(25));
    assert!(from[0] > 240.0 && from[2] < 15.0, "{from:?}");
    assert!(to[2] > 240.0 && to[0] < 15.0, "{to:?}");
    // Frames 15 to 24 go over evenly; 19 and 20 are the two in the middle.
    for number in 15..25 {
        let progress = (number as f64 - 14.5) / 10.0;
        let (found, expected) = (
            color(number),
            [0, 2].map(|channel: usize| from[channel] + (to[channel] - from[channel]) * progress),
        );
        assert!(
            (found[0] - expected[0]).abs() < 6.0 && (found[2] - expected[1]).abs() < 6.0,
            "frame {number}: {found:?} instead of {expected:?}"
        );
    }
    let report = verified(&plan, &film);
    assert_eq!(failures(&report), [""; 0], "{:?}", report.checks);
    let transitions = report
        .checks
        .iter()
        .find(|check| check.name == "transitions")
        .unwrap();
    assert_eq!(transitions.detail, "1 of 1 transition found");

    // The same film with a cut is found out.
    let mut cut = plan.clone();
    cut.picture[1].transition = SegmentTransition::Cut;
    let hard = folder.path().join("hard.mp4");
    rendered(&cut, &hard);
    let report = verified(&plan, &hard);
    assert!(
        failures(&report).contains(&"transitions"),
        "{:?}",
        report.checks
    );
}

#[test]
fn a_dissolve_within_one_file_shows_both_moments_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let clip = folder.path().join("numbered.mkv");
    numbered_film(&clip, "25", 100, &["-c:v", "ffv1"]);
    let mut plan = plan(160, 90, ratio(25, 1), &[("clip", &clip)]);
    plan.show("clip", ratio(10, 25), 10);
    plan.show("clip", ratio(60, 25), 10);
    dissolve(&mut plan, 4);
    let film = folder.path().join("film.mp4");
    rendered(&plan, &film);
    let frames = frames_of(&film);
    let numbers: Vec<usize> = frames.iter().map(number_of).collect();
    assert_eq!(numbers[..8], [10, 11, 12, 13, 14, 15, 16, 17]);
    assert_eq!(numbers[12..], [62, 63, 64, 65, 66, 67, 68, 69]);
    // In the middle a field that only one of the two numbers has is neither black nor white.
    let value = |frame: &Rgb8, bit: usize| {
        let x = (bit % FIELDS.0 * 2 + 1) * frame.width() / (FIELDS.0 * 2);
        let y = (bit / FIELDS.0 * 2 + 1) * frame.height() / (FIELDS.1 * 2);
        frame.pixel(x, y)[1]
    };
    // Frame 9 blends source frames 19 (0b0010011) and 59 (0b0111011) by 0.625 and 0.375.
    let (both, one, none) = (
        value(&frames[9], 0),
        value(&frames[9], 3),
        value(&frames[9], 2),
    );
    assert!(both > 220 && none < 35, "{both} {none}");
    assert!((85..=120).contains(&one), "{one}");
}

#[test]
fn a_dissolve_without_a_handle_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let clip = folder.path().join("red.mp4");
    flat_clip(&clip, "red");
    let mut plan = plan(160, 90, ratio(25, 1), &[("red", &clip)]);
    // Two seconds: the first segment ends at 1.92, and half the dissolve is 0.2.
    plan.show("red", ratio(28, 25), 20);
    plan.show("red", ratio(1, 2), 20);
    dissolve(&mut plan, 10);
    let problem = try_render(&plan, &folder.path().join("film.mp4"), 1, Task::default());
    let problem = problem.unwrap_err().to_string();
    assert!(
        problem.contains("picture[1].transition") && problem.contains("after its out"),
        "{problem}"
    );
    // From a file, with the line.
    let path = folder.path().join("film.plan.json");
    let text = plan.to_json().unwrap();
    let problem = plan
        .check_handles(&text, &path, &Limits::default())
        .unwrap_err()
        .to_string();
    assert!(
        problem.contains("film.plan.json:") && problem.contains("picture[1].transition.duration"),
        "{problem}"
    );
    dissolve(&mut plan, 4);
    assert!(plan.check_handles(&text, &path, &Limits::default()).is_ok());
}
