//! Sharpness: the share of detail that a picture loses when it is blurred (Crété-Roffet et al., "The blur effect:
//! perception and estimation with a new no-reference perceptual blur metric", 2007).

use super::oklab::luma8;
use crate::analysis::ramp::ramp;
use crate::geometry::Rect;
use crate::picture::Rgb8;

/// Cells in each direction that sharpness is measured in.
const CELLS: usize = 8;
/// Parts of a cell in each direction, so that small subjects can be separated from their surroundings.
const PARTS: usize = 3;
const ACROSS: usize = CELLS * PARTS;
/// Only this share of the cells counts, those with the most detail: a sharp face in front of a blurred garden makes a
/// sharp picture.
const SHARPEST: f64 = 0.25;
/// Mean step between neighbors (0..255) below which a cell has too little texture to judge.
const TEXTURE: f64 = 1.2;
/// Steps up to this size (of 255) are noise rather than detail.
const STEP_FLOOR: i32 = 2;
/// Shares of lost detail at which sharpness is 0 and 1. The median of 30 corpus photos is 0.78; after a Gaussian blur
/// of 1.2 pixels it is 0.58, of 2 pixels 0.39, of 3 pixels 0.25.
const BLURRED: f64 = 0.20;
const SHARP: f64 = 0.76;

/// The detail of each cell of a picture, and how much of it blurring removes.
pub(crate) struct SharpnessMap {
    /// `CELLS × PARTS` in each direction, row by row.
    cells: Vec<Cell>,
}

impl SharpnessMap {
    pub(crate) fn of(picture: &Rgb8) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let luma: Vec<u8> = picture.pixels().map(luma8).collect();
        let mut cells = vec![Cell::default(); ACROSS * ACROSS];
        add_losses(&luma, width, height, &mut cells, false);
        add_losses(
            &transposed(&luma, width, height),
            height,
            width,
            &mut cells,
            true,
        );
        Self { cells }
    }

    /// 0 blurred .. 1 sharp, by the share of lost detail over the cells with the most detail. A share does not depend
    /// on the amount of texture; 0.5 where there is none.
    pub(crate) fn sharpness(&self) -> f64 {
        let mut whole = vec![Cell::default(); CELLS * CELLS];
        for (at, part) in self.cells.iter().enumerate() {
            let (column, row) = (at % ACROSS / PARTS, at / ACROSS / PARTS);
            whole[row * CELLS + column].add(part);
        }
        sharpest(
            whole.iter(),
            ((CELLS * CELLS) as f64 * SHARPEST).ceil() as usize,
        )
        .unwrap_or(0.5)
    }

    /// Sharpness inside and outside of a box, each by its own sharpest quarter; `None` where there is no texture.
    pub(crate) fn apart(&self, bounds: Rect) -> (Option<f64>, Option<f64>) {
        let place = |at: usize| (at as f64 + 0.5) / ACROSS as f64;
        let inside = |at: usize| {
            let (x, y) = (place(at % ACROSS), place(at / ACROSS));
            (bounds.x..bounds.x + bounds.width).contains(&x)
                && (bounds.y..bounds.y + bounds.height).contains(&y)
        };
        let of = |wanted: bool| {
            let cells: Vec<&Cell> = self
                .cells
                .iter()
                .enumerate()
                .filter(|&(at, _)| inside(at) == wanted)
                .map(|(_, cell)| cell)
                .collect();
            let most = (cells.len() as f64 * SHARPEST).ceil() as usize;
            sharpest(cells.into_iter(), most)
        };
        (of(true), of(false))
    }
}

/// Sharpness over the `most` cells that lose most; `None` when no cell has enough texture to judge.
fn sharpest<'a>(cells: impl Iterator<Item = &'a Cell>, most: usize) -> Option<f64> {
    let mut judged: Vec<&Cell> = cells
        .filter(|cell| cell.steps > TEXTURE * cell.count)
        .collect();
    judged.sort_by(|a, b| b.lost.total_cmp(&a.lost));
    judged.truncate(most.max(1));
    let (lost, steps) = judged.iter().fold((0.0, 0.0), |(lost, steps), cell| {
        (lost + cell.lost, steps + cell.steps)
    });
    (steps > 0.0).then(|| ramp(lost / steps, BLURRED, SHARP))
}

/// Sums over one cell.
#[derive(Clone, Default)]
struct Cell {
    /// Sum of the steps between neighbors.
    steps: f64,
    /// Sum of what blurring takes off them.
    lost: f64,
    count: f64,
}

impl Cell {
    fn add(&mut self, part: &Self) {
        self.steps += part.steps;
        self.lost += part.lost;
        self.count += part.count;
    }
}

/// Blurs each row with a box of 9 pixels and adds up how much the steps along it lose.
fn add_losses(luma: &[u8], width: usize, height: usize, cells: &mut [Cell], turned: bool) {
    const HALF: usize = 4;
    const BOX: i32 = 2 * HALF as i32 + 1;
    if width < 2 * HALF + 3 || height < CELLS {
        return;
    }
    for (y, row) in luma.chunks_exact(width).enumerate() {
        let down = y * ACROSS / height;
        // The blurred step at x is (row[x + 4] - row[x - 5]) / 9: the box's running sum cancels out.
        for x in HALF + 1..width - HALF {
            let step = (i32::from(row[x]) - i32::from(row[x - 1])).abs();
            let blurred = (i32::from(row[x + HALF]) - i32::from(row[x - HALF - 1])).abs() / BOX;
            let across = x * ACROSS / width;
            let at = if turned {
                across * ACROSS + down
            } else {
                down * ACROSS + across
            };
            let cell = &mut cells[at];
            cell.count += 1.0;
            if step > STEP_FLOOR {
                cell.steps += f64::from(step);
                cell.lost += f64::from((step - blurred).max(0));
            }
        }
    }
}

fn transposed(luma: &[u8], width: usize, height: usize) -> Vec<u8> {
    let mut out = vec![0; luma.len()];
    for (y, row) in luma.chunks_exact(width).enumerate() {
        for (x, &value) in row.iter().enumerate() {
            out[x * height + y] = value;
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    fn sharpness(picture: &Rgb8) -> f64 {
        SharpnessMap::of(picture).sharpness()
    }

    fn picture(width: u32, height: u32, value: impl Fn(u32, u32) -> f64) -> Rgb8 {
        let samples = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| [value(x, y).round().clamp(0.0, 255.0) as u8; 3])
            .collect();
        Rgb8::new(Size::new(width, height), samples).unwrap()
    }

    #[test]
    fn a_sharp_subject_before_a_soft_background_is_told_apart() {
        let made = picture(320, 240, |x, y| {
            let sharp = (120..200).contains(&x) && (80..160).contains(&y);
            let wave = |v: u32| {
                if sharp {
                    f64::from(v / 10 % 2) * 2.0 - 1.0
                } else {
                    (f64::from(v) * std::f64::consts::TAU / 80.0).sin()
                }
            };
            128.0 + 60.0 * (wave(x) + wave(y))
        });
        let bounds = Rect::new(0.375, 0.3333, 0.25, 0.3333);
        let (inside, outside) = SharpnessMap::of(&made).apart(bounds);
        let (inside, outside) = (inside.unwrap(), outside.unwrap());
        assert!(inside > 0.8 && outside < 0.6 * inside, "{inside} {outside}");
        let plain = SharpnessMap::of(&picture(200, 200, |_, _| 70.0));
        assert_eq!(plain.apart(bounds), (None, None));
    }

    #[test]
    fn soft_edges_are_less_sharp_than_hard_ones() {
        let edges = |soft: f64| {
            picture(320, 240, move |x, y| {
                let wave = |v: u32| ((f64::from(v % 40) - 20.0).abs() - 10.0) / soft;
                128.0 + 100.0 * (wave(x) + wave(y)).clamp(-1.0, 1.0)
            })
        };
        let (hard, soft, softer) = (
            sharpness(&edges(0.5)),
            sharpness(&edges(5.0)),
            sharpness(&edges(20.0)),
        );
        assert!(
            hard > 0.9 && hard > soft && soft > softer,
            "{hard} {soft} {softer}"
        );
        assert_eq!(sharpness(&picture(200, 200, |_, _| 70.0)), 0.5);
    }
}
