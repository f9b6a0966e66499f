//! The correction's input: 64 statistics of a picture's light and colors.
//!
//! They are those on which estimators of exposure and illuminant rely: quantiles of light, the mean (gray world), the
//! power mean and quantiles of each channel (G. D. Finlayson, E. Trezzi, "Shades of gray and colour constancy", 2004),
//! the mean edge (J. van de Weijer et al., "Edge-based color constancy", 2007), the colors of nearly gray pixels, and
//! the colors of dark, medium and bright ones. `scripts/fit-correction` computes the same numbers.

use std::borrow::Cow;

use crate::geometry::Size;
use crate::looks::color::{Triple, decode, encode, luma};
use crate::picture::{Filter, Rgb8, resize};

/// The number of statistics, in the order of the script's `statistics`.
pub(super) const COUNT: usize = 64;
pub(super) type Statistics = [f64; COUNT];

/// Longer side of the measured copy, in pixels.
const EDGE: f64 = 128.0;
/// Display value (0..255) from which a channel counts as clipped.
const WHITE: u8 = 250;
/// Display value (0..255) up to which a pixel counts as black.
const BLACK: u8 = 10;
/// Added to luminance (0..1) before its logarithm, against noise near 0.
const LEAST_LUMINANCE: f64 = 1.0 / 1024.0;
/// Added to a channel's light (0..1) before its logarithm; more, since channels are noisier.
const LEAST_LIGHT: f64 = 1.0 / 256.0;

/// The statistics of a picture, and the measurements that gate its correction.
pub(super) struct PictureStatistics {
    pub(super) statistics: Statistics,
    /// Share of pixels with a channel at white.
    pub(super) clipped: f64,
    /// The display value at which the brightest twentieth begins, 0..1.
    pub(super) bright: f64,
    /// The 0.5 % and the 99.5 % quantile of luma, 0..1.
    pub(super) ends: [f64; 2],
    /// Standard deviation of light, in stops.
    pub(super) spread: f64,
    /// Standard deviation of color (warmth and green together), in stops: 0 for black and white, even if toned.
    pub(super) color: f64,
}

/// Collects numbers in order.
struct Collector {
    numbers: Statistics,
    count: usize,
}

impl Collector {
    fn add(&mut self, numbers: &[f64]) {
        for number in numbers {
            if let Some(place) = self.numbers.get_mut(self.count) {
                *place = *number;
                self.count += 1;
            }
        }
    }
}

impl PictureStatistics {
    /// Measures `picture`, reduced to [`EDGE`].
    pub(super) fn measure(picture: &Rgb8) -> Self {
        measured(&reduced(picture))
    }
}

/// `picture` at no more than [`EDGE`] on its longer side.
pub(in crate::looks) fn reduced(picture: &Rgb8) -> Cow<'_, Rgb8> {
    let (width, height) = (picture.width() as f64, picture.height() as f64);
    let scale = EDGE / width.max(height);
    if scale >= 1.0 {
        return Cow::Borrowed(picture);
    }
    let side = |length: f64| ((length * scale + 0.5) as u32).max(1);
    let size = Size::new(side(width), side(height));
    Cow::Owned(resize(picture, size, Filter::Box))
}

fn measured(picture: &Rgb8) -> PictureStatistics {
    let mut decoded = [0.0; 256];
    for (value, light) in decoded.iter_mut().enumerate() {
        *light = decode(value as f64 / 255.0);
    }
    let shown: Vec<[u8; 3]> = picture.pixels().collect();
    let light: Vec<Triple> = shown
        .iter()
        .map(|pixel| pixel.map(|value| decoded[usize::from(value)]))
        .collect();
    let luminance: Vec<f64> = light.iter().map(|pixel| luma(*pixel)).collect();
    let colors: Vec<[f64; 2]> = light.iter().map(|pixel| axes(*pixel)).collect();
    let bright = quantiles(luminance.clone(), [0.95]);
    let ends = quantiles(
        shown
            .iter()
            .map(|pixel| luma(pixel.map(|value| f64::from(value) / 255.0)))
            .collect(),
        [0.005, 0.995],
    );
    let mut all = Collector {
        numbers: [0.0; COUNT],
        count: 0,
    };
    let spread = add_light(&mut all, &luminance, &shown);
    let clipped = add_ends(&mut all, &shown);
    let color = add_color(&mut all, &light, &colors);
    add_bands(&mut all, &luminance, &colors);
    add_grays(&mut all, &colors);
    add_edges(&mut all, &light, picture.width());
    all.add(&[correlation(&light)]);
    PictureStatistics {
        statistics: all.numbers,
        clipped,
        bright: encode(bright[0]),
        ends,
        spread,
        color,
    }
}

/// Adds quantiles of light and of the display values; returns the deviation of light.
fn add_light(all: &mut Collector, luminance: &[f64], shown: &[[u8; 3]]) -> f64 {
    let stops: Vec<f64> = luminance
        .iter()
        .map(|value| libm::log2(value + LEAST_LUMINANCE))
        .collect();
    let marks = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
    all.add(&quantiles(stops.clone(), marks).map(|value| value / 4.0));
    let lumas: Vec<f64> = shown
        .iter()
        .map(|pixel| luma(pixel.map(|value| f64::from(value) / 255.0)))
        .collect();
    let (stop, spread) = (mean(&stops), deviation(&stops));
    all.add(&[
        stop / 4.0,
        spread / 2.0,
        mean(&lumas) * 2.0 - 1.0,
        deviation(&lumas) * 4.0 - 1.0,
    ]);
    spread
}

/// Adds quantiles of the largest and least channels and the shares at the ends of the scale; returns the share at
/// white.
fn add_ends(all: &mut Collector, shown: &[[u8; 3]]) -> f64 {
    let most = |pixel: &[u8; 3]| pixel[0].max(pixel[1]).max(pixel[2]);
    let least = |pixel: &[u8; 3]| pixel[0].min(pixel[1]).min(pixel[2]);
    let display = |of: &dyn Fn(&[u8; 3]) -> u8| -> Vec<f64> {
        shown
            .iter()
            .map(|pixel| f64::from(of(pixel)) / 255.0)
            .collect()
    };
    let share = |test: &dyn Fn(&[u8; 3]) -> bool| {
        shown.iter().filter(|pixel| test(pixel)).count() as f64 / shown.len().max(1) as f64
    };
    let (high, low) = (display(&most), display(&least));
    all.add(&quantiles(high.clone(), [0.5, 0.9, 0.99, 0.999]).map(|value| value * 2.0 - 1.0));
    all.add(&quantiles(low.clone(), [0.01, 0.1, 0.5]).map(|value| value * 2.0));
    for channel in 0..3 {
        all.add(&[4.0 * share(&|pixel| pixel[channel] >= WHITE)]);
    }
    let clipped = share(&|pixel| most(pixel) >= WHITE);
    all.add(&[
        4.0 * clipped,
        4.0 * share(&|pixel| least(pixel) >= WHITE),
        4.0 * share(&|pixel| most(pixel) < BLACK),
    ]);
    let saturation = high
        .iter()
        .zip(&low)
        .map(|(high, low)| (high - low) / (high + 1e-3))
        .collect();
    all.add(&quantiles(saturation, [0.1, 0.5, 0.9]));
    clipped
}

/// Adds gray world, shades of gray, channel quantiles and the spread of color; returns that spread.
fn add_color(all: &mut Collector, light: &[Triple], colors: &[[f64; 2]]) -> f64 {
    let channel = |number: usize| -> Vec<f64> { light.iter().map(|pixel| pixel[number]).collect() };
    all.add(&axes([0, 1, 2].map(|number| mean(&channel(number)))));
    all.add(&axes([0, 1, 2].map(|number| {
        let powers: Vec<f64> = light.iter().map(|pixel| power_6(pixel[number])).collect();
        libm::pow(mean(&powers), 1.0 / 6.0)
    })));
    let ends = [0, 1, 2].map(|number| quantiles(channel(number), [0.99, 0.02]));
    all.add(&axes(ends.map(|end| end[0])));
    all.add(&axes(ends.map(|end| end[1])));
    let mut squares = 0.0;
    for axis in 0..2 {
        let values: Vec<f64> = colors.iter().map(|color| color[axis]).collect();
        let spread = deviation(&values);
        squares += spread * spread;
        all.add(&quantiles(values, [0.05, 0.25, 0.5, 0.75, 0.95]));
    }
    squares.sqrt()
}

/// Adds the mean colors of four bands of brightness.
fn add_bands(all: &mut Collector, luminance: &[f64], colors: &[[f64; 2]]) {
    let marks = quantiles(luminance.to_vec(), [0.0, 0.25, 0.6, 0.85, 1.0]);
    for band in marks.windows(2) {
        let inside: Vec<[f64; 2]> = luminance
            .iter()
            .zip(colors)
            .filter(|(value, _)| (band[0]..=band[1]).contains(*value))
            .map(|(_, color)| *color)
            .collect();
        let axis = |number: usize| mean(&inside.iter().map(|c| c[number]).collect::<Vec<f64>>());
        all.add(&[axis(0), axis(1)]);
    }
}

/// Adds the mean color of nearly gray pixels, and their share.
fn add_grays(all: &mut Collector, colors: &[[f64; 2]]) {
    for spread in [0.35, 0.15] {
        let (mut weights, mut warm, mut green) = (0.0, 0.0, 0.0);
        for color in colors {
            let away = color[0] * color[0] + 2.0 * (color[1] * color[1]);
            let weight = libm::exp(-away / (2.0 * spread * spread)) + 1e-6;
            weights += weight;
            warm += weight * color[0];
            green += weight * color[1];
        }
        let share = weights / colors.len().max(1) as f64;
        all.add(&[warm / weights, green / weights, share]);
    }
}

/// Adds the color of the mean edge.
fn add_edges(all: &mut Collector, light: &[Triple], width: usize) {
    let mut sums = [0.0; 3];
    let mut count = 0_usize;
    let rows: Vec<&[Triple]> = light.chunks_exact(width).collect();
    for pair in rows.windows(2) {
        for (above, below) in pair[0].windows(2).zip(pair[1]) {
            for (channel, sum) in sums.iter_mut().enumerate() {
                let across = above[1][channel] - above[0][channel];
                let down = below[channel] - above[0][channel];
                *sum += (across * across + down * down).sqrt();
            }
            count += 1;
        }
    }
    if count == 0 {
        all.add(&[0.0, 0.0]);
    } else {
        all.add(&axes(sums.map(|sum| 4.0 * sum / count as f64)));
    }
}

/// The correlation of red and blue, −1..1; 1 if one of them does not vary.
fn correlation(light: &[Triple]) -> f64 {
    let channel = |number: usize| -> Vec<f64> { light.iter().map(|pixel| pixel[number]).collect() };
    let (red, blue) = (channel(0), channel(2));
    let (red_mean, blue_mean) = (mean(&red), mean(&blue));
    let products: Vec<f64> = red
        .iter()
        .zip(&blue)
        .map(|(red, blue)| (red - red_mean) * (blue - blue_mean))
        .collect();
    let both = deviation(&red) * deviation(&blue);
    if both > 1e-8 {
        mean(&products) / both
    } else {
        1.0
    }
}

/// Warmth (red against blue) and green (against both) of light, in stops.
fn axes(light: Triple) -> [f64; 2] {
    let [red, green, blue] = light.map(|value| libm::log2(value + LEAST_LIGHT));
    [(red - blue) / 2.0, green - (red + blue) / 2.0]
}

fn power_6(value: f64) -> f64 {
    let cube = value * value * value;
    cube * cube
}

fn mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let middle = mean(values);
    let squares: Vec<f64> = values
        .iter()
        .map(|value| (value - middle) * (value - middle))
        .collect();
    mean(&squares).sqrt()
}

/// The quantiles at `shares` (0..1), interpolated linearly; 0 without values.
fn quantiles<const N: usize>(mut values: Vec<f64>, shares: [f64; N]) -> [f64; N] {
    values.sort_unstable_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    shares.map(|share| {
        let place = share * last as f64;
        let left = (place as usize).min(last);
        let right = (left + 1).min(last);
        match (values.get(left), values.get(right)) {
            (Some(a), Some(b)) => a + (b - a) * (place - left as f64),
            _ => 0.0,
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What `scripts/fit-correction --check models/golden/inputs/coffee.png` prints.
    #[rustfmt::skip]
    const COFFEE: Statistics = [
        -2.050935, -1.857910, -1.672242, -0.935303, -0.677417, -0.473283, -0.306926, -0.206085,
        -0.051498, -0.796265, 0.980144, -0.223495, -0.108380, 0.388235, 0.756863, 0.945098,
        0.960784, 0.007843, 0.031373, 0.305882, 0.001103, 0.004044, 0.002574, 0.005515,
        0.000000, 0.000368, 0.442182, 0.754296, 0.934794, 1.237188, -0.224800, 0.247583,
        -0.100214, 0.142459, 0.008314, 0.701135, -0.519075, 0.537755, 1.165495, 1.753624,
        2.186806, 2.791499, -1.460247, -0.804642, -0.086379, 0.019933, 0.179723, 1.489698,
        -0.881867, 2.263151, -0.479219, 1.581567, 0.040472, 0.856054, 0.129716, 0.349433,
        -0.006922, 0.048716, 0.124973, 0.006874, 0.016778, 0.489804, -0.032446, 0.632594,
    ];

    #[test]
    fn numbers_are_those_the_network_was_fitted_on() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/models/golden/inputs/coffee.png"
        );
        let image = image::open(file).unwrap().to_rgb8();
        let size = Size::new(image.width(), image.height());
        let picture = Rgb8::new(size, image.into_raw()).unwrap();
        let statistics = PictureStatistics::measure(&picture).statistics;
        for (place, (found, known)) in statistics.iter().zip(COFFEE).enumerate() {
            // The two box filters may round a sample differently.
            assert!((found - known).abs() < 0.01, "{place}: {found} {known}");
        }
    }
}
