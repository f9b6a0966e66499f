//! How much of a fitted hand is taste, and how much merely the pictures it was fitted to.
//!
//! Each pair in turn is left out and predicted by a hand fitted to the others. Of the two kinds of hand the one that
//! comes closer is taken. A prediction that goes too far, or elsewhere than the person did, lowers the share that the
//! look goes of its way (J. B. Copas, "Regression, prediction and shrinkage", 1983): the least-squares factor of the
//! predicted changes, every pair weighing the same.

use crate::looks::learn::hand::{Hand, HandKind};
use crate::looks::learn::pair_colors::{Agreement, PairColors};

/// The share that is expected before any pair is seen. Measured: a fit to five pairs goes about that much too far.
const EXPECTED: f64 = 0.85;
/// The number of pairs that the expectation weighs as much as.
const DOUBT: f64 = 3.0;

/// What leaving out each pair in turn says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Certainty {
    kind: HandKind,
    share: f64,
}

impl Certainty {
    /// Measures it on `pairs`.
    pub(super) fn of(pairs: &[&PairColors]) -> Self {
        let evens = left_out(pairs, HandKind::Evens);
        let table = left_out(pairs, HandKind::Table);
        let far = |all: &[Agreement]| all.iter().map(|one| one.difference).sum::<f64>();
        let (kind, agreements) = if far(&table) < far(&evens) {
            (HandKind::Table, table)
        } else {
            (HandKind::Evens, evens)
        };
        Self {
            kind,
            share: share(&agreements),
        }
    }

    /// The hand fitted to `pairs`, with this certainty.
    pub(super) fn hand(self, pairs: &[&PairColors]) -> Hand {
        Hand::fit(pairs, self.kind, self.share)
    }
}

/// How hands of one kind, fitted to all other pairs in full, agree with each pair.
fn left_out(pairs: &[&PairColors], kind: HandKind) -> Vec<Agreement> {
    (0..pairs.len())
        .map(|number| {
            let (others, own) = without(pairs, number);
            let hand = Hand::fit(&others, kind, 1.0);
            own.map_or(
                Agreement {
                    square: 0.0,
                    product: 0.0,
                    difference: 0.0,
                },
                |own| own.agreement(hand.look(own)),
            )
        })
        .collect()
}

fn share(agreements: &[Agreement]) -> f64 {
    let square: f64 = agreements.iter().map(|one| one.square).sum();
    let product: f64 = agreements.iter().map(|one| one.product).sum();
    let usual = DOUBT * square / agreements.len().max(1) as f64;
    if square <= 0.0 {
        return EXPECTED;
    }
    ((product + EXPECTED * usual) / (square + usual)).clamp(0.0, 1.0)
}

/// All pairs but one, and that one.
pub(super) fn without<'a>(
    pairs: &[&'a PairColors],
    number: usize,
) -> (Vec<&'a PairColors>, Option<&'a PairColors>) {
    let mut others = pairs.to_vec();
    let own = (number < others.len()).then(|| others.remove(number));
    (others, own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predictions_that_go_twice_as_far_are_halved_as_pairs_accumulate() {
        let twice = |count: usize| -> Vec<Agreement> {
            (0..count)
                .map(|_| Agreement {
                    square: 4.0,
                    product: 2.0,
                    difference: 0.0,
                })
                .collect()
        };
        assert!(share(&twice(3)) < 0.7);
        assert!((share(&twice(300)) - 0.5).abs() < 0.01);
        assert_eq!(share(&[]), EXPECTED);
    }

    #[test]
    fn predictions_against_what_was_done_are_not_followed() {
        let against = Agreement {
            square: 1.0,
            product: -3.0,
            difference: 0.0,
        };
        assert_eq!(share(&[against]), 0.0);
    }
}
