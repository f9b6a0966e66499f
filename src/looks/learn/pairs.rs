//! Learns a look from pairs: pictures before and after somebody finished them.
//!
//! Two effects are separated. The change of light depends on how dark a picture was: it becomes an `even` step with a
//! goal for the bright tones, and an `exposure`. The change of color after that is the same in all pictures: a
//! polynomial of degree 2, regularized so that unseen colors stay unchanged, stored as a small table. Leaving out each
//! pair in turn measures how well the look predicts a new picture.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::looks::color::{Triple, decode, encode};
use crate::looks::correction::{Correction, even_steps};
use crate::looks::grade::Grade;
use crate::looks::learn::ciede2000::{ciede2000, cielab};
use crate::looks::learn::polynomial::Polynomial;
use crate::looks::lut::Lut;
use crate::looks::steps::{Even, Exposure, LookStep};
use crate::picture::Rgb8;

/// Least pairs. With fewer, the person's changes cannot be separated from the pictures' content.
const LEAST_PAIRS: usize = 3;
/// Nodes a side of the table; interpolation of a polynomial of degree 2 is off by less than a thousandth.
const NODES: usize = 17;
/// Shrinks the amount of evening, in squared stops: like one more pair that differed by 0.7 stops and was left
/// unchanged.
const DOUBT: f64 = 0.5;

/// A picture before and after, reduced: both of the same size, ideally about 128 pixels wide.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The original.
    pub before: Rgb8,
    /// The finished picture.
    pub after: Rgb8,
}

/// Mean CIEDE2000 from the finished picture of one pair.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PairDifference {
    /// Of the original.
    pub before: f64,
    /// Of the original in a look learned on the other pairs.
    pub left_out: f64,
    /// Of the original in the look learned on all pairs: what it cannot explain.
    pub unexplained: f64,
}

/// A look learned from pairs.
#[derive(Debug, Clone)]
pub struct LearnedLook {
    /// Steps before the table: `even`, and `exposure` where it is needed.
    pub steps: Vec<LookStep>,
    /// The remaining change of color.
    pub table: Lut,
    /// One for each pair, in the order given.
    pub differences: Vec<PairDifference>,
}

/// The colors of a pair and its measurements.
struct PairColors {
    before: Vec<Triple>,
    after: Vec<Triple>,
    measured: Correction,
    /// Where the brightest twentieth begins, in stops below white.
    bright_before: f64,
    bright_after: f64,
}

/// A fitted look.
struct Fit {
    steps: Vec<LookStep>,
    polynomial: Polynomial,
}

/// Learns from at least three pairs.
///
/// Fails with [`Error::Usage`] on fewer, or if the two pictures of a pair differ in size.
pub fn learn(pairs: &[Pair]) -> Result<LearnedLook> {
    if pairs.len() < LEAST_PAIRS {
        return Err(Error::Usage {
            what: format!("a look cannot be learned from {} pairs", pairs.len()),
            hint: Hint::GiveMorePairs { least: LEAST_PAIRS },
        });
    }
    if pairs
        .iter()
        .any(|pair| pair.before.size() != pair.after.size())
    {
        return Err(Error::Usage {
            what: "the two pictures of a pair differ in size".into(),
            hint: Hint::PairSamePicture,
        });
    }
    let samples: Vec<PairColors> = pairs.iter().map(PairColors::new).collect();
    let all: Vec<&PairColors> = samples.iter().collect();
    let whole = Fit::new(&all);
    let differences = samples
        .iter()
        .enumerate()
        .map(|(number, sample)| {
            let others: Vec<&PairColors> = samples
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != number)
                .map(|(_, sample)| sample)
                .collect();
            PairDifference {
                before: sample.difference(|color| color),
                left_out: Fit::new(&others).difference(sample),
                unexplained: whole.difference(sample),
            }
        })
        .collect();
    let table = Lut::sampled("learned", NODES, |color| whole.polynomial.evaluate(color));
    Ok(LearnedLook {
        steps: whole.steps,
        table,
        differences,
    })
}

impl PairColors {
    fn new(pair: &Pair) -> Self {
        let colors = |picture: &Rgb8| -> Vec<Triple> {
            picture
                .pixels()
                .map(|pixel| pixel.map(|value| f64::from(value) / 255.0))
                .collect()
        };
        let measured = Correction::measure(&pair.before);
        let stops = |bright: f64| libm::log2(decode(bright).max(1e-3));
        Self {
            before: colors(&pair.before),
            after: colors(&pair.after),
            bright_before: stops(measured.bright),
            bright_after: stops(Correction::measure(&pair.after).bright),
            measured,
        }
    }

    /// Mean CIEDE2000 between the original in `look` and the finished picture.
    fn difference(&self, look: impl Fn(Triple) -> Triple) -> f64 {
        let sum: f64 = self
            .before
            .iter()
            .zip(&self.after)
            .map(|(before, after)| ciede2000(cielab(look(*before)), cielab(*after)))
            .sum();
        sum / self.before.len().max(1) as f64
    }

    /// The grade of `steps` for this picture's light.
    fn evened(&self, steps: &[LookStep]) -> Grade {
        let mut all = even_steps(steps, &self.measured);
        all.extend_from_slice(steps);
        Grade::new(&all, 1.0)
    }
}

impl Fit {
    fn new(samples: &[&PairColors]) -> Self {
        let steps = light(samples);
        let colors = samples.iter().flat_map(|sample| {
            let grade = sample.evened(&steps);
            sample
                .before
                .iter()
                .zip(&sample.after)
                .map(move |(before, after)| (grade.evaluate(*before), *after))
        });
        Self {
            polynomial: Polynomial::fit(colors),
            steps,
        }
    }

    fn difference(&self, sample: &PairColors) -> f64 {
        let grade = sample.evened(&self.steps);
        sample.difference(|color| self.polynomial.evaluate(grade.evaluate(color)))
    }
}

/// The steps that even light, by linear regression of the light added on the light before.
fn light(samples: &[&PairColors]) -> Vec<LookStep> {
    let count = samples.len().max(1) as f64;
    let mean = |of: &dyn Fn(&PairColors) -> f64| {
        samples.iter().map(|sample| of(sample)).sum::<f64>() / count
    };
    let before = mean(&|sample| sample.bright_before);
    let after = mean(&|sample| sample.bright_after);
    let (mut together, mut alone) = (0.0, DOUBT);
    for sample in samples {
        let came = sample.bright_before - before;
        let given = sample.bright_after - sample.bright_before - (after - before);
        together += came * given;
        alone += came * came;
    }
    let share = (-together / alone).clamp(0.0, 1.0);
    let rest = ((1.0 - share) * (after - before)).clamp(-4.0, 4.0);
    let shown = |value: f64, scale: f64| (value * scale).round() / scale;
    let mut steps = vec![LookStep::Even(Even {
        amount: 0.0,
        bright: Some(shown(encode(libm::exp2(after)), 1000.0).clamp(0.1, 1.0)),
        bright_amount: shown(100.0 * share, 10.0),
    })];
    if rest.abs() >= 0.02 {
        steps.push(LookStep::Exposure(Exposure {
            stops: shown(rest, 100.0),
        }));
    }
    steps
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::geometry::Size;

    /// Noise under varying light, and the same finished warm and soft at constant light.
    fn pair(number: u32) -> Pair {
        let size = Size::new(40, 30);
        let gain = libm::exp2(f64::from(number) * 0.4 - 1.2);
        let mut dice = number * 7919 + 1;
        let (mut before, mut after) = (vec![], vec![]);
        for _ in 0..size.pixels() {
            let light: Triple = [0; 3].map(|_| {
                dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let value = f64::from(dice >> 8) / f64::from(1 << 24);
                0.4 * value * value
            });
            let code = |value: f64| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
            before.extend(light.map(|value| code(encode(value * gain))));
            let shown = light.map(encode);
            after.extend(
                [
                    shown[0] * 0.9 + 0.08,
                    shown[1] * 0.9 + 0.05,
                    shown[2] * 0.85 + 0.04,
                ]
                .map(code),
            );
        }
        Pair {
            before: Rgb8::new(size, before).unwrap(),
            after: Rgb8::new(size, after).unwrap(),
        }
    }

    #[test]
    fn five_pairs_teach_a_hand_that_evens_light() {
        let pairs: Vec<Pair> = (0..5).map(pair).collect();
        let learned = learn(&pairs).unwrap();
        let LookStep::Even(even) = &learned.steps[0] else {
            panic!("{:?}", learned.steps);
        };
        assert!(even.bright_amount > 60.0, "{even:?}");
        for difference in &learned.differences {
            assert!(difference.unexplained < 6.0, "{difference:?}");
        }
        let sum = |of: fn(&PairDifference) -> f64| learned.differences.iter().map(of).sum::<f64>();
        assert!(
            sum(|d| d.left_out) < 0.5 * sum(|d| d.before),
            "{:?}",
            learned.differences
        );
    }

    #[test]
    fn finished_pictures_that_are_as_they_were_teach_nothing() {
        let pairs: Vec<Pair> = (0..4)
            .map(|number| {
                let before = pair(number).before;
                Pair {
                    after: before.clone(),
                    before,
                }
            })
            .collect();
        let learned = learn(&pairs).unwrap();
        for difference in &learned.differences {
            assert!(difference.left_out < 1.0, "{difference:?}");
        }
    }

    #[test]
    fn two_pairs_and_unlike_sizes_are_refused() {
        assert_eq!(learn(&[pair(0), pair(1)]).unwrap_err().code(), "usage");
        let mut pairs: Vec<Pair> = (0..3).map(pair).collect();
        pairs[1].after = Rgb8::black(Size::new(3, 3));
        assert_eq!(learn(&pairs).unwrap_err().code(), "usage");
    }
}
