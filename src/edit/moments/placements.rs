//! Where in a subclip a slot may start: at its moments, with their peaks on beats, and at evenly spread frames.

use crate::edit::cut_choice::Slot;
use crate::edit::moments::weights::MomentTerm;
use crate::edit::subclips::Subclip;
use crate::time::Rational;

/// Placements of a subclip that are kept for each slot. The cost of the search grows with it.
const KEPT: usize = 8;
/// Evenly spread starts that are tried beside those that a moment asks for.
const SPREAD: i64 = 12;
/// A peak is on a beat up to this many frames of the source away from it: the eye forgives half a frame and a little
/// more.
const FRAMES_OFF: f64 = 0.6;
/// Placements that are kept are this part of the slot (a third) apart, so that they are not all of the same moment.
const APART: f64 = 3.0;

/// A start in a subclip, judged before it is known what comes before it in the film.
pub(super) struct Placement {
    /// The number of the start ([`Subclip::at`]).
    pub step: i64,
    /// How good what is shown is, 0..1.
    pub worth: f64,
    /// The beat inside the slot that the moment's peak falls on: its number among [`Slot::inner`].
    pub peak_on: Option<usize>,
}

impl Placement {
    /// Judges start number `step` of `subclip` for `slot`, which lasts `seconds`.
    pub fn new(subclip: &Subclip, step: i64, seconds: f64, beats: &[f64]) -> Self {
        let start = subclip.at(step).seconds();
        let close = subclip.frame.seconds() * FRAMES_OFF;
        let peak_on = subclip
            .moment_in(start, start + seconds)
            .and_then(|moment| moment.peak)
            .and_then(|peak| {
                beats
                    .iter()
                    .position(|beat| (start + beat - peak).abs() <= close)
            });
        Self {
            step,
            worth: subclip.worth(start, start + seconds),
            peak_on,
        }
    }

    /// What placements of one subclip are compared by.
    fn rank(&self) -> f64 {
        if self.peak_on.is_some() {
            self.worth + MomentTerm::PeakOnBeat.weight()
        } else {
            self.worth
        }
    }
}

/// The placements of `slot` in `subclip`, best first; `None` where the slot is too long for it.
pub(super) fn placements(subclip: &Subclip, slot: &Slot, rate: Rational) -> Option<Vec<Placement>> {
    let length = slot.length(rate);
    let seconds = length.seconds();
    let beats = slot.inner_beats();
    let last = subclip.last_start(length)?;
    let mut all: Vec<Placement> = starts(subclip, last, seconds, &beats)
        .into_iter()
        .map(|step| Placement::new(subclip, step, seconds, &beats))
        .collect();
    all.sort_by(|a, b| b.rank().total_cmp(&a.rank()).then(a.step.cmp(&b.step)));
    let apart = (seconds / APART / subclip.frame.seconds()) as i64;
    let mut kept: Vec<Placement> = Vec::new();
    for placement in all {
        if kept.len() == KEPT {
            break;
        }
        let near = |other: &Placement| (other.step - placement.step).abs() <= apart;
        if !kept.iter().any(near) {
            kept.push(placement);
        }
    }
    Some(kept)
}

/// The starts that are tried: evenly spread ones, and those that begin, end or center a moment or put its peak on a
/// beat.
fn starts(subclip: &Subclip, last: i64, seconds: f64, beats: &[f64]) -> Vec<i64> {
    let mut starts: Vec<i64> = (0..=SPREAD)
        .map(|part| last.saturating_mul(part) / SPREAD)
        .collect();
    for moment in &subclip.moments {
        starts.push(subclip.nearest_step(moment.start));
        starts.push(subclip.nearest_step(moment.end - seconds));
        starts.push(subclip.nearest_step((moment.start + moment.end - seconds) / 2.0));
        if let Some(peak) = moment.peak {
            starts.extend(beats.iter().map(|beat| subclip.nearest_step(peak - beat)));
        }
    }
    starts.retain(|step| (0..=last).contains(step));
    starts.sort_unstable();
    starts.dedup();
    starts
}
