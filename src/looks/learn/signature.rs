//! The signature of a look in a finished picture: its tones, the color of its nearly gray shadows, middle tones and
//! highlights, and its chroma.

use crate::looks::color::luma;
use crate::looks::correction::reduced;
use crate::picture::Rgb8;

/// The length of a signature.
pub(super) const COUNT: usize = 18;
/// The quantiles of luma that a signature has.
pub(super) const MARKS: [f64; 11] = [
    0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.995,
];
/// Ranges of luma: shadows, middle tones and highlights.
const BANDS: [[f64; 2]; 3] = [[0.05, 0.33], [0.33, 0.66], [0.66, 0.95]];
/// Chroma (largest minus least channel) at which a color has a quarter of the weight of gray.
const GRAY: f64 = 0.08;
/// Share of the picture that must be nearly gray in a band for the band's tint to be measured.
const ENOUGH: f64 = 0.01;
/// Added to chroma before its logarithm, against noise near 0.
const LEAST_CHROMA: f64 = 0.004;

/// The lumas at [`MARKS`]; warmth (red minus blue) and magenta (red and blue minus green) of the three bands; log2 of
/// the mean chroma. `None` if too little of the picture is nearly gray.
pub(super) type Signature = [Option<f64>; COUNT];

/// Measures `picture`, reduced to 128 pixels. `scripts/fit-look-reference` computes the same.
pub(super) fn signature(picture: &Rgb8) -> Signature {
    let picture = reduced(picture);
    let colors: Vec<[f64; 3]> = picture
        .pixels()
        .map(|pixel| pixel.map(|value| f64::from(value) / 255.0))
        .collect();
    let count = colors.len().max(1) as f64;
    let mut lumas: Vec<f64> = colors.iter().map(|color| luma(*color)).collect();
    lumas.sort_unstable_by(f64::total_cmp);
    let chroma = |[red, green, blue]: [f64; 3]| red.max(green).max(blue) - red.min(green).min(blue);
    let all: f64 = colors.iter().map(|color| chroma(*color)).sum();

    let mut found = [None; COUNT];
    let tones = MARKS.map(|mark| quantile(&lumas, mark));
    let tints = BANDS.map(|[low, high]| {
        let (mut sum, mut weights) = ([0.0; 3], 0.0);
        for color in &colors {
            let luma = luma(*color);
            if luma >= low && luma < high {
                let distance = chroma(*color) / GRAY;
                let weight = 1.0 / (1.0 + distance * distance);
                let weight = weight * weight;
                weights += weight;
                for (sum, value) in sum.iter_mut().zip(color) {
                    *sum += weight * value;
                }
            }
        }
        let enough = weights >= ENOUGH * count;
        let [red, green, blue] = sum.map(|sum| sum / f64::max(weights, 1e-9));
        [red - blue, (red + blue) / 2.0 - green].map(|value| enough.then_some(value))
    });
    let listed = tones
        .into_iter()
        .map(Some)
        .chain(tints.into_iter().flatten())
        .chain([Some(libm::log2(all / count + LEAST_CHROMA))]);
    for (place, number) in found.iter_mut().zip(listed) {
        *place = number;
    }
    found
}

/// A quantile of the sorted `values`, interpolated linearly.
fn quantile(values: &[f64], share: f64) -> f64 {
    let place = share * values.len().saturating_sub(1) as f64;
    let left = place as usize;
    match (values.get(left), values.get(left + 1)) {
        (Some(a), Some(b)) => a + (b - a) * (place - left as f64),
        (Some(a), None) => *a,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::geometry::Size;

    /// What `scripts/fit-look-reference --check models/golden/inputs/coffee.png` prints; NaN if nothing is gray.
    #[rustfmt::skip]
    const COFFEE: [f64; COUNT] = [
        0.027646, 0.032098, 0.042652, 0.076110, 0.232896, 0.386997, 0.531634, 0.671816, 0.769958, 0.923955, 0.958008,
        0.100131, 0.016619, f64::NAN, f64::NAN, f64::NAN, f64::NAN, -1.237055,
    ];

    #[test]
    fn numbers_are_those_of_the_script() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/models/golden/inputs/coffee.png"
        );
        let image = image::open(file).unwrap().to_rgb8();
        let size = Size::new(image.width(), image.height());
        let found = signature(&Rgb8::new(size, image.into_raw()).unwrap());
        for (place, (found, known)) in found.iter().zip(COFFEE).enumerate() {
            match found {
                Some(found) => assert!((found - known).abs() < 0.01, "{place}: {found} {known}"),
                None => assert!(known.is_nan(), "{place}"),
            }
        }
    }
}
