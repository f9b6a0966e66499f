//! What a pick is scored by, and what each term adds.

use crate::edit::moments::weights::MomentTerm;

/// What each term adds to a pick's score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::edit) struct Amounts([f64; MomentTerm::ALL.len()]);

impl Amounts {
    /// Adds `value` times the term's weight.
    pub fn add(&mut self, term: MomentTerm, value: f64) {
        self.0[term as usize] += term.weight() * value;
    }

    /// What `term` adds.
    pub fn of(&self, term: MomentTerm) -> f64 {
        self.0[term as usize]
    }

    /// The pick's score.
    pub fn total(&self) -> f64 {
        self.0.iter().sum()
    }
}

/// Where in the film a slot is.
#[derive(Debug, Clone, Copy)]
pub(super) struct SlotPosition {
    /// From 0.
    pub number: usize,
    /// Slots of the film.
    pub count: usize,
}

impl SlotPosition {
    /// 0 at the beginning of the film, towards 1 at its end.
    pub fn progress(self) -> f64 {
        self.number as f64 / self.count as f64
    }

    pub fn is_first_of_many(self) -> bool {
        self.number == 0 && self.count > 1
    }

    pub fn is_last(self) -> bool {
        self.number + 1 == self.count
    }
}

/// What the segment before shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before {
    /// It is a photo.
    pub still: bool,
    /// It is of the same shot.
    pub same_shot: bool,
}

/// Everything that a pick is scored by.
#[derive(Debug, Clone, Copy)]
pub(super) struct PickFacts {
    pub slot: SlotPosition,
    /// How good the moment is, 0..1.
    pub worth: f64,
    /// The moment's peak falls on a beat.
    pub peak_on_beat: bool,
    /// How well its movement fits the music, 0..1.
    pub energy_fit: f64,
    /// How much moves in it, 0 least .. 1 most of all subclips.
    pub moving: f64,
    /// It is a photo.
    pub still: bool,
    /// The share of its source that is used, 0..1.
    pub used: f64,
    /// The number of its source, 0 the first .. 1 the last.
    pub turn: f64,
    /// Where it starts between its source's first and last possible start, 0..1; `None` without room to choose.
    pub progress_in_source: Option<f64>,
    /// `None` at the beginning of the film.
    pub before: Option<Before>,
}
