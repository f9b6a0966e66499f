//! A hand fitted to pairs: what its owner does to light, which differs from picture to picture, and to colors.
//!
//! Light is told by two tones of a picture, the bright and the dark one. Each is taken a share of the way to a goal,
//! both found by regression over the pairs. What then remains is a polynomial of degree 2, the same in all pictures.

use crate::looks::color::{Triple, decode, encode};
use crate::looks::learn::pair_colors::PairColors;
use crate::looks::learn::polynomial::Polynomial;
use crate::looks::steps::{Even, Exposure, LookStep};

/// The share of the way to a common goal that is expected before any pair is seen: half, between a hand that evens
/// all light and one that treats all pictures alike.
const EXPECTED: f64 = 0.5;
/// What the expectation weighs against the pairs, as the sum of their squared distances from their mean: in stops for
/// bright tones …
const DOUBT_BRIGHT: f64 = 1.0;
/// … and in display values for dark ones. Like one more pair an ordinary distance from the mean.
const DOUBT_DARK: f64 = 0.003;
/// Shares below this are left to the polynomial: their goal would be too far away to be meant.
const LEAST_SHARE: f64 = 0.02;
/// Range of the goal for bright tones (display value) that an `even` step takes.
const BRIGHT_GOALS: [f64; 2] = [0.1, 1.0];
/// Range of the goal for dark tones.
const DARK_GOALS: [f64; 2] = [0.0, 0.5];
/// Stops below which an exposure is invisible.
const LEAST_STOPS: f64 = 0.02;

/// What differs from picture to picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HandKind {
    /// Light is evened.
    Evens,
    /// Nothing: every picture gets the same table.
    Table,
}

/// A fitted hand.
#[derive(Debug)]
pub(super) struct Hand {
    /// `even`, and `exposure` where it is needed; none for [`HandKind::Table`].
    pub(super) steps: Vec<LookStep>,
    /// The change of color after them.
    pub(super) polynomial: Polynomial,
}

/// Tones move a `share` of the way to `goal`.
struct Toward {
    goal: f64,
    share: f64,
    /// Where the tones were, on average.
    from: f64,
}

impl Hand {
    /// Fits `pairs`, and goes only `share` (0..1) of the way in everything.
    pub(super) fn fit(pairs: &[&PairColors], kind: HandKind, share: f64) -> Self {
        let steps = match kind {
            HandKind::Evens => light(pairs, share),
            HandKind::Table => vec![],
        };
        let colors = pairs.iter().flat_map(|pair| {
            let grade = pair.evened(&steps);
            pair.colors().iter().map(move |[before, after]| {
                let wanted =
                    [0, 1, 2].map(|at: usize| before[at] + share * (after[at] - before[at]));
                (grade.evaluate(*before), wanted)
            })
        });
        Self {
            polynomial: Polynomial::fit(colors),
            steps,
        }
    }

    /// The look for the picture of `pair`.
    pub(super) fn look(&self, pair: &PairColors) -> impl Fn(Triple) -> Triple {
        let grade = pair.evened(&self.steps);
        move |color| self.polynomial.evaluate(grade.evaluate(color))
    }
}

impl Toward {
    /// Regresses how far tones went on where they were, [before, after] in each of `tones`; `doubt` is the weight of
    /// [`EXPECTED`].
    fn regressed(tones: &[[f64; 2]], doubt: f64) -> Self {
        let count = tones.len().max(1) as f64;
        let before = tones.iter().map(|[before, _]| before).sum::<f64>() / count;
        let moved = tones.iter().map(|[from, to]| to - from).sum::<f64>() / count;
        let (mut together, mut alone) = (EXPECTED * doubt, doubt);
        for [from, to] in tones {
            together -= (from - before) * (to - from - moved);
            alone += (from - before) * (from - before);
        }
        let share = (together / alone).clamp(LEAST_SHARE, 1.0);
        Self {
            goal: before + moved / share,
            share,
            from: before,
        }
    }

    /// The same with a goal in a range. A goal beyond it is exchanged for the nearest one, to which tones go more of
    /// way: an average picture changes as much.
    fn within(self, [low, high]: [f64; 2]) -> Self {
        let goal = self.goal.clamp(low, high);
        let [far, near] = [self.goal, goal].map(|goal| goal - self.from);
        if goal == self.goal || near * far <= 0.0 {
            return Self { goal, ..self };
        }
        Self {
            goal,
            share: (self.share * far / near).min(1.0),
            ..self
        }
    }
}

/// The steps that even light, `share` of the way.
fn light(pairs: &[&PairColors], share: f64) -> Vec<LookStep> {
    let bright: Vec<[f64; 2]> = pairs.iter().map(|pair| pair.bright).collect();
    let lit = Toward::regressed(&bright, DOUBT_BRIGHT);
    let [low, high] = BRIGHT_GOALS.map(|value| libm::log2(decode(value)));
    let goal = lit.goal.clamp(low, high);
    // A goal beyond white or black is one that all pictures are moved toward alike.
    let rest = (lit.share * (lit.goal - goal)).clamp(-4.0, 4.0);
    let seen = |stops: f64, value: f64| encode((decode(value) * libm::exp2(stops)).min(1.0));
    let dark: Vec<[f64; 2]> = pairs
        .iter()
        .map(|pair| {
            let stops = lit.share * (goal - pair.bright[0]);
            [seen(stops, pair.dark[0]), seen(-rest, pair.dark[1])]
        })
        .collect();
    let black = Toward::regressed(&dark, DOUBT_DARK).within(DARK_GOALS);
    let shown = |value: f64, scale: f64| (value * scale).round() / scale;
    let percent = |own: f64| shown(100.0 * share * own, 10.0).clamp(0.0, 100.0);
    let mut steps = vec![LookStep::Even(Even {
        amount: 0.0,
        bright: Some(
            shown(encode(libm::exp2(goal)), 1000.0).clamp(BRIGHT_GOALS[0], BRIGHT_GOALS[1]),
        ),
        bright_amount: percent(lit.share),
        dark: Some(shown(black.goal, 1000.0)),
        dark_amount: percent(black.share),
    })];
    let stops = shown(share * rest, 100.0);
    if stops.abs() >= LEAST_STOPS {
        steps.push(LookStep::Exposure(Exposure { stops }));
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tones_that_all_end_at_one_value_are_a_goal() {
        let tones = [[-3.0, -1.0], [-2.0, -1.0], [-1.0, -1.0], [0.0, -1.0]];
        let found = Toward::regressed(&tones, 0.5);
        assert!(found.share > 0.9, "{}", found.share);
        assert!((found.goal + 1.0).abs() < 0.1, "{}", found.goal);
    }

    #[test]
    fn a_goal_beyond_black_becomes_black_and_an_average_picture_changes_as_much() {
        let tones = [[0.10, 0.02], [0.12, 0.04], [0.14, 0.06]];
        let [free, bound] =
            [[-9.0, 9.0], [0.0, 0.5]].map(|range| Toward::regressed(&tones, 0.003).within(range));
        assert!(free.goal < 0.0, "{}", free.goal);
        assert_eq!(bound.goal, 0.0);
        let moved = |toward: &Toward| toward.share * (toward.goal - 0.12);
        assert!((moved(&free) - moved(&bound)).abs() < 1e-9);
    }

    #[test]
    fn tones_that_all_move_alike_have_hardly_a_goal() {
        let tones = [[-3.0, -2.0], [-2.0, -1.0], [-1.0, 0.0], [0.0, 1.0]];
        let found = Toward::regressed(&tones, 0.5);
        assert!(found.share < 0.1, "{}", found.share);
        // In the middle the move is that of the pairs.
        assert!((found.share * (found.goal + 1.5) - 1.0).abs() < 1e-9);
    }
}
