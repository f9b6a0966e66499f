//! The horizon: a long straight line, nearly level, with a smooth sky above it.
//!
//! Every line within 12° of level is tried on the reduced picture. As in Ettinger et al., "Vision-guided flight
//! stability and control for micro air vehicles", 2003, the horizon is the line whose two sides differ most; but only
//! three rows on either side are compared, since ground and sky are seldom of one color each. The score of a line is
//! the product of
//!
//! - its step in Oklab (0.12 counts fully),
//! - its continuity: the share of columns that step the same way (from 0.55 to 0.90),
//! - the agreement of the columns in color (length of the mean step over the mean length),
//! - the smoothness of the part above (mean step between neighbors from 0.045 down to 0.020), alone and relative to the
//!   part below.
//!
//! The score must reach 0.5. Of the 151 corpus photos 12 do. Other things with such lines (walls, tables) are excluded
//! by scene words, see `composition`.

use crate::analysis::Horizon;
use crate::analysis::picture::oklab::oklab;
use crate::analysis::ramp::ramp;
use crate::picture::Rgb8;
use crate::time::rounded;

/// Rows on either side that are compared.
const BAND: usize = 3;
/// Largest tilt that is tried, in degrees.
const MOST_TILT: f64 = 12.0;
/// Lines closer to the upper or lower edge (share of the height) are not tried: there is too little to compare.
const NEAREST_EDGE: f64 = 0.12;
const LEAST_STEP: f64 = 0.05;
const FULL_STEP: f64 = 0.12;
/// A column steps with the others when its step along theirs is at least this, or this share of theirs.
const COLUMN_STEP: f64 = 0.03;
const COLUMN_SHARE: f64 = 0.35;
const GOES_ON: (f64, f64) = (0.55, 0.90);
const SMOOTH: (f64, f64) = (0.045, 0.020);
/// Roughness below the line over that above it.
const SMOOTHER: (f64, f64) = (0.5, 1.2);
const CLEAR: f64 = 0.5;
/// Smaller pictures, in pixels, have too few rows to compare.
const LEAST_SIDE: usize = 40;

/// The horizon of a picture that was reduced to about 160 pixels.
pub(crate) fn find(small: &Rgb8) -> Option<Horizon> {
    if small.width() < LEAST_SIDE || small.height() < LEAST_SIDE {
        return None;
    }
    let field = ColorField::new(small);
    let rows = small.height() as f64;
    let mut best = HorizonLine::default();
    let mut tilt = -MOST_TILT;
    while tilt <= MOST_TILT {
        let mut height = (NEAREST_EDGE * rows).ceil();
        while height <= (1.0 - NEAREST_EDGE) * rows {
            best = field.better(best, tilt, height);
            height += 2.0;
        }
        tilt += 1.0;
    }
    if best.score <= 0.0 {
        return None;
    }
    let rough = best;
    for tilt in -4..=4 {
        for height in -3..=3 {
            let tilt = rough.tilt + 0.25 * f64::from(tilt);
            best = field.better(best, tilt, rough.height + 0.5 * f64::from(height));
        }
    }
    (best.score >= CLEAR).then(|| Horizon {
        height: rounded(best.height / rows),
        tilt: rounded(best.tilt),
        score: rounded(best.score),
    })
}

#[derive(Debug, Clone, Copy, Default)]
struct HorizonLine {
    tilt: f64,
    /// Height in the middle column, in rows from the top.
    height: f64,
    score: f64,
}

/// Precomputed sums that lines are scored with.
struct ColorField {
    width: usize,
    height: usize,
    /// At each boundary between rows (above row `y`), the mean of the rows below minus that of the rows above.
    steps: Vec<[f64; 3]>,
    /// Cumulative sums, down each column, of the steps of lightness between neighbors.
    roughness: Vec<f64>,
}

impl ColorField {
    fn new(small: &Rgb8) -> Self {
        let (width, height) = (small.width(), small.height());
        let colors: Vec<[f64; 3]> = small
            .pixels()
            .map(|pixel| oklab(pixel).map(f64::from))
            .collect();
        let color = |x: usize, y: usize| colors[y * width + x];
        let mut steps = vec![[0.0; 3]; (height + 1) * width];
        for y in BAND..=height - BAND {
            for x in 0..width {
                let mut step = [0.0; 3];
                for row in 0..BAND {
                    let (below, above) = (color(x, y + row), color(x, y - 1 - row));
                    for (sum, (below, above)) in step.iter_mut().zip(below.into_iter().zip(above)) {
                        *sum += (below - above) / BAND as f64;
                    }
                }
                steps[y * width + x] = step;
            }
        }
        let mut roughness = vec![0.0; (height + 1) * width];
        for y in 0..height {
            for x in 0..width {
                let here = color(x, y)[0];
                let left = if x > 0 { color(x - 1, y)[0] } else { here };
                let above = if y > 0 { color(x, y - 1)[0] } else { here };
                roughness[(y + 1) * width + x] =
                    roughness[y * width + x] + (here - left).abs() + (here - above).abs();
            }
        }
        Self {
            width,
            height,
            steps,
            roughness,
        }
    }

    fn better(&self, best: HorizonLine, tilt: f64, height: f64) -> HorizonLine {
        let score = self.score(tilt, height);
        if score > best.score {
            HorizonLine {
                tilt,
                height,
                score,
            }
        } else {
            best
        }
    }

    /// The score of a line, 0..1.
    fn score(&self, tilt: f64, height: f64) -> f64 {
        let slope = libm::tan(tilt.to_radians());
        let middle = (self.width as f64 - 1.0) / 2.0;
        let reach = middle * slope.abs();
        let margin = (BAND + 2) as f64;
        if height - reach < margin || height + reach > self.height as f64 - margin {
            return 0.0;
        }
        let row = |x: usize| (height + (x as f64 - middle) * slope).round() as usize;
        let (mut mean, mut length) = ([0.0; 3], 0.0);
        let (mut above, mut above_count, mut below, mut below_count) = (0.0, 0.0, 0.0, 0.0);
        for x in 0..self.width {
            let y = row(x);
            let step = self.steps[y * self.width + x];
            for (sum, value) in mean.iter_mut().zip(step) {
                *sum += value;
            }
            length += norm(step);
            // The line itself does not count towards the roughness of either side.
            let (top, bottom) = (y - 2, y + 2);
            let down = |boundary: usize| self.roughness[boundary * self.width + x];
            above += down(top);
            above_count += top as f64;
            below += down(self.height) - down(bottom);
            below_count += (self.height - bottom) as f64;
        }
        let count = self.width as f64;
        let mean = mean.map(|sum| sum / count);
        let size = norm(mean);
        if size < LEAST_STEP || length <= 0.0 {
            return 0.0;
        }
        let above = above / f64::max(above_count, 1.0);
        let below = below / f64::max(below_count, 1.0);
        let smooth =
            ramp(above, SMOOTH.0, SMOOTH.1) * ramp(below / above.max(1e-6), SMOOTHER.0, SMOOTHER.1);
        if smooth <= 0.0 {
            return 0.0;
        }
        let least = COLUMN_STEP.max(COLUMN_SHARE * size);
        let along = (0..self.width)
            .filter(|&x| {
                let step = self.steps[row(x) * self.width + x];
                let dot: f64 = step.into_iter().zip(mean).map(|(a, b)| a * b).sum();
                dot / size > least
            })
            .count() as f64
            / count;
        (size / FULL_STEP).min(1.0)
            * ramp(along, GOES_ON.0, GOES_ON.1)
            * (size * count / length)
            * smooth
    }
}

fn norm(color: [f64; 3]) -> f64 {
    color
        .into_iter()
        .map(|part| part * part)
        .sum::<f64>()
        .sqrt()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::geometry::Size;

    /// A sea with waves under a clear sky, whose line crosses the middle at `height` (rows) with this tilt.
    fn sea(height: f64, tilt: f64) -> Rgb8 {
        let size = Size::new(160, 120);
        let slope = tilt.to_radians().tan();
        let mut samples = Vec::new();
        for y in 0..120_u32 {
            for x in 0..160_u32 {
                let line = height + (f64::from(x) - 79.5) * slope;
                if f64::from(y) + 0.5 < line {
                    samples.extend([150, 190, 235 - (y / 8) as u8]);
                } else {
                    let wave = ((x * 7 + y * 13) % 11) as u8 * 4;
                    samples.extend([20 + wave, 60 + wave, 90 + wave]);
                }
            }
        }
        Rgb8::new(size, samples).unwrap()
    }

    #[test]
    fn height_and_tilt_of_a_drawn_horizon_are_found() {
        for (height, tilt) in [(40.0, 0.0), (60.0, 5.0), (75.0, -8.0), (84.0, 2.5)] {
            let found = find(&sea(height, tilt)).unwrap();
            assert!((found.height - height / 120.0).abs() < 0.012, "{found:?}");
            assert!((found.tilt - tilt).abs() <= 0.5, "{found:?} for {tilt}");
            assert!(found.score > 0.8, "{found:?}");
        }
    }

    #[test]
    fn a_steep_line_and_plain_pictures_have_none() {
        assert_eq!(find(&sea(60.0, 30.0)), None);
        assert_eq!(find(&Rgb8::black(Size::new(160, 120))), None);
        assert_eq!(find(&Rgb8::black(Size::new(1, 1))), None);
    }
}
