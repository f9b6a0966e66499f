//! Where in a subclip a slot may start: at its moments, with their peaks on beats, and at evenly spread frames.

use crate::edit::cut_choice::Slot;
use crate::edit::moments::weights::MomentTerm;
use crate::edit::subclips::Subclip;
use crate::time::Rational;

/// Placements of a subclip that are kept for each slot. The time of the search grows with it.
const KEPT: usize = 8;
/// Evenly spread starts that are tried in addition to those that moments suggest.
const SPREAD: i64 = 12;
/// Frames of the source between a peak and a beat up to which it is on the beat: half a frame is rounding.
const FRAMES_OFF: f64 = 0.6;
/// Kept placements are at least one part in this many (a third) of the slot apart, so that they show different moments.
const APART: f64 = 3.0;

/// A start in a subclip, judged without its context in the film.
pub(super) struct Placement {
    /// The step of the start ([`Subclip::at`]).
    pub step: i64,
    /// The quality of what is shown, 0..1.
    pub worth: f64,
    /// The beat inside the slot on which the moment's peak falls: an index into [`Slot::inner`].
    pub peak_on: Option<usize>,
}

impl Placement {
    /// Judges the start `step` of `subclip` for a slot of `seconds` with `beats` inside.
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

    /// The value by which placements of one subclip are compared.
    fn rank(&self) -> f64 {
        if self.peak_on.is_some() {
            self.worth + MomentTerm::PeakOnBeat.weight()
        } else {
            self.worth
        }
    }
}

/// The placements of `slot` in `subclip`, best first; `None` if the slot is longer than the subclip.
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

/// The starts to try: evenly spread ones, and those that begin, end or center a moment or put its peak on a beat.
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
