//! Films in and out, against FFmpeg's own programs.

use std::path::{Path, PathBuf};
use std::process::Command;

use tastemaker::geometry::Size;
use tastemaker::media::{FrameInfo, FrameSize, Kind, Limits, VideoReader, probe};
use tastemaker::picture::Rgb8;
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

/// Timestamps of all frames, as ffprobe decodes them.
fn stamps(path: &Path) -> Vec<i64> {
    ffprobe(
        path,
        "-select_streams v:0 -show_frames -show_entries frame=best_effort_timestamp",
    )
    .lines()
    .filter_map(|line| line.split(',').next()?.parse().ok())
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
            let time = Rational::whole(*stamp) * facts.time_base;
            assert!(
                (time.seconds() - zero - frame.time.seconds()).abs() < 2e-6,
                "{name} {number}"
            );
            let step = Rational::whole(*stamp - stamps[0]) * facts.time_base;
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
