//! Measures the cost of analyzing a piece of music, stage by stage; run by `scripts/measure-music-cost`.
//!
//!     music_cost MODELS RUNTIME FILE
//!
//! Prints one line of JSON with CPU seconds: decoding, resampling, both musicnn networks on every other patch of three
//! seconds (as in the analysis of a file that is all music), the beat networks and the sound-event network on the whole
//! file, the last two with their features. Loading is not included.

#![allow(clippy::print_stdout, missing_docs)]

use std::path::Path;

use serde_json::json;
use tastemaker::media::{Channels, Limits, Resampler, SoundReader, SoundRequest};
use tastemaker::models::{BEAT_RATE, BeatStream, MUSIC_PATCH, Models, ModelsOptions, VOICE_RATE};

type Failure = Box<dyn std::error::Error>;

const RATE: u32 = VOICE_RATE;
/// Samples from one patch to the next; the networks run on every second patch, as in the analysis.
const STEP: usize = 3 * RATE as usize;
const SPACING: usize = 2;

fn beat_activations(models: &Models, samples: &[f32]) -> Result<(), Failure> {
    let mut activations = Vec::new();
    let mut stream = BeatStream::default();
    stream.push(models, samples, &mut activations)?;
    stream.finish(models, &mut activations)?;
    Ok(())
}

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: music_cost MODELS RUNTIME FILE";
    let models = Models::open(ModelsOptions {
        folder: arguments.next().ok_or(usage)?.into(),
        runtime: vec![arguments.next().ok_or(usage)?.into()],
    })?;
    let file = arguments.next().ok_or(usage)?;
    let silence = vec![0.0; MUSIC_PATCH];
    models.music_patches(&silence)?;
    models.sound_events(&silence)?;
    beat_activations(&models, &silence)?;

    let start = cpu_seconds()?;
    let (mono, rate) = decode(Path::new(&file))?;
    let decoded = cpu_seconds()?;
    let voice = resample(&mono, rate, RATE)?;
    let music = resample(&mono, rate, BEAT_RATE)?;
    let resampled = cpu_seconds()?;
    let mut patches = 0;
    for first in (0..voice.len()).step_by(SPACING * STEP) {
        let first = first.min(voice.len().saturating_sub(MUSIC_PATCH));
        let last = (first + MUSIC_PATCH).min(voice.len());
        patches += models
            .music_patches(voice.get(first..last).unwrap_or_default())?
            .len();
    }
    let tagged = cpu_seconds()?;
    beat_activations(&models, &music)?;
    let beaten = cpu_seconds()?;
    models.sound_events(&voice)?;
    let end = cpu_seconds()?;
    let line = json!({
        "seconds": voice.len() as f64 / f64::from(RATE), "patches": patches,
        "decoding": decoded - start, "resampling": resampled - decoded, "musicnn": tagged - resampled,
        "beats": beaten - tagged, "sound_events": end - beaten,
    });
    println!("{line}");
    Ok(())
}

/// The mean of all channels, and its rate.
fn decode(path: &Path) -> Result<(Vec<f32>, u32), Failure> {
    let request = SoundRequest {
        rate: None,
        channels: Channels::Mono,
    };
    let mut reader = SoundReader::open(path, &Limits::default(), request)?;
    let mut samples = Vec::new();
    while let Some(block) = reader.next_block()? {
        samples.extend(block.samples);
    }
    Ok((samples, reader.format().rate))
}

fn resample(mono: &[f32], from: u32, to: u32) -> Result<Vec<f32>, Failure> {
    let mut resampler = Resampler::new(from, to, 1)?;
    let mut resampled = Vec::new();
    for part in mono.chunks(from.max(1) as usize) {
        resampler.push(part, &mut resampled)?;
    }
    resampler.finish(&mut resampled)?;
    Ok(resampled)
}

/// CPU seconds of all threads of this process so far.
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
