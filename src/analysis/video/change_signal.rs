//! The cheap change signal: comparisons between frames of 48×27.
//!
//! TransNetV2 takes frames of this size, so they need no conversion of their own, and reducing them so far averages out
//! noise and compression. Differences are in steps of 255.

use crate::models::SHOT_FRAME;
use crate::picture::Rgb8;

pub(super) const WIDTH: usize = SHOT_FRAME.width as usize;
pub(super) const HEIGHT: usize = SHOT_FRAME.height as usize;
pub(super) const PIXELS: usize = WIDTH * HEIGHT;
/// Largest shifts tried when two frames are compared, in pixels: the camera may have moved between them.
const SHIFT_X: isize = 8;
const SHIFT_Y: isize = 5;
/// The search for a shift stops at this likeness.
const ALIKE_ENOUGH: f32 = 0.7;
/// Energy of the gradients of a frame without texture (sum of squares over the frame).
const FLAT_ENERGY: f32 = 200.0;

/// A frame with precomputed features for comparisons.
pub(crate) struct Signal {
    /// The frame itself, for the network.
    pub frame: Rgb8,
    luma: Vec<f32>,
    /// Central differences of luma, 0 at the border.
    across: Vec<f32>,
    down: Vec<f32>,
    /// Mean luma, 0..255.
    pub mean: f32,
    /// Standard deviation of luma, 0..255.
    pub deviation: f32,
    /// Mean difference to the frame before; 0 for the first.
    pub change: f32,
    /// [`Signal::differs_in_place`] from the frame before; 0 for the first.
    pub local: f32,
}

impl Signal {
    /// `None` for a frame that is not exactly 48×27.
    pub fn new(frame: Rgb8, before: Option<&Self>) -> Option<Self> {
        if frame.size() != SHOT_FRAME {
            return None;
        }
        let luma: Vec<f32> = frame
            .pixels()
            .map(|[red, green, blue]| {
                0.2126 * f32::from(red) + 0.7152 * f32::from(green) + 0.0722 * f32::from(blue)
            })
            .collect();
        let mean = luma.iter().sum::<f32>() / PIXELS as f32;
        let variance = luma
            .iter()
            .map(|value| (value - mean) * (value - mean))
            .sum::<f32>()
            / PIXELS as f32;
        let mut across = vec![0.0; PIXELS];
        let mut down = vec![0.0; PIXELS];
        for y in 0..HEIGHT {
            for x in 1..WIDTH - 1 {
                across[y * WIDTH + x] = luma[y * WIDTH + x + 1] - luma[y * WIDTH + x - 1];
            }
        }
        for y in 1..HEIGHT - 1 {
            for x in 0..WIDTH {
                down[y * WIDTH + x] = luma[(y + 1) * WIDTH + x] - luma[(y - 1) * WIDTH + x];
            }
        }
        let mut signal = Self {
            frame,
            luma,
            across,
            down,
            mean,
            deviation: variance.sqrt(),
            change: 0.0,
            local: 0.0,
        };
        if let Some(before) = before {
            signal.change = signal.difference(before);
            signal.local = before.differs_in_place(&signal);
        }
        Some(signal)
    }

    /// True for a frame of one tone, as in the middle of a fade.
    pub fn is_flat(&self) -> bool {
        self.deviation < 7.0
    }

    /// Flat and nearly black or white.
    pub fn is_blank(&self) -> bool {
        self.is_flat() && !(40.0..=215.0).contains(&self.mean)
    }

    /// Flat and nearly black.
    pub fn is_dark(&self) -> bool {
        self.is_flat() && self.mean < 32.0
    }

    /// True where one of the two has lost most of its contrast, as in a fade.
    pub fn is_faded_against(&self, other: &Self) -> bool {
        self.deviation.min(other.deviation) < 0.45 * self.deviation.max(other.deviation)
    }

    /// Mean absolute difference of RGB.
    pub fn difference(&self, other: &Self) -> f32 {
        let sum: u32 = self
            .frame
            .samples()
            .iter()
            .zip(other.frame.samples())
            .map(|(&a, &b)| u32::from(a.abs_diff(b)))
            .sum();
        sum as f32 / (3 * PIXELS) as f32
    }

    /// Similarity of structure, -1..1: correlation of the gradients at the best shift. Exposure and flashes hardly
    /// affect it; on the corpus two views of one scene stay above 0.6 and two scenes below 0.3.
    pub fn likeness(&self, other: &Self) -> f32 {
        let mut best = -1.0_f32;
        // From no shift outwards, since the best shift is usually small.
        for ring in 0..=SHIFT_X {
            for y in -ring.min(SHIFT_Y)..=ring.min(SHIFT_Y) {
                let edge = y.abs() == ring;
                for x in -ring..=ring {
                    if edge || x.abs() == ring {
                        best = best.max(self.correlation(other, x, y));
                        if best >= ALIKE_ENOUGH {
                            return best;
                        }
                    }
                }
            }
        }
        best
    }

    /// Correlation of the gradients without a shift.
    pub fn correlation_in_place(&self, other: &Self) -> f32 {
        self.correlation(other, 0, 0)
    }

    fn correlation(&self, other: &Self, x: isize, y: isize) -> f32 {
        let (mut both, mut mine, mut theirs) = (0.0_f32, 0.0_f32, 0.0_f32);
        overlap(x, y, |here, there, length| {
            for (a, b) in [(&self.across, &other.across), (&self.down, &other.down)] {
                let rows = a[here..here + length].iter().zip(&b[there..there + length]);
                for (a, b) in rows {
                    both += a * b;
                    mine += a * a;
                    theirs += b * b;
                }
            }
        });
        both / ((mine + FLAT_ENERGY) * (theirs + FLAT_ENERGY)).sqrt()
    }

    /// Difference of luma that neither exposure nor a small move of the camera explains, in the quarter of the picture
    /// that differs most. The best gain and offset are removed to compensate for exposure.
    pub fn unexplained(&self, other: &Self) -> f32 {
        let mut best = f32::INFINITY;
        for y in -2..=2 {
            for x in -3..=3 {
                best = best.min(self.unexplained_at(other, x, y));
            }
        }
        best
    }

    /// Like [`Self::unexplained`], but compensates for exposure only, not for a move of the camera.
    pub fn differs_in_place(&self, other: &Self) -> f32 {
        self.unexplained_at(other, 0, 0)
    }

    /// Similarity of the colors, 0..1, regardless of where they are: intersection of histograms (Swain and Ballard,
    /// *Color indexing*, 1991) of six steps a channel, smoothed over neighbors.
    pub fn palette_likeness(&self, other: &Self) -> f32 {
        let (mine, theirs) = (palette(&self.frame), palette(&other.frame));
        mine.iter().zip(&theirs).map(|(a, b)| a.min(*b)).sum()
    }

    fn unexplained_at(&self, other: &Self, x: isize, y: isize) -> f32 {
        const ACROSS: usize = 4;
        const DOWN: usize = 3;
        let (mut n, mut a, mut b, mut aa, mut ab) = (0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32, 0.0_f32);
        overlap(x, y, |here, there, length| {
            for (u, v) in self.luma[here..here + length]
                .iter()
                .zip(&other.luma[there..])
            {
                n += 1.0;
                a += u;
                b += v;
                aa += u * u;
                ab += u * v;
            }
        });
        let (mean_a, mean_b) = (a / n, b / n);
        let variance = aa / n - mean_a * mean_a;
        let gain = ((ab / n - mean_a * mean_b) / (variance + 1.0)).clamp(0.4, 2.5);
        let mut sums = [0.0_f32; ACROSS * DOWN];
        let mut counts = [0.0_f32; ACROSS * DOWN];
        overlap(x, y, |here, there, length| {
            let block_row = here / WIDTH * DOWN / HEIGHT * ACROSS;
            for step in 0..length {
                let rest =
                    other.luma[there + step] - mean_b - gain * (self.luma[here + step] - mean_a);
                let block = block_row + (here % WIDTH + step) * ACROSS / WIDTH;
                sums[block] += rest.abs();
                counts[block] += 1.0;
            }
        });
        let mut means: Vec<f32> = sums
            .iter()
            .zip(counts)
            .map(|(sum, count)| sum / count.max(1.0))
            .collect();
        means.sort_by(|a, b| b.total_cmp(a));
        means.iter().take(3).sum::<f32>() / 3.0
    }
}

/// Steps of each channel in a palette.
const STEPS: usize = 6;

/// Share of each color in a frame; each pixel is divided between the two nearest steps of each channel.
fn palette(frame: &Rgb8) -> Vec<f32> {
    let mut shares = vec![0.0_f32; STEPS * STEPS * STEPS];
    // The two steps that a value lies between, and its weight in the upper one.
    let split = |value: u8| {
        let place = (f32::from(value) * STEPS as f32 / 256.0 - 0.5).clamp(0.0, STEPS as f32 - 1.0);
        let low = place as usize;
        (low, (low + 1).min(STEPS - 1), place - low as f32)
    };
    for pixel in frame.pixels() {
        let [red, green, blue] = pixel.map(split);
        for (r, share_r) in [(red.0, 1.0 - red.2), (red.1, red.2)] {
            for (g, share_g) in [(green.0, 1.0 - green.2), (green.1, green.2)] {
                for (b, share_b) in [(blue.0, 1.0 - blue.2), (blue.1, blue.2)] {
                    shares[(r * STEPS + g) * STEPS + b] +=
                        share_r * share_g * share_b / PIXELS as f32;
                }
            }
        }
    }
    shares
}

/// Calls `row` for every row that both frames share when the second is shifted, with its start in each and its length.
fn overlap(x: isize, y: isize, mut row: impl FnMut(usize, usize, usize)) {
    let length = WIDTH - x.unsigned_abs();
    for line in 0..HEIGHT - y.unsigned_abs() {
        let here = (line + y.max(0).unsigned_abs()) * WIDTH + x.max(0).unsigned_abs();
        let there = (line + y.min(0).unsigned_abs()) * WIDTH + x.min(0).unsigned_abs();
        row(here, there, length);
    }
}
