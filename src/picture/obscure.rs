//! Makes a part of a picture, such as a face, unrecognizable.
//!
//! The part is reduced to a few cells, each the mean of its pixels, and drawn back smoothly as an oval with a soft edge.
//! The cells lie on the part, not on the picture: where a part moves, its cells move with it and tell the same few means.

use crate::geometry::Rect;
use crate::picture::Rgb;

/// The share of the oval's radius inside which nothing of the picture shows; from there on it fades in.
const SOLID: f64 = 0.85;

/// Replaces the oval inside `part` (fractions of the picture, beyond which it may extend) by `cells` means across and as
/// many down, at least one. Nothing outside of `part` changes.
pub fn obscure<T>(picture: &mut Rgb<T>, part: Rect, cells: usize)
where
    T: Copy + Default + Into<u32> + TryFrom<u32>,
{
    let oval = Oval::new(picture, part);
    if oval.right <= oval.left || oval.bottom <= oval.top {
        return;
    }
    let means = Means::of(picture, &oval, cells.max(1));
    let width = picture.width();
    for y in oval.top..oval.bottom {
        let down = oval.down(y);
        for x in oval.left..oval.right {
            let across = oval.across(x);
            let weight = weight(across, down);
            if weight <= 0.0 {
                continue;
            }
            let mean = means.at(across, down);
            let at = (y * width + x) * 3;
            let pixel = picture.samples_mut().get_mut(at..at + 3);
            for (sample, mean) in pixel.into_iter().flatten().zip(mean) {
                let own: u32 = (*sample).into();
                let mixed = f64::from(own) * (1.0 - weight) + mean * weight;
                *sample = T::try_from(mixed.round() as u32).unwrap_or(*sample);
            }
        }
    }
}

/// The pixels of a part that lie inside the picture, and where they lie in the part.
struct Oval {
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
    /// The part in pixels; it may extend beyond the picture.
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Oval {
    fn new<T: Copy + Default>(picture: &Rgb<T>, part: Rect) -> Self {
        let (across, down) = (picture.width(), picture.height());
        let pixels = |share: f64, side: usize| share * side as f64;
        let inside = |place: f64, side: usize| place.clamp(0.0, side as f64) as usize;
        let (x, y) = (pixels(part.x, across), pixels(part.y, down));
        let (width, height) = (pixels(part.width, across), pixels(part.height, down));
        Self {
            left: inside(x.floor(), across),
            right: inside((x + width).ceil(), across),
            top: inside(y.floor(), down),
            bottom: inside((y + height).ceil(), down),
            x,
            y,
            width,
            height,
        }
    }

    /// Where the middle of a column lies in the part, 0..1.
    fn across(&self, column: usize) -> f64 {
        (column as f64 + 0.5 - self.x) / self.width
    }

    /// Where the middle of a row lies in the part, 0..1.
    fn down(&self, row: usize) -> f64 {
        (row as f64 + 0.5 - self.y) / self.height
    }
}

/// How much of the means shows at a place of the part.
fn weight(across: f64, down: f64) -> f64 {
    let (x, y) = (2.0 * across - 1.0, 2.0 * down - 1.0);
    let radius = (x * x + y * y).sqrt();
    let share = ((1.0 - radius) / (1.0 - SOLID)).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

/// The mean color of each cell.
struct Means {
    cells: usize,
    colors: Vec<[f64; 3]>,
}

impl Means {
    fn of<T>(picture: &Rgb<T>, oval: &Oval, cells: usize) -> Self
    where
        T: Copy + Default + Into<u32>,
    {
        let mut sums = vec![([0_u64; 3], 0_u64); cells * cells];
        let cell = |place: f64| ((place * cells as f64).max(0.0) as usize).min(cells - 1);
        for y in oval.top..oval.bottom {
            let row = cell(oval.down(y)) * cells;
            for x in oval.left..oval.right {
                let pixel = picture.pixel(x, y);
                if let Some((sum, count)) = sums.get_mut(row + cell(oval.across(x))) {
                    for (sum, sample) in sum.iter_mut().zip(pixel) {
                        let sample: u32 = sample.into();
                        *sum += u64::from(sample);
                    }
                    *count += 1;
                }
            }
        }
        let total = sums
            .iter()
            .fold(([0; 3], 0), |(all, number), (sum, count)| {
                let all: [u64; 3] = [all[0] + sum[0], all[1] + sum[1], all[2] + sum[2]];
                (all, number + count)
            });
        // A cell beyond the edge of the picture has the color of the whole.
        let mean = |(sum, count): ([u64; 3], u64)| match count {
            0 => total.0.map(|sum| sum as f64 / total.1.max(1) as f64),
            _ => sum.map(|sum| sum as f64 / count as f64),
        };
        Self {
            cells,
            colors: sums.into_iter().map(mean).collect(),
        }
    }

    /// The color at a place of the part, between the middles of the four cells around it.
    fn at(&self, across: f64, down: f64) -> [f64; 3] {
        let (left, right, x) = self.neighbors(across);
        let (above, below, y) = self.neighbors(down);
        let color = |column: usize, row: usize| {
            let color = self.colors.get(row * self.cells + column);
            color.copied().unwrap_or_default()
        };
        let mixed = |a: [f64; 3], b: [f64; 3], share: f64| {
            [0, 1, 2].map(|channel| a[channel] * (1.0 - share) + b[channel] * share)
        };
        let top = mixed(color(left, above), color(right, above), x);
        let bottom = mixed(color(left, below), color(right, below), x);
        mixed(top, bottom, y)
    }

    /// The cells whose middles lie before and after a place, and how far it is between them.
    fn neighbors(&self, place: f64) -> (usize, usize, f64) {
        let last = (self.cells - 1) as f64;
        let place = (place * self.cells as f64 - 0.5).clamp(0.0, last);
        let before = place.floor();
        let after = (before + 1.0).min(last);
        (before as usize, after as usize, place - before)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::picture::{Rgb8, Rgb16};

    fn noise(size: Size) -> Rgb8 {
        let samples = (0..size.pixels() * 3).map(|at| (at * 7919 % 251) as u8);
        Rgb8::new(size, samples.collect()).unwrap()
    }

    #[test]
    fn nothing_outside_the_part_changes_and_little_is_left_inside() {
        let before = noise(Size::new(200, 100));
        let mut after = before.clone();
        obscure(&mut after, Rect::new(0.25, 0.2, 0.3, 0.5), 4);
        let (mut inside, mut steps) = (0, 0_u32);
        for y in 0..100 {
            for x in 0..200 {
                if !(50..110).contains(&x) || !(20..70).contains(&y) {
                    assert_eq!(after.pixel(x, y), before.pixel(x, y), "{x} {y}");
                } else if (66..94).contains(&x) && (34..56).contains(&y) {
                    inside += 1;
                    let (here, next) = (after.pixel(x, y), after.pixel(x + 1, y));
                    steps = steps.max(u32::from(here[0].abs_diff(next[0])));
                }
            }
        }
        assert!(inside > 500 && steps <= 4, "{steps}");
    }

    #[test]
    fn detail_within_a_cell_does_not_matter() {
        // Two pictures that differ, with the same means: what they show cannot be told apart any more.
        let stripes = |odd: bool| {
            let of = |at: usize| if at.is_multiple_of(2) == odd { 200 } else { 20 };
            let samples = (0..80 * 80).flat_map(|at| [of(at); 3]);
            Rgb8::new(Size::new(80, 80), samples.collect()).unwrap()
        };
        let part = Rect::new(0.1, 0.1, 0.8, 0.8);
        let middle = |mut picture: Rgb8| {
            obscure(&mut picture, part, 4);
            picture.pixel(40, 40)
        };
        assert_eq!(middle(stripes(true)), middle(stripes(false)));
    }

    #[test]
    fn parts_beyond_the_edges_are_cut_there() {
        for part in [
            Rect::new(-0.5, -0.5, 0.8, 0.8),
            Rect::new(0.9, 0.9, 3.0, 3.0),
            Rect::new(2.0, 2.0, 1.0, 1.0),
            Rect::new(0.5, 0.5, 0.0, 0.0),
            Rect::new(f64::NAN, 0.0, 1.0, 1.0),
        ] {
            let mut picture = noise(Size::new(30, 20));
            obscure(&mut picture, part, 3);
            obscure(&mut picture, part, 0);
        }
    }

    #[test]
    fn sixteen_bits_stay_sixteen() {
        let size = Size::new(40, 40);
        let samples = (0..size.pixels() * 3).map(|at| 40_000 + (at % 3) as u16 * 1000);
        let mut picture = Rgb16::new(size, samples.collect()).unwrap();
        obscure(&mut picture, Rect::FULL, 1);
        assert_eq!(picture.pixel(20, 20), [40_000, 41_000, 42_000]);
    }
}
