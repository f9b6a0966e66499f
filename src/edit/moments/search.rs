//! A beam search over the slots in order: after each slot only the best few partial films are kept.
//!
//! Three rules always hold. No source time is used twice. The pieces of a source keep their order, except for the
//! opener, which may come from anywhere. No source comes twice in a row while another one fits. Beyond that the score
//! of [`crate::edit::moments::terms`] decides. A slot that has to show something shows it.

use crate::edit::cut_choice::Slot;
use crate::edit::moments::opener::shows_opener_again;
use crate::edit::moments::placements::{Placement, placements};
use crate::edit::moments::scoring::amounts;
use crate::edit::moments::source_extents::{
    SourceExtent, comes_again, file_turns, photo_turns, source_extents,
};
use crate::edit::moments::terms::{Amounts, Before, PickFacts, SlotPosition};
use crate::edit::moments::thirds::{FilmThirds, KindsSeen};
use crate::edit::required_parts::RequiredShot;
use crate::edit::subclips::Subclip;
use crate::edit::{SourceOrder, Style};
use crate::time::Rational;

/// Partial films that are kept after each slot. The time of the search grows with it.
const BEAM: usize = 12;
/// Range of energy over all subclips (0..1) below which differences are noise.
const SAME_ENERGY: f64 = 0.1;
/// Seconds to spare in a source below which there is no choice of a start.
const NO_ROOM: f64 = 0.5;
/// Greatest amount that seed 0 adds to a score: enough to break ties, too little to change other choices.
const TIE: f64 = 1e-4;
/// Greatest amount that other seeds add: as much as good moments of one shoot differ by, less than a bad one lacks.
const VARIETY: f64 = 0.35;

/// The part of a subclip that fills a slot.
#[derive(Debug, Clone)]
pub(in crate::edit) struct Pick {
    /// The index of the subclip.
    pub subclip: usize,
    /// Exact seconds in the source.
    pub start: Rational,
    /// Exclusive.
    pub end: Rational,
    /// The beat on which the moment's peak falls: an index into [`Slot::inner`].
    pub peak_on: Option<usize>,
    /// How well its motion fits the music, 0..1.
    pub energy_fit: f64,
    /// Its motion relative to all subclips: 0 the least, 1 the most.
    pub moving: f64,
    /// The contribution of each term to its score.
    pub amounts: Amounts,
}

/// A request for the moments of a film.
#[derive(Clone, Copy)]
pub(in crate::edit) struct MomentRequest<'a> {
    pub subclips: &'a [Subclip],
    /// How many files there are.
    pub sources: usize,
    pub slots: &'a [Slot],
    pub style: &'a Style,
    /// Output frames a second.
    pub rate: Rational,
    pub seed: u64,
}

/// The input of the search, and values that do not change during it.
pub(in crate::edit) struct MomentSearch<'a> {
    subclips: &'a [Subclip],
    slots: &'a [Slot],
    style: &'a Style,
    rate: Rational,
    seed: u64,
    sources: Vec<SourceExtent>,
    /// The place of each source among those that can be shown, 0..1.
    file_turns: Vec<f64>,
    /// How often the film has room for each source, beyond once, 0..1.
    comes_again: f64,
    /// The motion of each subclip relative to all: 0 the least, 1 the most.
    moving: Vec<f64>,
    thirds: FilmThirds,
    /// The turn of each source's photo among all photos, 0..1.
    turns: Vec<f64>,
    clips: bool,
    /// How many photos there are.
    photos: usize,
}

/// A film up to some slot.
#[derive(Clone)]
struct BeamState {
    score: f64,
    picks: Vec<Pick>,
    last_source: Option<usize>,
    /// The earliest time at which the next piece of each source may begin.
    from: Vec<Option<Rational>>,
    /// Used seconds of each source.
    used: Vec<f64>,
    /// What was seen in each third of the film.
    seen: KindsSeen,
}

/// A way to continue a partial film.
struct BeamStep {
    score: f64,
    parent: usize,
    pick: Pick,
}

impl<'a> MomentSearch<'a> {
    /// Prepares a search.
    pub fn new(request: &MomentRequest<'a>) -> Self {
        let MomentRequest {
            subclips,
            sources,
            slots,
            style,
            rate,
            seed,
        } = *request;
        let extents = source_extents(subclips, sources);
        let photos = subclips.iter().filter(|subclip| subclip.still).count();
        let clips = subclips.iter().any(|subclip| !subclip.still);
        let spread = style.order == SourceOrder::Spread;
        Self {
            // Where the files keep their order, a third shows what there is at its place.
            thirds: FilmThirds::new(slots, photos > 0 && spread, clips),
            style,
            file_turns: file_turns(&extents),
            comes_again: comes_again(&extents, slots),
            photos,
            turns: photo_turns(subclips, sources),
            clips,
            subclips,
            slots,
            rate,
            seed,
            sources: extents,
            moving: relative_energies(subclips),
        }
    }

    /// A pick for each slot, or the number of the first slot into which nothing fits.
    pub fn run(&self) -> Result<Vec<Pick>, usize> {
        let mut beam = vec![BeamState {
            score: 0.0,
            picks: Vec::new(),
            last_source: None,
            from: vec![None; self.sources.len()],
            used: vec![0.0; self.sources.len()],
            seen: KindsSeen::default(),
        }];
        for (number, slot) in self.slots.iter().enumerate() {
            let fitting: Vec<(usize, Vec<Placement>)> = self
                .subclips
                .iter()
                .enumerate()
                .filter(|(_, subclip)| !subclip.required && slot.required.is_none())
                .filter_map(|(at, subclip)| Some((at, placements(subclip, slot, self.rate)?)))
                .collect();
            let mut next: Vec<BeamStep> = Vec::new();
            for (parent, state) in beam.iter().enumerate() {
                match &slot.required {
                    Some(shot) => next.extend(self.required_step(state, parent, number, shot)),
                    None => next.extend(self.steps(state, parent, number, &fitting)),
                }
            }
            if next.is_empty() {
                return Err(number);
            }
            next.sort_by(|a, b| {
                b.score
                    .total_cmp(&a.score)
                    .then(a.parent.cmp(&b.parent))
                    .then(a.pick.subclip.cmp(&b.pick.subclip))
                    .then(a.pick.start.cmp(&b.pick.start))
            });
            next.truncate(BEAM);
            beam = next
                .into_iter()
                .map(|step| self.after(&beam[step.parent], step.score, step.pick, number))
                .collect();
        }
        beam.into_iter().next().map(|state| state.picks).ok_or(0)
    }

    /// The ways to fill slot `number` after `state`: the best of each subclip. The source of the slot before is left
    /// out if another one fits.
    fn steps(
        &self,
        state: &BeamState,
        parent: usize,
        number: usize,
        fitting: &[(usize, Vec<Placement>)],
    ) -> Vec<BeamStep> {
        let mut steps: Vec<BeamStep> = fitting
            .iter()
            .filter_map(|(subclip, placements)| {
                let (score, pick) = self.best_of(state, number, *subclip, placements)?;
                Some(BeamStep {
                    score: state.score + score,
                    parent,
                    pick,
                })
            })
            .collect();
        let next = self.required_in(number + 1).map(|(source, _)| source);
        let changes = |step: &BeamStep| {
            let source = Some(self.subclips[step.pick.subclip].source);
            source != state.last_source && source != next
        };
        if steps.iter().any(changes) {
            steps.retain(changes);
        }
        steps
    }

    /// The only way to fill a slot that has to show something.
    fn required_step(
        &self,
        state: &BeamState,
        parent: usize,
        number: usize,
        shot: &RequiredShot,
    ) -> Option<BeamStep> {
        let length = self.slots.get(number)?.length(self.rate);
        let subclip = self.required_subclip(shot)?;
        Some(BeamStep {
            score: state.score,
            parent,
            pick: Pick {
                subclip,
                start: shot.start,
                end: shot.start + length,
                peak_on: None,
                energy_fit: 0.0,
                moving: self.moving.get(subclip).copied()?,
                amounts: Amounts::default(),
            },
        })
    }

    /// The number of the subclip that stands for a required part.
    fn required_subclip(&self, shot: &RequiredShot) -> Option<usize> {
        let numbers = self.subclips.iter().enumerate();
        let mut required = numbers.filter(|(_, subclip)| subclip.required);
        required.nth(shot.part).map(|(number, _)| number)
    }

    /// What slot `number` has to show: the source, and the second from which on.
    fn required_in(&self, number: usize) -> Option<(usize, Rational)> {
        let shot = self.slots.get(number)?.required.as_ref()?;
        let subclip = self.subclips.get(self.required_subclip(shot)?)?;
        Some((subclip.source, shot.start))
    }

    /// The second of `source` that a later slot has to show, before which what comes earlier ends.
    fn latest(&self, number: usize, source: usize) -> Option<Rational> {
        let later = number.max(1)..self.slots.len();
        later
            .filter_map(|slot| self.required_in(slot))
            .filter(|(other, _)| number > 0 && *other == source)
            .map(|(_, start)| start)
            .min()
    }

    fn after(&self, state: &BeamState, score: f64, pick: Pick, number: usize) -> BeamState {
        let mut state = state.clone();
        let source = self.subclips[pick.subclip].source;
        state.score = score;
        state.last_source = Some(source);
        state.used[source] += (pick.end - pick.start).seconds();
        if number > 0 {
            state.from[source] = Some(pick.end);
        }
        let still = self.subclips[pick.subclip].still;
        state.seen = self.thirds.after(state.seen, number, still);
        state.picks.push(pick);
        state
    }

    /// The best free piece of one subclip after `state`.
    fn best_of(
        &self,
        state: &BeamState,
        number: usize,
        subclip_number: usize,
        placements: &[Placement],
    ) -> Option<(f64, Pick)> {
        let subclip = &self.subclips[subclip_number];
        let slot = &self.slots[number];
        let length = slot.length(self.rate);
        if subclip.still && state.used[subclip.source] > 0.0 {
            return None;
        }
        let earliest = state.from[subclip.source].map_or(0, |from| subclip.step_from(from).max(0));
        let latest = self.latest(number, subclip.source);
        // Skipped material cannot come back, so the first free start is always tried.
        let first_free = (earliest > 0
            && subclip
                .last_start(length)
                .is_some_and(|last| earliest <= last))
        .then(|| Placement::new(subclip, earliest, length.seconds(), &slot.inner_beats()));
        let opener = state
            .picks
            .first()
            .filter(|opener| self.subclips[opener.subclip].source == subclip.source);
        placements
            .iter()
            .chain(first_free.iter())
            .filter(|placement| placement.step >= earliest)
            .filter_map(|placement| {
                let start = subclip.at(placement.step);
                let end = start + length;
                if latest.is_some_and(|latest| end > latest) {
                    return None;
                }
                if opener.is_some_and(|opener| {
                    shows_opener_again((opener.start, opener.end), start, end)
                }) {
                    return None;
                }
                let facts = self.facts(state, number, subclip_number, placement);
                let pick = Pick {
                    subclip: subclip_number,
                    start,
                    end,
                    peak_on: placement.peak_on,
                    energy_fit: facts.energy_fit,
                    moving: facts.moving,
                    amounts: amounts(&facts),
                };
                let lot = lot(
                    self.seed,
                    [number as u64, subclip_number as u64, placement.step as u64],
                );
                let play = if self.seed == 0 { TIE } else { VARIETY };
                Some((pick.amounts.total() + play * lot, pick))
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.start.cmp(&a.1.start)))
    }

    /// Thirds that end with slot `number` without having shown both kinds, and those that will because it takes a photo
    /// that they need.
    fn lacking_thirds(&self, state: &BeamState, number: usize, still: bool) -> usize {
        let lacking = self.thirds.lacking(state.seen, number, still);
        if !still {
            return lacking;
        }
        let is_still = |pick: &&Pick| self.subclips.get(pick.subclip).is_some_and(|it| it.still);
        let left = self
            .photos
            .saturating_sub(state.picks.iter().filter(is_still).count());
        let seen = self.thirds.after(state.seen, number, still);
        let short = self.thirds.waiting(state.seen, number).saturating_sub(left);
        let shorter = self
            .thirds
            .waiting(seen, number + 1)
            .saturating_sub(left.saturating_sub(1));
        lacking + shorter.saturating_sub(short)
    }

    fn facts(
        &self,
        state: &BeamState,
        number: usize,
        subclip_number: usize,
        placement: &Placement,
    ) -> PickFacts {
        let subclip = &self.subclips[subclip_number];
        let source = subclip.source;
        let extent = self.sources[source];
        let length = self.slots[number].length(self.rate).seconds();
        let room = extent.last - extent.first - length;
        let start = subclip.at(placement.step).seconds();
        let same_shot = |pick: &Pick| {
            let shown = &self.subclips[pick.subclip];
            shown.source == source && shown.shot == subclip.shot
        };
        let shown = state.picks.iter().filter(|pick| same_shot(pick)).count();
        PickFacts {
            slot: SlotPosition {
                number,
                count: self.slots.len(),
            },
            worth: placement.worth,
            peak_on_beat: placement.peak_on.is_some(),
            energy_fit: 1.0 - (self.moving[subclip_number] - self.slots[number].energy).abs(),
            moving: self.moving[subclip_number],
            still: subclip.still,
            used: state.used[source] / extent.capacity.max(1e-9),
            turn: self.turns.get(source).copied().unwrap_or(0.5),
            spoiled: subclip.spoiled_share(start, start + length),
            wanted_motion: self.style.motion * self.moving[subclip_number],
            file_turn: (self.style.order == SourceOrder::Files)
                .then(|| self.file_turns.get(source).copied().unwrap_or(0.5)),
            shown_before: subclip.shown_weight * subclip.shown_share(start, start + length),
            plain_still: subclip.still && !subclip.faces && self.clips,
            shot_again: (1.0 - self.style.motion).clamp(0.0, 1.0) * shown.saturating_sub(1) as f64,
            lacking_thirds: self.lacking_thirds(state, number, subclip.still),
            progress_in_source: (room > NO_ROOM).then(|| (start - extent.first) / room),
            comes_again: self.comes_again,
            before: state.picks.last().map(|before| Before {
                still: self.subclips[before.subclip].still,
                same_shot: same_shot(before),
            }),
        }
    }
}

/// The motion of each subclip relative to all, 0 the least .. 1 the most; 0.5 if they all move alike.
fn relative_energies(subclips: &[Subclip]) -> Vec<f64> {
    let energies = || subclips.iter().map(|subclip| subclip.energy);
    let least = energies().fold(1.0, f64::min);
    let range = energies().fold(0.0, f64::max) - least;
    energies()
        .map(|energy| {
            if range < SAME_ENERGY {
                0.5
            } else {
                (energy - least) / range
            }
        })
        .collect()
}

/// A pseudorandom number, 0..1, from the seed and the parts (the finalizer of splitmix64).
fn lot(seed: u64, parts: [u64; 3]) -> f64 {
    let mut mixed = seed;
    for part in parts {
        mixed = mixed.wrapping_add(part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
    }
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}
