//! The features of a look: measured on gray steps and on colors of every hue, so that they are known for any look, not
//! only for built-in ones.

use std::collections::BTreeMap;

use crate::looks::color::{Triple, chroma, distance, lab, luma, wheel};
use crate::looks::grade::Grade;
use crate::looks::look::Look;
use crate::looks::steps::step_features;
use crate::time::rounded;

/// Number of gray steps from black to white: one every eight levels of 256.
const GRAYS: u32 = 33;

impl Look {
    /// Features at strength 1. All are always present; 0 means no change.
    ///
    /// | name | meaning |
    /// |---|---|
    /// | `brightness` | mean change of gray, of the range |
    /// | `contrast` | slope between the quarter tones, less 1 |
    /// | `fade` | what black becomes |
    /// | `white` | what white becomes, less 1 |
    /// | `saturation` | chroma (Oklab) of middling colors, as a ratio, less 1 |
    /// | `warmth` | red less blue of middle gray; `shadow_warmth` and `highlight_warmth` of the quarter tones |
    /// | `tint` | magenta (positive) or green of middle gray |
    /// | `monochrome` | 1 when no color is left, else 0 |
    /// | `change` | mean distance in Oklab that colors move |
    /// | `dehaze`, `clarity`, `sharpness`, `soft_focus`, `bloom`, `vignette`, `grain` | amounts of steps, 1 is 100 % |
    pub fn features(&self) -> BTreeMap<String, f64> {
        // The area of a mask differs from picture to picture: assume half of it.
        let grade = Grade::with_coverage(&self.steps, 1.0, 0.5);
        let gray = |value: f64| grade.evaluate([value; 3]);
        let warmth = |value: f64| {
            let color = gray(value);
            color[0] - color[2]
        };
        let middle = gray(0.5);
        let brightness: f64 = (0..GRAYS)
            .map(|number| f64::from(number) / f64::from(GRAYS - 1))
            .map(|value| luma(gray(value)) - value)
            .sum();
        let colors = probes();
        let moved: Vec<(Triple, Triple)> = colors
            .iter()
            .map(|color| (lab(*color), lab(grade.evaluate(*color))))
            .collect();
        let before: f64 = moved.iter().map(|(before, _)| chroma(*before)).sum();
        let after: f64 = moved.iter().map(|(_, after)| chroma(*after)).sum();
        let change: f64 = moved
            .iter()
            .map(|(before, after)| distance(*before, *after))
            .sum();
        let mut features: BTreeMap<&str, f64> = [
            ("brightness", brightness / f64::from(GRAYS)),
            (
                "contrast",
                (luma(gray(0.75)) - luma(gray(0.25))) / 0.5 - 1.0,
            ),
            ("fade", luma(gray(0.0))),
            ("white", luma(gray(1.0)) - 1.0),
            ("saturation", after / before - 1.0),
            ("warmth", warmth(0.5)),
            ("shadow_warmth", warmth(0.25)),
            ("highlight_warmth", warmth(0.75)),
            ("tint", (middle[0] + middle[2]) / 2.0 - middle[1]),
            ("monochrome", f64::from(u8::from(after < 0.12 * before))),
            ("change", change / moved.len() as f64),
        ]
        .into();
        features.extend(step_features(&self.steps));
        features
            .into_iter()
            .map(|(name, value)| (name.to_owned(), rounded(value)))
            .collect()
    }
}

/// Medium colors of every hue, dark and light.
fn probes() -> Vec<Triple> {
    let mut colors = vec![];
    for degrees in (0..360).step_by(30) {
        let full = wheel(f64::from(degrees));
        for (black, white) in [(0.1, 0.45), (0.3, 0.7), (0.55, 0.9)] {
            colors.push(full.map(|value| black + value * (white - black)));
        }
    }
    colors
}
