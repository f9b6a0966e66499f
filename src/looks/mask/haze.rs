//! Estimates the haze over each part of a picture, and its color.
//!
//! Haze mixes the picture J with the color A of the air: I = J · t + A (1 − t), where t is the share of light that
//! comes through. By the dark channel prior (K. He, J. Sun, X. Tang, "Single image haze removal using dark channel
//! prior", 2009 and 2011) almost every neighborhood of a clear picture has a pixel with a channel near black, so
//! brightness in the darkest channel of a neighborhood is haze. The mask is 1 − t. The steps:
//!
//! 1. the least channel over each neighborhood of a copy of 320 pixels: the dark channel;
//! 2. A, the mean color where the dark channel is brightest;
//! 3. the dark channel again, as shares of A: the haze;
//! 4. less of it on colors of skin, and none in pictures that are clear for the most part: in those, what is bright and
//!    gray is bright and gray.
//!
//! It works on display values, as the paper does. The `dehaze` step refines the mask at the picture's edges. In clips
//! the tracker smooths the mask and A over time; a new A for each frame would flicker.

use crate::geometry::Size;
use crate::looks::color::smooth_step;
use crate::looks::hue::Hue;
use crate::looks::mask::MaskPlane;
use crate::looks::mask::guide::box_mean;
use crate::looks::mask::plane::reduced;
use crate::looks::skin::skin_hue;
use crate::picture::Rgb8;

/// Pixels of the copy to each side of a neighborhood's middle: 7 across 320 corresponds to the paper's 15 across 600.
const NEIGHBORHOOD: usize = 3;
/// Share of the picture from which the color of the air is taken. The paper takes its brightest pixel; the mean is
/// steadier in clips.
const AIR: f64 = 0.001;
/// Least value of a channel of the air: haze is bright, and dividing by a dark value would amplify noise.
const LEAST_AIR: f32 = 0.3;
/// Median haze from which a picture may be hazy, and from which that is certain. Of 16 clear photographs in
/// `tests/media` 13 have at most 0.27; the same with haze of t = 0.7 have at least 0.33.
const HAZY: [f64; 2] = [0.20, 0.42];
/// Share of the haze that is ignored on skin, which is bright in all channels.
const SKIN: f32 = 0.7;
/// Chroma (largest minus least channel) from which a color may be skin, and from which only its hue decides.
const SKIN_CHROMA: [f64; 2] = [0.06, 0.16];
/// Pixels of the copy to each side over which skin is averaged, so that scattered pixels of wood or sand count little.
const SKIN_REACH: usize = 2;

/// The haze of one picture.
pub(super) struct Haze {
    /// 1 − t, as if the picture were hazy.
    pub(super) plane: MaskPlane,
    pub(super) air: Air,
}

/// The air of a picture as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::looks) struct Air {
    /// The color A, display values 0..1.
    pub(in crate::looks) color: [f32; 3],
    /// Whether the picture is hazy: 0 clear, 1 certain.
    pub(in crate::looks) hazy: f32,
}

impl Air {
    /// White haze.
    pub(in crate::looks) const WHITE: Self = Self {
        color: [1.0; 3],
        hazy: 1.0,
    };

    /// The air at `share` (0..1) of the way to `other`.
    pub(super) fn toward(self, other: Self, share: f32) -> Self {
        let mix = |from: f32, to: f32| from + share * (to - from);
        Self {
            color: [0, 1, 2].map(|channel: usize| mix(self.color[channel], other.color[channel])),
            hazy: mix(self.hazy, other.hazy),
        }
    }
}

impl Haze {
    /// Measures `picture` (sRGB).
    pub(super) fn measure(picture: &Rgb8) -> Option<Self> {
        let small = reduced(picture);
        let size = small.size();
        let colors: Vec<[f32; 3]> = (small.pixels())
            .map(|pixel| pixel.map(|sample| f32::from(sample) * (1.0 / 255.0)))
            .collect();
        let airlight = airlight(&colors, size);
        let haze = dark_channel(&colors, size, airlight);
        let skin: Vec<[f32; 1]> = colors.iter().map(|color| [skin(*color)]).collect();
        let skin = box_mean(&skin, size, SKIN_REACH);
        let weights: Vec<f32> = (haze.iter().zip(skin))
            .map(|(haze, [skin])| haze * (1.0 - SKIN * skin))
            .collect();
        Some(Self {
            plane: MaskPlane::of(size, &weights)?,
            air: Air {
                color: airlight,
                hazy: smooth_step(HAZY[0], HAZY[1], median(&haze)) as f32,
            },
        })
    }
}

/// The mean color where the dark channel is brightest.
fn airlight(colors: &[[f32; 3]], size: Size) -> [f32; 3] {
    let dark = dark_channel(colors, size, [1.0; 3]);
    let mut brightest: Vec<usize> = (0..colors.len()).collect();
    // The sort is stable, so equal values keep the picture's order and the result is the same everywhere.
    brightest.sort_by(|a, b| dark[*b].total_cmp(&dark[*a]));
    let count = ((colors.len() as f64 * AIR).round() as usize).max(1);
    let mut sum = [0.0_f32; 3];
    for pixel in brightest.iter().take(count) {
        for (sum, value) in sum.iter_mut().zip(colors[*pixel]) {
            *sum += value;
        }
    }
    sum.map(|sum| (sum / count as f32).clamp(LEAST_AIR, 1.0))
}

/// The least channel, as a share of `whole`, over the neighborhood of each pixel.
fn dark_channel(colors: &[[f32; 3]], size: Size, whole: [f32; 3]) -> Vec<f32> {
    let least = |color: &[f32; 3]| {
        let [red, green, blue] = [0, 1, 2].map(|channel| color[channel] / whole[channel]);
        red.min(green).min(blue)
    };
    let (width, height) = (size.width.max(1) as usize, size.height as usize);
    let near = |middle: usize, length: usize| {
        middle.saturating_sub(NEIGHBORHOOD)..(middle + NEIGHBORHOOD + 1).min(length)
    };
    let minimum = |values: &mut dyn Iterator<Item = f32>| values.fold(1.0, f32::min);
    let own: Vec<f32> = colors.iter().map(least).collect();
    let across: Vec<f32> = (own.chunks_exact(width))
        .flat_map(|row| (0..width).map(move |x| minimum(&mut row[near(x, width)].iter().copied())))
        .collect();
    (0..across.len())
        .map(|at| {
            let (x, y) = (at % width, at / width);
            minimum(&mut near(y, height).map(|row| across[row * width + x]))
        })
        .collect()
}

/// How close a color is to skin, 0..1.
fn skin(color: [f32; 3]) -> f32 {
    let hue = Hue::of(color.map(f64::from));
    let colorful = smooth_step(SKIN_CHROMA[0], SKIN_CHROMA[1], hue.chroma);
    (skin_hue(hue.degrees) * colorful) as f32
}

fn median(values: &[f32]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    sorted
        .get(sorted.len() / 2)
        .map_or(0.0, |value| f64::from(*value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Rough, colorful ground under haze that transmits `through` of its light.
    fn scene(through: f32) -> Rgb8 {
        let mut picture = Rgb8::black(Size::new(96, 64));
        for (number, pixel) in picture.samples_mut().chunks_exact_mut(3).enumerate() {
            let rough = ((number * 37) % 97) as f32 / 97.0;
            let clear = [0.05 + 0.2 * rough, 0.5 - 0.5 * rough, 0.02 + 0.6 * rough];
            for (sample, (clear, air)) in pixel.iter_mut().zip(clear.iter().zip([0.8, 0.82, 0.85]))
            {
                *sample = (255.0 * (clear * through + air * (1.0 - through))).round() as u8;
            }
        }
        // A strip of pure air.
        for pixel in picture.samples_mut().chunks_exact_mut(3).take(96 * 12) {
            pixel.copy_from_slice(&[204, 209, 217]);
        }
        picture
    }

    #[test]
    fn haze_is_found_as_thick_as_it_is_and_with_its_color() {
        let haze = Haze::measure(&scene(0.5)).unwrap();
        let row = &haze.plane.values()[96 * 50..96 * 51];
        assert!(
            row.iter().all(|value| (115..=150).contains(value)),
            "{row:?}"
        );
        for (found, wanted) in haze.air.color.iter().zip([0.8, 0.82, 0.85]) {
            assert!((found - wanted).abs() < 0.01, "{:?}", haze.air);
        }
    }

    #[test]
    fn a_clear_picture_has_none() {
        let haze = Haze::measure(&scene(1.0)).unwrap();
        assert_eq!(haze.air.hazy, 0.0);
    }
}
