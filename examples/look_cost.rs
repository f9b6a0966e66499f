//! Measures the cost of a look on frames in memory; run by `scripts/measure-look-cost`.
//!
//!     look_cost LOOK rgb24|yuv420p WIDTHxHEIGHT ROUNDS FRAMES THREADS [RESULT]
//!
//! Reads the raw frames of a file, runs the look (a name or a path) on each of them ROUNDS times and prints one line
//! of JSON: frames, CPU seconds and wall seconds of the look alone. The first resulting frame is written to RESULT.

#![allow(clippy::print_stdout, missing_docs)]

use std::time::Instant;

use serde_json::json;
use tastemaker::geometry::Size;
use tastemaker::looks::{CompiledLook, LookLibrary};
use tastemaker::media::{Matrix, Plane, Yuv420};
use tastemaker::picture::{Planar, Rgb8};

type Failure = Box<dyn std::error::Error>;

/// Accumulated cost.
struct Cost {
    frames: usize,
    cpu: f64,
    wall: f64,
}

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [look, format, size, rounds, file, threads, result @ ..] = &arguments[..] else {
        return Err(
            "usage: look_cost LOOK rgb24|yuv420p WIDTHxHEIGHT ROUNDS FRAMES THREADS [RESULT]"
                .into(),
        );
    };
    let (width, height) = size.split_once('x').ok_or("a size is WIDTHxHEIGHT")?;
    let size = Size::new(width.parse()?, height.parse()?);
    // Before the look, which is compiled on the same threads.
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.parse()?)
        .build_global()?;
    let look = CompiledLook::new(&LookLibrary::open(None)?.find(look)?, 1.0)?;
    let data = std::fs::read(file)?;
    let rounds: usize = rounds.parse()?;
    let (cost, first) = match format.as_str() {
        "rgb24" => rgb(&look, size, &data, rounds)?,
        "yuv420p" => yuv(&look, size, &data, rounds)?,
        other => return Err(format!("frames are rgb24 or yuv420p, not {other}").into()),
    };
    if let Some(path) = result.first() {
        std::fs::write(path, first)?;
    }
    println!(
        "{}",
        json!({ "frames": cost.frames, "cpu": cost.cpu, "wall": cost.wall })
    );
    Ok(())
}

fn rgb(
    look: &CompiledLook,
    size: Size,
    data: &[u8],
    rounds: usize,
) -> Result<(Cost, Vec<u8>), Failure> {
    let frames: Vec<Rgb8> = data
        .chunks_exact(3 * size.pixels() as usize)
        .filter_map(|frame| Rgb8::new(size, frame.to_vec()))
        .collect();
    let mut first = frames.first().ok_or("there is no frame")?.clone();
    look.apply(&mut first, 1, 0);
    let (mut cpu, mut wall) = (0.0, 0.0);
    let mut frame = frames[0].clone();
    for round in 0..rounds {
        for (number, source) in frames.iter().enumerate() {
            // A frame as it comes from a decoder; copying it is not counted.
            frame.samples_mut().copy_from_slice(source.samples());
            let (start, since) = (cpu_seconds()?, Instant::now());
            look.apply(&mut frame, 1, (round * frames.len() + number) as u64);
            wall += since.elapsed().as_secs_f64();
            cpu += cpu_seconds()? - start;
        }
    }
    let frames = rounds * frames.len();
    Ok((Cost { frames, cpu, wall }, first.into_samples()))
}

fn yuv(
    look: &CompiledLook,
    size: Size,
    data: &[u8],
    rounds: usize,
) -> Result<(Cost, Vec<u8>), Failure> {
    let (width, pixels) = (size.width as usize, size.pixels() as usize);
    let frames: Vec<&[u8]> = data.chunks_exact(pixels * 3 / 2).collect();
    let view = |data| {
        let (luma, chroma) = <[u8]>::split_at(data, pixels);
        let (blue, red) = chroma.split_at(pixels / 4);
        let plane = |samples, stride| Plane { samples, stride };
        Yuv420 {
            size,
            planes: [
                plane(luma, width),
                plane(blue, width / 2),
                plane(red, width / 2),
            ],
            bits: 8,
            matrix: Matrix::Bt709,
            full_range: false,
            centered: false,
        }
    };
    let mut into = Planar::new(size).ok_or("the size is odd")?;
    let first = view(frames.first().ok_or("there is no frame")?);
    if !look.apply_planes(&first, &mut into) {
        return Err("the look does more than color".into());
    }
    let result = into.planes().concat();
    let (start, since) = (cpu_seconds()?, Instant::now());
    for _ in 0..rounds {
        for frame in &frames {
            look.apply_planes(&view(frame), &mut into);
        }
    }
    let cost = Cost {
        frames: rounds * frames.len(),
        cpu: cpu_seconds()? - start,
        wall: since.elapsed().as_secs_f64(),
    };
    Ok((cost, result))
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
