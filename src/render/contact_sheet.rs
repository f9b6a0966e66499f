//! A film at a glance: evenly spaced frames in a grid.

use std::path::Path;

use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::media::{FrameSize, Limits, VideoReader};
use crate::picture::{ColorSpace, Picture, Pixels, Rgb8};
use crate::task::Task;
use crate::time::Rational;

/// Pixels between the frames and around them.
const GAP: u32 = 4;
/// The color of the gaps.
const BACKGROUND: u8 = 24;
/// Frames along a side of the grid.
const MOST: u32 = 64;
/// Pixels across.
const WIDEST: u32 = 8192;

/// `columns` times `rows` frames of `film` in one picture of `width` pixels, read like text. The film is cut into as
/// many equal parts, and each is shown by its middle.
///
/// Fails with `Usage` for a grid that cannot be, and like [`VideoReader`].
pub fn contact_sheet(
    film: &Path,
    columns: u32,
    rows: u32,
    width: u32,
    limits: &Limits,
    task: &Task,
) -> Result<Picture> {
    let fits = (1..=MOST).contains(&columns) && (1..=MOST).contains(&rows) && width <= WIDEST;
    let tile = width
        .saturating_sub(GAP * (columns.min(MOST) + 1))
        .checked_div(columns)
        .unwrap_or(0);
    if !fits || tile < 8 {
        return Err(Error::Usage {
            what: format!("{columns} by {rows} frames cannot be laid out on {width} pixels"),
            hint: format!("choose up to {MOST} by {MOST} frames and up to {WIDEST} pixels").into(),
        });
    }
    let mut reader = VideoReader::open(film, limits, 0)?;
    let size = reader.facts().size;
    let height = (f64::from(tile) / size.aspect())
        .round()
        .clamp(1.0, f64::from(WIDEST)) as u32;
    let tile = Size::new(tile, height);
    let duration = match reader.facts().duration {
        Some(duration) => duration,
        None => last_end(film, limits, task)?,
    };
    let start = reader.facts().start;

    let count = columns * rows;
    let mut sheet = Rgb8::black(Size::new(width, (tile.height + GAP) * rows + GAP));
    sheet.samples_mut().fill(BACKGROUND);
    // Pixels that cannot be shared out evenly are left at both edges.
    let left = (width - (tile.width + GAP) * columns - GAP) / 2 + GAP;
    for number in 0..count {
        task.check()?;
        let share = Rational::new(i64::from(number) * 2 + 1, i64::from(count) * 2)
            .unwrap_or(Rational::ZERO);
        reader.seek(start + duration * share)?;
        match reader.next_frame() {
            Ok(Some(_)) => {}
            // The film ends or breaks off before its headers say: the rest of the grid stays empty.
            Ok(None) | Err(Error::BreaksOff { .. }) => break,
            Err(error) => return Err(error),
        }
        let frame = reader.image(FrameSize::Exact(tile))?;
        let x = left + number % columns * (tile.width + GAP);
        let y = GAP + number / columns * (tile.height + GAP);
        paste(&mut sheet, &frame, x as usize, y as usize);
        task.progress(f64::from(number + 1) / f64::from(count));
    }
    Ok(Picture {
        pixels: Pixels::Eight(sheet),
        alpha: None,
        color: ColorSpace::Srgb,
    })
}

/// How long a film lasts whose headers do not say.
fn last_end(film: &Path, limits: &Limits, task: &Task) -> Result<Rational> {
    let mut reader = VideoReader::open(film, limits, 0)?;
    let start = reader.facts().start;
    let mut end = start;
    loop {
        task.check()?;
        match reader.next_frame() {
            Ok(Some(frame)) => end = frame.end.max(frame.time),
            Ok(None) | Err(Error::BreaksOff { .. }) => return Ok(end - start),
            Err(error) => return Err(error),
        }
    }
}

fn paste(sheet: &mut Rgb8, frame: &Rgb8, x: usize, y: usize) {
    let (width, row) = (sheet.width() * 3, frame.width() * 3);
    for (line, source) in frame.samples().chunks_exact(row).enumerate() {
        let at = (y + line) * width + x * 3;
        if let Some(target) = sheet.samples_mut().get_mut(at..at + row) {
            target.copy_from_slice(source);
        }
    }
}
