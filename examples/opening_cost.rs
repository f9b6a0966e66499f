//! What the scan for fields adds to opening a film, beside reading its first frames.
//!
//! ```sh
//! cargo run --release --example opening_cost FILM...
//! ```
//!
//! Each film is opened and its first 30 frames are read, on one thread, in turns: once as usual, where the frames that
//! the scan decodes are read again, and once with a memory limit that has no room to keep them, where they are decoded
//! twice. Then the scan's own work is timed: 6 pairs of frames, as many as settle that a film is progressive.

#![allow(clippy::print_stdout, missing_docs)]

use std::path::Path;
use std::time::{Duration, Instant};

use tastemaker::geometry::Size;
use tastemaker::media::{FieldPair, FrameSize, Limits, VideoReader};

/// Turns; the median counts.
const TURNS: usize = 9;
/// Frames to read.
const FRAMES: usize = 30;
/// Pairs that settle that a film is progressive.
const PAIRS: u32 = 6;
/// Frames that a decoder of H.264 holds by its standard, with those of the reader and of one thread.
const HELD: u64 = 22;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    println!("film\tusual ms\ttwice ms\tscan ms");
    for film in std::env::args_os().skip(1) {
        let path = Path::new(&film);
        let usual = Limits::default();
        let size = VideoReader::open(path, &usual, 1)?.facts().coded;
        let tight = Limits {
            memory: size.pixels() * 3 / 2 * HELD,
            ..usual
        };
        let (mut kept, mut twice, mut scan) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..TURNS {
            kept.push(first_frames(path, &usual)?);
            twice.push(first_frames(path, &tight)?);
            scan.push(measuring(path, &usual)? * PAIRS);
        }
        let [kept, twice, scan] =
            [kept, twice, scan].map(|times| median(times).as_secs_f64() * 1e3);
        println!("{}\t{kept:.1}\t{twice:.1}\t{scan:.1}", path.display());
    }
    Ok(())
}

fn first_frames(path: &Path, limits: &Limits) -> Result<Duration, Failure> {
    let start = Instant::now();
    let mut reader = VideoReader::open(path, limits, 1)?;
    for _ in 0..FRAMES {
        reader.next_frame()?;
    }
    Ok(start.elapsed())
}

/// Comparing one pair of frames.
fn measuring(path: &Path, limits: &Limits) -> Result<Duration, Failure> {
    let mut reader = VideoReader::open(path, limits, 1)?;
    let mut lumas = Vec::new();
    let mut size = Size::new(0, 0);
    for _ in 0..2 {
        reader.next_frame()?;
        let picture = reader.image(FrameSize::Full)?;
        size = picture.size();
        lumas.push(
            picture
                .pixels()
                .map(|[_, green, _]| green)
                .collect::<Vec<u8>>(),
        );
    }
    let start = Instant::now();
    let pair = FieldPair::measure(&lumas[0], &lumas[1], size);
    std::hint::black_box(pair);
    Ok(start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
