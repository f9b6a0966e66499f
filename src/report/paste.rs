//! Filled rectangles, and pictures pasted on pictures.

use std::ops::Range;

use crate::picture::Rgb8;

/// Copies `part` into the picture with its upper left corner at `left`, `top`; what does not fit is cut off.
pub(super) fn paste(picture: &mut Rgb8, part: &Rgb8, left: usize, top: usize) {
    let width = picture.width();
    let columns = part.width().min(width.saturating_sub(left)) * 3;
    let rows = part.samples().chunks_exact(part.width().max(1) * 3);
    let into = picture.samples_mut().chunks_exact_mut(width.max(1) * 3);
    for (into, from) in into.skip(top).zip(rows) {
        let into = into.get_mut(left * 3..left * 3 + columns);
        if let (Some(into), Some(from)) = (into, from.get(..columns)) {
            into.copy_from_slice(from);
        }
    }
}

/// Fills the part of a rectangle that lies in the picture.
pub(super) fn fill(picture: &mut Rgb8, columns: Range<usize>, rows: Range<usize>, color: [u8; 3]) {
    let width = picture.width();
    let right = columns.end.min(width);
    let bottom = rows.end.min(picture.height());
    for y in rows.start..bottom {
        let row = (y * width + columns.start) * 3..(y * width + right) * 3;
        let Some(row) = picture.samples_mut().get_mut(row) else {
            return;
        };
        for pixel in row.chunks_exact_mut(3) {
            pixel.copy_from_slice(&color);
        }
    }
}
