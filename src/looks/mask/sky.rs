//! Finds the sky without a network: it begins at the top edge, is smooth, and has a color of skies.
//!
//! A flood fill from the top finds a region of likely sky. A linear model of its colors, which change toward the
//! horizon, with their covariance lets the region grow over what fits, even behind twigs (after Y. Shen and Q. Wang,
//! "Sky region detection in a single image", 2013, with colors instead of column borders). A score of the whole region
//! decides whether it is a sky at all: white walls, skin and tables also reach the top edge.

use crate::looks::color::{LUMA, Triple, smooth_step};
use crate::looks::mask::plane::MaskPlane;
use crate::picture::{Filter, Rgb8, resize};

/// Longer side of the examined copy, in pixels.
const SIDE: u32 = 192;
/// Likelihood (0..1) from which a pixel may belong to the sky.
const LIKELY: f64 = 0.35;
/// Score of a region from which it may be a sky, and from which that is certain.
const CERTAINTY: (f64, f64) = (2.4, 3.3);

/// The examined copy and the measurements of each pixel.
struct SkyView {
    width: usize,
    height: usize,
    colors: Vec<Triple>,
    luma: Vec<f64>,
    /// The largest change of color to the right or down.
    steps: Vec<f64>,
    /// How close the color is to those of skies, 0..1.
    hues: Vec<f64>,
    /// The same times smoothness, reduced in the lower half.
    likely: Vec<f64>,
}

/// Weights of the sky in a picture (sRGB); all 0 if there is none.
pub(super) fn sky(picture: &Rgb8) -> Option<MaskPlane> {
    let size = picture.size().within(SIDE);
    let small = resize(picture, size, Filter::Box);
    let view = SkyView::new(&small);
    MaskPlane::of(size, &view.weights())
}

impl SkyView {
    fn new(picture: &Rgb8) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let colors: Vec<Triple> = (picture.pixels())
            .map(|pixel| pixel.map(|sample| f64::from(sample) / 255.0))
            .collect();
        let luma: Vec<f64> = (colors.iter())
            .map(|color| (0..3).map(|channel| LUMA[channel] * color[channel]).sum())
            .collect();
        let at = |x: usize, y: usize| (y * width + x).min(colors.len().saturating_sub(1));
        let steps: Vec<f64> = (0..colors.len())
            .map(|place| {
                let (x, y) = (place % width, place / width);
                let right = colors[at((x + 1).min(width - 1), y)];
                let below = colors[at(x, (y + 1).min(height - 1))];
                (0..3)
                    .map(|channel| {
                        let own = colors[place][channel];
                        (own - right[channel])
                            .abs()
                            .max((own - below[channel]).abs())
                    })
                    .fold(0.0, f64::max)
            })
            .collect();
        let hues: Vec<f64> = (colors.iter().zip(&luma))
            .map(|(color, luma)| sky_color(*color, *luma))
            .collect();
        let rough = mean_of_nine(&steps, width, height);
        let likely = (0..colors.len())
            .map(|place| {
                let smooth = 1.0 - smooth_step(0.035, 0.09, rough[place]);
                let down = (place / width) as f64 / height as f64;
                hues[place] * smooth * (1.0 - 0.5 * smooth_step(0.5, 1.0, down))
            })
            .collect();
        Self {
            width,
            height,
            colors,
            luma,
            steps,
            hues,
            likely,
        }
    }

    fn weights(&self) -> Vec<f32> {
        let count = self.colors.len();
        let top = (self.height / 40).max(1) * self.width;
        let likely = |place: usize| self.likely[place] > LIKELY;
        let region = self.flood((0..top.min(count)).filter(|place| likely(*place)), likely);
        let inside: Vec<usize> = (0..count).filter(|place| region[*place]).collect();
        let Some(model) = ColorPlane::fit(self, &inside).filter(|_| inside.len() * 50 >= count)
        else {
            return vec![0.0; count];
        };
        let fits: Vec<f64> = (0..count)
            .map(|place| 1.0 - smooth_step(6.0, 16.0, model.distance(self, place)))
            .collect();
        let belongs: Vec<f64> = (0..count)
            .map(|place| {
                let fits = if likely(place) { 1.0 } else { fits[place] };
                fits * (0.25 + 0.75 * self.hues[place])
            })
            .collect();
        let grown = self.flood(inside.into_iter(), |place| belongs[place] > LIKELY);
        let believed = smooth_step(CERTAINTY.0, CERTAINTY.1, self.score(&grown, top.min(count)));
        let lowest = self.lowest(&region);
        (0..count)
            .map(|place| {
                let own = if grown[place] {
                    (1.4 * belongs[place]).min(1.0)
                } else {
                    0.0
                };
                // Sky between branches: not connected, but of the right color, and not below the region.
                let through = fits[place] * self.hues[place];
                let hole = place / self.width <= lowest[place % self.width] && through > 0.45;
                let through = if hole { (1.2 * through).min(1.0) } else { 0.0 };
                (own.max(through) * believed) as f32
            })
            .collect()
    }

    /// All pixels connected with `seeds` through pixels that are `open`.
    fn flood(&self, seeds: impl Iterator<Item = usize>, open: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut reached = vec![false; self.colors.len()];
        let mut waiting: Vec<usize> = seeds.collect();
        for place in &waiting {
            reached[*place] = true;
        }
        while let Some(place) = waiting.pop() {
            let (x, y) = (place % self.width, place / self.width);
            let neighbors = [
                (x > 0).then(|| place - 1),
                (x + 1 < self.width).then(|| place + 1),
                (y > 0).then(|| place - self.width),
                (y + 1 < self.height).then(|| place + self.width),
            ];
            for next in neighbors.into_iter().flatten() {
                if !reached[next] && open(next) {
                    reached[next] = true;
                    waiting.push(next);
                }
            }
        }
        reached
    }

    /// For each column the lowest row of `region`, averaged over eight columns to either side.
    fn lowest(&self, region: &[bool]) -> Vec<usize> {
        let own: Vec<usize> = (0..self.width)
            .map(|x| {
                (0..self.height)
                    .rev()
                    .find(|y| region[y * self.width + x])
                    .unwrap_or(0)
            })
            .collect();
        (0..self.width)
            .map(|x| {
                let around = x.saturating_sub(8)..(x + 9).min(self.width);
                own[around.clone()].iter().sum::<usize>() / around.len()
            })
            .collect()
    }

    /// How much `region` as a whole resembles a sky.
    fn score(&self, region: &[bool], top: usize) -> f64 {
        let (mut count, mut low, mut rough, mut colorful) = (0.0, 0.0, 0.0, 0.0);
        let mut sum = [0.0; 3];
        let mut light = [0.0; 2];
        for (place, inside) in region.iter().enumerate() {
            light[usize::from(*inside)] += self.luma[place];
            if *inside {
                let color = self.colors[place];
                count += 1.0;
                low += f64::from(u8::from(place / self.width >= 2 * self.height / 3));
                rough += self.steps[place];
                let most = color[0].max(color[1]).max(color[2]);
                colorful += most - color[0].min(color[1]).min(color[2]);
                for (sum, value) in sum.iter_mut().zip(color) {
                    *sum += value;
                }
            }
        }
        let all = region.len() as f64;
        let area = count / all;
        let columns = (0..self.width)
            .filter(|x| (*x..top).step_by(self.width).any(|place| region[place]))
            .count();
        let across = columns as f64 / self.width as f64;
        let below = (all - count).max(1.0);
        let brighter = light[1] / f64::max(count, 1.0) - light[0] / below;
        let mean = |value: f64| value / f64::max(count, 1.0);
        let blue = mean(sum[2] - sum[0]);
        let low = 3.0 * low / all;
        let is_blue = smooth_step(0.06, 0.14, blue);
        1.6 * smooth_step(0.2, 0.8, across)
            + 1.2 * smooth_step(0.0, 0.25, brighter)
            + 1.4 * smooth_step(0.02, 0.2, blue)
            + 1.0 - smooth_step(0.01, 0.035, mean(rough))
            + 0.8 * smooth_step(0.03, 0.2, area)
            // A gray wall also covers the lower third, or is not smooth, or is warm.
            - 1.5 * smooth_step(0.85, 1.0, area) * (1.0 - smooth_step(0.04, 0.1, blue))
            - 2.0 * smooth_step(0.05, 0.35, low) * (1.0 - is_blue)
            - smooth_step(0.04, 0.08, mean(rough))
            - 1.2 * smooth_step(0.03, 0.12, -blue) * smooth_step(0.25, 0.6, 3.0 * mean(colorful))
    }
}

/// How close a color is to those of skies: blue, pale, or the warm light of a low sun.
fn sky_color([red, green, blue]: Triple, luma: f64) -> f64 {
    let chroma = red.max(green).max(blue) - red.min(green).min(blue);
    let clear = smooth_step(0.0, 0.1, blue - red)
        * smooth_step(-0.06, 0.02, blue - green)
        * smooth_step(0.12, 0.3, luma)
        * (1.0 - smooth_step(0.0, 0.06, green - blue));
    let pale = smooth_step(0.5, 0.72, luma) * (1.0 - smooth_step(0.1, 0.22, chroma));
    let warm = 0.8
        * smooth_step(0.45, 0.7, luma)
        * smooth_step(-0.02, 0.05, red - blue)
        * (1.0 - smooth_step(0.25, 0.5, chroma));
    clear.max(pale).max(warm)
}

/// The mean over 3 × 3 pixels, fewer at the edges.
fn mean_of_nine(values: &[f64], width: usize, height: usize) -> Vec<f64> {
    (0..values.len())
        .map(|place| {
            let (x, y) = (place % width, place / width);
            let columns = x.saturating_sub(1)..(x + 2).min(width);
            let rows = y.saturating_sub(1)..(y + 2).min(height);
            let count = columns.len() * rows.len();
            let sum: f64 = rows
                .flat_map(|row| columns.clone().map(move |column| row * width + column))
                .map(|place| values[place])
                .sum();
            sum / count as f64
        })
        .collect()
}

/// A linear model of colors by position, and their deviation from it.
struct ColorPlane {
    /// For each channel: the constant, and the slopes down and across.
    slopes: [Triple; 3],
    /// The inverse covariance: rr, rg, rb, gg, gb, bb.
    inverse: [f64; 6],
}

impl ColorPlane {
    /// Fits the pixels `inside` by least squares, with a small ridge on the slopes.
    fn fit(view: &SkyView, inside: &[usize]) -> Option<Self> {
        let count = inside.len() as f64;
        if inside.is_empty() {
            return None;
        }
        let mut normal = [[0.0; 3]; 3];
        let mut right = [[0.0; 3]; 3];
        for &place in inside {
            let terms = view.terms(place);
            for (row, a) in terms.iter().enumerate() {
                for (column, b) in terms.iter().enumerate() {
                    normal[row][column] += a * b;
                }
                for (channel, right) in right.iter_mut().enumerate() {
                    right[row] += a * view.colors[place][channel];
                }
            }
        }
        normal[1][1] += 0.01 * count;
        normal[2][2] += 0.01 * count;
        let [[a, b, c], [_, d, e], [_, _, f]] = normal;
        let solve = inverted([a, b, c, d, e, f])?;
        let mut plane = Self {
            slopes: right.map(|right| product(&solve, right)),
            inverse: [0.0; 6],
        };
        let mut covariance = [0.0; 6];
        for &place in inside {
            let [r, g, b] = plane.rest(view, place);
            let squares = [r * r, r * g, r * b, g * g, g * b, b * b];
            for (sum, square) in covariance.iter_mut().zip(squares) {
                *sum += square / count;
            }
        }
        for diagonal in [0, 3, 5] {
            covariance[diagonal] += 0.03 * 0.03;
        }
        plane.inverse = inverted(covariance)?;
        Some(plane)
    }

    fn rest(&self, view: &SkyView, place: usize) -> Triple {
        let terms = view.terms(place);
        [0, 1, 2].map(|channel| {
            let told: f64 = (self.slopes[channel].iter().zip(terms))
                .map(|(a, b)| a * b)
                .sum();
            view.colors[place][channel] - told
        })
    }

    /// The squared Mahalanobis distance.
    fn distance(&self, view: &SkyView, place: usize) -> f64 {
        let rest = self.rest(view, place);
        let turned = product(&self.inverse, rest);
        (0..3).map(|channel| rest[channel] * turned[channel]).sum()
    }
}

impl SkyView {
    /// The terms: 1, and the position down and across, −0.5..0.5.
    fn terms(&self, place: usize) -> Triple {
        let down = (place / self.width) as f64 / self.height as f64 - 0.5;
        let across = (place % self.width) as f64 / self.width as f64 - 0.5;
        [1.0, down, across]
    }
}

/// A symmetric matrix (its upper triangle by rows) times a vector.
fn product([a, b, c, d, e, f]: &[f64; 6], [x, y, z]: Triple) -> Triple {
    [
        a * x + b * y + c * z,
        b * x + d * y + e * z,
        c * x + e * y + f * z,
    ]
}

/// The inverse of a symmetric matrix; `None` if it is singular.
fn inverted([a, b, c, d, e, f]: [f64; 6]) -> Option<[f64; 6]> {
    let minors = [
        d * f - e * e,
        c * e - b * f,
        b * e - c * d,
        a * f - c * c,
        b * c - a * e,
        a * d - b * b,
    ];
    let determinant = a * minors[0] + b * minors[1] + c * minors[2];
    (determinant > 1e-18).then(|| minors.map(|minor| minor / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    /// Sky over ground: blue that pales toward the horizon, over a rough green.
    fn scene(horizon: usize) -> Rgb8 {
        let mut picture = Rgb8::black(Size::new(120, 80));
        for (number, pixel) in picture.samples_mut().chunks_exact_mut(3).enumerate() {
            let (x, y) = (number % 120, number / 120);
            let rough = ((x * 37 + y * 91) % 41) as u8;
            let color = if y < horizon {
                [80 + y as u8, 130 + y as u8, 220]
            } else {
                [50 + rough, 90 + rough, 30 + rough / 2]
            };
            pixel.copy_from_slice(&color);
        }
        picture
    }

    #[test]
    fn the_sky_is_what_lies_above_the_horizon() {
        let plane = sky(&scene(40)).unwrap();
        let row = |line: usize| &plane.values()[line * 120..(line + 1) * 120];
        assert!(row(5).iter().all(|value| *value > 230), "{:?}", row(5));
        assert!(row(36).iter().all(|value| *value > 200), "{:?}", row(36));
        assert!(row(50).iter().all(|value| *value < 20), "{:?}", row(50));
    }

    #[test]
    fn ground_alone_and_a_white_wall_are_no_sky() {
        assert_eq!(sky(&scene(0)).unwrap().coverage(), 0.0);
        let mut wall = Rgb8::black(Size::new(90, 90));
        wall.samples_mut().fill(225);
        assert_eq!(sky(&wall).unwrap().coverage(), 0.0);
        assert!(sky(&Rgb8::black(Size::new(1, 1))).is_some());
    }
}
