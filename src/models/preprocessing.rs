//! Prepares pictures for networks: letterboxes, cuts, planes of numbers.

use crate::geometry::{Point, Rect, Size};
use crate::picture::{Filter, Rgb8, crop_resize};

/// A part of a picture, scaled to fit a square, centered on black.
pub(super) struct Letterbox {
    /// The square.
    pub(super) canvas: Rgb8,
    /// Pixels of the canvas for each pixel of the picture.
    scale: f64,
    /// Position of the picture's upper left corner on the canvas; outside of it when only a part was taken.
    left: f64,
    top: f64,
    picture: Size,
}

impl Letterbox {
    /// Scales `part` of `picture` (in fractions; black outside of the picture) to fit a square of `side` pixels.
    pub(super) fn new(picture: &Rgb8, part: Rect, side: u32) -> Self {
        let all = picture.size();
        let (across, down) = (f64::from(all.width), f64::from(all.height));
        let square = f64::from(side);
        let scale = (square / (part.width * across)).min(square / (part.height * down));
        let fitted = |length: f64| ((length * scale).round_ties_even() as u32).min(side);
        let width = fitted(part.width * across).max(1);
        let height = fitted(part.height * down).max(1);
        let (left, top) = ((side - width) / 2, (side - height) / 2);

        let mut canvas = Rgb8::black(Size::new(side, side));
        let inside = part.clipped();
        if inside.area() > 0.0 {
            let skipped_columns = fitted((inside.x - part.x) * across).min(width - 1);
            let skipped_rows = fitted((inside.y - part.y) * down).min(height - 1);
            let size = Size::new(
                fitted(inside.width * across).clamp(1, width - skipped_columns),
                fitted(inside.height * down).clamp(1, height - skipped_rows),
            );
            let scaled = crop_resize(picture, inside, size, Filter::Bilinear);
            let (x, y) = (left + skipped_columns, top + skipped_rows);
            paste(&scaled, &mut canvas, x as usize, y as usize);
        }
        Self {
            canvas,
            scale,
            left: f64::from(left) - part.x * across * scale,
            top: f64::from(top) - part.y * down * scale,
            picture: all,
        }
    }

    /// Maps a point of the canvas (pixels) to the picture (fractions).
    pub(super) fn point(&self, x: f64, y: f64) -> Point {
        Point {
            x: (x - self.left) / self.scale / f64::from(self.picture.width),
            y: (y - self.top) / self.scale / f64::from(self.picture.height),
        }
    }

    /// Maps a box of the canvas (pixels) to the picture (fractions).
    pub(super) fn bounds(&self, left: f64, top: f64, right: f64, bottom: f64) -> Rect {
        let (first, last) = (self.point(left, top), self.point(right, bottom));
        Rect::new(first.x, first.y, last.x - first.x, last.y - first.y)
    }
}

/// Copies `from` into `to`, its corner at `left`, `top`; it must fit.
fn paste(from: &Rgb8, to: &mut Rgb8, left: usize, top: usize) {
    let (row, stride) = (from.width() * 3, to.width() * 3);
    let rows = to.samples_mut().chunks_exact_mut(stride).skip(top);
    for (target, source) in rows.zip(from.samples().chunks_exact(row)) {
        target[left * 3..left * 3 + row].copy_from_slice(source);
    }
}

/// The part `bounds` of a picture in whole pixels (rounded towards zero), black outside.
pub(super) fn cut(picture: &Rgb8, bounds: Rect) -> Rgb8 {
    let side = |start: f64, length: f64, pixels: usize| {
        // A box may extend beyond the picture, but a far away or infinite one must not cost memory.
        let (all, limit) = (pixels as f64, 2.0 * pixels as f64);
        let first = (start * all).max(-limit).min(limit) as i64;
        let last = ((start + length) * all).max(-limit).min(limit) as i64;
        (first, (last - first).max(1))
    };
    let (left, width) = side(bounds.x, bounds.width, picture.width());
    let (top, height) = side(bounds.y, bounds.height, picture.height());
    let mut part = Rgb8::black(Size::new(width as u32, height as u32));
    let row_length = part.width() * 3;
    let (columns, rows) = (picture.width() as i64, picture.height() as i64);
    let (first, last) = (left.clamp(0, columns), (left + width).clamp(0, columns));
    if first >= last {
        return part;
    }
    let length = (last - first) as usize * 3;
    let skipped = (first - left) as usize * 3;
    for (y, row) in (top..).zip(part.samples_mut().chunks_exact_mut(row_length)) {
        if (0..rows).contains(&y) {
            let at = (y * columns + first) as usize * 3;
            row[skipped..skipped + length].copy_from_slice(&picture.samples()[at..at + length]);
        }
    }
    part
}

/// One plane for each channel, in the given order (0 is red), each sample mapped by `number(channel, sample)`.
pub(super) fn planes(
    picture: &Rgb8,
    order: [usize; 3],
    number: impl Fn(usize, u8) -> f32,
) -> Vec<f32> {
    let mut numbers = Vec::with_capacity(picture.samples().len());
    for channel in order {
        let samples = picture.samples().iter().skip(channel).step_by(3);
        numbers.extend(samples.map(|&sample| number(channel, sample)));
    }
    numbers
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn numbered() -> Rgb8 {
        let samples = (0..4 * 3 * 3).map(|number| number as u8 + 1).collect();
        Rgb8::new(Size::new(4, 3), samples).unwrap()
    }

    #[test]
    fn a_cut_is_black_outside() {
        let part = cut(&numbered(), Rect::new(-0.25, -1.0 / 3.0, 0.5, 2.0 / 3.0));
        assert_eq!(part.size(), Size::new(2, 2));
        assert_eq!(part.pixel(0, 0), [0; 3]);
        assert_eq!(part.pixel(1, 0), [0; 3]);
        assert_eq!(part.pixel(0, 1), [0; 3]);
        assert_eq!(part.pixel(1, 1), [1, 2, 3]);
    }

    #[test]
    fn a_cut_far_away_or_endless_stays_small() {
        for bounds in [
            Rect::new(9.0, 9.0, 1.0, 1.0),
            Rect::new(-1e300, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY),
            Rect::new(f64::NAN, 0.5, f64::NAN, -1.0),
        ] {
            let part = cut(&numbered(), bounds);
            assert!(part.size().pixels() <= 16 * 12, "{bounds:?}");
        }
    }

    #[test]
    fn a_letterbox_of_a_part_leads_back_to_the_picture() {
        let picture = Rgb8::black(Size::new(400, 200));
        let boxed = Letterbox::new(&picture, Rect::new(0.5, 0.0, 0.5, 1.0), 100);
        // The part is 200×200, so a canvas pixel is two of the picture.
        let middle = boxed.point(50.0, 50.0);
        assert!((middle.x - 0.75).abs() < 1e-9 && (middle.y - 0.5).abs() < 1e-9);
        let bounds = boxed.bounds(0.0, 0.0, 100.0, 100.0);
        assert!((bounds.x - 0.5).abs() < 1e-9 && (bounds.width - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_letterbox_of_more_than_the_picture_is_black_around_it() {
        let mut picture = Rgb8::black(Size::new(40, 20));
        picture.samples_mut().fill(200);
        let boxed = Letterbox::new(&picture, Rect::new(-0.5, -0.5, 2.0, 2.0), 80);
        let gray = |x, y| boxed.canvas.pixel(x, y)[0];
        // 80×40 pixels of the canvas from (0, 20) on, the picture in their middle half.
        assert_eq!((gray(20, 30), gray(59, 49)), (200, 200));
        assert_eq!((gray(19, 30), gray(60, 40)), (0, 0));
        assert_eq!((gray(40, 29), gray(40, 50)), (0, 0));
        let corner = boxed.point(20.0, 30.0);
        assert!(corner.x.abs() < 1e-9 && corner.y.abs() < 1e-9);
        let nothing = Letterbox::new(&picture, Rect::new(3.0, 3.0, 1.0, 1.0), 80);
        assert!(nothing.canvas.samples().iter().all(|&sample| sample == 0));
    }

    #[test]
    fn an_extremely_narrow_picture_fits_the_letterbox() {
        let picture = Rgb8::black(Size::new(1, 4000));
        let boxed = Letterbox::new(&picture, Rect::FULL, 192);
        assert_eq!(boxed.canvas.size(), Size::new(192, 192));
        let middle = boxed.point(96.0, 96.0);
        assert!((middle.y - 0.5).abs() < 1e-9);
    }

    #[test]
    fn planes_come_in_the_order_asked_for() {
        let picture = Rgb8::new(Size::new(2, 1), vec![1, 2, 3, 4, 5, 6]).unwrap();
        let numbers = planes(&picture, [2, 1, 0], |channel, sample| {
            f32::from(sample) + 10.0 * channel as f32
        });
        assert_eq!(numbers, [23.0, 26.0, 12.0, 15.0, 1.0, 4.0]);
    }
}
