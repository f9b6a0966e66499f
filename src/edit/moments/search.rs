//! Which stretch of which source fills each slot: a beam search over the slots in order.
//!
//! Three things always hold: no source time is used twice, a source's stretches come in their own order (but for the
//! opener, which is taken from anywhere), and no source comes twice in a row while another one fits. What is better or
//! worse beyond that is a sum of named terms, which become the reasons.

use crate::edit::cut_choice::Slot;
use crate::edit::subclips::Subclip;
use crate::time::Rational;

/// States that are kept after each slot.
const BEAM: usize = 12;
/// Stretches of a take that are looked at for each slot.
const PER_TAKE: usize = 8;
/// Evenly spaced starts that are tried beside those that a moment asks for.
const SPREAD: i64 = 12;

/// A chosen stretch.
#[derive(Debug, Clone)]
pub(in crate::edit) struct Pick {
    /// Place in the takes.
    pub take: usize,
    /// Exact seconds in the source.
    pub start: Rational,
    /// Exclusive.
    pub end: Rational,
    /// The inner beat that the moment's peak falls on: number in the slot's inner places.
    pub peak_on: Option<usize>,
    /// What it is worth, 0..1.
    pub worth: f64,
    /// How well its movement fits the music, 0..1.
    pub energy_fit: f64,
}

/// The search: what it works on, and what is known of it beforehand.
pub(in crate::edit) struct MomentSearch<'a> {
    takes: &'a [Subclip],
    slots: &'a [Slot],
    rate: Rational,
    seed: u64,
    /// Seconds that each source holds.
    capacity: Vec<f64>,
    /// From where to where each source holds something, in seconds.
    span: Vec<(f64, f64)>,
    /// How much moves in each take, 0 least .. 1 most of all takes.
    moving: Vec<f64>,
}

#[derive(Clone)]
struct State {
    score: f64,
    picks: Vec<Pick>,
    last: Option<usize>,
    /// A source's next stretch begins here or later.
    from: Vec<Option<Rational>>,
    /// Seconds of a source that are used.
    used: Vec<f64>,
}

/// A stretch that fits a slot, before it is known what was chosen before it.
struct Fit {
    step: i64,
    worth: f64,
    peak_on: Option<usize>,
}

impl<'a> MomentSearch<'a> {
    /// Prepares a search over `takes` of `sources` files.
    pub fn new(
        takes: &'a [Subclip],
        sources: usize,
        slots: &'a [Slot],
        rate: Rational,
        seed: u64,
    ) -> Self {
        let mut capacity = vec![0.0; sources];
        let mut span = vec![(f64::INFINITY, 0.0_f64); sources];
        for take in takes {
            capacity[take.source] += take.length();
            let (first, last) = &mut span[take.source];
            *first = first.min(take.start.seconds());
            *last = last.max(take.end.seconds());
        }
        let least = takes.iter().map(|take| take.energy).fold(1.0, f64::min);
        let most = takes.iter().map(|take| take.energy).fold(0.0, f64::max);
        let range = most - least;
        let moving = takes
            .iter()
            .map(|take| {
                if range < 0.1 {
                    0.5
                } else {
                    (take.energy - least) / range
                }
            })
            .collect();
        Self {
            takes,
            slots,
            rate,
            seed,
            capacity,
            span,
            moving,
        }
    }

    /// A pick for each slot; `Err` with the number of the first slot that nothing fits into.
    pub fn run(&self) -> Result<Vec<Pick>, usize> {
        let mut beam = vec![State {
            score: 0.0,
            picks: Vec::new(),
            last: None,
            from: vec![None; self.capacity.len()],
            used: vec![0.0; self.capacity.len()],
        }];
        for (number, slot) in self.slots.iter().enumerate() {
            let fitting = self.fitting(slot);
            let mut next: Vec<(f64, usize, Pick)> = Vec::new();
            for (parent, state) in beam.iter().enumerate() {
                let mut found: Vec<(f64, Pick)> = fitting
                    .iter()
                    .filter_map(|(take, fits)| self.best_of(state, number, *take, fits))
                    .collect();
                let source = |pick: &Pick| Some(self.takes[pick.take].source);
                if found.iter().any(|(_, pick)| source(pick) != state.last) {
                    found.retain(|(_, pick)| source(pick) != state.last);
                }
                next.extend(
                    found
                        .into_iter()
                        .map(|(score, pick)| (state.score + score, parent, pick)),
                );
            }
            if next.is_empty() {
                return Err(number);
            }
            next.sort_by(|a, b| {
                b.0.total_cmp(&a.0)
                    .then(a.1.cmp(&b.1))
                    .then(a.2.take.cmp(&b.2.take))
                    .then(a.2.start.cmp(&b.2.start))
            });
            next.truncate(BEAM);
            beam = next
                .into_iter()
                .map(|(score, parent, pick)| self.after(&beam[parent], score, pick, number))
                .collect();
        }
        beam.into_iter().next().map(|state| state.picks).ok_or(0)
    }

    fn after(&self, state: &State, score: f64, pick: Pick, number: usize) -> State {
        let mut state = state.clone();
        let source = self.takes[pick.take].source;
        state.score = score;
        state.last = Some(source);
        state.used[source] += (pick.end - pick.start).seconds();
        if number > 0 {
            state.from[source] = Some(pick.end);
        }
        state.picks.push(pick);
        state
    }

    /// The stretches of each take that fit a slot, best first, spaced apart.
    fn fitting(&self, slot: &Slot) -> Vec<(usize, Vec<Fit>)> {
        let length = slot.length(self.rate);
        let seconds = length.seconds();
        let beats = slot.inner_beats();
        let mut fitting = Vec::new();
        for (number, take) in self.takes.iter().enumerate() {
            let Some(last) = take.last_start(length) else {
                continue;
            };
            let mut steps: Vec<i64> = (0..=SPREAD)
                .map(|part| last.saturating_mul(part) / SPREAD)
                .collect();
            for moment in &take.moments {
                steps.push(take.nearest_step(moment.start));
                steps.push(take.nearest_step(moment.end - seconds));
                steps.push(take.nearest_step((moment.start + moment.end - seconds) / 2.0));
                if let Some(peak) = moment.peak {
                    steps.extend(beats.iter().map(|beat| take.nearest_step(peak - beat)));
                }
            }
            steps.retain(|step| (0..=last).contains(step));
            steps.sort_unstable();
            steps.dedup();
            let mut fits: Vec<Fit> = steps
                .into_iter()
                .map(|step| self.fit(number, step, seconds, &beats))
                .collect();
            fits.sort_by(|a, b| b.worth.total_cmp(&a.worth).then(a.step.cmp(&b.step)));
            let apart = (seconds / 3.0 / take.frame.seconds()) as i64;
            let mut kept: Vec<Fit> = Vec::new();
            for fit in fits {
                if kept.len() == PER_TAKE {
                    break;
                }
                if kept
                    .iter()
                    .all(|other| (other.step - fit.step).abs() > apart)
                {
                    kept.push(fit);
                }
            }
            fitting.push((number, kept));
        }
        fitting
    }

    fn fit(&self, number: usize, step: i64, seconds: f64, beats: &[f64]) -> Fit {
        let take = &self.takes[number];
        let start = take.at(step).seconds();
        let mut worth = take.worth(start, start + seconds);
        // The eye forgives half a frame of the source and a little more.
        let close = take.frame.seconds() * 0.6;
        let peak_on = take
            .moment_in(start, start + seconds)
            .and_then(|moment| moment.peak)
            .and_then(|peak| {
                beats
                    .iter()
                    .position(|beat| (start + beat - peak).abs() <= close)
            });
        if peak_on.is_some() {
            worth += 0.12;
        }
        Fit {
            step,
            worth,
            peak_on,
        }
    }

    /// The best stretch of one take after `state`, if any is free.
    fn best_of(
        &self,
        state: &State,
        number: usize,
        take_number: usize,
        fits: &[Fit],
    ) -> Option<(f64, Pick)> {
        let take = &self.takes[take_number];
        let slot = &self.slots[number];
        let length = slot.length(self.rate);
        if take.still && state.used[take.source] > 0.0 {
            return None;
        }
        let earliest = state.from[take.source].map_or(0, |from| take.step_from(from).max(0));
        // What was skipped cannot come back, so the first start that is still free is always looked at.
        let first_free = (earliest > 0
            && take.last_start(length).is_some_and(|last| earliest <= last))
        .then(|| self.fit(take_number, earliest, length.seconds(), &slot.inner_beats()));
        let opener = state
            .picks
            .first()
            .filter(|opener| self.takes[opener.take].source == take.source);
        fits.iter()
            .chain(first_free.iter())
            .filter(|fit| fit.step >= earliest)
            .filter_map(|fit| {
                let start = take.at(fit.step);
                let end = start + length;
                if opener.is_some_and(|opener| start < opener.end && end > opener.start) {
                    return None;
                }
                let pick = Pick {
                    take: take_number,
                    start,
                    end,
                    peak_on: fit.peak_on,
                    worth: fit.worth.min(1.0),
                    energy_fit: 1.0 - (self.moving[take_number] - slot.energy).abs(),
                };
                Some((self.score(state, number, fit, &pick), pick))
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.start.cmp(&a.1.start)))
    }

    fn score(&self, state: &State, number: usize, fit: &Fit, pick: &Pick) -> f64 {
        let take = &self.takes[pick.take];
        let source = take.source;
        let moving = self.moving[pick.take];
        let mut score = fit.worth + 0.25 * pick.energy_fit;
        if number == 0 && self.slots.len() > 1 {
            // The opener decides whether people stay.
            score += 1.5 * fit.worth + 0.2 * moving;
        } else if number + 1 == self.slots.len() {
            score += 0.4 * (1.0 - moving);
        }
        // Every source has its turn, and each in proportion to what it holds.
        let share = state.used[source] / self.capacity[source].max(1e-9);
        score -= 0.6 * share.min(1.0);
        if state.used[source] == 0.0 {
            score += 0.3;
        }
        // A source's own time runs along with the film's. Skipping ahead costs more than lagging behind: what is
        // skipped is lost.
        let (first, last) = self.span[source];
        let room = last - first - (pick.end - pick.start).seconds();
        if !take.still && number > 0 && room > 0.5 {
            let progress = number as f64 / self.slots.len() as f64;
            let ahead = (pick.start.seconds() - first) / room - progress;
            score -= if ahead > 0.0 {
                0.8 * ahead
            } else {
                -0.3 * ahead
            };
        }
        if take.still && number > 0 {
            // Photos come about in the order they were given.
            let progress = number as f64 / self.slots.len() as f64;
            let position = source as f64 / (self.capacity.len().max(2) - 1) as f64;
            score -= 0.25 * (position - progress).abs();
        }
        if let Some(before) = state.picks.last() {
            let earlier = &self.takes[before.take];
            if earlier.source == source && earlier.shot == take.shot {
                // The same shot again is a jump cut.
                score -= 0.5;
            }
            // Photos and clips mixed; two clips follow one another better than two photos.
            if earlier.still && take.still {
                score -= 0.4;
            } else if !earlier.still && !take.still {
                score -= 0.1;
            }
        }
        score
            + 1e-4
                * jitter(
                    self.seed,
                    [number as u64, pick.take as u64, fit.step as u64],
                )
    }
}

/// A number from 0 to 1 that depends on all of them (the finalizer of splitmix64).
fn jitter(seed: u64, parts: [u64; 3]) -> f64 {
    let mut mixed = seed;
    for part in parts {
        mixed = mixed.wrapping_add(part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
    }
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}
