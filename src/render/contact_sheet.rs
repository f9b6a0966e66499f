//! A film at a glance: evenly spaced frames in a grid.

use std::path::Path;

use crate::error::{Error, Result};
use crate::geometry::Size;
use crate::hint::Hint;
use crate::media::{FrameSize, Limits, VideoReader};
use crate::picture::{ColorSpace, Picture, Pixels, Rgb8};
use crate::task::Task;
use crate::time::Rational;

/// Pixels between the frames and around them.
const GAP: u32 = 4;
/// The gray of the gaps, 0..255: dark, but black frames stand out from it.
const BACKGROUND: u8 = 24;
/// Most frames along a side of the grid. Each one costs a seek in the film.
const MOST: u32 = 64;
/// Widest sheet, in pixels: bounds its memory.
const WIDEST: u32 = 8192;
/// Narrowest frame on the sheet, in pixels; on smaller ones nothing can be seen.
const NARROWEST_TILE: u32 = 8;

/// How the frames of a contact sheet are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetGrid {
    /// Frames across.
    pub columns: u32,
    /// Frames down.
    pub rows: u32,
    /// Pixels across the whole sheet.
    pub width: u32,
}

impl SheetGrid {
    /// The width of a frame on the sheet; [`Error::Usage`] where the grid has too many frames or too few pixels.
    fn tile_width(self) -> Result<u32> {
        let Self {
            columns,
            rows,
            width,
        } = self;
        let fits = (1..=MOST).contains(&columns) && (1..=MOST).contains(&rows) && width <= WIDEST;
        let tile = width
            .saturating_sub(GAP * (columns.min(MOST) + 1))
            .checked_div(columns)
            .unwrap_or(0);
        if fits && tile >= NARROWEST_TILE {
            return Ok(tile);
        }
        Err(Error::Usage {
            what: format!("{columns} by {rows} frames cannot be laid out on {width} pixels"),
            hint: Hint::ShrinkSheet {
                most: MOST,
                widest: WIDEST,
            },
        })
    }
}

/// Frames of `film` in a grid, in reading order. The film is divided into as many equal parts as the grid has tiles,
/// and each tile shows the middle of its part.
///
/// Errors: [`Error::Usage`] for a grid that cannot be laid out, and those of [`VideoReader`].
pub fn contact_sheet(
    film: &Path,
    grid: SheetGrid,
    limits: &Limits,
    task: &Task,
) -> Result<Picture> {
    let tile = grid.tile_width()?;
    let SheetGrid {
        columns,
        rows,
        width,
    } = grid;
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
    // Pixels left over by the division go to both edges.
    let left = (width - (tile.width + GAP) * columns - GAP) / 2 + GAP;
    for number in 0..count {
        task.check()?;
        let share = Rational::new(i64::from(number) * 2 + 1, i64::from(count) * 2)
            .unwrap_or(Rational::ZERO);
        reader.seek(start + duration * share)?;
        match reader.next_frame() {
            Ok(Some(_)) => {}
            // The film ends before its headers say: the rest of the grid stays empty.
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

/// Duration of a film whose headers do not give one: every frame is decoded.
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
