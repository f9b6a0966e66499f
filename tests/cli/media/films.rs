//! Reading and writing films, against FFmpeg's own programs.

use std::path::{Path, PathBuf};
use std::process::Command;

use tastemaker::error::{Error, LimitName};
use tastemaker::geometry::Size;
use tastemaker::media::{
    Channels, EncoderThreads, FilmCodec, FilmSettings, FilmWriter, FrameInfo, FrameSize, Limits,
    MediaKind, SoundCodec, SoundReader, SoundRequest, SoundSettings, VideoReader, probe,
};
use tastemaker::picture::Rgb8;
use tastemaker::sound::SoundFormat;
use tastemaker::time::Rational;

use crate::support::{corpus, ffmpeg, ffprobe};

/// Runs `ffmpeg` in `folder` with `arguments`, separated by blanks.
fn ffmpeg_in(folder: &Path, arguments: &str) {
    ffmpeg().words(arguments).current_dir(folder).run();
}

/// Timestamps of all frames, as ffprobe decodes them; `None` for a frame without one.
fn stamps(path: &Path) -> Vec<Option<i64>> {
    ffprobe(
        path,
        "-of csv=p=1 -select_streams v:0 -show_frames \
         -show_entries frame=pkt_dts,best_effort_timestamp"
            .split_whitespace(),
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
        let zero: f64 = ffprobe(&path, "-show_entries format=start_time".split_whitespace())
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
        assert_eq!(probe.kind, MediaKind::Video, "{name}");
        let video = probe.video.expect("pictures");
        let told = ffprobe(
            &path,
            "-select_streams v:0 \
             -show_entries stream=codec_name,width,height,avg_frame_rate,time_base"
                .split_whitespace(),
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
            "-select_streams a:0 -show_entries stream=sample_rate,channels".split_whitespace(),
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
        signal: None,
        codec: FilmCodec::H264,
        quality: 20,
        preset: "veryfast".into(),
        sound: sound.map(|(rate, channels)| SoundSettings {
            format: SoundFormat { rate, channels },
            bit_rate: 128_000,
            codec: SoundCodec::Aac,
        }),
        threads: EncoderThreads::Frames(8),
        comment: String::new(),
    }
}

/// Coded slices in an MP4 of H.264.
fn slices(path: &Path) -> usize {
    let stream = ffmpeg()
        .input(path)
        .words("-c copy -bsf:v h264_mp4toannexb -f h264 -")
        .bytes();
    let starts = stream.windows(4).filter(|bytes| bytes[..3] == [0, 0, 1]);
    // Of a picture that others are made from, and of any other.
    starts
        .filter(|bytes| matches!(bytes[3] & 31, 1 | 5))
        .count()
}

#[test]
fn threads_work_on_frames_of_their_own_or_on_slices_of_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = settings(Size::new(320, 240), "25", None);
    for (threads, each) in [
        (EncoderThreads::Frames(3), 1),
        (EncoderThreads::Slices(3), 3),
    ] {
        let path = folder.path().join(format!("{each}.mp4"));
        settings.threads = threads;
        write_film(&path, &settings, 30);
        assert_eq!(slices(&path), 30 * each, "{threads:?}");
        let frames = ffprobe(
            &path,
            ["-count_frames", "-show_entries", "stream=nb_read_frames"],
        );
        assert_eq!(frames.trim(), "30");
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
             start_pts,duration,nb_read_frames".split_whitespace());
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
                "-select_streams a \
             -show_entries stream=codec_name,sample_rate,channels,start_pts,duration_ts"
                    .split_whitespace(),
            );
            let samples = (Rational::whole(i64::from(count))
                * settings.frame_rate.inverse().expect("a rate")
                * Rational::whole(i64::from(rate)))
            .round();
            assert_eq!(audio.trim(), format!("aac,{rate},{channels},0,{samples}"));
        }
        let duration: f64 = ffprobe(&path, "-show_entries format=duration".split_whitespace())
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
    let raw = ffmpeg()
        .input(&path)
        .words("-frames:v 1 -f rawvideo -pix_fmt yuv420p -")
        .bytes();
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
    let write = |name: &str, preset: &str, threads: EncoderThreads| {
        let path = folder.path().join(name);
        let mut settings = settings(Size::new(336, 192), "25", None);
        settings.preset = preset.into();
        settings.threads = threads;
        write_film(&path, &settings, 41);
        std::fs::read(path).expect("a file")
    };
    for threads in [EncoderThreads::Frames(8), EncoderThreads::Slices(3)] {
        let first = write("first.mp4", "veryfast", threads);
        for (number, preset) in ["ultrafast", "superfast", "fast"].into_iter().enumerate() {
            write("between.mp4", preset, EncoderThreads::Frames(number + 1));
            let again = write("again.mp4", "veryfast", threads);
            assert!(again == first, "{threads:?} after {preset}");
        }
    }
}

const TEST_PICTURE: &str = "-f lavfi -i testsrc2=s=160x96:r=25:d=2";

/// Films of all kinds that people have, made by the ffmpeg program: name and arguments.
const KINDS: [(&str, &str); 19] = [
    (
        "fragments.mp4",
        "-c:v libx264 -bf 2 -g 12 -movflags frag_keyframe+empty_moov",
    ),
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
    // Some frames last five times as long as others, and no other is made from most of them.
    (
        "gaps.mp4",
        "-vf select=lt(mod(n\\,7)\\,3) -vsync vfr -c:v libx264 -bf 3 -b_strategy 0 -g 50 -sc_threshold 0",
    ),
    (
        "gaps.mkv",
        "-vf select=lt(mod(n\\,7)\\,3) -vsync vfr -c:v libx265 -x265-params bframes=3:b-adapt=0:log-level=none",
    ),
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
        ffmpeg_in(folder.path(), &format!("{TEST_PICTURE} {arguments} {name}"));
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

/// The first frame as the ffmpeg program shows it, 24 bits a pixel.
fn shown_by_ffmpeg(path: &Path) -> Vec<u8> {
    ffmpeg()
        .input(path)
        .words("-frames:v 1 -f rawvideo -pix_fmt rgb24")
        .words("-vf scale=in_h_chr_pos=0:flags=bicubic+accurate_rnd+full_chroma_int -")
        .bytes()
}

/// Mean difference of two lists of samples.
fn difference(ours: &[u8], theirs: &[u8]) -> f64 {
    assert_eq!(ours.len(), theirs.len());
    let sum: u64 = ours
        .iter()
        .zip(theirs)
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / ours.len() as f64
}

#[test]
fn films_are_turned_upright_as_ffmpeg_turns_them() {
    let folder = tempfile::tempdir().expect("a folder");
    ffmpeg_in(
        folder.path(),
        &format!("{TEST_PICTURE} -c:v libx264 -pix_fmt yuv420p plain.mp4"),
    );
    let plain = std::fs::read(folder.path().join("plain.mp4")).expect("a file");
    let header = plain
        .windows(4)
        .position(|word| word == b"tkhd")
        .expect("a track header");
    let one = 1_i32 << 16;
    for (a, b, c, d, clockwise) in [
        (one, 0, 0, one, 0),
        (0, one, -one, 0, 90),
        (-one, 0, 0, -one, 180),
        (0, -one, one, 0, 270),
        (-one, 0, 0, one, 0),
        (one, 0, 0, -one, 180),
        (0, one, one, 0, 90),
        (0, -one, -one, 0, 270),
    ] {
        // The matrix follows 40 bytes after the name of the box (ISO/IEC 14496-12, 8.3.2).
        let mut turned = plain.clone();
        for (place, value) in [(0, a), (1, b), (3, c), (4, d)] {
            let at = header + 44 + place * 4;
            turned[at..at + 4].copy_from_slice(&value.to_be_bytes());
        }
        let path = folder.path().join("turned.mp4");
        std::fs::write(&path, turned).expect("writes");
        let mut reader = open(&path);
        let facts = reader.facts().clone();
        let tall = clockwise % 180 == 90;
        let size = if tall {
            Size::new(96, 160)
        } else {
            Size::new(160, 96)
        };
        assert_eq!(
            (facts.rotation, facts.size),
            (clockwise, size),
            "{a} {b} {c} {d}"
        );
        assert_eq!(facts.coded, Size::new(160, 96));
        reader.next_frame().expect("decodes").expect("a frame");
        let image = reader.image(FrameSize::Full).expect("an image");
        assert_eq!(image.size(), size);
        // ffmpeg turns before it converts, which moves the chroma a little; any other turn is far off.
        let shown = shown_by_ffmpeg(&path);
        let off = difference(image.samples(), &shown);
        assert!(off < 8.0, "{a} {b} {c} {d}: {off}");
        let around: Vec<u8> = image.samples().chunks(3).rev().flatten().copied().collect();
        assert!(difference(&around, &shown) > 40.0);
        let tiny = reader
            .image(FrameSize::Exact(Size::new(48, 27)))
            .expect("an image");
        assert_eq!(tiny.size(), Size::new(48, 27));
        let long = reader
            .image(FrameSize::LongSide(40))
            .expect("an image")
            .size();
        assert_eq!(
            (long.width.max(long.height), long.width > long.height),
            (40, !tall)
        );
    }
}

#[test]
fn colors_are_those_of_ffmpeg_at_any_depth_matrix_and_range() {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, arguments) in [
        "-pix_fmt yuv420p",
        "-pix_fmt yuv420p10le",
        "-pix_fmt yuv422p",
        "-pix_fmt yuv444p -vf crop=157:93:0:0",
        "-pix_fmt yuvj420p",
        "-pix_fmt yuv420p -vf scale=out_color_matrix=bt709 -colorspace bt709",
        "-pix_fmt yuv420p -vf scale=out_color_matrix=bt601 -colorspace smpte170m",
        "-pix_fmt yuv420p10le -vf scale=out_color_matrix=bt2020 -colorspace bt2020nc \
         -color_primaries bt709 -color_trc bt709",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{number}.mp4");
        ffmpeg_in(
            folder.path(),
            &format!("{TEST_PICTURE} -c:v libx264 -qp 4 {arguments} {name}"),
        );
        let path = folder.path().join(name);
        let mut reader = open(&path);
        assert_eq!(
            reader.facts().bit_depth,
            if arguments.contains("10le") { 10 } else { 8 }
        );
        assert_eq!(reader.facts().full_range, arguments.contains("yuvj"));
        reader.next_frame().expect("decodes").expect("a frame");
        let image = reader.image(FrameSize::Full).expect("an image");
        let off = difference(image.samples(), &shown_by_ffmpeg(&path));
        assert!(off < 1.5, "{arguments}: {off}");
    }
}

#[test]
fn shape_start_cuts_and_spacing_are_told_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let make = |arguments: &str, name: &str| {
        ffmpeg_in(folder.path(), &format!("{arguments} {name}"));
        folder.path().join(name)
    };
    let wide = make(
        &format!("{TEST_PICTURE} -vf setsar=4/3 -c:v libx264"),
        "wide.mp4",
    );
    let facts = open(&wide).facts().clone();
    assert_eq!(facts.sample_aspect, Rational::new(4, 3).expect("a shape"));
    assert_eq!(
        (facts.coded, facts.size),
        (Size::new(160, 96), Size::new(213, 96))
    );

    // An edit list that begins amid a group of pictures.
    make(
        &format!("{TEST_PICTURE} -c:v libx264 -bf 2 -g 50"),
        "long.mp4",
    );
    let cut = make("-ss 0.52 -i long.mp4 -c copy", "cut.mp4");
    let mut reader = open(&cut);
    let facts = reader.facts().clone();
    let list = frames(&mut reader);
    let stamps = stamps(&cut);
    assert_eq!(list.len(), stamps.len());
    assert_eq!(facts.frames, Some(list.len() as u64));
    assert_eq!((list.len(), list[0].time), (37, Rational::ZERO));
    assert!((facts.duration.expect("a duration").seconds() - 37.0 / 25.0).abs() < 0.001);
    let mut whole = open(&folder.path().join("long.mp4"));
    whole
        .seek(Rational::new(13, 25).expect("a time"))
        .expect("seeks");
    whole.next_frame().expect("decodes");
    reader.seek(Rational::ZERO).expect("seeks");
    reader.next_frame().expect("decodes");
    assert!(small(&mut whole) == small(&mut reader));

    let uneven = "-vf select=lt(n\\,10)+not(mod(n\\,3)) -vsync vfr -c:v libx264";
    for name in ["uneven.mp4", "uneven.mkv"] {
        let path = make(&format!("{TEST_PICTURE} {uneven}"), name);
        let mut reader = open(&path);
        assert!(reader.facts().variable_frame_rate, "{name}");
        let times: Vec<f64> = frames(&mut reader)
            .iter()
            .map(|frame| frame.time.seconds())
            .collect();
        let wanted: Vec<f64> = (0..50)
            .filter(|n| *n < 10 || n % 3 == 0)
            .map(|n| f64::from(n) / 25.0)
            .collect();
        assert_eq!(times.len(), wanted.len());
        assert!(
            times
                .iter()
                .zip(&wanted)
                .all(|(a, b)| (a - b).abs() < 0.0006),
            "{times:?}"
        );
    }

    // Pictures that start 0.4 s after the sound.
    let tone = "-f lavfi -i sine=r=48000:d=2";
    let late = format!(
        "{tone} -itsoffset 0.4 {TEST_PICTURE} -map 0 -map 1 -vsync 0 -c:v libx264 -c:a aac"
    );
    for (name, wanted) in [("late.mp4", 0.4), ("late.mkv", 0.421)] {
        // Matroska by FFmpeg 5.1 keeps the encoder's delay of 1024 samples in the sound.
        let probe = probe(&make(&late, name), &Limits::default()).expect("a film");
        let start = probe.video.expect("pictures").start.seconds();
        let heard = probe.audio.expect("sound").start.seconds();
        assert!((start - wanted).abs() < 0.0011, "{name} {start}");
        assert!(heard.abs() < 0.0011, "{name} {heard}");
    }
    let mut reader = open(&folder.path().join("late.mp4"));
    assert_eq!(
        frames(&mut reader)[0].time,
        Rational::new(2, 5).expect("a time")
    );
}

#[test]
fn cover_pictures_do_not_make_a_film() {
    let folder = tempfile::tempdir().expect("a folder");
    let make = |arguments: &str, name: &str| {
        ffmpeg_in(folder.path(), &format!("{arguments} {name}"));
        folder.path().join(name)
    };
    let tone = "-f lavfi -i sine=r=48000:d=2";
    make("-f lavfi -i testsrc2=s=64x64 -frames:v 1", "cover.jpg");
    for name in ["cover.m4a", "cover.mp3"] {
        let cover = "-i cover.jpg -map 0 -map 1 -c:v copy -disposition:v attached_pic";
        let path = make(&format!("{tone} {cover}"), name);
        let probe = probe(&path, &Limits::default()).expect("sound");
        assert_eq!(probe.kind, MediaKind::Audio, "{name}");
        assert!(probe.video.is_none() && probe.audio.is_some());
        let error = VideoReader::open(&path, &Limits::default(), 1)
            .err()
            .expect("no film");
        assert_eq!(error.code(), "unsupported");
    }
}

#[test]
fn animations_are_films() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = "-f lavfi -i testsrc2=s=80x60:r=10:d=1.2";
    for (name, container, arguments) in [
        ("moving.webp", "webp", "-c:v libwebp_anim -lossless 1"),
        ("moving.gif", "gif", ""),
        ("moving.png", "apng", "-f apng"),
        ("moving.avif", "avif", "-c:v libaom-av1 -crf 10 -cpu-used 8"),
    ] {
        if name.ends_with("avif") && !cfg!(feature = "heic") {
            continue;
        }
        ffmpeg_in(folder.path(), &format!("{source} {arguments} {name}"));
        let path = folder.path().join(name);
        let probe = probe(&path, &Limits::default()).expect("an animation");
        assert_eq!(
            (probe.kind, probe.container.as_str()),
            (MediaKind::Video, container)
        );
        let mut reader = open(&path);
        let facts = reader.facts();
        assert_eq!(facts.size, Size::new(80, 60));
        assert_eq!(facts.frames, Some(12));
        assert_eq!(facts.duration, Rational::new(12, 10));
        assert!(!facts.variable_frame_rate);
        let mut pictures = Vec::new();
        while let Some(frame) = reader.next_frame().expect("decodes") {
            assert_eq!(
                frame.time,
                Rational::new(pictures.len() as i64, 10).expect("a time")
            );
            pictures.push(reader.image(FrameSize::Full).expect("an image"));
            assert_eq!(small(&mut reader).size(), Size::new(64, 48));
        }
        assert_eq!(pictures.len(), 12, "{name}");
        let off = difference(
            pictures[0].samples(),
            &ffmpeg()
                .words(&format!(
                    "{source} -frames:v 1 -f rawvideo -pix_fmt rgb24 -"
                ))
                .bytes(),
        );
        assert!(off < 10.0, "{name} {off}");
        for wanted in [11, 0, 5, 4] {
            let time = Rational::new(wanted * 10 + 3, 100).expect("a time");
            reader.seek(time).expect("seeks");
            let frame = reader.next_frame().expect("decodes").expect("a frame");
            assert_eq!(
                (frame.index, frame.time),
                (0, Rational::new(wanted, 10).expect("a time"))
            );
            assert!(reader.image(FrameSize::Full).expect("an image") == pictures[wanted as usize]);
        }
        // One frame alone is a picture.
        let still = format!("still-{name}");
        ffmpeg_in(
            folder.path(),
            &format!("{source} {arguments} -frames:v 1 {still}"),
        );
        let still = folder.path().join(still);
        assert_eq!(
            tastemaker::media::probe(&still, &Limits::default())
                .expect("a picture")
                .kind,
            MediaKind::Image
        );
        assert!(VideoReader::open(&still, &Limits::default(), 1).is_err());
    }
}

#[test]
fn a_film_that_changes_its_size_and_starts_its_clock_again_is_read_through() {
    let folder = tempfile::tempdir().expect("a folder");
    let part = |size: &str, name: &str| {
        ffmpeg_in(
            folder.path(),
            &format!(
                "-f lavfi -i testsrc2=s={size}:r=25:d=1 -c:v libx264 -pix_fmt yuv420p -bf 2 {name}"
            ),
        );
        std::fs::read(folder.path().join(name)).expect("a file")
    };
    let both = [part("160x96", "a.ts"), part("320x240", "b.ts")].concat();
    let path = folder.path().join("both.ts");
    std::fs::write(&path, both).expect("writes");
    let mut reader = open(&path);
    let mut count = 0;
    let mut last = None;
    while let Some(frame) = reader.next_frame().expect("decodes") {
        assert!(last.is_none_or(|last| frame.time > last), "{frame:?}");
        last = Some(frame.time);
        assert_eq!(
            reader.image(FrameSize::Full).expect("an image").size(),
            Size::new(160, 96)
        );
        count += 1;
    }
    assert_eq!(count, 50);
    let last = last.expect("a frame").seconds();
    assert!((last - 49.0 / 25.0).abs() < 0.1, "{last}");
}

#[test]
fn a_flash_and_a_click_stay_together() {
    let folder = tempfile::tempdir().expect("a folder");
    for (rate, frame_rate) in [(48000_u32, "30"), (44100, "30000/1001")] {
        let path = folder.path().join("sync.mp4");
        let settings = settings(Size::new(64, 48), frame_rate, Some((rate, 1)));
        let step = settings.frame_rate.inverse().expect("a rate");
        let mut writer = FilmWriter::create(&path, &settings).expect("a writer");
        let flash = 37;
        let at = Rational::whole(flash) * step;
        let click = (at * Rational::whole(i64::from(rate))).round() as usize;
        let mut sound = vec![0.0_f32; rate as usize * 3];
        for (place, sample) in sound[click..click + 200].iter_mut().enumerate() {
            *sample = if place / 10 % 2 == 0 { 0.9 } else { -0.9 };
        }
        // All sound at once: it waits for its pictures.
        writer.write_sound(&sound).expect("sound");
        for number in 0..60 {
            let value = if number == flash { 255 } else { 16 };
            let picture = Rgb8::new(settings.size, vec![value; 64 * 48 * 3]).expect("a picture");
            writer.write_frame(&picture).expect("a frame");
        }
        writer.finish().expect("a film");

        let mut reader = open(&path);
        let mut brightest = (0, Rational::ZERO);
        while let Some(frame) = reader.next_frame().expect("decodes") {
            let bright = small(&mut reader).pixel(30, 20)[0];
            if bright > brightest.0 {
                brightest = (bright, frame.time);
            }
        }
        assert_eq!(brightest.1, at);
        let heard = ffmpeg().input(&path).words("-map 0:a").samples();
        let onset = heard
            .iter()
            .position(|sample| sample.abs() > 0.4)
            .expect("a click");
        let ours = click_by_reader(&path);
        for onset in [onset as f64 / f64::from(rate), ours] {
            let off = onset - at.seconds();
            assert!(off.abs() < 0.001, "{off} s");
        }
    }
}

/// Seconds until the first loud sample, by the reader of sound.
fn click_by_reader(path: &Path) -> f64 {
    let request = SoundRequest {
        rate: None,
        channels: Channels::Mono,
    };
    let mut reader = SoundReader::open(path, &Limits::default(), request).expect("sound");
    let rate = f64::from(reader.format().rate);
    while let Some(block) = reader.next_block().expect("decodes") {
        if let Some(place) = block.samples.iter().position(|sample| sample.abs() > 0.4) {
            return (block.start as f64 + place as f64) / rate;
        }
    }
    panic!("no click");
}

/// Reads `path` to its end, however it ends; gives the times of its frames and the code of the error.
fn read_through(path: &Path) -> (Vec<Rational>, Option<&'static str>) {
    let mut reader = match VideoReader::open(path, &Limits::default(), 2) {
        Ok(reader) => reader,
        Err(error) => return (Vec::new(), Some(error.code())),
    };
    let mut times = Vec::new();
    loop {
        match reader.next_frame() {
            Ok(Some(frame)) => {
                assert!(times.last().is_none_or(|last| frame.time > *last));
                times.push(frame.time);
                small(&mut reader);
            }
            Ok(None) => return (times, None),
            Err(error) => {
                assert_eq!(reader.next_frame().expect("the end"), None);
                return (times, Some(error.code()));
            }
        }
    }
}

#[test]
fn films_cut_at_any_place_give_what_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, arguments) in [
        (
            "cut.mp4",
            "-c:v libx264 -g 12 -bf 2 -c:a aac -movflags faststart",
        ),
        ("tail.mp4", "-c:v libx264 -g 12 -bf 2 -c:a aac"),
        (
            "cut.webm",
            "-c:v libvpx -deadline realtime -cpu-used 8 -g 12 -c:a libopus",
        ),
        ("cut.mkv", "-c:v libx264 -g 12 -bf 2 -c:a aac"),
        ("cut.avi", "-c:v mpeg4 -g 12 -c:a mp3"),
        (
            "fragments.mp4",
            "-c:v libx264 -g 12 -bf 2 -c:a aac -movflags frag_keyframe+empty_moov",
        ),
        ("cut.gif", ""),
    ] {
        let sound = if arguments.is_empty() {
            ""
        } else {
            "-f lavfi -i sine=r=48000:d=2"
        };
        ffmpeg_in(
            folder.path(),
            &format!("{TEST_PICTURE} {sound} {arguments} {name}"),
        );
        let path = folder.path().join(name);
        let bytes = std::fs::read(&path).expect("a file");
        let (all, code) = read_through(&path);
        assert_eq!((all.len(), code), (50, None), "{name}");
        let mut before = 0;
        for place in 1..64 {
            let length = bytes.len() * place / 64;
            std::fs::write(&path, &bytes[..length]).expect("writes");
            let _ = probe(&path, &Limits::default());
            let (times, code) = read_through(&path);
            // Where the break comes before the sound has begun, the file's time zero is another.
            let shift = times
                .first()
                .map_or(Rational::ZERO, |&first| all[0] - first);
            let times: Vec<Rational> = times.iter().map(|&time| time + shift).collect();
            // Frames of the last group of pictures may be missing, nothing before it.
            let sure = times.len().saturating_sub(12);
            assert!(all.starts_with(&times[..sure]), "{name} {place}: {times:?}");
            assert!(
                times.iter().all(|time| all.contains(time)),
                "{name} {place}: {times:?}"
            );
            assert!(
                times.len() + 4 >= before,
                "{name} {place}: {} after {before}",
                times.len()
            );
            before = before.max(times.len());
            let missing = all.len() - times.len();
            match code {
                None => assert!(
                    missing <= 1,
                    "{name} {place}: {missing} frames are missing in silence"
                ),
                Some("breaks_off") => assert!(!times.is_empty(), "{name} {place}"),
                Some(code) => {
                    assert!(
                        matches!(code, "damaged" | "unsupported"),
                        "{name} {place}: {code}"
                    );
                    assert!(times.is_empty(), "{name} {place}");
                }
            }
        }
        let late = name == "tail.mp4";
        assert!(late || before > 40, "{name}: {before}");
    }
}

#[test]
fn damaged_spots_are_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, arguments) in [
        ("spots.mp4", "-c:v libx264 -g 10 -bf 2 -movflags faststart"),
        ("spots.mkv", "-c:v libx264 -g 10 -bf 2"),
        (
            "spots.webm",
            "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 10",
        ),
        ("spots.ts", "-c:v libx264 -g 10"),
        ("spots.avi", "-c:v mpeg4 -g 10"),
    ] {
        ffmpeg_in(folder.path(), &format!("{TEST_PICTURE} {arguments} {name}"));
        let path = folder.path().join(name);
        let bytes = std::fs::read(&path).expect("a file");
        let mut seed = 7_u64;
        for _ in 0..24 {
            let mut spoilt = bytes.clone();
            for _ in 0..12 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                // Behind the headers.
                let at = 3000 + (seed >> 33) as usize % (bytes.len() - 3010);
                spoilt[at..at + 8].copy_from_slice(&seed.to_le_bytes());
            }
            std::fs::write(&path, spoilt).expect("writes");
            let (times, _) = read_through(&path);
            assert!(times.len() <= 60, "{name}: {} frames", times.len());
        }
    }
}

#[test]
fn a_seek_does_not_begin_at_a_damaged_key_frame() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = format!("{TEST_PICTURE} -c:v libx264 -g 10 -bf 0 spoilt.mp4");
    ffmpeg_in(folder.path(), &film);
    let path = folder.path().join("spoilt.mp4");
    let packets = ffprobe(&path, ["-show_entries", "packet=pos,size,flags"]);
    let key = packets.lines().filter(|line| line.contains('K')).nth(3);
    let mut numbers = key.expect("a fourth key frame").split(',');
    let mut number = || -> usize { numbers.next().and_then(|it| it.parse().ok()).expect("it") };
    let (size, at) = (number(), number());
    let mut bytes = std::fs::read(&path).expect("a file");
    bytes[at + size / 3..at + size / 2].fill(0x55);
    std::fs::write(&path, bytes).expect("writes");

    let mut reader = VideoReader::open(&path, &Limits::default(), 1).expect("a film");
    let mut played = Vec::new();
    while let Some(frame) = reader.next_frame().expect("a frame") {
        played.push((
            frame.time,
            reader.image(FrameSize::Full).expect("a picture"),
        ));
    }
    // Behind that key frame the film shows what is left of the frames before, and a seek must show the same.
    for (time, picture) in &played[31..39] {
        reader.seek(*time).expect("a seek");
        let found = reader.next_frame().expect("a frame").expect("a frame");
        assert_eq!(found.time, *time);
        assert_eq!(&reader.image(FrameSize::Full).expect("a picture"), picture);
    }
}

#[test]
fn what_is_no_film_is_refused_and_opens_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    ffmpeg_in(
        folder.path(),
        &format!("{TEST_PICTURE} -c:v libx264 real.mp4"),
    );
    let real = at("real.mp4").display().to_string();
    let refused = |path: &Path, codes: &[&str]| {
        let by_probe = probe(path, &Limits::default())
            .err()
            .map(|error| error.code());
        let by_reader = VideoReader::open(path, &Limits::default(), 1)
            .err()
            .map(|error| error.code());
        for code in [by_probe, by_reader] {
            let code = code.unwrap_or_else(|| panic!("{} was opened", path.display()));
            assert!(codes.contains(&code), "{}: {code}", path.display());
        }
    };
    for (name, content) in [
        (
            "list.m3u8",
            format!("#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{real}\n#EXT-X-ENDLIST\n"),
        ),
        ("list.mp4", format!("ffconcat version 1.0\nfile '{real}'\n")),
        (
            "list.mpd",
            "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"></MPD>".into(),
        ),
        (
            "call.sdp",
            "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n".into(),
        ),
        ("words.txt", "It was a dark and stormy night.\n".repeat(100)),
        (
            "words.srt",
            "1\n00:00:01,000 --> 00:00:02,000\nHello\n".into(),
        ),
        ("art.ans", "\u{1b}[31mcolors\u{1b}[0m\n".repeat(50)),
        ("pipe.mp4", "P6\n4 4\n255\n".to_string() + &"x".repeat(48)),
    ] {
        std::fs::write(at(name), content).expect("writes");
        refused(&at(name), &["unsupported"]);
    }
    std::fs::write(at("empty.mp4"), "").expect("writes");
    refused(&at("empty.mp4"), &["damaged"]);
    refused(&at("none.mp4"), &["not_found"]);
    for name in [
        "concat:real.mp4|real.mp4",
        "http://127.0.0.1/a.mp4",
        "lavfi:testsrc",
        "frame-%03d.png",
    ] {
        refused(Path::new(name), &["not_found"]);
    }
    refused(folder.path(), &["unsupported", "unreadable"]);
    refused(Path::new("/dev/zero"), &["unsupported"]);
    let pipe = at("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .expect("mkfifo")
            .success()
    );
    refused(&pipe, &["unsupported"]);
    let mut seed = 1_u64;
    for name in ["noise.mp4", "noise.webm"] {
        let noise: Vec<u8> = (0..40_000)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (seed >> 56) as u8
            })
            .collect();
        std::fs::write(at(name), noise).expect("writes");
        refused(&at(name), &["unsupported", "damaged"]);
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf8_is_read_and_written() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &[u8]| folder.path().join(std::ffi::OsStr::from_bytes(name));
    ffmpeg_in(
        folder.path(),
        &format!("{TEST_PICTURE} -c:v libx264 real.mp4"),
    );
    let odd = at(b"f\xfflm.mp4");
    std::fs::rename(at(b"real.mp4"), &odd).expect("renames");
    assert_eq!(read_through(&odd).0.len(), 50);
    let again = at(b"g\xfflm.mp4");
    write_film(&again, &settings(Size::new(64, 48), "25", None), 3);
    assert_eq!(read_through(&again).0.len(), 3);
}

#[test]
fn every_limit_is_an_error_that_names_it() {
    let folder = tempfile::tempdir().expect("a folder");
    ffmpeg_in(
        folder.path(),
        &format!(
            "{TEST_PICTURE} -f lavfi -i sine=d=2 -c:v libx264 -c:a aac -map 0 -map 1 -map 1 film.mp4"
        ),
    );
    ffmpeg_in(folder.path(), "-i film.mp4 -c copy film.ts");
    let free = Limits::default();
    for (limits, limit) in [
        (
            Limits {
                bytes: 1000,
                ..free
            },
            LimitName::Bytes,
        ),
        (
            Limits {
                pixels: 160 * 96 - 1,
                ..free
            },
            LimitName::Pixels,
        ),
        (Limits { frames: 49, ..free }, LimitName::Frames),
        (Limits { seconds: 1, ..free }, LimitName::Seconds),
        (Limits { streams: 1, ..free }, LimitName::Streams),
        (
            Limits {
                memory: 100_000,
                ..free
            },
            LimitName::MemoryBytes,
        ),
    ] {
        for name in ["film.mp4", "film.ts"] {
            let path = folder.path().join(name);
            let read = || -> tastemaker::Result<()> {
                let mut reader = VideoReader::open(&path, &limits, 1)?;
                while reader.next_frame()?.is_some() {}
                Ok(())
            };
            let refused = read();
            match refused.expect_err(&format!("{name} within {limit}")) {
                Error::Limit {
                    limit: named,
                    found,
                    allowed,
                    ..
                } => {
                    assert_eq!(named, limit, "{name}");
                    assert!(found > allowed, "{name}: {found} {allowed}");
                }
                error => panic!("{name}: {error}"),
            }
            // What the headers of an MP4 tell is refused before anything is decoded.
            let by_probe = probe(&path, &limits);
            let decodes = limit == LimitName::MemoryBytes;
            assert!(
                name.ends_with("ts") || decodes || by_probe.is_err(),
                "{limit:?}"
            );
        }
    }
}

#[test]
fn wide_range_is_brought_to_the_screen() {
    let folder = tempfile::tempdir().expect("a folder");
    // Reference white of ITU-R BT.2408: 58 % in PQ, 75 % in HLG.
    for (name, share) in [("smpte2084", 0.58), ("arib-std-b67", 0.75)] {
        let luma = 64.0 + share * 876.0;
        let grey = format!("geq=lum={luma:.0}:cb=512:cr=512");
        ffmpeg_in(
            folder.path(),
            &format!(
                "-f lavfi -i color=s=64x64:d=0.2,format=yuv420p10le,{grey} -c:v libx265 -x265-params log-level=none \
                 -color_trc {name} -color_primaries bt2020 -colorspace bt2020nc hdr.mp4"
            ),
        );
        let mut reader = open(&folder.path().join("hdr.mp4"));
        assert_eq!(reader.facts().color_transfer, name);
        assert_eq!(reader.facts().color_primaries, "bt2020");
        reader.next_frame().expect("decodes").expect("a frame");
        let pixel = reader
            .image(FrameSize::Full)
            .expect("an image")
            .pixel(30, 30);
        assert!(
            pixel.iter().all(|value| (205..=240).contains(value)),
            "{name} {pixel:?}"
        );
    }
}

#[test]
fn what_a_film_says_of_its_light_decides_how_far_highlights_give_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let mastered =
        "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(40000000,50)";
    // Shares of the range of PQ: 203 and 1000 nits.
    let shown = |share: f64, light: &str| {
        let luma = 64.0 + share * 876.0;
        let grey = format!("geq=lum={luma:.0}:cb=512:cr=512");
        ffmpeg_in(
            folder.path(),
            &format!(
                "-y -f lavfi -i color=s=64x64:d=0.2,format=yuv420p10le,{grey} -c:v libx265 \
                 -x265-params log-level=none:{light} -color_trc smpte2084 -color_primaries bt2020 \
                 -colorspace bt2020nc hdr.mp4"
            ),
        );
        let mut reader = open(&folder.path().join("hdr.mp4"));
        reader.next_frame().expect("decodes").expect("a frame");
        let picture = reader.image(FrameSize::Full).expect("an image");
        picture.pixel(30, 30)[1]
    };
    let (white, bright) = (0.5807, 0.7518);
    assert!(shown(bright, "repeat-headers=0") >= 253);
    let of_display = shown(bright, mastered);
    assert!((245..=252).contains(&of_display), "{of_display}");
    // What the film itself holds counts before what its display could show.
    assert!(shown(bright, &format!("{mastered}:max-cll=1000,200")) >= 253);
    assert!(shown(white, &format!("{mastered}:max-cll=203,100")) >= 250);
    assert!(shown(white, &format!("{mastered}:max-cll=1000,200")) <= 232);
}

#[test]
fn a_table_of_four_thousand_million_samples_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    ffmpeg_in(
        folder.path(),
        &format!("{TEST_PICTURE} -c:v libx264 film.mp4"),
    );
    let path = folder.path().join("film.mp4");
    let mut bytes = std::fs::read(&path).expect("a file");
    let table = bytes
        .windows(4)
        .position(|word| word == b"stsz")
        .expect("a table");
    // One size for all, and very many of them.
    bytes[table + 8..table + 12].copy_from_slice(&100_u32.to_be_bytes());
    bytes[table + 12..table + 16].copy_from_slice(&170_000_000_u32.to_be_bytes());
    std::fs::write(&path, bytes).expect("writes");
    let error = probe(&path, &Limits::default()).expect_err("too many");
    assert!(
        matches!(
            error,
            Error::Limit {
                limit: LimitName::MemoryBytes,
                ..
            }
        ),
        "{error}"
    );
}
