//! The first segment is the strongest one that moves or shows a face, the last one is calm.

use crate::edit::moments::terms::{Amounts, PickFacts};
use crate::edit::moments::weights::MomentTerm;
use crate::time::Rational;

/// The opener decides whether people keep watching, so its quality and a peak on a beat count twice.
pub(super) fn opener(amounts: &mut Amounts, facts: &PickFacts) {
    let peak = if facts.peak_on_beat {
        MomentTerm::PeakOnBeat.weight()
    } else {
        0.0
    };
    amounts.add(MomentTerm::Opener, facts.worth + peak);
    amounts.add(MomentTerm::LivelyOpener, facts.moving);
    if facts.plain_still {
        amounts.add(MomentTerm::StillOpener, 1.0);
    }
}

/// The less motion in the last segment, the better.
pub(super) fn calm_end(amounts: &mut Amounts, facts: &PickFacts) {
    amounts.add(MomentTerm::CalmEnd, 1.0 - facts.moving);
}

/// The opener may come from anywhere in its source, so later segments of that source must not show it again.
pub(super) fn shows_opener_again(
    opener: (Rational, Rational),
    start: Rational,
    end: Rational,
) -> bool {
    start < opener.1 && end > opener.0
}
