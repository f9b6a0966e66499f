//! What learning needs of a pair: its colors, before and after, and how light it is.

use crate::looks::color::{Triple, decode};
use crate::looks::correction::{Correction, even_steps};
use crate::looks::grade::Grade;
use crate::looks::learn::ciede2000::{ciede2000, cielab};
use crate::looks::steps::LookStep;
use crate::picture::Rgb8;

/// Colors of a pair that are enough to learn from: more change no figure by a hundredth.
const ENOUGH: usize = 2000;
/// Least change, in CIE L*a*b* units squared, that a pair counts as: what differs less looks the same.
const LEAST_CHANGE: f64 = 9.0;

/// The colors of a pair and its measurements.
pub(super) struct PairColors {
    /// Before and after, spread over the picture.
    colors: Vec<[Triple; 2]>,
    /// The same in CIE L*a*b*.
    perceived: Vec<[Triple; 2]>,
    measured: Correction,
    /// Where the brightest twentieth begins, in stops below white, before and after.
    pub(super) bright: [f64; 2],
    /// The display value at which the darkest two hundredth ends, before and after.
    pub(super) dark: [f64; 2],
}

/// How a look's changes of one pair agree with the changes that were made, relative to the size of the latter.
pub(super) struct Agreement {
    /// The mean square of the look's change.
    pub(super) square: f64,
    /// The mean product of both changes.
    pub(super) product: f64,
    /// Mean CIEDE2000 between the look's picture and the finished one.
    pub(super) difference: f64,
}

impl PairColors {
    /// Of two pictures of the same size.
    pub(super) fn new(before: &Rgb8, after: &Rgb8) -> Self {
        let display = |pixel: [u8; 3]| pixel.map(|value| f64::from(value) / 255.0);
        // An odd step does not fall into the columns of a picture whose width is even.
        let step = (before.size().pixels() as usize / ENOUGH) | 1;
        let colors: Vec<[Triple; 2]> = (before.pixels())
            .zip(after.pixels())
            .step_by(step)
            .map(|(before, after)| [display(before), display(after)])
            .collect();
        let [before, after] = [before, after].map(Correction::measure);
        let stops = |measured: &Correction| libm::log2(decode(measured.bright).max(1e-3));
        Self {
            perceived: colors.iter().map(|both| both.map(cielab)).collect(),
            colors,
            bright: [stops(&before), stops(&after)],
            dark: [before.dark, after.dark],
            measured: before,
        }
    }

    /// The colors before and after.
    pub(super) fn colors(&self) -> &[[Triple; 2]] {
        &self.colors
    }

    /// Mean CIEDE2000 between the original and the finished picture.
    pub(super) fn difference(&self) -> f64 {
        let all = self.perceived.iter();
        mean(all.map(|[before, after]| ciede2000(*before, *after)))
    }

    /// Compares what `look` does with what was done.
    pub(super) fn agreement(&self, look: impl Fn(Triple) -> Triple) -> Agreement {
        let shown: Vec<Triple> = (self.colors.iter())
            .map(|[before, _]| cielab(look(*before)))
            .collect();
        let change = |from: Triple, to: Triple| [0, 1, 2].map(|axis: usize| to[axis] - from[axis]);
        let dot = |a: Triple, b: Triple| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let both = || {
            let rows = self.perceived.iter().zip(&shown);
            rows.map(|([before, after], shown)| (change(*before, *shown), change(*before, *after)))
        };
        let made = mean(both().map(|(_, made)| dot(made, made))).max(LEAST_CHANGE);
        let compared = self.perceived.iter().zip(&shown);
        Agreement {
            square: mean(both().map(|(own, _)| dot(own, own))) / made,
            product: mean(both().map(|(own, made)| dot(own, made))) / made,
            difference: mean(compared.map(|([_, after], shown)| ciede2000(*shown, *after))),
        }
    }

    /// The grade of `steps` for this picture's light.
    pub(super) fn evened(&self, steps: &[LookStep]) -> Grade {
        let mut all = even_steps(steps, &self.measured);
        all.extend_from_slice(steps);
        Grade::new(&all, 1.0)
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    sum / f64::from(count.max(1))
}
