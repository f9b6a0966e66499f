//! Learns a look from pairs: pictures before and after somebody finished them.
//!
//! Two effects are separated ([`hand`]): light, of which dark pictures get more than bright ones, and the change of
//! color after that, which is the same in all pictures and is stored as a small table. How far the look goes is what
//! leaving out each pair in turn supports ([`certainty`]), and so is whether it evens light at all.
//!
//! [`hand`]: crate::looks::learn::hand
//! [`certainty`]: crate::looks::learn::certainty

use serde::Serialize;

use crate::error::{Error, Result};
use crate::hint::Hint;
use crate::looks::learn::certainty::{Certainty, without};
use crate::looks::learn::pair_colors::PairColors;
use crate::looks::lut::Lut;
use crate::looks::steps::LookStep;
use crate::picture::Rgb8;

/// Least pairs. With fewer, the person's changes cannot be separated from the pictures' content.
const LEAST_PAIRS: usize = 3;
/// Nodes a side of the table; interpolation of a polynomial of degree 2 is off by less than a thousandth.
const NODES: usize = 17;

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
    /// Steps before the table: `even`, and `exposure`, where pictures are not all treated alike.
    pub steps: Vec<LookStep>,
    /// The remaining change of color.
    pub table: Lut,
    /// One for each pair, in the order given.
    pub differences: Vec<PairDifference>,
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
    let colors: Vec<PairColors> = pairs
        .iter()
        .map(|pair| PairColors::new(&pair.before, &pair.after))
        .collect();
    let all: Vec<&PairColors> = colors.iter().collect();
    let whole = Certainty::of(&all).hand(&all);
    let differences = all
        .iter()
        .enumerate()
        .map(|(number, own)| {
            let (others, _) = without(&all, number);
            let hand = Certainty::of(&others).hand(&others);
            PairDifference {
                before: own.difference(),
                left_out: own.agreement(hand.look(own)).difference,
                unexplained: own.agreement(whole.look(own)).difference,
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::geometry::Size;
    use crate::looks::color::{Triple, encode};

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
