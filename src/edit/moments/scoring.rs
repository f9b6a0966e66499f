//! The score of one pick, term by term.

use crate::edit::moments::opener::{calm_end, opener};
use crate::edit::moments::terms::{Amounts, Before, PickFacts};
use crate::edit::moments::weights::MomentTerm;

/// The contribution of each term to the score of a pick.
pub(super) fn amounts(facts: &PickFacts) -> Amounts {
    let mut amounts = Amounts::default();
    amounts.add(MomentTerm::Moment, facts.worth);
    if facts.peak_on_beat {
        amounts.add(MomentTerm::PeakOnBeat, 1.0);
    }
    amounts.add(MomentTerm::EnergyFits, facts.energy_fit);
    amounts.add(MomentTerm::Spoiled, facts.spoiled);
    amounts.add(MomentTerm::Moves, facts.wanted_motion);
    amounts.add(MomentTerm::ShownBefore, facts.shown_before);
    amounts.add(MomentTerm::ThirdLacks, facts.lacking_thirds as f64);
    amounts.add(MomentTerm::SameShotAgain, facts.shot_again);
    if facts.slot.is_first_of_many() {
        opener(&mut amounts, facts);
    } else if facts.slot.is_last() {
        calm_end(&mut amounts, facts);
    }
    amounts.add(MomentTerm::SourceUsed, facts.used.min(1.0));
    if facts.used == 0.0 {
        amounts.add(MomentTerm::NewSource, 1.0);
    }
    if facts.slot.number > 0 {
        order(&mut amounts, facts);
    }
    if let Some(before) = facts.before {
        after(&mut amounts, facts.still, before);
    }
    amounts
}

/// The terms for the order within a source and among photos. They do not apply to the opener.
fn order(amounts: &mut Amounts, facts: &PickFacts) {
    if let Some(turn) = facts.file_turn {
        let far = (turn - facts.slot.progress()).abs();
        amounts.add(MomentTerm::OutOfOrder, far);
    } else if facts.still {
        let far = (facts.turn - facts.slot.progress()).abs();
        amounts.add(MomentTerm::PhotoOutOfTurn, far);
    } else if let Some(progress) = facts.progress_in_source {
        let ahead = (progress - facts.slot.progress()) * facts.comes_again;
        if ahead > 0.0 {
            amounts.add(MomentTerm::SkipsAhead, ahead);
        } else {
            amounts.add(MomentTerm::LagsBehind, -ahead);
        }
    }
}

/// The terms for the segment before.
fn after(amounts: &mut Amounts, still: bool, before: Before) {
    if before.same_shot {
        amounts.add(MomentTerm::JumpCut, 1.0);
    }
    match (before.still, still) {
        (true, true) => amounts.add(MomentTerm::PhotoAfterPhoto, 1.0),
        (false, false) => amounts.add(MomentTerm::ClipAfterClip, 1.0),
        _ => {}
    }
}
