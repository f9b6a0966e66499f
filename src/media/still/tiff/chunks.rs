//! The samples of a picture, gathered from its strips or tiles.
//!
//! A strip that breaks off or is damaged costs its own rows from there on: the others are read all the same.

use std::io::{self, Read};

use super::chunk_picture::ChunkPicture;
use super::compression::{Compression, Unpacking, unpacked};
use super::directory::TiffFile;
use super::jpeg_chunk;
use super::layout::{TiffColor, TiffLayout, YCbCr};
use super::samples::RowFormat;
use super::webp_chunk;
use crate::error::{Error, LimitName, Result};
use crate::geometry::Size;
use crate::media::still::raster::Samples;
use crate::media::still::still_file::is_end;

/// Interleaved samples as they were stored, those beyond colors and opacity left out.
pub(super) struct StoredSamples {
    pub(super) samples: Samples,
    /// What kept a part from being read.
    pub(super) problem: Option<Error>,
}

/// Most bytes that decoders of Zstandard and LZMA look back: what their highest levels need.
const MOST_WINDOW: u64 = 128 << 20;

/// Where a strip or tile lies.
#[derive(Clone, Copy)]
struct Chunk {
    number: usize,
    /// Its upper left corner.
    x: u32,
    y: u32,
    /// Rows of it that lie within the picture.
    rows: u32,
    /// The sample that it holds, of a picture in planes.
    plane: Option<usize>,
}

/// Reads all strips or tiles. `further` bytes are needed afterwards, beside the samples. Fails with `Damaged` if
/// nothing can be read, `Limit` before any memory is taken.
pub(super) fn read(
    file: &mut TiffFile,
    layout: &TiffLayout,
    further: u64,
) -> Result<StoredSamples> {
    let window = check_memory(file, layout, further)?;
    let count = layout.size.pixels() as usize * layout.shown();
    // What is not read shows as the middle of the range.
    let samples = if layout.bits > 8 {
        Samples::Sixteen(vec![0x8080; count])
    } else {
        Samples::Eight(vec![1 << (layout.bits.max(1) - 1); count])
    };
    let mut canvas = Canvas {
        samples,
        size: layout.size,
        shown: layout.shown(),
        rows_read: 0,
    };
    let mut problem = None;
    for chunk in chunks(layout) {
        match read_chunk(file, layout, chunk, window, &mut canvas) {
            Ok(()) => {}
            Err(error) if error.raw_os_error().is_some() => {
                return Err(Error::read(file.path, error));
            }
            Err(error) => {
                problem.get_or_insert(error);
            }
        }
    }
    let nothing = canvas.rows_read == 0;
    let problem = problem.map(|error| match is_end(&error) {
        _ if nothing => Error::damaged(file.path, error),
        true => Error::breaks_off(file.path, "the picture's data ends early"),
        false => Error::damaged(file.path, error),
    });
    match problem {
        Some(problem) if nothing => Err(problem),
        problem => Ok(StoredSamples {
            samples: canvas.samples,
            problem,
        }),
    }
}

/// Fails with `Limit` if the picture needs more memory than it may have. Returns how much a decoder may look back.
fn check_memory(file: &TiffFile, layout: &TiffLayout, further: u64) -> Result<u64> {
    let sample_bytes = if layout.bits > 8 { 2 } else { 1 };
    let all = layout.size.pixels() * layout.shown() as u64 * sample_bytes;
    let row = RowFormat::new(layout, file.little_endian).bytes(layout.chunk.width);
    let longest = layout.lengths.iter().max().copied().unwrap_or(0);
    let longest = longest.min(file.bytes());
    let chunk = match layout.compression {
        // A stream and its picture; coefficients too, where it is progressive.
        Compression::Jpeg(_) | Compression::WebP => layout
            .chunk
            .pixels()
            .saturating_mul(16)
            .saturating_add(longest),
        // The strip before and after, and what one row takes.
        Compression::Fax(_) => row
            .saturating_mul(u64::from(layout.chunk.height.min(layout.size.height)) + 24)
            .saturating_add(longest),
        // One row as bytes and as numbers.
        _ => row.saturating_mul(24),
    };
    let needed = all.saturating_add(chunk.max(further));
    file.limits
        .check(file.path, LimitName::MemoryBytes, needed)?;
    Ok(file.limits.memory.saturating_sub(needed).min(MOST_WINDOW))
}

/// All strips or tiles that hold colors or opacity.
fn chunks(layout: &TiffLayout) -> impl Iterator<Item = Chunk> + use<> {
    let (size, chunk) = (layout.size, layout.chunk);
    let across = size.width.div_ceil(chunk.width.max(1));
    let down = size.height.div_ceil(chunk.height.max(1));
    let planar = layout.planar;
    let planes = if planar { layout.shown() } else { 1 };
    (0..planes).flat_map(move |plane| {
        (0..down).flat_map(move |row| {
            (0..across).map(move |column| Chunk {
                number: (plane * down as usize + row as usize) * across as usize + column as usize,
                x: column * chunk.width,
                y: row * chunk.height,
                rows: chunk.height.min(size.height - row * chunk.height),
                plane: planar.then_some(plane),
            })
        })
    })
}

fn read_chunk(
    file: &mut TiffFile,
    layout: &TiffLayout,
    chunk: Chunk,
    window: u64,
    canvas: &mut Canvas,
) -> io::Result<()> {
    let missing = || io::Error::new(io::ErrorKind::UnexpectedEof, "a part of it is missing");
    let at = *layout.offsets.get(chunk.number).ok_or_else(missing)?;
    let length = *layout.lengths.get(chunk.number).ok_or_else(missing)?;
    // A part that was never written stands at 0.
    if at == 0 || length == 0 || file.seek(at).is_err() {
        return Err(missing());
    }
    let little_endian = file.little_endian;
    let mut packed = (&mut file.reader).take(length);
    let picture = match &layout.compression {
        Compression::Jpeg(tables) => {
            let color = jpeg_chunk::color(layout);
            let picture = jpeg_chunk::decode(&mut packed, tables, color, layout.chunk)?;
            Some(picture)
        }
        Compression::WebP => {
            let samples = layout.samples;
            Some(webp_chunk::decode(&mut packed, samples, layout.chunk)?)
        }
        _ => None,
    };
    if let Some(picture) = picture {
        return canvas.place_picture(&picture, chunk, layout);
    }
    let width = layout.chunk.width;
    let unpacking = Unpacking {
        bits_reversed: layout.bits_reversed,
        place: Size::new(width, chunk.rows),
        window,
    };
    let mut rows = unpacked(&layout.compression, packed, unpacking)?;
    match &layout.color {
        TiffColor::YCbCr(color) if color.thinned != (1, 1) => {
            read_thinned(&mut rows, color, width, chunk, canvas)
        }
        _ => {
            let format = RowFormat::new(layout, little_endian);
            let mut row = vec![0; usize::try_from(format.bytes(width)).unwrap_or(0)];
            for y in 0..chunk.rows {
                rows.read_exact(&mut row)?;
                canvas.place(&format.unpack(&mut row), format.samples, chunk, y);
            }
            Ok(())
        }
    }
}

/// Reads blocks of pixels that share one pair of color differences: all luma of a block, then blue, then red.
fn read_thinned(
    rows: &mut impl Read,
    color: &YCbCr,
    width: u32,
    chunk: Chunk,
    canvas: &mut Canvas,
) -> io::Result<()> {
    let (across, down) = (color.thinned.0 as usize, color.thinned.1 as usize);
    let luma = across * down;
    let blocks = (width as usize).div_ceil(across);
    let mut packed = vec![0; blocks * (luma + 2)];
    for top in (0..chunk.rows).step_by(down) {
        rows.read_exact(&mut packed)?;
        for line in 0..down.min((chunk.rows - top) as usize) {
            let pixels = packed.chunks_exact(luma + 2).flat_map(|block| {
                let (lumas, differences) = block.split_at(luma);
                let line = lumas.iter().skip(line * across).take(across);
                line.flat_map(move |&luma| [luma, differences[0], differences[1]].map(u16::from))
            });
            let row: Vec<u16> = pixels.take(width as usize * 3).collect();
            canvas.place(&row, 3, chunk, top + line as u32);
        }
    }
    Ok(())
}

/// The picture as far as it is read.
struct Canvas {
    samples: Samples,
    size: Size,
    /// Samples of a pixel that are kept.
    shown: usize,
    rows_read: u64,
}

impl Canvas {
    /// Puts row `y` of a chunk, `samples` a pixel, where it belongs.
    fn place(&mut self, row: &[u16], samples: usize, chunk: Chunk, y: u32) {
        self.rows_read += 1;
        let width = self.size.width as usize;
        let pixels = width.saturating_sub(chunk.x as usize);
        let start = ((chunk.y + y) as usize * width + chunk.x as usize) * self.shown;
        let span = start..start + pixels * self.shown;
        let step = self.shown;
        match &mut self.samples {
            Samples::Eight(all) => {
                let to = all.get_mut(span).unwrap_or_default();
                copy(
                    row,
                    samples,
                    chunk.plane,
                    to.chunks_exact_mut(step),
                    |value| value as u8,
                );
            }
            Samples::Sixteen(all) => {
                let to = all.get_mut(span).unwrap_or_default();
                copy(
                    row,
                    samples,
                    chunk.plane,
                    to.chunks_exact_mut(step),
                    |value| value,
                );
            }
        }
    }

    /// Puts a strip or tile that was a picture file where it belongs.
    fn place_picture(
        &mut self,
        picture: &ChunkPicture,
        chunk: Chunk,
        layout: &TiffLayout,
    ) -> io::Result<()> {
        let width = layout.chunk.width.min(layout.size.width - chunk.x);
        if picture.size.width < width || picture.size.height < chunk.rows {
            let what = "a picture in it is smaller than its place";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        let row_bytes = picture.size.width as usize * picture.samples;
        let rows = picture.bytes.chunks_exact(row_bytes.max(1));
        for (y, row) in (0..chunk.rows).zip(rows) {
            let wide: Vec<u16> = row.iter().map(|&sample| u16::from(sample)).collect();
            self.place(&wide, picture.samples, chunk, y);
        }
        match &picture.problem {
            Some(what) => Err(io::Error::new(io::ErrorKind::InvalidData, what.clone())),
            None => Ok(()),
        }
    }
}

/// Copies pixels of `samples` values to pixels that keep the first ones, or into one of their samples.
fn copy<'a, T: 'a>(
    row: &[u16],
    samples: usize,
    plane: Option<usize>,
    to: impl Iterator<Item = &'a mut [T]>,
    narrow: impl Fn(u16) -> T,
) {
    for (from, to) in row.chunks_exact(samples.max(1)).zip(to) {
        match (plane, from) {
            (Some(plane), [value, ..]) => {
                if let Some(place) = to.get_mut(plane) {
                    *place = narrow(*value);
                }
            }
            _ => {
                for (place, value) in to.iter_mut().zip(from) {
                    *place = narrow(*value);
                }
            }
        }
    }
}
