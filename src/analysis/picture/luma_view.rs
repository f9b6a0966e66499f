//! Tiny gray copies of pictures, by which two of them are known to show the same scene.
//!
//! A view is 16 pixels long on its longer side. Two views are compared by the correlation of their luma where one is
//! seen as a crop of the other: up to a tenth closer, a little to any side, and cut to the other's shape. Exposure and
//! contrast do not matter. Frames of one scene that somebody enlarged by 5 %, cut to another shape and made lighter
//! correlate by 0.82 and more, 2500 pairs of frames of different scenes by at most 0.6.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::oklab::luma8;
use crate::geometry::Size;
use crate::picture::{Filter, Rgb8, resize};

/// Longer side of a view in pixels.
const SIDE: u32 = 16;
/// Points across and down at which views are compared.
const ACROSS: usize = 12;
const DOWN: usize = 8;
/// Sizes of the crops that are tried, as shares of the largest.
const SCALES: [f64; 3] = [1.0, 0.95, 0.9];
/// Shifts of the crops across and down, as shares of the picture.
const SHIFTS: [(f64, f64); 5] = [
    (0.0, 0.0),
    (-0.04, 0.0),
    (0.04, 0.0),
    (0.0, -0.04),
    (0.0, 0.04),
];
/// Squared contrast (of 255) that is assumed for a picture without any, so that noise does not correlate.
const FLAT: f32 = 4.0;

/// A tiny gray copy of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct LumaView {
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

/// The luma of a crop, centered and scaled so that the product with another is their correlation.
type Pattern = [f32; ACROSS * DOWN];

/// A view prepared for comparisons with views of one shape.
#[derive(Debug, Clone)]
pub struct ComparedView {
    /// The whole view.
    whole: Pattern,
    /// Crops of the other's shape.
    crops: Vec<Pattern>,
}

impl LumaView {
    /// The view of a picture whose own size is `size`.
    pub(crate) fn of(picture: &Rgb8, size: Size) -> Self {
        let size = view_size(size);
        let small = resize(picture, size, Filter::Box);
        Self {
            width: size.width as usize,
            height: size.height as usize,
            luma: small.pixels().map(luma8).collect(),
        }
    }

    /// As in the analysis: base64 of the luma, row by row.
    pub(crate) fn to_text(&self) -> String {
        STANDARD.encode(&self.luma)
    }

    /// Reads the view of a picture of `size`; `None` if `text` is none.
    pub fn parse(text: &str, size: Size) -> Option<Self> {
        let size = view_size(size);
        let (width, height) = (size.width as usize, size.height as usize);
        let luma = STANDARD.decode(text).ok()?;
        (luma.len() == width * height).then_some(Self {
            width,
            height,
            luma,
        })
    }

    /// Width over height.
    pub fn shape(&self) -> f64 {
        self.width as f64 / self.height.max(1) as f64
    }

    /// Prepares the comparison with views of a shape.
    pub fn compared_with(&self, shape: f64) -> ComparedView {
        let wider = shape / self.shape();
        let (width, height) = if wider > 1.0 {
            (1.0, 1.0 / wider)
        } else {
            (wider, 1.0)
        };
        let crops = SCALES
            .iter()
            .flat_map(|scale| SHIFTS.iter().map(move |shift| (scale, shift)))
            .map(|(scale, (right, down))| {
                let (width, height) = (width * scale, height * scale);
                let place =
                    |side: f64, shift: f64| ((1.0 - side) / 2.0 + shift).clamp(0.0, 1.0 - side);
                self.pattern([place(width, *right), place(height, *down), width, height])
            })
            .collect();
        ComparedView {
            whole: self.pattern([0.0, 0.0, 1.0, 1.0]),
            crops,
        }
    }

    /// The pattern of a crop `[x, y, width, height]`.
    fn pattern(&self, [x, y, width, height]: [f64; 4]) -> Pattern {
        let mut pattern: Pattern = std::array::from_fn(|at| {
            let across = (at % ACROSS) as f64 + 0.5;
            let down = (at / ACROSS) as f64 + 0.5;
            self.luma_at(
                x + width * across / ACROSS as f64,
                y + height * down / DOWN as f64,
            )
        });
        let mean = pattern.iter().sum::<f32>() / pattern.len() as f32;
        for value in &mut pattern {
            *value -= mean;
        }
        let energy: f32 = pattern.iter().map(|value| value * value).sum();
        let scale = (energy + FLAT * pattern.len() as f32).sqrt();
        pattern.map(|value| value / scale)
    }

    /// Luma (0..255) at a point of the picture (fractions), straight between the pixels.
    pub(crate) fn luma_at(&self, x: f64, y: f64) -> f32 {
        let place = |share: f64, side: usize| {
            let at = (share * side as f64 - 0.5).clamp(0.0, side.saturating_sub(1) as f64);
            (at as usize, (at - at.floor()) as f32)
        };
        let ((column, right), (row, below)) = (place(x, self.width), place(y, self.height));
        let pixel = |column: usize, row: usize| {
            let column = column.min(self.width.saturating_sub(1));
            let row = row.min(self.height.saturating_sub(1));
            f32::from(
                self.luma
                    .get(row * self.width + column)
                    .copied()
                    .unwrap_or(0),
            )
        };
        let line = |row: usize| pixel(column, row) * (1.0 - right) + pixel(column + 1, row) * right;
        line(row) * (1.0 - below) + line(row + 1) * below
    }
}

impl ComparedView {
    /// How alike two views are, -1..1; both were prepared for each other's shape.
    pub fn likeness(&self, other: &Self) -> f32 {
        let mine = self.crops.iter().map(|crop| product(crop, &other.whole));
        let theirs = other.crops.iter().map(|crop| product(crop, &self.whole));
        mine.chain(theirs).fold(-1.0, f32::max)
    }
}

fn product(a: &Pattern, b: &Pattern) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The size of the view of a picture.
fn view_size(picture: Size) -> Size {
    let longer = picture.width.max(picture.height).max(1);
    let side = |pixels: u32| {
        let scaled =
            (u64::from(pixels) * u64::from(SIDE) + u64::from(longer) / 2) / u64::from(longer);
        (scaled as u32).clamp(1, SIDE)
    };
    Size::new(side(picture.width), side(picture.height))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// A scene by its number, seen `closer` (1 is all of it) and lighter.
    fn scene(number: u64, size: Size, closer: f64, lighter: f64) -> Rgb8 {
        let samples = (0..size.height).flat_map(|y| (0..size.width).map(move |x| (x, y)));
        let samples = samples.flat_map(|(x, y)| {
            let from_middle = |at: u32, side: u32| {
                (f64::from(at) + 0.5 - f64::from(side) / 2.0) / f64::from(size.height) / closer
            };
            let (x, y) = (from_middle(x, size.width), from_middle(y, size.height));
            let waves: f64 = (1..5)
                .map(|k| {
                    let phase = (number * 37 + k * 91) as f64;
                    let turn = (phase * 0.7).sin();
                    (k as f64 * 3.0 * (x * turn + y * (1.0 - turn.abs())) + phase).sin()
                })
                .sum();
            [(110.0 + 22.0 * waves + lighter).clamp(0.0, 255.0) as u8; 3]
        });
        Rgb8::new(size, samples.collect()).unwrap()
    }

    fn likeness(a: &Rgb8, b: &Rgb8) -> f32 {
        let read = |picture: &Rgb8| {
            LumaView::parse(
                &LumaView::of(picture, picture.size()).to_text(),
                picture.size(),
            )
            .unwrap()
        };
        let (a, b) = (read(a), read(b));
        a.compared_with(b.shape())
            .likeness(&b.compared_with(a.shape()))
    }

    #[test]
    fn a_scene_is_known_closer_lighter_and_in_another_shape() {
        let wide = Size::new(320, 180);
        for number in 1..6 {
            let plain = scene(number, wide, 1.0, 0.0);
            let twin = scene(number, wide, 1.05, 12.0);
            let cut = scene(number, Size::new(240, 180), 1.0, -8.0);
            assert!(likeness(&plain, &twin) > 0.9, "{number}");
            assert!(likeness(&plain, &cut) > 0.9, "{number}");
            let other = scene(number + 10, wide, 1.0, 0.0);
            assert!(likeness(&plain, &other) < 0.75, "{number}");
        }
    }

    #[test]
    fn plain_pictures_are_not_alike_and_wrong_text_is_no_view() {
        let size = Size::new(320, 180);
        let gray = |value: u8| Rgb8::new(size, vec![value; 320 * 180 * 3]).unwrap();
        assert!(likeness(&gray(20), &gray(20)) < 0.1);
        assert_eq!(LumaView::parse("AAAA", size), None);
        assert_eq!(LumaView::parse("not base64", size), None);
        assert!(LumaView::parse("AA==", Size::new(0, 0)).is_some());
    }
}
