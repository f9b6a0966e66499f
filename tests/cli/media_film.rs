//! Films in and out, against FFmpeg's own programs.

use std::path::{Path, PathBuf};
use std::process::Command;

use tastemaker::geometry::Size;
use tastemaker::media::{
    FilmSettings, FilmWriter, FrameInfo, FrameSize, Kind, Limits, SoundSettings, VideoReader, probe,
};
use tastemaker::picture::Rgb8;
use tastemaker::sound::SoundFormat;
use tastemaker::time::Rational;

use crate::support::corpus;

/// Runs `ffmpeg` quietly with `arguments`, separated by blanks.
fn ffmpeg(folder: &Path, arguments: &str) {
    let status = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-nostdin"])
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .status()
        .expect("ffmpeg is installed");
    assert!(status.success(), "ffmpeg {arguments}");
}

/// What `ffprobe` prints for `arguments`.
fn ffprobe(path: &Path, arguments: &str) -> String {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-of", "csv=p=0"])
        .args(arguments.split_whitespace())
        .arg(path)
        .output()
        .expect("ffprobe is installed");
    String::from_utf8(output.stdout).expect("text")
}

/// Timestamps of all frames, as ffprobe decodes them; `None` for a frame without one.
fn stamps(path: &Path) -> Vec<Option<i64>> {
    ffprobe(
        path,
        "-of csv=p=1 -select_streams v:0 -show_frames -show_entries frame=pkt_dts,best_effort_timestamp",
    )
    .lines()
    .filter_map(|line| line.strip_prefix("frame,"))
    .map(|line| {
        let (decoded, best) = line.split_once(',').expect("two values");
        let best = best.split(',').next().unwrap_or(best);
        best.parse().or_else(|_| decoded.parse()).ok()
    })
    .collect()
}

fn open(path: &Path) -> VideoReader {
    VideoReader::open(path, &Limits::default(), 0).unwrap_or_else(|error| panic!("{error}"))
}

fn frames(reader: &mut VideoReader) -> Vec<FrameInfo> {
    let mut frames = Vec::new();
    while let Some(frame) = reader
        .next_frame()
        .unwrap_or_else(|error| panic!("{error}"))
    {
        frames.push(frame);
    }
    frames
}

fn small(reader: &mut VideoReader) -> Rgb8 {
    reader
        .image(FrameSize::LongSide(64))
        .expect("a frame is held")
}

fn clips() -> Option<Vec<PathBuf>> {
    let folder = corpus()?.join("video");
    let mut clips: Vec<PathBuf> = ["clips", "composites", "subject"]
        .iter()
        .flat_map(|name| std::fs::read_dir(folder.join(name)).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            matches!(ending, Some("mp4" | "mkv" | "webm" | "avi"))
        })
        .collect();
    clips.sort();
    assert!(clips.len() >= 20);
    Some(clips)
}

#[test]
fn corpus_frames_and_times_are_those_of_ffprobe() {
    let Some(clips) = clips() else { return };
    for path in clips {
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let mut reader = open(&path);
        let facts = reader.facts().clone();
        let frames = frames(&mut reader);
        let stamps = stamps(&path);
        assert_eq!(frames.len(), stamps.len(), "{name}");
        let zero: f64 = ffprobe(&path, "-show_entries format=start_time")
            .trim()
            .parse()
            .expect("a number");
        for (number, (frame, stamp)) in frames.iter().zip(&stamps).enumerate() {
            assert_eq!(frame.index, number as u64);
            let (stamp, first) = (stamp.expect("a time"), stamps[0].expect("a time"));
            let time = Rational::whole(stamp) * facts.time_base;
            assert!(
                (time.seconds() - zero - frame.time.seconds()).abs() < 2e-6,
                "{name} {number}"
            );
            let step = Rational::whole(stamp - first) * facts.time_base;
            assert_eq!(frame.time - frames[0].time, step, "{name} {number}");
            assert!(frame.end > frame.time, "{name} {number}");
        }
        assert!(frames[0].key, "{name}");
        assert_eq!(facts.start, frames[0].time, "{name}");
        if let Some(told) = facts.frames {
            assert_eq!(told, frames.len() as u64, "{name}");
        }
        let end = frames[frames.len() - 1].end - frames[0].time;
        let told = facts.duration.expect("a duration").seconds();
        assert!(
            (end.seconds() - told).abs() < 0.05,
            "{name} {} {told}",
            end.seconds()
        );
        println!(
            "{name} {} frames {} s vfr {}",
            frames.len(),
            told,
            facts.variable_frame_rate
        );
    }
}

#[test]
fn corpus_probes_are_those_of_ffprobe() {
    let Some(clips) = clips() else { return };
    for path in clips {
        let name = path.display();
        let probe = probe(&path, &Limits::default()).expect("a film");
        assert_eq!(probe.kind, Kind::Video, "{name}");
        let video = probe.video.expect("pictures");
        let told = ffprobe(
            &path,
            "-select_streams v:0 -show_entries stream=codec_name,width,height,avg_frame_rate,time_base",
        );
        let Size { width, height } = video.coded;
        let codec = &video.codec;
        let (rate, base) = (video.frame_rate, video.time_base);
        assert_eq!(
            told.trim(),
            format!("{codec},{width},{height},{rate},{base}"),
            "{name}"
        );
        let sound = ffprobe(
            &path,
            "-select_streams a:0 -show_entries stream=sample_rate,channels",
        );
        let ours = probe.audio.map_or(String::new(), |audio| {
            format!("{},{}", audio.sample_rate, audio.channels)
        });
        assert_eq!(sound.trim(), ours, "{name}");
    }
}

/// A film of `count` frames of a moving pattern, with a tone.
fn write_film(path: &Path, settings: &FilmSettings, count: u32) {
    let mut writer = FilmWriter::create(path, settings).expect("a writer");
    let Size { width, height } = settings.size;
    let rate = settings.sound.map_or(0, |sound| sound.format.rate);
    let channels = settings.sound.map_or(0, |sound| sound.format.channels);
    let mut heard = 0;
    for number in 0..count {
        let samples = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| [x + number * 3, y * 2 + number, x ^ y].map(|value| value as u8))
            .collect();
        writer
            .write_frame(&Rgb8::new(settings.size, samples).expect("a picture"))
            .expect("a frame");
        let end = (Rational::whole(i64::from(number + 1))
            * settings.frame_rate.inverse().expect("a rate")
            * Rational::whole(i64::from(rate)))
        .floor() as u32;
        let sound: Vec<f32> = (heard..end)
            .flat_map(|sample| {
                let phase = sample as f32 / rate as f32 * 440.0 * std::f32::consts::TAU;
                vec![phase.sin() * 0.3; usize::from(channels)]
            })
            .collect();
        heard = end;
        writer.write_sound(&sound).expect("sound");
    }
    writer.finish().expect("a film");
}

fn settings(size: Size, rate: &str, sound: Option<(u32, u16)>) -> FilmSettings {
    FilmSettings {
        size,
        frame_rate: rate.parse().expect("a rate"),
        quality: 20,
        preset: "veryfast".into(),
        sound: sound.map(|(rate, channels)| SoundSettings {
            format: SoundFormat { rate, channels },
            bit_rate: 128_000,
        }),
        threads: 0,
    }
}

/// Where a box of the top level of an MP4 begins.
fn box_at(bytes: &[u8], wanted: &[u8; 4]) -> usize {
    let mut at = 0;
    while at + 8 <= bytes.len() {
        if &bytes[at + 4..at + 8] == wanted {
            return at;
        }
        let size = u32::from_be_bytes(bytes[at..at + 4].try_into().expect("4 bytes")) as usize;
        assert!(size >= 8, "box size {size}");
        at += size;
    }
    panic!("no box {wanted:?}");
}

#[test]
fn a_written_film_is_what_was_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    for (rate, count, sound, exact) in [
        ("30", 47, Some((48000, 2)), "1.566667"),
        ("30000/1001", 100, Some((44100, 2)), "3.336667"),
        ("25", 61, None, "2.440000"),
        ("24000/1001", 33, Some((48000, 1)), "1.376375"),
        ("60", 1, Some((48000, 2)), "0.016667"),
    ] {
        // Whatever the name says.
        let path = folder.path().join("film.part");
        let settings = settings(Size::new(322, 182), rate, sound);
        write_film(&path, &settings, count);

        let video = ffprobe(
            &path,
            "-count_frames -select_streams v -show_entries stream=codec_name,profile,width,height,pix_fmt,\
             color_range,color_space,color_transfer,color_primaries,chroma_location,r_frame_rate,avg_frame_rate,\
             start_pts,duration,nb_read_frames",
        );
        let rate = settings.frame_rate;
        assert_eq!(
            video.trim(),
            format!(
                "h264,High,322,182,yuv420p,tv,bt709,bt709,bt709,left,{rate},{rate},0,{exact},{count}"
            )
        );
        if let Some((rate, channels)) = sound {
            let audio = ffprobe(
                &path,
                "-select_streams a -show_entries stream=codec_name,sample_rate,channels,start_pts,duration_ts",
            );
            let samples = (Rational::whole(i64::from(count))
                * settings.frame_rate.inverse().expect("a rate")
                * Rational::whole(i64::from(rate)))
            .round();
            assert_eq!(audio.trim(), format!("aac,{rate},{channels},0,{samples}"));
        }
        let duration: f64 = ffprobe(&path, "-show_entries format=duration")
            .trim()
            .parse()
            .expect("a number");
        let exact: f64 = exact.parse().expect("a number");
        assert!((duration - exact).abs() < 2e-6, "{duration} {exact}");

        let bytes = std::fs::read(&path).expect("a file");
        assert!(box_at(&bytes, b"moov") < box_at(&bytes, b"mdat"));

        let mut reader = open(&path);
        assert!(!reader.facts().variable_frame_rate);
        assert_eq!(reader.facts().frames, Some(u64::from(count)));
        let frames = frames(&mut reader);
        let step = settings.frame_rate.inverse().expect("a rate");
        for (number, frame) in frames.iter().enumerate() {
            assert_eq!(frame.time, Rational::whole(number as i64) * step);
            assert_eq!(frame.end, Rational::whole(number as i64 + 1) * step);
        }

        let again = folder.path().join("again.mp4");
        write_film(&again, &settings, count);
        let other = std::fs::read(again).expect("a file");
        assert!(other == bytes, "other bytes");
    }
}

#[test]
fn colors_survive_a_film() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("colors.mp4");
    let size = Size::new(320, 64);
    let colors: [[u8; 3]; 10] = [
        [255, 255, 255],
        [0, 0, 0],
        [128, 128, 128],
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [255, 255, 0],
        [0, 255, 255],
        [200, 120, 90],
        [30, 60, 20],
    ];
    let samples = (0..size.pixels())
        .flat_map(|place| colors[(place % 320 / 32) as usize])
        .collect();
    let picture = Rgb8::new(size, samples).expect("a picture");
    let mut settings = settings(size, "25", None);
    settings.quality = 1;
    let mut writer = FilmWriter::create(&path, &settings).expect("a writer");
    for _ in 0..5 {
        writer.write_frame(&picture).expect("a frame");
    }
    writer.finish().expect("a film");

    // BT.709, limited range, by the formulas of the recommendation.
    let raw = Command::new("ffmpeg")
        .args(["-v", "error", "-i"])
        .arg(&path)
        .args([
            "-frames:v",
            "1",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-",
        ])
        .output()
        .expect("ffmpeg is installed")
        .stdout;
    let mut reader = open(&path);
    reader.next_frame().expect("decodes").expect("a frame");
    let image = reader.image(FrameSize::Full).expect("an image");
    for (number, color) in colors.iter().enumerate() {
        let [red, green, blue] = color.map(|value| f64::from(value) / 255.0);
        let luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        let wanted = [
            16.0 + 219.0 * luma,
            128.0 + 224.0 * (blue - luma) / 1.8556,
            128.0 + 224.0 * (red - luma) / 1.5748,
        ];
        let x = number * 32 + 16;
        let found = [
            raw[32 * 320 + x],
            raw[320 * 64 + 16 * 160 + x / 2],
            raw[320 * 64 + 160 * 32 + 16 * 160 + x / 2],
        ];
        for (wanted, found) in wanted.iter().zip(found) {
            assert!(
                (wanted - f64::from(found)).abs() < 1.6,
                "{color:?} {wanted} {found}"
            );
        }
        let back = image.pixel(x, 32);
        for (wanted, found) in color.iter().zip(back) {
            assert!(wanted.abs_diff(found) <= 4, "{color:?} {back:?}");
        }
    }
}

#[test]
fn a_full_disk_and_wrong_settings_are_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let size = Size::new(640, 360);
    let full = Path::new("/dev/full");
    let mut noise = 1_u32;
    let samples = (0..size.pixels() * 3)
        .map(|_| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8
        })
        .collect();
    let picture = Rgb8::new(size, samples).expect("a picture");
    let written = FilmWriter::create(full, &settings(size, "25", None)).and_then(|mut writer| {
        for _ in 0..100 {
            writer.write_frame(&picture)?;
        }
        writer.finish()
    });
    let error = written.expect_err("the disk is full");
    assert_eq!(error.code(), "unwritable", "{error}");
    assert!(error.to_string().contains("No space left"), "{error}");

    let create = |path: &str, settings: &FilmSettings| {
        FilmWriter::create(&folder.path().join(path), settings)
            .err()
            .expect("an error")
            .code()
    };
    assert_eq!(
        create("no/such/folder.mp4", &settings(size, "25", None)),
        "unwritable"
    );
    let odd = Size::new(641, 360);
    assert_eq!(create("a.mp4", &settings(odd, "25", None)), "encode");
    let mut unknown = settings(size, "25", None);
    unknown.preset = "warp".into();
    assert_eq!(create("b.mp4", &unknown), "encode");
    assert_eq!(create("c.mp4", &settings(size, "0", None)), "encode");
    assert_eq!(
        create("d.mp4", &settings(size, "25", Some((12345, 2)))),
        "encode"
    );
    let path = folder.path().join("e.mp4");
    let writer = FilmWriter::create(&path, &settings(size, "25", None)).expect("a writer");
    assert_eq!(writer.finish().expect_err("no frames").code(), "encode");
}

#[test]
fn a_film_does_not_depend_on_the_films_before_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, preset: &str, threads: usize| {
        let path = folder.path().join(name);
        let mut settings = settings(Size::new(336, 192), "25", None);
        settings.preset = preset.into();
        settings.threads = threads;
        write_film(&path, &settings, 41);
        std::fs::read(path).expect("a file")
    };
    let first = write("first.mp4", "veryfast", 0);
    for (number, preset) in ["ultrafast", "superfast", "fast"].into_iter().enumerate() {
        write("between.mp4", preset, number + 1);
        assert!(write("again.mp4", "veryfast", 0) == first, "after {preset}");
    }
}

const TEST_PICTURE: &str = "-f lavfi -i testsrc2=s=160x96:r=25:d=2";

/// Films of all kinds that people have, made by the ffmpeg program: name and arguments.
const KINDS: [(&str, &str); 16] = [
    ("plain.mp4", "-c:v libx264 -bf 0 -g 12"),
    ("b-frames.mp4", "-c:v libx264 -bf 3 -b_strategy 0 -g 20"),
    (
        "open-gop.mp4",
        "-c:v libx264 -bf 3 -g 10 -x264-params open-gop=1",
    ),
    ("ten-bit.mp4", "-c:v libx264 -pix_fmt yuv420p10le -g 15"),
    (
        "hevc.mp4",
        "-c:v libx265 -x265-params log-level=none:keyint=12:bframes=3 -tag:v hvc1",
    ),
    (
        "odd.mp4",
        "-vf crop=157:93:0:0 -c:v libx264 -pix_fmt yuv444p",
    ),
    (
        "odd.mkv",
        "-vf crop=157:93:0:0 -c:v libx264 -pix_fmt yuv420p -bf 2 -g 9",
    ),
    (
        "vp9.webm",
        "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 20",
    ),
    (
        "vp8.webm",
        "-c:v libvpx -auto-alt-ref 1 -lag-in-frames 10 -g 20",
    ),
    ("av1.mkv", "-c:v libsvtav1 -preset 12 -g 20"),
    ("xvid.avi", "-c:v mpeg4 -bf 2 -g 12"),
    ("h264.avi", "-c:v libx264 -bf 0 -g 12"),
    ("flash.flv", "-c:v libx264 -bf 2 -g 12"),
    ("stream.ts", "-c:v libx264 -bf 2 -g 12"),
    ("disc.mpg", "-c:v mpeg2video -bf 2 -g 12"),
    ("moving.gif", "-vf fps=10"),
];

#[test]
fn frames_of_all_kinds_are_those_of_ffprobe_and_seeking_finds_each() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, arguments) in KINDS {
        ffmpeg(folder.path(), &format!("{TEST_PICTURE} {arguments} {name}"));
        let path = folder.path().join(name);
        let mut reader = open(&path);
        let base = reader.facts().time_base;
        let mut sequence = Vec::new();
        while let Some(frame) = reader
            .next_frame()
            .unwrap_or_else(|error| panic!("{error}"))
        {
            sequence.push((frame, small(&mut reader)));
        }
        let stamps = stamps(&path);
        assert_eq!(sequence.len(), stamps.len(), "{name}");
        // AVI has no presentation times: FFmpeg shows B-frames one late, and knows none for the last.
        let late = Rational::whole(i64::from(name == "xvid.avi")) * base;
        let first = stamps[0].expect("a time");
        for ((frame, _), stamp) in sequence.iter().zip(&stamps) {
            if let Some(stamp) = stamp {
                let since = Rational::whole(stamp - first) * base;
                assert_eq!(frame.time, since + late, "{name}");
            }
        }
        assert!(stamps.iter().filter(|stamp| stamp.is_none()).count() <= 1);
        let end = sequence[sequence.len() - 1].0.end;
        assert!((end.seconds() - 2.0).abs() < 0.1, "{name} ends at {end}");

        // Every frame, in an order that jumps; just on it and just before the next.
        let count = sequence.len();
        let almost = Rational::new(1, 1000).expect("a time");
        for step in 0..count {
            let wanted = step * 17 % count;
            let (frame, picture) = &sequence[wanted];
            let inside = if step % 2 == 0 {
                frame.time
            } else {
                frame.end - almost
            };
            reader.seek(inside).expect("seeks");
            let found = reader.next_frame().expect("decodes").expect("a frame");
            assert_eq!(
                (found.index, found.time),
                (0, frame.time),
                "{name} frame {wanted}"
            );
            assert!(
                small(&mut reader) == *picture,
                "{name} frame {wanted} looks different"
            );
            let after = reader.next_frame().expect("decodes");
            assert_eq!(
                after.map(|after| (after.index, after.time)),
                sequence.get(wanted + 1).map(|(next, _)| (1, next.time)),
                "{name} after frame {wanted}"
            );
        }
        reader.seek(Rational::whole(-1)).expect("seeks");
        assert_eq!(
            reader.next_frame().expect("decodes").expect("a frame").time,
            late
        );
        reader.seek(Rational::whole(99)).expect("seeks");
        let last = reader.next_frame().expect("decodes").expect("a frame");
        assert_eq!(last.time, sequence[count - 1].0.time, "{name}");
        assert_eq!(reader.next_frame().expect("the end"), None, "{name}");
    }
}
