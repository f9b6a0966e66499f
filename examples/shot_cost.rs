//! Measures the cost of finding shots, and the effect of the thresholds; run by `scripts/measure-shot-cost`.
//!
//!     shot_cost MODELS RUNTIME [--curve] FILE…
//!
//! Prints one line of JSON for each film: its frames, the CPU seconds of the finder with the number of windows that it
//! ran the network on, and those of TransNetV2 on every frame in windows of 100 that overlap by half. Decoding, scaling
//! and loading are not included. With `--curve`, prints instead what is found with how many windows, as the doubtful
//! range grows from nothing to everything.

#![allow(clippy::print_stdout, missing_docs)]

use std::path::Path;

use serde_json::{Value, json};
use tastemaker::analysis::Transition;
use tastemaker::analysis::video::{ShotThresholds, find_transitions};
use tastemaker::media::{FrameSize, Limits, VideoReader};
use tastemaker::models::{Models, ModelsOptions, SHOT_FRAME, SHOT_WINDOW};
use tastemaker::picture::Rgb8;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: shot_cost MODELS RUNTIME [--curve] FILE…";
    let models = Models::open(ModelsOptions {
        folder: arguments.next().ok_or(usage)?.into(),
        runtime: vec![arguments.next().ok_or(usage)?.into()],
    })?;
    let (flags, files): (Vec<String>, Vec<String>) =
        arguments.partition(|argument| argument.starts_with("--"));
    let blank =
        Rgb8::new(SHOT_FRAME, vec![0; 3 * SHOT_FRAME.pixels() as usize]).ok_or("no blank frame")?;
    models.shot_window(&vec![&blank; SHOT_WINDOW])?;
    for file in files {
        let frames = read(Path::new(&file))?;
        let line = if flags.iter().any(|flag| flag == "--curve") {
            json!({ "file": file, "frames": frames.len(), "curve": curve(&models, &frames)? })
        } else {
            let start = cpu_seconds()?;
            let (found, windows) = find(&models, &frames, ShotThresholds::default())?;
            let middle = cpu_seconds()?;
            network_on_every_frame(&models, &frames)?;
            let end = cpu_seconds()?;
            json!({
                "file": file, "frames": frames.len(), "finder": middle - start, "windows": windows,
                "network": end - middle, "transitions": found,
            })
        };
        println!("{line}");
    }
    Ok(())
}

/// Runs the network on windows that overlap by half, so that every frame lies in the middle of one.
fn network_on_every_frame(models: &Models, frames: &[Rgb8]) -> Result<(), Failure> {
    let (margin, step) = (SHOT_WINDOW / 4, SHOT_WINDOW / 2);
    for start in (0..frames.len()).step_by(step) {
        let window: Vec<&Rgb8> = (start..start + SHOT_WINDOW)
            .map(|at| &frames[at.saturating_sub(margin).min(frames.len() - 1)])
            .collect();
        models.shot_window(&window)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<Rgb8>, Failure> {
    let mut reader = VideoReader::open(path, &Limits::default(), 1)?;
    let mut frames = Vec::new();
    while reader.next_frame()?.is_some() {
        frames.push(reader.image(FrameSize::Exact(SHOT_FRAME))?);
    }
    Ok(frames)
}

/// What is found, and the number of windows that the network saw.
fn find(
    models: &Models,
    frames: &[Rgb8],
    doubt: ShotThresholds,
) -> Result<(Vec<Transition>, usize), Failure> {
    let (sender, receiver) = std::sync::mpsc::channel();
    let found = find_transitions(frames.iter().cloned(), doubt, move |window| {
        // The receiver outlives this.
        let _ = sender.send(());
        models.shot_window(window)
    })?;
    Ok((found, receiver.iter().count()))
}

/// From no doubt at all, over the rule as it is, to none of the cheap answers counting.
fn curve(models: &Models, frames: &[Rgb8]) -> Result<Vec<Value>, Failure> {
    let mut rows = Vec::new();
    for width in [0.0_f32, 0.5, 1.0, 1.5, 2.0, 3.0] {
        let (found, windows) = find(models, frames, ShotThresholds::of_width(width))?;
        rows.push(json!({ "width": width, "windows": windows, "transitions": found }));
    }
    Ok(rows)
}

/// CPU seconds of all threads of this process.
fn cpu_seconds() -> Result<f64, Failure> {
    let mut nanoseconds = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let text = std::fs::read_to_string(task?.path().join("schedstat"))?;
        let spent: u64 = text
            .split_whitespace()
            .next()
            .ok_or("schedstat is empty")?
            .parse()?;
        nanoseconds += spent;
    }
    Ok(nanoseconds as f64 / 1e9)
}
